package fidelity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// A Generator makes random scenarios that favour edges. The same seed makes the same scenarios on the same stage.
type Generator struct {
	rand    *rand.Rand
	theatre *Theatre
	prefix  string
	n       int
}

// NewGenerator returns a generator for a stage. The prefix keeps the IDs of different runs apart.
func NewGenerator(t *Theatre, seed uint64, prefix string) *Generator {
	return &Generator{rand: rand.New(rand.NewPCG(seed, 0x636f6e636f7273)), theatre: t, prefix: prefix}
}

// Next returns another scenario.
func (g *Generator) Next() *Scenario {
	g.n++
	s := &Scenario{ID: fmt.Sprintf("%s%d", g.prefix, g.n), Stage: g.page()}
	hops := g.chain(s)
	s.Fetches = []Fetch{g.fetch(s, hops)}
	switch {
	case g.chance(8):
		g.rare(s)
	case g.chance(20):
		for range 1 + g.rand.IntN(2) {
			s.Fetches = append(s.Fetches, g.again(s, hops))
		}
	}
	return s
}

func (g *Generator) page() Page {
	scheme := pick(g, "http", "http", "https")
	return Page{Origin: g.theatre.PageOrigin(scheme), Opaque: g.chance(15)}
}

// chain returns the URLs of a redirect chain, most often of one.
func (g *Generator) chain(s *Scenario) []string {
	length := pick(g, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4)
	urls := make([]string, length)
	for i := range urls {
		urls[i] = g.origin(s.Stage, i) + pathOf(s.ID, i) + pick(g, "", "", "", "?q=1", "?q=%20")
	}
	return urls
}

// origin picks where a hop goes: the page's own origin, another port of its host, or one of two other hosts.
func (g *Generator) origin(p Page, hop int) string {
	scheme, _, _ := strings.Cut(p.Origin, ":")
	if scheme == "http" && g.chance(10) {
		scheme = "https"
	} else if scheme == "https" && g.chance(4) {
		scheme = "http"
	}
	switch n := g.rand.IntN(100); {
	case n < 8 || hop > 0 && n < 25:
		return g.theatre.Origin(scheme, "app.localhost", 0)
	case n < 32:
		return g.theatre.Origin(scheme, "app.localhost", 1)
	case n < 78:
		return g.theatre.Origin(scheme, "api.localhost", 1)
	}
	return g.theatre.Origin(scheme, "other.localhost", 2)
}

// fetch makes a request for a chain and its answers.
func (g *Generator) fetch(s *Scenario, urls []string) Fetch {
	f := Fetch{Request: g.request(urls[0])}
	f.Answers.Hops = g.answers(s, &f.Request, urls)
	return f
}

// again makes a later request for the same chain, close enough to the first that the preflight cache matters.
func (g *Generator) again(s *Scenario, urls []string) Fetch {
	first := &s.Fetches[0]
	f := Fetch{At: s.Fetches[len(s.Fetches)-1].At, Request: first.Request}
	if g.chance(50) {
		f.Request.Header = g.headers()
	}
	if g.chance(30) {
		f.Request.Method = g.method()
	}
	if g.chance(30) {
		f.Request.Credentials = g.credentials()
	}
	if f.Request.Initiator == fetch.InitiatorXHR && f.Request.Credentials == fetch.CredentialsOmit {
		f.Request.Credentials = fetch.CredentialsSameOrigin // XMLHttpRequest cannot omit them
	}
	f.Request.Body = g.body(f.Request.Method)
	if f.Request.Initiator == fetch.InitiatorXHR && f.Request.Body == fetch.BodyText {
		f.Request.Header = oneContentType(slices.Clone(f.Request.Header))
	}
	if g.chance(60) {
		f.Answers = first.Answers
	} else {
		f.Answers.Hops = g.answers(s, &f.Request, urls)
	}
	return f
}

func (g *Generator) request(url string) fetch.Request {
	r := fetch.Request{URL: url, Method: g.method(), Header: g.headers(), Credentials: g.credentials(), Initiator: fetch.InitiatorFetch}
	r.Body = g.body(r.Method)
	if g.chance(22) {
		r.Initiator = fetch.InitiatorXHR
		r.UploadListener = g.chance(25)
		if r.Body == fetch.BodyText {
			r.Header = oneContentType(r.Header) // the charset of several, joined, is rewritten, which the model leaves out
		}
		if r.Credentials == fetch.CredentialsOmit {
			r.Credentials = fetch.CredentialsSameOrigin
		}
		return r
	}
	switch n := g.rand.IntN(100); {
	case n < 3:
		r.Mode = fetch.ModeCORS
	case n < 7:
		r.Mode = fetch.ModeNoCORS
		if g.chance(70) {
			r.Method, r.Body = "GET", fetch.BodyNone
		}
	case n < 9:
		r.Mode = fetch.ModeSameOrigin
	}
	r.Redirect = pick(g, "", "", "", "", "", "", "", "", "", "", fetch.RedirectManual, fetch.RedirectError)
	r.Cache = pick(g, "", "", "", "", "", "", "", "", fetch.CacheNoStore, fetch.CacheReload, fetch.CacheNoCache)
	if g.chance(1) {
		r.URL = strings.Replace(r.URL, "://", "://user:secret@", 1)
	}
	return r
}

