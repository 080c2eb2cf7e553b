package gateway_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// kinds are the two handlers, around the same ones.
func kinds() map[string]func(policy object, handlers ...object) []object {
	return map[string]func(policy object, handlers ...object) []object{
		"cors": func(policy object, handlers ...object) []object {
			return append([]object{{"handler": "cors", "policy": policy}}, handlers...)
		},
		"concors": func(policy object, handlers ...object) []object {
			return []object{{"handler": "concors", "policies": object{"app": policy}, "routes": []object{{"path": "/", "policy": "app", "handle": handlers}}}}
		},
	}
}

// Every response has the headers of the policy: those of upstreams, and the errors and redirects that Caddy makes itself. A
// preflight reaches nobody.
func TestEveryResponseIsStamped(t *testing.T) {
	reached := make(chan string, 100)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached <- r.Method
		if r.URL.Path == "/slow" {
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	defer upstream.Close()
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	garbage := garbageServer(t)
	failing := func(status int) object { return object{"handler": "error", "status_code": status} }
	for kind, around := range kinds() {
		for _, row := range []struct {
			name     string
			handlers []object
			path     string
			want     int
		}{
			{"an upstream", []object{proxy(upstream.URL)}, "/", 418},
			{"authentication", []object{failing(401), proxy(upstream.URL)}, "/", 401},
			{"nothing there", []object{failing(404)}, "/", 404},
			{"too many requests", []object{failing(429)}, "/", 429},
			{"an upstream that is down", []object{proxy(down.URL)}, "/", 502},
			{"an upstream that sends garbage", []object{proxy(garbage)}, "/", 502},
			{"an upstream that is slow", []object{proxy(upstream.URL, object{"transport": object{"protocol": "http", "response_header_timeout": "100ms"}})}, "/slow", 504},
			{"a redirect", []object{{"handler": "static_response", "status_code": 308, "headers": object{"Location": []string{"/x"}}}}, "/", 308},
			{"a rewrite", []object{{"handler": "rewrite", "uri": "/y"}, proxy(upstream.URL)}, "/", 418},
			{"a header of CORS by hand, and an error", []object{{"handler": "headers", "response": object{"set": object{"Access-Control-Allow-Origin": []string{"https://evil.example"}}}}, failing(404)}, "/", 404},
		} {
			t.Run(kind+", "+row.name, func(t *testing.T) {
				c := start(t, around(app(), row.handlers...)...)
				for _, version := range []int{1, 2} {
					from := client(t, version)
					for _, ask := range []struct {
						method, want string
						lines        []string
					}{
						{"GET", granted, []string{"Origin: https://app.example"}},
						{"GET", refused, []string{"Origin: https://evil.example"}},
						{"GET", refused, nil},
					} {
						res := c.ask(t, from, ask.method, row.path, ask.lines...)
						if got := protocol(res.Header); res.StatusCode != row.want || got != ask.want {
							t.Errorf("HTTP/%d, %v: got %d\n%s\nwant %d\n%s", version, ask.lines, res.StatusCode, got, row.want, ask.want)
						}
					}
					for len(reached) > 0 {
						<-reached
					}
					res := c.ask(t, from, "OPTIONS", row.path, "Origin: https://app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-id")
					if got := protocol(res.Header); res.StatusCode != 204 || got != preflight {
						t.Errorf("HTTP/%d, preflight: got %d\n%s\nwant 204\n%s", version, res.StatusCode, got, preflight)
					}
					res = c.ask(t, from, "OPTIONS", row.path, "Origin: https://evil.example", "Access-Control-Request-Method: PUT")
					if got := protocol(res.Header); res.StatusCode != 403 || !strings.HasPrefix(got, "Vary: Origin, Acc") {
						t.Errorf("HTTP/%d, refused preflight: got %d\n%s", version, res.StatusCode, got)
					}
					if len(reached) > 0 {
						t.Errorf("HTTP/%d: a preflight reached the upstream", version)
					}
				}
			})
		}
	}
}

// What upstreams send is dropped, trusted or reported; Vary is never lost and never doubled.
func TestUpstreamCORS(t *testing.T) {
	const own = "https://own.example"
	for _, row := range []struct {
		name, mode, origin string
		off                bool
		upstream           []string // header lines
		want               string
	}{
		{"nothing", "", "https://app.example", false, nil, granted},
		{"strip", "strip", "https://app.example", false, []string{"Access-Control-Allow-Origin: " + own}, granted},
		{"the default is to strip", "", "https://evil.example", false, []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"}, refused},
		{"the same value", "", "https://app.example", false, []string{"Access-Control-Allow-Origin: https://app.example"}, granted},
		{"doubled", "", "https://app.example", false, []string{"Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Origin: *"}, granted},
		{"all of them", "", "https://evil.example", false, []string{
			"access-control-allow-ORIGIN: https://evil.example", "Access-Control-Allow-Credentials: true", "Access-Control-Allow-Methods: *",
			"Access-Control-Allow-Headers: *", "Access-Control-Max-Age: 999999", "Access-Control-Expose-Headers: *",
		}, refused},
		{"Vary on something else", "", "https://app.example", false, []string{"Vary: Accept-Encoding"}, strings.Replace(granted, "Vary: Origin", "Vary: Accept-Encoding\nVary: Origin", 1)},
		{"Vary on Origin", "", "https://app.example", false, []string{"Vary: accept, ORIGIN"}, strings.Replace(granted, "Vary: Origin", "Vary: accept, ORIGIN", 1)},
		{"Vary on everything", "", "https://app.example", false, []string{"Vary: *"}, strings.Replace(granted, "Vary: Origin", "Vary: *", 1)},
		{"trust", "trust", "https://app.example", false, []string{"Access-Control-Allow-Origin: " + own, "Vary: X-A"}, "Allow-Origin: " + own + "\nVary: X-A"},
		{"trust, and nothing", "trust", "https://app.example", false, nil, granted},
		{"report, granted", "report", "https://app.example", false, []string{"Access-Control-Allow-Origin: " + own, "Access-Control-Allow-Credentials: false"}, granted},
		{"report, refused", "report", "https://evil.example", false, []string{"Access-Control-Allow-Origin: *"}, "Allow-Origin: *"},
		{"off", "", "https://app.example", true, []string{"Access-Control-Allow-Origin: *"}, refused},
		{"off, trust", "trust", "https://app.example", true, []string{"Access-Control-Allow-Origin: *"}, "Allow-Origin: *"},
		{"off, report", "report", "https://app.example", true, []string{"Access-Control-Allow-Origin: *"}, "Allow-Origin: *"},
	} {
		t.Run(row.name, func(t *testing.T) {
			methods := make(chan string, 10)
			upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				methods <- r.Method
				for _, line := range row.upstream {
					name, value, _ := strings.Cut(line, ": ")
					w.Header().Add(name, value)
				}
			}))
			defer upstream.Close()
			h := object{"handler": "cors"}
			if !row.off {
				h["policy"] = app()
			}
			if row.mode != "" {
				h["upstream_cors"] = row.mode
			}
			c := start(t, h, proxy(upstream.URL))
			res := c.ask(t, client(t, 1), "GET", "/", "Origin: "+row.origin)
			if got := protocol(res.Header); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
			<-methods
			c.ask(t, client(t, 1), "OPTIONS", "/", "Origin: "+row.origin, "Access-Control-Request-Method: PUT")
			passed := row.off && (row.mode == "trust" || row.mode == "report")
			if got := len(methods) == 1; got != passed {
				t.Errorf("the preflight was passed on: got %t, want %t", got, passed)
			}
		})
	}
}

