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
}

// progressEvery is after how many files progress is told.
const progressEvery = 256

// Run judges the files at and below paths. What a comment suppresses is left out. When the context ends, what was found by then
// is returned, with a finding that says so. An error is about a path that cannot be opened.
func Run(ctx context.Context, paths []string, o Options) (*Result, error) {
	f, err := find(ctx, paths)
	defer f.close()
	if err != nil {
		return nil, err
	}
	own := make([][]string, len(o.Stacks))
	result := &Result{Findings: []report.Finding{}, Files: report.Files{}}
	for i, name := range f.names {
		if ctx.Err() != nil {
			f.cut = "the time is over"
			break
		}
		if o.Progress != nil && i%progressEvery == 0 {
			o.Progress(i, len(f.names))
		}
		result.Findings = append(result.Findings, f.sort(name, o.Stacks, own)...)
	}
	if o.Progress != nil {
		o.Progress(len(f.names), len(f.names))
	}
	judged := map[string]bool{}
	layers := make([][]stack.Layer, len(o.Stacks))
	for i, s := range o.Stacks {
		if len(own[i]) == 0 {
			continue
		}
		if ctx.Err() != nil {
			f.cut = "the time is over"
			break
		}
		subject, findings := s.Lint.Read(stack.NewTree(own[i], f.names, f.read))
		result.Findings = append(append(result.Findings, findings...), s.Lint.Check(subject)...)
		if s.Lint.Layers != nil {
			layers[i] = s.Lint.Layers(subject)
		}
		for _, name := range own[i] {
			judged[name] = true
		}
	}
	result.Findings = append(result.Findings, bothLayers(o.Stacks, layers)...)
	result.Read = len(judged)
	if f.cut != "" {
		result.Findings = append(result.Findings, report.Finding{
			Rule: "incomplete", Severity: report.Info, Message: f.cut + ", so not everything was looked at",
			Fix: "name fewer files or folders", Reference: reference,
		})
	}
	result.suppress(f, judged)
	report.Sort(result.Findings)
	return result, nil
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
