package explain_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
)

// run explains a scenario in a browser, secrets shown.
func run(t *testing.T, p fetch.Profile, scenario string) []explain.Explanation {
	t.Helper()
	s, err := input.ReadScenario(strings.NewReader(scenario))
	if err != nil {
		t.Fatalf("scenario: %v", err)
	}
	list, err := explain.Scenario(s, p, true)
	if err != nil {
		t.Fatalf("got error %v", err)
	}
	return list
}

// runOne explains a scenario of one fetch in the Standard, from the page https://app.example unless the text says
// otherwise.
func runOne(t *testing.T, scenario string) explain.Explanation {
	t.Helper()
	if !strings.Contains(scenario, `"page"`) {
		scenario = `"page": "https://app.example", ` + scenario
	}
	return run(t, fetch.Standard(), "{"+scenario+"}")[0]
}
