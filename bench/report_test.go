package bench_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/concors/concors/bench/internal/figures"
)

// Between these lines of a file stands what is generated.
const (
	begin = "<!-- measured: make bench REPORT=docs/performance.md -->"
	end   = "<!-- end of what is measured -->"
)

// A report is the tables of one run.
type report struct{ figures.Report }

// peers says what was measured, and where.
func (r *report) peers(t testing.TB, list []peer) {
	r.Line("%s, %s/%s, %s.", runtime.Version(), runtime.GOOS, runtime.GOARCH, figures.Processor())
	r.Line("")
	r.Row("column", "module", "version")
	r.Row("---", "---", "---")
	for i := range list {
		if p := &list[i]; p.module != "" {
			r.Row(p.name, p.module, p.version(t))
		}
	}
	r.Line("")
}

// table begins a table of measurements.
func (r *report) table(list []peer) {
	names := []string{"scenario"}
	for i := range list {
		names = append(names, list[i].name)
		if i == 0 {
			names = append(names, "of the best other", "floor")
		}
	}
	r.Table(names...)
}

// row is one scenario; the floor, where there is one, is last in the list.
func (r *report) row(name string, list []*measured, cell func(*measured) string) {
	ours, others := list[0], list[1:]
	cells := []string{name, cell(ours), ratio(ours, bestOf(others)), "-"}
	for _, m := range others {
		text := "-"
		switch {
		case m.err != nil:
		case m.peer.name == "floor":
			cells[3] = fmt.Sprintf("%s (%s)", duration(m.fastest()), duration(m.median()))
			continue
		default:
			text = cell(m)
		}
		if len(m.verdict.faults) > 0 {
			text += " †"
		}
		cells = append(cells, text)
	}
	r.Row(cells...)
}

// bestOf is the fastest of those whose answer is right and that do the same work.
func bestOf(list []*measured) *measured {
	var best *measured
	for _, m := range list {
		if m.err != nil || len(m.verdict.faults) > 0 || m.peer.name == "floor" || !m.peer.isNetHTTP() {
			continue
		}
		if best == nil || m.fastest() < best.fastest() {
			best = m
		}
	}
	return best
}

// ratio compares the fastest rounds and, in parentheses, is the median of the ratios within each round. There may be nobody to
// compare with.
func ratio(ours, best *measured) string {
	if best == nil {
		return "-"
	}
	var paired []float64
	for i := range ours.times {
		paired = append(paired, ours.times[i]/best.times[i])
	}
	return fmt.Sprintf("%.2f (%.2f) %s", ours.fastest()/best.fastest(), figures.Median(paired), best.peer.name)
}

func requestCell(m *measured) string {
	return fmt.Sprintf("%s (%s) %d/%d", duration(m.fastest()), duration(m.median()), m.bytes, m.allocs)
}

func buildCell(m *measured) string {
	return fmt.Sprintf("%s (%s) %.1f/%.1f", duration(m.fastest()), duration(m.median()), float64(m.bytes)/(1<<20), m.retained)
}

// duration writes nanoseconds with as many digits as mean something.
func duration(ns float64) string {
	switch {
	case ns < 9999.5:
		return fmt.Sprintf("%.0f", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.0f µs", ns/1e3)
	case ns < 1e7:
		return fmt.Sprintf("%.1f ms", ns/1e6)
	}
	return fmt.Sprintf("%.0f ms", ns/1e6)
}

// remarks says what peers answer otherwise, in the order in which it was seen, and in how many scenarios.
type remarks []remark

type remark struct {
	peer, text string
	scenarios  int
}

func (r *remarks) add(list []*measured) {
	for _, m := range list {
		for _, text := range m.verdict.faults {
			r.count(m.peer.name, "† "+text)
		}
		for _, text := range m.verdict.notes {
			r.count(m.peer.name, text)
		}
	}
}

func (r *remarks) count(peer, text string) {
	i := slices.IndexFunc(*r, func(old remark) bool { return old.peer == peer && old.text == text })
	if i < 0 {
		*r = append(*r, remark{peer: peer, text: text})
		i = len(*r) - 1
	}
	(*r)[i].scenarios++
}

// end says what there is to say about the answers, and how much was measured.
func (r *report) end(list []peer, notes remarks, rounds int, slice time.Duration) {
	r.Line("What the answers have of their own, and in how many scenarios; with † a peer does not count in them:")
	r.Line("")
	for _, p := range list {
		for _, n := range notes {
			if n.peer == p.name {
				r.Line("- %s: %s (%d)", n.peer, n.text, n.scenarios)
			}
		}
	}
	r.Line("")
	r.Line("At least %d rounds of %v for each cell; %d for each of the last table.", rounds, slice, fewestRounds)
}
