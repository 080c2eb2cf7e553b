package corstest_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// TestCorpus has the middleware answer in place of the responses of every case that has a policy. What it says, and what
// Decide says, must be what stands in the case, and so must be what comes of it in each browser.
func TestCorpus(t *testing.T) {
	cases := corpus.Cases()
	refusals := map[cors.Refusal]int{}
	policed := 0
	for i := range cases {
		c := &cases[i]
		if c.Policy == nil {
			continue
		}
		policed++
		t.Run(c.Name, func(t *testing.T) {
			for _, profile := range fetch.Profiles() {
				for _, problem := range playPolicy(t, c, profile, refusals) {
					t.Errorf("%s: %s\n%s", profile.Name, problem, c.Doc)
				}
			}
		})
	}
	t.Logf("%d of %d cases have a policy; refusals %v", policed, len(cases), refusals)
	for _, refusal := range browserRefusals() {
		if refusals[refusal] == 0 {
			t.Errorf("no case is refused as %s", refusal)
		}
	}
}

// browserRefusals are those that a browser's request can come to.
func browserRefusals() []cors.Refusal {
	return []cors.Refusal{cors.RefusedOrigin, cors.RefusedNull, cors.RefusedMethod, cors.RefusedHeader}
}

// playPolicy makes the fetches of a case, with the middleware as the network, and returns what is not as it should be.
func playPolicy(t *testing.T, c *corpus.Case, profile fetch.Profile, refusals map[cors.Refusal]int) (problems []string) {
	browser := fetch.NewBrowser(profile)
	pages := pagesOf(t, c)
	var traces []*fetch.Trace
	for i := range c.Fetches {
		f := &c.Fetches[i]
		network := &policed{policy: c.Policy, written: f.Responses(profile.Name), want: f.Want(profile.Name).Server}
		trace, err := browser.Fetch(&pages[f.Page], &f.Request, network, f.At)
		if err != nil {
			t.Fatal(err)
		}
		traces = append(traces, trace)
		problems = append(problems, network.problems...)
		if len(trace.Sent) != len(network.want) {
			problems = append(problems, fmt.Sprintf("got %d requests, and the case says of %d what the policy makes of them", len(trace.Sent), len(network.want)))
		}
		for _, answered := range network.want {
			if answered.Refusal != "" {
				refusals[answered.Refusal]++
			}
		}
		if problem := disagreement(c.Policy, network.want, trace); problem != "" {
			problems = append(problems, problem)
		}
	}
	return append(problems, c.Check(profile.Name, traces)...)
}

func pagesOf(t *testing.T, c *corpus.Case) []fetch.Page {
	t.Helper()
	pages := make([]fetch.Page, len(c.Pages))
	for i := range pages {
		var err error
		if pages[i], err = c.Pages[i].New(); err != nil {
			t.Fatal(err)
		}
	}
	return pages
}

// disagreement says how a policy and a browser differ, if they do: what is refused is blocked, and what is not is let through,
// except that the browser alone knows whether a request is credentialed.
func disagreement(p *cors.Policy, answers []corpus.Answered, trace *fetch.Trace) string {
	if trace.CORS == fetch.CORSNone {
		return ""
	}
	refused := slices.ContainsFunc(answers, func(a corpus.Answered) bool { return a.Refusal != "" })
	blocked := trace.Outcome == fetch.Blocked
	if blocked && !refused && !p.Config().Credentials {
		switch trace.Failure.ID {
		case fetch.AllowCredentialsMissing, fetch.AllowOriginWildcardCredentials:
			return ""
		}
	}
	if blocked != refused {
		return fmt.Sprintf("the policy makes %v of the requests, and the fetch is %s", answers, trace.Outcome)
	}
	return ""
}

// policed is a network of servers that have a policy, which answer what else the case's responses say.
type policed struct {
	policy   *cors.Policy
	written  []fetch.Response
	want     []corpus.Answered
	n        int
	problems []string
}

// Do has the middleware answer, and compares it and Decide with the case.
func (p *policed) Do(sent *fetch.Sent) (fetch.Response, error) {
	i := p.n
	p.n++
	if i >= len(p.written) || i >= len(p.want) {
		return fetch.Response{}, fmt.Errorf("the case has no response, or no server line, for request %d, %s %s", i+1, sent.Method, sent.URL)
	}
	written := p.written[i]
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, field := range written.Header {
			if !isOfCORS(field.Name) {
				w.Header().Add(field.Name, field.Value)
			}
		}
		w.WriteHeader(written.Status)
	})
	res, err := corstest.Handler(cors.NewMiddleware(p.policy).Wrap(next)).Do(sent)
	if err != nil {
		return res, err
	}
	want := corsLines(written.Header)
	if got := corsLines(res.Header); got != want || res.Status != written.Status {
		p.add(i, "the middleware answers %d\n%s\nthe case has %d\n%s", res.Status, got, written.Status, want)
	}
	d := p.policy.Decide(requestOf(sent))
	if got := (corpus.Answered{Kind: d.Kind, Refusal: d.Refusal}); got != p.want[i] {
		p.add(i, "Decide says %v, want %v", got, p.want[i])
	}
	if got := corsLines(d.Header()); got != want {
		p.add(i, "Decide has the headers\n%s\nthe case has\n%s", got, want)
	}
	if d.Kind == cors.Preflight && d.Status() != written.Status {
		p.add(i, "Decide has status %d, the case has %d", d.Status(), written.Status)
	}
	return res, nil
}

func (p *policed) add(i int, format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf("request %d: ", i+1)+fmt.Sprintf(format, args...))
}

// requestOf is what Decide takes of a request on the wire.
func requestOf(sent *fetch.Sent) cors.Request {
	return cors.Request{
		Method: sent.Method, Origin: linesOf(sent.Header, header.Origin), RequestMethod: linesOf(sent.Header, header.RequestMethod),
		RequestHeaders: linesOf(sent.Header, header.RequestHeaders), FetchSite: linesOf(sent.Header, header.SecFetchSite),
	}
}

func linesOf(list header.List, name string) (lines []string) {
	for _, field := range list {
		if header.EqualFold(field.Name, name) {
			lines = append(lines, field.Value)
		}
	}
	return lines
}

// isOfCORS reports whether the middleware sets a header.
func isOfCORS(name string) bool {
	return header.EqualFold(name, header.Vary) || strings.HasPrefix(header.Lower(name), "access-control-")
}

// corsLines writes the lines of a response that the middleware sets, sorted by name.
func corsLines(list header.List) string {
	lines := map[string][]string{}
	for _, field := range list {
		if isOfCORS(field.Name) {
			lines[field.Name] = append(lines[field.Name], field.Value)
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		out = append(out, fmt.Sprintf("%s: %q", name, lines[name]))
	}
	return strings.Join(out, "\n")
}
