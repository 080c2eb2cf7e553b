package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/devproxy"
	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

const proxyHelp = `concors proxy lets a page under development use an API that does not allow it, and tells what the API would say.

Usage: concors proxy API --for ORIGIN [options]

Examples:
  concors proxy https://api.example.com --for http://localhost:5173
  concors proxy https://api.example.com --for http://localhost:5173 --for http://localhost:3000 --browser webkit
  concors proxy https://api.internal:8443 --for http://localhost:5173 --ca company.pem

The page calls the proxy in the place of the API: the command says by which URL. Each request is a line: what was asked and
answered and, where the API would have refused the page, why, and what its owner has to be told.

For development only: it listens on loopback, for one API and the pages of --for, and turns all others away.

Options:
  --for ORIGIN      the origin of the page, as browsers write it; repeatable
  --listen ADDRESS  the loopback address and port (default 127.0.0.1:8788); port 0 is a free one
  --browser NAME    whose verdicts: standard (default), chromium, firefox or webkit
  --keep-origin     do not speak for the API's own page: Origin and Referer stay the page's in every request
  --timeout SECONDS for the API to begin its answer (default 60)
  --ca FILE         trust the authorities of a PEM file, and no other
  --insecure-upstream-certificate    take any certificate of the API
  --show-secrets    do not mask what looks like a token
  --json            a JSON value for each request, on a line of its own
  --color WHEN      auto, always or never

Exit codes: 0 when a signal ended it; 2 for wrong usage; 3 when it cannot listen there.
`

// proxyFlags are the flags of proxy.
type proxyFlags struct {
	pages                                   []string
	listen, browser, ca                     string
	timeout                                 float64
	keepOrigin, insecure, showSecrets, json bool
}

func newProxy(o *output) *cobra.Command {
	var f proxyFlags
	cmd := &cobra.Command{
		Use: "proxy API", Short: "a proxy on this machine for an API that does not allow the page", Long: proxyHelp,
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, operands []string) error {
			const help = "concors proxy https://api.example.com --for http://localhost:5173"
			switch {
			case len(operands) == 0:
				return usage(help, "say which API")
			case len(f.pages) == 0:
				return usage(help, "say which page, with --for")
			case f.timeout < 0:
				return usage("", "invalid --timeout %v: want seconds", f.timeout)
			}
			return f.run(cmd, o, operands[0])
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.pages, "for", nil, "the origin of the page")
	flags.StringVar(&f.listen, "listen", devproxy.DefaultListen, "the loopback address and port")
	flags.StringVar(&f.browser, "browser", "", "standard, chromium, firefox or webkit")
	flags.BoolVar(&f.keepOrigin, "keep-origin", false, "leave Origin and Referer the page's")
	flags.Float64Var(&f.timeout, "timeout", 0, "seconds for the API to begin its answer")
	flags.StringVar(&f.ca, "ca", "", "trust the authorities of a PEM file")
	flags.BoolVar(&f.insecure, "insecure-upstream-certificate", false, "take any certificate of the API")
	flags.BoolVar(&f.showSecrets, "show-secrets", false, "do not mask secrets")
	flags.BoolVar(&f.json, "json", false, "answer in JSON")
	if err := cmd.RegisterFlagCompletionFunc("browser", cobra.FixedCompletions(profileNames(), cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic("concors: internal error: " + err.Error())
	}
	return cmd
}

func (f *proxyFlags) run(cmd *cobra.Command, o *output, api string) error {
	profile, err := profileNamed(cmp.Or(f.browser, fetch.Standard().Name))
	if err != nil {
		return err
	}
	config := devproxy.Config{
		API: api, Pages: f.pages, Listen: f.listen, Browser: profile, KeepOrigin: f.keepOrigin, Insecure: f.insecure,
		Getenv: o.getenv, AnswerTimeout: seconds(f.timeout), ShowSecrets: f.showSecrets,
	}
	if config.RootCAs, err = authorities("ca", f.ca); err != nil {
		return err
	}
	ctx, stop := o.untilInterrupted(cmd.Context())
	defer stop()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	requests := devproxy.NewLog(o.out, o.layout(false).Styles, term.Width(o.out))
	config.Report = func(x *devproxy.Exchange) {
		write := requests.Write
		if f.json {
			write = func(x *devproxy.Exchange) error { return report.WriteJSONLine(o.out, x) }
		}
		if err := write(x); err != nil {
			fail(written(err))
		}
	}
	proxy, err := devproxy.New(config)
	if err != nil {
		return usage("concors proxy --help", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if err := proxy.Listen(ctx); err != nil {
		return &exitError{code: exitFailed, err: err, hint: "--listen 127.0.0.1:0 takes a free port"}
	}
	defer proxy.Close()
	fmt.Fprintf(o.err, "concors: listening on %s\n", proxy.URL())
	fmt.Fprintf(o.err, "concors: hint: for development only: in the page, call %s in the place of %s; ctrl-C ends it\n", proxy.BaseURL(), strings.TrimSuffix(api, "/"))
	if err := proxy.Wait(ctx); err != nil {
		return &exitError{code: exitFailed, err: err}
	}
	if failed, ok := errors.AsType[*exitError](context.Cause(ctx)); ok {
		return failed
	}
	return nil
}
