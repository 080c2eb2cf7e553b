package weburl_test

import (
	"fmt"
	"testing"

	"github.com/concors/concors/cors/weburl"
)

func TestSerialize(t *testing.T) {
	tests := []struct {
		name, input             string
		withoutFragment, target string
	}{
		{"all", "https://u:p@a.example:8443/b?c#d", "https://u:p@a.example:8443/b?c", "/b?c"},
		{"no query", "https://a.example/b#c", "https://a.example/b", "/b"},
		{"empty query", "https://a.example/?#c", "https://a.example/?", "/?"},
		{"opaque path", "mailto:a?b#c", "mailto:a?b", "a?b"},
		{"path like a host", "foo:/.//a#b", "foo:/.//a", "//a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u := mustParse(t, test.input)
			if got := u.String(); got != test.input {
				t.Errorf("String: got %q, want %q", got, test.input)
			}
			if got := u.WithoutFragment(); got != test.withoutFragment {
				t.Errorf("WithoutFragment: got %q, want %q", got, test.withoutFragment)
			}
			if got := u.RequestTarget(); got != test.target {
				t.Errorf("RequestTarget: got %q, want %q", got, test.target)
			}
		})
	}
}

func TestHasCredentials(t *testing.T) {
	tests := []struct {
		name, input string
		want        bool
	}{
		{"none", "https://a.example/", false},
		{"empty", "https://:@a.example/", false},
		{"username", "https://u@a.example/", true},
		{"password", "https://:p@a.example/", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := mustParse(t, test.input).HasCredentials(); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestSchemes(t *testing.T) {
	tests := []struct {
		scheme  string
		special bool
		port    int
		hasPort bool
	}{
		{"http", true, 80, true},
		{"https", true, 443, true},
		{"ws", true, 80, true},
		{"wss", true, 443, true},
		{"ftp", true, 21, true},
		{"file", true, 0, false},
		{"blob", false, 0, false},
		{"chrome-extension", false, 0, false},
		{"", false, 0, false},
	}
	for _, test := range tests {
		t.Run(test.scheme, func(t *testing.T) {
			u := weburl.URL{Scheme: test.scheme}
			if got := u.IsSpecial(); got != test.special {
				t.Errorf("IsSpecial: got %v, want %v", got, test.special)
			}
			if port, ok := weburl.DefaultPort(test.scheme); port != test.port || ok != test.hasPort {
				t.Errorf("DefaultPort: got %d, %v, want %d, %v", port, ok, test.port, test.hasPort)
			}
		})
	}
}

func ExampleParse() {
	u, err := weburl.Parse(`HTTPS:\\BÜCHER.example:443\a\..\b`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(u)
	fmt.Println(u.Host)
	// Output:
	// https://xn--bcher-kva.example/b
	// xn--bcher-kva.example
}

func ExampleParse_relative() {
	base, err := weburl.Parse("https://app.example/a/b?q", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, ref := range []string{"../c", "?r", "//api.example", `\\api.example`} {
		u, err := weburl.Parse(ref, base)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(u)
	}
	// Output:
	// https://app.example/c
	// https://app.example/a/b?r
	// https://api.example/
	// https://api.example/
}

func ExampleError() {
	_, err := weburl.Parse("https://a.example:http/", nil)
	fmt.Println(err)
	// Output:
	// invalid URL "https://a.example:http/": port is not a number from 0 to 65535
}

func BenchmarkString(b *testing.B) {
	u := mustParse(b, "https://api.a.example:8443/v1/users?id=1#top")
	b.ReportAllocs()
	for b.Loop() {
		if u.String() == "" {
			b.Fatal("empty")
		}
	}
}
