package stack

import (
	"slices"

	"github.com/concors/concors/report"
)

// A Linter reads the configuration of a stack and judges it. It is a value without state, and safe for concurrent use.
type Linter struct {
	// Example is the name of a file that holds the examples of rules, Language what such a block is called in Markdown.
	Example  string
	Language string

	// MayBe reports whether a file of a name can be the stack's. It is asked about every file of a project, and decides which
	// are opened. The name is a path with slashes.
	MayBe func(name string) bool

	// Is reports whether a file is the stack's, by its text above all.
	Is func(name string, text []byte) bool

	// Read makes of a project what the rules look at; only they know its type. What cannot be read is a finding, and the rest
	// is read. It never panics, whatever the files hold, and takes time linear in their size.
	Read func(*Tree) (subject any, findings []report.Finding)

	Rules []LintRule

	// Layers lists where pages are let in, from what was read; nil for a linter that does not tell. Package lint compares the
	// layers of all stacks of a project: what is set twice on the way of one answer is refused by every browser.
	Layers func(subject any) []Layer

	// Import reads a policy out of a project; nil for a linter that cannot. What the draft does not say, or says otherwise, is a
	// finding: of severity error where somebody is allowed less than before.
	Import func(*Tree) (*Draft, []report.Finding)
}

// A Layer is a place where configuration lets pages in.
type Layer struct {
	At Position // of Access-Control-Allow-Origin, or of what sets it

	// Proxies is set where requests are handed to a server behind, and what that sends of CORS is passed on beside the layer's own.
	Proxies bool
}

// A LintRule is one thing that a linter looks for: data and a function.
type LintRule struct {
	Name     string // stable, in kebab case; the same rule of another stack has the same name
	Title    string // what is wrong, in a clause
	Kind     Kind
	Severity report.Severity // of a finding, unless the rule says otherwise
	Before   string          // the least configuration on which the rule fires
	After    string          // the same, put right: no rule has more than a remark on it
	Ref      string          // where to read on

	// Unshown says, for a rule of kind [WillNotWork], why no test shows on a real server that Before does not work; empty where
	// one does.
	Unshown string

	// Run looks at what the linter read, and reports.
	Run func(*Pass)
}

// Kind says what a rule is about.
type Kind string

// The kinds.
const (
	TooOpen     Kind = "too open"      // pages may read what they should not
	WillNotWork Kind = "will not work" // pages may not read what they should
)

// A Position is a place in a file of a project. The zero value is no place.
type Position struct {
	File         string
	Line, Column int // 1 for the first; columns are in characters
}

// A Pass is a rule at work.
type Pass struct {
	Subject any // what the linter read

	rule     *LintRule
	findings []report.Finding
	seen     map[report.Finding]bool
}

// Report reports a finding of the rule's severity. Message is one sentence that says what will happen to whom, and fix what to
// write instead; neither has a full stop at its end. The same finding at the same place is reported once.
func (p *Pass) Report(at Position, message, fix string) {
	p.ReportAs(p.rule.Severity, at, message, fix)
}

// ReportAs reports a finding of another severity than the rule's.
func (p *Pass) ReportAs(s report.Severity, at Position, message, fix string) {
	f := report.Finding{
		Rule: p.rule.Name, Severity: s, Message: message, Fix: fix,
		File: at.File, Line: at.Line, Column: at.Column, Reference: p.rule.Ref,
	}
	if !p.seen[f] {
		p.seen[f] = true
		p.findings = append(p.findings, f)
	}
}

// Judge reads a project and runs every rule. The findings are in the order of their places.
func (l *Linter) Judge(t *Tree) []report.Finding {
	subject, findings := l.Read(t)
	findings = append(findings, l.Check(subject)...)
	report.Sort(findings)
	return findings
}

// Check runs every rule on what the linter read.
func (l *Linter) Check(subject any) []report.Finding {
	var findings []report.Finding
	for i := range l.Rules {
		p := Pass{Subject: subject, rule: &l.Rules[i], seen: map[report.Finding]bool{}}
		l.Rules[i].Run(&p)
		findings = append(findings, p.findings...)
	}
	return findings
}

// JudgeText judges a text as the only file of a project, under the name of the examples.
func (l *Linter) JudgeText(text string) []report.Finding {
	return l.Judge(NewTree([]string{l.Example}, []string{l.Example}, func(string) ([]byte, error) { return []byte(text), nil }))
}

// Rule returns the linter's rule of a name, nil if there is none.
func (l *Linter) Rule(name string) *LintRule {
	i := slices.IndexFunc(l.Rules, func(r LintRule) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &l.Rules[i]
}
