package corstest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// A raw request is one that no browser sends: an attacker does, or a proxy that breaks what it passes on.
type raw struct {
	request cors.Request
	enforce bool         // the middleware has EnforceOnServer
	want    cors.Refusal // as a person would say from the scenario's config
}

// raw breaks a request of the scenario in one of the ways that no browser does.
func (g *generator) raw(s *scenario) *raw {
	page := []string{s.page}
	r := &raw{enforce: g.IntN(2) == 0, request: cors.Request{Method: "OPTIONS", Origin: page, RequestMethod: []string{"GET"}}}
	switch g.IntN(5) {
	case 0:
		r.request.Origin = [][]string{{s.page, s.page}, {s.page, "https://evil.example"}, {"https://evil.example", s.page}, {"", s.page}, slices.Repeat(page, 50)}[g.IntN(5)]
		if g.IntN(2) == 0 {
			r.request.Method, r.request.RequestMethod = g.one("GET", "PUT", "OPTIONS"), nil
		}
		r.want = cors.RefusedOrigins
		return r
	case 1:
		r.request.RequestMethod = [][]string{{""}, {"P UT"}, {"PUT, DELETE"}, {"PUT\x00"}, {"PÜT"}, {"GET", "GET"}, {"GET", "PUT"}}[g.IntN(7)]
		r.want = cors.RefusedMethodInvalid
	case 2:
		r.request.RequestHeaders = [][]string{{"x id"}, {"x-id:1"}, {"x\x00"}, {"é"}, {"\"x-id\""}, {",", "x\x1b[31m"}, {" , x/y"}}[g.IntN(7)]
		r.want = cors.RefusedHeaderInvalid
	case 3:
		r.request.RequestHeaders = g.endless()
		r.want = cors.RefusedHeadersLength
	case 4: // what a browser would not write like this, and means what it says
		r.request.RequestHeaders = [][]string{{""}, {",, ,\t"}, nil, make([]string, 64)}[g.IntN(4)]
	}
	switch {
	case s.listed:
	case s.page == "null":
		r.want = cors.RefusedNull
	default:
		r.want = cors.RefusedOrigin
	}
	return r
}

// endless is a list of headers that is longer than any browser's.
func (g *generator) endless() []string {
	switch g.IntN(4) {
	case 0:
		return []string{strings.Repeat("x", 20<<10)}
	case 1:
		return []string{strings.Repeat(",", 20<<10)}
	case 2:
		return slices.Repeat([]string{strings.Repeat(" ", 1<<10)}, 20)
	}
	return make([]string, 65)
}

// check has the policy and the middleware answer, and returns what is not as it should be.
func (r *raw) check(p *cors.Policy, s *scenario, refusals map[cors.Refusal]int) string {
	d := p.Decide(r.request)
	if !d.Allowed() {
		refusals[d.Refusal]++
	}
	// What is * for everybody is so for whoever asks, in whatever way; but nothing is allowed by it in a preflight.
	constant := slices.Equal(s.config.Origins, []string{"*"}) && !s.config.Credentials && d.Kind != cors.Preflight
	granted := d.Header().Has(header.AllowOrigin)
	switch {
	case d.Refusal != r.want:
		return fmt.Sprintf("Decide says %q, want %q", d.Refusal, r.want)
	case granted != (r.want == "" || constant):
		return fmt.Sprintf("Decide, which says %q, has the headers %v", d.Refusal, d.Header())
	case r.want != "" && d.Why() == "":
		return "Decide does not say why"
	}
	told, reached := 0, false
	m := cors.NewMiddleware(p)
	m.EnforceOnServer = r.enforce
	m.OnDecision = func(_ *http.Request, other *cors.Decision) {
		if told++; other.Refusal != d.Refusal || other.Kind != d.Kind {
			told = -1
		}
	}
	req := &http.Request{Method: r.request.Method, Host: "api.example", Header: http.Header{
		header.Origin: r.request.Origin, header.RequestMethod: r.request.RequestMethod, header.RequestHeaders: r.request.RequestHeaders,
	}}
	w := httptest.NewRecorder()
	m.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })).ServeHTTP(w, req)
	status := 200
	switch {
	case d.Kind == cors.Preflight:
		status = d.Status()
	case r.enforce:
		status = 403
	}
	switch _, allow := w.Header()[header.AllowOrigin]; {
	case told != 1:
		return "the middleware does not tell of the decision, or of another"
	case allow != granted:
		return fmt.Sprintf("the middleware answers %v, Decide has %v", w.Header(), d.Header())
	case w.Code != status, reached != (status == 200):
		return fmt.Sprintf("the middleware answers %d, and the handler is reached: %t; want %d", w.Code, reached, status)
	}
	return ""
}

// The check itself notices an answer that is not the one that is wanted.
func TestRawCheckFinds(t *testing.T) {
	s := &scenario{page: "https://app.example", listed: true, config: cors.Config{Origins: []string{"https://app.example"}}}
	p, err := cors.New(s.config)
	if err != nil {
		t.Fatal(err)
	}
	wrong := &raw{request: cors.Request{Method: "GET", Origin: []string{s.page}}, want: cors.RefusedOrigins}
	if got, want := wrong.check(p, s, map[cors.Refusal]int{}), `Decide says "", want "several-origins"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
