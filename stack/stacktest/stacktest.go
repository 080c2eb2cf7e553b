// Package stacktest is the test that every stack passes, and the policies that it is made of. That a real server does what the
// policy says is for e2e/stacks to show, with the same policies.
package stacktest

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// The values of samples here, where nothing is started.
const (
	upstream = "http://127.0.0.1:3000"
	folder   = "/srv/app"
)

// Run holds a stack to what all stacks promise: complete facts; rules whose examples show what they say; and, for each variant and each sample, files that are marked,
// neat and the same each time, or a finding that names what the stack cannot express, and no file.
func Run(t *testing.T, s stack.Stack) {
	t.Helper()
	t.Run("facts", func(t *testing.T) { runFacts(t, &s) })
	t.Run("rules", func(t *testing.T) { runRules(t, &s) })
	for _, v := range s.Facts.Variants {
		for _, sample := range append(append(Samples(), Unusual()...), Hostile()...) {
			name := sample.Name
			if v.ID != "" {
				name = v.ID + "/" + name
			}
			t.Run(name, func(t *testing.T) { runSample(t, &s, &v, sample, stack.Options{Variant: v.ID}) })
		}
		t.Run(strings.TrimPrefix(v.ID+"/same-origin", "/"), func(t *testing.T) {
			runSample(t, &s, &v, SameOrigin(s.Facts.NoFiles == ""), stack.Options{Variant: v.ID, SameOrigin: true})
		})
	}
	t.Run("no such variant", func(t *testing.T) {
		files, findings := stack.Generate(&s, site(t, Samples()[0]), stack.Options{Variant: "nonesuch"})
		if len(files) > 0 || !report.Any(findings, report.Error) {
			t.Errorf("got %d files and findings %+v, want an error and no file", len(files), findings)
		}
	})
}

func runFacts(t *testing.T, s *stack.Stack) {
	f := &s.Facts
	if s.ID == "" || s.ID != strings.ToLower(s.ID) || s.Name == "" || f.Versions == "" || f.Use == "" {
		t.Errorf("id %q, name %q, versions %q, use %q: something is missing", s.ID, s.Name, f.Versions, f.Use)
	}
	if !slices.Contains([]stack.Proof{stack.Proven, stack.Validated, stack.GeneratedOnly}, f.Proof) || (f.Tested == "") != (f.Proof == stack.GeneratedOnly) {
		t.Errorf("proof %q with version %q: want one of the three, and a version unless it is generated only", f.Proof, f.Tested)
	}
	if len(f.Links) == 0 || len(f.Variants) == 0 {
		t.Fatalf("got %d links and %d variants, want one at least", len(f.Links), len(f.Variants))
	}
	for _, link := range f.Links {
		if !strings.HasPrefix(link, "https://") {
			t.Errorf("link %q is not https", link)
		}
	}
	for i := range f.Variants {
		v := &f.Variants[i]
		if (v.ID == "") != (len(f.Variants) == 1) || (v.About == "") != (v.ID == "") {
			t.Errorf("variant %q, about %q: one alone has no id, several have both", v.ID, v.About)
		}
		var features []stack.Feature
		for _, fact := range v.Facts {
			features = append(features, fact.Feature)
			if (fact.Note == "") != (fact.Ability == stack.Native) || strings.HasSuffix(fact.Note, ".") {
				t.Errorf("%s, note %q: want a clause about what is not native, and nothing about what is", fact.Feature, fact.Note)
			}
			if !slices.Contains([]stack.Ability{stack.Native, stack.WithCare, stack.Cannot}, fact.Ability) {
				t.Errorf("%s: unknown ability %q", fact.Feature, fact.Ability)
			}
		}
		if want := stack.Features(); !slices.Equal(features, want) {
			t.Errorf("variant %q: got facts about %q, want %q", v.ID, features, want)
		}
	}
}

func site(t *testing.T, sample Sample) *stack.Site {
	t.Helper()
	front := folder
	if !strings.Contains(sample.Text, "files:") {
		front = "http://127.0.0.1:4000"
	}
	f, err := sample.Load(upstream, front)
	if err != nil {
		t.Fatal(err)
	}
	s, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func runSample(t *testing.T, s *stack.Stack, v *stack.Variant, sample Sample, o stack.Options) {
	of := site(t, sample)
	files, findings := stack.Generate(s, of, o)
	needs := of.Needs()
	if o.SameOrigin {
		needs = []stack.Need{{Feature: stack.SameOrigin, Where: "the option"}}
	}
	refused := false
	for _, n := range needs {
		if v.Fact(n.Feature).Ability != stack.Cannot {
			continue
		}
		refused = true
		if !slices.ContainsFunc(findings, func(f report.Finding) bool {
			return f.Severity == report.Error && strings.Contains(f.Message, n.Feature.About()) && strings.Contains(f.Message, n.Where) && f.Fix != ""
		}) {
			t.Errorf("got findings %+v, want an error that names %s and %s", findings, n.Feature.About(), n.Where)
		}
	}
	switch {
	case report.Any(findings, report.Error):
		if len(files) > 0 {
			t.Errorf("got %d files beside an error, want none", len(files))
		}
		if !refused && !strings.HasPrefix(sample.Name, "hostile") {
			t.Errorf("got findings %+v, want none of what the facts say is possible", findings)
		}
		return
	case refused:
		return // said above
	case len(files) == 0:
		t.Fatal("got no file and no error")
	}
	again, _ := stack.Generate(s, site(t, sample), o)
	if !slices.Equal(files, again) {
		t.Error("the same policy gave other files the second time")
	}
	for _, f := range files {
		checkFile(t, f)
	}
}

// checkFile holds a file to what all have in common.
func checkFile(t *testing.T, f stack.File) {
	t.Helper()
	if f.Path == "" || path.IsAbs(f.Path) || path.Clean(f.Path) != f.Path || strings.HasPrefix(f.Path, "..") || strings.Contains(f.Path, `\`) {
		t.Errorf("path %q: want a clean one, relative, with slashes", f.Path)
	}
	if !stack.IsMarked([]byte(f.Text)) {
		t.Errorf("%s has no mark at its beginning", f.Path)
	}
	if !strings.HasSuffix(f.Text, "\n") || strings.HasSuffix(f.Text, "\n\n") || strings.Contains(f.Text, "\n\n\n") {
		t.Errorf("%s: want one line feed at the end, and no two empty lines beside each other", f.Path)
	}
	n := 0
	for line := range strings.Lines(f.Text) {
		n++
		if line = strings.TrimSuffix(line, "\n"); strings.ContainsAny(line, "\t\r") || strings.TrimRight(line, " ") != line {
			t.Errorf("%s:%d: %q: a tab, a carriage return or a space at the end", f.Path, n, line)
		}
	}
}
