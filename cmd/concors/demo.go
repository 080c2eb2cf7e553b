package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/demo"
	"github.com/concors/concors/live"
	"github.com/concors/concors/report"
)

const demoHelp = `concors demo makes the classic mistakes of CORS on this machine, and explains each.

Usage: concors demo [options]

Examples:
  concors demo
  concors demo --port 8080
  concors demo --once --json

A page and an API are served on loopback. What the API does wrong is explained here, and the page, opened in a browser,
shows what that browser does beside what was predicted for it. It is served until the command is interrupted.

Options:
  --port N        the port of the page; a free one by default
  --once          explain, and do not stay up
  --json          with --once: answer in JSON
  --color WHEN    auto, always or never

Nothing leaves this machine. Exit codes: 0 when all was explained, or the command was interrupted while it served; 2 for
wrong usage; 3 when the page cannot be served.
`

// demoFlags are the flags of demo.
type demoFlags struct {
	port       int
	once, json bool
}

func newDemo(o *output) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use: "demo", Short: "the classic mistakes, explained and in your own browser", Long: demoHelp,
		Args: noOperands,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case f.port < 0 || f.port > 65535:
				return usage("", "invalid --port %d: want a number up to 65535, or 0 for a free port", f.port)
			case f.json && !f.once:
				return usage("concors demo --once --json", "--json needs --once")
			}
			return f.run(cmd, o)
		},
	}
	cmd.Flags().IntVar(&f.port, "port", 0, "the port of the page; 0 is a free one")
	cmd.Flags().BoolVar(&f.once, "once", false, "explain, and do not stay up")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	return cmd
}

func (f *demoFlags) run(cmd *cobra.Command, o *output) error {
	ctx := cmd.Context()
	if !f.once {
		interrupted, stop := o.untilInterrupted(ctx)
		defer stop()
		ctx = interrupted
	}
	// The servers are the demonstration's own, so everything may be sent, and the environment's proxies have no part in it.
	network := func(page *fetch.Page, request *fetch.Request) (fetch.Network, error) {
		return live.New(ctx, live.Config{Page: page, Request: request, Send: true})
	}
	d, err := demo.Start(ctx, demo.Config{Port: f.port, Network: network})
	if err != nil {
		return &exitError{code: exitFailed, err: err, hint: "without --port the page has a free one"}
	}
	defer d.Close()
	list, err := d.Explain()
	switch {
	case err != nil:
		return &exitError{code: exitFailed, err: err}
	case f.json:
		err = report.WriteJSON(o.out, d.NewResult(list))
	default:
		err = d.WriteText(o.out, list, o.layout(false))
	}
	if err != nil || f.once {
		return written(err)
	}
	fmt.Fprintf(o.err, "concors: listening on %s\n", d.URL())
	fmt.Fprintln(o.err, "concors: hint: open it in a browser; ctrl-C ends it")
	if err := d.Wait(ctx); err != nil {
		return &exitError{code: exitFailed, err: err}
	}
	return nil
}
