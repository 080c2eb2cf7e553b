// Package report has the finding, the one diagnostic of the program: something that is wrong, or is about to bite, with its
// place, the reason and what to do.
package report

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says how bad a finding is.
type Severity string

// The severities, the worst first.
const (
	Error   Severity = "error"   // certainly exploitable or certainly broken, from what is seen
	Warning Severity = "warning" // open or broken in a case that the input itself shows
	Info    Severity = "info"    // depends on a part that is not seen, or is style
)

// Severities lists them, the worst first. The slice is the caller's.
func Severities() []Severity { return []Severity{Error, Warning, Info} }

// IsKnown reports whether it is one of them.
func (s Severity) IsKnown() bool { return slices.Contains(Severities(), s) }

// AtLeast reports whether a severity is as bad as another, or worse.
func (s Severity) AtLeast(other Severity) bool {
	list := Severities()
	return slices.Index(list, s) <= slices.Index(list, other)
}

// A Finding is one diagnostic, as docs/json.md has it. Values in its texts are quoted, not escaped; [WriteText] escapes.
type Finding struct {
	Rule      string   `json:"rule"` // stable, in kebab case
	Severity  Severity `json:"severity"`
	Message   string   `json:"message"` // one sentence: what will happen to whom
	Fix       string   `json:"fix"`
	File      string   `json:"file,omitempty"`   // empty where there is none
	Line      int      `json:"line,omitempty"`   // 1 for the first; 0 where there is no place in a file
	Column    int      `json:"column,omitempty"` // in characters, 1 for the first
	Reference string   `json:"reference"`        // where to read on

	// Secret is set where the line holds a secret that cannot be told from other text, so that it is not shown.
	Secret bool `json:"-"`
}

// Sort puts findings in the order of their places.
func Sort(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Any reports whether a finding is as bad as a severity, or worse.
func Any(list []Finding, s Severity) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.Severity.AtLeast(s) })
}

// Count says in words how many findings of which severity there are: "2 errors, 1 warning"; empty when there are none.
func Count(list []Finding) string {
	text := ""
	for _, s := range Severities() {
		n := 0
		for i := range list {
			if list[i].Severity == s {
				n++
			}
		}
		if n == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", n, s)
		if n > 1 && s != Info {
			text += "s"
		}
	}
	return text
}
