package live_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

// A stop is one hop of a fetch: where, and which cookies it sets.
type stop struct {
	url string // host and path, of the one server
	set []string
}

// travel makes the hops of a fetch one after another and returns the Cookie header that each had.
func travel(t *testing.T, c live.Config, method string, credentials bool, stops []stop) []string {
	t.Helper()
	var set []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		allow(w, r)
		w.Header()["Set-Cookie"] = set
	})
	if c.Page == nil {
		c.Page = page(t, server.at("app.localhost")+"/page")
	}
	n := open(t, c)
	var got []string
	for hop, s := range stops {
		set = s.set
		host, path, _ := strings.Cut(s.url, "/")
		sent := &fetch.Sent{Kind: fetch.KindRequest, Method: method, URL: server.at(host) + "/" + path, Hop: hop, Credentials: credentials}
		if _, err := n.Do(sent); err != nil {
			t.Fatal(err)
		}
		got = append(got, server.last(t).Header.Get("Cookie"))
	}
	return got
}

func TestCookies(t *testing.T) {
	all := []string{
		"none=1; SameSite=None; Secure", "lax=1; SameSite=Lax", "strict=1; SameSite=Strict", "plain=1", "bare=1; SameSite=None",
		"part=1; SameSite=None; Secure; Partitioned",
	}
	for _, test := range []struct {
		name    string
		browser string
		cookie  string
		stops   []stop
		want    []string
	}{
		{"the one that is given goes to its host", "standard", "a=1; b=2", []stop{{"api.localhost/", nil}, {"app.localhost/", nil}, {"api.localhost/x", nil}},
			[]string{"a=1; b=2", "", "a=1; b=2"}},
		{"it gives way to one that is set", "standard", "a=1; b=2", []stop{{"app.localhost/", []string{"a=3"}}, {"app.localhost/", nil}}, []string{"a=1; b=2", "b=2; a=3"}},
		{"it can be deleted", "standard", "a=1; b=2", []stop{{"app.localhost/", []string{"a=; Max-Age=0"}}, {"app.localhost/", nil}}, []string{"a=1; b=2", "b=2"}},
		{"at home all are kept but SameSite=None without Secure", "chromium", "", []stop{{"app.localhost/", all}, {"app.localhost/", nil}},
			[]string{"", "none=1; part=1; lax=1; plain=1; strict=1"}},
		{"another site's in Chromium", "chromium", "", []stop{{"api.localhost/", all}, {"api.localhost/", nil}}, []string{"", "none=1; part=1"}},
		{"another site's in Firefox", "firefox", "", []stop{{"api.localhost/", all}, {"api.localhost/", nil}}, []string{"", "none=1; plain=1; part=1"}},
		{"another site's in WebKit", "webkit", "", []stop{{"api.localhost/", all}, {"api.localhost/", nil}}, []string{"", ""}},
		{"home's do not follow to another site", "chromium", "", []stop{{"app.localhost/", all}, {"api.localhost/", nil}}, []string{"", ""}},
		{"home's after another site, in Chromium", "chromium", "", []stop{{"app.localhost/", all}, {"api.localhost/", nil}, {"app.localhost/", nil}},
			[]string{"", "", "none=1; part=1; lax=1; plain=1; strict=1"}},
		{"home's after another site, in Firefox", "firefox", "", []stop{{"app.localhost/", all}, {"api.localhost/", nil}, {"app.localhost/", nil}},
			[]string{"", "", "none=1; plain=1; part=1"}},
		{"the rule can change", "chromium", "", []stop{{"app.localhost/", []string{"a=1; SameSite=Strict"}}, {"app.localhost/", []string{"a=2; SameSite=None; Secure"}}, {"app.localhost/", nil}},
			[]string{"", "a=1", "a=2"}},
		{"path", "standard", "", []stop{{"app.localhost/x/y", []string{"a=1", "b=1; Path=/z"}}, {"app.localhost/z", nil}, {"app.localhost/x/w", nil}}, []string{"", "b=1", "a=1"}},
		{"domain", "standard", "", []stop{{"a.app.localhost/", []string{"a=1; Domain=app.localhost", "b=1; Domain=localhost", "c=1; Domain=api.localhost"}}, {"app.localhost/", nil}},
			[]string{"", "a=1"}},
		{"prefixes", "standard", "", []stop{{"app.localhost/", []string{"__Secure-a=1", "__Host-b=1; Secure", "__Host-c=1; Secure; Path=/", "__secure-d=1; Secure"}}, {"app.localhost/", nil}},
			[]string{"", "__Host-c=1; __secure-d=1"}},
		{"too long", "standard", "", []stop{{"app.localhost/", []string{"a=" + strings.Repeat("x", 4096), "b=1"}}, {"app.localhost/", nil}}, []string{"", "b=1"}},
		{"what net/http would not read", "standard", "", []stop{{"app.localhost/", []string{`a="x y",{}`, "b c=\xe9", "=only", "v", ";"}}, {"app.localhost/", nil}},
			[]string{"", "a=\"x y\",{}; b c=\xe9; v"}},
		{"Secure on loopback in WebKit", "webkit", "", []stop{{"app.localhost/", []string{"a=1; Secure", "b=1"}}, {"app.localhost/", nil}}, []string{"", "b=1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := travel(t, live.Config{Browser: test.browser, Cookie: test.cookie}, "GET", true, test.stops)
			equal(t, "cookies", got, test.want)
		})
	}
}

