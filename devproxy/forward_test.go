package devproxy_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/devproxy"
)

// Whatever the API says about CORS, the page is granted everything, and nobody else anything.
func TestGrants(t *testing.T) {
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		granting("https://myapp.example")(w, r)
		w.Header().Set("Access-Control-Max-Age", "600")
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		w.Header().Set("Strict-Transport-Security", "max-age=600")
		w.Header().Set("Vary", "Accept")
		w.Header().Set("X-Total-Count", "7")
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "tea")
	})
	g := start(t, a)
	res, body := g.ask(t, "GET", "/users?x=1", "")
	for _, row := range []struct {
		name string
		want []string
	}{
		{"Access-Control-Allow-Origin", []string{page}},
		{"Access-Control-Allow-Credentials", []string{"true"}},
		{"Access-Control-Expose-Headers", []string{"Cross-Origin-Resource-Policy, Date, Vary, X-Total-Count"}},
		{"Access-Control-Allow-Methods", nil},
		{"Access-Control-Max-Age", nil},
		{"Cross-Origin-Resource-Policy", []string{"cross-origin"}},
		{"Strict-Transport-Security", nil},
		{"Vary", []string{"Accept", "Origin"}},
	} {
		if got := res.Header.Values(row.name); !slices.Equal(got, row.want) {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
	if res.StatusCode != http.StatusTeapot || body != "tea" {
		t.Errorf("got %d %q, want the API's answer", res.StatusCode, body)
	}

	res = g.preflight(t, "PATCH", "/users", "authorization,x-anything")
	if got := res.Header; res.StatusCode != 204 || got.Get("Access-Control-Allow-Origin") != page || got.Get("Access-Control-Allow-Methods") != "PATCH" ||
		got.Get("Access-Control-Allow-Headers") != "authorization,x-anything" || got.Get("Access-Control-Max-Age") != "0" {
		t.Errorf("got %d %v, want a grant of what was asked for, for this once", res.StatusCode, got)
	}
}

// What the API is asked, beside what the page's browser would have asked it.
func TestAsked(t *testing.T) {
	const browser = "Referer: " + page + "/"
	for _, row := range []struct {
		name    string
		keep    bool
		method  string
		lines   []string
		refuses bool // the API turns the page away
		want    []string
	}{
		{"GET goes as the page's", false, "GET", []string{browser, "Sec-Fetch-Site: same-site"}, false, []string{"http://localhost:5173 http://localhost:5173/ cross-site"}},
		{"then as the API's own", false, "GET", []string{browser, "Sec-Fetch-Site: same-site"}, true,
			[]string{"http://localhost:5173 http://localhost:5173/ cross-site", "- API/ same-origin"}},
		{"not again if it is kept", true, "GET", []string{browser}, true, []string{"http://localhost:5173 http://localhost:5173/ -"}},
		{"POST goes once", false, "POST", []string{browser, "Sec-Fetch-Site: same-site"}, true, []string{"API API/ same-origin"}},
		{"or as the page's", true, "POST", []string{browser, "Sec-Fetch-Site: same-site"}, true, []string{"http://localhost:5173 http://localhost:5173/ cross-site"}},
		{"a document of the API", false, "POST", []string{"Origin: SELF", "Referer: SELF/login?x=1", "Sec-Fetch-Site: same-origin"}, false, []string{"API API/login?x=1 same-origin"}},
		{"a document of the API, kept", true, "POST", []string{"Origin: SELF", "Referer: SELF/login"}, false, []string{"API API/login -"}},
		{"a picture", false, "GET", []string{"Origin:", browser, "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"}, false, []string{"- API/ same-origin"}},
		{"an address that was typed", false, "GET", []string{"Origin:", "Sec-Fetch-Site: none"}, false, []string{"- - none"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
				if row.refuses && strings.Contains(r.Header.Get("Origin"), "localhost") {
					w.WriteHeader(http.StatusForbidden)
				}
			})
			g := start(t, a, func(c *devproxy.Config) { c.KeepOrigin = row.keep })
			lines := slices.Clone(row.lines)
			for i := range lines {
				lines[i] = strings.ReplaceAll(lines[i], "SELF", "http://localhost:"+g.port())
			}
			g.ask(t, row.method, "/a%2Fb//c;d?q=1;2&%zz", "", lines...)
			var got []string
			for _, r := range a.requests() {
				text := func(name string) string {
					if value := r.Header.Get(name); value != "" {
						return strings.ReplaceAll(value, a.URL, "API")
					}
					return "-"
				}
				got = append(got, text("Origin")+" "+text("Referer")+" "+text("Sec-Fetch-Site"))
				if r.RequestURI != "/a%2Fb//c;d?q=1;2&%zz" || r.Host != strings.TrimPrefix(a.URL, "https://") {
					t.Errorf("got %s of %s, want the target as it came, and the API's own host", r.RequestURI, r.Host)
				}
				for name := range r.Header {
					if strings.HasPrefix(name, "X-Forwarded") || name == "Via" {
						t.Errorf("got %s, which a browser does not send", name)
					}
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What counts against somebody is not tried again.
func TestNotRepeated(t *testing.T) {
	for _, status := range []int{200, 302, 401, 429} {
		a := newAPI(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		g := start(t, a)
		if g.ask(t, "GET", "/", ""); len(a.requests()) != 1 || g.last(t).Repeated {
			t.Errorf("%d: got %d requests, want one", status, len(a.requests()))
		}
	}
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		granting(page)(w, r)
		w.WriteHeader(http.StatusNotFound)
	})
	g := start(t, a)
	if g.ask(t, "GET", "/", ""); len(a.requests()) != 1 {
		t.Errorf("got %d requests, want one: the page could have read the error", len(a.requests()))
	}
}

// A connection that is closed can be how a page is turned away; a method that is another in truth is not tried again.
func TestRepeated(t *testing.T) {
	a := newAPI(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") == page {
			panic(http.ErrAbortHandler)
		}
	})
	g := start(t, a)
	if res, _ := g.ask(t, "GET", "/", ""); res.StatusCode != 200 || !g.last(t).Repeated || g.last(t).Explanation.Trace.Failure.ID != fetch.NetworkFailure {
		t.Errorf("got %d and %+v, want a second try", res.StatusCode, g.last(t))
	}
	before := len(a.requests())
	if g.ask(t, "GET", "/", "", "X-HTTP-Method-Override: DELETE"); len(a.requests()) != before+1 || a.requests()[before].Header.Get("Origin") == page {
		t.Errorf("got %d requests, want one, as of the API's own page", len(a.requests())-before)
	}
}

// A connection that was kept, and goes away while it is used, does not lead to a second request that could change something,
// though net/http would send one with such a key again.
func TestNeverTwice(t *testing.T) {
	posts := make(chan struct{}, 10)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			posts <- struct{}{}
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.Close()
		}
	})}
	go server.Serve(l)
	defer server.Close()
	g := start(t, nil, func(c *devproxy.Config) { c.API = "http://" + l.Addr().String() })
	g.ask(t, "GET", "/", "")
	res, _ := g.ask(t, "POST", "/", "", "Idempotency-Key: 1")
	if len(posts) != 1 || res.StatusCode != http.StatusBadGateway {
		t.Errorf("got %d requests and status %d, want one and 502", len(posts), res.StatusCode)
	}
}

