package websocket_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	client "github.com/coder/websocket"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/examples/expect"
	"github.com/concors/concors/examples/websocket"
)

func TestUpgrade(t *testing.T) {
	app, _ := expect.Middlewares(t)
	server := httptest.NewServer(websocket.API(app))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	dial := func(origin string) (*client.Conn, *http.Response, error) {
		return client.Dial(ctx, server.URL+"/echo", &client.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
	}

	conn, _, err := dial("https://app.example")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if err := conn.Write(ctx, client.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, got, err := conn.Read(ctx); err != nil || string(got) != "hello" {
		t.Errorf("got %q, error %v, want hello", got, err)
	}

	refused, response, err := dial("https://stranger.example")
	if err == nil {
		refused.CloseNow()
		t.Fatal("a stranger's page has a connection")
	}
	if response == nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("got %v, %v, want status 403", response, err)
	}
}

// The browser leaves the handshake of a stranger's page to the server.
func TestBrowserDoesNotProtect(t *testing.T) {
	app, _ := expect.Middlewares(t)
	h := websocket.API(app)
	for _, profile := range fetch.Profiles() {
		r := &fetch.Request{URL: "wss://api.example/echo", Initiator: fetch.InitiatorWebSocket}
		trace := expect.Fetch(t, profile, "https://stranger.example", r, h)
		if trace.CORS != fetch.CORSNone || len(trace.Sent) != 1 || trace.Sent[0].Response.Status != http.StatusForbidden {
			t.Errorf("%s: got CORS %s, sent %+v, want one request without CORS, answered 403", profile.Name, trace.CORS, trace.Sent)
		}
	}
}
