package proof_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/proof"
	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
	"github.com/concors/concors/report"
)

// TestSetups has each request of the catalogue made in a browser. What comes of it must be what the catalogue says, and what
// the model makes of the answers. For Chromium, the program makes the same request itself and must come to the same; and
// where it says which headers are missing, a server with those must satisfy it. What Chromium recorded must come to the same too.
// WebKit is not among them: its tab does not survive the way from site to site.
func TestSetups(t *testing.T) {
	pages := proof.ServePages(t)
	program := command(t)
	mended, other := 0, map[fetch.FailureID]int{}
	for _, engine := range []browser.Engine{browser.Chromium, browser.Firefox} {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			b, err := browser.Start(t.Context(), engine, browser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			var recorder *browser.Recorder
			if engine == browser.Chromium {
				if recorder, err = browser.Record(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
			for _, setup := range setups.All() {
				t.Run(setup.Name, func(t *testing.T) {
					running := setup.Start(t, pages)
					for _, try := range running.Tries {
						t.Run(try.Name, func(t *testing.T) {
							o := prove(t, b, running, &try)
							if engine != browser.Chromium {
								return
							}
							proveRecording(t, recorder, &try)
							f := proveLive(t, program, running, &try, o)
							switch {
							case f.Failure == nil:
							case proveFix(t, program, running, &try, f):
								mended++
							default:
								other[f.Failure.ID]++
								t.Logf("%s on the %s: %+v", f.Failure.ID, f.Failure.On, f.Fixes)
							}
						})
					}
				})
			}
		})
	}
	t.Logf("%d failures mended by the header lines that were printed; others need something else: %v", mended, other)
	for id := range other {
		if id != fetch.PreflightRedirect { // what helps is to call the final URL
			t.Errorf("%s: no header lines were printed that mend it", id)
		}
	}
}

func prove(t *testing.T, b browser.Browser, running *setups.Running, try *setups.Try) *proof.Observed {
	o, err := proof.Run(t.Context(), b, running, try)
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range o.Differences(&try.Want) {
		t.Error(difference)
	}
	result := explained(t, try, o)
	f := result.Fetches[0].Failure
	if f != nil && o.Engine == browser.Chromium && (f.ID != try.Want.Failure || f.On != try.Want.On) {
		t.Errorf("failure: got %s on the %s, want %s on the %s", f.ID, f.On, try.Want.Failure, try.Want.On)
	}
	differences, err := o.Explained(printed(t, result))
	if err != nil {
		t.Error(err)
	}
	for _, difference := range differences {
		t.Error(difference)
	}
	return o
}

// explained is what the model makes of the answers that were observed.
func explained(t *testing.T, try *setups.Try, o *proof.Observed) explain.Result {
	t.Helper()
	text, err := proof.Scenario(try, o.Exchanges)
	if err != nil {
		t.Fatal(err)
	}
	scenario, err := input.ReadScenario(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	profiles := fetch.Profiles()
	i := slices.IndexFunc(profiles, func(p fetch.Profile) bool { return p.Name == string(o.Engine) })
	list, err := explain.Scenario(scenario, profiles[i], true)
	if err != nil {
		t.Fatal(err)
	}
	return explain.NewResult(profiles[i].Name, list, false)
}

func printed(t *testing.T, result explain.Result) []byte {
	t.Helper()
	var b strings.Builder
	if err := report.WriteJSON(&b, result); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}
