package input

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// An Error says what in an input cannot be read, and where.
type Error struct {
	Line   int    // 1 for the first; 0 when the place is the whole input
	Path   string // of the key, such as fetches[0].request.url; empty for the whole input
	Value  string // as JSON or text, cut short; empty when no single value is at fault
	Reason string
}

// Error is one line: the line number, the path, the value and the reason, as far as they are known.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	if e.Value != "" {
		b.WriteString(e.Value + ": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// maxShown is how many bytes of a value an error shows.
const maxShown = 80

// shorten cuts a long text at a character, with an ellipsis in the place of the rest.
func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}
