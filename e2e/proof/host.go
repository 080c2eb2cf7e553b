package proof

import (
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/e2e/stage"
)

// preferredPort is the port of the pages unless somebody else has it. Since their origins are part of what is built, and
// builds are kept, it is better always to have the same. Systems give no port below 32768 to those who ask for any.
const preferredPort = 23080

// ServePages serves an empty page for every origin of a page, until the test ends.
func ServePages(t testing.TB) setups.Pages {
	t.Helper()
	listeners, err := stage.ListenLoopback(preferredPort)
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
	return setups.PagesOn(strconv.Itoa(listeners[0].Addr().(*net.TCPAddr).Port))
}
