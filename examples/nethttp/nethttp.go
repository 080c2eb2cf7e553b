// Package nethttp shows the middleware around an http.ServeMux whose patterns have methods: wrap the mux, not the handlers
// in it. A pattern with a method never matches OPTIONS, so a handler in it never sees a preflight; [Wrong] is that mistake.
//
// What has a policy of its own is wrapped in the mux; the outer middleware finds it for the method that the page asks for, since
// what it wraps is a mux. Under a pattern without a method, the errors of that part have its policy too.
package nethttp

import (
	"net/http"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/examples/handlers"
)

// API serves an API of which each part has its own policy.
func API(app, public *cors.Middleware) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", handlers.SignedIn(handlers.Items))
	mux.HandleFunc("PUT /items/{id}", handlers.SignedIn(handlers.NoContent))
	mux.HandleFunc("GET /fail", handlers.Fail)
	mux.HandleFunc("GET /panic", handlers.Panic)

	feed := http.NewServeMux()
	feed.HandleFunc("GET /public/feed", handlers.Items)
	feed.HandleFunc("PUT /public/feed", handlers.NoContent)
	mux.Handle("/public/", public.Wrap(feed))

	internal := http.NewServeMux()
	internal.HandleFunc("GET /internal/stats", handlers.Items)
	internal.HandleFunc("DELETE /internal/stats", handlers.NoContent)
	mux.Handle("/internal/", cors.Off(internal))

	return handlers.Recovered(app.Wrap(mux))
}

// Wrong serves an API to which no page can write: the preflight of PUT is OPTIONS, for which the mux has nothing, and it
// answers 405 without asking the middleware.
func Wrong(app *cors.Middleware) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("PUT /items/{id}", app.Wrap(handlers.SignedIn(handlers.NoContent)))
	return mux
}
