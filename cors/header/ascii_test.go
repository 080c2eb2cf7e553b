package header_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/header"
)

func TestEqualFold(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"equal", "Vary", "Vary", true},
		{"another case", "vARY", "Vary", true},
		{"empty", "", "", true},
		{"another length", "Vary", "Var", false},
		{"another letter", "Vary", "Vary2", false},
		{"not letters", "@[", "`{", false},
		{"long s", "\u017f", "s", false},
		{"Kelvin sign", "\u212a", "k", false},
		{"umlaut in another case", "Ü", "ü", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := header.EqualFold(test.a, test.b); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestLower(t *testing.T) {
	tests := []struct {
		name, in, want string
	}{
		{"upper", "ACCEPT", "accept"},
		{"mixed", "content-Type", "content-type"},
		{"lower", "accept", "accept"},
		{"not letters", "@[Ü", "@[Ü"},
		{"empty", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := header.Lower(test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestIsToken(t *testing.T) {
	const tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		s := string([]byte{byte(c)})
		if got, want := header.IsToken(s), strings.Contains(tokens, s); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
	if header.IsToken("") {
		t.Error("the empty string is a token")
	}
}

func TestValue(t *testing.T) {
	tests := []struct {
		name, in, normalized string
		is                   bool // of the value as it is
		isNormalized         bool
	}{
		{"plain", "a", "a", true, true},
		{"empty", "", "", true, true},
		{"inner whitespace", "a \t b", "a \t b", true, true},
		{"outer whitespace", " \t\r\na\n\r\t ", "a", false, true},
		{"only whitespace", " \t\r\n", "", false, true},
		{"NUL", "a\x00b", "a\x00b", false, false},
		{"carriage return", "a\rb", "a\rb", false, false},
		{"line feed", "a\nb", "a\nb", false, false},
		{"other controls", "a\x01\x7fb", "a\x01\x7fb", true, true},
		{"vertical tab and form feed are not whitespace", "\v\f", "\v\f", true, true},
		{"outside ASCII", "\xffé\u00a0", "\xffé\u00a0", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := header.Normalize(test.in)
			if got != test.normalized {
				t.Errorf("Normalize: got %q, want %q", got, test.normalized)
			}
			if is := header.IsValue(test.in); is != test.is {
				t.Errorf("IsValue: got %v, want %v", is, test.is)
			}
			if is := header.IsValue(got); is != test.isNormalized {
				t.Errorf("IsValue of the normalized: got %v, want %v", is, test.isNormalized)
			}
		})
	}
}

func TestParseMIMEEssence(t *testing.T) {
	tests := []struct {
		name, in, want string
		ok             bool
	}{
		{"plain", "text/plain", "text/plain", true},
		{"upper case", "TEXT/plain", "text/plain", true},
		{"parameter", "text/plain;charset=utf-8", "text/plain", true},
		{"space before a parameter", "text/plain ; x", "text/plain", true},
		{"empty parameter", "text/plain;", "text/plain", true},
		{"broken parameter", `text/plain;="/;,`, "text/plain", true},
		{"whitespace around", "\r\n\t text/plain \t", "text/plain", true},
		{"token bytes", "x!#$/y+z.w", "x!#$/y+z.w", true},
		{"empty", "", "", false},
		{"no slash", "text", "", false},
		{"slash in a parameter", "text;a/b", "", false},
		{"no type", "/plain", "", false},
		{"no subtype", "text/", "", false},
		{"no subtype, a parameter", "text/;a", "", false},
		{"two slashes", "text/plain/x", "", false},
		{"space before the slash", "text /plain", "", false},
		{"space behind the slash", "text/ plain", "", false},
		{"space within the subtype", "text/pl ain", "", false},
		{"list", "text/plain, text/plain", "", false},
		{"outside ASCII", "text/plÄin", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := header.ParseMIMEEssence(test.in); got != test.want || ok != test.ok {
				t.Errorf("got %q, %v, want %q, %v", got, ok, test.want, test.ok)
			}
		})
	}
}
