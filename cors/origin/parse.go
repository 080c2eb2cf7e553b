package origin

import (
	"strings"

	"github.com/concors/concors/cors/weburl"
)

// The longest scheme and host that [Parse] reads. DNS has no longer names, and no browser has a longer scheme.
const (
	longestScheme = 64
	longestHost   = 253
	longestOrigin = longestScheme + len("://") + longestHost + len(":65535")
)

// Parse reads the value of an Origin header. It accepts null, for which it returns the zero Origin, and otherwise only
// the grammar of a serialized origin in the form that serializing gives it:
//
//   - a scheme: a lower-case letter, then lower-case letters, digits, plus, hyphen and dot;
//   - ://
//   - a host: labels of lower-case letters, digits and hyphens, none empty, none with a hyphen at either end, the last one
//     not a number; or four decimal bytes without leading zeros; or a bracketed IPv6 address, lower case, without leading
//     zeros, without an embedded IPv4 address, compressed at the first longest run of zeros and nowhere else;
//   - at most a colon and a port from 0 to 65535 without leading zeros, which is not the scheme's default.
//
// Nothing else passes: no whitespace, path, trailing slash or dot, user info, upper case, character outside ASCII, or
// list. So what Parse accepts equals what [Origin.String] gives back, and two values that differ are two origins.
//
// NB: browsers do send a few origins outside this grammar, such as hosts with an underscore or a trailing dot. A server
// that wants one compares the header's bytes, which is all that the browser will do with the answer.
//
// Parse does not allocate; the Origin keeps s alive. It takes time linear in the length of a plausible origin, and
// refuses a longer value at once.
//
// https://fetch.spec.whatwg.org/#origin-header
func Parse(s string) (Origin, bool) {
	if s == "null" {
		return Origin{}, true
	}
	if len(s) > longestOrigin {
		return Origin{}, false
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !isScheme(scheme) {
		return Origin{}, false
	}
	host, port := rest, noPort
	// A colon inside brackets has the closing bracket behind it, which is no digit.
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && rest[len(rest)-1] != ']' {
		host = rest[:i]
		if port, ok = parsePort(rest[i+1:]); !ok {
			return Origin{}, false
		}
		if def, ok := weburl.DefaultPort(scheme); ok && port == def {
			return Origin{}, false
		}
	}
	if !isHost(host) {
		return Origin{}, false
	}
	return tuple(s, len(scheme), len(host), port), true
}

func isScheme(s string) bool {
	if s == "" || len(s) > longestScheme || !isLower(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLower(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func parsePort(s string) (port int, ok bool) {
	if s == "" || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		if port = port*10 + int(s[i]-'0'); port > 65535 {
			return 0, false
		}
	}
	return port, true
}

func isHost(s string) bool {
	if s == "" || len(s) > longestHost {
		return false
	}
	if s[0] == '[' {
		return s[len(s)-1] == ']' && isIPv6(s[1:len(s)-1])
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	if isNumber(last) {
		return isIPv4(s)
	}
	for more := true; more; {
		var label string
		label, s, more = strings.Cut(s, ".")
		if !isLabel(label) {
			return false
		}
	}
	return true
}

func isLabel(s string) bool {
	if s == "" || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLower(c) && !isDigit(c) && c != '-' {
			return false
		}
	}
	return true
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
