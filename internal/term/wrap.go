package term

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Wrap breaks a text at spaces into lines that are at most width columns wide. A word that is wider is broken inside,
// unless it is a URL or a path, which would be of no use in parts. Line breaks in the text stay.
func Wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapLine(paragraph, max(width, 1))...)
	}
	return lines
}

// Break breaks a text of one line as [Wrap] does, and breaks URLs too: nothing is wider than width, unless that is a single
// character. A word that is wider is broken after a hyphen, a slash or the like where there is one in the second half of a
// line, and begins on the line before if half of that is free. There is at least one line.
func Break(text string, width int) []string {
	width = max(width, 1)
	if columns(text) <= width {
		return []string{text}
	}
	var lines []string
	line, used := "", 0
	for word := range strings.SplitSeq(text, " ") {
		n := columns(word)
		switch room := width - used - 1; {
		case word == "":
			continue
		case used > 0 && n <= room:
			line, used = line+" "+word, used+1+n
			continue
		case used > 0 && n > width && room >= max(width/2, 2):
			head, rest := cutAtPart(word, room)
			lines, word = append(lines, line+" "+head), rest
		case used > 0:
			lines = append(lines, line)
		}
		head, rest := cutAtPart(word, width)
		for rest != "" {
			lines = append(lines, head)
			head, rest = cutAtPart(rest, width)
		}
		line, used = head, columns(head)
	}
	return append(lines, line)
}

// Columns is how many columns a text takes.
func Columns(text string) int { return columns(text) }

// Cut shortens a text that is wider than width, and puts end in the place of what it took away. A width that end does not
// fit into leaves end alone.
func Cut(text string, width int, end string) string {
	if columns(text) <= width {
		return text
	}
	room := width - columns(end)
	if room <= 0 {
		return end
	}
	head, _ := cut(text, room)
	return head + end
}

func wrapLine(text string, width int) []string {
	if columns(text) <= width {
		return []string{text}
	}
	var (
		lines []string
		line  strings.Builder
		used  int
	)
	flush := func() {
		if used > 0 {
			lines = append(lines, line.String())
		}
		line.Reset()
		used = 0
	}
	for word := range strings.SplitSeq(text, " ") {
		if word == "" {
			continue
		}
		n := columns(word)
		if used > 0 && used+1+n > width {
			flush()
		}
		if n > width && !strings.Contains(word, "://") {
			head, rest := cut(word, width)
			for rest != "" {
				lines = append(lines, head)
				head, rest = cut(rest, width)
			}
			word, n = head, columns(head)
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += n
	}
	flush()
	return lines
}

// cut splits a word so that the first part is as wide as it can be, with at least one character in it.
func cut(word string, width int) (head, rest string) {
	end := 0
	for i := range word {
		if end > 0 && columns(word[:i]) > width {
			return word[:end], word[end:]
		}
		end = i
	}
	if end > 0 && columns(word) > width {
		return word[:end], word[end:]
	}
	return word, ""
}

// cutAtPart splits as [cut] does, or earlier, after the last character that ends a part of a URL or of a name.
func cutAtPart(word string, width int) (head, rest string) {
	head, rest = cut(word, width)
	if rest == "" {
		return head, rest
	}
	if end := strings.LastIndexAny(head, "-/,;&?=") + 1; end > len(head)/2 {
		return word[:end], word[end:]
	}
	return head, rest
}

func columns(s string) int {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return lipgloss.Width(s)
		}
	}
	return len(s)
}
