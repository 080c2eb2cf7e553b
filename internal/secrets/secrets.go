// Package secrets tells what must not be printed: which names say that their value is a secret, and which values look like one.
package secrets

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
)

// Mask stands for a secret.
const Mask = "***"

// IsScheme reports whether a word is a well-known scheme of the Authorization header, and so no secret itself.
func IsScheme(word string) bool {
	switch header.Lower(word) {
	case "basic", "bearer", "digest", "dpop", "hoba", "mutual", "negotiate", "ntlm", "token", "apikey", "aws4-hmac-sha256":
		return true
	}
	return false
}

// IsName reports whether the name of a header or of a query parameter says that its value is a secret.
func IsName(name string) bool {
	if name = header.Lower(name); IsProtocolHeader(name) {
		return false
	}
	words := strings.FieldsFunc(name, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	joined := strings.Join(words, "")
	for _, part := range []string{"token", "secret", "password", "passwd", "apikey", "accesskey", "session", "jwt", "signature", "credential"} {
		if strings.Contains(joined, part) {
			return true
		}
	}
	return slices.ContainsFunc(words, func(word string) bool {
		switch word {
		case "auth", "bearer", "csrf", "key", "oauth", "otp", "pass", "pwd", "sid", "sig", "xsrf":
			return true
		}
		return false
	})
}

// IsProtocolHeader reports whether a header, in lower case, is one whose value is part of what is explained and is no
// secret, whatever it looks like.
func IsProtocolHeader(lower string) bool {
	if strings.HasPrefix(lower, "access-control-") || strings.HasPrefix(lower, "cross-origin-") || strings.HasPrefix(lower, "sec-fetch-") {
		return true
	}
	switch lower {
	case "accept", "accept-language", "accept-encoding", "cache-control", "connection", "content-encoding", "content-language",
		"content-length", "content-security-policy", "content-type", "date", "expires", "host", "keep-alive", "last-modified",
		"origin", "pragma", "range", "referrer-policy", "retry-after", "server", "strict-transport-security",
		"timing-allow-origin", "user-agent", "vary", "via", "www-authenticate", "x-content-type-options", "x-powered-by", "x-served-by":
		return true
	}
	return false
}

// LooksLikeToken reports whether a value is built like a credential: a known prefix, a JWT, or long, without a word of
// plain text in it, and of letters and digits mixed.
func LooksLikeToken(value string) bool {
	for _, scheme := range []string{"Bearer ", "bearer ", "Basic ", "basic "} {
		if rest, ok := strings.CutPrefix(value, scheme); ok && rest != "" {
			return true
		}
	}
	for _, prefix := range []string{"eyJ", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "sk-", "sk_live_", "sk_test_", "pk_live_", "xoxb-", "xoxp-", "AKIA", "ASIA", "AIza", "ya29."} {
		if strings.HasPrefix(value, prefix) && len(value) >= len(prefix)+12 {
			return true
		}
	}
	const long = 24
	if len(value) < long {
		return false
	}
	var digits, letters, others int
	for i := range len(value) {
		switch c := value[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			letters++
		case strings.IndexByte("-_~+/=%", c) >= 0:
			others++
		default:
			return false
		}
	}
	return digits >= 4 && letters >= 4 && others*6 <= len(value)
}
