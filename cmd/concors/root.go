package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/concors/concors/explain"
	"github.com/concors/concors/internal/term"
)

const rootHelp = `concors shows, proves and fixes what browsers do with cross-origin requests.

Usage: concors COMMAND [options]

Examples:
  concors explain --scenario exchange.json    why a recorded request fails, and what to change
  concors explain --about allow-origin-missing
  concors origin https://app.example.com https://api.example.com
  concors check -c concors.yaml               what is wrong with a policy, and whether its tests pass
  concors lint .                              what is wrong with the configuration of a project
  concors verify --url https://api.example.com  whether a server does what the policy says
  concors gateway -c concors.yaml             serve its routes, under its policies
  concors demo                                the classic mistakes, in your own browser

Commands:
  check       what is wrong with a policy file, and whether its tests pass
  decide      what a page gets from a server with a policy, and why
  demo        the classic mistakes, explained and in your own browser
  diff        who gains and who loses what from one policy file to another
  explain     what a browser does with a request, why, and what to change
  gateway     serve the routes of a policy file, under its policies
  generate    the configuration of a server that does what a policy file says
  import      the policy file that the configuration of a server means
  lint        what is too open and what will not work, in the configuration of a project
  origin      how two origins relate
  proxy       a proxy on this machine for an API that does not allow the page
  schema      the JSON Schema of policy files
  verify      a policy proven on a live server
  version     which version this is
  man         write the manual pages
  completion  completions for a shell

Options:
  --color auto|always|never    when to use colour (default auto; NO_COLOR and TERM=dumb count)
  -h, --help                   help for any command

Exit codes: 0 allowed, clean or done, 1 blocked or findings, 2 wrong usage or unreadable input, 3 could not run, 130 interrupted.
`

// newRoot makes the whole command line. Help is what the commands say in Long, word for word.
func newRoot(s streams) *cobra.Command {
	output := &output{streams: s, when: string(term.Auto)}
	root := &cobra.Command{
		Use: "concors", Long: rootHelp, Version: version().Version,
		SilenceErrors: true, SilenceUsage: true, SuggestionsMinimumDistance: 2,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("concors --help", "no command given")
			}
			return unknownCommand(cmd, args[0])
		},
		RunE:              func(*cobra.Command, []string) error { return nil },
		PersistentPreRunE: func(*cobra.Command, []string) error { return output.check() },
	}
	root.SetHelpTemplate("{{.Long}}")
	root.SetVersionTemplate("concors {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(cmd.CommandPath()+" --help", "%w", err)
	})
	root.PersistentFlags().StringVar(&output.when, "color", output.when, "auto, always or never")
	root.SetHelpCommand(newHelp(root))
	root.AddCommand(
		newCheck(output), newDecide(output), newDemo(output), newDiff(output), newExplain(output), newGateway(), newGenerate(output), newImport(output), newLint(output),
		newOrigin(output), newProxy(output), newSchema(output), newVerify(output), newVersion(output), newMan(output),
	)
	return root
}

// newHelp makes the command help, which is another way to write --help.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [command]", Short: "help for any command", Long: rootHelp,
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, args[0])
			}
			return cmd.Help()
		},
	}
}

// unknownCommand names the command that may have been meant.
func unknownCommand(cmd *cobra.Command, name string) error {
	hint := "concors --help"
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage(hint, "unknown command %q", name)
}

// noOperands refuses operands.
func noOperands(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage(cmd.CommandPath()+" --help", "unexpected operand %q", args[0])
}

// atMostOne refuses a second operand.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) <= 1 {
		return nil
	}
	return usage(cmd.CommandPath()+" --help", "unexpected operand %q", args[1])
}

// output is where answers go and how they look.
type output struct {
	streams
	when string
}

func (o *output) check() error {
	choices := []string{string(term.Auto), string(term.Always), string(term.Never)}
	if !slices.Contains(choices, o.when) {
		return usage("", "invalid --color %q: want auto, always or never", o.when)
	}
	return nil
}

func (o *output) layout(steps bool) explain.Layout {
	return explain.Layout{
		Styles: term.NewStyles(term.Colour(o.out, term.When(o.when), o.getenv)),
		Width:  term.Width(o.out),
		Steps:  steps,
		ASCII:  term.ASCII(o.getenv),
	}
}

// written is the error of an answer that could not be written.
func written(err error) error {
	if err != nil {
		return &exitError{code: exitFailed, err: fmt.Errorf("write the answer: %w", err)}
	}
	return nil
}
