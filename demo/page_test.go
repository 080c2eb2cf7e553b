package demo_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPage(t *testing.T) {
	d := start(t, unknown)
	for _, row := range []struct{ path, contentType, contains string }{
		{"", "text/html; charset=utf-8", "<title>"},
		{"style.css", "text/css; charset=utf-8", "color-scheme"},
		{"run.js", "text/javascript; charset=utf-8", "fetch("},
	} {
		t.Run("/"+row.path, func(t *testing.T) {
			w := get(d, d.URL()+row.path, agents()["chromium"])
			if got := w.Header().Get("Content-Type"); w.Code != 200 || got != row.contentType {
				t.Errorf("got %d %s, want 200 %s", w.Code, got, row.contentType)
			}
			if !strings.Contains(w.Body.String(), row.contains) {
				t.Errorf("got no %q in %s", row.contains, w.Body)
			}
			policy := w.Header().Get("Content-Security-Policy")
			for _, directive := range []string{"default-src 'none'; ", "script-src 'self'; ", "style-src 'self'; ", "connect-src 'self' http", "frame-ancestors 'none'"} {
				if !strings.Contains(policy, directive) {
					t.Errorf("got policy %q, want %s in it", policy, directive)
				}
			}
			if strings.Contains(policy, "unsafe-") {
				t.Errorf("got policy %q, want nothing unsafe", policy)
			}
		})
	}
}

func TestPageRefuses(t *testing.T) {
	d := start(t, unknown)
	for _, row := range []struct {
		method, path string
		status       int
	}{
		{"GET", "page.html", 404},
		{"POST", "", 405},
		{"DELETE", "api/users", 405},
	} {
		t.Run(row.method+" /"+row.path, func(t *testing.T) {
			w := httptest.NewRecorder()
			d.Handler().ServeHTTP(w, httptest.NewRequest(row.method, d.URL()+row.path, http.NoBody))
			if w.Code != row.status {
				t.Errorf("got status %d, want %d", w.Code, row.status)
			}
		})
	}
}

// The page says whose predictions it shows. Browsers take one another's names.
func TestPageTellsTheBrowser(t *testing.T) {
	d := start(t, unknown)
	const iPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
	for _, row := range []struct{ name, agent, want string }{
		{"chromium", agents()["chromium"], "this browser is <b>Chromium</b>"},
		{"edge", agents()["chromium"] + " Edg/156.0.0.0", "this browser is <b>Chromium</b>"},
		{"headless", strings.ReplaceAll(agents()["chromium"], "Chrome/", "HeadlessChrome/"), "this browser is <b>Chromium</b>"},
		{"firefox", agents()["firefox"], "this browser is <b>Firefox</b>"},
		{"webkit", agents()["webkit"], "this browser is <b>WebKit</b>"},
		{"chrome on iOS", iPhone + "CriOS/156.0 Mobile/15E148 Safari/604.1", "this browser is <b>WebKit</b>"},
		{"firefox on iOS", iPhone + "FxiOS/153.0 Mobile/15E148 Safari/605.1.15", "this browser is <b>WebKit</b>"},
		{"another", agents()["standard"], "does not tell which engine"},
		{"none", "", "does not tell which engine"},
	} {
		t.Run(row.name, func(t *testing.T) {
			page := strings.Join(strings.Fields(get(d, d.URL(), row.agent).Body.String()), " ")
			if !strings.Contains(page, row.want) {
				t.Errorf("got no %q in %s", row.want, page[:min(len(page), 2000)])
			}
		})
	}
}

// What the page shows of a request is how its script makes it.
func TestPageShowsTheRequest(t *testing.T) {
	d := start(t, known)
	page := get(d, d.URL(), agents()["webkit"]).Body.String()
	for id, want := range map[string]string{
		"no-header":         `/no-header&#34;)</code>`,
		"method-not-listed": `{ method: &#34;PUT&#34; })`,
		"header-not-listed": `{ headers: {&#34;X-Request-Id&#34;:&#34;7&#34;} })`,
		"no-cors":           `{ mode: &#34;no-cors&#34; })`,
		"cached-image":      `&lt;img crossorigin=&#34;use-credentials&#34; src=&#34;http://api.localhost:`,
		"same-origin":       `fetch(&#34;/api/users&#34;)`,
	} {
		if got := article(page, id); !strings.Contains(got, want) {
			t.Errorf("%s: got no %s in %s", id, want, got)
		}
	}
	if !strings.Contains(article(page, "auth-before-cors"), "Preflight response is not successful. Status code: 401") {
		t.Error("the page does not show what WebKit writes to its console")
	}
	if got := article(page, "cached-image"); !strings.Contains(got, "sends nothing for it") {
		t.Errorf("the page claims a request for an image that is in the cache: %s", got)
	}
}
