package corstest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// TestCorpusInferred reads a policy off the responses of each case that has none of its own. Where the middleware then answers
// as the case does, policy and case must agree: what comes of it is what the case says, and it is blocked if the policy refuses.
func TestCorpusInferred(t *testing.T) {
	cases := corpus.Cases()
	const least = 500 // cases in which a server answers as a policy does
	answerable := map[string]bool{}
	for i := range cases {
		c := &cases[i]
		if c.Policy != nil || slices.ContainsFunc(c.Fetches, func(f corpus.Fetch) bool { return f.Request.Stored != nil }) {
			continue // what is stored was answered before, by nobody knows whom
		}
		for _, profile := range fetch.Profiles() {
			policy, ok := inferred(c, profile)
			if !ok {
				continue
			}
			traces, answers, ok := playInferred(t, c, profile, policy)
			if !ok {
				continue
			}
			answerable[c.Name] = true
			for _, problem := range c.Check(profile.Name, traces) {
				t.Errorf("%s in %s: %s", c.Name, profile.Name, problem)
			}
			for i, trace := range traces {
				if f := trace.Failure; f != nil && f.Algorithm != "concept-cors-check" && f.Algorithm != "cors-preflight-fetch-0" {
					continue
				}
				if problem := disagreement(policy, answers[i], trace); problem != "" {
					t.Errorf("%s in %s, fetch %d: %s", c.Name, profile.Name, i+1, problem)
				}
			}
		}
	}
	t.Logf("in %d cases without a policy a server answers as one would have it", len(answerable))
	if len(answerable) < least {
		t.Errorf("got %d such cases, want %d", len(answerable), least)
	}
}

// inferred is the policy that the responses of a case tell, if they can be those of one.
func inferred(c *corpus.Case, profile fetch.Profile) (*cors.Policy, bool) {
	var config cors.Config
	add := func(to *[]string, values ...string) {
		for _, value := range values {
			if value = strings.TrimSpace(value); value != "" && !slices.Contains(*to, value) {
				*to = append(*to, value)
			}
		}
	}
	for i := range c.Fetches {
		for _, res := range c.Fetches[i].Responses(profile.Name) {
			for _, field := range res.Header {
				list := strings.Split(field.Value, ",")
				switch name := field.Name; {
				case header.EqualFold(name, header.AllowOrigin) && field.Value == "null":
					config.DangerouslyAllowNull = true
				case header.EqualFold(name, header.AllowOrigin):
					add(&config.Origins, field.Value)
				case header.EqualFold(name, header.AllowCredentials):
					config.Credentials = true
				case header.EqualFold(name, header.AllowMethods):
					add(&config.Methods, list...)
				case header.EqualFold(name, header.AllowHeaders):
					add(&config.RequestHeaders, list...)
				case header.EqualFold(name, header.ExposeHeaders):
					add(&config.ResponseHeaders, list...)
				case header.EqualFold(name, header.MaxAge):
					seconds, err := strconv.Atoi(field.Value)
					if err != nil {
						return nil, false
					}
					config.MaxAge = time.Duration(seconds) * time.Second
				}
			}
		}
	}
	if len(config.Origins) == 0 {
		config.Origins = []string{"https://nobody.example"}
	}
	policy, err := cors.New(config)
	return policy, err == nil
}

// playInferred makes the fetches of a case with the middleware as the network. It reports false where the middleware answers
// otherwise than the case, which is then not about such a policy.
func playInferred(t *testing.T, c *corpus.Case, profile fetch.Profile, policy *cors.Policy) (traces []*fetch.Trace, answers [][]corpus.Answered, same bool) {
	t.Helper()
	browser, pages := fetch.NewBrowser(profile), pagesOf(t, c)
	for i := range c.Fetches {
		f := &c.Fetches[i]
		network := &likened{policy: policy, written: f.Responses(profile.Name)}
		trace, err := browser.Fetch(&pages[f.Page], &f.Request, network, f.At)
		if err != nil || network.differs {
			return nil, nil, false
		}
		traces, answers = append(traces, trace), append(answers, network.answers)
	}
	return traces, answers, true
}

// likened is a network of servers that have a policy, which finds out whether that makes a difference.
type likened struct {
	policy  *cors.Policy
	written []fetch.Response
	answers []corpus.Answered
	differs bool
}

// Do has the middleware answer.
func (l *likened) Do(sent *fetch.Sent) (fetch.Response, error) {
	if len(l.answers) >= len(l.written) {
		return fetch.Response{}, fmt.Errorf("the case has no response for %s %s", sent.Method, sent.URL)
	}
	written := l.written[len(l.answers)]
	if written.Error != "" {
		l.differs = true
		return written, nil
	}
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, field := range written.Header {
			if !isOfCORS(field.Name) || header.EqualFold(field.Name, header.Vary) {
				w.Header().Add(field.Name, field.Value)
			}
		}
		w.WriteHeader(written.Status)
	})
	res, err := corstest.Handler(cors.NewMiddleware(l.policy).Wrap(next)).Do(sent)
	if err != nil {
		return res, err
	}
	d := l.policy.Decide(requestOf(sent))
	l.answers = append(l.answers, corpus.Answered{Kind: d.Kind, Refusal: d.Refusal})
	if meaning(res) != meaning(written) {
		l.differs = true
	}
	return res, nil
}

// meaning is what a response says of CORS, however its lists are written; any status that is ok is one.
func meaning(res fetch.Response) string {
	var out []string
	for _, field := range res.Header {
		if !isOfCORS(field.Name) || header.EqualFold(field.Name, header.Vary) {
			continue
		}
		var list []string
		for item := range strings.SplitSeq(field.Value, ",") {
			list = append(list, strings.TrimSpace(item))
		}
		slices.Sort(list)
		out = append(out, fmt.Sprintf("%s: %q", header.Lower(field.Name), list))
	}
	slices.Sort(out)
	status := res.Status
	if status >= 200 && status < 300 {
		status = 200
	}
	return fmt.Sprintf("%d %q", status, out)
}
