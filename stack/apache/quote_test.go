package apache

import "testing"

func TestQuote(t *testing.T) {
	for _, row := range []struct{ name, text, quoted, value, paths, target string }{
		{"plain", "/api/v1", `"/api/v1"`, `"/api/v1"`, `"^/api/v1$"`, `"/api/v1"`},
		{"everything", "/", `"/"`, `"/"`, `"^"`, `"/"`},
		{"a prefix", "/a/", `"/a/"`, `"/a/"`, `"^/a/"`, `"/a/"`},
		{"a dot", "/a.b", `"/a.b"`, `"/a.b"`, `"^/a\.b$"`, `"/a.b"`},
		{"quotes", `/a"b'c`, `"/a\"b'c"`, `"/a\"b'c"`, `"^/a\x22b\x27c$"`, `"/a\"b'c"`},
		{"a variable of the configuration", "/${X}", `"/${X}"`, `"/${X}"`, `"^/\x24\x7BX\x7D$"`, `"/\${X}"`},
		{"a variable of a format", "/%{X}e", `"/%{X}e"`, `"/%%{X}e"`, `"^/\x25\x7BX\x7De$"`, `"/\%{X}e"`},
		{"a backslash at the end", `/a\`, `"/a\\"`, `"/a\\"`, `"^/a\x5C$"`, `"/a\\"`},
		{"a line break", "/a\nb", "\"/a\nb\"", "\"/a\nb\"", `"^/a\x0Ab$"`, "\"/a\nb\""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := quoted(row.text); got != row.quoted {
				t.Errorf("quoted: got %s, want %s", got, row.quoted)
			}
			if got := value(row.text); got != row.value {
				t.Errorf("value: got %s, want %s", got, row.value)
			}
			if got := paths(row.text); got != row.paths {
				t.Errorf("paths: got %s, want %s", got, row.paths)
			}
			if got := target(row.text); got != row.target {
				t.Errorf("target: got %s, want %s", got, row.target)
			}
		})
	}
	if got, want := oneOf([]string{"GET", "a|b"}), `^(?:GET|a\x7Cb)$`; got != want {
		t.Errorf("oneOf: got %s, want %s", got, want)
	}
}
