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
		v.notes = append(v.notes, fmt.Sprintf("the page gets %d, and the handler is not asked", a.status))
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

// TestAnswers holds Concors to what it says of itself, and the others to being peers: whoever answers next to nothing right is
// configured wrongly. What 100,000 origins answer is seen when they are measured.
func TestAnswers(t *testing.T) {
	list := slices.DeleteFunc(scenarios(), func(s scenario) bool { return s.policy != nil && len(s.policy.origins) > 1000 })
	for _, p := range peers() {
		t.Run(p.name, func(t *testing.T) {
			right := 0
			for i := range list {
				s, next := &list[i], &handler{}
				sv, err := p.build(s.policy, next)
				if err != nil {
					t.Logf("%s: %v", s.name, err)
					continue
				}
				v := judge(t, s, sv, next)
				if len(v.faults) == 0 {
					right++
				} else if p.name == "concors" {
					t.Errorf("%s: %q", s.name, v.faults)
				}
				t.Logf("%s: faults %q, notes %q", s.name, v.faults, v.notes)
			}
			if right < len(list)*3/4 {
				t.Errorf("right in %d of %d scenarios only", right, len(list))
			}
		})
	}
}

// The judge sees what is wrong.
func TestJudge(t *testing.T) {
	shared := []string{"Origin"}
	for _, row := range []struct {
		name   string
		serve  func(w http.ResponseWriter, r *http.Request, next http.Handler)
		faults int
		notes  []string
	}{
		{"nothing is granted", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("Vary", "Origin")
			next.ServeHTTP(w, r)
		}, 1, nil},
		{"no Vary", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("Access-Control-Allow-Origin", page)
			next.ServeHTTP(w, r)
		}, 1, nil},
		{"two lines", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header()["Access-Control-Allow-Origin"] = []string{page, page}
			w.Header().Set("Vary", "Origin")
			next.ServeHTTP(w, r)
		}, 2, nil},
		{"the handler is not asked", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("Access-Control-Allow-Origin", page)
			w.Header().Set("Vary", "Origin")
			w.WriteHeader(http.StatusTeapot)
		}, 0, []string{"the page gets 418, and the handler is not asked"}},
		{"a shared line", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("Access-Control-Allow-Origin", page)
			w.Header()["Vary"] = shared
			next.ServeHTTP(w, r)
		}, 0, []string{"a handler that changes the lines of its response headers changes those of later responses"}},
		{"a line that is shared once it is sent", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("Access-Control-Allow-Origin", page)
			w.Header().Set("Vary", "Origin")
			next.ServeHTTP(w, r)
			w.Header()["Vary"] = shared
		}, 0, []string{"a handler around the middleware that changes the lines of response headers changes those of later responses"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			next := &handler{}
			sv := onNetHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { row.serve(w, r, next) }))
			s := actualRequest("", &policy{origins: []string{page}}, page, true)
			v := judge(t, &s, sv, next)
			if len(v.faults) != row.faults || !slices.Equal(v.notes, row.notes) {
				t.Errorf("got faults %q, notes %q; want %d, %q", v.faults, v.notes, row.faults, row.notes)
			}
			if shared[0] != "Origin" {
				t.Error("the judge leaves its marks")
			}
		})
	}
}
