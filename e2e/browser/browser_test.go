package browser_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/stage"
)

// A show is a browser with a stage in front of it and a record of what the stage was asked.
type show struct {
	*stage.Server
	browser.Browser

	mu       sync.Mutex
	requests []*stage.Request
}

func open(t *testing.T, engine browser.Engine) *show {
	t.Helper()
	browser.Require(t, engine)
	s := &show{}
	server, err := stage.Start(s.answer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	s.Server = server
	s.Browser, err = browser.Start(t.Context(), engine, browser.Options{CA: server.CA()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Browser.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *show) answer(_ context.Context, req *stage.Request) stage.Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	path, _, _ := strings.Cut(req.Target, "?")
	switch path {
	case "/allowed":
		return stage.Response{
			Fields: []stage.Field{
				{Name: "Access-Control-Allow-Origin", Value: "*"},
				{Name: "Access-Control-Allow-Methods", Value: "PUT"},
			},
			Body: []byte("read me"),
		}
	case "/strict":
		return stage.Response{
			Fields: []stage.Field{{Name: "Content-Type", Value: "text/html"}, {Name: "Content-Security-Policy", Value: "default-src 'none'"}},
			Body:   []byte(`<!doctype html><title>strict</title>`),
		}
	case "/reset":
		return stage.Response{Abort: true}
	case "/page":
		return stage.Response{
			Fields: []stage.Field{{Name: "Content-Type", Value: "text/html"}},
			Body:   []byte(`<!doctype html><link rel=icon href=data:,><title>page</title>`),
		}
	}
	return stage.Response{Body: []byte("a secret")}
}

// asked returns what was asked of a target, in order.
func (s *show) asked(target string) []*stage.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.requests), func(r *stage.Request) bool { return r.Target != target })
}

// waitForLines waits for n console lines that contain every part and returns the first.
func (s *show) waitForLines(t *testing.T, n int, parts ...string) browser.ConsoleLine {
	t.Helper()
	var all, found []browser.ConsoleLine
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		lines, err := s.Console(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(line.Text, p) }) {
				found = append(found, line)
			}
		}
		all = append(all, lines...)
		if len(found) == n {
			return found[0]
		}
	}
	t.Fatalf("got %d console lines with %q, want %d; all: %+v", len(found), parts, n, all)
	return browser.ConsoleLine{}
}

// blockedLine returns what the line about a missing Access-Control-Allow-Origin contains, in the words of an engine.
func blockedLine(engine browser.Engine, url string) []string {
	switch engine {
	case browser.Chromium:
		return []string{url, "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present"}
	case browser.Firefox:
		return []string{url, "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."}
	default:
		return []string{"Fetch API cannot load " + url + " due to access control checks."}
	}
}

const fetchText = `const response = await fetch(arguments[0]); return await response.text();`

// fetchInSandbox fetches in a frame whose origin is opaque.
const fetchInSandbox = `
	const frame = document.createElement("iframe");
	frame.sandbox = "allow-scripts";
	frame.srcdoc = "<script>fetch(" + JSON.stringify(arguments[0]) + ").then(" +
		"() => parent.postMessage('allowed', '*'), e => parent.postMessage('blocked', '*'))</" + "script>";
	const outcome = new Promise(resolve => addEventListener("message", e => resolve(e.data), { once: true }));
	document.body.append(frame);
	return await outcome;
`

func TestBrowser(t *testing.T) {
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := open(t, engine)
			if s.Engine() != engine || s.Version() == "" {
				t.Errorf("got engine %q, version %q; want %q and some version", s.Engine(), s.Version(), engine)
			}
			for _, scheme := range []string{"http", "https"} {
				t.Run(scheme, func(t *testing.T) { testFetch(t, s, scheme) })
			}
			t.Run("eval", func(t *testing.T) { testEval(t, s) })
			t.Run("eval under a policy", func(t *testing.T) { testEvalStrict(t, s) })
			t.Run("batch", func(t *testing.T) { testBatch(t, s) })
		})
	}
}

func testFetch(t *testing.T, s *show, scheme string) {
	page, api := s.Origin(scheme, "app.localhost", 0), s.Origin(scheme, "api.localhost", 1)
	if err := s.Navigate(t.Context(), page+"/page"); err != nil {
		t.Fatal(err)
	}

	// Allowed.
	target := "/allowed?" + scheme
	got, err := s.Eval(t.Context(), fetchText, api+target)
	if err != nil || string(got) != `"read me"` {
		t.Errorf("allowed: got %s, %v; want the body", got, err)
	}
	requests := s.asked(target)
	if len(requests) != 1 {
		t.Fatalf("allowed: got %d requests, want 1", len(requests))
	}
	req := requests[0]
	host := strings.TrimPrefix(api, scheme+"://")
	if req.Method != "GET" || req.Scheme != scheme || req.Host != host || !slices.Equal(req.Values("Origin"), []string{page}) {
		t.Errorf("allowed: got %+v, want a GET of host %q from origin %q", req, host, page)
	}

	// Blocked.
	target = "/blocked?" + scheme
	_, err = s.Eval(t.Context(), fetchText, api+target)
	if thrown, ok := errors.AsType[*browser.ThrownError](err); !ok || !strings.HasPrefix(thrown.Text, "TypeError: ") {
		t.Errorf("blocked: got %v, want a TypeError", err)
	}
	if len(s.asked(target)) != 1 {
		t.Error("blocked: the request was not sent")
	}
	if line := s.waitForLines(t, 1, blockedLine(s.Engine(), api+target)...); line.Level != "error" || line.Source == "" {
		t.Errorf("blocked: got console line %+v, want an error with a source", line)
	}

	// A preflight that allows nothing.
	target = "/blocked?put-" + scheme
	_, err = s.Eval(t.Context(), `await fetch(arguments[0], { method: "PUT" })`, api+target)
	if _, ok := errors.AsType[*browser.ThrownError](err); !ok {
		t.Errorf("preflight: got %v, want an exception", err)
	}
	if requests := s.asked(target); len(requests) != 1 || requests[0].Method != "OPTIONS" ||
		!slices.Equal(requests[0].Values("Access-Control-Request-Method"), []string{"PUT"}) {
		t.Errorf("preflight: got %+v, want one preflight for PUT", requests)
	}

	// Blocked in a frame with an opaque origin.
	target = "/blocked?sandbox-" + scheme
	got, err = s.Eval(t.Context(), fetchInSandbox, api+target)
	if err != nil || string(got) != `"blocked"` {
		t.Errorf("sandbox: got %s, %v; want blocked", got, err)
	}
	if requests := s.asked(target); len(requests) != 1 || !slices.Equal(requests[0].Values("Origin"), []string{"null"}) {
		t.Errorf("sandbox: got %+v, want one request from origin null", requests)
	}
	s.waitForLines(t, 1, blockedLine(s.Engine(), api+target)...)
}

