package nginx

import "testing"

func TestQuote(t *testing.T) {
	for _, row := range []struct{ name, text, quoted, value, word string }{
		{"plain", "/api/v1", `"/api/v1"`, `"/api/v1"`, "/api/v1"},
		{"empty", "", `""`, `""`, `""`},
		{"a space and the end of a directive", "a b;}", `"a b;}"`, `"a b;}"`, `"a b;}"`},
		{"quotes", `a"b'c`, `"a\"b'c"`, `"a\"b'c"`, `"a\"b'c"`},
		{"a variable", "$host", `"$host"`, `"${cors_dollar}host"`, `"${cors_dollar}host"`},
		{"a dot in a pattern", `a\.b`, `"a\.b"`, `"a\.b"`, `"a\.b"`},
		{"a backslash that would be an escape", `a\tb\\`, `"a\\tb\\\\"`, `"a\\tb\\\\"`, `"a\\tb\\\\"`},
		{"a backslash at the end", `a\`, `"a\\"`, `"a\\"`, `"a\\"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := quoted(row.text); got != row.quoted {
				t.Errorf("quoted: got %s, want %s", got, row.quoted)
			}
			if got := value(row.text); got != row.value {
				t.Errorf("value: got %s, want %s", got, row.value)
			}
			if got := word(row.text, value); got != row.word {
				t.Errorf("word: got %s, want %s", got, row.word)
			}
		})
	}
}