func TestSightings(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://evil.example"+strings.Repeat("x", 1000))
		w.Header().Set("Access-Control-Max-Age", "1")
	}))
	defer upstream.Close()
	c := start(t,
		object{"handler": "concors", "routes": []object{{"path": "/up", "handle": []object{proxy(upstream.URL)}}}},
		object{"handler": "metrics"},
	)
	from := client(t, 1)
	for range 3 {
		c.ask(t, from, "GET", "/up")
	}
	host := strings.TrimPrefix(upstream.URL, "http://")
	c.logged(t, `"level":"warn"`, "CORS headers from behind", host, "https://evil.examplexxx", "Access-Control-Max-Age: 1", `"upstream_cors":"strip"`)
	text := c.body(t, "/metrics")
	for _, name := range []string{"access-control-allow-origin", "access-control-max-age"} {
		if line := fmt.Sprintf(`concors_upstream_cors_total{header=%q,upstream=%q} 3`, name, host); !strings.Contains(text, line) {
			t.Errorf("the metrics have no line %s", line)
		}
	}
}

// An inner policy counts, and is no upstream.
func TestInnerPolicy(t *testing.T) {
	other := object{"origins": []string{"https://other.example"}}
	c := start(t,
		object{"handler": "cors", "policy": app()},
		object{"handler": "subroute", "routes": []object{{"handle": []object{
			{"handler": "cors", "policy": other}, {"handler": "static_response", "status_code": 200},
		}}}},
	)
	for origin, want := range map[string]string{"https://other.example": "Allow-Origin: https://other.example\nVary: Origin", "https://app.example": "Vary: Origin"} {
		if got := protocol(c.ask(t, client(t, 1), "GET", "/", "Origin: "+origin).Header); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", origin, got, want)
		}
	}
}

func TestEnforce(t *testing.T) {
	c := start(t, object{"handler": "cors", "policy": app(), "enforce": true}, object{"handler": "static_response", "status_code": 200})
	for _, row := range []struct {
		name  string
		lines []string
		want  int
	}{
		{"allowed", []string{"Origin: https://app.example"}, 200},
		{"refused", []string{"Origin: https://evil.example"}, 403},
		{"no page", nil, 200},
		{"its own page", []string{"Origin: http://" + c.addr}, 200},
		{"its own page, as the browser says", []string{"Origin: https://behind.example", "Sec-Fetch-Site: same-origin"}, 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := c.ask(t, client(t, 1), "POST", "/", row.lines...).StatusCode; got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
	c.logged(t, "request refused", "origin-not-allowed", "the origin https://evil.example is not allowed")
}

func TestShadow(t *testing.T) {
	c := start(t, object{"handler": "cors", "policy": app(), "shadow": object{"origins": []string{"https://new.example"}}}, object{"handler": "static_response", "status_code": 200})
	for origin, want := range map[string]string{"https://app.example": granted, "https://new.example": refused} {
		if got := protocol(c.ask(t, client(t, 1), "GET", "/", "Origin: "+origin).Header); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", origin, got, want)
		}
	}
	c.logged(t, "the shadow policy would refuse this", "the origin https://app.example is not allowed")
	c.logged(t, "the shadow policy would allow this", "the origin https://new.example is not allowed")
}
