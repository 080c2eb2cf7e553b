// Package middleware_test has pages in real browsers call servers that have the middleware of package cors. What a policy allows
// must be readable, with the headers that it exposes; what it refuses must be blocked; and the model must have said so.
package middleware_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
)

// A call is one fetch of a page, and what must come of it.
type call struct {
	name    string
	page    string
	server  string
	request string // as a person writes it: method, path, header lines, include
	visible string // what the page can read of the headers that the API sends; "blocked" when it gets nothing
	reached bool   // the request itself comes to the handler
}

// calls is every call, by what its server has.
func calls() []call {
	const blocked = "blocked"
	return []call{
		{"one origin", "app", "one", "GET /", "x-total", true},
		{"with a preflight", "app", "one", "PUT / X-Id Content-Type", "x-total", true},
		{"a missing page", "app", "one", "GET /missing X-Id", "x-total", true},
		{"a broken page", "app", "one", "POST /broken", "x-total", true},
		{"another method", "app", "one", "DELETE /", blocked, false},
		{"another header", "app", "one", "GET / X-Id X-Other", blocked, false},
		{"credentials", "app", "one", "GET / include", blocked, true},
		{"credentials, with a preflight", "app", "one", "PUT / include", blocked, false},
		{"another origin", "evil", "one", "GET /", blocked, true},
		{"another origin's preflight", "evil", "one", "PUT /", blocked, false},
		{"another port", "other-port", "one", "GET /", blocked, true},
		{"a host below", "below", "one", "GET /", blocked, true},
		{"null", "null", "one", "GET /", blocked, true},
		{"null's preflight", "null", "one", "PUT /", blocked, false},

		{"a label", "team", "patterns", "PUT / X-Id", "x-total", true},
		{"labels", "deep-team", "patterns", "GET /", "x-total", true},
		{"the apex", "apex", "patterns", "GET /", blocked, true},
		{"a partial label", "preview", "patterns", "GET /", "x-total", true},
		{"a partial label across a dot", "dotted-preview", "patterns", "GET /", blocked, true},
		{"a port of a list", "other-port", "patterns", "PUT /", "x-total", true},
		{"no pattern", "evil", "patterns", "PUT /", blocked, false},

		{"any", "evil", "any", "PATCH / X-Whatever", "etag x-other x-total", true},
		{"any, null", "null", "any", "DELETE /", "etag x-other x-total", true},
		{"any, and Authorization", "app", "any", "GET / Authorization", blocked, false},
		{"any, with credentials", "app", "any", "GET / include", blocked, true},

		{"credentials allowed", "app", "credentials", "GET / include", "etag x-total", true},
		{"credentials, any method and header", "app", "credentials", "PATCH / Authorization X-Id include", "etag x-total", true},
		{"credentials left out", "app", "credentials", "PATCH / Authorization", "etag x-total", true},
		{"credentials of another origin", "evil", "credentials", "GET / include", blocked, true},

		{"null allowed", "null", "null", "PUT /", "", true},
		{"null alone allowed", "app", "null", "GET /", blocked, true},

		{"the outer policy", "app", "routes", "PUT /", "x-total", true},
		{"the outer policy refuses", "evil", "routes", "GET /", blocked, true},
		{"a route of its own", "evil", "routes", "PATCH /open/ X-Whatever", "etag x-other x-total", true},
		{"off", "app", "routes", "GET /off/", blocked, true},
		{"off, with a preflight", "app", "routes", "PUT /off/", blocked, false},

		{"a shadow changes nothing", "evil", "shadow", "PATCH / X-Whatever", "etag x-other x-total", true},

		{"enforced, allowed", "app", "enforced", "POST /order", "x-total", true},
		{"enforced, its own page", "own", "enforced", "POST /order", "etag x-other x-total", true},
		{"enforced, refused", "evil", "enforced", "POST /order", blocked, false},
		{"enforced, null", "null", "enforced", "POST /order", blocked, false},

		{"a tenant", "tenant", "tenants", "PUT / X-Id", "x-total", true},
		{"a tenant's other method", "tenant", "tenants", "DELETE /", blocked, false},
		{"no tenant", "below", "tenants", "PUT /", blocked, false},
		{"a tenant that cannot be looked up", "evil", "tenants", "GET /", blocked, true},

		{"before the swap", "evil", "swapped", "PUT /", blocked, false},
	}
}

