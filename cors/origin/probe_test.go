package origin_test

import (
	"slices"
	"testing"

	"github.com/concors/concors/cors/origin"
)

func TestProbes(t *testing.T) {
	for _, row := range []struct {
		pattern         string
		inside, outside []string // some of them
	}{
		{"*", []string{"https://stranger.example"}, nil},
		{"https://app.example", []string{"https://app.example"},
			[]string{"http://app.example", "https://app.example:8443", "https://notapp.example", "https://sample.app.example", "https://app.example.stranger.example"}},
		{"https://*.app.example", []string{"https://sample.app.example", "https://deep.sample.app.example"},
			[]string{"https://app.example", "https://notapp.example", "http://sample.app.example"}},
		{"https://pr-*.app.example", []string{"https://pr-sample.app.example"}, []string{"https://pr-sample.deep.app.example", "https://deep.pr-sample.app.example"}},
		{"http://localhost:*", []string{"http://localhost", "http://localhost:8443"}, []string{"https://localhost"}},
		{"http://localhost:[3000-3999,5173]", []string{"http://localhost:3000", "http://localhost:3999", "http://localhost:5173"},
			[]string{"http://localhost:2999", "http://localhost:4000", "http://localhost:5172", "http://localhost"}},
		{"http://127.0.0.1:[1,65535]", []string{"http://127.0.0.1:1", "http://127.0.0.1:65535"}, []string{"http://127.0.0.1:0", "http://127.0.0.1:2"}},
		{"capacitor://localhost", []string{"capacitor://localhost"}, []string{"https://localhost", "http://localhost"}},
		{"https://[::1]", []string{"https://[::1]"}, []string{"http://[::1]"}},
	} {
		t.Run(row.pattern, func(t *testing.T) {
			p, err := origin.ParsePattern(row.pattern)
			if err != nil {
				t.Fatal(err)
			}
			inside, outside := p.Probes()
			for _, want := range row.inside {
				if !slices.Contains(inside, want) {
					t.Errorf("got %v inside, want %s too", inside, want)
				}
			}
			for _, want := range row.outside {
				if !slices.Contains(outside, want) {
					t.Errorf("got %v outside, want %s too", outside, want)
				}
			}
			for i, text := range append(slices.Clone(inside), outside...) {
				o, ok := origin.Parse(text)
				if !ok || p.Match(o) != (i < len(inside)) {
					t.Errorf("%s: got match %t", text, p.Match(o))
				}
			}
		})
	}
	if inside, outside := (origin.Pattern{}).Probes(); inside != nil || outside != nil {
		t.Errorf("got %v and %v of nothing", inside, outside)
	}
}
