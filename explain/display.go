package explain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/concors/concors/cors/fetch"
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

// escape makes a text safe to print: what would control a terminal, or change the order of what is around it, or could
// not be seen, is shown by its number.
func escape(s string) string {
	if strings.IndexFunc(s, unsafeToPrint) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !unsafeToPrint(c):
			b.WriteString(s[i : i+size])
		case c <= 0xFF:
			fmt.Fprintf(&b, `\x%02x`, c)
		case c <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			fmt.Fprintf(&b, `\U%08x`, c)
		}
		i += size
	}
	return b.String()
}

// unsafeToPrint reports whether a character is anything but a visible one or a plain space.
func unsafeToPrint(c rune) bool {
	return c != ' ' && !unicode.IsGraphic(c) || c != ' ' && unicode.IsSpace(c)
}
