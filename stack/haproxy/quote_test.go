package haproxy

import "testing"

func TestQuote(t *testing.T) {
	for _, row := range []struct{ name, text, word, value, patterns string }{
		{"plain", "/api/v1", "/api/v1", "/api/v1", "/api/v1"},
		{"empty", "", "''", "''", "''"},
		{"a space and a comment", "a #b", "'a #b'", "'a #b'", "'a #b'"},
		{"quotes", `a"b'c`, `'a"b'\''c'`, `'a"b'\''c'`, `'a"b'\''c'`},
		{"a variable of the environment", "$HOME", "'$HOME'", "'$HOME'", "'$HOME'"},
		{"a backslash", `a\.b`, `'a\.b'`, `'a\.b'`, `'a\.b'`},
		{"a variable of a format", "%[src]", "'%[src]'", "'%%[src]'", "'%[src]'"},
		{"a percent sign", "a%b", "a%b", "a%%b", "a%b"},
		{"the end of a condition", "}", "'}'", "'}'", "'}'"},
		{"a flag", "-i", "-i", "-i", "-- -i"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := word(row.text); got != row.word {
				t.Errorf("word: got %s, want %s", got, row.word)
			}
			if got := value(row.text); got != row.value {
				t.Errorf("value: got %s, want %s", got, row.value)
			}
			if got := patterns([]string{row.text}); got != " "+row.patterns {
				t.Errorf("patterns: got %s, want %s", got, row.patterns)
			}
		})
	}
}
