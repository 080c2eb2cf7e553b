package policyfile_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

var update = flag.Bool("update", false, "rewrite what is wanted in testdata")

// env has the variables of the tests.
func env(name string) (string, bool) {
	value, ok := map[string]string{"ORIGIN": "https://env.example", "YES": "true", "AGE": "600", "EMPTY": "", "BAD": "https://A.example/"}[name]
	return value, ok
}

func load(text, environment string) (*policyfile.File, []report.Finding) {
	return policyfile.Load("concors.yaml", []byte(text), policyfile.Options{Env: environment, LookupEnv: env})
}

// good loads a file that has to be valid.
func good(t *testing.T, text string) *policyfile.File {
	t.Helper()
	f, findings := load(text, "")
	if f == nil {
		t.Fatalf("the file is not valid:\n%s", lines(findings))
	}
	return f
}

// lines has two lines for each finding: place, severity, rule and message; and the fix.
func lines(list []report.Finding) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "%d:%d %s %s: %s\n\t%s\n", f.Line, f.Column, f.Severity, f.Rule, f.Message, f.Fix)
	}
	return b.String()
}

// TestLoadFinds compares what is found in each file of testdata/*.txtar, with the files beside them that say what is wanted.
func TestLoadFinds(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("got %d archives, %v", len(archives), err)
	}
	seen := map[string]bool{}
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		environment := ""
		if strings.HasSuffix(path, "environments.txtar") {
			environment = "dev"
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			in, want := &archive.Files[i], &archive.Files[i+1]
			name := strings.TrimSuffix(in.Name, ".yaml")
			if want.Name != name+".want" {
				t.Fatalf("%s: got %s after %s", path, want.Name, in.Name)
			}
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+name, func(t *testing.T) {
				f, findings := load(string(in.Data), environment)
				got := lines(findings)
				if *update {
					want.Data = []byte(got)
				}
				if diff := cmp.Diff(string(want.Data), got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				if (f == nil) != report.Any(findings, report.Error) {
					t.Errorf("got a file %t with errors %t", f != nil, report.Any(findings, report.Error))
				}
				rows := strings.Split(string(in.Data), "\n")
				for _, f := range findings {
					seen[f.Rule] = true
					if f.File != "concors.yaml" || f.Message == "" || f.Fix == "" || !strings.HasPrefix(f.Reference, "https://") {
						t.Errorf("got %+v, want all of it", f)
					}
					if f.Line < 1 || f.Line > len(rows) || f.Column < 1 || f.Column > len([]rune(rows[f.Line-1]))+1 {
						t.Errorf("%d:%d is not in the file", f.Line, f.Column)
					}
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, rule := range policyfile.RuleNames() {
		if !seen[rule] && !strings.HasPrefix(rule, "origin-") && !slices.Contains([]string{"test-failed", "too-large", "too-many"}, rule) {
			t.Errorf("no file shows the rule %s", rule)
		}
	}
	for rule := range seen {
		if !slices.Contains(policyfile.RuleNames(), rule) {
			t.Errorf("the rule %s is not listed", rule)
		}
	}
}
