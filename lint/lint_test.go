package lint_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/lint"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

const (
	fine  = "server {\n    listen 80;\n}\n"
	wrong = "location / {\n    add_header Access-Control-Allow-Origin null always;\n}\n"
)

// write writes files below a new folder, and goes there.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// run judges paths and returns the findings, one a line.
func run(t *testing.T, paths ...string) string {
	t.Helper()
	result, err := lint.Run(t.Context(), paths, lint.Options{Stacks: all.Stacks()})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range result.Findings {
		fmt.Fprintf(&b, "%s:%d:%d: %s %s\n", f.File, f.Line, f.Column, f.Severity, f.Rule)
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	write(t, map[string]string{
		"a.conf":                       wrong,
		"deploy/site/nginx.conf":       wrong,
		"deploy/sites-available/site":  wrong,
		"node_modules/x/nginx.conf":    wrong,
		"web/dist/nginx.conf":          wrong,
		"README.md":                    wrong,
		"apache.conf":                  "<Location />\n  Header set Access-Control-Allow-Origin null\n</Location>\n",
		"binary.conf":                  wrong + "\x00",
		"long.conf":                    wrong + strings.Repeat("# nothing\n", 200_000),
		"outside/secret.conf":          wrong,
		"inside/ok.conf":               fine,
		"inside/node_modules/own.conf": wrong,
	})
	for link, target := range map[string]string{"inside/out.conf": "../outside/secret.conf", "inside/up": ".."} {
		if err := os.Symlink(target, filepath.FromSlash(link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	for _, test := range []struct{ name, paths, want string }{
		{"a folder", ".", "a.conf:2:44: warning null-origin\ndeploy/site/nginx.conf:2:44: warning null-origin\ndeploy/sites-available/site:2:44: warning null-origin\n" +
			"long.conf:0:0: info file-too-long\noutside/secret.conf:2:44: warning null-origin\n"},
		{"files and folders, twice", "a.conf ./a.conf deploy/site", "a.conf:2:44: warning null-origin\ndeploy/site/nginx.conf:2:44: warning null-origin\n"},
		{"links lead nowhere", "inside", ""},
		{"what is named is read", "inside/node_modules", "inside/node_modules/own.conf:2:44: warning null-origin\n"},
		{"a link that is named", "inside/out.conf", "inside/out.conf:2:44: warning null-origin\n"},
		{"a link out of the folder that is named", "inside/up/a.conf", "inside/up/a.conf:2:44: warning null-origin\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, run(t, strings.Fields(test.paths)...)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if _, err := lint.Run(t.Context(), []string{"nowhere"}, lint.Options{}); err == nil {
		t.Error("a path that is not there is no error")
	}
}

func TestSuppressions(t *testing.T) {
	const line = "    add_header Access-Control-Allow-Origin null always;"
	for _, test := range []struct{ name, text, want string }{
		{"on the line", line + " # concors:ignore null-origin a kiosk\n", ""},
		{"above the line", "    # concors:ignore null-origin a kiosk\n    # and more of it\n" + line + "\n", ""},
		{"several", "    # concors:ignore null-origin,origin-list a kiosk\n" + line + "\n", ""},
		{"another rule", line + " # concors:ignore origin-list a kiosk\n", "site.conf:2:44: warning null-origin\nsite.conf:2:57: warning suppression\n"},
		{"no reason", line + " # concors:ignore null-origin\n", "site.conf:2:44: warning null-origin\nsite.conf:2:57: warning suppression\n"},
		{"no rule", line + " # concors:ignore\n", "site.conf:2:44: warning null-origin\nsite.conf:2:57: warning suppression\n"},
		{"nothing to suppress", "    # concors:ignore null-origin it was here\n    root .;\n", "site.conf:2:5: warning suppression\n"},
		{"another line", "    # concors:ignore null-origin a kiosk\n    root .;\n" + line + "\n", "site.conf:2:5: warning suppression\nsite.conf:4:44: warning null-origin\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, map[string]string{"site.conf": "location / {\n" + test.text + "}\n"})
			if diff := cmp.Diff(test.want, run(t, ".")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTime(t *testing.T) {
	write(t, map[string]string{"a.conf": wrong})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	result, err := lint.Run(ctx, []string{"."}, lint.Options{Stacks: all.Stacks()})
	if err != nil || len(result.Findings) != 1 || result.Findings[0].Rule != "incomplete" || result.Incomplete == "" {
		t.Errorf("got %+v, %v, want a finding that says that the time was over", result, err)
	}
}

// A stack that fails to be there must not be asked.
func TestStackWithoutLinter(t *testing.T) {
	write(t, map[string]string{"a.conf": wrong})
	result, err := lint.Run(t.Context(), []string{"."}, lint.Options{Stacks: []stack.Stack{{ID: "none"}}})
	if err != nil || len(result.Findings) > 0 || result.Read > 0 {
		t.Errorf("got %+v, %v, want nothing", result, err)
	}
}

// A proxy and an application of one project that both let pages in are told of, the nearest application first.
func TestBothLayers(t *testing.T) {
	const proxy = "location / {\n    add_header Access-Control-Allow-Origin https://a.example always;\n    proxy_pass http://a;\n}\n"
	write(t, map[string]string{
		"shop/nginx.conf": proxy, "shop/server.app": "", "blog/server.app": "",
		"hidden/nginx.conf": strings.Replace(proxy, "proxy_pass", "proxy_hide_header Access-Control-Allow-Origin; proxy_pass", 1),
	})
	application := stack.Stack{ID: "app", Name: "App", Lint: &stack.Linter{
		MayBe: func(name string) bool { return strings.HasSuffix(name, ".app") },
		Is:    func(string, []byte) bool { return true },
		Read:  func(tree *stack.Tree) (any, []report.Finding) { return tree.Own(), nil },
		Layers: func(subject any) []stack.Layer {
			var list []stack.Layer
			for _, name := range subject.([]string) {
				list = append(list, stack.Layer{At: stack.Position{File: name, Line: 7, Column: 1}})
			}
			return list
		},
	}}
	result, err := lint.Run(t.Context(), []string{"."}, lint.Options{Stacks: append(all.Stacks(), application)})
	if err != nil {
		t.Fatal(err)
	}
	var got []report.Finding
	for _, f := range result.Findings {
		if f.Rule == "both-layers" {
			got = append(got, f)
		}
	}
	if len(got) != 1 || got[0].File != "shop/nginx.conf" || got[0].Line != 2 || !strings.Contains(got[0].Message, "App does in shop/server.app:7") {
		t.Errorf("got %+v, want one in line 2 of shop/nginx.conf, about shop/server.app", got)
	}
}

// BenchmarkProject looks at a project of ten thousand files, some of them configuration.
func BenchmarkProject(b *testing.B) {
	files := map[string]string{}
	for i := range 10_000 {
		name := fmt.Sprintf("dir%d/sub%d/file%d", i%50, i%7, i)
		switch i % 20 {
		case 0:
			files[name+".conf"] = strings.Repeat(wrong, 20)
		default:
			files[name+".js"] = strings.Repeat("const a = 1;\n", 100)
		}
	}
	dir := b.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := lint.Run(b.Context(), []string{dir}, lint.Options{Stacks: all.Stacks()}); err != nil {
			b.Fatal(err)
		}
	}
}
