package caddy_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/caddy"
	"github.com/concors/concors/stack/stacktest"
)

// TestRoutes: what a route says of its answer is written, or refused.
func TestRoutes(t *testing.T) {
	s := caddy.Stack()
	for _, row := range []struct{ name, route, listen, want, refused string }{
		{"listens on HTTP", `path: /, upstream: "http://a.example"`, "127.0.0.1:8080", "http://:8080 {\n\tbind 127.0.0.1\n", ""},
		{"listens on a port", `host: b.example, path: /, upstream: "http://a.example"`, "8080", "http://b.example:8080 {\n\t#", ""},
		{"leaves other hosts alone", `host: b.example, path: /, upstream: "http://a.example"`, "8080", "http://:8080 {\n\t# Without it a request for no site would get 200.\n\trespond 404\n}\n", ""},
		{"has a name", `host: b.example, path: /, upstream: "http://a.example"`, "", "\nb.example {\n", ""},
		{"sends the host", `path: /, upstream: "https://a.example"`, "", "header_up Host {hostport}\n", ""},
		{"sends the server's host", `path: /, upstream: {to: "https://a.example", own_host: true}`, "", "header_up Host {rp.upstream.host}\n", ""},
		{"with its port", `path: /, upstream: {to: "https://a.example:8443", own_host: true}`, "", "header_up Host {upstream_hostport}\n", ""},
		{"takes turns", `path: /, upstream: ["http://a.example", "http://b.example"]`, "", "reverse_proxy http://a.example http://b.example {\n\t\t\timport cors_upstream\n\t\t\tlb_policy round_robin\n", ""},
		{"a folder", `path: /, files: {root: "/srv/my app", fallback: index.html}`, "", "root * \"/srv/my app\"\n\t\ttry_files {path} /index.html\n\t\tfile_server\n", ""},
		{"a redirect", `path: /old, redirect: {to: "https://b.example/x?y", status: 308}`, "", "redir \"https://b.example/x?y\" 308\n", ""},
		{"a redirect with a placeholder", `path: /old, redirect: {to: "https://b.example{path}", status: 308}`, "", "", "{path}"},
		{"a folder with a placeholder", `path: /, files: "/srv/{env.HOME}"`, "", "", "{env.HOME}"},
	} {
		t.Run(row.name, func(t *testing.T) {
			sample := stacktest.Sample{Name: row.name, Text: "version: 1\npolicies:\n  app:\n    origins: [https://app.example]\nroutes:\n  - {policy: app, " + row.route + "}\n"}
			f, err := sample.Load("", "")
			if err != nil {
				t.Fatal(err)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			files, findings := stack.Generate(&s, site, stack.Options{Listen: row.listen})
			if row.refused != "" {
				if len(files) > 0 || len(findings) != 1 || findings[0].Severity != report.Error || !strings.Contains(findings[0].Message, row.refused) {
					t.Errorf("got %d files and findings %+v, want one error that names %s", len(files), findings, row.refused)
				}
				return
			}
			if len(files) != 1 || !strings.Contains(files[0].Text, row.want) {
				t.Errorf("got %+v, %+v, want a file with:\n%s", files, findings, row.want)
			}
		})
	}
}
