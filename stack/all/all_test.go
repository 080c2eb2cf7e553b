package all_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

var update = flag.Bool("update", false, "write docs/stacks.md and docs/rules.md")

func TestStacks(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range all.Stacks() {
		if seen[s.ID] {
			t.Errorf("stack %s is listed twice", s.ID)
		}
		seen[s.ID] = true
		if found, err := all.Find(s.ID); err != nil || found.Name != s.Name {
			t.Errorf("got %v, %v, want the stack %s", found, err, s.ID)
		}
	}
	if _, err := all.Find("nonesuch"); err == nil {
		t.Error("got a stack for an unknown id")
	}
}

// What a stack cannot express is not tried on its real server, so each refusal has to be listed here as well.
func TestRefusals(t *testing.T) {
	for _, s := range all.Stacks() {
		serves := s.ID == "nginx" || s.ID == "haproxy" // servers can have front end and API under one origin
		for _, v := range s.Facts.Variants {
			for _, fact := range v.Facts {
				if fact.Ability != stack.Cannot || fact.Feature == stack.PerHeader || fact.Feature == stack.SameOrigin && !serves {
					continue
				}
				t.Errorf("%s %s cannot express %s", s.ID, v.ID, fact.Feature.About())
			}
		}
	}
}

// TestDocs holds docs/stacks.md to the facts.
func TestDocs(t *testing.T) { checkDocs(t, "stacks.md", writeDocs) }

// TestRules holds docs/rules.md to the rules.
func TestRules(t *testing.T) { checkDocs(t, "rules.md", writeRules) }

func checkDocs(t *testing.T, name string, write func(io.Writer, []stack.Stack)) {
	t.Helper()
	file := filepath.Join("..", "..", "docs", name)
	var want bytes.Buffer
	write(&want, all.Stacks())
	got, err := os.ReadFile(file)
	switch {
	case *update:
		if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	case err != nil:
		t.Fatal(err)
	case !bytes.Equal(got, want.Bytes()):
		t.Errorf("docs/%s is not what is generated: make generate", name)
	}
}

func writeRules(w io.Writer, stacks []stack.Stack) {
	fmt.Fprint(w, `# Rules

What `+"`concors lint`"+` looks for. This file is generated from the rules (`+"`make generate`"+`); the examples are tests, and so is what is
found in them. [lint.md](lint.md) tells how to run it, and how to suppress a finding.

`)
	for _, s := range stacks {
		if s.Lint == nil {
			continue
		}
		for _, r := range s.Lint.Rules {
			fmt.Fprintf(w, "- [%s](#%s): %s\n", r.Name, anchor(&s, &r), plain(r.Title))
		}
	}
	for _, s := range stacks {
		if s.Lint == nil {
			continue
		}
		for _, r := range s.Lint.Rules {
			fmt.Fprintf(w, "\n## %s\n\n%s. %s, %s at most.\n", title(&s, &r), sentence(plain(r.Title)), sentence(string(r.Kind)), r.Severity)
			fmt.Fprintf(w, "\nWrong:\n\n```%s\n%s```\n\n", s.Lint.Language, r.Before)
			for _, f := range s.Lint.JudgeText(r.Before) {
				if f.Rule == r.Name {
					fmt.Fprintf(w, "- line %d, %s: %s. To fix it: %s.\n", f.Line, f.Severity, plain(f.Message), plain(f.Fix))
				}
			}
			fmt.Fprintf(w, "\nRight:\n\n```%s\n%s```\n", s.Lint.Language, r.After)
			if r.Unshown != "" {
				fmt.Fprintf(w, "\nNo test shows it on a real server: %s.\n", r.Unshown)
			}
			fmt.Fprintf(w, "\nRead on: <%s>\n", r.Ref)
		}
	}
}

// sentence begins a text as a sentence does.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func title(s *stack.Stack, r *stack.LintRule) string { return r.Name + " (" + s.Name + ")" }

// anchor is what a heading can be linked by.
func anchor(s *stack.Stack, r *stack.LintRule) string {
	return strings.NewReplacer(" ", "-", "(", "", ")", "", ".", "").Replace(strings.ToLower(title(s, r)))
}

// plain escapes what would be a mark in a text.
func plain(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "<", "&lt;", "_", `\_`).Replace(s)
}

func writeDocs(w io.Writer, stacks []stack.Stack) {
	fmt.Fprint(w, `# Stacks

What `+"`concors generate`"+` can express, for each server, framework and service. This file is generated from the facts that the
program has of them (`+"`make generate`"+`). A policy that needs what a stack cannot express gives no file.

- **proven**: tests start the real server, of the version named, from generated files, and hold it to the policy.
- **validated**: the vendor's own types or checker take the files.
- **generated only**: neither.
- **with care**: expressed exactly too, but not by a setting of its own; the note says how.
`)
	for _, s := range stacks {
		fmt.Fprintf(w, "\n## %s\n\n`concors generate %s`, for %s %s.\n\n%s\n\n", s.Name, s.ID, s.Name, s.Facts.Versions, s.Facts.Use)
		if s.Facts.Unreadable != "" {
			fmt.Fprintf(w, "Configuration of %s is not read: %s.\n\n", s.Name, s.Facts.Unreadable)
		}
		if s.Facts.NoFiles != "" {
			fmt.Fprintf(w, "%s serves no files: %s.\n\n", s.Name, s.Facts.NoFiles)
		}
		for _, v := range s.Facts.Variants {
			if v.ID != "" {
				fmt.Fprintf(w, "### --variant %s\n\n%s\n\n", v.ID, v.About)
			}
			fmt.Fprint(w, "| feature | | |\n| --- | --- | --- |\n")
			for _, fact := range v.Facts {
				fmt.Fprintf(w, "| %s | %s | %s |\n", cell(fact.Feature.About()), cell(standing(&s.Facts, fact)), cell(fact.Note))
			}
			fmt.Fprintln(w)
		}
		fmt.Fprint(w, "Read on: ")
		for i, link := range s.Facts.Links {
			if i > 0 {
				fmt.Fprint(w, ", ")
			}
			fmt.Fprintf(w, "<%s>", link)
		}
		fmt.Fprintln(w)
	}
}

// standing says what is known of one feature.
func standing(f *stack.Facts, fact stack.Fact) string {
	text := string(f.Proof)
	if f.Tested != "" {
		text += " on " + f.Tested
	}
	switch fact.Ability {
	case stack.Cannot:
		return "cannot"
	case stack.WithCare:
		text += ", with care"
	}
	return text
}

// cell escapes what would be a mark in a table.
func cell(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "|", `\|`, "<", "&lt;", "_", `\_`).Replace(s)
}
