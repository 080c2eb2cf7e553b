package bench_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// An answer is what a peer makes of one request.
type answer struct {
	status  int
	header  http.Header
	reached bool // the handler was called
}

func ask(s server, next *handler, r *http.Request) answer {
	a := answer{}
	next.seen = func(http.Header) { a.reached = true }
	defer func() { next.seen = nil }()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r.Clone(r.Context()))
	res := w.Result()
	a.status, a.header = res.StatusCode, res.Header
	return a
}

// A verdict is what is to say about a peer's answers in one scenario.
type verdict struct {
	faults []string // for which it does not count as a peer
	notes  []string // what it does otherwise
}

// judge asks the peer what will be measured, and what a browser makes of its answers.
func judge(t testing.TB, s *scenario, sv server, next *handler) verdict {
	t.Helper()
	var v verdict
	if s.policy == nil {
		return v
	}
	a := ask(sv, next, s.request)
	if s.script != nil {
		if got := outcome(t, s, sv); (got == fetch.Allowed) != s.allowed {
			v.faults = append(v.faults, fmt.Sprintf("for the page the request is %s", got))
		}
	}
	if n := len(a.header[header.AllowOrigin]); n > 1 {
		v.faults = append(v.faults, "several Access-Control-Allow-Origin lines")
	}
	varies := strings.Contains(strings.ToLower(strings.Join(a.header[header.Vary], ",")), "origin")
	switch {
	case s.kind == preflight && !varies:
		v.notes = append(v.notes, "no `Vary` on answers to preflights")
	case s.kind != preflight && !varies && !s.policy.anyOrigin():
		v.faults = append(v.faults, "no `Vary: Origin`: a shared cache can give the response to the wrong page")
	}
	granted := a.header.Get(header.AllowOrigin) != ""
	switch {
	case s.kind == actual && !a.reached:
		v.notes = append(v.notes, fmt.Sprintf("a page that is not allowed gets %d, and the handler is not asked", a.status))
	case s.kind == preflight && a.reached:
		v.faults = append(v.faults, "the handler is asked for a preflight")
	case s.kind == preflight && s.allowed && a.status != http.StatusNoContent:
		v.notes = append(v.notes, fmt.Sprintf("accepted preflights get %d", a.status))
	case s.kind == preflight && s.script != nil && !s.allowed && a.status != http.StatusForbidden:
		v.notes = append(v.notes, fmt.Sprintf("refused preflights get %d", a.status))
	}
	if s.kind == preflight && !granted && a.header.Get(header.AllowMethods)+a.header.Get(header.AllowHeaders) != "" {
		v.notes = append(v.notes, "origins that are not allowed are told the allowed methods and headers")
	}
	if s.kind == preflight && s.script == nil {
		v.notes = append(v.notes, fmt.Sprintf("hostile preflights get %d", a.status))
	}
	switch {
	case sharesWithin(sv, next, s.request):
		v.notes = append(v.notes, "a handler that changes the lines of its response headers changes those of later responses")
	case sharesWithout(sv, s.request):
		v.notes = append(v.notes, "a handler around the middleware that changes the lines of response headers changes those of later responses")
	}
	return v
}

// outcome is what a page gets in a browser.
func outcome(t testing.TB, s *scenario, sv server) fetch.Outcome {
	t.Helper()
	p, err := fetch.NewPage(s.request.Header.Get(header.Origin))
	if err != nil {
		t.Fatal(err)
	}
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(&p, s.script, corstest.Handler(sv.handler), 0)
	if err != nil {
		t.Fatal(err)
	}
	return trace.Outcome
}

// sharesWithin reports whether what a handler writes into the lines of its response headers is in the next response too.
func sharesWithin(sv server, next *handler, r *http.Request) bool {
	var restore func()
	next.seen = func(h http.Header) { restore = scribble(h) }
	sv.handler.ServeHTTP(httptest.NewRecorder(), r.Clone(r.Context()))
	next.seen = nil
	if restore == nil {
		return false
	}
	defer restore()
	return scribbled(sv, r)
}

// sharesWithout asks the same of what a handler around the peer writes after it.
func sharesWithout(sv server, r *http.Request) bool {
	w := httptest.NewRecorder()
	sv.handler.ServeHTTP(w, r.Clone(r.Context()))
	defer scribble(w.Header())()
	return scribbled(sv, r)
}

const mark = "scribbled"

// scribble overwrites all lines, and returns what undoes it: some peers share them with all of the process.
func scribble(h http.Header) (restore func()) {
	old := h.Clone()
	lines := map[string][]string{}
	for name, values := range h {
		lines[name] = values
		for i := range values {
			values[i] = mark
		}
	}
	return func() {
		for name, values := range lines {
			copy(values, old[name])
		}
	}
}

func scribbled(sv server, r *http.Request) bool {
	w := httptest.NewRecorder()
	sv.handler.ServeHTTP(w, r.Clone(r.Context()))
	for _, values := range w.Header() {
		if slices.Contains(values, mark) {
			return true
		}
	}
	return false
}

// TestAnswers holds Concors to what it says of itself, and the others to being peers: whoever answers nothing right is
// configured wrongly.
func TestAnswers(t *testing.T) {
	right := map[string]int{}
	list := scenarios()
	for _, p := range peers() {
		var sv server
		var err error
		next := &handler{}
		for i := range list {
			s := &list[i]
			if i == 0 || s.policy != list[i-1].policy {
				sv, err = p.build(s.policy, next)
			}
			if err != nil {
				t.Logf("%s: %s: %v", s.name, p.name, err)
				continue
			}
			v := judge(t, s, sv, next)
			if len(v.faults) == 0 {
				right[p.name]++
			}
			t.Logf("%s: %s: %q %q", s.name, p.name, v.faults, v.notes)
			if p.name == "concors" && len(v.faults) > 0 {
				t.Errorf("%s: %s: %q", s.name, p.name, v.faults)
			}
		}
		if right[p.name] < len(list)/2 {
			t.Errorf("%s: right in %d of %d scenarios only", p.name, right[p.name], len(list))
		}
	}
}
