package connect_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/examples/connect"
	"github.com/concors/concors/examples/expect"
)

func middleware(t *testing.T, c cors.Config) *cors.Middleware {
	t.Helper()
	p, err := cors.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return cors.NewMiddleware(p)
}

// withBody gives each POST a body: the model sends none.
func withBody(body []byte, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		}
		next.ServeHTTP(w, r)
	})
}

func message(t *testing.T, name string) []byte {
	t.Helper()
	b, err := proto.Marshal(wrapperspb.String(name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// frame is a gRPC message: a byte of flags, the length, the message.
func frame(message []byte) []byte { return append([]byte{0, 0, 0, 0, byte(len(message))}, message...) }

// The headers are those that the clients of both protocols send from a browser.
func connectCall() *fetch.Request {
	return &fetch.Request{Method: "POST", URL: "https://api.example" + connect.Procedure, Header: header.List{
		{Name: "Content-Type", Value: "application/proto"}, {Name: "Connect-Protocol-Version", Value: "1"},
		{Name: "Connect-Timeout-Ms", Value: "1000"}, {Name: "Authorization", Value: expect.Token},
	}}
}

func grpcWebCall() *fetch.Request {
	return &fetch.Request{Method: "POST", URL: "https://api.example" + connect.Procedure, Header: header.List{
		{Name: "Content-Type", Value: "application/grpc-web+proto"}, {Name: "X-Grpc-Web", Value: "1"},
		{Name: "X-User-Agent", Value: "grpc-web-javascript/0.1"}, {Name: "Grpc-Timeout", Value: "1S"}, {Name: "Authorization", Value: expect.Token},
	}}
}

func TestCalls(t *testing.T) {
	h := connect.API(middleware(t, connect.Config("https://app.example")))
	ada, nobody := message(t, "Ada"), message(t, "")
	for _, row := range []struct {
		name    string
		page    string
		request *fetch.Request
		body    []byte
		outcome fetch.Outcome
		status  int
		visible []string // some of the headers that the page sees
	}{
		{"Connect", "https://app.example", connectCall(), ada, fetch.Allowed, 200, []string{"content-type"}},
		{"Connect, error", "https://app.example", connectCall(), nobody, fetch.Allowed, 400, []string{"content-type"}},
		{"Connect, stranger", "https://stranger.example", connectCall(), ada, fetch.Blocked, 403, nil},
		{"gRPC-Web", "https://app.example", grpcWebCall(), frame(ada), fetch.Allowed, 200, []string{"content-type"}},
		{"gRPC-Web, error", "https://app.example", grpcWebCall(), frame(nobody), fetch.Allowed, 200, []string{"grpc-message", "grpc-status"}},
		{"gRPC-Web, stranger", "https://stranger.example", grpcWebCall(), frame(ada), fetch.Blocked, 403, nil},
	} {
		for _, profile := range fetch.Profiles() {
			t.Run(row.name+"/"+profile.Name, func(t *testing.T) {
				trace := expect.Fetch(t, profile, row.page, row.request, withBody(row.body, h))
				last := trace.Sent[len(trace.Sent)-1]
				if trace.Outcome != row.outcome || last.Response.Status != row.status {
					t.Fatalf("got %s with status %d, want %s, %d; sent %+v", trace.Outcome, last.Response.Status, row.outcome, row.status, trace.Sent)
				}
				for _, name := range row.visible {
					if !slices.Contains(trace.Response.Visible, name) {
						t.Errorf("the page sees %q, want %s among them", trace.Response.Visible, name)
					}
				}
			})
		}
	}
}

// Each header of the policy is needed by a call, and each exposed one by its answer.
func TestNothingIsLeftOver(t *testing.T) {
	full := connect.Config("https://app.example")
	for _, name := range full.RequestHeaders {
		c := connect.Config("https://app.example")
		c.RequestHeaders = slices.DeleteFunc(c.RequestHeaders, func(other string) bool { return other == name })
		h := connect.API(middleware(t, c))
		blocked := 0
		for _, call := range []*fetch.Request{connectCall(), grpcWebCall()} {
			if expect.Fetch(t, fetch.Standard(), "https://app.example", call, h).Outcome == fetch.Blocked {
				blocked++
			}
		}
		if blocked == 0 {
			t.Errorf("no call needs %s", name)
		}
	}
	c := full
	c.ResponseHeaders = nil
	h := withBody(frame(message(t, "")), connect.API(middleware(t, c)))
	trace := expect.Fetch(t, fetch.Standard(), "https://app.example", grpcWebCall(), h)
	if trace.Response == nil || !slices.Contains(trace.Response.Hidden, "grpc-status") {
		t.Errorf("got %+v, want a response whose grpc-status is hidden", trace.Response)
	}
}
