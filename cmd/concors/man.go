package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

const manHelp = `concors man writes the manual pages, one for each command, into a folder.

Usage: concors man DIR

Examples:
  concors man ~/.local/share/man/man1

The folder is made if it is not there. Files of the same names are replaced.
`

func newMan(o *output) *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "write the manual pages", Long: manHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("concors man --help", "man takes one operand, not %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			root := newRoot(o.streams)
			root.InitDefaultCompletionCmd()
			return writeManual(root, args[0])
		},
	}
}

// writeManual writes the pages of a command and of those below it. The help texts are laid out already, so they stand in
// the pages as they are; they name the options too. It changes the command.
func writeManual(cmd *cobra.Command, dir string) error {
	for _, sub := range cmd.Commands() {
		if sub.Name() == "help" {
			continue
		}
		if err := writeManual(sub, dir); err != nil {
			return err
		}
	}
	if cmd.Runnable() && cmd.HasParent() && cmd.Parent().Name() == "completion" {
		return nil // the page of completion says it all
	}
	cmd.Long = "```\n" + cmd.Long + "```\n"
	cmd.DisableAutoGenTag = true
	hide := func(f *pflag.Flag) { f.Hidden = true }
	cmd.InitDefaultHelpFlag()
	cmd.Flags().VisitAll(hide)
	cmd.PersistentFlags().VisitAll(hide)
	cmd.InheritedFlags().VisitAll(hide)

	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return &exitError{code: exitFailed, err: err}
	}
	err := writeFile(filepath.Join(dir, name), func(w io.Writer) error {
		return doc.GenMan(cmd, &doc.GenManHeader{Section: "1", Source: "Concors", Manual: "Concors manual"}, w)
	})
	if err != nil {
		return &exitError{code: exitFailed, err: err}
	}
	return nil
}
