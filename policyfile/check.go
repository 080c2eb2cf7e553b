package policyfile

import (
	"fmt"
	"io"
	"strconv"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

// A TestResult is what came of a test.
type TestResult struct {
	Name string        `json:"name"`
	Pass bool          `json:"pass"`
	Got  fetch.Outcome `json:"got"` // empty when the request could not be made
	Want fetch.Outcome `json:"want"`
	Why  string        `json:"why"` // the reason for what was got
}

// A CheckResult is what concors check --json prints, documented in docs/json.md. Make one with [Check].
type CheckResult struct {
	Valid    bool             `json:"valid"` // whether the file can be used; its tests may fail all the same
	Findings []report.Finding `json:"findings"`
	Tests    []TestResult     `json:"tests"`
	Matrix   []Cell           `json:"matrix,omitempty"` // there when it is asked for

	policies, routes int
	source           report.Files
	name             string
}

// Check reads a file as [Load] does and runs its tests; one that fails is a finding of severity error. The File is nil when
// it cannot be used.
func Check(name string, data []byte, o Options) (*CheckResult, *File) {
	f, findings := Load(name, data, o)
	c := &CheckResult{Valid: f != nil, Findings: findings, Tests: []TestResult{}, source: report.Files{name: data}, name: name}
	if f == nil {
		return c, nil
	}
	c.policies, c.routes = len(f.Policies), len(f.Routes)
	for i := range f.Tests {
		t := &f.Tests[i]
		result := f.Run(t)
		c.Tests = append(c.Tests, result)
		if result.Pass {
			continue
		}
		got := string(result.Got)
		if got == "" {
			got = "not made"
		}
		fix := "change the policy, or what the test expects"
		c.Findings = append(c.Findings, report.Finding{
			Rule: "test-failed", Severity: report.Error, Message: fmt.Sprintf("%s: the request is %s, want %s: %s", show(t.Name), got, result.Want, result.Why),
			Fix: fix, File: name, Line: t.at.line, Column: t.at.column, Reference: referenceOf("test-failed"),
		})
	}
	report.Sort(c.Findings)
	return c, f
}

// Run runs a test of the file in memory: the page's request, in a browser that follows the Standard, to a server that serves
// the file's policies.
func (f *File) Run(t *Test) TestResult {
	result := TestResult{Name: t.Name, Want: t.Expect}
	e, err := f.exchange(&t.Page, &t.Request, t.Policy)
	if err != nil {
		result.Why = err.Error()
		return result
	}
	result.Got, result.Why = e.trace.Outcome, e.why()
	result.Pass = result.Got == result.Want
	return result
}

// WriteText writes the result for a reader: the verdict, then each finding.
func (c *CheckResult) WriteText(w io.Writer, l report.Layout) error {
	p := term.NewPrinter(l.Styles, l.Width)
	failed := 0
	for _, t := range c.Tests {
		if !t.Pass {
			failed++
		}
	}
	verdict, style := "valid", p.Good
	var text string
	switch {
	case !c.Valid:
		verdict, style, text = "invalid", p.Bad, report.Count(c.Findings)
	case failed > 0:
		verdict, style, text = "failed", p.Bad, fmt.Sprintf("%d of %s", failed, count(len(c.Tests), "test"))
	default:
		text = count(c.policies, "policy")
		if c.routes > 0 {
			text += ", " + count(c.routes, "route")
		}
		if len(c.Tests) > 0 {
			text += ", " + count(len(c.Tests), "test") + " passed"
		}
	}
	if warnings := report.Count(c.Findings); c.Valid && failed == 0 && warnings != "" {
		text += "; " + warnings
	}
	p.Beside(style(verdict)+"  ", "  ", c.name+": "+text, nil)
	if len(c.Findings) > 0 {
		p.Line("")
	}
	if _, err := p.WriteTo(w); err != nil {
		return err
	}
	return report.WriteText(w, c.Findings, c.source, l)
}

// count is a number of things in words.
func count(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case thing == "policy":
		thing = "policie"
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
