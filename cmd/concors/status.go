package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
	"github.com/concors/concors/status"
)

const statusHelp = `concors status shows what a running gateway saw: who is refused and why, and who would be.

Usage: concors status [-c FILE] [options]

Examples:
  concors status
  concors status --watch
  concors status --admin 127.0.0.1:2019 --json

The gateway is asked on its administration listener, whose address is that of admin in the policy file. The answer has what
was decided for each route, servers that are not well, the pages that are refused most, with the reason and the nearest
origin that is allowed, those whom the shadow policy would refuse, and the configured origins that never came.

Options:
  -c FILE         the policy file that the gateway serves (default concors.yaml)
  --env NAME      use what the file says of this environment
  --admin ADDR    ask there, host:port, and read no policy file
  --top N         at most so many entries of each list (default 20); the JSON has all
  --watch         show it again every two seconds, until interrupted
  --json          answer in JSON; with --watch a value on each line
  --color WHEN    auto, always or never

Exit codes: 0 when the gateway answered; 2 for wrong usage, or a policy file that is not valid or has no admin; 3 when it
cannot be asked; 130 interrupted.
`

// How often status looks again, and how long it waits for an answer.
const (
	watchEvery   = 2 * time.Second
	statusWithin = 10 * time.Second
)

// statusFlags are the flags of status.
type statusFlags struct {
	policyFlags
	admin       string
	top         int
	watch, json bool
}

func newStatus(o *output) *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		Use: "status", Short: "what a running gateway saw: who is refused and why, and who would be", Long: statusHelp,
		Args: noOperands,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd, o) },
	}
	f.addTo(cmd)
	cmd.Flags().StringVar(&f.admin, "admin", "", "ask there, and read no policy file")
	cmd.Flags().IntVar(&f.top, "top", 20, "at most so many entries of each list")
	cmd.Flags().BoolVar(&f.watch, "watch", false, "show it again every two seconds")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	return cmd
}

func (f *statusFlags) run(cmd *cobra.Command, o *output) error {
	if f.top < 1 {
		return usage("concors status --help", "invalid --top %d: want at least 1", f.top)
	}
	address, err := f.address(o)
	if err != nil {
		return err
	}
	for {
		if err := f.show(cmd.Context(), o, address); err != nil || !f.watch {
			return err
		}
		time.Sleep(watchEvery)
	}
}

// address is where the gateway is asked.
func (f *statusFlags) address(o *output) (string, error) {
	if f.admin != "" {
		return f.admin, nil
	}
	file, err := f.load(o, f.file)
	if err != nil {
		return "", err
	}
	if file.Gateway.Admin == "" {
		return "", usage("write gateway: {admin: 127.0.0.1:2019}, with which the gateway has to run", "%s has no address of the gateway's administration", f.file)
	}
	return file.Gateway.Admin, nil
}

func (f *statusFlags) show(ctx context.Context, o *output, address string) error {
	ctx, cancel := context.WithTimeout(ctx, statusWithin)
	defer cancel()
	s, err := status.Get(ctx, address)
	switch {
	case err != nil:
		return &exitError{code: exitFailed, err: err, hint: "the gateway has to run, with admin in its policy file"}
	case f.json && f.watch:
		return written(report.WriteJSONLine(o.out, s))
	case f.json:
		return written(report.WriteJSON(o.out, s))
	}
	if f.watch {
		if err := f.clear(o.out); err != nil {
			return written(err)
		}
	}
	return written(s.WriteText(o.out, f.top, o.findingLayout(o.out)))
}

// clear makes room for the next look: an empty terminal, or a line with the time.
func (f *statusFlags) clear(w io.Writer) error {
	text := "\x1b[H\x1b[2J"
	if !term.IsTerminal(w) {
		text = "--- " + time.Now().Format(time.DateTime) + "\n"
	}
	_, err := fmt.Fprint(w, text)
	return err
}
