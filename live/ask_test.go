package live_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/live"
)

// Ask sends lines as they stand, and nothing of the page, its cookies or the fetch.
func TestAsk(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Set-Cookie", "a=1") })
	n := open(t, live.Config{Cookie: "id=1"})
	for range 2 {
		res, err := n.Ask(&fetch.Sent{Method: "OPTIONS", URL: server.URL + "/x?q", Header: header.List{
			{Name: "Origin", Value: "HTTPS://App.example"},
			{Name: "Access-Control-Request-Headers", Value: "x-b"}, {Name: "Access-Control-Request-Headers", Value: "X-A , x-c"},
		}})
		if err != nil || res.Status != 200 {
			t.Fatalf("got %+v, error %v", res, err)
		}
	}
	got := server.last(t)
	if lines := got.Header["Access-Control-Request-Headers"]; !slices.Equal(lines, []string{"x-b", "X-A , x-c"}) || got.Header.Get("Origin") != "HTTPS://App.example" || got.RequestURI != "/x?q" {
		t.Errorf("the server got %v at %s", got.Header, got.RequestURI)
	}
	for _, name := range []string{"Cookie", "Referer", "Sec-Fetch-Site", "Accept-Language"} {
		if value, there := got.Header[name]; there {
			t.Errorf("the server got %s: %q", name, value)
		}
	}
	if len(n.Exchanges()) != 2 {
		t.Errorf("got %d exchanges, want 2", len(n.Exchanges()))
	}
}

func TestAskRefuses(t *testing.T) {
	server := serve(t, nil)
	n := open(t, live.Config{Send: true})
	if _, err := n.Ask(&fetch.Sent{Method: "PUT", URL: server.URL}); !errors.Is(err, fetch.ErrUnsent) {
		t.Errorf("got error %v, want that PUT is not sent", err)
	}
	if _, err := n.Ask(&fetch.Sent{Method: "GET", URL: "http://"}); err == nil {
		t.Error("got no error for a URL without a host")
	}
	if got := server.lines(); len(got) != 0 {
		t.Errorf("the server got %v", got)
	}
}