// afterSwap are the calls for which the server has another policy from one call to the next.
func afterSwap() []call {
	return []call{
		{"after the swap", "evil", "swapped", "PUT /", "etag x-other x-total", true},
		{"after the swap, any method", "app", "swapped", "DELETE /", "etag x-other x-total", true},
	}
}

func TestMiddleware(t *testing.T) {
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			b, err := browser.Start(t.Context(), engine, browser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			p := servePages(t)
			s := serveAPIs(t, p)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := b.Navigate(ctx, p.origin("app")+"/frames"); err != nil {
				t.Fatal(err)
			}
			for _, c := range calls() {
				t.Run(c.name, func(t *testing.T) { c.check(ctx, t, b, p, s) })
			}
			if s.shadows.Load() == 0 {
				t.Error("the shadow told of nothing")
			}
			s.swapped.Use(s.open)
			for _, c := range afterSwap() {
				t.Run(c.name, func(t *testing.T) { c.check(ctx, t, b, p, s) })
			}
		})
	}
}

// check makes the call in the browser and in the model.
func (c *call) check(ctx context.Context, t *testing.T, b browser.Browser, p *pages, s *servers) {
	request := c.read(s)
	if got := c.predicted(t, b.Engine(), p, s, request); got != c.visible {
		t.Errorf("the model says %q, want %q", got, c.visible)
	}
	before := s.reached.Load()
	headers := map[string]string{}
	for _, field := range request.Header {
		headers[field.Name] = field.Value
	}
	init := map[string]any{"method": request.Method, "headers": headers, "credentials": request.Credentials}
	data, err := b.Eval(ctx, "return await ask(...arguments)", c.page, request.URL, init)
	if err != nil {
		t.Fatal(err)
	}
	var seen struct {
		Threw   string
		Status  int
		Headers []string
	}
	if err := json.Unmarshal(data, &seen); err != nil {
		t.Fatalf("decode %s from the page: %v", data, err)
	}
	got := ofAPI(seen.Headers)
	if seen.Threw != "" {
		got = "blocked"
	}
	if got != c.visible {
		t.Errorf("the page sees %q (%s), want %q", got, data, c.visible)
	}
	if reached := s.reached.Load() > before; reached != c.reached {
		t.Errorf("the handler was reached: %t, want %t", reached, c.reached)
	}
}

// read reads the request of a call.
func (c *call) read(s *servers) *fetch.Request {
	words := strings.Fields(c.request)
	request := &fetch.Request{Method: words[0], URL: s.url(c.server, words[1]), Credentials: fetch.CredentialsOmit}
	for _, word := range words[2:] {
		switch word {
		case "include":
			request.Credentials = fetch.CredentialsInclude
		case "Content-Type":
			request.Header.Append(word, "application/json")
		default:
			request.Header.Append(word, "1")
		}
	}
	return request
}

// predicted is what the model of the engine says of the call, with the same handler as the server.
func (c *call) predicted(t *testing.T, engine browser.Engine, p *pages, s *servers, request *fetch.Request) string {
	t.Helper()
	profiles := fetch.Profiles()
	i := slices.IndexFunc(profiles, func(profile fetch.Profile) bool { return profile.Name == string(engine) })
	page, err := fetch.NewPage(p.origin(c.page))
	if err != nil {
		t.Fatal(err)
	}
	trace, err := fetch.NewBrowser(profiles[i]).Fetch(&page, request, corstest.Handler(s), 0)
	if err != nil {
		t.Fatal(err)
	}
	if trace.Outcome != fetch.Allowed {
		return string(trace.Outcome)
	}
	return ofAPI(trace.Response.Visible)
}

// ofAPI picks the headers that the API sends, sorted.
func ofAPI(names []string) string {
	var out []string
	for _, name := range names {
		if slices.Contains([]string{"x-total", "x-other", "etag"}, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
