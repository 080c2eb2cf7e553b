package cors_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// hello answers with a status and sees what it was asked.
type hello struct {
	status int
	seen   int
	header func(http.Header)
}

func (h *hello) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.seen++
	if h.header != nil {
		h.header(w.Header())
	}
	w.WriteHeader(h.status)
}

// serve sends a request and returns the response.
func serve(h http.Handler, r cors.Request) *http.Response {
	req := httptest.NewRequest(r.Method, "https://api.example/x", nil)
	for name, lines := range map[string][]string{
		header.Origin: r.Origin, header.RequestMethod: r.RequestMethod, header.RequestHeaders: r.RequestHeaders, header.SecFetchSite: r.FetchSite,
	} {
		if lines != nil {
			req.Header[name] = lines
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Result()
}

// The middleware puts on the wire what Decide says, whatever the handler answers.
func TestMiddlewareServesDecisions(t *testing.T) {
	requests := []cors.Request{
		ask("GET"), ask("GET", "Origin: https://app.example"), ask("POST", "Origin: https://evil.example"), ask("GET", "Origin: null"),
		ask("OPTIONS", "Origin: https://app.example"), ask("GET", "Origin: https://app.example", "Origin: https://app.example"),
		ask("POST", "Origin: https://api.example", "Sec-Fetch-Site: same-origin"),
		ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-id,content-type"),
		ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PATCH"),
		ask("OPTIONS", "Origin: https://evil.example", "Access-Control-Request-Method: GET"),
		ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: a", "Access-Control-Request-Headers: b"),
	}
	configs := map[string]cors.Config{
		"app": app(), "public": public(), "null": {DangerouslyAllowNull: true},
		"any": {Origins: []string{"https://app.example"}, Methods: []string{"*"}, RequestHeaders: []string{"*"}, Credentials: true},
	}
	for name, c := range configs {
		p := policy(t, c)
		for _, r := range requests {
			d := p.Decide(r)
			next := &hello{status: 418}
			res := serve(cors.NewMiddleware(p).Wrap(next), r)
			wantStatus := 418
			if d.Kind == cors.Preflight {
				wantStatus = d.Status()
			}
			if passed := next.seen == 1; res.StatusCode != wantStatus || passed == (d.Kind == cors.Preflight) {
				t.Errorf("%s, %v: got status %d, passed on %t", name, r, res.StatusCode, passed)
			}
			var want header.List
			for _, field := range d.Header() {
				want.Append(field.Name, field.Value)
			}
			for _, field := range want {
				if got := strings.Join(res.Header[field.Name], ", "); got != field.Value {
					t.Errorf("%s, %v: got %s: %s, want %s", name, r, field.Name, got, field.Value)
				}
			}
			if len(res.Header) != len(want) {
				t.Errorf("%s, %v: got headers %v, want %v", name, r, res.Header, want)
			}
		}
	}
}

func TestVaryIsAddedTo(t *testing.T) {
	outer := func(value string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Vary"] = []string{value}
			next.ServeHTTP(w, r)
		})
	}
	m := cors.NewMiddleware(policy(t, app()))
	for _, row := range []struct {
		there string
		want  []string
	}{
		{"Accept-Encoding", []string{"Accept-Encoding", "Origin"}},
		{"Accept, origin", []string{"Accept, origin"}},
		{"*", []string{"*"}},
	} {
		for _, r := range []cors.Request{ask("GET"), ask("GET", "Origin: https://app.example"), ask("GET", "Origin: https://evil.example")} {
			res := serve(outer(row.there, m.Wrap(&hello{status: 200})), r)
			if got := res.Header["Vary"]; !slices.Equal(got, row.want) {
				t.Errorf("%v with %s: got %q, want %q", r, row.there, got, row.want)
			}
		}
	}
}

