package apache

import (
	"fmt"
	"strings"
)

// This file beside the usual four is about what a value may hold: it comes from a policy file, and must not become
// configuration.

// quoted is a text as one argument, in which nothing is special but what the directive itself looks for, and ${ before a name
// that the configuration defines: there is no way to write that.
//
// https://httpd.apache.org/docs/2.4/configuring.html#syntax
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// value is a text as the value of a header, where a percent sign begins a variable.
func value(s string) string { return quoted(strings.ReplaceAll(s, "%", "%%")) }

// literal is a text in a regular expression, without anything that is special there or in a configuration.
func literal(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '/', c == '-', c == '_':
			b.WriteByte(c)
		case c == '.':
			b.WriteString(`\.`)
		default:
			fmt.Fprintf(&b, `\x%02X`, c)
		}
	}
	return b.String()
}

// paths is a regular expression, as one argument, for a path of a route: for all below it, if it ends in a slash.
func paths(path string) string {
	switch {
	case path == "/":
		return `"^"`
	case strings.HasSuffix(path, "/"):
		return `"^` + literal(path) + `"`
	}
	return `"^` + literal(path) + `$"`
}

// oneOf is a regular expression, which needs no quotes, for a value that is one of several.
func oneOf(texts []string) string {
	var all []string
	for _, t := range texts {
		all = append(all, literal(t))
	}
	return "^(?:" + strings.Join(all, "|") + ")$"
}

// target is a text as the target of a rule, where dollar and percent signs begin variables, and a backslash takes the meaning
// from what follows. Rules read their arguments by themselves: a backslash between quotes is left to them.
func target(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "%", `\%`).Replace(s) + `"`
}
