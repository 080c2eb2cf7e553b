package explain

import (
	"fmt"
	"slices"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/input"
)

// An UnansweredError says that a browser sends a request that a scenario has no response for.
type UnansweredError struct {
	Fetch    int        // index in the scenario
	Response int        // index of the response that is not there
	Kind     fetch.Kind // of the request
	Method   string
	URL      string // secrets masked, unless they are shown
}

// Error names the request.
func (e *UnansweredError) Error() string {
	return fmt.Sprintf("fetches[%d]: no response is recorded for the %s %s %s: responses[%d] is missing", e.Fetch, e.Kind, e.Method, e.URL, e.Response)
}

// Scenario runs the fetches of a scenario one after another in a browser of the profile and explains each. Where a fetch
// fails, the engines run the same scenario for their console lines. The error is an [*UnansweredError].
func Scenario(s *input.Scenario, p fetch.Profile, showSecrets bool) ([]Explanation, error) {
	own := runAll(s, p, nil)
	if err := own.unanswered; err != nil {
		if !showSecrets {
			err.URL = maskURL(err.URL)
		}
		return nil, err
	}
	list := make([]Explanation, len(own.traces))
	engines := own.engines(s, p)
	for i, t := range own.traces {
		var others []*fetch.Trace
		for _, e := range engines {
			if other := e.traces[i]; other != nil {
				others = append(others, masked(other, showSecrets))
			}
		}
		list[i] = Of(masked(t, showSecrets), others...)
		list[i].Unused = own.unused[i]
	}
	return list, nil
}

// A scenarioRun is a scenario, run in one browser.
type scenarioRun struct {
	traces     []*fetch.Trace // nil where a response was missing, or nobody asks
	unused     []int
	unanswered *UnansweredError // the first
}

// runAll runs a scenario in a browser of the profile. Beside an earlier run, it goes on where a response is missing, and
// keeps the traces of those fetches only that failed in the other.
func runAll(s *input.Scenario, p fetch.Profile, beside *scenarioRun) *scenarioRun {
	run := new(scenarioRun)
	browser := fetch.NewBrowser(p)
	for i := range s.Fetches {
		f := &s.Fetches[i]
		net := &recorded{Recorded: fetch.Recorded{Responses: f.Responses}}
		trace, err := browser.Fetch(&s.Page, &f.Request, net, f.At)
		if err != nil && beside == nil {
			run.unanswered = &UnansweredError{Fetch: i, Response: len(f.Responses), Kind: net.last.Kind, Method: net.last.Method, URL: net.last.URL}
			break
		}
		if err != nil || beside != nil && beside.traces[i].Failure == nil {
			trace = nil
		}
		run.traces = append(run.traces, trace)
		run.unused = append(run.unused, net.Unused())
	}
	return run
}

// engines runs the scenario in the engines, if any fetch failed; the run itself counts as that of its own engine.
func (run *scenarioRun) engines(s *input.Scenario, own fetch.Profile) []*scenarioRun {
	if !slices.ContainsFunc(run.traces, func(t *fetch.Trace) bool { return t.Failure != nil }) {
		return nil
	}
	var runs []*scenarioRun
	for _, p := range []fetch.Profile{fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
		if p.Name == own.Name {
			runs = append(runs, run)
			continue
		}
		runs = append(runs, runAll(s, p, run))
	}
	return runs
}

// recorded is a recorded network that remembers what it was asked last.
type recorded struct {
	fetch.Recorded
	last fetch.Sent
}

// Do answers as [fetch.Recorded] does.
func (r *recorded) Do(sent *fetch.Sent) (fetch.Response, error) {
	r.last = *sent
	return r.Recorded.Do(sent)
}
