// Package chi shows the middleware in a chi router, as a middleware of the router: those run before routing, so preflights
// and errors have their headers.
//
// A part with a policy of its own is a router beside the others, with Route, and not below one that has a policy: the outer
// policy would answer the preflights. What With and Group add runs for the routes in it only, and no route is for OPTIONS:
// [Wrong] is that mistake.
package chi

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/examples/handlers"
)

// API serves an API of which each part has its own policy.
func API(app, public *cors.Middleware) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Recoverer)
	r.Route("/", func(r chi.Router) {
		r.Use(app.Wrap)
		r.Get("/items", handlers.SignedIn(handlers.Items))
		r.Put("/items/{id}", handlers.SignedIn(handlers.NoContent))
		r.Get("/fail", handlers.Fail)
		r.Get("/panic", handlers.Panic)
	})
	r.Route("/public", func(r chi.Router) {
		r.Use(public.Wrap)
		r.Get("/feed", handlers.Items)
		r.Put("/feed", handlers.NoContent)
	})
	r.Route("/internal", func(r chi.Router) {
		r.Use(cors.Off)
		r.Get("/stats", handlers.Items)
		r.Delete("/stats", handlers.NoContent)
	})
	return r
}

// Wrong serves an API to which no page can write: the router answers a preflight with 405, without the group's middleware.
func Wrong(app *cors.Middleware) http.Handler {
	r := chi.NewRouter()
	r.Group(func(r chi.Router) {
		r.Use(app.Wrap)
		r.Put("/items/{id}", handlers.SignedIn(handlers.NoContent))
	})
	return r
}
