package demo

import (
	"fmt"
	"io"
	"net/http"

	"github.com/concors/concors/cors/header"
)

// users is what the API is there for.
func users(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(header.ContentType, "application/json")
	io.WriteString(w, `[{"name": "Ada"}, {"name": "Grace"}]`+"\n")
}

// status answers with a status and says nothing more than that.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if code == http.StatusNoContent {
			w.WriteHeader(code)
			return
		}
		w.Header().Set(header.ContentType, "application/json")
		w.WriteHeader(code)
		fmt.Fprintf(w, "{\"status\": %d}\n", code)
	}
}

// with adds header lines to what h answers: name, value, name, value.
func with(h http.HandlerFunc, lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(lines); i += 2 {
			w.Header().Add(lines[i], lines[i+1])
		}
		h(w, r)
	}
}

// allowing lets the page read what h answers; more lines may follow.
func (o origins) allowing(h http.HandlerFunc, lines ...string) http.HandlerFunc {
	return with(with(h, lines...), header.AllowOrigin, o.page, header.Vary, header.Origin)
}

// onOptions answers OPTIONS in one way and every other method in another.
func onOptions(options, other http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			options(w, r)
			return
		}
		other(w, r)
	}
}

// signedIn lets requests with a token through to h.
func signedIn(h http.HandlerFunc) http.HandlerFunc {
	refuse := with(status(http.StatusUnauthorized), "WWW-Authenticate", "Bearer")
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(header.Authorization) == "" {
			refuse(w, r)
			return
		}
		h(w, r)
	}
}

// redirect sends whoever asks to another URL.
func redirect(to string, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(header.Location, to)
		w.WriteHeader(code)
	}
}
