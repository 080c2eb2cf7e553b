package weburl

import (
	"strings"
	"unicode/utf8"
)

// parseHost turns the host as it was written into the host that is compared, or gives the reason why it cannot.
//
// https://url.spec.whatwg.org/#concept-host-parser
func parseHost(s string, special bool) (host, reason string) {
	if strings.HasPrefix(s, "[") {
		if !strings.HasSuffix(s, "]") {
			return "", reasonBracketUnclosed
		}
		address, ok := parseIPv6(s[1 : len(s)-1])
		if !ok {
			return "", reasonIPv6
		}
		return serializeIPv6(address), ""
	}
	if !special {
		return parseOpaqueHost(s)
	}
	if strings.IndexByte(s, '%') >= 0 {
		s = decode(s)
	}
	domain, reason := parseDomain(s)
	if reason != "" {
		return "", reason
	}
	if endsInNumber(domain) {
		address, ok := parseIPv4(domain)
		if !ok {
			return "", reasonIPv4
		}
		return address, ""
	}
	return domain, ""
}

// parseOpaqueHost takes the host of a scheme that is not special, which is text to the Standard.
//
// https://url.spec.whatwg.org/#concept-opaque-host-parser
func parseOpaqueHost(s string) (host, reason string) {
	for i := range len(s) {
		if forbiddenHostSet.has(s[i]) && s[i] < utf8.RuneSelf {
			return "", reasonHostCharacter
		}
	}
	return encode(s, &c0ControlSet), ""
}

// The code points that no host of the kind can hold. They use [encodeSet] for its bits and are never written to.
//
// https://url.spec.whatwg.org/#forbidden-host-code-point
// https://url.spec.whatwg.org/#forbidden-domain-code-point
var (
	forbiddenHostSet   = encodeSet{}.with("\x00\t\n\r #/:<>?@[\\]^|")
	forbiddenDomainSet = c0ControlSet.with(" #/:<>?@[\\]^|%")
)

// parseDomain turns a percent-decoded domain into its ASCII form.
//
// A domain that is ASCII already is only lower-cased: its xn-- labels are taken as they are, valid Punycode or not.
//
// https://url.spec.whatwg.org/#concept-domain-to-ascii
func parseDomain(s string) (domain, reason string) {
	ascii, lower := true, true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
		lower = lower && !('A' <= s[i] && s[i] <= 'Z')
	}
	switch {
	case !ascii:
		if s, reason = parseIDN(s); reason != "" {
			return "", reason
		}
	case !lower:
		s = strings.ToLower(s)
	}
	if s == "" {
		return "", reasonNoHost
	}
	for i := range len(s) {
		if forbiddenDomainSet.has(s[i]) {
			return "", reasonHostCharacter
		}
	}
	return s, ""
}
