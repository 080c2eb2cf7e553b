package proof

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/e2e/stage"
)

// ServePages serves an empty page for every origin of a page, until the test ends.
func ServePages(t testing.TB) setups.Pages {
	t.Helper()
	listeners, err := stage.ListenLoopback(setups.PreferredPort)
	if err != nil {
		listeners, err = stage.ListenLoopback(0)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{
		ReadHeaderTimeout: 20 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte(`<!doctype html><title>page</title><link rel="icon" href="data:,">`))
		}),
	}
	t.Cleanup(func() { s.Close() })
	for _, l := range listeners {
		go s.Serve(l)
	}
	return setups.PagesOn(listeners[0].Addr().(*net.TCPAddr).Port)
}
