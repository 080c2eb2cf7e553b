package main

import (
	"github.com/spf13/cobra"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

const decideHelp = `concors decide tells what a page gets from a server that serves a policy file, and why.

Usage: concors decide [-c FILE] --origin ORIGIN [options] METHOD PATH

Examples:
  concors decide --origin https://myapp.com GET /api/users
  concors decide --origin https://myapp.com --header Content-Type --credentials PUT /api/users/123
  concors decide --policy public --origin null GET /

The answer says whether the page can read the response, which policy decided and what comes nearest to it, whether the
browser asks with a preflight first, and the headers that go each way.

Options:
  -c FILE             the policy file (default concors.yaml); - is standard input
  --env NAME          use what the file says of this environment
  --policy NAME       this policy, whatever the routes say
  --origin ORIGIN     the page: an origin, a URL, or null
  --header NAME       a header that the page sets, or "NAME: VALUE"; may be given several times
  --credentials       the request carries cookies and the like
  --json              answer in JSON
  --color WHEN        auto, always or never

Nothing is sent over a network. Exit codes: 0 when the page can read the response, 1 when not, 2 for a policy file that is
not valid, or wrong usage.
`

// decideFlags are the flags of decide.
type decideFlags struct {
	policyFlags
	question policyfile.Question
	json     bool
}

func newDecide(o *output) *cobra.Command {
	var f decideFlags
	cmd := &cobra.Command{
		Use: "decide METHOD PATH", Short: "what a page gets from a server with a policy, and why", Long: decideHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("concors decide --help", "decide takes two operands, a method and a path, not %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			f.question.Method, f.question.Target = args[0], args[1]
			return f.run(o)
		},
	}
	f.addTo(cmd)
	cmd.Flags().StringVar(&f.question.Policy, "policy", "", "this policy, whatever the routes say")
	cmd.Flags().StringVar(&f.question.Origin, "origin", "", "the page: an origin, a URL, or null")
	cmd.Flags().StringArrayVar(&f.question.Headers, "header", nil, "a header that the page sets")
	cmd.Flags().BoolVar(&f.question.Credentials, "credentials", false, "the request carries cookies and the like")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	return cmd
}

func (f *decideFlags) run(o *output) error {
	if f.question.Origin == "" {
		return usage("concors decide --help", "--origin is missing")
	}
	file, err := f.load(o, f.file)
	if err != nil {
		return err
	}
	d, err := file.Decide(f.question)
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	if f.json {
		err = report.WriteJSON(o.out, d)
	} else {
		err = d.WriteText(o.out, o.findingLayout(o.out))
	}
	if err == nil && d.Outcome != fetch.Allowed {
		return &exitError{code: exitBlocked}
	}
	return written(err)
}
