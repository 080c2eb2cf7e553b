package nextjs_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/nextjs"
)

const policies = `version: 1
policies:
  app: {origins: [https://app.example]}
  other: {origins: [https://other.example]}
routes:
`

func generate(t *testing.T, routes string, o stack.Options) (text, findings string) {
	t.Helper()
	f, problems := policyfile.Load("concors.yaml", []byte(policies+routes), policyfile.Options{})
	if f == nil {
		t.Fatalf("got findings %+v", problems)
	}
	site, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	s := nextjs.Stack()
	files, list := stack.Generate(&s, site, o)
	for _, finding := range list {
		findings += string(finding.Severity) + ": " + finding.Message + "\n"
	}
	if len(files) > 0 {
		text = files[0].Text
	}
	return text, findings
}

// TestSources: entries all count, so each leaves out what others are for, and those that say the same are one.
func TestSources(t *testing.T) {
	headers := stack.Options{Variant: "headers"}
	rewrites := stack.Options{SameOrigin: true}
	const api = `"http://api.example:3000"`
	for _, row := range []struct {
		name, routes string
		options      stack.Options
		want         []string // lines
	}{
		{"one", "  - {path: /, policy: app}\n", headers, []string{"{ source: '/:path(.*)', policy: policies.app },"}},
		{"another inside", "  - {path: /a/, policy: app}\n  - {path: /a/b.c/, policy: other}\n  - {path: /a/d, policy: none}\n", headers, []string{
			"{ source: '/a/b.c/:path(.*)', policy: policies.other },",
			"{ source: `/a/:path((?!b\\\\.c/|d/?$|${disguised}).*)`, policy: policies.app },",
		}},
		{"a part that is the same", "  - {path: /, policy: app}\n  - {path: /a/, policy: app, files: x}\n", headers, []string{"{ source: '/:path(.*)', policy: policies.app },"}},
		{"covered by another part", "  - {path: /, policy: app}\n  - {path: /a/, policy: none}\n  - {path: /a/b/, policy: other}\n", headers, []string{
			"{ source: '/a/b/:path(.*)', policy: policies.other },",
			"{ source: `/:path((?!a/|${disguised}).*)`, policy: policies.app },",
		}},
		{"hosts", "  - {host: a.example, path: /, policy: app}\n  - {path: /, policy: other}\n", headers, []string{
			`{ source: '/:path(.*)', has: [{ type: 'host', value: 'a\\.example' }], policy: policies.app },`,
			`{ source: '/:path(.*)', missing: [{ type: 'host', value: 'a\\.example' }], policy: policies.other },`,
		}},
		{"rewrites", "  - {path: /, files: x}\n  - {path: /api/, upstream: " + api + "}\n  - {path: /api/docs/, files: x}\n  - {path: /status, upstream: " + api + "}\n", rewrites, []string{
			"{ source: '/status', destination: 'http://api.example:3000/status' },",
			"{ source: `/api/:path((?!docs/|${disguised}).*)`, destination: 'http://api.example:3000/api/:path' },",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, findings := generate(t, row.routes, row.options)
			var got []string
			for line := range strings.Lines(text) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "{ source: ") {
					got = append(got, line)
				}
			}
			if strings.Join(got, "\n") != strings.Join(row.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(row.want, "\n"), findings)
			}
		})
	}
}

// TestRefused: what entries of next.config have no word for gives no file.
func TestRefused(t *testing.T) {
	const front = "  - {path: /, files: x}\n"
	for _, row := range []struct {
		name, routes string
		options      stack.Options
		want         string // in a finding
	}{
		{"a path that is sent encoded", "  - {path: /a%20b/, policy: app}\n", stack.Options{Variant: "headers"}, "policies by path"},
		{"an address as host", "  - {host: \"[::1]\", path: /, policy: app}\n", stack.Options{Variant: "headers"}, "policies by host"},
		{"a method without a handler", "  - {path: /, methods: [PROPFIND], policy: app}\n", stack.Options{Variant: "route-handlers"}, `"PROPFIND"`},
		{"several servers", front + "  - {path: /api/, upstream: [http://a.example, http://b.example]}\n", stack.Options{SameOrigin: true}, "several servers"},
		{"an address of IPv6", front + "  - {path: /api/, upstream: \"http://[::1]:3000\"}\n", stack.Options{SameOrigin: true}, "IPv6"},
		{"a redirect", front + "  - {path: /old, redirect: /new}\n  - {path: /api/, upstream: \"http://a.example\"}\n", stack.Options{SameOrigin: true}, "a redirect"},
		{
			"servers by method", front + "  - {path: /api/, methods: [GET], upstream: \"http://a.example\"}\n  - {path: /api/, upstream: \"http://b.example\"}\n",
			stack.Options{SameOrigin: true}, "policies by method",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, findings := generate(t, row.routes, row.options)
			if text != "" || !strings.Contains(findings, "error: ") || !strings.Contains(findings, row.want) {
				t.Errorf("got findings %q and %q, want an error about %q and no file", findings, text, row.want)
			}
		})
	}
}
