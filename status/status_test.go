package status_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
	"github.com/concors/concors/status"
)

func example() *status.Status {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.Local)
	seen := func(count, atMost uint64) status.Seen { return status.Seen{Count: count, AtMost: atMost, Last: at} }
	return &status.Status{
		Since: at.Add(-time.Hour), Now: at,
		Routes: []status.Route{
			{Route: "/api/", Policy: "app", Shadow: "strict", Decisions: []status.Decision{
				{Kind: "preflight", Outcome: "allowed", Count: 7}, {Kind: "actual", Outcome: "allowed", Count: 30},
				{Kind: "actual", Outcome: "refused", Reason: "origin-not-allowed", Count: 5},
			}},
			{Route: "/", Decisions: []status.Decision{}},
		},
		Upstreams: []status.Upstream{{Address: "127.0.0.1:3000", Healthy: true, Requests: 2}, {Address: "127.0.0.1:3001", Fails: 3}},
		Refused: []status.Refused{
			{Origin: "http://app.example", Route: "/api/", Policy: "app", Reason: "origin-not-allowed", Why: "it differs only in the scheme", Seen: seen(5, 0)},
			{Origin: "https://\x1b[31m.example", Route: "/api/", Policy: "app", Reason: "origin-not-allowed", Why: "it is \"\x1b[31m\"", Seen: seen(3, 2)},
		},
		Unseen:    []status.Unseen{{Policy: "app", Origin: "https://old.example"}},
		Differing: []status.Differing{{Origin: "https://app.example", Route: "/api/", Shadow: "strict", Change: status.WouldRefuse, Reason: "method-not-allowed", Why: "PUT is not allowed", Seen: seen(4, 0)}},
	}
}

func TestWriteText(t *testing.T) {
	const want = `since 2026-11-24 11:00:00

routes 2
  /api/  (policy app, shadow strict)
    37 allowed, 5 refused, of which 7 preflights
  and 1 more

upstreams 2
  well      127.0.0.1:3000  2 requests in flight, 0 failures lately
  not well  127.0.0.1:3001  0 requests in flight, 3 failures lately

refused 2
  5 times  http://app.example  on /api/, last at 2026-11-24 12:00:00
    it differs only in the scheme
  and 1 more

would be refused by the shadow policy 1
  4 times  https://app.example  on /api/, by strict, last at 2026-11-24 12:00:00
    PUT is not allowed

would be allowed by the shadow policy 0

configured origins that never came 1
  https://old.example  (policy app)
`
	if diff := cmp.Diff(want, text(t, 1)); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	all := text(t, 20)
	if strings.Contains(all, "\x1b") {
		t.Errorf("got a control byte in %q", all)
	}
	if !strings.Contains(all, "1 to 3 times") {
		t.Errorf("got %q, want how far the count can be off", all)
	}
}

func text(t *testing.T, most int) string {
	t.Helper()
	var b strings.Builder
	if err := example().WriteText(&b, most, report.Layout{Styles: term.NewStyles(false), Width: 100}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGet(t *testing.T) {
	answer := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			w.Write([]byte(body))
		}))
		t.Cleanup(s.Close)
		return strings.TrimPrefix(s.URL, "http://")
	}
	whole, err := json.Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	got, err := status.Get(t.Context(), answer(200, string(whole)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(example(), got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for _, row := range []struct{ name, address, want string }{
		{"nobody listens", closed.Addr().String(), "refused"},
		{"another server", answer(404, "not found"), "is the administration of no gateway"},
		{"an error", answer(500, ""), "answers 500, want 200"},
		{"no JSON", answer(200, "<html>"), "read the answer of"},
		{"too much", answer(200, strings.Repeat(" ", 64<<20+1)), "has more than"},
		{"no address", "a b", "invalid"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := status.Get(t.Context(), row.address); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %s", err, row.want)
			}
		})
	}
}