// oneContentType drops every Content-Type but the first.
func oneContentType(list header.List) header.List {
	first := true
	return slices.DeleteFunc(list, func(field header.Field) bool {
		again := header.EqualFold(field.Name, header.ContentType) && !first
		first = first && !header.EqualFold(field.Name, header.ContentType)
		return again
	})
}

func (g *Generator) method() string {
	if g.chance(12) {
		return pick(g, "get", "put", "patch", "Patch", "post", "QUERY", "x'y", "TRACE", "connect", "G ET")
	}
	return pick(g, "GET", "GET", "GET", "GET", "GET", "GET", "GET", "POST", "POST", "POST", "PUT", "PUT", "DELETE", "DELETE", "PATCH", "HEAD", "OPTIONS")
}

func (g *Generator) credentials() fetch.Credentials {
	return pick(g, "", "", "", fetch.CredentialsSameOrigin, fetch.CredentialsInclude, fetch.CredentialsInclude, fetch.CredentialsOmit)
}

func (g *Generator) body(method string) fetch.Body {
	switch strings.ToUpper(method) {
	case "GET", "HEAD":
		if g.chance(99) {
			return fetch.BodyNone
		}
	}
	return pick(g, fetch.BodyNone, fetch.BodyNone, fetch.BodyText, fetch.BodyText, fetch.BodyURLEncoded, fetch.BodyMultipart, fetch.BodyJSONBlob, fetch.BodyBytes)
}

func (g *Generator) headers() header.List {
	var out header.List
	for range pick(g, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3) {
		name, values := g.headerChoice()
		out = append(out, header.Field{Name: name, Value: pick(g, values...)})
		if g.chance(6) {
			out = append(out, header.Field{Name: name, Value: pick(g, values...)})
		}
	}
	return out
}

// headerChoice picks a name and the values that are edges for it.
func (g *Generator) headerChoice() (name string, values []string) {
	long := strings.Repeat("x", 127)
	switch g.rand.IntN(16) {
	case 0, 1:
		return "X-Id", []string{"1", "", "a, b", long + "xx"}
	case 2, 3:
		return pick(g, "Authorization", "authorization"), []string{"Bearer t", "Basic dTpw"}
	case 4, 5, 6:
		return pick(g, "Content-Type", "content-type"), []string{
			"application/json", "text/plain", "TEXT/plain", "text/plain;charset=utf-8", `text/plain;charset="utf-8"`, "text/plain;", "text/plain ; x",
			"text/plain, text/plain", "text /plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/xml", "",
			"text/", "/plain", "text/plain" + strings.Repeat(";", 120), "text/plain;\xe9", "a/b",
		}
	case 7:
		return "Accept", []string{"*/*", "application/json", "text/html;q=0.9, */*", `a"b`, "(x)", "a@b", long, long + "x", long + "xx", "x\ty", "", "\xff", "a:b", "a{b"}
	case 8:
		return pick(g, "Accept-Language", "Content-Language"), []string{"en", "en-US,en;q=0.9", "en_US", `"en"`, "de *", "x\ty", "", "en/de", long + "xx"}
	case 9:
		return "Range", []string{"bytes=0-", "bytes=0-1", "bytes=1-0", "bytes=-5", "BYTES=1-2", "bytes=+0-1", "bytes=0-+1", "bytes= 0-1", "bytes=0-1,3-4", "bytes=0", "bytes=00-1",
			"bytes=99999999999999999999-", "bytes=1-99999999999999999999", "bytes=a-b", "chars=0-1"}
	case 10:
		return pick(g, "DPR", "Save-Data", "Width", "Viewport-Width", "Device-Memory", "Downlink", "RTT", "ECT"), []string{"1", "on", "1.5", "no-cache", `"a"`, "", "1.", "4g"}
	case 11:
		return pick(g, "Cache-Control", "Pragma"), []string{"no-cache", "max-age=0"}
	case 12:
		return pick(g, "If-None-Match", "If-Modified-Since"), []string{`"x"`, "Thu, 01 Jan 1970 00:00:00 GMT"}
	case 13:
		return pick(g, "X-HTTP-Method-Override", "X-Method-Override"), []string{"PUT", "TRACE", "put, trace", "x"}
	case 14:
		return pick(g, "Cookie", "Origin", "Sec-Foo", "Proxy-X", "Host", "DNT", "Access-Control-Request-Method"), []string{"1"}
	}
	return pick(g, "X-API-Key", "x-a", "X-CSRF-Token", "traceparent", "x'y", "Last-Event-ID"), []string{"1", " padded ", "\x01", "\xe4"}
}

func (g *Generator) chance(percent int) bool { return g.rand.IntN(100) < percent }

func pick[T any](g *Generator, from ...T) T { return from[g.rand.IntN(len(from))] }
