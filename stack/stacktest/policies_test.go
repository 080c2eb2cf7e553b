package stacktest_test

import (
	"testing"

	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/stacktest"
)

// TestSamplesUseEverything: a feature that no sample needs would be proven by nobody.
func TestSamplesUseEverything(t *testing.T) {
	used := map[stack.Feature]bool{stack.SameOrigin: true} // an option, and a sample of its own
	for _, sample := range append(stacktest.Samples(), stacktest.Unusual()...) {
		f, err := sample.Load("http://127.0.0.1:3000", "/srv/app")
		if err != nil {
			t.Fatal(err)
		}
		site, err := stack.NewSite(f, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range site.Needs() {
			used[n.Feature] = true
		}
	}
	for _, f := range stack.Features() {
		if !used[f] {
			t.Errorf("no sample needs %s", f)
		}
	}
}