func TestRedirects(t *testing.T) {
	a := newAPI(t, nil)
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", strings.ReplaceAll(r.URL.Query().Get("to"), "API", a.URL))
		w.Header().Set("Set-Cookie", "sid=1; Domain=api.example; Secure; SameSite=None")
		w.WriteHeader(http.StatusFound)
	})
	g := start(t, a)
	for _, row := range []struct{ name, to, want, note string }{
		{"the API", "API/me?x=1", "SELF/me?x=1", ""},
		{"a path", "/me", "/me", ""},
		{"another host", "https://login.example/?token=s3cret", "https://login.example/?token=s3cret", "It redirects to https://login.example, which this proxy is not for: the browser goes there by itself."},
		{"another host, without a scheme", "//login.example/", "https://login.example/", "It redirects to https://login.example, which this proxy is not for: the browser goes there by itself."},
	} {
		t.Run(row.name, func(t *testing.T) {
			res, _ := g.ask(t, "GET", "/?to="+row.to, "")
			want := strings.ReplaceAll(row.want, "SELF", "http://localhost:"+g.port())
			if got := res.Header.Get("Location"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got := res.Header.Get("Set-Cookie"); got != "sid=1; SameSite=Lax" {
				t.Errorf("got %q", got)
			}
			if got := strings.Join(g.last(t).Notes, " "); got != row.note {
				t.Errorf("got the note %q, want %q", got, row.note)
			}
		})
	}
}

// By another name than the page's host, cookies are of another site, and the proxy says by which name to call it.
func TestTwoSites(t *testing.T) {
	a := newAPI(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Set-Cookie", "sid=1; SameSite=Lax") })
	g := start(t, a)
	res, _ := g.ask(t, "GET", "/", "", "Host: 127.0.0.1:"+g.port())
	want := fmt.Sprintf("It sets cookies, and %s and http://127.0.0.1:%s are two sites, for which not every browser keeps them: call http://localhost:%[2]s.", page, g.port())
	if got := strings.Join(g.last(t).Notes, " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := res.Header.Get("Set-Cookie"); got != "sid=1; Secure; SameSite=None" {
		t.Errorf("got %q", got)
	}
}

// Cookies that browsers would refuse have another name on the way, and go back by their own.
func TestHiddenCookies(t *testing.T) {
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "__Host-sid=1; Path=/; Secure")
		io.WriteString(w, r.Header.Get("Cookie"))
	})
	g := start(t, a)
	res, body := g.ask(t, "POST", "/", "", "Cookie: a=b; concors__Host-sid=1")
	if got := res.Header.Get("Set-Cookie"); got != "concors__Host-sid=1; Path=/" || body != "a=b; __Host-sid=1" {
		t.Errorf("got %q and %q", got, body)
	}
}
