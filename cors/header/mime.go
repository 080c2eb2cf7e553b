package header

import "strings"

// ParseMIMEEssence parses value as a MIME type and returns its essence, type/subtype in lower case. It is false when the
// value is not a MIME type. Parameters are ignored: whatever they are, they never make parsing fail.
//
// It parses one value. Extracting a MIME type from several joined Content-Type lines is another algorithm. It allocates
// only when the essence has an upper-case letter.
//
// https://mimesniff.spec.whatwg.org/#parse-a-mime-type
func ParseMIMEEssence(value string) (essence string, ok bool) {
	value = Normalize(value)
	essence, _, _ = strings.Cut(value, ";")
	essence = trimTrailingWhitespace(essence)
	major, minor, found := strings.Cut(essence, "/")
	if !found || !IsToken(major) || !IsToken(minor) {
		return "", false
	}
	return Lower(essence), true
}
