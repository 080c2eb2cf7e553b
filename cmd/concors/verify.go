package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/concors/concors/report"
	"github.com/concors/concors/verify"
)

const verifyHelp = `concors verify proves a policy on a live server.

Usage: concors verify [-c FILE] --url URL [options]

Examples:
  concors verify --url https://api.example.com
  concors verify -c deploy/concors.yaml --env production --url https://api.example.com --junit verify.xml
  concors verify --policy public --url http://localhost:3000/feed
  concors verify --url http://localhost:8080 --error-path /api/fails --json

It asks what the policy allows and what comes near and is refused: origins, methods, headers in odd forms, credentials,
error responses, Vary, routes where CORS is off. The answers are judged as a browser judges them.

Options:
  -c FILE                  the policy file (default concors.yaml); - is standard input
  --url URL                the server: scheme, host and port; with a path where the file has no routes, or with --policy
  --policy NAME            verify this policy at the URL, whatever the routes say
  --env NAME               use what the file says of this environment
  --error-path PATH        a path that fails; its answer must have the headers too; may be given several times
  --json                   answer in JSON
  --junit FILE             write JUnit XML too; - writes it instead of the text
  -m, --max-time SECONDS   for the whole run (default 120)
  --request-time SECONDS   for each fetch (default 10)
  --show-secrets           show what is masked otherwise
  --color WHEN             auto, always or never
  -k, --insecure, --cacert FILE, --resolve HOST:PORT:ADDRESS, -x, --proxy URL, --connect-timeout SECONDS    as in curl

It sends preflights, OPTIONS, GET and HEAD to the server of the URL and nothing else; redirects are not followed. What only
another request could show is told as not verified. Exit codes: 0 when all checks pass; 1 when one fails; 2 for a policy file
that is not valid; 3 when none fails and some could not be carried out.
`

// verifyFlags are the flags of verify.
type verifyFlags struct {
	policyFlags
	reachFlags
	url, policy, junit string
	errorPaths         []string
	maxTime, request   float64
	json, showSecrets  bool
}

func newVerify(o *output) *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use: "verify", Short: "a policy proven on a live server", Long: verifyHelp,
		Args: noOperands,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), o) },
	}
	f.policyFlags.addTo(cmd)
	f.reachFlags.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.url, "url", "", "the server")
	flags.StringVar(&f.policy, "policy", "", "the policy to verify at the URL")
	flags.StringArrayVar(&f.errorPaths, "error-path", nil, "a path that fails")
	flags.BoolVar(&f.json, "json", false, "answer in JSON")
	flags.StringVar(&f.junit, "junit", "", "the file for JUnit XML; - writes it instead of the text")
	flags.Float64VarP(&f.maxTime, "max-time", "m", 0, "seconds for the whole run")
	flags.Float64Var(&f.request, "request-time", 0, "seconds for each fetch")
	flags.BoolVar(&f.showSecrets, "show-secrets", false, "show what is masked otherwise")
	return cmd
}

func (f *verifyFlags) run(ctx context.Context, o *output) error {
	const hint = "concors verify --help"
	switch {
	case f.json && f.junit == "-":
		return usage(hint, "--json and --junit - both write to standard output")
	case f.maxTime < 0 || f.request < 0:
		return usage(hint, "a time is negative")
	}
	file, err := f.load(o, f.file)
	if err != nil {
		return err
	}
	plan, err := verify.NewPlan(file, verify.Options{
		URL: f.url, Policy: f.policy, ErrorPaths: f.errorPaths, MaxTime: seconds(f.maxTime), RequestTime: seconds(f.request), ShowSecrets: f.showSecrets,
	})
	if err != nil {
		return usage(hint, "%w", err)
	}
	config, err := f.config(o)
	if err != nil {
		return err
	}
	network, err := verify.Live(config)
	if err != nil {
		return usage("", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	result := plan.Run(ctx, network)
	if f.junit != "" && f.junit != "-" {
		if err := writeFile(f.junit, func(w io.Writer) error { return result.WriteJUnit(w) }); err != nil {
			return &exitError{code: exitFailed, err: fmt.Errorf("write the JUnit file: %w", err)}
		}
	}
	switch {
	case f.json:
		err = report.WriteJSON(o.out, result)
	case f.junit == "-":
		err = result.WriteJUnit(o.out)
	default:
		err = result.WriteText(o.out, o.findingLayout(o.out))
	}
	switch {
	case err != nil:
		return written(err)
	case result.Fail > 0:
		return &exitError{code: exitBlocked}
	case result.Unanswered > 0:
		return &exitError{code: exitFailed, err: fmt.Errorf("%s: %d checks could not be carried out", result.URL, result.Unanswered)}
	}
	return nil
}
