package wire_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// TestCorpus has the gateway answer in place of the responses of every case that has a policy, by every version of HTTP. Its
// answers must be those of the case, and so must be what comes of them in each browser.
func TestCorpus(t *testing.T) {
	cases := corpus.Cases()
	var policies []cors.Config
	index := map[int]int{} // of the policy, by that of the case
	for i := range cases {
		if cases[i].Policy != nil {
			index[i] = len(policies)
			policies = append(policies, cases[i].Policy.Config())
		}
	}
	if len(policies) < 50 {
		t.Fatalf("got %d cases with a policy, want 50 at least", len(policies))
	}
	s := openSite(t, policies)
	for _, protocol := range protocols() {
		t.Run(protocol, func(t *testing.T) {
			for i := range cases {
				c := &cases[i]
				if c.Policy == nil {
					continue
				}
				t.Run(c.Name, func(t *testing.T) {
					for _, profile := range fetch.Profiles() {
						play(t, s, protocol, index[i], c, profile)
					}
				})
			}
		})
	}
}

// play makes the fetches of a case.
func play(t *testing.T, s *site, protocol string, policy int, c *corpus.Case, profile fetch.Profile) {
	t.Helper()
	browser := fetch.NewBrowser(profile)
	pages := make([]fetch.Page, len(c.Pages))
	for i := range pages {
		var err error
		if pages[i], err = c.Pages[i].New(); err != nil {
			t.Fatal(err)
		}
	}
	var traces []*fetch.Trace
	for i := range c.Fetches {
		f := &c.Fetches[i]
		network := &cast{site: s, protocol: protocol, policy: policy, written: f.Responses(profile.Name)}
		trace, err := browser.Fetch(&pages[f.Page], &f.Request, network, f.At)
		if err != nil {
			t.Fatalf("%s, fetch %d: %v", profile.Name, i+1, err)
		}
		traces = append(traces, trace)
		for _, problem := range network.problems {
			t.Errorf("%s, fetch %d: %s", profile.Name, i+1, problem)
		}
		if want := f.Want(profile.Name).Server; policy != trusting && network.n != len(want) {
			t.Errorf("%s, fetch %d: got %d requests, want %d", profile.Name, i+1, network.n, len(want))
		}
	}
	for _, problem := range c.Check(profile.Name, traces) {
		t.Errorf("%s: %s\n%s", profile.Name, problem, c.Doc)
	}
}

// cast is a network in which the gateway plays the part of the servers of a case.
type cast struct {
	*site
	protocol string
	policy   int
	written  []fetch.Response
	n        int
	problems []string
}

// Do implements [fetch.Network].
func (c *cast) Do(sent *fetch.Sent) (fetch.Response, error) {
	if c.n >= len(c.written) {
		return fetch.Response{}, fmt.Errorf("the case has no response for %s %s", sent.Method, sent.URL)
	}
	written := c.written[c.n]
	c.n++
	if written.Error != "" {
		return written, nil // nobody answers
	}
	res, err := c.do(c.protocol, c.policy, sent, written)
	if err != nil {
		return res, err
	}
	got, want := corsLines(res.Header), corsLines(written.Header)
	if c.policy == trusting && !strings.Contains(want, "access-control-") && (sent.Kind == fetch.KindPreflight || !strings.Contains(want, header.Origin)) {
		// To other origins the upstream might say more, so the gateway says that it depends on them.
		vary := header.Origin
		if sent.Kind == fetch.KindPreflight {
			vary = strings.Join([]string{header.Origin, header.RequestMethod, header.RequestHeaders}, ", ")
		}
		added := slices.Clone(written.Header)
		added.Append(header.Vary, vary)
		want = corsLines(added)
	}
	if got != want || res.Status != written.Status {
		c.problems = append(c.problems, fmt.Sprintf("request %d: got %d\n%s\nwant %d\n%s", c.n, res.Status, got, written.Status, want))
	}
	return res, nil
}
