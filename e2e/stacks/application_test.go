package stacks_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/policyfile"
)

// checkApplication is about what neither verify nor a page can see, for both see only what is answered, and not by whom: which
// requests come to the application, and what becomes of its own headers. It judges all that the server was asked before, too.
// Behind a proxy the application has a Vary of its own.
func checkApplication(t *testing.T, f *policyfile.File, running served, proxied bool) {
	t.Helper()
	for _, host := range hosts(f) {
		for _, path := range slices.Concat(paths(f), neighbours(f)) {
			// OPTIONS that is no preflight.
			options(t, running, host, path, nil)
			options(t, running, host, path, http.Header{header.Origin: {"https://app.example"}})
			options(t, running, host, path, http.Header{header.RequestMethod: {"PUT"}})
		}
	}
	told := map[string]bool{}
	for _, e := range running.Exchanges() {
		problem := misled(t, f, &e, proxied)
		target, _, _ := strings.Cut(e.Target, "?")
		if problem != "" && !told[problem+e.Method+e.Host+target] {
			told[problem+e.Method+e.Host+target] = true
			t.Errorf("%s %s with %v, got %d %v: %s", e.Method, e.Host+e.Target, e.Header, e.Status, e.Answer, problem)
		}
	}
}

// options sends OPTIONS with some headers.
func options(t *testing.T, running served, host, path string, h http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "OPTIONS", running.Origin("127.0.0.1")+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	if h != nil {
		req.Header = h
	}
	get(t, req)
}

// get sends a request as it is, and returns the answer without its body.
func get(t *testing.T, req *http.Request) *http.Response {
	t.Helper()
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// misled says what is wrong with who answered a request, or with what came of the application's headers.
func misled(t *testing.T, f *policyfile.File, e *server.Exchange, proxied bool) string {
	t.Helper()
	u, err := url.ParseRequestURI(e.Target)
	if err != nil {
		t.Fatal(err)
	}
	asks := e.Header.Get(header.RequestMethod)
	preflight := e.Method == "OPTIONS" && e.Header.Get(header.Origin) != "" && asks != ""
	method := e.Method
	if preflight {
		method = asks
	}
	route := f.Route(e.Host, u.Path, method, nil)
	answered := e.Answer.Get("X-Answered-By") != ""
	switch {
	case route == nil:
	case preflight && route.Policy != nil:
		refused := e.Answer.Get(header.AllowOrigin) == "" && e.Status == http.StatusForbidden
		if answered || e.Status != http.StatusNoContent && !refused {
			return "a preflight came to the application, or got another status than 204, or 403 where it is refused"
		}
	case !preflight && !answered:
		return "a request that is no preflight did not come to the application"
	}
	if !answered {
		return ""
	}
	if e.Answer.Get("X-Total-Count") != "2" || e.Answer.Get("ETag") != `"1"` {
		return "a header of the application is lost"
	}
	if proxied && !strings.Contains(strings.Join(e.Answer.Values(header.Vary), ","), "Accept-Encoding") {
		return "the Vary of the application is lost"
	}
	return ""
}
