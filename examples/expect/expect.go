// Package expect holds what pages must get from the API that each of these examples serves: the same, whatever the
// framework.
package expect

import (
	"net/http"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// The pages that ask, and where the API is.
const (
	app      = "https://app.example"
	stranger = "https://stranger.example"
	server   = "https://api.example"
)

// Token is the Authorization header that the API takes.
const Token = "Bearer letmein"

// An API is served by a function that an example exports. The first middleware is for all of it but what stands under
// /public/, which is the second's, and under /internal/, which no page may use.
//
//	GET    /items          200 with X-Total, 401 without the token
//	PUT    /items/{id}     204, 401 without the token
//	GET    /fail           500
//	GET    /panic          panics; the answer is 500
//	GET    /public/feed    200
//	PUT    /public/feed    204
//	GET    /internal/stats 200
//	DELETE /internal/stats 204
type API func(app, public *cors.Middleware) http.Handler

// Middlewares returns the two policies of the API, served.
func Middlewares(t testing.TB) (app, public *cors.Middleware) {
	t.Helper()
	return serve(t, cors.Config{
			Origins:         []string{"https://app.example"},
			Methods:         []string{"GET", "PUT", "DELETE"},
			RequestHeaders:  []string{"Authorization", "Content-Type"},
			ResponseHeaders: []string{"X-Total"},
			Credentials:     true,
		}), serve(t, cors.Config{
			Origins: []string{"*"},
			Methods: []string{"GET", "PUT"},
		})
}

func serve(t testing.TB, c cors.Config) *cors.Middleware {
	t.Helper()
	p, err := cors.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return cors.NewMiddleware(p)
}

// A row is one fetch and what the page gets.
type row struct {
	name    string
	page    string
	request fetch.Request
	blocked fetch.On // the exchange that the browser stops at; empty when the page can read the response
	status  int      // of the response that the page reads, or of the one that is blocked
}

func rows() []row {
	request := func(method, path string, fields ...header.Field) fetch.Request {
		return fetch.Request{Method: method, URL: server + path, Header: fields}
	}
	credentialed := func(r fetch.Request) fetch.Request {
		r.Credentials = fetch.CredentialsInclude
		return r
	}
	token := header.Field{Name: header.Authorization, Value: Token}
	json := header.Field{Name: header.ContentType, Value: "application/json"}
	return []row{
		{"read with the token", app, request("GET", "/items", token), "", 200},
		{"read with cookies", app, credentialed(request("GET", "/items", token)), "", 200},
		{"write", app, credentialed(request("PUT", "/items/1", token, json)), "", 204},
		{"the preflight comes before authentication", app, request("PUT", "/items/1", json), "", 401},
		{"the preflight comes before routing", app, request("DELETE", "/nowhere"), "", 404},
		{"the page can read that it must sign in", app, request("GET", "/items"), "", 401},
		{"the page can read that there is nothing", app, request("GET", "/nowhere"), "", 404},
		{"the page can read that it failed", app, request("GET", "/fail"), "", 500},
		{"the page can read that it panicked", app, request("GET", "/panic"), "", 500},
		{"method that the policy does not allow", app, request("PATCH", "/items/1"), fetch.OnPreflight, 403},
		{"header that the policy does not allow", app, request("GET", "/items", header.Field{Name: "X-Id", Value: "1"}), fetch.OnPreflight, 403},
		{"stranger reads a failure", stranger, request("GET", "/fail"), fetch.OnRequest, 500},
		{"stranger reads that there is nothing", stranger, request("GET", "/nowhere"), fetch.OnRequest, 404},
		{"stranger writes", stranger, request("PUT", "/items/1", token), fetch.OnPreflight, 403},
		{"stranger reads what is public", stranger, request("GET", "/public/feed"), "", 200},
		{"stranger writes what is public", stranger, request("PUT", "/public/feed"), "", 204},
		{"what is public takes no cookies", stranger, credentialed(request("GET", "/public/feed")), fetch.OnRequest, 200},
		{"nor those of the app", app, credentialed(request("GET", "/public/feed")), fetch.OnRequest, 200},
		{"error of what is public", stranger, request("GET", "/public/nowhere"), "", 404},
		{"what is internal", app, request("GET", "/internal/stats"), fetch.OnRequest, 200},
		{"write to what is internal", app, request("DELETE", "/internal/stats"), fetch.OnPreflight, 403},
	}
}

// Serves holds an example to the expectations, in the Standard and in each browser.
func Serves(t *testing.T, api API) {
	h := api(Middlewares(t))
	for _, profile := range fetch.Profiles() {
		for _, row := range rows() {
			t.Run(profile.Name+"/"+row.name, func(t *testing.T) {
				trace := Fetch(t, profile, row.page, &row.request, h)
				check(t, trace, row)
			})
		}
	}
	t.Run("exposed", func(t *testing.T) { exposed(t, h) })
	t.Run("spellings of what is internal", func(t *testing.T) { spellings(t, h) })
}

// Fails holds the wrong form of an example to its mistake: the router answers the preflight of PUT /items/{id}, with 405 and
// without the middleware.
func Fails(t *testing.T, wrong func(app *cors.Middleware) http.Handler) {
	m, _ := Middlewares(t)
	write := &fetch.Request{Method: "PUT", URL: server + "/items/1", Header: header.List{{Name: header.Authorization, Value: Token}}}
	trace := Fetch(t, fetch.Standard(), app, write, wrong(m))
	if trace.Failure == nil || trace.Failure.ID != fetch.AllowOriginMissing || len(trace.Sent) != 1 || trace.Sent[0].Response.Status != http.StatusMethodNotAllowed {
		t.Errorf("got %+v after %+v, want a preflight that is answered with 405", trace.Failure, trace.Sent)
	}
}

// Fetch has a page ask h.
func Fetch(t testing.TB, profile fetch.Profile, page string, r *fetch.Request, h http.Handler) *fetch.Trace {
	t.Helper()
	p, err := fetch.NewPage(page)
	if err != nil {
		t.Fatal(err)
	}
	trace, err := fetch.NewBrowser(profile).Fetch(&p, r, corstest.Handler(h), 0)
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

func check(t *testing.T, trace *fetch.Trace, row row) {
	t.Helper()
	var blocked fetch.On
	if trace.Failure != nil {
		blocked = trace.Failure.On
	}
	status := trace.Sent[len(trace.Sent)-1].Response.Status
	if blocked != row.blocked || status != row.status {
		t.Errorf("got blocked at %q with status %d, want %q, %d; sent: %+v", blocked, status, row.blocked, row.status, trace.Sent)
	}
}

// exposed: the page sees the header that the policy exposes, and no other.
func exposed(t *testing.T, h http.Handler) {
	r := &fetch.Request{URL: server + "/items", Header: header.List{{Name: header.Authorization, Value: Token}}}
	trace := Fetch(t, fetch.Standard(), app, r, h)
	if trace.Response == nil {
		t.Fatalf("got %+v, want a response", trace.Failure)
	}
	shown := map[string]bool{}
	for _, name := range trace.Response.Visible {
		shown[name] = true
	}
	if !shown["x-total"] || shown["vary"] {
		t.Errorf("the page sees %q, want x-total and not vary", trace.Response.Visible)
	}
}

// spellings: where the router takes a path for /internal/stats, so must whatever chose the policy.
func spellings(t *testing.T, h http.Handler) {
	for _, path := range []string{
		"/INTERNAL/stats", "/%69nternal/stats", "/internal//stats", "//internal/stats", "/internal/stats/", "/internal%2Fstats",
		"/x/..%2Finternal/stats", "/internal/%2E%2E/internal/stats", "/internal;x/stats", "/internal/stats;x",
	} {
		for _, method := range []string{"GET", "DELETE"} {
			trace := Fetch(t, fetch.Standard(), app, &fetch.Request{Method: method, URL: server + path}, h)
			if trace.Response != nil && trace.Response.Status < 300 {
				t.Errorf("%s %s: the page got %d, want nothing of what is internal", method, path, trace.Response.Status)
			}
		}
	}
}
