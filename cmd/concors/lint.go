package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/lint"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

const lintHelp = `concors lint finds the configuration of servers in a project, and tells what is too open and what will not work.

Usage: concors lint PATH... [options]
       concors lint --rules [--json]

Examples:
  concors lint .
  concors lint deploy/nginx --severity warning
  concors lint . --sarif > concors.sarif
  concors lint --rules                        what it looks for, with an example of each

Paths are files and folders. Folders with what others wrote or what was built (node_modules, vendor, dist ...) are left out,
and nothing outside the paths is read. A comment "concors:ignore RULE why" suppresses a finding on its line or the next.

Options:
  --stack ID          look for this stack only
  --severity WHAT     the least severity that counts: error (default), warning or info
  --timeout DURATION  how long to look (default 1m)
  --rules             list the rules instead
  --json              answer in JSON
  --sarif             answer in SARIF 2.1.0
  --color WHEN        auto, always or never

Nothing is sent over a network. Exit codes: 0 when nothing of that severity is found; 1 otherwise; 2 for wrong usage; 3 for a
path that cannot be read, or when the time was over.
`

// lintFlags are the flags of lint.
type lintFlags struct {
	stack, severity    string
	timeout            time.Duration
	rules, json, sarif bool
}

// A linting is what lint answers in JSON; docs/json.md documents it.
type linting struct {
	Findings []report.Finding `json:"findings"`
	Files    int              `json:"files"`
}

func newLint(o *output) *cobra.Command {
	var f lintFlags
	cmd := &cobra.Command{
		Use: "lint PATH...", Short: "what is too open and what will not work, in the configuration of a project", Long: lintHelp,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(o, cmd.Context(), args) },
	}
	cmd.Flags().StringVar(&f.stack, "stack", "", "look for this stack only")
	cmd.Flags().StringVar(&f.severity, "severity", string(report.Error), "the least severity that counts")
	cmd.Flags().DurationVar(&f.timeout, "timeout", time.Minute, "how long to look")
	cmd.Flags().BoolVar(&f.rules, "rules", false, "list the rules")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	cmd.Flags().BoolVar(&f.sarif, "sarif", false, "answer in SARIF 2.1.0")
	cmd.MarkFlagsMutuallyExclusive("json", "sarif")
	cmd.MarkFlagsMutuallyExclusive("rules", "sarif")
	return cmd
}

