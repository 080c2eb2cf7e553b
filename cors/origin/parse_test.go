package origin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/concors/concors/cors/origin"
)

func TestParse(t *testing.T) {
	label := strings.Repeat("a", 63)
	longHost := strings.Repeat(label+".", 3) + strings.Repeat("a", 61) // 253 bytes
	longScheme := strings.Repeat("a", 64)
	tests := []struct {
		name, in string
		want     bool
	}{
		{"https", "https://a.example", true},
		{"http", "http://a.example", true},
		{"port", "https://a.example:8443", true},
		{"one label", "http://localhost", true},
		{"one label and port", "http://localhost:3000", true},
		{"port zero", "http://localhost:0", true},
		{"largest port", "http://localhost:65535", true},
		{"default port of the other scheme", "http://a.example:443", true},
		{"A-label", "https://xn--bcher-kva.example", true},
		{"digits and hyphens", "https://1.a-b--c.2x", true},
		{"extension", "chrome-extension://abcdefghijklmnopabcdefghijklmnop", true},
		{"extension by UUID", "moz-extension://0f9c3a9e-2b0c-4a8e-9a57-6f2f6d8f2f11", true},
		{"app", "capacitor://localhost", true},
		{"every scheme byte", "a0+-.://h", true},
		{"longest host", "https://" + longHost, true},
		{"longest scheme, host and port", longScheme + "://" + longHost + ":65535", true},
		{"IPv4", "http://127.0.0.1:8080", true},
		{"largest IPv4", "http://255.255.255.255", true},
		{"IPv6", "http://[2001:db8::1]", true},
		{"IPv6 and port", "http://[::1]:8080", true},
		{"IPv6 unspecified", "http://[::]", true},
		{"IPv6 not compressed", "http://[1:2:3:4:5:6:7:8]", true},
		{"IPv6 one zero", "http://[1:0:3:4:5:6:7:8]", true},
		{"IPv6 compressed at the start", "http://[::3:4:5:6:7:8]", true},
		{"IPv6 compressed at the end", "http://[1:2:3:4:5:6::]", true},
		{"IPv6 first of two runs", "http://[1::2:3:0:0:4]", true},
		{"IPv6 longer of two runs", "http://[1:0:0:2::4]", true},

		{"empty", "", false},
		{"wildcard", "*", false},
		{"null in upper case", "NULL", false},
		{"null and a space", "null ", false},
		{"scheme only", "https://", false},
		{"no scheme", "a.example", false},
		{"no scheme, slashes", "//a.example", false},
		{"no slashes", "https:a.example", false},
		{"one slash", "https:/a.example", false},
		{"three slashes", "https:///a.example", false},
		{"trailing slash", "https://a.example/", false},
		{"path", "https://a.example/b", false},
		{"query", "https://a.example?b", false},
		{"fragment", "https://a.example#b", false},
		{"credentials", "https://u@a.example", false},
		{"two", "https://a.example https://b.example", false},
		{"list", "https://a.example, https://b.example", false},
		{"space in front", " https://a.example", false},
		{"space behind", "https://a.example ", false},
		{"newline behind", "https://a.example\n", false},
		{"NUL behind", "https://a.example\x00", false},
		{"wildcard host", "https://*.a.example", false},
		{"scheme in upper case", "HTTPS://a.example", false},
		{"scheme that starts with a digit", "1https://a.example", false},
		{"scheme with an underscore", "a_b://a.example", false},
		{"scheme too long", longScheme + "a://h", false},
		{"host in upper case", "https://A.example", false},
		{"host outside ASCII", "https://bücher.example", false},
		{"underscore", "https://a_b.example", false},
		{"trailing dot", "https://a.example.", false},
		{"leading dot", "https://.a.example", false},
		{"empty label", "https://a..example", false},
		{"a dot", "https://.", false},
		{"leading hyphen", "https://-a.example", false},
		{"trailing hyphen", "https://a-.example", false},
		{"percent sign", "https://a%2e.example", false},
		{"host too long", "https://" + longHost + "a", false},
		{"everything too long", strings.Repeat("https://a.example", 1<<16), false},
		{"empty port", "https://a.example:", false},
		{"port with a leading zero", "https://a.example:08443", false},
		{"port too large", "https://a.example:65536", false},
		{"port far too large", "https://a.example:18446744073709551617", false},
		{"port with a sign", "https://a.example:+1", false},
		{"port with a letter", "https://a.example:8o", false},
		{"two ports", "https://a.example:1:2", false},
		{"default port of https", "https://a.example:443", false},
		{"default port of http", "http://a.example:80", false},
		{"port only", "https://:8443", false},
		{"IPv4 with a leading zero", "http://127.0.0.01", false},
		{"IPv4 too large", "http://127.0.0.256", false},
		{"IPv4 too short", "http://127.1", false},
		{"IPv4 too long", "http://1.2.3.4.5", false},
		{"IPv4 as one number", "http://2130706433", false},
		{"IPv4 in hexadecimal", "http://0x7f.1", false},
		{"hexadecimal last label", "http://a.0x7f", false},
		{"hexadecimal prefix as last label", "http://a.0x", false},
		{"number as last label", "http://a.1", false},
		{"IPv6 without brackets", "http://::1", false},
		{"IPv6 unclosed", "http://[::1", false},
		{"IPv6 not opened", "http://::1]", false},
		{"IPv6 text behind", "http://[::1]a", false},
		{"IPv6 in upper case", "http://[2001:DB8::1]", false},
		{"IPv6 leading zero", "http://[2001:0db8::1]", false},
		{"IPv6 not compressed enough", "http://[0:0:0:0:0:0:0:1]", false},
		{"IPv6 compressed for one zero", "http://[1::3:4:5:6:7:8]", false},
		{"IPv6 compressed for nothing", "http://[1:2:3:4::5:6:7:8]", false},
		{"IPv6 compressed at the second run", "http://[1:0:0:2:3::4]", false},
		{"IPv6 compressed at the shorter run", "http://[1::2:0:0:0:4]", false},
		{"IPv6 compressed in part", "http://[1:0::4]", false},
		{"IPv6 compressed in part, from the start of the run", "http://[1::0:4]", false},
		{"IPv6 unspecified, compressed in part", "http://[::0]", false},
		{"IPv6 two compressions", "http://[1::2::3]", false},
		{"IPv6 three colons", "http://[1:::2]", false},
		{"IPv6 with IPv4", "http://[::ffff:1.2.3.4]", false},
		{"IPv6 zone", "http://[fe80::1%25eth0]", false},
		{"IPv6 too short", "http://[1:2:3]", false},
		{"IPv6 too long", "http://[1:2:3:4:5:6:7:8:9]", false},
		{"IPv6 colon at the end", "http://[1:2:3:4:5:6:7:]", false},
		{"IPv6 colon at the start", "http://[:1:2:3:4:5:6:7]", false},
		{"IPv6 piece too long", "http://[12345::]", false},
		{"IPv6 empty", "http://[]", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, ok := origin.Parse(test.in)
			if ok != test.want {
				t.Fatalf("got %v, want %v", ok, test.want)
			}
			if !ok {
				if o != (origin.Origin{}) {
					t.Errorf("got %+v, want the zero value", o)
				}
				return
			}
			if o.IsOpaque() || o.String() != test.in {
				t.Errorf("got %q, want a tuple that serializes as it came", o)
			}
			if fromURL, err := origin.FromURL(test.in); err != nil || isKnown(o) && fromURL != o {
				t.Errorf("as a URL: got %q, %v, want the same", fromURL, err)
			}
		})
	}
	t.Run("null", func(t *testing.T) {
		if o, ok := origin.Parse("null"); !ok || o != (origin.Origin{}) || origin.SameOrigin(o, o) {
			t.Errorf("got %+v, %v, want the zero value", o, ok)
		}
	})
}

