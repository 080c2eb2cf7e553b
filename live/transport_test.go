package live_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/concors/concors/live"
)

// A transport reaches hosts as a browser's network does: names below localhost are this machine, and a proxy of the
// environment is for others.
func TestTransport(t *testing.T) {
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }))
	defer here.Close()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host == "api.example:8080" {
			w.WriteHeader(202)
		}
	}))
	defer proxy.Close()
	getenv := func(name string) string {
		if name == "http_proxy" {
			return proxy.URL
		}
		return ""
	}
	transport, err := live.NewTransport(live.Config{Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	for _, row := range []struct {
		name, url string
		status    int
	}{
		{"a name below localhost", "http://api.localhost" + here.URL[len("http://127.0.0.1"):], 201},
		{"loopback", here.URL, 201},
		{"another host", "http://api.example:8080", 202},
	} {
		t.Run(row.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), "GET", row.url+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := transport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if got := live.ResponseOf(res); got.Status != row.status || !got.Header.Has("date") {
				t.Errorf("got %+v, want status %d", got, row.status)
			}
		})
	}
	if _, err := live.NewTransport(live.Config{Proxy: "gopher://x"}); err == nil {
		t.Error("got no error for a proxy of no known scheme")
	}
}
