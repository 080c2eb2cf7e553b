package devproxy_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/devproxy"
	"github.com/concors/concors/internal/term"
)

// What a reader sees: a line for each request, why the API would refuse it and, once, what its owner has to be told.
func TestLog(t *testing.T) {
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			w.Header().Set("Location", "https://login.example/?token=s3cret")
			w.WriteHeader(http.StatusFound)
		}
	})
	g := start(t, a)
	g.ask(t, "GET", "/users?token=s3cret&page=2", "")
	g.preflight(t, "PUT", "/users/1", "content-type")
	g.ask(t, "PUT", "/users/1", "{}", "Content-Type: application/json")
	g.ask(t, "GET", "/users?page=3", "")
	g.ask(t, "POST", "/moved", "")
	g.ask(t, "GET", "/", "", "Origin: https://evil.example")
	var b bytes.Buffer
	l := devproxy.NewLog(&b, term.NewStyles(false), 100)
	for _, x := range g.exchanges() {
		if err := l.Write(&x); err != nil {
			t.Fatal(err)
		}
	}
	const want = `200  GET /users?token=***&page=2  TIME  blocked without the proxy: The response has no Access-Control-Allow-Origin header, so the page cannot read it.
  tell  send Access-Control-Allow-Origin
        Send the header on every response of this path, errors and OPTIONS included.
        The response:
          Access-Control-Allow-Origin: http://localhost:5173
          Vary: Origin
204  OPTIONS /users/1  TIME  preflight
200  PUT /users/1  TIME  blocked without the proxy: The answer to the preflight has no Access-Control-Allow-Origin header, so the request itself is never sent.
  tell  send Access-Control-Allow-Origin
        Send the header on every response of this path, errors and OPTIONS included.
        The answer to OPTIONS, with status 204:
          Access-Control-Allow-Origin: http://localhost:5173
          Vary: Origin
          Access-Control-Allow-Methods: PUT
          Access-Control-Allow-Headers: content-type
        The response itself:
          Access-Control-Allow-Origin: http://localhost:5173
          Vary: Origin
200  GET /users?page=3  TIME  blocked without the proxy: The response has no Access-Control-Allow-Origin header, so the page cannot read it.
302  POST /moved  TIME  It redirects to https://login.example, which this proxy is not for: the browser goes there by itself.
403  GET /  TIME  This proxy is for pages of http://localhost:5173, and the request is of https://evil.example.
`
	got := regexp.MustCompile(`  \d+m?s\b`).ReplaceAllString(b.String(), "  TIME")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Bytes that could control a terminal are shown by their numbers, and no line is without end.
func TestLogHostile(t *testing.T) {
	var b bytes.Buffer
	l := devproxy.NewLog(&b, term.NewStyles(false), 100)
	x := devproxy.Exchange{Method: "GET", Target: "/\x1b[2J\u009b\n" + strings.Repeat("a", 1<<16), Status: 200, Notes: []string{"a\x00b"}}
	if err := l.Write(&x); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.HasPrefix(got, `200  GET /\x1b[2J\x9b\x0aaaa`) || len(got) > 400 || !strings.HasSuffix(got, "a\\x00b\n") {
		t.Errorf("got %q", got)
	}
}

// Secrets are masked unless they are to be shown.
func TestShowSecrets(t *testing.T) {
	a := newAPI(t, nil)
	for _, show := range []bool{false, true} {
		g := start(t, a, func(c *devproxy.Config) { c.ShowSecrets = show })
		g.preflight(t, "GET", "/?token=s3cret", "authorization")
		g.ask(t, "GET", "/?token=s3cret", "", "Authorization: Bearer s3cret", "Cookie: sid=s3cret")
		x := g.last(t)
		data, err := json.Marshal(&x)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(data), "s3cret"); got != show {
			t.Errorf("show %t: got %s", show, data)
		}
		if x.Explanation == nil || x.Explanation.Trace.Failure == nil || x.Explanation.Trace.Failure.ID != fetch.AllowOriginMissing {
			t.Errorf("got %+v, want a verdict all the same", x)
		}
	}
}
