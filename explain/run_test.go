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

// headersOf reads the two lists of headers in the text of a fix, as a scenario has them.
func headersOf(t *testing.T, text string) (preflight, actual string) {
	t.Helper()
	_, text, _ = strings.Cut(text, "with status 204:\n")
	first, second, found := strings.Cut(text, "The response itself:\n")
	if !found {
		t.Fatalf("got fix %q", text)
	}
	list := func(lines string) string {
		var pairs []string
		for line := range strings.Lines(lines) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			pairs = append(pairs, `["`+name+`", "`+value+`"]`)
		}
		return "[" + strings.Join(pairs, ", ") + "]"
	}
	return list(first), list(second)
}