// A handler may do with the headers what it likes; no other response has them.
func TestHeadersArePrivate(t *testing.T) {
	scribble := func(h http.Header) {
		for name := range h {
			for i := range h[name] {
				h[name][i] = "scribbled"
			}
			h[name] = append(h[name], "scribbled")
		}
	}
	for name, c := range map[string]cors.Config{"app": app(), "public": public()} {
		m := cors.NewMiddleware(policy(t, c))
		for _, r := range []cors.Request{ask("GET"), ask("GET", "Origin: https://app.example"), ask("GET", "Origin: https://evil.example")} {
			want := serve(m.Wrap(&hello{status: 200}), r).Header
			serve(m.Wrap(&hello{status: 200, header: scribble}), r)
			if got := serve(m.Wrap(&hello{status: 200}), r).Header; !equal(got, want) {
				t.Errorf("%s, %v: got %v, want %v", name, r, got, want)
			}
		}
	}
}

func equal(a, b http.Header) bool {
	return len(a) == len(b) && !slices.ContainsFunc(keys(a), func(name string) bool { return !slices.Equal(a[name], b[name]) })
}

func keys(h http.Header) []string {
	var names []string
	for name := range h {
		names = append(names, name)
	}
	return names
}

func TestUseWhileServing(t *testing.T) {
	closed, open := policy(t, cors.Config{Origins: []string{"https://other.example"}}), policy(t, app())
	m := cors.NewMiddleware(closed)
	h := m.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				res := serve(h, ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT"))
				granted, listed := res.Header.Get(header.AllowOrigin) != "", res.Header.Get(header.AllowMethods) != ""
				if granted != listed || granted != (res.StatusCode == 204) {
					t.Errorf("got a mixture of two policies: %d %v", res.StatusCode, res.Header)
				}
			}
		})
	}
	for i := range 200 {
		m.Use([]*cors.Policy{open, closed}[i%2])
	}
	wg.Wait()
	m.Use(open)
	if m.Policy() != open {
		t.Error("the policy in use is not the one that was given")
	}
}

