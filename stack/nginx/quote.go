package nginx

import "strings"

// This file beside the usual four is about what a value may hold: it comes from a policy file, and must not become
// configuration.

// dollar is the variable that stands for a dollar sign, which in a value begins a variable and cannot be escaped.
const dollar = "${cors_dollar}"

// quoted is a text as one parameter, in which nothing is a variable: a pattern of a map, a path.
//
// https://nginx.org/en/docs/beginners_guide.html#conf_structure
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\' && (i+1 == len(s) || strings.IndexByte(`"'\trn`, s[i+1]) >= 0):
			b.WriteByte('\\') // a backslash before anything else stays one by itself, and patterns are easier to read
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('"')
	return b.String()
}

// value is a text as one parameter, where variables would be replaced.
func value(s string) string {
	return strings.ReplaceAll(quoted(s), "$", dollar)
}

// word is a text as one parameter, in quotes of one kind or the other only if it needs them.
func word(s string, quote func(string) string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._:[]-") == "" {
		return s
	}
	return quote(s)
}
