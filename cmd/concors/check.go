package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

const checkHelp = `concors check tells everything that is wrong with a policy file, and runs its tests.

Usage: concors check [-c FILE] [options]

Examples:
  concors check
  concors check -c deploy/concors.yaml --env production
  concors check --matrix
  concors check --json

Each finding has its place in the file, the reason and what to write instead. The tests of the file run in memory, in the
model of a browser, against a server that serves the policies.

Options:
  -c FILE             the policy file (default concors.yaml); - is standard input
  --env NAME          use what the file says of this environment
  --matrix            print what each policy allows: origins, methods and headers
  --severity WHAT     the least severity that counts: error (default), warning or info
  --json              answer in JSON
  --color WHEN        auto, always or never

Nothing is sent over a network. Exit codes: 0 when nothing of that severity is found and all tests pass; 1 otherwise; 2
for a file that cannot be opened.
`

// checkFlags are the flags of check.
type checkFlags struct {
	policyFlags
	severity     string
	json, matrix bool
}

func newCheck(o *output) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use: "check", Short: "what is wrong with a policy file, and whether its tests pass", Long: checkHelp,
		Args: noOperands,
		RunE: func(*cobra.Command, []string) error { return f.run(o) },
	}
	f.addTo(cmd)
	cmd.Flags().StringVar(&f.severity, "severity", string(report.Error), "the least severity that counts")
	cmd.Flags().BoolVar(&f.matrix, "matrix", false, "print what each policy allows")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	return cmd
}

func (f *checkFlags) run(o *output) error {
	least := report.Severity(f.severity)
	if !least.IsKnown() {
		return usage("", "invalid --severity %q: want error, warning or info", f.severity)
	}
	name, data, err := readPolicy(f.file, o.in)
	if err != nil {
		return err
	}
	result, file := policyfile.Check(name, data, f.options())
	if f.matrix && file != nil {
		result.Matrix = file.Matrix()
	}
	if f.json {
		err = report.WriteJSON(o.out, result)
	} else if err = result.WriteText(o.out, o.findingLayout(o.out)); err == nil {
		err = policyfile.WriteMatrix(o.out, result.Matrix, o.findingLayout(o.out))
	}
	if err == nil && report.Any(result.Findings, least) {
		return &exitError{code: exitBlocked}
	}
	return written(err)
}

// findingLayout is how findings and what else is about policies is written.
func (o *output) findingLayout(w io.Writer) report.Layout {
	return report.Layout{Styles: term.NewStyles(term.Colour(w, term.When(o.when), o.getenv)), Width: term.Width(w)}
}