func (f *lintFlags) run(o *output, ctx context.Context, paths []string) error {
	least := report.Severity(f.severity)
	if !least.IsKnown() {
		return usage("", "invalid --severity %q: want error, warning or info", f.severity)
	}
	if f.timeout <= 0 {
		return usage("", "invalid --timeout %s: want a positive duration", f.timeout)
	}
	stacks, err := f.stacks()
	if err != nil {
		return err
	}
	if f.rules {
		if len(paths) > 0 {
			return usage("", "--rules takes no operand, not %q", paths[0])
		}
		return written(f.writeRules(o, stacks))
	}
	if len(paths) == 0 {
		return usage("concors lint --help", "lint takes the paths to look at")
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	progress := o.progress("looking at files")
	result, err := lint.Run(ctx, paths, lint.Options{Stacks: stacks, Progress: progress.tell})
	progress.end()
	if err != nil {
		return &exitError{code: exitFailed, err: err, hint: "concors lint takes files and folders"}
	}
	if err := f.write(o, result); err != nil {
		return written(err)
	}
	if report.Any(result.Findings, least) {
		return &exitError{code: exitBlocked}
	}
	return unfinished(result.Incomplete)
}

// unfinished is the error of a project that was not looked at to its end, nil where why is empty.
func unfinished(why string) error {
	if why == "" {
		return nil
	}
	return &exitError{code: exitFailed, err: fmt.Errorf("not everything was looked at: %s", why), hint: "name fewer files or folders, or give a longer --timeout"}
}

// stacks are those that are looked for.
func (f *lintFlags) stacks() ([]stack.Stack, error) {
	var list []stack.Stack
	for _, s := range all.Stacks() {
		if s.Lint != nil && (f.stack == "" || f.stack == s.ID) {
			list = append(list, s)
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	s, err := all.Find(f.stack)
	if err != nil {
		return nil, usage("", "%w", err)
	}
	return nil, usage("", "configuration of %s is not read: %s", s.Name, s.Facts.Unreadable)
}

func (f *lintFlags) write(o *output, r *lint.Result) error {
	switch {
	case f.json:
		return report.WriteJSON(o.out, linting{Findings: r.Findings, Files: r.Read})
	case f.sarif:
		return report.WriteSARIF(o.out, tool(), r.Findings)
	}
	layout := o.findingLayout(o.out)
	p := term.NewPrinter(layout.Styles, layout.Width)
	files := fmt.Sprintf("%d files", r.Read)
	if r.Read == 1 {
		files = "1 file"
	}
	count := report.Count(r.Findings)
	switch {
	case r.Read == 0 && count == "":
		p.Line("nothing to read: no configuration of a stack that concors knows")
	case count == "":
		p.Line(p.Good("clean") + "  " + files)
	default:
		p.Line(p.Strong("found") + "  " + count + " in " + files)
		p.Line("")
	}
	if _, err := p.WriteTo(o.out); err != nil {
		return err
	}
	return report.WriteText(o.out, r.Findings, r.Files, layout)
}

// tool is what SARIF says of this program: all rules, whichever were looked for.
func tool() report.Tool {
	t := report.Tool{Name: "Concors", Version: version().Version, URI: "https://github.com/concors/concors"}
	for _, s := range all.Stacks() {
		if s.Lint == nil {
			continue
		}
		for _, r := range s.Lint.Rules {
			t.Rules = append(t.Rules, report.RuleInfo{ID: r.Name, Title: r.Title, Severity: r.Severity, Reference: r.Ref})
		}
	}
	return t
}

// A ruleList is what lint --rules answers in JSON; docs/json.md documents it.
type ruleList struct {
	Rules []ruleFacts `json:"rules"`
}

type ruleFacts struct {
	Stack     string          `json:"stack"`
	Rule      string          `json:"rule"`
	Title     string          `json:"title"`
	Kind      stack.Kind      `json:"kind"`
	Severity  report.Severity `json:"severity"`
	Before    string          `json:"before"`
	After     string          `json:"after"`
	Reference string          `json:"reference"`
}

// writeRules lists the rules.
func (f *lintFlags) writeRules(o *output, stacks []stack.Stack) error {
	list := ruleList{Rules: []ruleFacts{}}
	for _, s := range stacks {
		for _, r := range s.Lint.Rules {
			list.Rules = append(list.Rules, ruleFacts{
				Stack: s.ID, Rule: r.Name, Title: r.Title, Kind: r.Kind, Severity: r.Severity, Before: r.Before, After: r.After, Reference: r.Ref,
			})
		}
	}
	if f.json {
		return report.WriteJSON(o.out, list)
	}
	layout := o.findingLayout(o.out)
	p := term.NewPrinter(layout.Styles, layout.Width)
	for i, r := range list.Rules {
		if i > 0 {
			p.Line("")
		}
		p.Beside(p.Strong(r.Rule)+"  ", "    ", fmt.Sprintf("%s: %s (%s, %s at most)", r.Stack, r.Title, r.Kind, r.Severity), nil)
		for _, example := range []struct{ label, text string }{{"wrong", r.Before}, {"right", r.After}} {
			p.Line("  " + p.Faint(example.label))
			for line := range strings.Lines(example.text) {
				p.Line("    " + term.Escape(strings.TrimSuffix(line, "\n")))
			}
		}
	}
	_, err := p.WriteTo(o.out)
	return err
}
