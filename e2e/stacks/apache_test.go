package stacks_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/apache"
)

// apacheRoutes have every kind of answer, within one another.
const apacheRoutes = `version: 1
policies:
  app: {origins: [https://app.example], methods: [PUT]}
  public: {origins: ["*"]}
routes:
  - {path: /one/, policy: app, upstream: "${ONE}"}
  - {path: /one/own, policy: app, upstream: {to: ["${ONE}"], own_host: true}}
  - {path: /one/files/, policy: app, files: "${OTHER}"}
  - {path: /dead/, policy: app, upstream: "http://127.0.0.1:9"}
  - {path: /first/, policy: app, upstream: {to: ["http://127.0.0.1:9", "${ONE}"], balance: first}}
  - {path: /cookie/, policy: app, upstream: {to: ["${ONE}", "${TWO}"], balance: cookie}}
  - {path: /moved, policy: app, redirect: {to: "https://b.example/%41$1?q=%22", status: 308}}
  - {path: /secret/, policy: app, upstream: "${ONE}"}
  - {path: /plain/, policy: app, files: "${FILES}"}
  - {path: /errors/, files: "${FILES}"}
  - {path: /index.html, policy: public, files: "${FILES}"}
  - {path: /, policy: app, methods: [GET], files: {root: "${FILES}", fallback: index.html}}
  - {host: "[::1]", path: /, policy: app, upstream: "${ONE}"}
`

// TestApacheAnswers: everybody answers where the routes say so, in spite of what else there is, and with the policy of the path
// that was asked for: on errors of Apache's own, and before its authentication.
func TestApacheAnswers(t *testing.T) {
	server.Require(t, server.Apache)
	application := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "one %s %s", r.Host, r.RequestURI) })
	one, two := httptest.NewServer(application), httptest.NewServer(application)
	t.Cleanup(one.Close)
	t.Cleanup(two.Close)
	folder, other := t.TempDir(), t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil { // Apache becomes somebody else
		t.Fatal(err)
	}
	for path, text := range map[string]string{"index.html": "index", "errors/404.html": "not found", "plain/a.txt": "plain"} {
		writePublic(t, filepath.Join(folder, path), text)
	}
	writePublic(t, filepath.Join(other, "one", "files", "a.txt"), "other")
	values := map[string]string{"ONE": one.URL, "TWO": two.URL, "FILES": folder, "OTHER": other}
	f, findings := policyfile.Load("concors.yaml", []byte(apacheRoutes), policyfile.Options{LookupEnv: func(name string) (string, bool) { v, ok := values[name]; return v, ok }})
	if f == nil {
		t.Fatalf("got findings %+v", findings)
	}
	site, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	s := apache.Stack()
	files, findings := stack.Generate(&s, site, stacks.Options(&s, stack.Options{}))
	if files == nil {
		t.Fatalf("got findings %+v", findings)
	}
	config, err := stacks.Config(&s, files)
	if err != nil {
		t.Fatal(err)
	}
	config.Files["around.conf"] = "ErrorDocument 404 /errors/404.html\n<Location /secret/>\n    Require all denied\n</Location>\n"
	running := server.Start(t, config)
	const app = "https://app.example"
	for _, row := range []struct {
		name, method, host, target string
		status                     int
		body, allowed              string // the beginning of the body, and the allowed origin
	}{
		{"a server", "GET", "a.example", "/one/%2Fx%41?q=1", 200, "one a.example /one/%2Fx%41?q=1", app},
		{"its own Host", "GET", "a.example", "/one/own", 200, "one " + strings.TrimPrefix(one.URL, "http://") + " /one/own", app},
		{"files within a server", "GET", "a.example", "/one/files/a.txt", 200, "other", app},
		{"a dead server", "PUT", "a.example", "/dead/", 503, "", app},
		{"the second of two", "GET", "a.example", "/first/", 200, "one", app},
		{"one of two", "GET", "a.example", "/cookie/", 200, "one", app},
		{"a redirect", "GET", "a.example", "/moved?x", 308, "", app},
		{"a preflight of a redirect", "OPTIONS", "a.example", "/moved", 204, "", app},
		{"denied", "GET", "a.example", "/secret/", 403, "", app},
		{"a preflight is not", "OPTIONS", "a.example", "/secret/", 204, "", app},
		{"a file", "GET", "a.example", "/plain/a.txt", 200, "plain", app},
		{"an encoded path", "GET", "a.example", "/%70lain%2Fa.txt", 200, "plain", app},
		{"no file", "GET", "a.example", "/plain/b.txt", 404, "not found", app},
		{"an index file", "GET", "a.example", "/", 200, "index", app},
		{"the index file by its name", "GET", "a.example", "/index.html", 200, "index", "*"},
		{"a fallback", "GET", "a.example", "/anything/else", 200, "index", app},
		{"an IPv6 address", "GET", "[::1]:8080", "/x", 200, "one [::1]:8080 /x", app},
		{"a method that nobody takes", "PUT", "a.example", "/x", 404, "not found", ""},
		{"a preflight for it", "OPTIONS", "a.example", "/x", 404, "not found", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := http.NewRequest(row.method, "http://"+running.Addr()+row.target, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = row.host
			r.Header.Set("Origin", app)
			if row.method == "OPTIONS" {
				r.Header.Set("Access-Control-Request-Method", "PUT")
			}
			res, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != row.status || !strings.HasPrefix(string(body), row.body) || res.Header.Get("Access-Control-Allow-Origin") != row.allowed {
				t.Errorf("got %d %q %v, want %d %q and the allowed origin %q", res.StatusCode, body, res.Header, row.status, row.body, row.allowed)
			}
			if to := res.Header.Get("Location"); row.status == 308 && to != "https://b.example/%41$1?q=%22" {
				t.Errorf("got the location %q", to)
			}
		})
	}
}

// writePublic writes a file that everybody may read, and its folders.
func writePublic(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