func TestEnforceOnServer(t *testing.T) {
	m := cors.NewMiddleware(policy(t, app()))
	m.EnforceOnServer = true
	for _, row := range []struct {
		name   string
		r      cors.Request
		passed bool
	}{
		{"allowed", ask("POST", "Origin: https://app.example"), true},
		{"refused", ask("POST", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"), false},
		{"refused by an old browser", ask("POST", "Origin: https://evil.example"), false},
		{"of the same origin", ask("POST", "Origin: https://api.example", "Sec-Fetch-Site: same-origin"), true},
		{"of the same origin in an old browser", ask("POST", "Origin: https://api.example"), true},
		{"of the same host, as the page claims, but of another site", ask("POST", "Origin: https://api.example", "Sec-Fetch-Site: cross-site"), false},
		{"no browser", ask("POST"), true},
	} {
		t.Run(row.name, func(t *testing.T) {
			next := &hello{status: 200}
			res := serve(m.Wrap(next), row.r)
			if passed := next.seen == 1; passed != row.passed || !passed && res.StatusCode != 403 {
				t.Errorf("got passed on %t, status %d", passed, res.StatusCode)
			}
			if res.Header.Get("Vary") != "Origin" {
				t.Errorf("got Vary %q", res.Header.Get("Vary"))
			}
		})
	}
}

func TestAllowOrigin(t *testing.T) {
	broken := errors.New("no database")
	m := cors.NewMiddleware(policy(t, app()))
	var asked []string
	m.AllowOrigin = func(_ context.Context, origin string) (bool, error) {
		asked = append(asked, origin)
		if origin == "https://broken.example" {
			return true, broken
		}
		return origin == "https://tenant.example", nil
	}
	var last cors.Decision
	m.OnDecision = func(_ *http.Request, d *cors.Decision) { last = *d }
	put := "Access-Control-Request-Method: PUT"
	for _, row := range []struct {
		name    string
		r       cors.Request
		refusal cors.Refusal
		asked   bool
	}{
		{"in the policy", ask("GET", "Origin: https://app.example"), "", false},
		{"a tenant", ask("GET", "Origin: https://tenant.example"), "", true},
		{"a tenant's preflight", ask("OPTIONS", "Origin: https://tenant.example", put), "", true},
		{"a tenant's bad preflight", ask("OPTIONS", "Origin: https://tenant.example", "Access-Control-Request-Method: PATCH"), cors.RefusedMethod, true},
		{"a stranger", ask("GET", "Origin: https://evil.example"), cors.RefusedOrigin, true},
		{"an error refuses", ask("GET", "Origin: https://broken.example"), cors.RefusedOrigin, true},
		{"null", ask("GET", "Origin: null"), cors.RefusedNull, false},
		{"no origin", ask("GET", "Origin: tenant.example"), cors.RefusedOrigin, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			asked = nil
			res := serve(m.Wrap(&hello{status: 200}), row.r)
			if last.Refusal != row.refusal || (asked != nil) != row.asked {
				t.Errorf("got refusal %q, asked %v", last.Refusal, asked)
			}
			if granted := res.Header.Get(header.AllowOrigin) == row.r.Origin[0]; granted != (row.refusal == "") {
				t.Errorf("got headers %v", res.Header)
			}
			if !strings.Contains(res.Header.Get("Vary"), "Origin") {
				t.Errorf("got Vary %q", res.Header.Get("Vary"))
			}
			if (last.Err() != nil) != (row.r.Origin[0] == "https://broken.example") {
				t.Errorf("got error %v", last.Err())
			}
		})
	}
}

func TestShadow(t *testing.T) {
	m := cors.NewMiddleware(policy(t, app()))
	var differ []string
	m.OnShadow = func(_ *http.Request, d, shadow *cors.Decision) {
		differ = append(differ, string(d.Refusal)+" "+string(shadow.Refusal))
	}
	narrow := app()
	narrow.Origins = narrow.Origins[:1]
	m.Shadow(policy(t, narrow))
	h := m.Wrap(&hello{status: 200})
	for _, r := range []cors.Request{
		ask("GET"), ask("GET", "Origin: https://app.example"), ask("GET", "Origin: https://x.app.example"), ask("GET", "Origin: https://evil.example"),
	} {
		if res := serve(h, r); len(r.Origin) == 1 && strings.HasSuffix(r.Origin[0], "app.example") != (res.Header.Get(header.AllowOrigin) != "") {
			t.Errorf("%v: the shadow policy shows: %v", r, res.Header)
		}
	}
	if want := []string{" origin-not-allowed"}; !slices.Equal(differ, want) {
		t.Errorf("got %q, want %q", differ, want)
	}
	m.Shadow(nil)
	serve(h, ask("GET", "Origin: https://x.app.example"))
	if len(differ) != 1 {
		t.Error("a shadow that was taken away still reports")
	}
}

func TestShadowWhileServing(t *testing.T) {
	closed, open := policy(t, cors.Config{Origins: []string{"https://other.example"}}), policy(t, app())
	m := cors.NewMiddleware(open)
	var told atomic.Int64
	m.OnShadow = func(_ *http.Request, d, shadow *cors.Decision) {
		told.Add(1)
		if !d.Allowed() || shadow.Allowed() || shadow.Why() == "" {
			t.Errorf("told of %q and, of the shadow, %q", d.Refusal, shadow.Refusal)
		}
	}
	h := m.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	ask := ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				if res := serve(h, ask); res.StatusCode != 204 || res.Header.Get(header.AllowOrigin) == "" {
					t.Errorf("the shadow policy shows: %d %v", res.StatusCode, res.Header)
				}
			}
		})
	}
	for i := range 200 {
		m.Shadow([]*cors.Policy{closed, nil, open}[i%3])
	}
	wg.Wait()
	m.Shadow(closed)
	before := told.Load()
	serve(h, ask)
	if told.Load() != before+1 {
		t.Error("the shadow that was given last is not asked")
	}
}

