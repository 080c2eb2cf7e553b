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

var update = flag.Bool("update", false, "write docs/stacks.md")

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
func TestDocs(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "stacks.md")
	var want bytes.Buffer
	writeDocs(&want, all.Stacks())
	got, err := os.ReadFile(file)
	switch {
	case *update:
		if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	case err != nil:
		t.Fatal(err)
	case !bytes.Equal(got, want.Bytes()):
		t.Error("docs/stacks.md does not say what the facts do: make generate")
	}
}

func writeDocs(w io.Writer, stacks []stack.Stack) {
	fmt.Fprint(w, `# Stacks

What `+"`concors generate`"+` can express, for each server, framework and service. This file is generated from the facts that the
program has of them (`+"`make generate`"+`). A policy that needs what a stack cannot express gives no file.

- **proven**: tests start the real server, of the version named, from generated files. `+"`concors verify`"+` finds no fault in it, and pages
  in Chromium get what the policy says.
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
	return strings.NewReplacer("*", `\*`, "|", `\|`, "<", "&lt;", "_", `\_`).Replace(s)
}
