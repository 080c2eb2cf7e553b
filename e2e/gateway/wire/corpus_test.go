package wire_test

import (
	"fmt"
	"net/url"
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

// TestCorpusTrusted has an upstream that is trusted give the responses of every case, whatever they are: the gateway must change
// nothing about them.
func TestCorpusTrusted(t *testing.T) {
	cases := corpus.Cases()
	s := openSite(t, []cors.Config{{Origins: []string{"https://app.example"}}})
	for _, protocol := range protocols() {
		t.Run(protocol, func(t *testing.T) {
			played := 0
			for i := range cases {
				c := &cases[i]
				if !canBeSent(c) {
					continue
				}
				played++
				t.Run(c.Name, func(t *testing.T) {
					for _, profile := range fetch.Profiles() {
						play(t, s, protocol, trusting, c, profile)
					}
				})
			}
			t.Logf("played %d of %d cases", played, len(cases))
			if least := len(cases) * 3 / 4; played < least {
				t.Errorf("got %d cases that can be sent, want %d", played, least)
			}
		})
	}
}

// canBeSent reports whether a server of HTTP can send the responses of a case as they are written there.
func canBeSent(c *corpus.Case) bool {
	for i := range c.Fetches {
		if c.Fetches[i].Request.Initiator == fetch.InitiatorWebTransport {
			return false // which is CONNECT, of another protocol
		}
		for _, profile := range fetch.Profiles() {
			for _, res := range c.Fetches[i].Responses(profile.Name) {
				if res.Error == "" && (res.Status < 200 || res.Status > 599) {
					return false // one that changes the protocol, or none at all
				}
				for _, f := range res.Header {
					if !header.IsToken(f.Name) || strings.Trim(f.Value, " \t") != f.Value || strings.ContainsFunc(f.Value, isControl) {
						return false // it is another when it arrives
					}
					if _, err := url.Parse(f.Value); err != nil && header.EqualFold(f.Name, "Location") {
						return false // Go's client reads it too
					}
				}
			}
		}
	}
	return true
}

func isControl(c rune) bool { return c < ' ' && c != '\t' || c == 0x7F }

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