func TestNoCookiesWithoutCredentials(t *testing.T) {
	stops := []stop{{"app.localhost/", []string{"a=1"}}, {"app.localhost/", nil}}
	equal(t, "cookies", travel(t, live.Config{Cookie: "b=1"}, "GET", false, stops), []string{"", ""})
}

func TestCookiesOfNavigations(t *testing.T) {
	all := []string{"none=1; SameSite=None; Secure", "lax=1; SameSite=Lax", "strict=1; SameSite=Strict"}
	stops := []stop{{"api.localhost/", all}, {"api.localhost/", nil}}
	for _, test := range []struct {
		name, method string
		initiator    fetch.Initiator
		want         string
	}{
		{"link", "GET", fetch.InitiatorLink, "none=1; lax=1"},
		{"form that posts", "POST", fetch.InitiatorForm, "none=1"},
		{"frame", "GET", fetch.InitiatorIframe, "none=1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := live.Config{Browser: "chromium", Request: &fetch.Request{Initiator: test.initiator}, Send: true}
			equal(t, "cookies", travel(t, c, test.method, true, stops), []string{"", test.want})
		})
	}
}

// TestCookiesBlocked has a page on which the cookies of other sites are blocked.
func TestCookiesBlocked(t *testing.T) {
	stops := []stop{{"api.localhost/", []string{"none=1; SameSite=None; Secure", "part=1; SameSite=None; Secure; Partitioned"}}, {"api.localhost/", nil}}
	for browser, want := range map[string]string{"chromium": "part=1", "webkit": ""} {
		t.Run(browser, func(t *testing.T) {
			p := page(t, "http://app.localhost")
			p.ThirdPartyCookies = fetch.CookiesBlock
			equal(t, "cookies", travel(t, live.Config{Browser: browser, Page: p}, "GET", true, stops), []string{"", want})
		})
	}
}

func TestCookiesInAFrame(t *testing.T) {
	p := page(t, "http://app.localhost/frame")
	p.TopLevelSite = "https://top.example"
	stops := []stop{{"app.localhost/", []string{"lax=1; SameSite=Lax", "none=1; SameSite=None; Secure"}}, {"app.localhost/", nil}}
	equal(t, "cookies", travel(t, live.Config{Browser: "chromium", Page: p}, "GET", true, stops), []string{"", "none=1"})
}

// TestCookiesAcrossRedirects runs the whole fetch.
func TestCookiesAcrossRedirects(t *testing.T) {
	var other string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		allow(w, r)
		switch r.URL.Path {
		case "/0":
			w.Header().Set("Set-Cookie", "home=1")
			http.Redirect(w, r, other+"/1", http.StatusFound)
		case "/1":
			w.Header().Add("Set-Cookie", "kept=1; SameSite=None; Secure")
			w.Header().Add("Set-Cookie", "refused=1")
			http.Redirect(w, r, other+"/2", http.StatusFound)
		}
	})
	other = server.at("api.localhost")
	home := server.at("app.localhost")
	for _, test := range []struct {
		credentials fetch.Credentials
		want        []string
	}{
		{fetch.CredentialsInclude, []string{"given=1", "", "kept=1"}},
		{fetch.CredentialsSameOrigin, []string{"given=1", "", ""}},
		{fetch.CredentialsOmit, []string{"", "", ""}},
	} {
		t.Run(string(test.credentials), func(t *testing.T) {
			server.asked = nil
			request := &fetch.Request{URL: home + "/0", Credentials: test.credentials}
			trace, _ := run(t, fetch.Chromium(), live.Config{Page: page(t, home+"/page"), Request: request, Cookie: "given=1"})
			if trace.Outcome != fetch.Allowed {
				t.Errorf("got outcome %s, want %s", trace.Outcome, fetch.Allowed)
			}
			var got []string
			for _, req := range server.asked {
				got = append(got, req.Header.Get("Cookie"))
			}
			equal(t, "cookies", got, test.want)
		})
	}
}
