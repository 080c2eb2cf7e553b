package caddy

import "testing"

func TestQuote(t *testing.T) {
	for _, row := range []struct {
		name, text, word string
		can              bool
	}{
		{"plain", "/api/v1", "/api/v1", true},
		{"empty", "", `""`, true},
		{"a space and a comment", "a #b", `"a #b"`, true},
		{"a quote", `a"b`, `"a\"b"`, true},
		{"a backtick", "a`b", "\"a`b\"", true},
		{"a backslash", `a\.b`, `"a\.b"`, true},
		{"a backslash before a quote", `a\"b`, "", false},
		{"a backslash at the end", `a\`, "", false},
		{"a placeholder", "{env.HOME}", "", false},
		{"a variable of the environment", "{$HOME}", "", false},
		{"a heredoc", "<<END", `"<<END"`, true},
		{"the end of a block", "}", "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := canQuote(row.text); got != row.can {
				t.Fatalf("can quote: got %t, want %t", got, row.can)
			}
			if got := word(row.text); row.can && got != row.word {
				t.Errorf("got %s, want %s", got, row.word)
			}
		})
	}
}

func TestPathExpression(t *testing.T) {
	for _, row := range []struct{ name, path, want string }{
		{"a prefix", "/api/", "^/api/"},
		{"a path", "/api/status", "^/api/status$"},
		{"a dot", "/v1.0/", `"^/v1\.0/"`},
		{"a placeholder", "/{path}/", `"^/\{path\}/"`},
		{"a variable of the environment", "/{$HOME}", `"^/\{\$HOME\}$"`},
		{"quotes of every kind", "/`\"'/", "\"^/`\\\"'/\""},
		{"a backslash before a quote", `/\"`, `"^/\\\"$"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := pathExpression(row.path); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}
