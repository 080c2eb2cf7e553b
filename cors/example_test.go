package cors_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/concors/concors/cors"
)

// show sends a request, or the preflight of one that has "preflight" before its method, and prints what CORS has of the
// response.
func show(h http.Handler, page, method, path string) {
	asked, isPreflight := strings.CutPrefix(method, "preflight ")
	r := httptest.NewRequest(asked, "https://api.example"+path, nil)
	r.Header.Set("Origin", page)
	if isPreflight {
		r.Method = http.MethodOptions
		r.Header.Set("Access-Control-Request-Method", asked)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	allowed := w.Header().Get("Access-Control-Allow-Origin")
	if allowed == "" {
		allowed = "nobody"
	}
	fmt.Printf("%s %s: %d, for %s\n", method, path, w.Code, allowed)
}

func list(w http.ResponseWriter, _ *http.Request)   { fmt.Fprint(w, `["one"]`) }
func change(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// A policy says who may call what. New tells everything that is wrong with one.
func ExampleNew() {
	_, err := cors.New(cors.Config{
		Origins:     []string{"https://app.example/", "https://*.vercel.app"},
		Methods:     []string{"put"},
		Credentials: true,
	})
	fmt.Println(err)
	// Output:
	// Origins[0]: invalid origin pattern "https://app.example/": an origin ends after the host and the port; "/" follows; did you mean "https://app.example"?
	// Origins[1]: "https://*.vercel.app": anybody can register a name below vercel.app, and with Credentials act as the signed-in user; name the origins, or wildcard a domain of your own
	// Methods[0]: "put": browsers send PUT, and compare byte for byte; write "PUT"
}

// What is right can still surprise.
func ExamplePolicy_Warnings() {
	policy, err := cors.New(cors.Config{
		Origins: []string{"https://app.example"},
		MaxAge:  7 * 24 * time.Hour,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, warning := range policy.Warnings() {
		fmt.Println(warning.Error())
	}
	// Output:
	// MaxAge: 168h0m0s is longer than any browser keeps the answer: Firefox for a day, Chromium for two hours, Safari for ten minutes; write "24h0m0s"
}

// Wrap the mux: then preflights are answered before routing, and every answer of the mux has its headers.
func ExampleMiddleware_Wrap() {
	policy, err := cors.New(cors.Config{
		Origins:        []string{"https://app.example"},
		Methods:        []string{"GET", "PUT"},
		RequestHeaders: []string{"Authorization", "Content-Type"},
	})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", list)
	mux.HandleFunc("PUT /items/{id}", change)
	handler := cors.NewMiddleware(policy).Wrap(mux)
	// http.ListenAndServe("localhost:8080", handler)

	show(handler, "https://app.example", "GET", "/items")
	show(handler, "https://app.example", "preflight PUT", "/items/1")
	show(handler, "https://app.example", "GET", "/nowhere")
	show(handler, "https://stranger.example", "preflight PUT", "/items/1")
	// Output:
	// GET /items: 200, for https://app.example
	// preflight PUT /items/1: 204, for https://app.example
	// GET /nowhere: 404, for https://app.example
	// preflight PUT /items/1: 403, for nobody
}

// A handler under a pattern with a method never sees a preflight, whose method is OPTIONS: the mux answers it with 405, and no page
// can write. Wrap the mux.
func ExampleMiddleware_Wrap_incorrect() {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example"}, Methods: []string{"PUT"}})
	if err != nil {
		log.Fatal(err)
	}
	m := cors.NewMiddleware(policy)
	mux := http.NewServeMux()
	mux.Handle("PUT /items/{id}", m.Wrap(http.HandlerFunc(change))) // wrong

	show(mux, "https://app.example", "preflight PUT", "/items/1")
	show(m.Wrap(mux), "https://app.example", "preflight PUT", "/items/1")
	// Output:
	// preflight PUT /items/1: 405, for nobody
	// preflight PUT /items/1: 204, for https://app.example
}

// Several origins, and requests with cookies.
func ExampleMiddleware_Wrap_credentials() {
	policy, err := cors.New(cors.Config{
		Origins:         []string{"https://app.example", "https://*.preview.example", "http://localhost:[3000,5173]"},
		ResponseHeaders: []string{"X-Total"},
		Credentials:     true,
		MaxAge:          10 * time.Minute,
	})
	if err != nil {
		log.Fatal(err)
	}
	handler := cors.NewMiddleware(policy).Wrap(http.HandlerFunc(list))

	show(handler, "https://pr-7.preview.example", "GET", "/items")
	show(handler, "http://localhost:5173", "GET", "/items")
	show(handler, "http://localhost:8000", "GET", "/items")
	// Output:
	// GET /items: 200, for https://pr-7.preview.example
	// GET /items: 200, for http://localhost:5173
	// GET /items: 200, for nobody
}

// Parts of a mux with policies of their own.
func ExampleMiddleware_Wrap_perRoute() {
	app := cors.NewMiddleware(must(cors.New(cors.Config{Origins: []string{"https://app.example"}, Methods: []string{"*"}})))
	public := cors.NewMiddleware(must(cors.New(cors.Config{Origins: []string{"*"}})))

	mux := http.NewServeMux()
	mux.HandleFunc("PUT /items/{id}", change)
	mux.Handle("/feed", public.Wrap(http.HandlerFunc(list)))
	mux.Handle("/internal/", cors.Off(http.HandlerFunc(list)))
	handler := app.Wrap(mux)

	show(handler, "https://app.example", "preflight PUT", "/items/1")
	show(handler, "https://stranger.example", "GET", "/feed")
	show(handler, "https://app.example", "GET", "/internal/stats")
	show(handler, "https://app.example", "preflight DELETE", "/internal/stats")
	// Output:
	// preflight PUT /items/1: 204, for https://app.example
	// GET /feed: 200, for *
	// GET /internal/stats: 200, for nobody
	// preflight DELETE /internal/stats: 403, for nobody
}

func must(p *cors.Policy, err error) *cors.Policy {
	if err != nil {
		log.Fatal(err)
	}
	return p
}

// Another policy from the next request on, say when a file has changed. One that is wrong never serves: New refuses it.
func ExampleMiddleware_Use() {
	m := cors.NewMiddleware(must(cors.New(cors.Config{Origins: []string{"https://old.example"}})))
	handler := m.Wrap(http.HandlerFunc(list))
	reload := func(origins ...string) error {
		policy, err := cors.New(cors.Config{Origins: origins})
		if err != nil {
			return err
		}
		m.Use(policy)
		return nil
	}

	fmt.Println(reload("https://new.example"))
	fmt.Println(reload("new.example"))
	show(handler, "https://new.example", "GET", "/items")
	// Output:
	// <nil>
	// Origins[0]: invalid origin pattern "new.example": the scheme is missing; did you mean "https://new.example"?
	// GET /items: 200, for https://new.example
}

// Origins that only a database knows.
func ExampleMiddleware_allowOrigin() {
	tenants := map[string]bool{"https://shop.tenant.example": true}

	m := cors.NewMiddleware(must(cors.New(cors.Config{Origins: []string{"https://app.example"}})))
	m.AllowOrigin = func(ctx context.Context, origin string) (bool, error) {
		if err := ctx.Err(); err != nil {
			return false, err // refuses
		}
		return tenants[origin], nil
	}
	handler := m.Wrap(http.HandlerFunc(list))

	show(handler, "https://shop.tenant.example", "GET", "/items")
	show(handler, "https://stranger.example", "GET", "/items")
	// Output:
	// GET /items: 200, for https://shop.tenant.example
	// GET /items: 200, for nobody
}

// By itself a refused request that needs no preflight is served, and only its response is kept from the page.
func ExampleMiddleware_enforceOnServer() {
	m := cors.NewMiddleware(must(cors.New(cors.Config{Origins: []string{"https://app.example"}})))
	handler := m.Wrap(http.HandlerFunc(change))
	show(handler, "https://stranger.example", "POST", "/items")

	m.EnforceOnServer = true
	show(handler, "https://stranger.example", "POST", "/items")
	// Output:
	// POST /items: 204, for nobody
	// POST /items: 403, for nobody
}

// A stricter policy is tried out beside the one in use.
func ExampleMiddleware_Shadow() {
	m := cors.NewMiddleware(must(cors.New(cors.Config{Origins: []string{"*"}})))
	stricter := must(cors.New(cors.Config{Origins: []string{"https://app.example"}}))

	m.Shadow(stricter)
	m.OnShadow = func(r *http.Request, d, shadow *cors.Decision) {
		fmt.Printf("%s %s would be refused: %s\n", r.Method, r.URL.Path, shadow.Why())
	}
	handler := m.Wrap(http.HandlerFunc(list))

	show(handler, "https://app.example", "GET", "/items")
	show(handler, "https://forgotten.example", "GET", "/items")
	// Output:
	// GET /items: 200, for *
	// GET /items would be refused: the origin https://forgotten.example is not allowed
	// GET /items: 200, for *
}

// Telling why requests are refused.
func ExampleMiddleware_onDecision() {
	m := cors.NewMiddleware(must(cors.New(cors.Config{Origins: []string{"https://app.example"}})))
	m.OnDecision = func(r *http.Request, d *cors.Decision) {
		if !d.Allowed() {
			fmt.Printf("%s of %s refused, %s: %s\n", d.Kind, r.URL.Path, d.Refusal, d.Why())
		}
	}
	handler := m.Wrap(http.HandlerFunc(list))

	show(handler, "http://app.example", "GET", "/items")
	// Output:
	// actual of /items refused, origin-not-allowed: the origin http://app.example is not allowed; it differs from https://app.example only in the scheme
	// GET /items: 200, for nobody
}

// A policy decides without net/http too: the answer is headers and, for a preflight, a status.
func ExamplePolicy_Decide() {
	policy := must(cors.New(cors.Config{Origins: []string{"https://app.example"}, Methods: []string{"PUT"}}))
	decision := policy.Decide(cors.Request{
		Method:        "OPTIONS",
		Origin:        []string{"https://app.example"},
		RequestMethod: []string{"PUT"},
	})
	fmt.Println(decision.Kind, decision.Allowed(), decision.Status())
	for _, field := range decision.Header() {
		fmt.Printf("%s: %s\n", field.Name, field.Value)
	}

	decision = policy.Decide(cors.Request{Method: "GET", Origin: []string{"https://app.example:8443"}})
	fmt.Println(decision.Kind, decision.Allowed(), decision.Why())
	// Output:
	// preflight true 204
	// Access-Control-Allow-Origin: https://app.example
	// Access-Control-Allow-Methods: PUT
	// Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
	// actual false the origin https://app.example:8443 is not allowed; it differs from https://app.example only in the port
}

// The problems of a Config are values: a form can show each beside its field.
func ExampleConfigError() {
	_, err := cors.New(cors.Config{Origins: []string{"app.example"}})
	if wrong, ok := errors.AsType[*cors.ConfigError](err); ok {
		for _, p := range wrong.Problems {
			fmt.Printf("%s[%d] %q: %s, write %s\n", p.Field, p.Index, p.Value, p.Reason, p.Suggestion)
		}
	}
	// Output:
	// Origins[0] "app.example": scheme-missing, write https://app.example
}
