package fidelity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/fidelity"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
)

// recorded are the corpus cases that TestRecording stages: right and wrong exchanges of each kind that a recording tells.
func recorded() []string {
	return []string{
		"sharing/any", "sharing/exact", "sharing/error-status-missing", "sharing/other-scheme", "sharing/two-lines",
		"credentials/include-exact", "credentials/include-missing-true", "sharing/wildcard-credentials-true",
		"preflight/header-not-listed", "preflight/method-not-listed", "preflight/status-404", "preflight/redirect-302",
		"preflight/passes-actual-fails", "preflight/authorization-listed", "preflight/no-allow-origin",
		"redirect/first-answer-lacks-header", "redirect/second-answer-lacks-header", "redirect/other-to-third-null",
		"redirect/other-to-third-named", "redirect/json-post-307", "redirect/home-to-other", "redirect/custom-header-not-allowed",
		"initiator/img", "initiator/font-missing", "initiator/xhr", "response/corp-same-site",
	}
}

// TestRecording has each engine that can be asked for one make a HAR of corpus cases, with and without sensitive data, and
// explains that. Every fetch must come to what it came to in the browser, for the cause that the browser named.
func TestRecording(t *testing.T) {
	inEachEngine(t, func(t *testing.T, engine browser.Engine, session *fidelity.Session) {
		if engine == browser.WebKit {
			t.Skip("the developer tools of WebKitGTK cannot be driven")
		}
		recorder, err := browser.Record(t.Context(), session.Browser)
		if err != nil {
			t.Fatal(err)
		}
		var (
			scenarios []*fidelity.Scenario
			results   = map[string]fidelity.Result{}
			names     = map[string]string{}
			all       = corpus.Cases()
		)
		for i := range all {
			if !slices.Contains(recorded(), all[i].Name) {
				continue
			}
			id := fmt.Sprintf("r%c%d", engine[0], i)
			s, err := session.Theatre.Stage(&all[i], string(engine), id)
			if err != nil {
				t.Fatalf("%s: %v", all[i].Name, err)
			}
			names[id] = all[i].Name
			scenarios = append(scenarios, s)
		}
		if len(scenarios) != len(recorded()) {
			t.Fatalf("got %d scenarios, want %d", len(scenarios), len(recorded()))
		}
		err = session.Run(t.Context(), scenarios, func(r fidelity.Result) { results[r.Scenario.ID] = r })
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []struct {
			name      string
			sanitized bool
		}{{"full", false}, {"sanitized", true}} {
			t.Run(form.name, func(t *testing.T) {
				text, err := recorder.HAR(t.Context(), form.sanitized)
				if err != nil {
					t.Fatal(err)
				}
				if hidden := !strings.Contains(text, "Bearer t"); hidden != (form.sanitized && engine == browser.Chromium) {
					t.Errorf("got Authorization hidden: %t", hidden)
				}
				compareRecording(t, session.Profile, text, results, names)
			})
		}
	})
}

// compareRecording compares the explanation of a recording with the scenarios that it was made of.
func compareRecording(t *testing.T, profile fetch.Profile, text string, results map[string]fidelity.Result, names map[string]string) {
	t.Helper()
	h, err := input.ReadHAR(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if h.Browser != profile.Name {
		t.Errorf("got a recording of %q, want %q", h.Browser, profile.Name)
	}
	recording := explain.HAR(h, profile, true)
	if len(recording.Unplaced)+len(recording.Unmatched) > 0 {
		t.Errorf("got requests without a page %v, preflights without a request %v", recording.Unplaced, recording.Unmatched)
	}
	explained := map[string]int{}
	for i := range recording.Explanations {
		e := &recording.Explanations[i]
		_, path, _ := strings.Cut(e.Trace.Request.URL, "/s/")
		id, _, _ := strings.Cut(path, "/")
		r, ok := results[id]
		if !ok {
			t.Errorf("got an explanation of %s, which is in no scenario", e.Trace.Request.URL)
			continue
		}
		explained[id]++
		t.Run(names[id], func(t *testing.T) { compareExplanation(t, e, r) })
	}
	for id, name := range names {
		if explained[id] != 1 {
			t.Errorf("%s: got %d explanations, want 1", name, explained[id])
		}
	}
}

func compareExplanation(t *testing.T, e *explain.Explanation, r fidelity.Result) {
	want, view := r.Traces[0], r.Observed.Fetches[0]
	if e.Trace.Outcome != want.Outcome || failureOf(e.Trace) != failureOf(want) {
		t.Errorf("got %s %s, want %s %s; notes %q", e.Trace.Outcome, failureOf(e.Trace), want.Outcome, failureOf(want), e.Notes)
	}
	if worked := e.Trace.Outcome == fetch.Allowed || e.Trace.Outcome == fetch.Opaque; !view.Unknown && worked != (view.Threw == "") {
		t.Errorf("got %s, and the page got %+v", e.Trace.Outcome, view)
	}
	if e.Trace.Browser == "chromium" && (e.Recorded.Reached == fetch.Yes) != (e.Trace.Failure == nil) {
		t.Errorf("got %s, and the browser recorded %+v", e.Trace.Outcome, *e.Recorded)
	}
	line := map[string]string{"chromium": e.Console.Chromium, "firefox": e.Console.Firefox}[e.Trace.Browser]
	if line != "" && !slices.Contains(r.Observed.Console, line) {
		t.Errorf("got console line %q, and the browser printed %q", line, r.Observed.Console)
	}
	for _, note := range e.Notes {
		if strings.Contains(note, "disagrees") {
			t.Errorf("got note %q", note)
		}
	}
}

func failureOf(t *fetch.Trace) fetch.FailureID {
	if t.Failure == nil {
		return ""
	}
	return t.Failure.ID
}
