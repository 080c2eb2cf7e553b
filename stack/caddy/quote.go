package caddy

import (
	"regexp"
	"strings"
)

// This file beside the usual four is about what a value may hold: it comes from a policy file, and must not become
// configuration.

// word is a text as one token, in quotes if it needs them. In quotes a backslash is one, unless a quote follows. Backticks would
// quote as well, but caddy fmt takes lines apart that begin with one.
//
// https://caddyserver.com/docs/caddyfile/concepts#tokens-and-quotes
func word(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._:*,^$[]-") == "" {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"`
}

// canQuote reports whether word can write a text that may hold anything. Braces are refused: in most places they are the beginning
// of a placeholder, and where they are not, the backslash that escapes them would stay.
func canQuote(s string) bool {
	return !strings.ContainsAny(s, "{}\n") && !strings.Contains(s, `\"`) && !strings.HasSuffix(s, `\`)
}

// pathExpression matches the paths of a place. In an expression backslashes come in pairs before a quote, and never last.
func pathExpression(path string) string {
	end := "$"
	if strings.HasSuffix(path, "/") {
		end = ""
	}
	return word("^" + regexp.QuoteMeta(path) + end)
}
