package term

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes a text safe to print: what would control a terminal, or change the order of what is around it, or could
// not be seen, is shown by its number.
func Escape(s string) string {
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
