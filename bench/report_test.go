package bench_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Between these lines of a file stands what is generated.
const (
	begin = "<!-- measured: make bench REPORT=docs/performance.md -->"
	end   = "<!-- end of what is measured -->"
)

// A report is Markdown, and is printed as it grows.
type report struct{ bytes.Buffer }

func (r *report) line(format string, args ...any) {
	line := fmt.Sprintf(format+"\n", args...)
	fmt.Print(line)
	r.WriteString(line)
}

// peers says what was measured, and where.
func (r *report) peers(t testing.TB, list []peer) {
	r.line("%s, %s/%s, %s.", runtime.Version(), runtime.GOOS, runtime.GOARCH, processor())
	r.line("")
	r.line("| column | module | version |")
	r.line("| --- | --- | --- |")
	for i := range list {
		if p := &list[i]; p.module != "" {
			r.line("| %s | %s | %s |", p.name, p.module, p.version(t))
		}
	}
	r.line("")
}

// processor is the processor's name, as far as the system tells.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// table begins a table of measurements.
func (r *report) table(list []peer) {
	names, rule := []string{"scenario"}, []string{"---"}
	for i := range list {
		names, rule = append(names, list[i].name), append(rule, "---:")
		if i == 0 {
			names, rule = append(names, "of the best other", "floor"), append(rule, "---:", "---:")
		}
	}
	r.line("| %s |", strings.Join(names, " | "))
	r.line("| %s |", strings.Join(rule, " | "))
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
	r.line("| %s |", strings.Join(cells, " | "))
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
	return fmt.Sprintf("%.2f (%.2f) %s", ours.fastest()/best.fastest(), median(paired), best.peer.name)
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
	r.line("What the answers have of their own, and in how many scenarios; with † a peer does not count in them:")
	r.line("")
	for _, p := range list {
		for _, n := range notes {
			if n.peer == p.name {
				r.line("- %s: %s (%d)", n.peer, n.text, n.scenarios)
			}
		}
	}
	r.line("")
	r.line("At least %d rounds of %v for each cell; %d for each of the last table.", rounds, slice, fewestRounds)
}

// writeInto puts the report between the two lines of a file.
func (r *report) writeInto(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), begin+"\n")
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s has no lines %q and %q", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n\n"+r.String()+"\n"+end+after), 0o644)
}
