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

// cut splits a word where it reaches the width, after at least one character.
func cut(word string, width int) (head, rest string) {
	for i := range word {
		if i > 0 && columns(word[:i]) >= width {
			return word[:i], word[i:]
		}
	}
	return word, ""
}

// Columns is how many columns a text takes.
func Columns(text string) int { return columns(text) }

func columns(s string) int {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return lipgloss.Width(s)
		}
	}
	return len(s)
}
