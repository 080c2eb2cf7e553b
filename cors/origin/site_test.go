package origin_test

import (
	"fmt"
	"testing"

	"github.com/concors/concors/cors/origin"
)

func TestSite(t *testing.T) {
	tests := []struct {
		name, in, want string
	}{
		{"registrable domain", "https://a.example.com", "https://example.com"},
		{"itself", "https://example.com:8443", "https://example.com"},
		{"two-label suffix", "https://a.b.example.co.uk", "https://example.co.uk"},
		{"public suffix", "https://co.uk", "https://co.uk"},
		{"top-level domain", "https://com", "https://com"},
		{"private section", "https://a.user.github.io", "https://user.github.io"},
		{"private suffix", "https://github.io", "https://github.io"},
		{"wildcard rule", "https://a.b.c.ck", "https://b.c.ck"},
		{"exception rule", "https://a.www.ck", "https://www.ck"},
		{"unlisted suffix", "https://a.b.unlisted", "https://b.unlisted"},
		{"international suffix", "https://www.食狮.公司.cn", "https://xn--85x722f.xn--55qx5d.cn"},
		{"trailing dot", "https://a.example.com.", "https://example.com."},
		{"dots", "https://a.example.com..", "https://a.example.com.."},
		{"empty label", "https://.com", "https://.com"},
		{"a dot", "https://.", "https://."},
		{"localhost", "http://localhost:3000", "http://localhost"},
		{"below localhost", "http://a.b.localhost", "http://b.localhost"},
		{"IPv4", "http://127.0.0.1:3000", "http://127.0.0.1"},
		{"IPv6", "http://[2001:db8::1]:3000", "http://[2001:db8::1]"},
		{"extension", "chrome-extension://abc/x", "chrome-extension://abc"},
		{"opaque", "data:,", "null"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := mustFromURL(t, test.in).Site(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSameSite(t *testing.T) {
	tests := []struct {
		name, a, b       string
		same, schemeless bool
	}{
		{"same host", "https://a.example.com", "https://a.example.com:8443", true, true},
		{"subdomains", "https://a.example.com", "https://b.example.com", true, true},
		{"apex", "https://example.com", "https://b.example.com", true, true},
		{"another scheme", "http://a.example.com", "https://b.example.com", false, true},
		{"another scheme, same host", "http://a.example.com", "https://a.example.com", false, true},
		{"another domain", "https://a.example.com", "https://a.example.org", false, false},
		{"suffix of a name", "https://example.com", "https://badexample.com", false, false},
		{"private section", "https://a.github.io", "https://b.github.io", false, false},
		{"below a private suffix", "https://x.a.github.io", "https://y.a.github.io", true, true},
		{"public suffix and a name in it", "https://github.io", "https://a.github.io", false, false},
		{"same public suffix", "https://github.io", "https://github.io:8443", true, true},
		{"trailing dot", "https://a.example.com", "https://a.example.com.", false, false},
		{"two trailing dots", "https://a.example.com.", "https://b.example.com.", true, true},
		{"localhost", "http://localhost:3000", "http://localhost:8080", true, true},
		{"localhost and loopback", "http://localhost", "http://127.0.0.1", false, false},
		{"equal IPv4", "http://127.0.0.1:1", "http://127.0.0.1:2", true, true},
		{"IPv4 with equal ends", "http://10.0.0.1", "http://10.1.0.1", false, false},
		{"equal IPv6", "http://[::1]:1", "http://[::1]:2", true, true},
		{"different IPv6", "http://[::1]", "http://[::2]", false, false},
		{"extensions", "chrome-extension://a", "chrome-extension://b", false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, b := mustFromURL(t, test.a), mustFromURL(t, test.b)
			for _, pair := range [][2]origin.Origin{{a, b}, {b, a}} {
				if got := origin.SameSite(pair[0], pair[1]); got != test.same {
					t.Errorf("SameSite(%s, %s): got %v, want %v", pair[0], pair[1], got, test.same)
				}
				if got := origin.SchemelessSameSite(pair[0], pair[1]); got != test.schemeless {
					t.Errorf("SchemelessSameSite(%s, %s): got %v, want %v", pair[0], pair[1], got, test.schemeless)
				}
			}
			if got, want := a.Site() == b.Site(), test.same; got != want {
				t.Errorf("sites %s and %s are equal: got %v, want %v", a.Site(), b.Site(), got, want)
			}
		})
	}
}

func ExampleSameSite() {
	page := origin.New("https", "app.example.com", -1)
	for _, host := range []string{"api.example.com", "example.org"} {
		fmt.Println(host, origin.SameSite(page, origin.New("https", host, -1)))
	}
	// Output:
	// api.example.com true
	// example.org false
}

func BenchmarkSameSite(b *testing.B) {
	x, y := mustFromURL(b, "https://app.example.com"), mustFromURL(b, "https://api.example.com:8443")
	b.ReportAllocs()
	for b.Loop() {
		if !origin.SameSite(x, y) {
			b.Fatal("not same-site")
		}
	}
}
