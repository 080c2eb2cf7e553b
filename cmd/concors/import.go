package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/concors/concors/lint"
	"github.com/concors/concors/report"
)

const importHelp = `concors import writes the policy file that the configuration of a server means.

Usage: concors import PATH... [options]

Examples:
  concors import deploy/nginx > concors.yaml
  concors import /etc/nginx --out concors.yaml
  concors import site.conf --json

What the policy file does not say, or says otherwise, is a finding on standard error: an error where somebody would be allowed
less than before, a warning where it is more. Look at each, then check the file (concors check), and generate from it.

Options:
  --stack ID          the stack to read; needed where a project has several
  --out FILE          write the policy file there instead of printing it; what is there is not replaced
  --force             with --out, replace what is there
  --timeout DURATION  how long to look (default 1m)
  --json              answer in JSON
  --color WHEN        auto, always or never

Nothing is sent over a network. Exit codes: 0 when everything could be read; 1 when something is left out; 2 for wrong usage, or
where there is nothing to read; 3 for a path that cannot be read or written.
`

// importFlags are the flags of import.
type importFlags struct {
	stack, out  string
	timeout     time.Duration
	force, json bool
}

// An importing is what import answers in JSON; docs/json.md documents it.
type importing struct {
	Stack    string           `json:"stack"`
	Text     string           `json:"text"`
	Findings []report.Finding `json:"findings"`
}

func newImport(o *output) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use: "import PATH...", Short: "the policy file that the configuration of a server means", Long: importHelp,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(o, cmd.Context(), args) },
	}
	cmd.Flags().StringVar(&f.stack, "stack", "", "the stack to read")
	cmd.Flags().StringVar(&f.out, "out", "", "the file to write")
	cmd.Flags().BoolVar(&f.force, "force", false, "replace what is there")
	cmd.Flags().DurationVar(&f.timeout, "timeout", time.Minute, "how long to look")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	return cmd
}

func (f *importFlags) run(o *output, ctx context.Context, paths []string) error {
	if len(paths) == 0 {
		return usage("concors import --help", "import takes the paths to read")
	}
	if f.timeout <= 0 {
		return usage("", "invalid --timeout %s: want a positive duration", f.timeout)
	}
	if f.force && f.out == "" {
		return usage("", "--force is about the file of --out, which is missing")
	}
	stacks, err := (&lintFlags{stack: f.stack}).stacks()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	progress := o.progress("looking at files")
	imports, err := lint.Import(ctx, paths, lint.Options{Stacks: stacks, Progress: progress.tell})
	progress.end()
	if err != nil {
		return &exitError{code: exitFailed, err: err, hint: "concors import takes files and folders"}
	}
	i, err := chosen(imports)
	if err != nil {
		return err
	}
	if err := f.write(o, i); err != nil {
		return err
	}
	if report.Any(i.Findings, report.Error) {
		return &exitError{code: exitBlocked}
	}
	return unfinished(i.Incomplete)
}

// chosen is the one stack that lets pages in.
func chosen(imports []lint.Imported) (*lint.Imported, error) {
	var found *lint.Imported
	var names []string
	for i := range imports {
		if len(imports[i].Draft.Policies) > 0 || len(imports[i].Findings) > 0 {
			found = &imports[i]
			names = append(names, imports[i].Stack.ID)
		}
	}
	switch len(names) {
	case 0:
		return nil, usage("concors lint tells what there is", "no configuration that lets pages in")
	case 1:
		return found, nil
	}
	return nil, usage("--stack names one", "there are several stacks: %q", names)
}

func (f *importFlags) write(o *output, i *lint.Imported) error {
	text := i.Draft.Text()
	if f.json {
		if err := report.WriteJSON(o.out, importing{Stack: i.Stack.ID, Text: text, Findings: i.Findings}); err != nil {
			return written(err)
		}
	} else if err := report.WriteText(o.err, i.Findings, i.Files, o.findingLayout(o.err)); err != nil {
		return written(err)
	}
	switch {
	case f.out != "":
		return f.writeFile(text)
	case f.json:
		return nil
	}
	_, err := io.WriteString(o.out, text)
	return written(err)
}

// writeFile writes the policy file.
func (f *importFlags) writeFile(text string) error {
	if _, err := os.Lstat(f.out); err == nil && !f.force {
		return &exitError{code: exitFailed, err: fmt.Errorf("%s is not replaced", f.out), hint: "--force replaces it"}
	}
	err := writeFile(f.out, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
	if err != nil {
		return &exitError{code: exitFailed, err: err}
	}
	return nil
}
