package weburl_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/concors/concors/cors/weburl"
)

type parseRow struct {
	name  string
	input string
	base  string // empty for none
	want  string // the serialization, or empty if it is refused
}

func parseRows() []parseRow {
	return []parseRow{
		{"plain", "https://a.example/b/c?d=e#f", "", "https://a.example/b/c?d=e#f"},
		{"no path", "https://a.example", "", "https://a.example/"},
		{"query without path", "https://a.example?q", "", "https://a.example/?q"},
		{"fragment without path", "https://a.example#f", "", "https://a.example/#f"},
		{"empty query and fragment stay", "https://a.example/?#", "", "https://a.example/?#"},
		{"scheme and host in upper case", "HTTPS://A.EXAMPLE/Path", "", "https://a.example/Path"},
		{"space and controls around", " \x00\x1f https://a.example/ \n\x01", "", "https://a.example/"},
		{"tab and newline within", "ht\ttps:/\n/a.ex\rample/b\tc", "", "https://a.example/bc"},
		{"ill-formed UTF-8", "https://a.example/\xff", "", "https://a.example/%EF%BF%BD"},
		{"empty", "", "", ""},
		{"only space", "  ", "", ""},
		{"no scheme", "a.example/b", "", ""},
		{"scheme that starts with a digit", "1http://a.example/", "", ""},
		{"scheme with an underscore", "a_b://a.example/", "", ""},
		{"scheme without a colon", "https", "", ""},

		{"one slash", "https:/a.example/b", "", "https://a.example/b"},
		{"no slash", "https:a.example/b", "", "https://a.example/b"},
		{"many slashes", "https://///a.example//b", "", "https://a.example//b"},
		{"backslashes", `https:\\a.example\b\c?d\e#f\g`, "", `https://a.example/b/c?d\e#f\g`},
		{"backslash ends the host", `https://a.example\@b.example/`, "", "https://a.example/@b.example/"},
		{"backslash in another scheme", `foo://a\b`, "", ""},
		{"backslash in another scheme's path", `foo://a/\b`, "", `foo://a/\b`},
		{"no host", "https://", "", ""},
		{"no host, a port", "https://:80/", "", ""},
		{"no host, a query", "https://?q", "", ""},
		{"slashes only", "https:///", "", ""},

		{"credentials", "https://user:pass@a.example/", "", "https://user:pass@a.example/"},
		{"empty credentials", "https://:@a.example/", "", "https://a.example/"},
		{"at sign only", "https://@a.example/", "", "https://a.example/"},
		{"username only", "https://user:@a.example/", "", "https://user@a.example/"},
		{"password only", "https://:pass@a.example/", "", "https://:pass@a.example/"},
		{"two at signs", "https://a@b@c.example/", "", "https://a%40b@c.example/"},
		{"colons in the password", "https://a:b:c@d.example/", "", "https://a:b%3Ac@d.example/"},
		{"credentials to encode", "https://ü|^;=[]'%@a.example/", "", "https://%C3%BC%7C%5E%3B%3D%5B%5D'%@a.example/"},
		{"credentials without a host", "https://user@/", "", ""},
		{"credentials without a host, other scheme", "foo://user@/", "", ""},
		{"at sign in the path", "https://a.example/@b", "", "https://a.example/@b"},

		{"default port of https", "https://a.example:443/", "", "https://a.example/"},
		{"default port of http", "http://a.example:80/", "", "http://a.example/"},
		{"default port of ws", "ws://a.example:80/", "", "ws://a.example/"},
		{"default port of wss", "wss://a.example:443/", "", "wss://a.example/"},
		{"default port of ftp", "ftp://a.example:21/", "", "ftp://a.example/"},
		{"default port of the other scheme", "http://a.example:443/", "", "http://a.example:443/"},
		{"no default port", "foo://a.example:80/", "", "foo://a.example:80/"},
		{"port with leading zeros", "https://a.example:008443/", "", "https://a.example:8443/"},
		{"default port with leading zeros", "https://a.example:00443/", "", "https://a.example/"},
		{"port zero", "https://a.example:0/", "", "https://a.example:0/"},
		{"empty port", "https://a.example:/", "", "https://a.example/"},
		{"largest port", "https://a.example:65535/", "", "https://a.example:65535/"},
		{"port too large", "https://a.example:65536/", "", ""},
		{"port far too large", "https://a.example:99999999999999999999/", "", ""},
		{"port with a letter", "https://a.example:8o/", "", ""},
		{"negative port", "https://a.example:-1/", "", ""},
		{"two ports", "https://a.example:80:81/", "", ""},

		{"international host", "https://BÜCHER.example/", "", "https://xn--bcher-kva.example/"},
		{"decomposed international host", "https://bu\u0308cher.example/", "", "https://xn--bcher-kva.example/"},
		{"percent-encoded international host", "https://b%C3%BCcher.example/", "", "https://xn--bcher-kva.example/"},
		{"sharp s", "https://faß.example/", "", "https://xn--fa-hia.example/"},
		{"final sigma", "https://βόλος.example/", "", "https://xn--nxasmm1c.example/"},
		{"emoji", "https://☕.example/", "", "https://xn--53h.example/"},
		{"full-width letters", "https://ＧＯ.example/", "", "https://go.example/"},
		{"full-width digits are a number", "https://１２７.1/", "", "https://127.0.0.1/"},
		{"ideographic full stop", "https://a。example/", "", "https://a.example/"},
		{"ignored characters", "https://a\u00adb\u2060.example/", "", "https://ab.example/"},
		{"nothing but ignored characters", "https://\u00ad/", "", ""},
		{"joiner in context", "https://क्\u200dष.example/", "", "https://xn--11b2ezcw70k.example/"},
		{"joiner out of context", "https://a\u200db.ü/", "", ""},
		{"combining mark first", "https://\u0301a.ü/", "", ""},
		{"right-to-left label", "https://אב.example/", "", "https://xn--4dbc.example/"},
		{"right-to-left label that ends in a letter", "https://אa.example/", "", ""},
		{"private use", "https://\ue000.example/", "", ""},
		{"replacement character", "https://\ufffd.example/", "", ""},
		{"percent-encoded bytes that are not UTF-8", "https://a%ff.example/", "", ""},
		{"A-label", "https://xn--bcher-kva.example/", "", "https://xn--bcher-kva.example/"},
		{"A-label in upper case", "https://XN--BCHER-KVA.example/", "", "https://xn--bcher-kva.example/"},
		{"A-label beside an international one", "https://xn--bcher-kva.ü/", "", "https://xn--bcher-kva.xn--tda/"},
		{"invalid Punycode beside an international label", "https://xn--a.ü/", "", ""},
		{"ASCII behind xn-- beside an international label", "https://xn--abc-.ü/", "", ""},
		{"nothing behind xn-- beside an international label", "https://xn--.ü/", "", ""},
		{"non-ASCII behind xn--", "https://xn--ü-1.example/", "", ""},
		{"non-ASCII behind full-width xn--", "https://ｘｎ－－-ü1-.example/", "", ""},
		{"underscore", "https://a_b.example/", "", "https://a_b.example/"},
		{"hyphens", "https://-a-.b--c.example/", "", "https://-a-.b--c.example/"},
		{"odd but permitted", "https://!$&'()*+,;=~`{}\".example/", "", "https://!$&'()*+,;=~`{}\".example/"},
		{"trailing dot", "https://a.example./", "", "https://a.example./"},
		{"empty labels", "https://.a..example/", "", "https://.a..example/"},
		{"a dot", "https://./", "", "https://./"},
		{"percent-encoded letter", "https://%41.example/", "", "https://a.example/"},
		{"percent-encoded dot", "https://a%2Eexample/", "", "https://a.example/"},
		{"percent-encoded slash", "https://a%2fb/", "", ""},
		{"percent-encoded NUL", "https://a%00b/", "", ""},
		{"percent sign", "https://a%b/", "", ""},
		{"percent-encoded percent sign", "https://a%25b/", "", ""},
		{"space in the host", "https://a b/", "", ""},
		{"angle bracket in the host", "https://a<b/", "", ""},
		{"circumflex in the host", "https://a^b/", "", ""},
		{"bar in the host", "https://a|b/", "", ""},
		{"closing bracket in the host", "https://a]b/", "", ""},
		{"DEL in the host", "https://a\x7fb/", "", ""},

		{"IPv4", "https://127.0.0.1/", "", "https://127.0.0.1/"},
		{"one decimal number", "https://2130706433/", "", "https://127.0.0.1/"},
		{"short IPv4", "https://127.1/", "", "https://127.0.0.1/"},
		{"three numbers", "https://127.0.1/", "", "https://127.0.0.1/"},
		{"hexadecimal", "https://0x7F.1/", "", "https://127.0.0.1/"},
		{"one hexadecimal number", "https://0x7f000001/", "", "https://127.0.0.1/"},
		{"octal", "https://0177.0.0.01/", "", "https://127.0.0.1/"},
		{"hexadecimal prefix only", "https://0x/", "", "https://0.0.0.0/"},
		{"IPv4 with a trailing dot", "https://127.0.0.1./", "", "https://127.0.0.1/"},
		{"largest number", "https://4294967295/", "", "https://255.255.255.255/"},
		{"number too large", "https://4294967296/", "", ""},
		{"number far too large", "https://0xfffffffffffffffffffffffff/", "", ""},
		{"first number too large", "https://256.1/", "", ""},
		{"last of four too large", "https://1.2.3.256/", "", ""},
		{"last of three too large", "https://1.2.65536/", "", ""},
		{"five numbers", "https://1.2.3.4.5/", "", ""},
		{"not octal", "https://09/", "", ""},
		{"ends in a number", "https://a.example.255/", "", ""},
		{"empty part", "https://1..2/", "", ""},
		{"two trailing dots", "https://1.2.3.4../", "", "https://1.2.3.4../"},
		{"not hexadecimal", "https://0xg/", "", "https://0xg/"},
		{"number before a name", "https://1.2.3.a/", "", "https://1.2.3.a/"},
		{"IPv4 in another scheme", "foo://0x7f.1/", "", "foo://0x7f.1/"},

		{"IPv6", "https://[2001:DB8::1]:8443/", "", "https://[2001:db8::1]:8443/"},
		{"IPv6 loopback", "https://[0:0:0:0:0:0:0:1]/", "", "https://[::1]/"},
		{"IPv6 unspecified", "https://[::]/", "", "https://[::]/"},
		{"IPv6 leading zeros", "https://[0001:000f::]/", "", "https://[1:f::]/"},
		{"IPv6 with IPv4", "https://[::ffff:1.2.3.4]/", "", "https://[::ffff:102:304]/"},
		{"IPv6 with IPv4 only", "https://[::1.2.3.4]/", "", "https://[::102:304]/"},
		{"IPv6 one zero is not compressed", "https://[1:0:1:1:1:1:1:1]/", "", "https://[1:0:1:1:1:1:1:1]/"},
		{"IPv6 compressed for one zero", "https://[1::1:1:1:1:1:1]/", "", "https://[1:0:1:1:1:1:1:1]/"},
		{"IPv6 first of two runs", "https://[1:0:0:2:3:0:0:4]/", "", "https://[1::2:3:0:0:4]/"},
		{"IPv6 longer of two runs", "https://[1:0:0:2:0:0:0:4]/", "", "https://[1:0:0:2::4]/"},
		{"IPv6 compressed in the wrong place", "https://[1::2:0:0:0:4]/", "", "https://[1:0:0:2::4]/"},
		{"IPv6 run at the end", "https://[1:2:3:4:5:6::]/", "", "https://[1:2:3:4:5:6::]/"},
		{"IPv6 in another scheme", "foo://[0::1]/", "", "foo://[::1]/"},
		{"IPv6 with a zone", "https://[fe80::1%25eth0]/", "", ""},
		{"IPv6 unclosed", "https://[::1/", "", ""},
		{"IPv6 with text behind", "https://[::1]a/", "", ""},
		{"IPv6 empty", "https://[]/", "", ""},
		{"IPv6 one colon", "https://[:]/", "", ""},
		{"IPv6 two compressions", "https://[1::2::3]/", "", ""},
		{"IPv6 three colons", "https://[1:::2]/", "", ""},
		{"IPv6 colon at the end", "https://[1:2:3:4:5:6:7:]/", "", ""},
		{"IPv6 too few pieces", "https://[1:2:3:4:5:6:7]/", "", ""},
		{"IPv6 too many pieces", "https://[1:2:3:4:5:6:7:8:9]/", "", ""},
		{"IPv6 compression of nothing", "https://[1:2:3:4::5:6:7:8]/", "", ""},
		{"IPv6 piece too long", "https://[12345::]/", "", ""},
		{"IPv6 not hexadecimal", "https://[g::]/", "", ""},
		{"IPv6 IPv4 too short", "https://[::1.2.3]/", "", ""},
		{"IPv6 IPv4 too long", "https://[::1.2.3.4.5]/", "", ""},
		{"IPv6 IPv4 leading zero", "https://[::01.2.3.4]/", "", ""},
		{"IPv6 IPv4 too large", "https://[::1.2.3.256]/", "", ""},
		{"IPv6 IPv4 in the middle", "https://[1.2.3.4::]/", "", ""},
		{"IPv6 IPv4 without room", "https://[1:2:3:4:5:6:7:1.2.3.4]/", "", ""},
		{"IPv6 IPv4 with nothing before the dot", "https://[::.1.2.3]/", "", ""},

		{"dot segments", "https://a.example/a/./b/../c", "", "https://a.example/a/c"},
		{"dot segments at the end", "https://a.example/a/b/..", "", "https://a.example/a/"},
		{"dot at the end", "https://a.example/a/.", "", "https://a.example/a/"},
		{"dot segments beyond the root", "https://a.example/../../a", "", "https://a.example/a"},
		{"percent-encoded dots", "https://a.example/a/%2e/b/.%2E/%2e%2e/c", "", "https://a.example/c"},
		{"three dots", "https://a.example/.../a", "", "https://a.example/.../a"},
		{"dots in a name", "https://a.example/.a/..b/c..", "", "https://a.example/.a/..b/c.."},
		{"empty segments", "https://a.example//a//../b", "", "https://a.example//a/b"},
		{"path to encode", "https://a.example/ \"<>^`{}é|'[]", "", "https://a.example/%20%22%3C%3E%5E%60%7B%7D%C3%A9|'[]"},
		{"path with percent signs", "https://a.example/%zz%4", "", "https://a.example/%zz%4"},
		{"path encoding is kept", "https://a.example/%41%2f", "", "https://a.example/%41%2f"},
		{"query to encode", "https://a.example/? \"<>'`^é#", "", "https://a.example/?%20%22%3C%3E%27`^%C3%A9#"},
		{"query of another scheme", "foo://a/?'", "", "foo://a/?'"},
		{"fragment to encode", "https://a.example/# \"<>`'^é#", "", "https://a.example/#%20%22%3C%3E%60'^%C3%A9#"},

		{"other scheme", "foo://A%41é.example:81/../b", "", "foo://A%41%C3%A9.example:81/b"},
		{"other scheme without a path", "foo://a", "", "foo://a"},
		{"other scheme, empty host", "foo:///a", "", "foo:///a"},
		{"other scheme, empty host and path", "foo://", "", "foo://"},
		{"other scheme, empty host and port", "foo://:80", "", ""},
		{"other scheme, forbidden host", "foo://a b", "", ""},
		{"other scheme, path only", "foo:/a/../b", "", "foo:/b"},
		{"other scheme, two dots only", "foo:/..", "", "foo:/"},
		{"path that looks like a host", "foo:/.//a", "", "foo:/.//a"},
		{"path that came to look like a host", "foo:/a/..//b", "", "foo:/.//b"},
		{"extension", "chrome-extension://abcdefghijklmnop/x.html", "", "chrome-extension://abcdefghijklmnop/x.html"},

		{"opaque path", "mailto:a@b.example", "", "mailto:a@b.example"},
		{"data", "data:text/html,<b> \"é", "", "data:text/html,<b> \"%C3%A9"},
		{"javascript", "JavaScript:alert(1)//?a#b", "", "javascript:alert(1)//?a#b"},
		{"blob", "blob:https://a.example/uuid", "", "blob:https://a.example/uuid"},
		{"about", "about:blank", "", "about:blank"},
		{"opaque path, no dots resolved", "foo:a/../b", "", "foo:a/../b"},
		{"opaque path that ends in spaces", "foo:a  ", "", "foo:a"},
		{"opaque path with spaces before a query", "foo:a  ?b", "", "foo:a %20?b"},
		{"opaque path with a space before a fragment", "foo:a #b", "", "foo:a%20#b"},
		{"empty opaque path", "foo:", "", "foo:"},
		{"opaque path, query", "foo:?q", "", "foo:?q"},

		{"file", "file:///a/b", "", "file:///a/b"},
		{"file without slashes", "file:a", "", "file:///a"},
		{"file with one slash", "file:/a", "", "file:///a"},
		{"file with a host", "file://server/a", "", "file://server/a"},
		{"file with localhost", "file://localhost/a", "", "file:///a"},
		{"file with localhost in upper case", "file://LOCALHOST/a", "", "file:///a"},
		{"file with a port", "file://a:80/b", "", ""},
		{"file with credentials", "file://u@a/b", "", ""},
		{"file with backslashes", `file:\\server\a`, "", "file://server/a"},
		{"file with many slashes", "file:////a", "", "file:////a"},
		{"file, empty", "file:", "", "file:///"},
		{"drive letter", "file:///C:/a/../..", "", "file:///C:/"},
		{"drive letter with a bar", "file:///C|/a", "", "file:///C:/a"},
		{"drive letter as host", "file://C:/a", "", "file:///C:/a"},
		{"drive letter with a bar as host", `file:\\c|\a`, "", "file:///c:/a"},
		{"drive letter in another scheme", "https://a.example/C|/a", "", "https://a.example/C|/a"},
		{"drive letter not first", "file:///a/C|/..", "", "file:///a/"},
		{"drive letter and a query", "file:C|?q", "", "file:///C:?q"},

		{"relative path", "c", "https://a.example/a/b?q#f", "https://a.example/a/c"},
		{"relative empty", "", "https://a.example/a/b?q#f", "https://a.example/a/b?q"},
		{"relative query", "?r", "https://a.example/a/b?q#f", "https://a.example/a/b?r"},
		{"relative fragment", "#g", "https://a.example/a/b?q#f", "https://a.example/a/b?q#g"},
		{"relative root", "/c", "https://a.example/a/b?q#f", "https://a.example/c"},
		{"relative root by backslash", `\c`, "https://a.example/a/b", "https://a.example/c"},
		{"relative dots", "../../../c", "https://a.example/a/b/", "https://a.example/c"},
		{"relative host", "//b.example/c", "https://u:p@a.example:8443/a", "https://b.example/c"},
		{"relative host by backslashes", `\/b.example`, "https://a.example/a", "https://b.example/"},
		{"relative keeps credentials and port", "c", "https://u:p@a.example:8443/a", "https://u:p@a.example:8443/c"},
		{"relative with the scheme of the base", "https:c", "https://a.example/a/b", "https://a.example/a/c"},
		{"relative root with the scheme of the base", "https:/c", "https://a.example/a/b", "https://a.example/c"},
		{"another special scheme", "http:c", "https://a.example/a/b", "http://c/"},
		{"absolute", "foo:c", "https://a.example/a/b", "foo:c"},
		{"colon in a relative path", "./a:b", "https://a.example/c", "https://a.example/a:b"},
		{"relative without a host", "//", "https://a.example/", ""},
		{"relative to another scheme", "c", "foo://a/b/x", "foo://a/b/c"},
		{"relative to another scheme without a path", "c", "foo://a", "foo://a/c"},
		{"relative host in another scheme", "//B/c", "foo://a/b", "foo://B/c"},
		{"relative to an opaque path", "c", "mailto:a", ""},
		{"relative query to an opaque path", "?c", "mailto:a", ""},
		{"relative fragment to an opaque path", "#c", "mailto:a?b#d", "mailto:a?b#c"},
		{"relative fragment later than its start", "x#c", "mailto:a", ""},
		{"empty to an opaque path", "", "mailto:a", ""},
		{"relative file", "c", "file://server/a/b", "file://server/a/c"},
		{"relative file root", "/c", "file://server/a/b", "file://server/c"},
		{"relative file host", "//other/c", "file://server/a/b", "file://other/c"},
		{"relative file keeps the drive", "/c", "file:///C:/a/b", "file:///C:/c"},
		{"relative file dots keep the drive", "../../..", "file:///C:/a/b", "file:///C:/"},
		{"relative file with a drive", "D|/c", "file:///C:/a/b", "file:///D:/c"},
		{"relative file root with a drive", "/D|/c", "file:///C:/a/b", "file:///D:/c"},
		{"relative file query", "?r", "file:///C:/a/b?q", "file:///C:/a/b?r"},
		{"relative file fragment", "#g", "file:///C:/a/b?q", "file:///C:/a/b?q#g"},
		{"relative file empty", "", "file:///C:/a/b?q#f", "file:///C:/a/b?q"},
		{"relative file with the scheme", "file:c", "file:///a/b", "file:///a/c"},
		{"file with an https base", "file:c", "https://a.example/b", "file:///c"},
	}
}

