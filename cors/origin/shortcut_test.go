package origin

import (
	"reflect"
	"strings"
	"testing"
)

// The short way of reading a pattern comes to what the long one does.
func FuzzExactPattern(f *testing.F) {
	for _, s := range []string{
		"https://app.example", "http://localhost:3000", "https://app.example:443", "http://[::1]:3000", "http://127.0.0.1", "capacitor://localhost",
		"web+app://x", "file://x", "https://xn--a.example", "https://xn--bcher-kva.example", "https://a-.example", "https://1.2.3", "null", "*",
		"https://*.app.example", "http://localhost:[3000]", "https://ab--cd.example:65535", "blob://x:1", "wss://a.0x", "git://1.2.3.4:80",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := exactPattern(s)
		if !ok {
			return
		}
		want, err := parsePattern(s)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, want %+v, error %v", s, got, want, err)
		}
		if text, ok := got.Exact(); !ok || text != s {
			t.Errorf("%q: got %q, %t as the one origin", s, text, ok)
		}
	})
}

// The short way of matching a pattern comes to what parsing the origin does.
func FuzzAffix(f *testing.F) {
	for _, pattern := range []string{
		"https://*.app.example", "https://pr-*.app.example:8443", "https://*-team.app.example", "https://a.*.deep.example", "https://x*y.app.example",
		"capacitor://*.app.example",
	} {
		for _, star := range []string{"a", "a.b", "-", "a-", "-a", "a-.b", "a.-b", "a..b", ".a", "a.", "A", "a_b", "1", strings.Repeat("a", 300), "a:1", "xn--a", "é"} {
			f.Add(pattern, star, "https://x.app.example")
		}
	}
	f.Fuzz(func(t *testing.T, pattern, star, other string) {
		p, err := ParsePattern(pattern)
		if err != nil {
			return
		}
		a, ok := p.affix()
		if !ok {
			return
		}
		for _, value := range []string{a.prefix + star + a.suffix, star + a.suffix, a.prefix + star, other} {
			o, isOrigin := Parse(value)
			if got, want := a.match(value), isOrigin && p.Match(o); got != want {
				t.Errorf("%q, %q: got %t, want %t", pattern, value, got, want)
			}
		}
	})
}
