package stack_test

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

func load(t *testing.T, text string) *policyfile.File {
	t.Helper()
	f, findings := policyfile.Load("concors.yaml", []byte(text), policyfile.Options{})
	if f == nil {
		t.Fatalf("got findings %+v", findings)
	}
	return f
}

// shown is a site in a few lines: host, path, methods, policy and who answers.
func shown(s *stack.Site) string {
	var b strings.Builder
	for _, h := range s.Hosts {
		for _, p := range h.Places {
			for _, r := range p.Rules {
				policy, answer := "off", "nobody"
				if r.Policy != nil {
					policy = r.Policy.Name
				}
				if r.Route != nil {
					answer = r.Route.Path
				}
				fmt.Fprintf(&b, "%q %s %v %s %s\n", h.Name, p.Path, r.Methods, policy, answer)
			}
		}
	}
	return b.String()
}

const twoPolicies = `version: 1
policies:
  a: {origins: [https://a.example]}
  b: {origins: [https://b.example]}
routes:
`

func TestNewSite(t *testing.T) {
	for _, row := range []struct{ name, text, policy, want string }{
		{"no routes", strings.TrimSuffix(twoPolicies, "routes:\n"), "b", "\"\" / [] b /\n"},
		{"a policy whatever the routes say", twoPolicies + "  - {path: /x/, policy: a}\n", "b", "\"\" / [] b /\n"},
		{"the longest path first", twoPolicies + "  - {path: /, policy: a}\n  - {path: /x/}\n  - {path: /x/y, policy: b}\n", "",
			"\"\" /x/y [] b /x/y\n\"\" /x/ [] off /x/\n\"\" / [] a /\n"},
		{"methods", twoPolicies + "  - {path: /x/, methods: [GET], policy: a}\n  - {path: /x/, methods: [PUT], policy: b}\n  - {path: /}\n", "",
			"\"\" /x/ [GET HEAD] a /x/\n\"\" /x/ [PUT] b /x/\n\"\" /x/ [] off /\n\"\" / [] off /\n"},
		{"methods that nobody takes", twoPolicies + "  - {path: /, methods: [GET], policy: a}\n", "", "\"\" / [GET HEAD] a /\n\"\" / [] off nobody\n"},
		{"a host has the routes of every host", twoPolicies + "  - {host: h.example, path: /x/, policy: a}\n  - {path: /y, policy: b}\n", "",
			"\"h.example\" /x/ [] a /x/\n\"h.example\" /y [] b /y\n\"\" /y [] b /y\n"},
		{"a host wins over a longer path", twoPolicies + "  - {host: h.example, path: /, policy: a}\n  - {path: /y, policy: b}\n", "",
			"\"h.example\" / [] a /\n\"\" /y [] b /y\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, err := stack.NewSite(load(t, row.text), row.policy)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(s); got != row.want {
				t.Errorf("got\n%swant\n%s", got, row.want)
			}
		})
	}
	if _, err := stack.NewSite(load(t, twoPolicies+"  - {path: /}\n"), "c"); err == nil {
		t.Error("got a site for a policy that is not there")
	}
}

// TestSiteRoutes: for every request the first place and rule that take it are those of the route that the file finds.
func TestSiteRoutes(t *testing.T) {
	f := load(t, twoPolicies+`
  - {path: /, methods: [GET], policy: a}
  - {path: /x/, policy: b}
  - {path: /x/y, methods: [PUT, DELETE], policy: a}
  - {path: /x/y/, methods: [GET], policy: none}
  - {host: h.example, path: /x/, methods: [POST], policy: a}
  - {host: h.example, path: /z, policy: b}
`)
	s, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range s.Hosts {
		for _, path := range []string{"/", "/a", "/x", "/x/", "/x/y", "/x/y/", "/x/y/z", "/x/z", "/z", "/z/"} {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "get"} {
				want := f.Route(h.Name, path, method, nil)
				var got *policyfile.Route
				if p := h.Place(path); p != nil {
					got = ruleFor(p, method).Route
				}
				if got != want {
					t.Errorf("%s %s on %q: got %+v, want %+v", method, path, h.Name, got, want)
				}
			}
		}
	}
}

func ruleFor(p *stack.Place, method string) stack.Rule {
	for _, r := range p.Rules[:len(p.Rules)-1] {
		for _, m := range r.Methods {
			if m == method {
				return r
			}
		}
	}
	return p.Rules[len(p.Rules)-1]
}

