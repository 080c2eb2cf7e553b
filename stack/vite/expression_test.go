package vite_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/vite"
)

func TestGenerate(t *testing.T) {
	const front = "  - {path: /, files: x}\n"
	for _, row := range []struct{ name, routes, want, finding string }{
		{"one", "  - {path: /api/, upstream: \"http://a.example\"}\n", `'^/api/': {`, ""},
		{"a part of it", "  - {path: /api/, upstream: \"http://a.example\"}\n  - {path: /api/b/, upstream: \"http://a.example\", policy: app}\n", `'^/api/': {`, ""},
		{"another server inside", "  - {path: /api/, upstream: \"http://a.example\"}\n  - {path: /api/b, upstream: \"http://b.example\"}\n", `'^/api/b(?:[?]|$)': { '^/api/': {`, ""},
		{"files inside", "  - {path: /v1.0/, upstream: \"http://a.example\"}\n  - {path: /v1.0/docs/, files: x}\n", `'^/v1\\.0/(?!docs/)': {`, ""},
		{"several servers", "  - {path: /api/, upstream: [http://a.example, http://b.example]}\n", "", "several servers"},
		{"a redirect", "  - {path: /old, redirect: /new}\n  - {path: /api/, upstream: \"http://a.example\"}\n", "", "a redirect"},
		{"a path that is sent encoded", "  - {path: /a%20b/, upstream: \"http://a.example\"}\n", "", "other characters"},
		{"hosts", "  - {host: h.example, path: /api/, upstream: \"http://a.example\"}\n", "", "policies by host"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := "version: 1\npolicies:\n  app: {origins: [https://app.example]}\nroutes:\n" + front + row.routes
			f, problems := policyfile.Load("concors.yaml", []byte(text), policyfile.Options{})
			if f == nil {
				t.Fatalf("got findings %+v", problems)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			s := vite.Stack()
			files, findings := stack.Generate(&s, site, stack.Options{SameOrigin: true})
			if row.finding != "" {
				if len(files) > 0 || len(findings) == 0 || !strings.Contains(findings[0].Message, row.finding) {
					t.Errorf("got %d files and %+v, want an error about %q", len(files), findings, row.finding)
				}
				return
			}
			if len(files) != 1 {
				t.Fatalf("got %d files and %+v, want one", len(files), findings)
			}
			var got []string
			for line := range strings.Lines(files[0].Text) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "'^") {
					got = append(got, line)
				}
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