// isSpecial reports whether the URL parser reads hosts of the scheme; those of other schemes are just text to it.
func isSpecial(o origin.Origin) bool {
	switch o.Scheme() {
	case "http", "https", "ws", "wss", "ftp":
		return true
	}
	return false
}

// isKnown reports whether URLs of the scheme have tuple origins.
func isKnown(o origin.Origin) bool {
	switch o.Scheme() {
	case "chrome-extension", "moz-extension", "safari-web-extension", "capacitor", "ionic",
		"tauri", "app":
		return true
	}
	return isSpecial(o)
}

func TestParseParts(t *testing.T) {
	tests := []struct {
		in, scheme, host      string
		port, effective       int
		hasPort, hasEffective bool
	}{
		{"https://a.example", "https", "a.example", 0, 443, false, true},
		{"http://a.example:443", "http", "a.example", 443, 443, true, true},
		{"http://a.example:0", "http", "a.example", 0, 0, true, true},
		{"http://[2001:db8::1]:8080", "http", "[2001:db8::1]", 8080, 8080, true, true},
		{"http://[::1]", "http", "[::1]", 0, 80, false, true},
		{"app://x", "app", "x", 0, 0, false, false},
		{"null", "", "", 0, 0, false, false},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			o, ok := origin.Parse(test.in)
			if !ok {
				t.Fatal("got false")
			}
			if o.Scheme() != test.scheme || o.Host() != test.host {
				t.Errorf("got scheme %q, host %q, want %q, %q", o.Scheme(), o.Host(), test.scheme, test.host)
			}
			if port, ok := o.Port(); port != test.port || ok != test.hasPort {
				t.Errorf("Port: got %d, %v, want %d, %v", port, ok, test.port, test.hasPort)
			}
			if port, ok := o.EffectivePort(); port != test.effective || ok != test.hasEffective {
				t.Errorf("EffectivePort: got %d, %v, want %d, %v", port, ok, test.effective, test.hasEffective)
			}
		})
	}
}

