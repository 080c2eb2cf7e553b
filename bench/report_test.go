package bench_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// Between these lines of a file stands what is generated.
const (
	begin = "<!-- measured: make bench REPORT=docs/performance.md -->"
	end   = "<!-- end of what is measured -->"
)

// A report is written as Markdown, as it grows.
type report struct{ bytes.Buffer }

func (r *report) line(format string, args ...any) { fmt.Fprintf(&r.Buffer, format+"\n", args...) }

// header says what was measured, and where.
func (r *report) header(t testing.TB, list []peer) {
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
func (r *report) table(first string, list []peer) {
	names, rule := []string{first}, []string{"---"}
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
		if m.err != nil || len(m.verdict.faults) > 0 || m.peer.name == "floor" || !m.peer.comparable() {
			continue
		}
		if best == nil || m.fastest() < best.fastest() {
			best = m
		}
	}
	return best
}

// ratio compares the fastest rounds and, in parentheses, is the median of the ratios within each round.
func ratio(ours, best *measured) string {
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

// remarks gathers what peers answer otherwise.
type remarks struct {
	order []string // peers
	texts map[string][]string
	where map[string][]string // by peer and text
}

func (r *remarks) add(s *scenario, list []*measured) {
	if r.texts == nil {
		r.texts, r.where = map[string][]string{}, map[string][]string{}
	}
	for _, m := range list {
		name := m.peer.name
		if !slices.Contains(r.order, name) {
			r.order = append(r.order, name)
		}
		for _, text := range m.verdict.faults {
			r.note(name, "† "+text, s)
		}
		for _, text := range m.verdict.notes {
			r.note(name, text, s)
		}
	}
}

func (r *remarks) note(name, text string, s *scenario) {
	if !slices.Contains(r.texts[name], text) {
		r.texts[name] = append(r.texts[name], text)
	}
	r.where[name+text] = append(r.where[name+text], s.name)
}

func (r *report) remarks(notes *remarks) {
	r.line("")
	r.line("What the answers have of their own, with the number of scenarios:")
	r.line("")
	for _, name := range notes.order {
		for _, text := range notes.texts[name] {
			r.line("- %s: %s (%d)", name, text, len(notes.where[name+text]))
		}
	}
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

// limitMemory lets the garbage of the slowest peers not grow beyond what a small machine has.
func limitMemory() (undo func()) {
	old := debug.SetMemoryLimit(4 << 30)
	return func() { debug.SetMemoryLimit(old) }
}
