package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/concors/concors/gateway/policyjson"
)

// sink is the cheapest response writer.
type sink http.Header

func (s sink) Header() http.Header          { return http.Header(s) }
func (sink) Write(data []byte) (int, error) { return len(data), nil }
func (sink) WriteHeader(int)                {}

// bench runs a handler around one that only writes a header.
func bench(b *testing.B, h caddyhttp.MiddlewareHandler, method, path string, lines ...string) {
	next := caddyhttp.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error {
		w.WriteHeader(http.StatusOK)
		return nil
	})
	r, err := http.NewRequest(method, "http://gateway.example"+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < len(lines); i += 2 {
		r.Header.Set(lines[i], lines[i+1])
	}
	w := sink{}
	b.ReportAllocs()
	for b.Loop() {
		clear(w)
		w["Server"] = nil
		if err := h.ServeHTTP(w, r, next); err != nil {
			b.Fatal(err)
		}
	}
}

// first is the first handler of the server that runs.
func first(b *testing.B, handler object) caddyhttp.MiddlewareHandler {
	startLogging(b, "INFO", handler)
	return server(b).Routes[0].Handlers[0]
}

func many(n int) *policyjson.Policy {
	p := &policyjson.Policy{Methods: []string{"PUT"}, RequestHeaders: []string{"X-Id"}, Credentials: true}
	for i := range n {
		p.Origins = append(p.Origins, fmt.Sprintf("https://app%d.example", i))
	}
	return p
}

// BenchmarkCORS is what the handler costs a request.
func BenchmarkCORS(b *testing.B) {
	for _, origins := range []int{10, 100_000} {
		c := first(b, object{"handler": "cors", "policy": many(origins)})
		for _, row := range []struct {
			name, method string
			lines        []string
		}{
			{"no page", "GET", nil},
			{"allowed", "GET", []string{"Origin", "https://app7.example"}},
			{"refused", "GET", []string{"Origin", "https://evil.example"}},
			{"preflight", "OPTIONS", []string{"Origin", "https://app7.example", "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "x-id"}},
		} {
			b.Run(fmt.Sprintf("%d origins/%s", origins, row.name), func(b *testing.B) { bench(b, c, row.method, "/", row.lines...) })
		}
	}
}

// BenchmarkRoutes is what the look-up of a route costs beside.
func BenchmarkRoutes(b *testing.B) {
	for _, n := range []int{10, 1000} {
		var routes []object
		for i := range n {
			routes = append(routes, object{"path": fmt.Sprintf("/api/v%d/", i), "policy": "app"})
		}
		r := first(b, object{"handler": "concors", "policies": object{"app": many(10)}, "routes": routes})
		for _, row := range []struct {
			name, method string
			lines        []string
		}{
			{"allowed", "GET", []string{"Origin", "https://app7.example"}},
			{"preflight", "OPTIONS", []string{"Origin", "https://app7.example", "Access-Control-Request-Method", "PUT"}},
		} {
			b.Run(fmt.Sprintf("%d routes/%s", n, row.name), func(b *testing.B) { bench(b, r, row.method, "/api/v7/users/1", row.lines...) })
		}
	}
}

// BenchmarkProxy is what one request through Caddy costs, with the handler and without; its profile tells the handler's part.
func BenchmarkProxy(b *testing.B) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "body") }))
	defer upstream.Close()
	for name, handlers := range map[string][]object{
		"alone":   {proxy(upstream.URL)},
		"cors":    {{"handler": "cors", "policy": many(10)}, proxy(upstream.URL)},
		"concors": {{"handler": "concors", "policies": object{"app": many(10)}, "routes": []object{{"path": "/", "policy": "app", "handle": []object{proxy(upstream.URL)}}}}},
	} {
		b.Run(name, func(b *testing.B) {
			c := startLogging(b, "INFO", handlers...)
			from := client(b, 1)
			b.ReportAllocs()
			for b.Loop() {
				c.ask(b, from, "GET", "/", "Origin: https://app7.example")
			}
		})
	}
}