func testEval(t *testing.T, s *show) {
	if err := s.Navigate(t.Context(), s.Origin("http", "localhost", 0)+"/page"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, js string
		args     []any
		want     string // "" for an error
		thrown   string
	}{
		{name: "nothing", js: ``, want: `null`},
		{name: "document", js: `return document.title`, want: `"page"`},
		{
			name: "arguments", js: `return [...arguments].reverse()`,
			args: []any{1, "</script>\u2028é", map[string]any{"a": nil}},
			want: "[{\"a\":null},\"</script>\u2028é\",1]",
		},
		{name: "comment", js: `return 1 // one`, want: `1`},
		{name: "await", js: `return await new Promise(done => setTimeout(done, 20, "late"))`, want: `"late"`},
		{name: "own realm", js: `return fetch instanceof Function && [] instanceof window.Array`, want: `true`},
		{name: "throw", js: `throw new RangeError("too far")`, thrown: "RangeError: too far"},
		{name: "reject", js: `await Promise.reject("no")`, thrown: "no"},
		{name: "syntax", js: `return )`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := s.Eval(t.Context(), test.js, test.args...)
			thrown, _ := errors.AsType[*browser.ThrownError](err)
			switch {
			case test.thrown != "":
				if thrown == nil || thrown.Text != test.thrown {
					t.Errorf("got %s, %v; want %q thrown", got, err, test.thrown)
				}
			case test.want == "":
				if err == nil || thrown != nil {
					t.Errorf("got %s, %v; want an error of ours", got, err)
				}
			case err != nil || string(got) != test.want:
				t.Errorf("got %s, %v; want %s", got, err, test.want)
			}
		})
	}
}

// testEvalStrict checks that a page's policy does not stand in the way.
func testEvalStrict(t *testing.T, s *show) {
	if err := s.Navigate(t.Context(), s.Origin("http", "localhost", 0)+"/strict"); err != nil {
		t.Fatal(err)
	}
	got, err := s.Eval(t.Context(), `return [document.title, ...arguments]`, "a")
	if err != nil || string(got) != `["strict","a"]` {
		t.Errorf("got %s, %v; want the title and the argument", got, err)
	}
	_, err = s.Eval(t.Context(), `throw new RangeError("too far")`)
	if thrown, ok := errors.AsType[*browser.ThrownError](err); !ok || thrown.Text != "RangeError: too far" {
		t.Errorf("got %v, want the exception", err)
	}
}

// testBatch checks that many fetches at once lose no result and no console line, even if the lines are equal.
func testBatch(t *testing.T, s *show) {
	const n = 25
	if err := s.Navigate(t.Context(), s.Origin("http", "app.localhost", 0)+"/page"); err != nil {
		t.Fatal(err)
	}
	url := s.Origin("http", "api.localhost", 1) + "/blocked?batch"
	start := time.Now()
	result, err := s.Eval(t.Context(), `
		const [url, n] = arguments;
		const one = () => fetch(url, { cache: "no-store" }).then(() => "allowed", () => "blocked");
		return await Promise.all(Array.from({ length: n }, one));
	`, url, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d fetches in %v", n, time.Since(start))
	var outcomes []string
	if err := json.Unmarshal(result, &outcomes); err != nil {
		t.Fatal(err)
	}
	if want := slices.Repeat([]string{"blocked"}, n); !slices.Equal(outcomes, want) {
		t.Errorf("got outcomes %q, want %q", outcomes, want)
	}
	s.waitForLines(t, n, blockedLine(s.Engine(), url)...)
}

// TestNavigateError also checks that a certificate of an unknown authority does not pass.
func TestNavigateError(t *testing.T) {
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			server, err := stage.Start(new(show).answer)
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			b, err := browser.Start(t.Context(), engine, browser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			for _, url := range []string{
				server.Origin("https", "localhost", 0) + "/page",
				server.Origin("http", "localhost", 0) + "/reset",
			} {
				if err := b.Navigate(t.Context(), url); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", url)) {
					t.Errorf("got %v, want an error that names %q", err, url)
				}
			}
		})
	}
}
