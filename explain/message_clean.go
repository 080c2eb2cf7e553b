package explain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean is a text in which quotes are straight and runs of white space are one character: a line break where there was
// one, or else a space. It knows where each of its bytes comes from.
type clean struct {
	text string
	from string // the text as it was, in UTF-8
	at   []int  // for each byte of text, where its character stands in from
}

func newClean(s string) *clean {
	c := &clean{from: strings.ToValidUTF8(s, "\uFFFD")}
	var b strings.Builder
	b.Grow(len(c.from))
	c.at = make([]int, 0, len(c.from))
	space, at := ' ', -1 // the run of white space that is not written yet
	for i, r := range c.from {
		switch {
		case isZeroWidth(r), r == '\\' && i+1 < len(c.from) && strings.IndexByte(`'"`, c.from[i+1]) >= 0:
			continue
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if at < 0 {
				space, at = ' ', i
			}
			if r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' {
				space = '\n'
			}
			continue
		}
		if at >= 0 && b.Len() > 0 {
			b.WriteRune(space)
			c.at = append(c.at, at)
		}
		at = -1
		for range utf8.RuneLen(straight(r)) {
			c.at = append(c.at, i)
		}
		b.WriteRune(straight(r))
	}
	c.text = b.String()
	return c
}

// original is a part of the text as it was written, without the white space around it; line breaks become spaces.
func (c *clean) original(start, end int) string {
	if start >= end {
		return ""
	}
	last := c.at[end-1]
	_, size := utf8.DecodeRuneInString(c.from[last:])
	return strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(c.from[c.at[start] : last+size]))
}

// straight is the ASCII form of a quotation mark; any other character is itself.
func straight(r rune) rune {
	switch r {
	case '‘', '’', '‚', '‛', '′', '`', '´':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»':
		return '"'
	}
	return r
}

func isZeroWidth(r rune) bool {
	switch r {
	case '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', '\u00AD':
		return true
	}
	return false
}
