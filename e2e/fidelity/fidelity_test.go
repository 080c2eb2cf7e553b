package fidelity_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/fidelity"
)

var (
	n      = flag.Int("scenarios", 250, "random scenarios for each engine")
	seed   = flag.Uint64("seed", 1, "seed of the random scenarios")
	from   = flag.Int("from", 0, "the first of the random scenarios to play, to come back to one quickly")
	only   = flag.String("engine", "", "one engine only")
	prefix = flag.String("case", "", "only the cases of the corpus whose name begins with this")
	file   = flag.String("report", "", "the file to write the report to")
)

// report collects the results of the tests below.
var report = &fidelity.Report{}

func TestMain(m *testing.M) {
	flag.Parse()
	report.Scenarios, report.Seed = *n, *seed
	code := m.Run()
	if *file != "" {
		text, err := report.Write()
		if err == nil {
			err = os.WriteFile(*file, text, 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "write the report:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// maxShown is how many differences a failing test prints.
const maxShown = 15

// inEachEngine runs a test in each engine that was asked for, on a theatre of its own. One after another: some cases are about time.
func inEachEngine(t *testing.T, run func(t *testing.T, engine browser.Engine, session *fidelity.Session)) {
	for _, engine := range browser.Engines() {
		if *only != "" && *only != string(engine) {
			continue
		}
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			theatre, err := fidelity.OpenTheatre()
			if err != nil {
				t.Fatal(err)
			}
			defer theatre.Close()
			session, err := fidelity.NewSession(context.Background(), theatre, engine)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { session.Browser.Close() }()
			run(t, engine, session)
		})
	}
}

// TestFidelity holds the model to each engine over random scenarios.
func TestFidelity(t *testing.T) {
	inEachEngine(t, func(t *testing.T, engine browser.Engine, session *fidelity.Session) {
		g := fidelity.NewGenerator(session.Theatre, *seed, string(engine[0]))
		different, agreed := 0, 0
		for range *from {
			g.Next()
		}
		const atOnce, perSession = 300, 900
		for done := *from; done < *n; {
			if played := done - *from; played > 0 && played%perSession == 0 {
				if err := session.Renew(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			var batch []*fidelity.Scenario
			for range min(atOnce, *n-done) {
				batch = append(batch, g.Next())
			}
			done += len(batch)
			err := session.Run(t.Context(), batch, func(r fidelity.Result) {
				report.Random(engine, session.Browser.Version(), r)
				if len(r.Differences) == 0 {
					agreed++
					return
				}
				different++
				if different <= maxShown {
					t.Error(fidelity.Describe(r))
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%s %s: %d agreed, %d differed", engine, session.Browser.Version(), agreed, different)
	})
}
