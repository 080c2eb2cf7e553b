package live_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/live"
)

func TestReferer(t *testing.T) {
	const plain, secure = "http://app.localhost/page?q=1#f", "https://app.localhost/page"
	server := serve(t, nil)
	site, other := server.at("app.localhost"), server.at("api.localhost")
	long := "http://app.localhost/" + strings.Repeat("x", 5000)
	for _, test := range []struct {
		name   string
		page   string
		policy fetch.ReferrerPolicy
		to     string
		want   string // in Chromium
		capped string // in Firefox, where that differs; - for none
	}{
		{"no policy, another origin", plain, "", other, "http://app.localhost/", ""},
		{"no policy, TLS to http", secure, "", other, "", ""},
		{"no-referrer", plain, fetch.NoReferrer, other, "", ""},
		{"origin, TLS to http", secure, fetch.ReferrerOrigin, other, "https://app.localhost/", ""},
		{"unsafe-url, another site", plain, fetch.UnsafeURL, other, "http://app.localhost/page?q=1", "http://app.localhost/"},
		{"unsafe-url, within the site", plain, fetch.UnsafeURL, site, "http://app.localhost/page?q=1", ""},
		{"unsafe-url, TLS to http", secure, fetch.UnsafeURL, other, "https://app.localhost/page", "-"},
		{"strict-origin, another origin", plain, fetch.StrictOrigin, other, "http://app.localhost/", ""},
		{"strict-origin, TLS to http", secure, fetch.StrictOrigin, other, "", ""},
		{"same-origin, another origin", plain, fetch.ReferrerSameOrigin, site, "", ""},
		{"origin-when-cross-origin, another origin", plain, fetch.OriginWhenCrossOrigin, site, "http://app.localhost/", ""},
		{"no-referrer-when-downgrade, another site", plain, fetch.NoReferrerWhenDowngrade, other, "http://app.localhost/page?q=1", "http://app.localhost/"},
		{"no-referrer-when-downgrade, TLS to http", secure, fetch.NoReferrerWhenDowngrade, other, "", ""},
		{"longer than 4096", long, fetch.UnsafeURL, site, "http://app.localhost/", ""},
		{"user info", "http://u:p@app.localhost/page", fetch.UnsafeURL, site, "http://app.localhost/page", ""},
		{"opaque page", "null", fetch.UnsafeURL, other, "", ""},
		{"page without http", "chrome-extension://abc/x", fetch.UnsafeURL, other, "", ""},
	} {
		for profile, want := range map[string]string{"chromium": test.want, "firefox": test.capped} {
			if want == "" {
				want = test.want
			}
			t.Run(test.name+" in "+profile, func(t *testing.T) {
				p := page(t, test.page)
				p.ReferrerPolicy = test.policy
				n := open(t, live.Config{Browser: profile, Page: p})
				if _, err := do(n, test.to+"/"); err != nil {
					t.Fatal(err)
				}
				if got := server.last(t).Header.Get("Referer"); got != strings.TrimPrefix(want, "-") {
					t.Errorf("got %q, want %q", got, want)
				}
			})
		}
	}
}

// TestRefererWithinOrigin has the page on the server's own origin.
func TestRefererWithinOrigin(t *testing.T) {
	server := serve(t, nil)
	for policy, want := range map[fetch.ReferrerPolicy]string{
		"": "/page?q=1", fetch.ReferrerSameOrigin: "/page?q=1", fetch.StrictOrigin: "/", fetch.ReferrerOrigin: "/",
		fetch.OriginWhenCrossOrigin: "/page?q=1", fetch.StrictOriginWhenCrossOrigin: "/page?q=1", fetch.NoReferrer: "",
	} {
		t.Run(string(policy), func(t *testing.T) {
			p := page(t, server.at("app.localhost")+"/page?q=1#f")
			p.ReferrerPolicy = policy
			if _, err := do(open(t, live.Config{Page: p}), server.at("app.localhost")+"/x"); err != nil {
				t.Fatal(err)
			}
			if want != "" {
				want = server.at("app.localhost") + want
			}
			if got := server.last(t).Header.Get("Referer"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestRefererAtRedirects(t *testing.T) {
	var to, announced string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		allow(w, r)
		if r.URL.Path == "/0" {
			if announced != "" {
				w.Header().Set("Referrer-Policy", announced)
			}
			http.Redirect(w, r, to, http.StatusFound)
		}
	})
	home, other := server.at("app.localhost"), server.at("api.localhost")
	for _, test := range []struct {
		name, announced, from, to, want string
	}{
		{"what one hop cut away stays away", "", other, home, home + "/"},
		{"a policy of the redirect", "unsafe-url", home, other, home + "/page"},
		{"the last known policy", "unsafe-url, no-referrer, bogus", home, other, ""},
		{"a policy that nobody knows", "bogus", home, other, home + "/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			announced, to = test.announced, test.to+"/1"
			request := &fetch.Request{URL: test.from + "/0", Header: header.List{}}
			run(t, fetch.Chromium(), live.Config{Page: page(t, home+"/page"), Request: request})
			if got := server.last(t); got.Header.Get("Referer") != test.want || got.URL.Path != "/1" {
				t.Errorf("got %q at %s, want %q at /1", got.Header.Get("Referer"), got.URL.Path, test.want)
			}
		})
	}
}
