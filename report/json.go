package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
)

// WriteJSON writes one JSON value, indented. Characters that could control a terminal are escaped.
func WriteJSON(w io.Writer, value any) error { return writeJSON(w, value, "  ") }

// WriteJSONLine writes one JSON value on a line, for a list that has no end. Characters are escaped as by [WriteJSON].
func WriteJSONLine(w io.Writer, value any) error { return writeJSON(w, value, "") }

func writeJSON(w io.Writer, value any, indent string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

// escapeJSON escapes what cannot be seen but is legal in a JSON string: controls beyond ASCII, and characters that change
// the order of the text around them.
func escapeJSON(data []byte) []byte {
	if bytes.IndexFunc(data, invisible) < 0 {
		return data
	}
	out := make([]byte, 0, len(data)+64)
	for _, c := range string(data) {
		switch {
		case !invisible(c):
			out = append(out, string(c)...)
		case c > 0xFFFF:
			c -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xD800+c>>10, 0xDC00+c&0x3FF)
		default:
			out = fmt.Appendf(out, `\u%04x`, c)
		}
	}
	return out
}

func invisible(c rune) bool { return c >= 0x7F && !unicode.IsGraphic(c) }
