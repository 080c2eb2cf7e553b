package gateway_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/server"
)

// testSockets opens WebSockets, which CORS does not guard: the gateway does. The service takes every origin.
func testSockets(ctx context.Context, t *testing.T, b browser.Browser, p *pages, s *services, tap *server.Tap) {
	for _, test := range []struct {
		name, page string
		opens      bool
	}{
		{"allowed", "app", true},
		{"a stranger", "evil", false},
		{"null", "null", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			// A tap lets no protocol change through, so what opens goes past it.
			url := "ws://" + tap.Behind() + "/go/socket"
			if !test.opens {
				url = strings.Replace(tap.Origin(host), "http", "ws", 1) + "/go/socket"
			}
			before, seen := s.asked(), len(tap.Exchanges())
			got := ask(ctx, t, b, test.page, url, nil)
			reached := len(since(before, s.asked())) > 0
			if reached != test.opens || (got.Body == "hello") != test.opens {
				t.Errorf("the page got %q %s, the service was reached: %t; want that it opens: %t", got.Body, got.Threw, reached, test.opens)
			}
			if !test.opens {
				refused := slices.ContainsFunc(tap.Exchanges()[seen:], func(e server.Exchange) bool { return e.Status == http.StatusForbidden })
				if !refused {
					t.Errorf("got %+v, want status 403", tap.Exchanges()[seen:])
				}
			}
			request := &fetch.Request{URL: url, Initiator: fetch.InitiatorWebSocket}
			trace := predict(ctx, t, b.Engine(), p.origin(test.page), request, "")
			if trace.Outcome != fetch.Allowed {
				t.Errorf("the model says %s, want that no browser guards it", trace.Outcome)
			}
			if status := trace.Sent[len(trace.Sent)-1].Response.Status; (status == http.StatusSwitchingProtocols) != test.opens {
				t.Errorf("the live handshake got %d, want that it opens: %t", status, test.opens)
			}
		})
	}
}
