package main

import (
	"github.com/spf13/cobra"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

const schemaHelp = `concors schema prints the JSON Schema of policy files, for editors and other tools.

Usage: concors schema

Examples:
  concors schema > concors.schema.json

The schema is of draft 2020-12. It knows the keys, their types and what they are for; concors check knows more.
`

func newSchema(o *output) *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "the JSON Schema of policy files", Long: schemaHelp, Args: noOperands,
		RunE: func(*cobra.Command, []string) error { return written(report.WriteJSON(o.out, policyfile.Schema())) },
	}
}
