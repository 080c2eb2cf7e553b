package explain_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/report"
)

// The keys of a result are those of the contract, whatever the outcome; no list is null.
func TestResultKeys(t *testing.T) {
	scenarios := failing()
	scenarios["allowed"] = `"request": {"url": "/"}, "responses": [{"status": 200}]`
	for id, scenario := range scenarios {
		t.Run(string(id), func(t *testing.T) {
			e := runOne(t, scenario)
			var b bytes.Buffer
			if err := report.WriteJSON(&b, explain.NewResult("standard", []explain.Explanation{e}, false)); err != nil {
				t.Fatal(err)
			}
			var result struct {
				Browser string
				Fetches []map[string]any
			}
			if err := json.Unmarshal(b.Bytes(), &result); err != nil {
				t.Fatal(err)
			}
			got := result.Fetches[0]
			want := []string{"cors", "failure", "fixes", "notes", "outcome", "page", "preflight_cached", "request", "response", "sent", "unused_responses", "warnings"}
			if got["cors"] == "none" && got["outcome"] != "invalid" {
				want = append(want, "cors_none_reason")
			}
			if keys := sortedKeys(got); !slices.Equal(keys, slices.Sorted(slices.Values(want))) {
				t.Errorf("got keys %q, want %q", keys, want)
			}
			for _, key := range []string{"sent", "warnings", "fixes", "notes"} {
				if _, ok := got[key].([]any); !ok {
					t.Errorf("%s: got %v, want a list", key, got[key])
				}
			}
			if (got["failure"] == nil) != (id == "allowed") || (got["response"] == nil) == (id == "allowed") {
				t.Errorf("got failure %v and response %v", got["failure"], got["response"])
			}
		})
	}
}

func sortedKeys(m map[string]any) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Bytes of header values come out as characters of the same number, and those that could control a terminal are escaped.
func TestResultBytes(t *testing.T) {
	e := runOne(t, `"request": {"url": "https://api.example/", "method": "POST", "headers": [["Accept", "\u00e9\u009b"]]}, "responses": [{"status": 200}]`)
	var b bytes.Buffer
	if err := report.WriteJSON(&b, explain.NewResult("standard", []explain.Explanation{e}, false)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"é\u009b"`) {
		t.Errorf("got %s", b.String())
	}
}

func TestResultSteps(t *testing.T) {
	e := runOne(t, `"request": {"url": "/"}, "responses": [{"status": 200}]`)
	result := explain.NewResult("standard", []explain.Explanation{e}, true)
	if len(result.Fetches[0].Steps) == 0 {
		t.Error("got no steps")
	}
}

// Engines that fail where the chosen one does not, and the other way round, have no line.
func TestScenarioEngines(t *testing.T) {
	list := run(t, fetch.Firefox(), `{"page": "https://app.example", "fetches": [
		{"request": {"url": "https://api.example/", "method": "PUT"},
			"responses": [{"status": 204, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Methods", "*"], ["Access-Control-Max-Age", "600"]]},
				{"status": 200, "headers": [["Access-Control-Allow-Origin", "*"]]}]},
		{"request": {"url": "https://api.example/", "method": "PUT"}, "responses": [{"status": 500}]}
	]}`)
	if list[0].Console != (explain.Console{}) {
		t.Errorf("got %+v for a fetch that is allowed", list[0].Console)
	}
	// Firefox sends a second preflight; the others know the answer, and get the response to the request itself.
	got := list[1].Console
	if !strings.Contains(got.Firefox, "missing). Status code: 500.") || strings.Contains(got.Chromium, "preflight") || got.WebKit == "" {
		t.Errorf("got %+v", got)
	}
}
