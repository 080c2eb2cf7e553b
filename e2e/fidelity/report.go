package fidelity

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
)

//go:embed report.tmpl
var reportText string

// A Report collects what a run came to and writes it out. The zero value is an empty one; it is safe for concurrent use.
type Report struct {
	Scenarios int
	Seed      uint64

	mu      sync.Mutex
	tallies map[browser.Engine]*Tally
}

// A Tally is one engine's part of a Report.
type Tally struct {
	Engine        browser.Engine
	Version       string
	Cases         int // of the corpus, staged
	CasesAgreed   int
	Unstaged      map[string]int // corpus cases by the reason why they were not staged
	Random        int            // random scenarios
	RandomAgreed  int
	Fetches       int // of random scenarios, like all that follow
	Preflights    int
	CacheHits     int // preflights that were needed and answered from the preflight cache
	Redirects     int // redirects that were followed
	PastFirst     int // scenarios whose first fetch got past its first check
	FailureCounts map[fetch.FailureID]int
}

// Case counts a corpus case that was played.
func (r *Report) Case(engine browser.Engine, version string, result Result) {
	r.with(engine, func(t *Tally) {
		t.Version = version
		t.Cases++
		if len(result.Differences) == 0 {
			t.CasesAgreed++
		}
	})
}

// Unstaged counts a corpus case that cannot be played.
func (r *Report) Unstaged(engine browser.Engine, reason string) {
	r.with(engine, func(t *Tally) { t.Unstaged[reason]++ })
}

// Random counts a random scenario that was played.
func (r *Report) Random(engine browser.Engine, version string, result Result) {
	r.with(engine, func(t *Tally) {
		t.Version = version
		t.Random++
		if len(result.Differences) == 0 {
			t.RandomAgreed++
		}
		t.count(result.Traces)
	})
}

func (t *Tally) count(traces []*fetch.Trace) {
	if PastFirstCheck(traces[0]) {
		t.PastFirst++
	}
	for _, trace := range traces {
		t.Fetches++
		if trace.PreflightCached {
			t.CacheHits++
		}
		last := 0
		for i := range trace.Sent {
			if trace.Sent[i].Kind == fetch.KindPreflight {
				t.Preflights++
			}
			last = max(last, trace.Sent[i].Hop)
		}
		t.Redirects += last
		if trace.Failure != nil {
			t.FailureCounts[trace.Failure.ID]++
		}
	}
}

// PastFirstCheck reports whether a fetch was not ended by what its first exchange said.
func PastFirstCheck(trace *fetch.Trace) bool { return trace.Failure == nil || len(trace.Sent) > 1 }

func (r *Report) with(engine browser.Engine, change func(*Tally)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tallies[engine] == nil {
		if r.tallies == nil {
			r.tallies = map[browser.Engine]*Tally{}
		}
		r.tallies[engine] = &Tally{Engine: engine, Unstaged: map[string]int{}, FailureCounts: map[fetch.FailureID]int{}}
	}
	change(r.tallies[engine])
}

// Write returns the report as Markdown. The error names an engine that is missing from it.
func (r *Report) Write() ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var tallies []*Tally
	for _, engine := range browser.Engines() {
		t := r.tallies[engine]
		if t == nil || t.Cases == 0 || t.Random == 0 {
			return nil, fmt.Errorf("the report needs the corpus and random scenarios in %s", engine)
		}
		tallies = append(tallies, t)
	}
	page, err := template.New("report").Funcs(template.FuncMap{"name": engineName}).Parse(reportText)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = page.Execute(&b, map[string]any{
		"Scenarios": r.Scenarios, "Seed": r.Seed, "Tallies": tallies, "Failures": failureRows(tallies), "Unstaged": unstagedRows(tallies),
	})
	return []byte(b.String()), err
}

// failureRows has a line for each failure that came up, in the order of the catalogue.
func failureRows(tallies []*Tally) [][]string {
	var rows [][]string
	for _, id := range fetch.FailureIDs() {
		cells, total := []string{"`" + string(id) + "`"}, 0
		for _, t := range tallies {
			cells = append(cells, fmt.Sprint(t.FailureCounts[id]))
			total += t.FailureCounts[id]
		}
		if total > 0 {
			rows = append(rows, cells)
		}
	}
	return rows
}

func unstagedRows(tallies []*Tally) [][]string {
	reasons := map[string]bool{}
	for _, t := range tallies {
		for reason := range t.Unstaged {
			reasons[reason] = true
		}
	}
	var rows [][]string
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		cells := []string{reason}
		for _, t := range tallies {
			cells = append(cells, fmt.Sprint(t.Unstaged[reason]))
		}
		rows = append(rows, cells)
	}
	return rows
}

func engineName(e browser.Engine) string {
	switch e {
	case browser.Chromium:
		return "Chromium"
	case browser.Firefox:
		return "Firefox"
	}
	return "WebKitGTK"
}
