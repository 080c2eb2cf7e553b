package fidelity_test

import (
	"slices"
	"testing"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/fidelity"
)

// TestGenerator holds the generator to its bias: over many scenarios at least half get past their first check, and every
// failure that the stage can show comes up.
func TestGenerator(t *testing.T) {
	const scenarios, least = 20000, 5
	theatre, err := fidelity.OpenTheatre()
	if err != nil {
		t.Fatal(err)
	}
	defer theatre.Close()
	for _, profile := range fetch.Profiles() {
		t.Run(profile.Name, func(t *testing.T) {
			g := fidelity.NewGenerator(theatre, 7, profile.Name)
			counts := map[fetch.FailureID]int{}
			past := 0
			for range scenarios {
				s := g.Next()
				page, err := s.Stage.Model()
				if err != nil {
					t.Fatal(err)
				}
				traces, err := s.Predict(profile, page)
				if err != nil {
					t.Fatal(err)
				}
				if fidelity.PastFirstCheck(traces[0]) {
					past++
				}
				for _, trace := range traces {
					if trace.Failure != nil {
						counts[trace.Failure.ID]++
					}
				}
			}
			if past < scenarios/2 {
				t.Errorf("%d of %d scenarios get past their first check", past, scenarios)
			}
			for _, id := range stageable(t, theatre, profile.Name) {
				if counts[id] < least {
					t.Errorf("%s comes up %d times in %d scenarios, not %d", id, counts[id], scenarios, least)
				}
			}
		})
	}
}

// stageable returns the failures of the corpus cases that can be staged.
func stageable(t *testing.T, theatre *fidelity.Theatre, profile string) []fetch.FailureID {
	t.Helper()
	var ids []fetch.FailureID
	cases := corpus.Cases()
	for i := range cases {
		if _, err := theatre.Stage(&cases[i], profile, "x"); err != nil {
			continue
		}
		for j := range cases[i].Fetches {
			if want := cases[i].Fetches[j].Want(profile); want != nil && want.Failure != "" {
				ids = append(ids, want.Failure)
			}
		}
	}
	if len(ids) == 0 {
		t.Fatal("no case can be staged")
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
