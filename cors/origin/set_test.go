package origin_test

import (
	"fmt"
	"testing"

	"github.com/concors/concors/cors/origin"
)

func set(t testing.TB, patterns ...string) origin.Set {
	t.Helper()
	var list []origin.Pattern
	for _, text := range patterns {
		p, err := origin.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return origin.NewSet(list)
}

// A set has what one of its patterns matches, whatever the patterns are and however many.
func TestSet(t *testing.T) {
	patterns := []string{
		"https://app.example", "http://localhost:*", "https://*.app.example", "https://pr-*.app.example:[8443]", "https://a.*.deep.example",
		"capacitor://localhost", "http://[::1]:[3000-3999]", "https://*-team.app.example",
	}
	for i := range 20 {
		patterns = append(patterns, fmt.Sprintf("https://t%d.example", i), fmt.Sprintf("https://*.s%d.example", i))
	}
	candidates := []string{
		"https://app.example", "https://x.app.example", "https://x.y.app.example", "https://pr-1.app.example:8443", "https://pr-1.app.example:8444",
		"http://localhost", "http://localhost:1", "http://a.localhost", "https://a.b.deep.example", "https://a.b.c.deep.example", "capacitor://localhost",
		"http://[::1]:3000", "http://[::1]:2999", "https://t7.example", "https://t77.example", "https://example", "null", "", "https://app.example/",
		"https://evilapp.example", "https://x-team.app.example:1", "nonsense", "https://.app.example",
		"https://a.s3.example", "https://a.b.s18.example", "https://-.s18.example", "https://s18.example",
	}
	for n := range len(patterns) + 1 {
		s := set(t, patterns[:n]...)
		for _, candidate := range candidates {
			want := false
			o, ok := origin.Parse(candidate)
			for _, text := range patterns[:n] {
				p, _ := origin.ParsePattern(text)
				want = want || ok && p.Match(o)
			}
			if got := s.Has(candidate); got != want {
				t.Errorf("%d patterns: got %t for %q, want %t", n, got, candidate, want)
			}
		}
	}
}

func TestSetOfAll(t *testing.T) {
	s := set(t, "*")
	if !s.IsAny() || !s.Has("null") || !s.Has("https://app.example") {
		t.Error("* does not hold everything")
	}
	if none := set(t); none.IsAny() || none.Has("null") || none.Has("") {
		t.Error("the empty set holds something")
	}
}

func TestSetAllocates(t *testing.T) {
	s := set(t, "https://app.example", "https://*.app.example", "https://pr-*.other.example:[1-9]")
	for _, value := range []string{"https://app.example", "https://a.b.app.example", "https://pr-1.other.example:5", "https://no.example", "null"} {
		if n := testing.AllocsPerRun(100, func() { s.Has(value) }); n != 0 {
			t.Errorf("%s: got %v allocations", value, n)
		}
	}
}

func BenchmarkSet(b *testing.B) {
	for _, n := range []int{1, 3, 1000, 100_000} {
		var patterns []string
		for i := range n {
			patterns = append(patterns, fmt.Sprintf("https://tenant-%d.app.example", i))
		}
		s := set(b, patterns...)
		hit := patterns[n/2]
		b.Run(fmt.Sprintf("%d/hit", n), func(b *testing.B) {
			for b.Loop() {
				s.Has(hit)
			}
		})
		b.Run(fmt.Sprintf("%d/miss", n), func(b *testing.B) {
			for b.Loop() {
				s.Has("https://tenant-x.app.example")
			}
		})
	}
	s := set(b, "https://*.app.example")
	b.Run("subdomain", func(b *testing.B) {
		for b.Loop() {
			s.Has("https://tenant.app.example")
		}
	})
}
