package fidelity_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/fidelity"
)

// TestCorpus plays every corpus case that can be staged in each engine. The staged case must come to what the case says,
// and the engine to what the model says of the staged case.
func TestCorpus(t *testing.T) {
	inEachEngine(t, func(t *testing.T, engine browser.Engine, session *fidelity.Session) {
		cases := map[string]*corpus.Case{}
		var scenarios []*fidelity.Scenario
		all := corpus.Cases()
		for i := range all {
			if !strings.HasPrefix(all[i].Name, *prefix) {
				continue
			}
			id := fmt.Sprintf("k%c%d", engine[0], i)
			s, err := session.Theatre.Stage(&all[i], string(engine), id)
			if not, ok := errors.AsType[*fidelity.NotStaged](err); ok {
				report.Unstaged(engine, not.Reason)
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", all[i].Name, err)
				continue
			}
			cases[id] = &all[i]
			scenarios = append(scenarios, s)
		}
		err := session.Run(t.Context(), scenarios, func(r fidelity.Result) {
			report.Case(engine, session.Browser.Version(), r)
			c := cases[r.Scenario.ID]
			for i, trace := range r.Traces {
				want := c.Fetches[i].Want(string(engine))
				if trace.Outcome != want.Outcome || trace.Failure != nil && trace.Failure.ID != want.Failure {
					t.Errorf("%s: staged, fetch %d comes to %s, not to %s %s", c.Name, i, fidelity.Describe(r), want.Outcome, want.Failure)
				}
			}
			if len(r.Differences) > 0 {
				t.Errorf("%s: %s", c.Name, fidelity.Describe(r))
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d of %d cases staged", len(scenarios), len(all))
	})
}
