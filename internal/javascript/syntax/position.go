package syntax

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Lines finds lines and columns in a text. The zero value is an empty text.
type Lines struct {
	text   string
	starts []int
}

// NewLines reads where the lines of a text start.
func NewLines(text string) *Lines {
	l := &Lines{text: text, starts: []int{0}}
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return l
		}
		at += i + 1
		l.starts = append(l.starts, at)
	}
}

// Position returns the line and the column of an offset, both from 1, the column in characters. An offset behind the text
// is its end.
func (l *Lines) Position(offset int) (line, column int) {
	offset = max(min(offset, len(l.text)), 0)
	i, exact := slices.BinarySearch(l.starts, offset)
	if !exact {
		i--
	}
	if i < 0 {
		return 1, 1
	}
	return i + 1, 1 + utf8.RuneCountInString(l.text[l.starts[i]:offset])
}
