package origin_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

func mustFromURL(t testing.TB, raw string) origin.Origin {
	t.Helper()
	o, err := origin.FromURL(raw)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestNew(t *testing.T) {
	tests := []struct {
		name, scheme, host string
		port               int
		want               string
	}{
		{"no port", "https", "a.example", -1, "https://a.example"},
		{"port", "https", "a.example", 8443, "https://a.example:8443"},
		{"default port", "https", "a.example", 443, "https://a.example"},
		{"default port of another scheme", "https", "a.example", 80, "https://a.example:80"},
		{"port zero", "http", "a.example", 0, "http://a.example:0"},
		{"IPv6", "http", "[::1]", 8080, "http://[::1]:8080"},
		{"extension", "chrome-extension", "abc", -1, "chrome-extension://abc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := origin.New(test.scheme, test.host, test.port)
			if got := o.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if o.Scheme() != test.scheme || o.Host() != test.host || o.IsOpaque() {
				t.Errorf("got scheme %q, host %q, opaque %v", o.Scheme(), o.Host(), o.IsOpaque())
			}
			if parsed, ok := origin.Parse(test.want); !ok || parsed != o {
				t.Errorf("parsed: got %+v, %v, want %+v", parsed, ok, o)
			}
		})
	}
}

func TestFromURL(t *testing.T) {
	tests := []struct {
		name, in, want string // null for an opaque origin, empty for an error
	}{
		{"https", "https://a.example/b?c#d", "https://a.example"},
		{"default port", "https://a.example:443/", "https://a.example"},
		{"other port", "http://a.example:443/", "http://a.example:443"},
		{"upper case", "HTTPS://A.EXAMPLE", "https://a.example"},
		{"international", "https://BÜCHER.example", "https://xn--bcher-kva.example"},
		{"credentials are no part", "https://u:p@a.example/", "https://a.example"},
		{"trailing dot is one", "https://a.example./", "https://a.example."},
		{"underscore", "https://a_b.example/", "https://a_b.example"},
		{"IPv4 in hexadecimal", "http://0x7f.1/", "http://127.0.0.1"},
		{"IPv6", "http://[0:0::1]:8080/", "http://[::1]:8080"},
		{"ws", "ws://a.example:80/", "ws://a.example"},
		{"wss", "wss://a.example/", "wss://a.example"},
		{"ftp", "ftp://a.example/", "ftp://a.example"},
		{"blob of https", "blob:https://a.example:8443/uuid", "https://a.example:8443"},
		{"blob of http", "blob:http://a.example/uuid", "http://a.example"},
		{"blob of null", "blob:null/uuid", "null"},
		{"blob of a file", "blob:file:///a", "null"},
		{"blob of a blob", "blob:blob:https://a.example/", "null"},
		{"blob of ws", "blob:ws://a.example/", "null"},
		{"file", "file:///a/b", "null"},
		{"file with a host", "file://server/a", "null"},
		{"data", "data:text/html,a", "null"},
		{"javascript", "javascript:a", "null"},
		{"about", "about:blank", "null"},
		{"mailto", "mailto:a@b.example", "null"},
		{"unknown scheme", "foo://a.example/", "null"},
		{"Chrome extension", "chrome-extension://abcdef/a.html", "chrome-extension://abcdef"},
		{"Firefox extension", "moz-extension://0f9c3a9e/a.html", "moz-extension://0f9c3a9e"},
		{"Safari extension keeps its case", "safari-web-extension://0F9C3A9E/a.html", "safari-web-extension://0F9C3A9E"},
		{"Capacitor", "capacitor://localhost/a", "capacitor://localhost"},
		{"Ionic", "ionic://localhost", "ionic://localhost"},
		{"Tauri", "tauri://localhost/", "tauri://localhost"},
		{"app", "app://x/", "app://x"},
		{"app without a host", "app:x", "null"},
		{"app with an empty host", "app:///x", "null"},
		{"not a URL", "a.example", ""},
		{"bad port", "https://a.example:x/", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, err := origin.FromURL(test.in)
			if test.want == "" {
				if _, ok := errors.AsType[*weburl.Error](err); !ok || o != (origin.Origin{}) {
					t.Errorf("got %q, %v, want a weburl.Error", o, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := o.String(); got != test.want || o.IsOpaque() != (test.want == "null") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestOpaque(t *testing.T) {
	a, b, zero := origin.NewOpaque(), origin.NewOpaque(), origin.Origin{}
	tests := []struct {
		name string
		a, b origin.Origin
		want bool // same origin, and same site, and nothing differs
	}{
		{"itself", a, a, true},
		{"another", a, b, false},
		{"the zero value", zero, zero, false},
		{"one and the zero value", a, zero, false},
		{"one and a tuple", a, origin.New("https", "a.example", -1), false},
		{"the zero value and a tuple", zero, origin.New("https", "a.example", -1), false},
		{"two of one URL", mustFromURL(t, "data:,"), mustFromURL(t, "data:,"), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := origin.SameOrigin(test.a, test.b); got != test.want {
				t.Errorf("SameOrigin: got %v, want %v", got, test.want)
			}
			if got := origin.SameSite(test.a, test.b); got != test.want {
				t.Errorf("SameSite: got %v, want %v", got, test.want)
			}
			if got := origin.SchemelessSameSite(test.a, test.b); got != test.want {
				t.Errorf("SchemelessSameSite: got %v, want %v", got, test.want)
			}
			if got := origin.Difference(test.a, test.b) == (origin.Parts{}); got != test.want {
				t.Errorf("Difference is none: got %v, want %v", got, test.want)
			}
		})
	}
	for name, o := range map[string]origin.Origin{"new": a, "zero": zero} {
		t.Run(name, func(t *testing.T) {
			_, hasPort := o.Port()
			_, hasEffective := o.EffectivePort()
			if o.String() != "null" || o.Site() != "null" || !o.IsOpaque() || o.Scheme() != "" || o.Host() != "" || hasPort ||
				hasEffective || o.IsPotentiallyTrustworthy() {
				t.Errorf("got %+v, want nothing but null", o)
			}
		})
	}
}

func TestDifference(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       origin.Parts
	}{
		{"none", "https://a.example/x", "https://A.example:443/y", origin.Parts{}},
		{"scheme", "https://a.example", "http://a.example", origin.Parts{Scheme: true}},
		{"host", "https://a.example", "https://www.a.example", origin.Parts{Host: true}},
		{"trailing dot", "https://a.example", "https://a.example.", origin.Parts{Host: true}},
		{"port", "https://a.example", "https://a.example:8443", origin.Parts{Port: true}},
		{"port zero", "https://a.example", "https://a.example:0", origin.Parts{Port: true}},
		{"scheme and port", "https://a.example", "http://a.example:443", origin.Parts{Scheme: true, Port: true}},
		{"loopback names", "http://localhost", "http://127.0.0.1", origin.Parts{Host: true}},
		{"all", "https://a.example", "http://b.example:81", origin.Parts{Scheme: true, Host: true, Port: true}},
		{"opaque", "https://a.example", "data:,", origin.Parts{Scheme: true, Host: true, Port: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, b := mustFromURL(t, test.a), mustFromURL(t, test.b)
			if got := origin.Difference(a, b); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if origin.Difference(b, a) != test.want {
				t.Error("the other way round it is not the same")
			}
			if got, want := origin.SameOrigin(a, b), test.want == (origin.Parts{}); got != want {
				t.Errorf("SameOrigin: got %v, want %v", got, want)
			}
		})
	}
}

func TestIsPotentiallyTrustworthy(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"https://a.example", true},
		{"wss://a.example", true},
		{"http://a.example", false},
		{"ws://a.example", false},
		{"http://127.0.0.1:3000", true},
		{"http://127.255.255.254", true},
		{"http://128.0.0.1", false},
		{"http://127.0.0.1.a.example", false},
		{"http://127.a.example", false},
		{"http://[::1]", true},
		{"http://[::2]", false},
		{"http://[::ffff:127.0.0.1]", false},
		{"http://localhost", true},
		{"http://localhost.", true},
		{"http://a.b.localhost", true},
		{"http://a.localhost.", true},
		{"http://alocalhost", false},
		{"http://localhost.example", false},
		{"http://192.168.0.1", false},
		{"chrome-extension://abc", true},
		{"moz-extension://abc", true},
		{"safari-web-extension://abc", true},
		{"app://x", false},
		{"tauri://localhost", true},
		{"data:,", false},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			if got := mustFromURL(t, test.in).IsPotentiallyTrustworthy(); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	t.Run("a file origin made by hand", func(t *testing.T) {
		if !origin.New("file", "", -1).IsPotentiallyTrustworthy() {
			t.Error("got false, want true")
		}
	})
}

func TestStringDoesNotAllocate(t *testing.T) {
	o := origin.New("https", "a.example", 8443)
	if got := testing.AllocsPerRun(100, func() { _ = o.String() }); got != 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}

func ExampleFromURL() {
	for _, raw := range []string{"https://BÜCHER.example:443/path", "http://0x7f.1:3000", "file:///index.html"} {
		o, err := origin.FromURL(raw)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(o)
	}
	// Output:
	// https://xn--bcher-kva.example
	// http://127.0.0.1:3000
	// null
}

func ExampleDifference() {
	a, _ := origin.Parse("http://localhost:3000")
	b, _ := origin.Parse("http://localhost:8080")
	fmt.Printf("%+v\n", origin.Difference(a, b))
	fmt.Println(origin.SameSite(a, b))
	// Output:
	// {Scheme:false Host:false Port:true}
	// true
}
