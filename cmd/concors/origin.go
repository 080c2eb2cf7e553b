package main

import (
	"github.com/spf13/cobra"

	"github.com/concors/concors/explain"
	"github.com/concors/concors/report"
)

const originHelp = `concors origin tells how two origins relate: same origin, same site, or neither.

Usage: concors origin A B [options]

Examples:
  concors origin https://myapp.com https://myapp.com:3000
  concors origin https://app.example.com https://api.example.com/users --json
  concors origin null https://myapp.com

A and B are URLs, or null for a page with an opaque origin (a sandboxed frame, a data: document, a file).

Options:
  --json          answer in JSON
  --color WHEN    auto, always or never

Exit codes: 0 when both have an origin, whatever the answer; 2 when one does not parse.
`

func newOrigin(o *output) *cobra.Command {
	var json bool
	cmd := &cobra.Command{
		Use: "origin A B", Short: "how two origins relate", Long: originHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("concors origin --help", "origin takes two operands, not %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := explain.CompareOrigins(args[0], args[1])
			if err != nil {
				return &exitError{code: exitUsage, err: err}
			}
			if json {
				return written(report.WriteJSON(o.out, c))
			}
			return written(explain.WriteComparison(o.out, c, o.layout(false)))
		},
	}
	cmd.Flags().BoolVar(&json, "json", false, "answer in JSON")
	return cmd
}
