package explain

import (
	"slices"
	"time"

	"github.com/concors/concors/cors/fetch"
)

// A job is one fetch that is to be run, in as many browsers as it takes.
type job struct {
	page    *fetch.Page
	request *fetch.Request
	at      time.Duration
	network func() network // a new one for each browser
}

// A network answers with what was recorded.
type network interface {
	fetch.Network
	last() *fetch.Sent     // what it was asked last
	unused() int           // recorded responses that it was not asked for
	unassume(*fetch.Trace) // takes out of a trace what was not recorded, only assumed
}

// A run is some jobs, done one after another in one browser.
type run struct {
	traces   []*fetch.Trace // nil where a response was missing, or nobody asks
	networks []network
	stopped  *fetch.Trace // the fetch that a response was missing for; it comes after the traces
}

// do runs jobs in a browser of the profile. Beside an earlier run, it goes on where a response is missing, and keeps the traces
// of those fetches only that failed in the other; otherwise it stops there.
func do(jobs []job, p fetch.Profile, beside *run) *run {
	r := new(run)
	browser := fetch.NewBrowser(p)
	for i, j := range jobs {
		net := j.network()
		r.networks = append(r.networks, net)
		trace, err := browser.Fetch(j.page, j.request, net, j.at)
		net.unassume(trace)
		if err != nil && beside == nil {
			r.stopped = trace
			break
		}
		if err != nil || beside != nil && beside.traces[i].Failure == nil {
			trace = nil
		}
		r.traces = append(r.traces, trace)
	}
	return r
}

// explained explains a run that did not stop. Where a fetch failed, the engines run the same jobs for their console lines.
func (r *run) explained(jobs []job, p fetch.Profile, showSecrets bool) []Explanation {
	list := make([]Explanation, len(r.traces))
	engines := r.engines(jobs, p)
	for i, t := range r.traces {
		var others []*fetch.Trace
		for _, e := range engines {
			if other := e.traces[i]; other != nil {
				others = append(others, masked(other, showSecrets))
			}
		}
		list[i] = Of(masked(t, showSecrets), others...)
		list[i].Unused = r.networks[i].unused()
	}
	return list
}

// engines runs the jobs in the engines, if any fetch failed; the run itself counts as that of its own engine.
func (r *run) engines(jobs []job, own fetch.Profile) []*run {
	if !slices.ContainsFunc(r.traces, func(t *fetch.Trace) bool { return t.Failure != nil }) {
		return nil
	}
	var runs []*run
	for _, p := range []fetch.Profile{fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
		if p.Name == own.Name {
			runs = append(runs, r)
			continue
		}
		runs = append(runs, do(jobs, p, r))
	}
	return runs
}
