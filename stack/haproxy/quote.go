package haproxy

import "strings"

// This file beside the usual four is about what a value may hold: it comes from a policy file, and must not become
// configuration.

// word is a text as one argument, in quotes if it needs them. Between single quotes nothing is special, and there is no way to
// write one.
//
// https://docs.haproxy.org/2.6/configuration.html#2.2
func word(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._:*,+=@%-") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// value is a text as one argument that is a format, where a percent sign begins a variable.
func value(s string) string { return word(strings.ReplaceAll(s, "%", "%%")) }

// patterns are texts to compare with, after the flags of a condition: they might look like some.
func patterns(texts []string) string {
	all := ""
	for _, s := range texts {
		if strings.HasPrefix(s, "-") && all == "" {
			all = " --"
		}
		all += " " + word(s)
	}
	return all
}