func TestParseDoesNotAllocate(t *testing.T) {
	for _, in := range []string{
		"https://app.a.example", "https://app.a.example:8443", "http://[2001:db8::1]:8080", "http://127.0.0.1", "null",
		"https://A.example", "https://a.example:443", "http://[1::2::3]", strings.Repeat("https://a.example", 1000),
	} {
		t.Run(in[:min(len(in), 30)], func(t *testing.T) {
			got := testing.AllocsPerRun(100, func() {
				o, _ := origin.Parse(in)
				if o.String() == "" || origin.SameOrigin(o, origin.Origin{}) {
					t.Fatal("impossible")
				}
			})
			if got != 0 {
				t.Errorf("got %v allocations, want none", got)
			}
		})
	}
}

// FuzzParse checks that what is accepted serializes to what it was, and that a URL parser agrees on what it means.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"null", "https://a.example", "http://[::1]:8080", "http://127.0.0.1", "http://[1:0:0:2::4]", "https://a.example:443",
		"https://a_b.example", "http://0x7f.1", "app://x", "https://xn--bcher-kva.example", "http://1.2.3.4:0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, ok := origin.Parse(s)
		if !ok {
			// What a browser serializes and Parse refuses must be outside the grammar.
			u, err := origin.FromURL(s)
			if err == nil && u.String() == s && isSpecial(u) && isInGrammar(u.Host()) {
				t.Fatalf("Parse refuses %q, which a browser can send", s)
			}
			return
		}
		if got := o.String(); got != s {
			t.Fatalf("Parse(%q) serializes to %q", s, got)
		}
		if o.IsOpaque() {
			if s != "null" {
				t.Fatalf("Parse(%q) is opaque", s)
			}
			return
		}
		if !isKnown(o) {
			return
		}
		u, err := origin.FromURL(s)
		if err != nil || u != o || !origin.SameOrigin(u, o) {
			t.Fatalf("Parse(%q) is %+v; as a URL it is %+v, %v", s, o, u, err)
		}
	})
}

// isInGrammar reports whether a host that a URL parser made is inside the grammar of the Origin header, for the lengths
// that Parse reads.
func isInGrammar(host string) bool {
	if len(host) > 253 {
		return false
	}
	if strings.HasPrefix(host, "[") {
		return true
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
		if strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
	}
	return true
}

func ExampleParse() {
	for _, value := range []string{"https://app.example:8443", "null", "https://app.example/", "https://APP.example"} {
		o, ok := origin.Parse(value)
		fmt.Println(value, ok, o.IsOpaque())
	}
	// Output:
	// https://app.example:8443 true false
	// null true true
	// https://app.example/ false true
	// https://APP.example false true
}

func BenchmarkParse(b *testing.B) {
	for _, bench := range []struct {
		name, in string
		want     bool
	}{
		{"domain", "https://app.a.example", true},
		{"domain and port", "https://app.a.example:8443", true},
		{"IPv6", "http://[2001:db8::1]:8080", true},
		{"null", "null", true},
		{"hostile", "https://" + strings.Repeat("a.", 1<<16), false},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := origin.Parse(bench.in); ok != bench.want {
					b.Fatal(ok)
				}
			}
		})
	}
}
