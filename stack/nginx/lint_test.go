package nginx_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/nginx"
	"github.com/concors/concors/stack/stacktest"
)

var update = flag.Bool("update", false, "write the findings into the archives of testdata")

// project makes a tree of the files of an archive, as package lint would.
func project(s stack.Stack, texts map[string]string) *stack.Tree {
	var own, all []string
	for name, text := range texts {
		all = append(all, name)
		if s.Lint.MayBe(name) && s.Lint.Is(name, []byte(text)) {
			own = append(own, name)
		}
	}
	return stack.NewTree(own, all, func(name string) ([]byte, error) {
		if text, ok := texts[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	})
}

// told writes findings one a line: place, severity and rule.
func told(findings []report.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d:%d: %s %s\n", f.File, f.Line, f.Column, f.Severity, f.Rule)
	}
	return b.String()
}

// TestWild judges configuration as people write it. Each archive of testdata/wild says in words what it is, and under want what
// is found, which is nothing for most.
func TestWild(t *testing.T) {
	archives, err := filepath.Glob("testdata/wild/*.txtar")
	if err != nil || len(archives) < 30 {
		t.Fatalf("got %d archives and %v, want 30 at least", len(archives), err)
	}
	s := nginx.Stack()
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts := map[string]string{}
			want, at := "", -1
			for i, f := range archive.Files {
				if f.Name == "want" {
					want, at = string(f.Data), i
				} else {
					texts[f.Name] = string(f.Data)
				}
			}
			if len(strings.TrimSpace(string(archive.Comment))) == 0 {
				t.Error("no words about it")
			}
			got := told(s.Lint.Judge(project(s, texts)))
			if *update && got != want {
				if at < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "want"})
					at = len(archive.Files) - 1
				}
				archive.Files[at].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestGenerated holds what the generator writes to the rules: nothing of it is worth more than a remark.
func TestGenerated(t *testing.T) {
	for _, sample := range append(stacktest.Samples(), stacktest.Unusual()...) {
		t.Run(sample.Name, func(t *testing.T) {
			f, err := sample.Load("http://127.0.0.1:3000", "http://127.0.0.1:4000")
			if err != nil {
				t.Fatal(err)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			s := nginx.Stack()
			files, _ := stack.Generate(&s, site, stack.Options{})
			texts := map[string]string{}
			for _, f := range files {
				texts[f.Path] = f.Text
			}
			for _, f := range s.Lint.Judge(project(s, texts)) {
				if f.Severity.AtLeast(report.Warning) && !intended(f.Rule) {
					t.Errorf("got %s for what was generated:\n%s", told([]report.Finding{f}), texts[f.File])
				}
			}
		})
	}
}

// intended reports whether a rule is about what a policy may ask for: the policy file has warned of it already.
func intended(rule string) bool {
	switch rule {
	case "reflected-origin", "null-origin", "insecure-origin", "development-origin", "shared-hosting":
		return true
	}
	return false
}

func TestSyntax(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"fine", "server { listen 80; }\n", ""},
		{"quotes and escapes", `server { add_header X "a;{}# \" b" always; add_header Y 'it\'s'; }` + "\n", ""},
		{"brace within a word", "server { location ~ ^/a$ { return 200 x}y; } }\n", ""},
		{"variable in braces", "server { set $x ${a}b; }\n", ""},
		{"missing semicolon", "server {\n  listen 80\n}\n", "site.conf:3:1: listen has no \";\" before \"}\", so nginx does not start\n"},
		{"block not closed", "server {\n  location / {\n", "site.conf:2:3: the block of location is not closed before the file ends, so nginx does not start\n"},
		{"brace too many", "server { listen 80; }\n}\n", "site.conf:2:1: \"}\" closes no block, so nginx does not start\n"},
		{"quote not closed", "server {\n  add_header X \"a;\n}\n", "site.conf:2:16: the quote is not closed before the file ends, so nginx does not start\n"},
		{"text after a quote", "server { add_header X \"a\"b; }\n", "site.conf:1:23: 'b' follows a closing quote without a space, so nginx does not start\n"},
		{"no name", "server { ; { listen 80; } }\n", "site.conf:1:10: \";\" ends no directive, so nginx does not start\n" +
			"site.conf:1:12: \"{\" begins a block without a name, so nginx does not start\n"},
		{"deep", strings.Repeat("a {", 100) + strings.Repeat("}", 100) + " server { listen 80; }\n",
			"site.conf:1:195: blocks stand more than 64 deep in each other: this one is not read\n"},
		{"columns are characters", "server { add_header X \"é\"; ; }\n", "site.conf:1:28: \";\" ends no directive, so nginx does not start\n"},
		{"Lua", "server { content_by_lua_block { local s = \"}\" -- }\n --[[ } ]] } listen 80; }\n", ""},
		{"Lua not closed", "server { content_by_lua_block { if a then\n", "site.conf:1:10: the block of content_by_lua_block is not closed before the file ends, so nginx does not start\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, f := range nginx.Stack().Lint.JudgeText(test.text) {
				if f.Rule == "nginx-syntax" {
					got += fmt.Sprintf("%s:%d:%d: %s\n", f.File, f.Line, f.Column, f.Message)
				}
			}
			if got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

func TestIncludes(t *testing.T) {
	s := nginx.Stack()
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"itself", map[string]string{"a.conf": "server { include a.conf; add_header Access-Control-Allow-Origin null; }\n"},
			"a.conf:1:65: warning null-origin\n"},
		{"circle", map[string]string{
			"a.conf": "server_name x; include b.conf;\n",
			"b.conf": "server_name y; include a.conf;\n",
		}, "b.conf:1:16: error nginx-syntax\n"},
		{"outside of the project", map[string]string{"conf/a.conf": "server { listen 80; include ../../../etc/passwd; include /etc/shadow; }\n"}, ""},
		{"once, in its place", map[string]string{
			"a.conf":     "server { location / { include sub/b.conf; proxy_pass http://x; proxy_hide_header access-control-allow-origin; } }\n",
			"sub/b.conf": "add_header Access-Control-Allow-Origin https://a.example;\n",
		}, "sub/b.conf:1:1: warning nginx-always-missing\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := told(s.Lint.Judge(project(s, test.files))); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

// FuzzJudge looks for texts on which the reader or a rule fails, or that take long.
func FuzzJudge(f *testing.F) {
	s := nginx.Stack()
	for _, r := range s.Lint.Rules {
		f.Add(r.Before)
		f.Add(r.After)
	}
	f.Add("init_by_lua_block { a = [==[ } ]==] }\nserver { if ($a = \"\") { set $b $a; } set $a $b; add_header Access-Control-Allow-Origin $a; }")
	f.Add("server { error_page; location; location { add_header Access-Control-Allow-Origin a always; error_page; proxy_pass; } if; map; set; return; }")
	f.Add("map $a $b { default $c; } map $b $c { ~*x $b; include site.conf; } {{ x }} {% y %}")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, finding := range s.Lint.JudgeText(text) {
			if finding.Line < 1 || finding.Line > lines || finding.Column < 1 || finding.Message == "" || finding.Fix == "" {
				t.Errorf("got %+v in %d lines", finding, lines)
			}
		}
	})
}
