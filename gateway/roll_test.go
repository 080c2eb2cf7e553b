package gateway

import (
	"slices"
	"testing"

	"github.com/concors/concors/cors"
)

func TestRoll(t *testing.T) {
	policy := func(origins ...string) *cors.Policy {
		p, err := cors.New(cors.Config{Origins: origins})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	seen := func(r *roll) []string {
		var list []string
		for i, name := range r.names {
			if r.seen[i].Load() {
				list = append(list, name)
			}
		}
		return list
	}
	before := newRoll(policy("https://a.example", "https://*.b.example", "https://c.example", "http://localhost:*"), nil)
	for _, came := range []string{"https://a.example", "https://x.b.example", "https://x.b.example", "https://stranger.example", "null"} {
		before.mark(came)
	}
	if got, want := seen(before), []string{"https://a.example", "https://*.b.example"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	after := newRoll(policy("https://c.example", "https://*.b.example"), before)
	if got, want := seen(after), []string{"https://*.b.example"}; !slices.Equal(got, want) {
		t.Errorf("after another policy: got %q, want %q", got, want)
	}
	all := newRoll(policy("*"), nil)
	all.mark("https://a.example")
	if got := seen(all); !slices.Equal(got, []string{"*"}) {
		t.Errorf("got %q, want *", got)
	}
	newRoll(new(cors.Policy), nil).mark("https://a.example")
}
