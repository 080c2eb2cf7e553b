package lint

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// Options say what to look for. The zero value looks for nothing.
type Options struct {
	Stacks []stack.Stack // those without a linter are passed over

	// Progress, if it is not nil, is called now and then with the number of files that were looked at, and of all.
	Progress func(done, all int)
}

// A Result is what was found in a project.
type Result struct {
	Findings []report.Finding // in the order of their places
	Files    report.Files     // the texts of the files that findings are about
	Read     int              // how many files are configuration of some stack

	// Incomplete says why not everything was looked at; empty where all was. It is a finding too.
	Incomplete string
}

// progressEvery is after how many files progress is told.
const progressEvery = 256

// Run judges the files at and below paths. What a comment suppresses is left out. When the context ends, what was found by then
// is returned, with a finding that says so. An error is about a path that cannot be opened.
func Run(ctx context.Context, paths []string, o Options) (*Result, error) {
	p, err := open(ctx, paths, o)
	defer p.close()
	if err != nil {
		return nil, err
	}
	result := &Result{Findings: append([]report.Finding{}, p.findings...), Files: report.Files{}}
	judged := map[string]bool{}
	layers := make([][]stack.Layer, len(o.Stacks))
	for i, s := range o.Stacks {
		if len(p.own[i]) == 0 {
			continue
		}
		if ctx.Err() != nil {
			p.cut = isOver
			break
		}
		subject, findings := s.Lint.Read(p.tree(i))
		result.Findings = append(append(result.Findings, findings...), s.Lint.Check(subject)...)
		if s.Lint.Layers != nil {
			layers[i] = s.Lint.Layers(subject)
		}
		for _, name := range p.own[i] {
			judged[name] = true
		}
	}
	result.Findings = append(append(result.Findings, bothLayers(o.Stacks, layers)...), p.incomplete()...)
	result.Read, result.Incomplete = len(judged), p.cut
	result.suppress(&p.files, judged)
	report.Sort(result.Findings)
	return result, nil
}

// An Imported is the policy that the configuration of one stack means.
type Imported struct {
	Stack    stack.Stack
	Draft    *stack.Draft
	Findings []report.Finding // in the order of their places; never nil
	Files    report.Files     // the texts of the files that findings are about

	Incomplete string // as in [Result]
}

// Import reads a policy out of the files at and below paths, for each stack that has any and whose linter can. Progress, the
// context and errors are as for [Run].
func Import(ctx context.Context, paths []string, o Options) ([]Imported, error) {
	p, err := open(ctx, paths, o)
	defer p.close()
	if err != nil {
		return nil, err
	}
	var list []Imported
	for i, s := range o.Stacks {
		if len(p.own[i]) == 0 || s.Lint.Import == nil {
			continue
		}
		draft, findings := s.Lint.Import(p.tree(i))
		imported := Imported{Stack: s, Draft: draft, Findings: append(append([]report.Finding{}, findings...), p.incomplete()...), Files: report.Files{}, Incomplete: p.cut}
		report.Sort(imported.Findings)
		for _, f := range imported.Findings {
			if text, err := p.read(f.File); err == nil {
				imported.Files[f.File] = text
			}
		}
		list = append(list, imported)
	}
	return list, nil
}

// project is the files of a project, and whose they are.
type project struct {
	files
	own      [][]string // by stack
	findings []report.Finding
}

// open lists the files and gives them to stacks. The project is to be closed, whatever the error.
func open(ctx context.Context, paths []string, o Options) (*project, error) {
	f, err := find(ctx, paths)
	p := &project{files: *f, own: make([][]string, len(o.Stacks))}
	if err != nil {
		return p, err
	}
	for i, name := range p.names {
		if ctx.Err() != nil {
			p.cut = isOver
			break
		}
		if o.Progress != nil && i%progressEvery == 0 {
			o.Progress(i, len(p.names))
		}
		p.findings = append(p.findings, p.sort(name, o.Stacks, p.own)...)
	}
	if o.Progress != nil {
		o.Progress(len(p.names), len(p.names))
	}
	return p, nil
}

func (p *project) tree(i int) *stack.Tree { return stack.NewTree(p.own[i], p.names, p.read) }

// isOver is why the rest is not looked at when the context has ended.
const isOver = "the time is over"

// incomplete is the finding about files that were not looked at, if there are any.
func (p *project) incomplete() []report.Finding {
	if p.cut == "" {
		return nil
	}
	return []report.Finding{{
		Rule: "incomplete", Severity: report.Info, Message: p.cut + ", so not everything was looked at",
		Fix: "name fewer files or folders", Reference: reference,
	}}
}

// reference is where findings of this package send a reader.
const reference = "https://github.com/concors/concors/blob/main/docs/lint.md"

// sort gives a file to the stacks whose it is.
func (f *files) sort(name string, stacks []stack.Stack, own [][]string) []report.Finding {
	var text []byte
	var err error
	opened := false
	for i, s := range stacks {
		if s.Lint == nil || !s.Lint.MayBe(name) {
			continue
		}
		if !opened {
			text, err = f.read(name)
			opened = true
		}
		tooLong := errors.Is(err, errTooLong)
		if err != nil && !tooLong || isBinary(text) || !s.Lint.Is(name, text) {
			continue
		}
		if tooLong {
			return []report.Finding{{
				Rule: "file-too-long", Severity: report.Info, Message: fmt.Sprintf("files of more than %d bytes are not read", maxLength),
				Fix: "split it, if a person wrote it", File: name, Reference: reference,
			}}
		}
		f.keep(name, text)
		own[i] = append(own[i], name)
	}
	return nil
}

// isBinary reports whether a file is no text, by its beginning.
func isBinary(text []byte) bool { return slices.Contains(text[:min(len(text), 8000)], 0) }
