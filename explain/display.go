package explain

import (
	"strings"
	"unicode/utf8"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/internal/term"
)

// latin1 decodes bytes from the wire, each to the character of the same number.
func latin1(value string) string {
	ascii := true
	for i := range len(value) {
		ascii = ascii && value[i] < utf8.RuneSelf
	}
	if ascii {
		return value
	}
	var b strings.Builder
	b.Grow(len(value) + len(value)/2)
	for i := range len(value) {
		b.WriteRune(rune(value[i]))
	}
	return b.String()
}

// got is the value that decided a failure, as text: a header's value is bytes, anything else a script's or a page's text.
func got(f *fetch.Failure) string { return asText(f, f.Got) }

func want(f *fetch.Failure) string { return asText(f, f.Want) }

func asText(f *fetch.Failure, value string) string {
	if f.Header == "" && value == " " {
		return "" // what input makes of an option that a script gave as the empty string
	}
	if f.Header == "" || f.Header == "Content-Security-Policy" {
		return strings.ToValidUTF8(value, "\uFFFD")
	}
	return latin1(value)
}

// stepText is a value that a step compared, as text: what the Request constructor looks at comes from a script, anything
// else is bytes.
func stepText(s *fetch.Step, value string) string {
	if s.Algorithm == "dom-request" {
		return strings.ToValidUTF8(value, "\uFFFD")
	}
	return latin1(value)
}

// longest is how many characters of a value a sentence shows.
const longest = 200

// quoted is a text inside a sentence: escaped, quoted, and cut short.
func quoted(s string) string { return `"` + short(s) + `"` }

func short(s string) string {
	n := 0
	for i := range s {
		if n++; n > longest {
			return escape(s[:i]) + "..."
		}
	}
	return escape(s)
}

// escape makes a text safe to print.
func escape(s string) string { return term.Escape(s) }
