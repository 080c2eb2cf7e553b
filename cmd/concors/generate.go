package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

const generateHelp = `concors generate writes the configuration of a server or framework that does what a policy file says.

Usage: concors generate STACK [-c FILE] [options]
       concors generate

Examples:
  concors generate                            the stacks, and what each can express
  concors generate nginx
  concors generate express -c deploy/concors.yaml --out src
  concors generate nginx --same-origin        front end and API under one origin, so that CORS is not needed

A policy that the stack cannot express gives no file, and a finding that says what the nearest thing is.

Options:
  -c FILE             the policy file (default concors.yaml); - is standard input
  --env NAME          use what the file says of this environment
  --policy NAME       this policy for every request, whatever the routes say
  --variant NAME      which way of several, where the stack has them
  --same-origin       front end and API under one origin, as the routes of the file say
  --listen ADDRESS    where a server listens, as the stack writes it
  --out DIR           write the files there; what was not generated before is not replaced
  --force             with --out, replace any file
  --json              answer in JSON
  --color WHEN        auto, always or never

Without --out the files are printed. Nothing is sent over a network. Exit codes: 0 when the files are generated; 1 when the
stack cannot express the policy; 2 for a policy file that is not valid, or wrong usage; 3 for files that cannot be written.
`

// generateFlags are the flags of generate.
type generateFlags struct {
	policyFlags
	options     stack.Options
	policy, out string
	force, json bool
}

// A generation is what generate answers in JSON; docs/json.md documents it.
type generation struct {
	Stack    string           `json:"stack"`
	Files    []stack.File     `json:"files"`
	Findings []report.Finding `json:"findings"`
}

func newGenerate(o *output) *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use: "generate [STACK]", Short: "the configuration of a server that does what a policy file says", Long: generateHelp,
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return f.runList(o, cmd)
			}
			return f.run(o, args[0])
		},
	}
	f.addTo(cmd)
	cmd.Flags().StringVar(&f.policy, "policy", "", "this policy for every request, whatever the routes say")
	cmd.Flags().StringVar(&f.options.Variant, "variant", "", "which way of several")
	cmd.Flags().BoolVar(&f.options.SameOrigin, "same-origin", false, "front end and API under one origin")
	cmd.Flags().StringVar(&f.options.Listen, "listen", "", "where a server listens, as the stack writes it")
	cmd.Flags().StringVar(&f.out, "out", "", "the folder to write the files into")
	cmd.Flags().BoolVar(&f.force, "force", false, "replace files that were not generated too")
	cmd.Flags().BoolVar(&f.json, "json", false, "answer in JSON")
	return cmd
}

func (f *generateFlags) run(o *output, id string) error {
	s, err := all.Find(id)
	if err != nil {
		return usage("concors generate", "%w", err)
	}
	if _, err := s.Facts.Variant(f.options.Variant); err != nil {
		return usage("concors generate", "%s: %w", s.ID, err)
	}
	if strings.ContainsFunc(f.options.Listen, func(c rune) bool { return c <= ' ' || c == 0x7F || strings.ContainsRune(`;{}"'\#$`, c) }) {
		return usage("", "invalid --listen %q: want a port, or an address and a port", f.options.Listen)
	}
	if f.force && f.out == "" {
		return usage("", "--force is about the files of --out, which is missing")
	}
	file, err := f.load(o, f.file)
	if err != nil {
		return err
	}
	site, err := stack.NewSite(file, f.policy)
	if err != nil {
		return usage("--policy names it", "%w", err)
	}
	if err := site.Resolve(filepath.Abs); err != nil {
		return &exitError{code: exitFailed, err: err}
	}
	g := generation{Stack: s.ID, Files: []stack.File{}, Findings: []report.Finding{}}
	files, findings := stack.Generate(s, site, f.options)
	g.Files, g.Findings = append(g.Files, files...), append(g.Findings, findings...)
	if f.out != "" && len(g.Files) > 0 {
		if err := writeGenerated(f.out, g.Files, f.force); err != nil {
			return err
		}
	}
	if err := f.answer(o, &g); err != nil {
		return written(err)
	}
	if report.Any(g.Findings, report.Error) {
		return &exitError{code: exitBlocked}
	}
	return nil
}

// answer prints findings, and files unless they were written to a folder.
func (f *generateFlags) answer(o *output, g *generation) error {
	if f.json {
		return report.WriteJSON(o.out, g)
	}
	if err := report.WriteText(o.err, g.Findings, nil, o.findingLayout(o.err)); err != nil {
		return err
	}
	for i, file := range g.Files {
		var err error
		switch {
		case f.out != "":
			_, err = fmt.Fprintln(o.out, filepath.Join(f.out, filepath.FromSlash(file.Path)))
		case len(g.Files) == 1:
			_, err = fmt.Fprint(o.out, file.Text)
		default:
			separator := ""
			if i > 0 {
				separator = "\n"
			}
			_, err = fmt.Fprintf(o.out, "%s==> %s <==\n%s", separator, file.Path, file.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeGenerated writes files into a folder: all of them, or none.
func writeGenerated(dir string, files []stack.File, force bool) error {
	mine := func(name string, text []byte) error {
		if force || stack.IsMarked(text) {
			return nil
		}
		return &exitError{code: exitFailed, err: fmt.Errorf("%s is not replaced: it was not generated", filepath.Join(dir, filepath.FromSlash(name))), hint: "--force replaces it, --out names another folder"}
	}
	texts := map[string]string{}
	for _, f := range files {
		texts[f.Path] = f.Text
	}
	err := writeAll(dir, texts, mine)
	if _, ok := errors.AsType[*exitError](err); err == nil || ok {
		return err
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok && e.Path == dir {
		return &exitError{code: exitFailed, err: err, hint: "--out names a folder"}
	}
	return &exitError{code: exitFailed, err: fmt.Errorf("write into %s: %w", dir, err)}
}
