package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/concors/concors/report"
)

const versionHelp = `concors version tells which version this is.

Usage: concors version [options]

Options:
  --json    answer in JSON
`

// A buildVersion says what was built, from what, with what.
type buildVersion struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"` // empty when it is not known
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersion(o *output) *cobra.Command {
	var json bool
	cmd := &cobra.Command{
		Use: "version", Short: "which version this is", Long: versionHelp, Args: noOperands,
		RunE: func(*cobra.Command, []string) error {
			v := version()
			if json {
				return written(report.WriteJSON(o.out, v))
			}
			_, err := fmt.Fprintf(o.out, "concors %s (%s, %s)\n", v.Version, v.Go, v.Platform)
			return written(err)
		},
	}
	cmd.Flags().BoolVar(&json, "json", false, "answer in JSON")
	return cmd
}

// version reads what the linker knows.
func version() buildVersion {
	v := buildVersion{Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if module := info.Main.Version; module != "" && module != "(devel)" {
		v.Version = module
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			v.Commit = setting.Value
		}
	}
	return v
}