// TestOmitted: what only the gateway does is told, and refused where a server without it would let more through.
func TestOmitted(t *testing.T) {
	f := load(t, twoPolicies+"  - {path: /, policy: a}\n")
	for _, row := range []struct {
		name   string
		change func(*policyfile.Route)
		want   report.Severity
	}{
		{"authentication", func(r *policyfile.Route) { r.BasicAuth = []policyfile.Account{{Name: "a"}} }, report.Error},
		{"enforcement", func(r *policyfile.Route) { r.Enforce = true }, report.Error},
		{"headers of the upstream", func(r *policyfile.Route) { r.UpstreamCORS = policyfile.Trust }, report.Error},
		{"a strange host", func(r *policyfile.Route) { r.Host = "~a;b" }, report.Error},
		{"compression", func(r *policyfile.Route) { r.Compress = true }, report.Warning},
		{"a check of WebSockets", func(r *policyfile.Route) { r.WebSocket = policyfile.CheckWebSocket }, report.Error},
		{"cached files", func(r *policyfile.Route) { r.Files = &policyfile.Files{Root: "x", MaxAge: time.Hour} }, report.Warning},
		{"health checks", func(r *policyfile.Route) { r.Upstream = &policyfile.Upstream{Health: &policyfile.HealthCheck{}} }, report.Warning},
		{"retries", func(r *policyfile.Route) { r.Upstream = &policyfile.Upstream{Retries: 1} }, report.Warning},
		{"a time limit", func(r *policyfile.Route) { r.Upstream = &policyfile.Upstream{Response: time.Second} }, report.Warning},
	} {
		t.Run(row.name, func(t *testing.T) {
			old := f.Routes[0]
			defer func() { f.Routes[0] = old }()
			row.change(&f.Routes[0])
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			files, findings := stack.Generate(able(), site, stack.Options{})
			if len(findings) != 1 || findings[0].Severity != row.want || (len(files) == 0) != (row.want == report.Error) {
				t.Errorf("got %d files and %+v, want one finding of severity %s", len(files), findings, row.want)
			}
		})
	}
}

// able is a stack that can express everything.
func able() *stack.Stack {
	s := stack.Stack{ID: "x", Name: "X", Facts: stack.Facts{Links: []string{"https://x.example"}, Variants: []stack.Variant{{}}}}
	for _, feature := range stack.Features() {
		s.Facts.Variants[0].Facts = append(s.Facts.Variants[0].Facts, stack.Fact{Feature: feature, Ability: stack.Native})
	}
	s.Write = func(*stack.Site, stack.Options) ([]stack.File, []report.Finding) {
		return []stack.File{{Path: "x"}}, nil
	}
	return &s
}

// TestUnserved: each key below gateway is named, for it is in no generated configuration.
func TestUnserved(t *testing.T) {
	rows := []struct {
		key    string
		change func(*policyfile.Gateway)
	}{
		{"listen", func(g *policyfile.Gateway) { g.Listen = []string{":8080"} }},
		{"tls", func(g *policyfile.Gateway) { g.TLS = &policyfile.TLS{Local: true} }},
		{"admin", func(g *policyfile.Gateway) { g.Admin = "127.0.0.1:2019" }},
		{"metrics", func(g *policyfile.Gateway) { g.Metrics = "127.0.0.1:9090" }},
		{"health", func(g *policyfile.Gateway) { g.Health = "127.0.0.1:9091" }},
		{"storage", func(g *policyfile.Gateway) { g.Storage = "state" }},
		{"trusted_proxies", func(g *policyfile.Gateway) { g.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }},
		{"access_log", func(g *policyfile.Gateway) { g.AccessLog = "stdout" }},
		{"tracing", func(g *policyfile.Gateway) { g.Tracing = true }},
		{"drain", func(g *policyfile.Gateway) { g.Drain = time.Second }},
		{"limits", func(g *policyfile.Gateway) { g.Limits.Idle = time.Second }},
	}
	if n := reflect.TypeFor[policyfile.Gateway]().NumField(); n != len(rows) {
		t.Errorf("got %d rows, want one for each of the %d keys", len(rows), n)
	}
	f := load(t, twoPolicies+"  - {path: /, policy: a}\n")
	for _, row := range rows {
		for _, policy := range []string{"", "b"} {
			t.Run(row.key+policy, func(t *testing.T) {
				defer func() { f.Gateway = policyfile.Gateway{} }()
				row.change(&f.Gateway)
				site, err := stack.NewSite(f, policy)
				if err != nil {
					t.Fatal(err)
				}
				_, findings := stack.Generate(able(), site, stack.Options{})
				if len(findings) != 1 || findings[0].Severity != report.Warning || !strings.HasSuffix(findings[0].Message, ": "+row.key) {
					t.Errorf("got findings %+v, want a warning that names %s", findings, row.key)
				}
			})
		}
	}
}
