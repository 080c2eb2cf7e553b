package fidelity

import (
	"context"
	_ "embed"
	"html"
	"math/rand/v2"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/stage"
)

//go:embed runner.js
var runner string

// A Theatre is a stage that plays scenarios: it serves the page that runs them, answers their requests, and writes down
// what was asked. It is safe for concurrent use.
type Theatre struct {
	*stage.Server
	closed string // a port where nobody listens
	mu     sync.Mutex
	plays  map[string]*play
}

// play is a scenario while it runs.
type play struct {
	scenario *Scenario
	fetch    int // the fetch that is being made
	asked    int // requests of that fetch so far
	seen     []Seen
}

// Seen is a request of a scenario as it reached the server.
type Seen struct {
	*stage.Request
	Fetch     int
	Preflight bool
}

// OpenTheatre starts the servers. The caller must Close it.
func OpenTheatre() (*Theatre, error) {
	closed, err := closedPort()
	if err != nil {
		return nil, err
	}
	t := &Theatre{closed: closed, plays: map[string]*play{}}
	server, err := stage.Start(t.serve)
	if err != nil {
		return nil, err
	}
	t.Server = server
	return t, nil
}

// closedPort returns a port that is free. It is below those that systems give to who asks for any, so that it stays so.
func closedPort() (string, error) {
	const lowest, count = 20000, 10000
	var err error
	for range 100 {
		port := lowest + rand.IntN(count)
		var listeners []net.Listener
		if listeners, err = stage.ListenLoopback(port); err == nil {
			for _, l := range listeners {
				l.Close()
			}
			return strconv.Itoa(port), nil
		}
	}
	return "", err
}

// Closed is an origin where nobody listens.
func (t *Theatre) Closed() string { return "http://api.localhost:" + t.closed }

// Begin makes a scenario known, so that its requests are answered.
func (t *Theatre) Begin(s *Scenario) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.plays[s.ID] = &play{scenario: s}
}

// End returns what a scenario's requests were and forgets it.
func (t *Theatre) End(id string) []Seen {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.plays[id]
	delete(t.plays, id)
	if p == nil {
		return nil
	}
	return p.seen
}

// PageOrigin is the origin of the pages of a scheme.
func (t *Theatre) PageOrigin(scheme string) string { return t.Origin(scheme, "app.localhost", 0) }

// URL is where a kind of page is served.
func (p Page) URL() string {
	path := "/page"
	if p.Opaque {
		path = "/sandboxed"
	}
	query := url.Values{}
	if p.ConnectSrc != "" {
		query.Set("connect-src", p.ConnectSrc)
	}
	if p.ReferrerPolicy != "" {
		query.Set("referrer-policy", string(p.ReferrerPolicy))
	}
	if p.Embedder != "" {
		query.Set("coep", string(p.Embedder))
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return p.Origin + path
}

// policies are the header fields of a page, by the query of its URL.
func policies(query string) []stage.Field {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil
	}
	var out []stage.Field
	if v := values.Get("connect-src"); v != "" {
		out = append(out, stage.Field{Name: "Content-Security-Policy", Value: "connect-src " + v})
	}
	if v := values.Get("referrer-policy"); v != "" {
		out = append(out, stage.Field{Name: "Referrer-Policy", Value: v})
	}
	if v := values.Get("coep"); v != "" {
		out = append(out, stage.Field{Name: "Cross-Origin-Embedder-Policy", Value: v})
	}
	return out
}

func (t *Theatre) serve(_ context.Context, req *stage.Request) stage.Response {
	path, query, _ := strings.Cut(req.Target, "?")
	switch {
	case path == "/page":
		return page(document(`<script>`+runner+`</script>`), query)
	case path == "/sandboxed":
		frame := document(`<script>` + runner + `; serveParent()</script>`)
		return page(document(`<iframe sandbox="allow-scripts" srcdoc="`+html.EscapeString(frame)+`"></iframe><script>`+runner+`; useFrame()</script>`), query)
	case strings.HasPrefix(path, "/next/"):
		t.next(path)
		return stage.Response{Fields: []stage.Field{{Name: "Access-Control-Allow-Origin", Value: "*"}, {Name: "Cache-Control", Value: "no-store"}}}
	}
	return t.answer(req)
}

func document(body string) string {
	return `<!doctype html><meta charset="utf-8"><title>stage</title><link rel="icon" href="data:,">` + body
}

func page(text, query string) stage.Response {
	fields := append(policies(query), stage.Field{Name: "Content-Type", Value: "text/html; charset=utf-8"}, stage.Field{Name: "Cache-Control", Value: "no-store"})
	return stage.Response{Fields: fields, Body: []byte(text)}
}

// next moves a scenario to the fetch that the path /next/ID/N names.
func (t *Theatre) next(path string) {
	parts := strings.Split(path, "/")
	if len(parts) != 4 {
		return
	}
	n, err := strconv.Atoi(parts[3])
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.plays[parts[2]]; p != nil && err == nil {
		p.fetch, p.asked = n, 0
	}
}

func (t *Theatre) answer(req *stage.Request) stage.Response {
	id, _ := idOf(req.Target)
	preflight := req.Method == "OPTIONS" && len(req.Values("Access-Control-Request-Method")) > 0
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.plays[id]
	if p == nil || p.fetch >= len(p.scenario.Fetches) {
		return stage.Response{Status: 404}
	}
	p.seen = append(p.seen, Seen{Request: req, Fetch: p.fetch, Preflight: preflight})
	res := p.scenario.Fetches[p.fetch].Answers.answer(p.asked, req.Target, preflight)
	p.asked++
	kind := contentOf(p.scenario.Fetches[p.fetch].Request.Initiator)
	out := stage.Response{Status: res.Status, Abort: res.Error != "", Body: kind.body}
	if !res.Header.Has(header.ContentType) && kind.mime != "" {
		out.Fields = append(out.Fields, stage.Field{Name: header.ContentType, Value: kind.mime})
	}
	for _, field := range res.Header {
		out.Fields = append(out.Fields, stage.Field{Name: field.Name, Value: field.Value})
	}
	return out
}
