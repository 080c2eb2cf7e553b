package bench_test

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	rounds = flag.Int("rounds", 0, "how often everything is measured in turn; 0 measures nothing")
	slice  = flag.Duration("slice", time.Millisecond, "how long each peer is measured in a round")
	only   = flag.String("only", "", "measure the scenarios whose name has this only")
	file   = flag.String("report", "", "the file that has the tables, to put the new ones in")
)

// TestCompare measures every peer in every scenario.
func TestCompare(t *testing.T) {
	if *rounds == 0 {
		t.Skip("make bench")
	}
	var r report
	var notes remarks
	list, all := peers(), scenarios()
	fewest := *rounds
	measure := func(name string, s *scenario, goroutines int, slice time.Duration) []*measured {
		if !strings.Contains(name, *only) {
			return nil
		}
		m, done := measureScenario(t, s, list, goroutines, *rounds, slice)
		r.row(name, m, requestCell)
		fewest = min(fewest, done)
		return m
	}
	r.peers(t, list)
	r.table(list)
	for i := range all {
		notes.add(measure(all[i].name, &all[i], 1, *slice))
	}
	for i := range all {
		if s, n := &all[i], runtime.NumCPU(); slices.Contains(parallel(), s.name) {
			// Longer, for it takes the system some time to have goroutines on every processor.
			measure(fmt.Sprintf("%d at once: %s", n, s.name), s, n, 10**slice)
		}
	}
	r.Line("")
	if name := "build, 100,000 origins"; strings.Contains(name, *only) {
		r.table(list)
		r.row(name, measureBuild(&policy{origins: tenants(100_000)}, list, *slice), buildCell)
		r.Line("")
	}
	r.end(list, notes, fewest, *slice)
	if *file == "" {
		return
	}
	if err := r.WriteInto(*file, begin, end); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkRequest serves each request by each peer, for profiles: -bench 'Request/actual,_one_origin/concors'.
func BenchmarkRequest(b *testing.B) {
	for _, s := range scenarios() {
		b.Run(s.name, func(b *testing.B) {
			for _, p := range peers() {
				b.Run(p.name, func(b *testing.B) {
					sv, err := p.build(s.policy, &handler{})
					if err != nil {
						b.Skip(err)
					}
					operation := sv.operation(s.request)
					b.ReportAllocs()
					for b.Loop() {
						operation()
					}
				})
			}
		})
	}
}

// BenchmarkBuild makes a middleware of a policy with 100,000 origins.
func BenchmarkBuild(b *testing.B) {
	p := &policy{origins: tenants(100_000)}
	for _, peer := range peers() {
		b.Run(peer.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := peer.build(p, &handler{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
