package fidelity

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// Describe writes a result out for a person: the scenario, and each difference.
func Describe(r Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "scenario %s on a %s page\n", r.Scenario.ID, r.Scenario.Stage)
	for i := range r.Scenario.Fetches {
		f := &r.Scenario.Fetches[i]
		q := &f.Request
		fmt.Fprintf(&b, "  fetch %d: %s %s by %s mode=%q credentials=%q redirect=%q cache=%q body=%q upload=%v headers=%q\n", i, q.Method, q.URL, q.Initiator, q.Mode,
			q.Credentials, q.Redirect, q.Cache, q.Body, q.UploadListener, q.Header)
		for h, hop := range f.Answers.Hops {
			fmt.Fprintf(&b, "    hop %d preflight %s\n          actual    %s\n", h, response(hop.Preflight), response(hop.Actual))
		}
		for n, res := range f.Answers.Ordered {
			fmt.Fprintf(&b, "    answer %d %s\n", n, response(res))
		}
	}
	for i, trace := range r.Traces {
		fmt.Fprintf(&b, "  model %d: %s %s\n", i, trace.Outcome, idText(trace))
	}
	for _, d := range r.Differences {
		fmt.Fprintf(&b, "  DIFFERENT %s\n", d)
	}
	return b.String()
}

func response(r fetch.Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", r.Status)
	for _, field := range r.Header {
		fmt.Fprintf(&b, " %s=%q", field.Name, field.Value)
	}
	return b.String()
}
