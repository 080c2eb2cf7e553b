// Package gorilla shows the middleware around a router of gorilla/mux. The router's Use is no place for it: that runs for
// a request that a route matches, and a preflight matches none, nor does what is not found. [Wrong] is that mistake.
//
// Policies of their own go before the router too, into an http.ServeMux; the outer middleware finds them there. The two
// must agree on paths: by itself the router takes /internal%2Fstats for /internal/stats, which the ServeMux does not, so it is
// told to look at the encoded path.
package gorilla

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/examples/handlers"
)

// API serves an API of which each part has its own policy.
func API(app, public *cors.Middleware) http.Handler {
	front := http.NewServeMux()
	r := routes()
	front.Handle("/", r)
	front.Handle("/public/", public.Wrap(r))
	front.Handle("/internal/", cors.Off(r))
	return app.Wrap(front)
}

// Wrong serves an API to which no page can write: the router answers a preflight with 405, without its middleware.
func Wrong(app *cors.Middleware) http.Handler {
	r := routes()
	r.Use(app.Wrap)
	return r
}

func routes() *mux.Router {
	r := mux.NewRouter().UseEncodedPath()
	r.Use(handlers.Recovered)
	r.HandleFunc("/items", handlers.SignedIn(handlers.Items)).Methods("GET")
	r.HandleFunc("/items/{id}", handlers.SignedIn(handlers.NoContent)).Methods("PUT")
	r.HandleFunc("/fail", handlers.Fail)
	r.HandleFunc("/panic", handlers.Panic)
	r.HandleFunc("/public/feed", handlers.Items).Methods("GET")
	r.HandleFunc("/public/feed", handlers.NoContent).Methods("PUT")
	r.HandleFunc("/internal/stats", handlers.Items).Methods("GET")
	r.HandleFunc("/internal/stats", handlers.NoContent).Methods("DELETE")
	return r
}
