// Package figures writes what has been measured: as Markdown, between two lines of a document.
package figures

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

// A Report is Markdown, and is printed as it grows. The zero value is empty. It is for one goroutine.
type Report struct{ text bytes.Buffer }

// Line adds a line, formatted as by [fmt.Sprintf].
func (r *Report) Line(format string, args ...any) {
	line := fmt.Sprintf(format+"\n", args...)
	fmt.Print(line)
	r.text.WriteString(line)
}

// Row adds a row of a table.
func (r *Report) Row(cells ...string) { r.Line("| %s |", strings.Join(cells, " | ")) }

// Table adds the head of a table. The first column is text, the others are figures.
func (r *Report) Table(columns ...string) {
	r.Row(columns...)
	rule := slices.Repeat([]string{"---:"}, len(columns))
	rule[0] = "---"
	r.Row(rule...)
}

// WriteInto puts the report into a file, in the place of what stands between the line that begin is and the next that
// end is. It is an error if the file does not have them.
func (r *Report) WriteInto(path, begin, end string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), begin+"\n")
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s has no lines %q and %q", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n\n"+r.text.String()+"\n"+end+after), 0o644)
}

// Median returns the median of a list, which must not be empty.
func Median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// Processor is the processor's name, as far as the system tells.
func Processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}