func mustParse(t testing.TB, s string) *weburl.URL {
	t.Helper()
	u, err := weburl.Parse(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestParse(t *testing.T) {
	for _, row := range parseRows() {
		t.Run(row.name, func(t *testing.T) {
			var base *weburl.URL
			if row.base != "" {
				base = mustParse(t, row.base)
			}
			u, err := weburl.Parse(row.input, base)
			if row.want == "" {
				if err == nil {
					t.Fatalf("got %q, want an error", u)
				}
				urlErr, ok := errors.AsType[*weburl.Error](err)
				if !ok || u != nil || urlErr.Input != row.input || urlErr.Reason == "" {
					t.Errorf("got %v, %#v, want nil and an Error with input and reason", u, err)
				}
				return
			}
			if err != nil {
				t.Fatalf("got %v, want %q", err, row.want)
			}
			if got := u.String(); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestParseComponents(t *testing.T) {
	tests := []struct {
		name  string
		input string
		want  weburl.URL
	}{
		{"all", "https://u:p@a.example:8443/b?c#d", weburl.URL{
			Scheme: "https", Username: "u", Password: "p", Host: "a.example", HasHost: true, Port: 8443, Path: "/b",
			Query: "c", HasQuery: true, Fragment: "d", HasFragment: true,
		}},
		{"none", "foo:", weburl.URL{Scheme: "foo", Port: -1, OpaquePath: true}},
		{"empty", "foo://?#", weburl.URL{Scheme: "foo", HasHost: true, Port: -1, HasQuery: true, HasFragment: true}},
		{"path without a host", "foo:/a", weburl.URL{Scheme: "foo", Port: -1, Path: "/a"}},
		{"file has a host", "file:a", weburl.URL{Scheme: "file", HasHost: true, Port: -1, Path: "/a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := mustParse(t, test.input); *got != test.want {
				t.Errorf("got %+v, want %+v", *got, test.want)
			}
		})
	}
}

func TestParseDoesNotModifyBase(t *testing.T) {
	base := mustParse(t, "https://u:p@a.example:8443/b/c?d#e")
	before := *base
	for _, ref := range []string{"../x?y#z", "//b.example", "https:x"} {
		if _, err := weburl.Parse(ref, base); err != nil {
			t.Fatal(err)
		}
	}
	if *base != before {
		t.Errorf("got %+v, want %+v", *base, before)
	}
}

// TestParseHostileInput would take minutes if any of it took time in the square of the input's length.
func TestParseHostileInput(t *testing.T) {
	const n = 1 << 20
	tests := []struct {
		name, input string
	}{
		{"spaces", strings.Repeat(" ", n)},
		{"slashes", "https:" + strings.Repeat("/", n)},
		{"at signs", "https://" + strings.Repeat("@", n) + "a.example"},
		{"labels", "https://" + strings.Repeat("a.", n)},
		{"numbers", "https://" + strings.Repeat("1.", n)},
		{"digits", "https://" + strings.Repeat("9", n)},
		{"port", "https://a:" + strings.Repeat("0", n)},
		{"percent-encoded host", "https://" + strings.Repeat("%41", n)},
		{"international label", "https://" + strings.Repeat("üñ", n)},
		{"international labels", "https://" + strings.Repeat("ü。", n)},
		{"brackets", "https://" + strings.Repeat("[", n)},
		{"dots", "https://a/" + strings.Repeat("../", n)},
		{"names and dots", "https://a/" + strings.Repeat("a/", n) + strings.Repeat("../", n)},
		{"file dots", "file:///C:/" + strings.Repeat("%2e%2e/", n)},
		{"path to encode", "https://a/" + strings.Repeat("^", n)},
		{"newlines", "https://a/" + strings.Repeat("\n", n)},
		{"ill-formed", "https://a/" + strings.Repeat("\xff.", n)},
		{"scheme", strings.Repeat("a", n)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := weburl.Parse(test.input, nil)
			if err != nil && len(err.Error()) > 2000 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
		})
	}
}

func TestParseAllocations(t *testing.T) {
	tests := []struct {
		name, input string
		want        float64
	}{
		{"plain", "https://api.a.example/v1/users?id=1", 1},
		{"port and fragment", "http://localhost:8080/index.html#top", 1},
		{"IPv4", "http://127.0.0.1:3000/", 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := testing.AllocsPerRun(100, func() {
				if _, err := weburl.Parse(test.input, nil); err != nil {
					t.Fatal(err)
				}
			})
			if got > test.want {
				t.Errorf("got %v allocations, want at most %v", got, test.want)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	base := mustParse(b, "https://app.a.example/a/b/c?d#e")
	for _, bench := range []struct {
		name, input string
		base        *weburl.URL
	}{
		{"plain", "https://api.a.example/v1/users?id=1", nil},
		{"port", "https://api.a.example:8443/v1/users?id=1", nil},
		{"IPv6", "https://[2001:db8::1]:8443/", nil},
		{"relative", "../users?id=1", base},
		{"international", "https://bücher.example/", nil},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := weburl.Parse(bench.input, bench.base); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
