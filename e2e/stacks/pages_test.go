package stacks_test

import (
	"context"
	"crypto/tls"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/e2e/browser"
)

//go:embed frames.js
var frames string // read-only

// pages are pages of any origin in one Chromium, in frames of a top page, each opened when it is first needed. Every name leads
// to one port, whatever the port of the URL, but for those of the servers that the pages call.
type pages struct{ browser browser.Browser }

// openPages starts Chromium, which ends with the test. Without Chromium it returns nil, and whoever needs it skips.
func openPages(t *testing.T, servers []string) *pages {
	t.Helper()
	if _, err := browser.Find(browser.Chromium); err != nil {
		return nil
	}
	secure := httptest.NewTLSServer(nil) // for its certificate
	secure.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(servePage), ReadHeaderTimeout: time.Minute}
	t.Cleanup(func() { s.Close() })
	go s.Serve(&eitherListener{l, secure.TLS})
	rules := "MAP * " + l.Addr().String()
	for _, name := range servers {
		rules += ", EXCLUDE " + name
	}
	b, err := browser.Start(t.Context(), browser.Chromium, browser.Options{CA: secure.Certificate(), HostRules: rules})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := b.Navigate(ctx, "http://top.localhost/"); err != nil { // not of https, which would open no page of http
		t.Fatal(err)
	}
	return &pages{b}
}

func servePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, page())
}

// page is what every page has, wherever it comes from.
func page() string {
	return `<!doctype html><title>page</title><link rel="icon" href="data:,"><body><script>` + frames + "</script>"
}

// A call is one fetch of a page.
type call struct {
	Page string         `json:"page"` // its origin
	URL  string         `json:"url"`
	Init map[string]any `json:"init"`
}

// A view is what a page got from a call.
type view struct {
	Threw   string // empty if the page could read the response
	Status  int
	Headers []string // names
}

// ask has pages make calls, and returns what they got, in the same order.
func (p *pages) ask(t *testing.T, calls []call) []view {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	data, err := p.browser.Eval(ctx, "return await askAll(...arguments)", calls)
	if err != nil {
		t.Fatal(err)
	}
	var views []view
	if err := json.Unmarshal(data, &views); err != nil || len(views) != len(calls) {
		t.Fatalf("got %d answers to %d calls, and %v", len(views), len(calls), err)
	}
	return views
}

// hasPage reports whether a page in Chromium can have an origin. Those of other schemes are of apps.
func hasPage(origin string) bool {
	return origin == "null" || strings.HasPrefix(origin, "http://") || strings.HasPrefix(origin, "https://")
}

// An eitherListener takes connections with and without TLS: pages of both have one port here.
type eitherListener struct {
	net.Listener
	config *tls.Config
}

// Accept implements [net.Listener].
func (l *eitherListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &eitherConn{Conn: c, config: l.config}, nil
}

// An eitherConn is a connection whose client speaks first. What it says tells whether it wants TLS.
type eitherConn struct {
	net.Conn
	config *tls.Config
	spoken net.Conn // nil until something was read
}

// Read implements [net.Conn].
func (c *eitherConn) Read(p []byte) (int, error) {
	if c.spoken == nil {
		var first [1]byte
		if _, err := io.ReadFull(c.Conn, first[:]); err != nil {
			return 0, err
		}
		const handshake = 22
		c.spoken = &begunConn{c.Conn, first[:]}
		if first[0] == handshake {
			c.spoken = tls.Server(c.spoken, c.config)
		}
	}
	return c.spoken.Read(p)
}

// Write implements [net.Conn].
func (c *eitherConn) Write(p []byte) (int, error) {
	if c.spoken == nil {
		return c.Conn.Write(p)
	}
	return c.spoken.Write(p)
}

// A begunConn is a connection of which something was read already.
type begunConn struct {
	net.Conn
	read []byte
}

// Read implements [net.Conn].
func (c *begunConn) Read(p []byte) (int, error) {
	if len(c.read) > 0 {
		n := copy(p, c.read)
		c.read = c.read[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}
