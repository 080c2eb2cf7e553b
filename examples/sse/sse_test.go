package sse_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/examples/expect"
	"github.com/concors/concors/examples/sse"
)

// Each event is read before the next is made, so none waits in a buffer.
func TestEventsAreFlushed(t *testing.T) {
	app, _ := expect.Middlewares(t)
	events := make(chan string)
	server := httptest.NewServer(sse.API(app, events))
	defer server.Close()
	defer close(events)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://app.example")
	client := &http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Access-Control-Allow-Origin"); got != "https://app.example" {
		t.Errorf("got Access-Control-Allow-Origin %q, want https://app.example", got)
	}
	lines := bufio.NewScanner(response.Body)
	for _, event := range []string{"one", "two"} {
		events <- event
		if !lines.Scan() || lines.Text() != "data: "+event {
			t.Fatalf("got line %q, error %v, want data: %s", lines.Text(), lines.Err(), event)
		}
		lines.Scan() // the empty line that ends an event
	}
}

func TestPages(t *testing.T) {
	app, _ := expect.Middlewares(t)
	events := make(chan string)
	close(events)
	h := sse.API(app, events)
	for page, want := range map[string]fetch.Outcome{"https://app.example": fetch.Allowed, "https://stranger.example": fetch.Blocked} {
		for _, profile := range fetch.Profiles() {
			source := &fetch.Request{URL: "https://api.example/events", Initiator: fetch.InitiatorEventSource, Credentials: fetch.CredentialsInclude}
			if trace := expect.Fetch(t, profile, page, source, h); trace.Outcome != want {
				t.Errorf("%s from %s: got %s, want %s", profile.Name, page, trace.Outcome, want)
			}
		}
	}
}
