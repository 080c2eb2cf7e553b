package middleware_test

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

// Pages are frames of one page, since WebKit's tab does not survive the way from site to site. A frame has the origin of its own
// address; that of the sandboxed one is null.
type pages struct {
	port, other int    // that the pages are served on
	own         string // the origin of a server, which has a page too
}

//go:embed frames.js
var frames string // read-only

// names are those of the frames.
func (p *pages) names() []string {
	return []string{"app", "other-port", "below", "evil", "team", "deep-team", "apex", "preview", "dotted-preview", "tenant", "own", "null"}
}

// origin is that of a frame's page.
func (p *pages) origin(name string) string {
	at := func(host string, port int) string { return fmt.Sprintf("http://%s.localhost:%d", host, port) }
	switch name {
	case "app":
		return at("app", p.port)
	case "other-port":
		return at("app", p.other)
	case "below":
		return at("www.app", p.port)
	case "evil":
		return at("evil", p.port)
	case "team":
		return at("a.team", p.port)
	case "deep-team":
		return at("a.b.team", p.port)
	case "apex":
		return at("team", p.port)
	case "preview":
		return at("pr-7.dev", p.port)
	case "dotted-preview":
		return at("pr-7.evil.dev", p.port)
	case "tenant":
		return at("tenant", p.port)
	case "own":
		return p.own
	case "null":
		return "null"
	}
	panic("no page " + name)
}

// servePages serves them until the test ends.
func servePages(t *testing.T) *pages {
	t.Helper()
	p := new(pages)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.write(w, r.URL.Path == "/frames")
	})
	p.port, p.other = serve(t, handler), serve(t, handler)
	return p
}

// write answers with a page; all has the others in it.
func (p *pages) write(w http.ResponseWriter, all bool) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	script := "<script>" + frames + "</script>"
	fmt.Fprint(w, `<!doctype html><title>page</title><link rel="icon" href="data:,">`+script)
	if !all {
		return
	}
	for _, name := range p.names() {
		if name == "null" {
			fmt.Fprintf(w, `<iframe id="null" sandbox="allow-scripts" srcdoc="%s"></iframe>`, html.EscapeString(script))
			continue
		}
		fmt.Fprintf(w, `<iframe id="%s" src="%s/"></iframe>`, name, p.origin(name))
	}
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
