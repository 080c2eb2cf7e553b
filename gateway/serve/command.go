package serve

import (
	"fmt"
	"os"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	"github.com/spf13/cobra"
)

const help = `serve serves a policy file: its routes, to servers and files, under its policies.

Examples:
  concors-gateway serve
  concors-gateway serve -c deploy/concors.yaml --env production --listen :8080
  concors-gateway serve --print-config

The file is read again when it changes, and on SIGHUP. One that is not valid is refused with what concors check tells, and
what was served before stays. SIGTERM and SIGINT let the requests in flight finish.

Exit codes: 0 when a signal ended it; 2 for wrong usage, or a file that cannot be read or is not valid; 3 when it cannot be
served.
`

// Command is the command serve of Caddy's command line.
func Command() caddycmd.Command {
	return caddycmd.Command{
		Name:  "serve",
		Usage: "[-c FILE] [--env NAME] [--listen ADDR] [--print-config]",
		Short: "Serves a policy file of Concors",
		Long:  help,
		CobraFunc: func(cmd *cobra.Command) {
			o := Options{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
			flags := cmd.Flags()
			flags.StringVarP(&o.File, "config", "c", "concors.yaml", "The policy file; - is standard input")
			flags.StringVar(&o.Env, "env", "", "The environment of the file to use")
			flags.StringArrayVar(&o.Listen, "listen", nil, "An address to listen on, in the place of those in the file")
			flags.BoolVar(&o.PrintConfig, "print-config", false, "Print the configuration of Caddy, without secrets, and do not serve")
			cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
			cmd.Args = func(_ *cobra.Command, args []string) error {
				if len(args) > 0 {
					return usage(fmt.Errorf("unexpected operand %q", args[0]))
				}
				return nil
			}
			cmd.RunE = func(*cobra.Command, []string) error {
				os.Exit(Run(o)) // with the codes of concors, which Caddy's own do not have
				return nil
			}
		},
	}
}

// usage ends the program for wrong usage.
func usage(err error) error {
	fmt.Fprintf(os.Stderr, "concors: %v\nconcors: hint: concors-gateway serve --help\n", err)
	os.Exit(exitUsage)
	return nil
}
