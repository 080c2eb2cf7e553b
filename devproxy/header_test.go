package devproxy

import (
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/cors/origin"
)

func TestCookieToBrowser(t *testing.T) {
	for _, row := range []struct{ name, line, oneSite, twoSites string }{
		{"everything", "sid=1; Domain=api.example; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=60",
			"sid=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=60", "sid=1; Path=/; HttpOnly; Partitioned; Max-Age=60; Secure; SameSite=None"},
		{"nothing", "sid=1", "sid=1", "sid=1; Secure; SameSite=None"},
		{"other cases", "sid=1;DOMAIN=a;SECURE;samesite = NONE ;path=/x", "sid=1; SameSite=Lax;path=/x", "sid=1;path=/x; Secure; SameSite=None"},
		{"Strict stays", "sid=1; SameSite=Strict", "sid=1; SameSite=Strict", "sid=1; Secure; SameSite=None"},
		{"a value with an equals sign", "sid=a=b==; Expires=Thu, 01 Jan 2026 00:00:00 GMT", "sid=a=b==; Expires=Thu, 01 Jan 2026 00:00:00 GMT",
			"sid=a=b==; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Secure; SameSite=None"},
		{"a prefix", "__Secure-sid=1; Secure", "concors__Secure-sid=1", "concors__Secure-sid=1; Secure; SameSite=None"},
		{"a prefix in another case", " __host-sid =1; Secure", "concors__host-sid=1", "concors__host-sid=1; Secure; SameSite=None"},
		{"our own", "concors__x=1", "concorsconcors__x=1", "concorsconcors__x=1; Secure; SameSite=None"},
		{"without a name", "__Host-sid", "__Host-sid", "__Host-sid; Secure; SameSite=None"},
		{"empty attributes", "sid=1;;  ;", "sid=1", "sid=1; Secure; SameSite=None"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := cookieToBrowser(row.line, true); got != row.oneSite {
				t.Errorf("one site: got %q, want %q", got, row.oneSite)
			}
			if got := cookieToBrowser(row.line, false); got != row.twoSites {
				t.Errorf("two sites: got %q, want %q", got, row.twoSites)
			}
		})
	}
}

func TestCookieToAPI(t *testing.T) {
	for _, row := range []struct{ name, line, want string }{
		{"none of ours", "a=b; concors=1", "a=b; concors=1"},
		{"ours", "a=b; concors__Host-sid=1; concors__x=2", "a=b; __Host-sid=1; __x=2"},
		{"of the API itself", "concorsconcors__x=1", "concors__x=1"},
		{"without a name", "concors__Host-sid", "concors__Host-sid"},
		{"in a value", "a=concors__x=1", "a=concors__x=1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := cookieToAPI(row.line); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// What a browser sends back is what the API has set, and the browser never sees what it would refuse.
func FuzzCookie(f *testing.F) {
	for _, line := range []string{"sid=1; Secure", "__Host-sid=1; Path=/", "concorsconcors__x=1", " =; ;", "__x", "a;b=c;samesite"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, oneSite := range []bool{true, false} {
			kept := cookieToBrowser(line, oneSite)
			pair, attributes, _ := strings.Cut(kept, ";")
			name, _, named := strings.Cut(pair, "=")
			if named && strings.HasPrefix(trimSpace(name), "__") {
				t.Errorf("%q becomes %q, which a browser refuses", line, kept)
			}
			if oneSite && strings.Contains(";"+strings.ReplaceAll(strings.ToLower(attributes), " ", "")+";", ";secure;") {
				t.Errorf("%q becomes %q, which is still Secure", line, kept)
			}
			original, _, _ := strings.Cut(line, ";")
			was, value, named := strings.Cut(original, "=")
			if want := trimSpace(was) + "=" + value; named && cookieToAPI(trimSpace(pair)) != strings.TrimLeft(want, " \t") && cookieToAPI(pair) != original {
				t.Errorf("%q goes back as %q, want %q", line, cookieToAPI(pair), want)
			}
		}
	})
}

func book(t testing.TB) *addresses {
	t.Helper()
	api, _ := origin.Parse("https://api.example")
	self, _ := origin.Parse("http://localhost:8788")
	return &addresses{api: api, self: self, target: "/v1/users?x=1"}
}

func TestAddresses(t *testing.T) {
	for _, row := range []struct{ name, text, want, elsewhere string }{
		{"the API", "https://api.example/x?y#z", "http://localhost:8788/x?y#z", ""},
		{"its port spelled out", "https://API.example:443/x", "http://localhost:8788/x", ""},
		{"without a scheme", "//api.example/x", "http://localhost:8788/x", ""},
		{"a path", "/x", "/x", ""},
		{"a relative one", "../x?y", "../x?y", ""},
		{"another port", "https://api.example:8443/", "https://api.example:8443/", "https://api.example:8443/"},
		{"another scheme", "http://api.example/", "http://api.example/", "http://api.example/"},
		{"another host", "https://login.example/a", "https://login.example/a", "https://login.example/a"},
		{"a user", "https://a:b@api.example/", "http://a:b@localhost:8788/", ""},
		{"none", "https://%", "https://%", ""},
		{"an app", "myapp://done", "myapp://done", "myapp://done"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, elsewhere := book(t).rewrite(row.text)
			there := ""
			if elsewhere != nil {
				there = elsewhere.String()
			}
			if got != row.want || there != row.elsewhere {
				t.Errorf("got %q and %q, want %q and %q", got, there, row.want, row.elsewhere)
			}
		})
	}
}

func TestRewriteHeader(t *testing.T) {
	for _, row := range []struct{ name, field, value, want string }{
		{"refresh", "Refresh", "5; url=https://api.example/x", "5; url=http://localhost:8788/x"},
		{"refresh, quoted", "Refresh", `5;URL = "https://api.example/x" rest`, `5;URL = "http://localhost:8788/x" rest`},
		{"refresh, not closed", "Refresh", `5;url='https://api.example/x`, `5;url='http://localhost:8788/x`},
		{"refresh, without the word", "Refresh", "0,https://api.example/x", "0,http://localhost:8788/x"},
		{"refresh, without a URL", "Refresh", "5", "5"},
		{"link", "Link", `<https://api.example/x?page=2>; rel="next", </y>; rel=prev, <https://api.example/>; title="<a>, \"<https://api.example/>\""`,
			`<http://localhost:8788/x?page=2>; rel="next", </y>; rel=prev, <http://localhost:8788/>; title="<a>, \"<https://api.example/>\""`},
		{"link, not closed", "Link", "<https://api.example/x", "<https://api.example/x"},
		{"content location", "Content-Location", "https://api.example/x.json", "http://localhost:8788/x.json"},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := http.Header{row.field: {row.value}}
			if elsewhere := book(t).rewriteHeader(h); elsewhere != nil {
				t.Errorf("got a redirect to %v", elsewhere)
			}
			if got := h.Get(row.field); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// What has no URL of the API in it stays as it is, and what was rewritten has nothing left to rewrite.
func FuzzAddresses(f *testing.F) {
	for _, text := range []string{"5; url=https://api.example/x", `<https://api.example/x>; rel="next"`, "//api.example", `0;url='`, `<<>>"\`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := book(t)
		for _, rewrite := range []func(string) string{a.rewriteRefresh, a.rewriteLink} {
			once := rewrite(text)
			if twice := rewrite(once); twice != once {
				t.Errorf("%q becomes %q, and then %q", text, once, twice)
			}
		}
	})
}
