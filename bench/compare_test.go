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

// TestCompare measures every peer in every scenario and prints the tables.
func TestCompare(t *testing.T) {
	if *rounds == 0 {
		t.Skip("make bench")
	}
	var r report
	var notes remarks
	list := peers()
	r.header(t, list)
	r.table("scenario", list)
	all := scenarios()
	fewest := *rounds
	show := func(name string, m []*measured, done int, cell func(*measured) string) {
		r.row(name, m, cell)
		fewest = min(fewest, done)
		lines := strings.Split(strings.TrimSpace(r.String()), "\n")
		fmt.Println(lines[len(lines)-1])
	}
	for i := range all {
		s := &all[i]
		if !strings.Contains(s.name, *only) {
			continue
		}
		m, done := measureScenario(t, s, list, 1, *rounds, *slice)
		notes.add(s, m)
		show(s.name, m, done, requestCell)
	}
	for i := range all {
		if s := &all[i]; slices.Contains(parallel(), s.name) && strings.Contains(s.name, *only) {
			m, done := measureScenario(t, s, list, runtime.NumCPU(), *rounds, *slice)
			show(fmt.Sprintf("%d at once: %s", runtime.NumCPU(), s.name), m, done, requestCell)
		}
	}
	const build = "build, 100,000 origins"
	if strings.Contains(build, *only) {
		r.line("")
		r.table("scenario", list)
		m, done := measureBuild(&policy{origins: tenants(100_000)}, list, min(*rounds, fewestRound), *slice)
		show(build, m, done, buildCell)
	}
	r.remarks(&notes)
	t.Logf("at least %d rounds of %v\n%s", fewest, *slice, r.String())
	if *file == "" {
		return
	}
	if err := r.writeInto(*file); err != nil {
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
