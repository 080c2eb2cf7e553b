package header

// EqualFold reports whether a and b are equal when ASCII letters are compared without their case. Unlike
// [strings.EqualFold] it never equates an ASCII letter with a character outside ASCII.
//
// https://infra.spec.whatwg.org/#byte-case-insensitive
func EqualFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}

// Lower returns s with its ASCII upper-case letters in lower case; when it has none, s itself.
//
// https://infra.spec.whatwg.org/#byte-lowercase
func Lower(s string) string {
	for i := range len(s) {
		if isUpper(s[i]) {
			b := []byte(s)
			for ; i < len(b); i++ {
				b[i] = lowerByte(b[i])
			}
			return string(b)
		}
	}
	return s
}

// IsToken reports whether s matches the token production: one or more letters, digits or !#$%&'*+-.^_`|~.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
func IsToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// Normalize returns the value without HTTP whitespace (SP, HTAB, CR, LF) at its ends.
//
// https://fetch.spec.whatwg.org/#concept-header-value-normalize
func Normalize(value string) string {
	for value != "" && isHTTPWhitespace(value[0]) {
		value = value[1:]
	}
	return trimTrailingWhitespace(value)
}

// IsValue reports whether value may be a header's value: no NUL, CR or LF anywhere and no HTTP whitespace at its ends.
// The empty value qualifies, and so do bytes outside ASCII.
//
// https://fetch.spec.whatwg.org/#header-value
func IsValue(value string) bool {
	if value == "" {
		return true
	}
	if isHTTPWhitespace(value[0]) || isHTTPWhitespace(value[len(value)-1]) {
		return false
	}
	for i := range len(value) {
		if c := value[i]; c == 0 || c == '\r' || c == '\n' {
			return false
		}
	}
	return true
}

func trimTrailingWhitespace(s string) string {
	for s != "" && isHTTPWhitespace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// trimOWS removes optional whitespace in RFC 9110's sense, which unlike HTTP whitespace has no CR and LF.
func trimOWS(s string) string {
	for s != "" && isOWS(s[0]) {
		s = s[1:]
	}
	for s != "" && isOWS(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isHTTPWhitespace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isOWS(c byte) bool { return c == ' ' || c == '\t' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func lowerByte(c byte) byte {
	if isUpper(c) {
		c += 'a' - 'A'
	}
	return c
}

func isTokenByte(c byte) bool {
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~':
		return true
	}
	return isDigit(c) || 'a' <= lowerByte(c) && lowerByte(c) <= 'z'
}
