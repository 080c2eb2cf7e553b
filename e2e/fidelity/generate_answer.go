package fidelity

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// answers makes the answers along a chain: mostly right ones, each now and then wrong in one way, so that at least half
// of the scenarios get past their first check.
func (g *Generator) answers(s *Scenario, r *fetch.Request, urls []string) []HopAnswers {
	page := s.Stage.Origin
	if s.Stage.Opaque {
		page = "null"
	}
	out := make([]HopAnswers, len(urls))
	for i := range urls {
		allowed := expectedOrigin(page, urls[:i+1])
		out[i].Preflight = g.preflightAnswer(r, allowed, page)
		out[i].Actual = g.actualAnswer(r, allowed, page)
		if i+1 < len(urls) {
			out[i].Actual.Status = pick(g, 301, 302, 302, 303, 307, 308)
			out[i].Actual.Header = append(out[i].Actual.Header, g.location(s.ID, urls[i+1])...)
		}
	}
	return out
}

// expectedOrigin is the Origin header that the last URL of a chain should see, by the Standard.
func expectedOrigin(page string, urls []string) string {
	if page == "null" {
		return page
	}
	home := originOf(page)
	for i := 1; i < len(urls); i++ {
		last, next := originOf(urls[i-1]), originOf(urls[i])
		if !origin.SameOrigin(last, next) && !origin.SameOrigin(last, home) {
			return "null"
		}
	}
	return page
}

func originOf(raw string) origin.Origin {
	o, err := origin.FromURL(raw)
	if err != nil {
		return origin.Origin{}
	}
	return o
}

// preflightAnswer answers a preflight.
func (g *Generator) preflightAnswer(r *fetch.Request, allowed, page string) fetch.Response {
	res := fetch.Response{Status: pick(g, 200, 200, 204, 204, 204, 204, 204, 204, 202, 207, 299)}
	if g.chance(8) {
		res.Status = pick(g, 404, 401, 403, 500, 302, 304)
	}
	res.Header = g.sharing(r, allowed, page)
	if res.Status == 302 {
		res.Header = append(res.Header, header.Field{Name: header.Location, Value: "/elsewhere"})
	}
	if !g.chance(6) {
		for _, v := range g.methodLines(r) {
			res.Header = append(res.Header, header.Field{Name: header.AllowMethods, Value: v})
		}
	}
	if !g.chance(6) {
		for _, v := range g.headerLines(r) {
			res.Header = append(res.Header, header.Field{Name: header.AllowHeaders, Value: v})
		}
	}
	if g.chance(40) {
		res.Header = append(res.Header, header.Field{Name: header.MaxAge, Value: pick(g, "600", "600", "600", "86400", "0", "-1", "abc", "600, 600", "", "+600", "10s", "99999999999999999999", "1.5", " 600 ")})
	}
	if !lists(res.Header, header.AllowMethods) && !lists(res.Header, header.AllowHeaders) {
		// Firefox keeps a hundred answers, and when there are more it first forgets those that list nothing: those of other
		// scenarios would decide whether this one is still known.
		res.Header.Set(header.MaxAge, "0")
	}
	g.shuffleCase(res.Header)
	return res
}

// lists reports whether a header of a response lists anything.
func lists(list header.List, name string) bool {
	tokens, _, _ := header.ExtractTokens(list, name)
	return len(tokens) > 0
}

func (g *Generator) methodLines(r *fetch.Request) []string {
	upper := strings.ToUpper(r.Method)
	right := r.Method
	switch upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		right = upper
	}
	if g.chance(75) {
		return []string{pick(g, "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, QUERY, x'y, patch, Patch", right)}
	}
	return pick(g, []string{"*"}, []string{"*"}, []string{"GET", right}, []string{strings.ToLower(right)},
		[]string{upper}, []string{"PUT"}, []string{"GET,,POST"}, []string{""}, []string{right + ",*"}, []string{"GET POST"}, []string{`"PUT"`}, []string{",", right}, []string{"\t" + right + " ,GET"}, []string{"PUT, @"})
}

func (g *Generator) headerLines(r *fetch.Request) []string {
	var names []string
	for _, field := range r.Header {
		names = append(names, field.Name)
	}
	right := strings.Join(append(names, "Content-Type"), ", ")
	all := "Authorization, Content-Type, Content-Language, Accept, Accept-Language, Range, X-Id, X-API-Key, X-A, X-CSRF-Token, traceparent, x'y, Last-Event-ID, Cache-Control, Pragma, If-None-Match, If-Modified-Since, DPR, Save-Data, Width, Viewport-Width, Device-Memory, Downlink, RTT, ECT, X-HTTP-Method-Override, X-Method-Override"
	if g.chance(75) {
		return []string{pick(g, all, all, strings.ToLower(all), right, strings.ToUpper(right))}
	}
	return pick(g, []string{"*"}, []string{"*"}, []string{"*, Authorization"},
		[]string{"Content-Type"}, []string{"X-Id", right}, []string{""}, []string{"X-Id Content-Type"}, []string{"Content-Type, \"x\""}, []string{right + ",,"}, []string{"*", right}, []string{"a@b"}, []string{"\xe9"})
}

