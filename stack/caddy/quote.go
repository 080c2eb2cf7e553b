package caddy

import (
	"regexp"
	"strings"
)

// This file beside the usual four is about what a value may hold: it comes from a policy file, and must not become
// configuration.

// word is a text as one token, in quotes of one kind or the other if it needs them. Between double quotes a backslash may stand for
// more than itself, so a text with one has backticks; see canQuote for what has neither.
//
// https://caddyserver.com/docs/caddyfile/concepts#tokens-and-quotes
func word(s string) string {
	switch {
	case isWord(s):
		return s
	case strings.ContainsAny(s, "\"\\"):
		return "`" + s + "`"
	}
	return `"` + s + `"`
}

// isWord reports whether a text needs no quotes.
func isWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._:*,^$[]-") == ""
}

// canQuote reports whether word can write a text that may hold anything. Braces are refused: in most places they are the beginning
// of a placeholder, and where they are not, the backslash that escapes them would stay.
func canQuote(s string) bool {
	return !strings.ContainsAny(s, "{}\n") && !(strings.Contains(s, "`") && strings.ContainsAny(s, "\"\\"))
}

// expression is a regular expression as one token. A backtick can be written in another way there.
func expression(text string) string {
	if isWord(text) {
		return text
	}
	return "`" + strings.ReplaceAll(text, "`", `\x60`) + "`"
}

// pathExpression matches the paths of a place.
func pathExpression(path string) string {
	end := "$"
	if strings.HasSuffix(path, "/") {
		end = ""
	}
	return expression("^" + regexp.QuoteMeta(path) + end)
}
