package main

import (
	"github.com/spf13/cobra"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

const diffHelp = `concors diff tells who gains and who loses what from one policy file to another.

Usage: concors diff OLD NEW [options]

Examples:
  concors diff old.yaml concors.yaml
  git show main:concors.yaml | concors diff - concors.yaml

Decisions are compared, not texts: each origin that either file names, members of its patterns and what comes near, with
every method and every header, at every route. Each difference is told with a request that the files answer differently.

Options:
  --allow-wider     exit 0 even if somebody gains something
  --env NAME        use what the files say of this environment
  --json            answer in JSON
  --color WHEN      auto, always or never

Nothing is sent over a network. Exit codes: 0 when nobody gains anything, 1 when somebody does, 2 for a policy file that is
not valid.
`

// diffFlags are the flags of diff.
type diffFlags struct {
	policyFlags
	allowWider, json bool
}

func newDiff(o *output) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use: "diff OLD NEW", Short: "who gains and who loses what from one policy file to another", Long: diffHelp,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) != 2:
				return usage("concors diff --help", "diff takes two operands, not %d", len(args))
			case args[0] == "-" && args[1] == "-":
				return usage("", "standard input is one file, and cannot be both")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return f.run(o, args[0], args[1]) },
	}
	f.addEnvTo(cmd)
	cmd.Flags().BoolVar(&f.allowWider, "allow-wider", false, "exit 0 even if somebody gains something")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	return cmd
}

func (f *diffFlags) run(o *output, oldName, newName string) error {
	oldFile, err := f.load(o, oldName)
	if err != nil {
		return err
	}
	newFile, err := f.load(o, newName)
	if err != nil {
		return err
	}
	d := policyfile.Diff(oldFile, newFile)
	if f.json {
		err = report.WriteJSON(o.out, d)
	} else {
		err = d.WriteText(o.out, o.findingLayout(o.out))
	}
	if err == nil && d.Wider && !f.allowWider {
		return &exitError{code: exitBlocked}
	}
	return written(err)
}