// actualAnswer answers the request itself.
func (g *Generator) actualAnswer(r *fetch.Request, allowed, page string) fetch.Response {
	res := fetch.Response{Status: pick(g, 200, 200, 200, 200, 200, 200, 200, 200, 204, 201, 404, 500, 403, 401, 300, 302, 418, 206)}
	res.Header = append(g.sharing(r, allowed, page),
		header.Field{Name: header.CacheControl, Value: "no-store"},
		header.Field{Name: header.ContentType, Value: "application/json"},
	)
	for range g.rand.IntN(3) {
		res.Header = append(res.Header, header.Field{Name: pick(g, "X-Total-Count", "ETag", "Date", "Server", "X-Request-Id", "Pragma", "Expires", "Link", "Accept", "x-total-count", "Content-Language", "Last-Modified"), Value: pick(g, "1", "", "a, b")})
	}
	if g.chance(40) {
		for _, v := range pick(g, []string{"X-Total-Count, ETag"}, []string{"*"}, []string{"*"}, []string{"x-total-count"}, []string{"X-Total-Count", "ETag"}, []string{"*, ETag"}, []string{""}, []string{"X-Total-Count,,"}, []string{"X-Total-Count ETag"}, []string{`"*"`}, []string{"Set-Cookie, X-Request-Id"}, []string{"Server,@"}) {
			res.Header = append(res.Header, header.Field{Name: header.ExposeHeaders, Value: v})
		}
	}
	if g.chance(10) {
		res.Header = append(res.Header, header.Field{Name: header.SetCookie, Value: "a=b"})
	}
	g.shuffleCase(res.Header)
	return res
}

// sharing makes Access-Control-Allow-Origin and -Credentials.
func (g *Generator) sharing(r *fetch.Request, allowed, page string) header.List {
	credentialed := r.Credentials == fetch.CredentialsInclude
	values := []string{allowed}
	if !credentialed && g.chance(40) || g.chance(2) {
		values = []string{"*"}
	}
	if g.chance(10) {
		values = pick(g, nil, nil, nil, []string{""}, []string{page + "/"}, []string{strings.ToUpper(page)}, []string{"null"}, []string{"https://other.example"}, []string{page, page}, []string{page + ", https://other.example"},
			[]string{"*", page}, []string{"http://*.localhost"}, []string{"*.localhost"}, []string{"**"}, []string{`"*"`}, []string{"undefined"}, []string{"//app.localhost"}, []string{"x:8000"}, []string{" " + allowed + " "}, []string{"\t*"}, []string{"*, *"},
			[]string{page + " https://other.example"}, []string{page}, []string{page}, []string{"http://app.localhost"}, []string{"\xe9"}, []string{"http://[x"}, []string{allowed + ","})
	}
	var out header.List
	for _, v := range values {
		out = append(out, header.Field{Name: header.AllowOrigin, Value: v})
	}
	switch {
	case credentialed && !g.chance(6), g.chance(10):
		out = append(out, header.Field{Name: header.AllowCredentials, Value: "true"})
	case g.chance(40):
		for _, v := range pick(g, []string{"True"}, []string{"TRUE"}, []string{"1"}, []string{"true", "true"}, []string{" true "}, []string{""}, []string{"false"}, []string{`"true"`}) {
			out = append(out, header.Field{Name: header.AllowCredentials, Value: v})
		}
	}
	return out
}

// location makes the Location of a redirect, mostly a good one.
func (g *Generator) location(id, next string) header.List {
	values := []string{next}
	switch {
	case g.chance(3):
		values = []string{next + "#fragment"}
	case g.chance(4):
		values = []string{strings.Replace(next, "://", "://user:secret@", 1)}
	case g.chance(2):
		values = []string{strings.Replace(next, "://", "://@", 1)}
	case g.chance(2):
		// Not mailto: without cors, Firefox leaves it to another program, and its page is gone.
		values = []string{pick(g, "data:,", "about:blank", "ftp://app.localhost", "wss://app.localhost", "file:///etc", "myapp://x") + "/s/" + id + "/x"}
	case g.chance(2):
		values = []string{pick(g, "http://[x", "http://:80/")}
	case g.chance(2):
		values = nil
	}
	var out header.List
	for _, v := range values {
		out = append(out, header.Field{Name: header.Location, Value: v})
	}
	return out
}

// shuffleCase writes some header names in lower case, as HTTP/2 servers do.
func (g *Generator) shuffleCase(list header.List) {
	for i := range list {
		if g.chance(15) {
			list[i].Name = strings.ToLower(list[i].Name)
		}
	}
}
