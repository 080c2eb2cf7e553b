// Package sse shows Server-Sent Events behind the middleware: it passes the ResponseWriter on as it is, so each event leaves
// when it is flushed.
//
// An EventSource made with withCredentials sends cookies, and the policy must have Credentials. EventSource can set no headers,
// so it never has a preflight; the browser sends Last-Event-ID by itself, which needs no permission.
package sse

import (
	"fmt"
	"net/http"

	"github.com/concors/concors/cors"
)

// API streams what comes from events until there is no more or the client is gone.
func API(m *cors.Middleware, events <-chan string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-store")
		out := http.NewResponseController(w)
		for {
			if err := out.Flush(); err != nil {
				return
			}
			select {
			case event, ok := <-events:
				if !ok {
					return
				}
				fmt.Fprintf(w, "data: %s\n\n", event)
			case <-r.Context().Done():
				return
			}
		}
	})
	return m.Wrap(mux)
}