// An inner policy counts, for actual requests and, through a ServeMux, for preflights.
func TestInnerPolicy(t *testing.T) {
	outer := cors.NewMiddleware(policy(t, app()))
	other := cors.NewMiddleware(policy(t, cors.Config{Origins: []string{"https://other.example"}, Methods: []string{"PATCH"}}))
	mux := http.NewServeMux()
	mux.Handle("/", &hello{status: 200})
	mux.Handle("PATCH /inner", other.Wrap(&hello{status: 200}))
	mux.Handle("/off", cors.Off(&hello{status: 200}))
	h := outer.Wrap(mux)
	for _, row := range []struct {
		path, origin, method string
		want                 bool
	}{
		{"/", "https://app.example", "PUT", true},
		{"/", "https://other.example", "PUT", false},
		{"/inner", "https://other.example", "PATCH", true},
		{"/inner", "https://app.example", "PATCH", false},
		{"/inner", "https://app.example", "PUT", true}, // another route
		{"/off", "https://app.example", "PUT", false},
	} {
		for _, preflight := range []bool{true, false} {
			req := httptest.NewRequest(row.method, row.path, nil)
			req.Header.Set(header.Origin, row.origin)
			if preflight {
				req.Method = "OPTIONS"
				req.Header.Set(header.RequestMethod, row.method)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			if got := w.Header().Get(header.AllowOrigin) == row.origin; got != row.want {
				t.Errorf("%v, preflight %t: got headers %v", row, preflight, w.Header())
			}
		}
	}
}

func TestMiddlewareAllocates(t *testing.T) {
	m := cors.NewMiddleware(policy(t, app()))
	h := m.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, row := range []struct {
		r    cors.Request
		most float64
	}{
		{ask("GET"), 1},
		{ask("GET", "Origin: https://app.example"), 1},
		{ask("GET", "Origin: https://evil.example"), 1},
		{ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type,x-id"), 1},
		{ask("OPTIONS", "Origin: https://evil.example", "Access-Control-Request-Method: PUT"), 1},
	} {
		req := httptest.NewRequest(row.r.Method, "https://api.example/x", nil)
		for name, lines := range map[string][]string{header.Origin: row.r.Origin, header.RequestMethod: row.r.RequestMethod, header.RequestHeaders: row.r.RequestHeaders} {
			if lines != nil {
				req.Header[name] = lines
			}
		}
		w := &discard{h: http.Header{}}
		if n := testing.AllocsPerRun(100, func() { clear(w.h); h.ServeHTTP(w, req) }); n > row.most {
			t.Errorf("%v: got %v allocations, want at most %v", row.r, n, row.most)
		}
	}
}

// discard is a response writer that is used again and again.
type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

func BenchmarkMiddleware(b *testing.B) {
	for _, row := range []struct {
		name string
		r    cors.Request
	}{
		{"not-cors", ask("GET")},
		{"actual", ask("GET", "Origin: https://app.example")},
		{"actual-refused", ask("GET", "Origin: https://evil.example")},
		{"preflight", ask("OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type,x-id")},
		{"preflight-refused", ask("OPTIONS", "Origin: https://evil.example", "Access-Control-Request-Method: PUT")},
	} {
		c := app()
		c.Origins, c.Credentials, c.ResponseHeaders = c.Origins[:1], false, nil
		h := cors.NewMiddleware(policy(b, c)).Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		req := httptest.NewRequest(row.r.Method, "https://api.example/x", nil)
		for name, lines := range map[string][]string{header.Origin: row.r.Origin, header.RequestMethod: row.r.RequestMethod, header.RequestHeaders: row.r.RequestHeaders} {
			if lines != nil {
				req.Header[name] = lines
			}
		}
		w := &discard{h: http.Header{}}
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				clear(w.h)
				h.ServeHTTP(w, req)
			}
		})
	}
}
