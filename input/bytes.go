package input

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/header"
)

// latin1 returns the bytes that a header value of a scenario stands for: one for each of U+0000 to U+00FF. Beyond reports
// the first character that is none of them, and the bytes then hold NUL in its place.
func latin1(s string) (value string, beyond rune) {
	var b strings.Builder
	b.Grow(len(s))
	for _, c := range s {
		if c > 0xFF {
			if beyond == 0 {
				beyond = c
			}
			c = 0
		}
		b.WriteByte(byte(c))
	}
	return b.String(), beyond
}

// scriptValue returns a header value that a script passed. A character beyond U+00FF makes fetch throw, just as NUL does,
// so NUL stands for it: the outcome is the model's.
//
// https://webidl.spec.whatwg.org/#es-ByteString
func scriptValue(s string) string {
	value, _ := latin1(s)
	return value
}

// responseValue returns the header value that characters stand for, which came over the wire.
func responseValue(s string) (value, reason string) {
	value, beyond := latin1(s)
	if beyond != 0 {
		return "", fmt.Sprintf("%U is not a byte; each of U+0000 to U+00FF stands for one", beyond)
	}
	return wireValue(value)
}

// wireValue returns the bytes of a header value that came over the wire: without the whitespace around it, which is no
// part of it, and with none of the three bytes that cannot be in it.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-5.5
func wireValue(value string) (_, reason string) {
	value = strings.Trim(value, " \t")
	if i := strings.IndexAny(value, "\x00\r\n"); i >= 0 {
		return "", fmt.Sprintf("a header value cannot hold %s", map[byte]string{0: "NUL", '\r': "CR", '\n': "LF"}[value[i]])
	}
	return value, ""
}

// responseName checks a field name that came over the wire.
func responseName(s string) (reason string) {
	switch {
	case s == "":
		return "a header name cannot be empty"
	case !header.IsToken(s):
		return "a header name is letters, digits and !#$%&'*+-.^_`|~ only"
	}
	return ""
}

// given is an option that a script passed. The model takes the empty string for an option that was not given, but a
// script that passes one makes fetch throw, as any unknown value does: a space stands for it.
func given(s string) string {
	if s == "" {
		return " "
	}
	return s
}
