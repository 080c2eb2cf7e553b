package explain

import (
	"fmt"

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
	jobs := make([]job, len(s.Fetches))
	for i := range s.Fetches {
		f := &s.Fetches[i]
		jobs[i] = job{page: &s.Page, request: &f.Request, at: f.At, network: func() network {
			return &ordered{Recorded: fetch.Recorded{Responses: f.Responses}}
		}}
	}
	own := do(jobs, p, nil)
	if own.stopped != nil {
		i := len(own.traces)
		sent := own.networks[i].last()
		err := &UnansweredError{Fetch: i, Response: len(s.Fetches[i].Responses), Kind: sent.Kind, Method: sent.Method, URL: sent.URL}
		if !showSecrets {
			err.URL = maskURL(err.URL)
		}
		return nil, err
	}
	return own.explained(jobs, p, showSecrets), nil
}

// ordered is a network of responses in the order in which they are asked for.
type ordered struct {
	fetch.Recorded
	asked fetch.Sent
}

// Do answers as [fetch.Recorded] does.
func (o *ordered) Do(sent *fetch.Sent) (fetch.Response, error) {
	o.asked = *sent
	return o.Recorded.Do(sent)
}

func (o *ordered) last() *fetch.Sent   { return &o.asked }
func (o *ordered) unused() int         { return o.Unused() }
func (*ordered) unassume(*fetch.Trace) {}
