package corpus_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
)

func TestModel(t *testing.T) {
	cases := corpus.Cases()
	for _, profile := range fetch.Profiles() {
		t.Run(profile.Name, func(t *testing.T) {
			for i := range cases {
				c := &cases[i]
				t.Run(c.Name, func(t *testing.T) {
					for _, problem := range problems(c, profile) {
						t.Errorf("%s\n%s", problem, c.Doc)
					}
				})
			}
		})
	}
}

// problems runs a case through the model and compares.
func problems(c *corpus.Case, profile fetch.Profile) []string {
	traces, err := c.Run(profile)
	if err != nil {
		return []string{strings.TrimPrefix(err.Error(), c.Name+", ")}
	}
	return c.Check(profile.Name, traces)
}

func BenchmarkCorpus(b *testing.B) {
	cases := corpus.Cases()
	profiles := fetch.Profiles()
	for b.Loop() {
		for i := range cases {
			for _, profile := range profiles {
				if _, err := cases[i].Run(profile); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/corpus")
}
