// Package handlers has what the examples on net/http serve.
package handlers

import "net/http"

// Items lists what there is.
func Items(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Total", "1")
	w.Write([]byte(`["one"]`))
}

// NoContent has done it.
func NoContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// Fail answers 500.
func Fail(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "broken", http.StatusInternalServerError)
}

// Panic panics.
func Panic(http.ResponseWriter, *http.Request) { panic("broken") }

// SignedIn lets in who has the token.
func SignedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer letmein" {
			http.Error(w, "sign in", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// Recovered answers 500 where a handler panics. The headers that the middleware has set are still there, whichever of the two
// is around the other.
func Recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p == http.ErrAbortHandler {
				panic(p)
			} else if p != nil {
				http.Error(w, "broken", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
