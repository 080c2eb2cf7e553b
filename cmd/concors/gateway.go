package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/concors/concors/engine"
)

const gatewayHelp = `concors gateway serves the routes of a policy file, under its policies.

Usage: concors gateway [-c FILE] [options]

Examples:
  concors gateway
  concors gateway -c deploy/concors.yaml --env production --listen :8080
  concors gateway --print-config

Each route is answered by servers, files or a redirect, as the file says, and every answer has the headers of the route's
policy. The file is read again when it changes, and on SIGHUP; one that is not valid is refused, and what was served before
stays. SIGTERM and SIGINT let the requests in flight finish.

The work is done by a program of its own, which is looked for beside this one and on PATH:
  go install github.com/concors/concors/gateway/cmd/concors-gateway@latest

Options:
  -c FILE           the policy file (default concors.yaml); - is standard input, which is read once
  --env NAME        use what the file says of this environment
  --listen ADDR     listen here, host:port, instead of where the file says; may be repeated
  --print-config    print the configuration that the engine gets, without secrets, and do not serve
  --engine NAME     what serves: caddy (default)

Exit codes: 0 when a signal ended it; 2 for wrong usage, or a file that cannot be read or is not valid; 3 when it cannot be
served.
`

// gatewayFlags are the flags of gateway.
type gatewayFlags struct {
	policyFlags
	engine      string
	listen      []string
	printConfig bool
}

func newGateway() *cobra.Command {
	var f gatewayFlags
	cmd := &cobra.Command{
		Use: "gateway", Short: "serve the routes of a policy file, under its policies", Long: gatewayHelp,
		Args: noOperands,
		RunE: func(*cobra.Command, []string) error { return f.run() },
	}
	f.addTo(cmd)
	cmd.Flags().StringArrayVar(&f.listen, "listen", nil, "listen here, instead of where the file says")
	cmd.Flags().BoolVar(&f.printConfig, "print-config", false, "print the configuration that the engine gets")
	cmd.Flags().StringVar(&f.engine, "engine", engine.All()[0].Name, "what serves")
	return cmd
}

func (f *gatewayFlags) run() error {
	e, err := f.chosen()
	if err != nil {
		return err
	}
	path, err := e.Find()
	if err != nil {
		return &exitError{code: exitFailed, err: err, hint: "get it with " + strings.Join(e.Get, "; or ")}
	}
	code, err := engine.Run(path, e.Arguments(engine.Task{File: f.file, Env: f.env, Listen: f.listen, PrintConfig: f.printConfig}))
	if err != nil {
		return &exitError{code: exitFailed, err: err}
	}
	if code != 0 {
		return &exitError{code: code}
	}
	return nil
}

func (f *gatewayFlags) chosen() (engine.Engine, error) {
	var names []string
	for _, e := range engine.All() {
		if e.Name == f.engine {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return engine.Engine{}, usage("", "invalid --engine %q: want %s", f.engine, strings.Join(names, " or "))
}
