package gateway_test

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/concors/concors/gateway"
	"github.com/concors/concors/status"
)

// administered starts Caddy with the handlers and an administration, and returns how to get its status.
func administered(t *testing.T, handlers ...object) (c *running, look func() *status.Status) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c = startWith(t, "DEBUG", object{"listen": l.Addr().String(), "config": object{"persist": false}}, handlers...)
	return c, func() *status.Status {
		t.Helper()
		s, err := status.Get(t.Context(), l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestStatus(t *testing.T) {
	upstream := on(t, "behind", func(http.ResponseWriter, *http.Request) {})
	routes := func(strict object) object {
		return object{
			"handler":  "concors",
			"policies": object{"app": app(), "strict": strict},
			"routes": []object{
				{"path": "/api/", "policy": "app", "shadow": "strict", "handle": []object{upstream}},
				{"path": "/", "handle": []object{proxy("127.0.0.1:9")}},
				{"host": "a.example", "path": "/x", "methods": []string{"GET", "PUT"}, "headers": [][]string{{"X-V", "2"}}, "policy": "strict", "handle": []object{upstream}},
			},
		}
	}
	c, look := administered(t, routes(object{"origins": []string{"https://app.example", "https://b.example"}}))
	h1 := client(t, 1)
	ask := func(method, path string, lines ...string) { t.Helper(); c.ask(t, h1, method, path, lines...) }
	const good, bad, other = "Origin: https://app.example", "Origin: https://app.example:8443", "Origin: https://b.example"
	ask("GET", "/api/x", good)
	ask("GET", "/api/x", bad)
	ask("GET", "/api/x", bad)
	ask("GET", "/api/x", other)
	ask("GET", "/api/x")
	ask("OPTIONS", "/api/x", good, "Access-Control-Request-Method: DELETE")
	s := look()
	want := &status.Status{
		Routes: []status.Route{
			{Route: "/"}, {Route: "/api/", Policy: "app", Shadow: "strict", Decisions: []status.Decision{
				{Kind: "not-cors", Outcome: "allowed", Count: 1},
				{Kind: "actual", Outcome: "allowed", Count: 1}, {Kind: "actual", Outcome: "refused", Reason: "origin-not-allowed", Count: 3},
				{Kind: "preflight", Outcome: "allowed", Count: 1},
			}},
			{Route: "GET,PUT a.example/x X-V: 2", Policy: "strict"},
		},
		Upstreams: []status.Upstream{{Address: "127.0.0.1:9", Healthy: true}},
		Refused: []status.Refused{
			{Origin: "https://app.example:8443", Route: "/api/", Policy: "app", Reason: "origin-not-allowed",
				Why: "the origin https://app.example:8443 is not allowed; it differs from https://app.example only in the port", Seen: status.Seen{Count: 2}},
			{Origin: "https://b.example", Route: "/api/", Policy: "app", Reason: "origin-not-allowed", Why: "the origin https://b.example is not allowed", Seen: status.Seen{Count: 1}},
		},
		Unseen: []status.Unseen{{Policy: "strict", Origin: "https://app.example"}, {Policy: "strict", Origin: "https://b.example"}},
		Differing: []status.Differing{
			{Origin: "https://app.example", Route: "/api/", Shadow: "strict", Change: "would-refuse", Reason: "method-not-allowed",
				Why: "the method DELETE is not allowed; allowed are GET, HEAD, POST", Seen: status.Seen{Count: 1}},
			{Origin: "https://b.example", Route: "/api/", Shadow: "strict", Change: "would-allow", Reason: "origin-not-allowed",
				Why: "the origin https://b.example is not allowed", Seen: status.Seen{Count: 1}},
		},
	}
	ignore := cmp.Options{cmpopts.IgnoreFields(status.Status{}, "Since", "Now"), cmpopts.IgnoreFields(status.Seen{}, "Last"), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want, s, ignore); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}

	// Another table: decisions are counted on, what was refused is forgotten, and what came is not.
	if err := replace(t, routes(object{"origins": []string{"https://c.example"}})); err != nil {
		t.Fatal(err)
	}
	s = look()
	if diff := cmp.Diff(want.Routes, s.Routes, ignore); diff != "" {
		t.Errorf("after another table: want -, got +:\n%s", diff)
	}
	if len(s.Refused)+len(s.Differing) > 0 {
		t.Errorf("after another table: got %v and %v, want nothing", s.Refused, s.Differing)
	}
	if diff := cmp.Diff([]status.Unseen{{Policy: "strict", Origin: "https://c.example"}}, s.Unseen); diff != "" {
		t.Errorf("after another table: want -, got +:\n%s", diff)
	}
}

// Handlers of the name cors have names, and only reading is answered.
func TestStatusOfCORS(t *testing.T) {
	h := func(more object) object { return with(object{"handler": "cors", "policy": app()}, more) }
	c, look := administered(t, h(nil), h(object{"name": "inner"}), h(nil), on(t, "behind", func(http.ResponseWriter, *http.Request) {}))
	c.ask(t, client(t, 1), "GET", "/", "Origin: https://evil.example")
	var got []string
	for _, r := range look().Routes {
		got = append(got, r.Route)
	}
	if diff := cmp.Diff([]string{"cors", "cors 2", "inner"}, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	if n := len(look().Refused); n != 3 {
		t.Errorf("got %d refusals, want one of each handler", n)
	}
	router := new(gateway.Admin)
	if err := router.Provision(caddy.ActiveContext()); err != nil {
		t.Fatal(err)
	}
	if err := router.Routes()[0].Handler.ServeHTTP(nil, &http.Request{Method: "POST"}); err == nil || !strings.Contains(err.Error(), "only be read") {
		t.Errorf("got %v, want that it can only be read", err)
	}
}
