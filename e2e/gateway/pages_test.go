package gateway_test

import (
	_ "embed"
	"fmt"
	"html"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/concors/concors/e2e/stage"
)

// pages are frames of one page, since WebKit's tab does not survive the way from site to site: app, evil, and null, which is
// sandboxed.
type pages struct{ port int }

//go:embed frames.js
var frames string // read-only

// origin is that of a frame's page.
func (p *pages) origin(name string) string {
	if name == "null" {
		return name
	}
	return fmt.Sprintf("http://%s.localhost:%d", name, p.port)
}

// servePages serves them until the test ends.
func servePages(t *testing.T) *pages {
	t.Helper()
	p := new(pages)
	p.port = serve(t, http.HandlerFunc(p.write))
	return p
}

// write answers with a page; that of /frames has the others in it.
func (p *pages) write(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	script := "<script>" + frames + "</script>"
	fmt.Fprint(w, `<!doctype html><title>page</title><link rel="icon" href="data:,">`+script)
	if r.URL.Path != "/frames" {
		return
	}
	for _, name := range []string{"app", "evil"} {
		fmt.Fprintf(w, `<iframe id="%s" src="%s/"></iframe>`, name, p.origin(name))
	}
	fmt.Fprintf(w, `<iframe id="null" sandbox="allow-scripts" srcdoc="%s"></iframe>`, html.EscapeString(script))
}

// serve serves a handler on a loopback port until the test ends.
func serve(t *testing.T, h http.Handler) (port int) {
	t.Helper()
	listeners, err := stage.ListenLoopback(0)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 20 * time.Second}
	t.Cleanup(func() { s.Close() })
	for _, l := range listeners {
		go s.Serve(l)
	}
	return listeners[0].Addr().(*net.TCPAddr).Port
}
