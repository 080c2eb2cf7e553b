package policyfile_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// full loads the file that has every key of a gateway.
func full(t *testing.T, environment string) *policyfile.File {
	t.Helper()
	data, err := os.ReadFile("testdata/valid/gateway.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, findings := policyfile.Load("etc/concors.yaml", data, policyfile.Options{Env: environment})
	if f == nil {
		t.Fatal(lines(findings))
	}
	return f
}

func TestLoadGateway(t *testing.T) {
	at := func(name string) string { return filepath.FromSlash(name) }
	base := policyfile.Gateway{
		Listen: []string{":443", "[::1]:8443", "127.0.0.1:0"},
		TLS: &policyfile.TLS{
			ACME:         &policyfile.ACME{Email: "ops@example.com", Directory: "https://ca.example.com/dir", Root: at("etc/roots.pem")},
			RedirectFrom: ":80",
		},
		Admin: "localhost:2019", Metrics: "0.0.0.0:9090", Health: "[::1]:9091", Storage: at("etc/state"),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::1/128")},
		AccessLog:      at("etc/logs/access.log"), Tracing: true, Drain: 30 * time.Second,
		Limits: policyfile.Limits{ReadHeader: 500 * time.Millisecond, ReadBody: time.Minute, Write: 10 * time.Minute, Idle: 2 * time.Minute, HeaderBytes: 64 << 10},
	}
	dev, staging, own := base, base, base
	dev.Listen, dev.TLS, dev.AccessLog = []string{":8443"}, &policyfile.TLS{Local: true, HTTP3: true}, "stdout"
	staging.Listen, staging.TLS = []string{":8080"}, nil
	own.TLS = &policyfile.TLS{Certificate: at("etc/cert.pem"), Key: "/etc/key.pem", HTTP3: true}
	own.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32")}
	for _, row := range []struct {
		environment string
		want        policyfile.Gateway
	}{{"", base}, {"dev", dev}, {"staging", staging}, {"own", own}} {
		t.Run(row.environment, func(t *testing.T) {
			got := full(t, row.environment).Gateway
			if diff := cmp.Diff(row.want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestLoadAnswers(t *testing.T) {
	f := full(t, "")
	r := &f.Routes[0]
	hash := "y$12$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234"
	want := &policyfile.Route{
		Host: "www.example.com", Path: "/api/", PolicyName: "app", Environment: "staging", ShadowName: "next", Enforce: true,
		WebSocket: policyfile.PassWebSocket, UpstreamCORS: policyfile.Report,
		Upstream: &policyfile.Upstream{
			To: []string{"https://10.0.0.1:8443", "https://10.0.0.2"}, Balance: policyfile.LeastConn,
			Health:  &policyfile.HealthCheck{Path: "/healthz?full=1", Interval: 5 * time.Second, Timeout: 500 * time.Millisecond, Status: 204},
			Retries: 2, Connect: time.Second, Response: 30 * time.Second, OwnHost: true, CA: filepath.FromSlash("etc/ca.pem"),
		},
		BasicAuth:       []policyfile.Account{{Name: "alice", Hash: "$2" + hash}, {Name: "bob", Hash: "$2a" + hash[1:]}},
		ForwardAuth:     &policyfile.ForwardAuth{URL: "http://127.0.0.1:9091/verify?x=1", Copy: []string{"X-User", "X-Groups"}},
		MaxBody:         10 << 20,
		Compress:        true,
		RequestChanges:  policyfile.HeaderChanges{Set: header.List{{Name: "X-From", Value: "gateway"}, {Name: "X-Version", Value: "2"}}, Remove: []string{"Origin"}},
		ResponseChanges: policyfile.HeaderChanges{Set: header.List{{Name: "Strict-Transport-Security", Value: "max-age=63072000"}}, Remove: []string{"Server"}},
		Rewrite:         policyfile.Rewrite{Strip: "/api", Add: "/v1"},
	}
	exported := cmp.FilterPath(func(p cmp.Path) bool {
		field, ok := p.Last().(cmp.StructField)
		return ok && (field.Name() == "at" || field.Name() == "policyAt" || field.Name() == "Policy" || field.Name() == "Shadow")
	}, cmp.Ignore())
	if diff := cmp.Diff(want, r, exported); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := r.Policy.Config().Origins; len(got) != 1 || got[0] != "https://staging.example" {
		t.Errorf("got origins %v, want those of the environment", got)
	}
	if r.Shadow != f.Policies["next"] || f.Policies["app"].Config().Origins[0] != "https://app.example" {
		t.Error("an environment that a route names changes policies of others")
	}
	if got := f.Routes[1].Upstream.To; len(got) != 2 || f.Routes[1].MaxBody != 1000 {
		t.Errorf("got %v and %d bytes", got, f.Routes[1].MaxBody)
	}
	for i, want := range []policyfile.Files{{Root: filepath.FromSlash("etc/dist"), Fallback: "index.html", MaxAge: time.Hour}, {Root: "/srv/docs", Fallback: "errors/404.html"}} {
		if got := f.Routes[2+i].Files; got == nil || *got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	for i, want := range []policyfile.Redirect{{To: "https://www.example.com{path}?{query}", Status: 308}, {To: "/new{path}", Status: 307}} {
		if got := f.Routes[4+i].Redirect; got == nil || *got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// Whatever is wrong with the file, and wherever, a password in it is not told.
func TestPasswordsAreNotShown(t *testing.T) {
	const route = "routes:\n  - path: /\n    files: dist\n    basic_auth:\n"
	for _, row := range []struct{ name, text string }{
		{"a password", "      alice: hunter2\n"},
		{"in double quotes", "      alice: \"hunter2\"\n"},
		{"over several lines", "      alice: |\n        one\n        hunter2\n"},
		{"in a list", "      alice: [hunter2]\n"},
		{"in a mapping", "      alice: {password: hunter2}\n"},
		{"with a tag", "      alice: !!str hunter2\n"},
		{"an unknown key beside it", "      {alice: hunter2}\n    bogus: 1\n"},
		{"a list of accounts", "      - alice\n      - hunter2\n"},
		{"a text for all", "      alice:hunter2\n"},
		{"an alias", "      alice: *hunter2\n"},
		{"a character of YAML", "      alice: @hunter2\n"},
		{"a quote that does not end", "      alice: \"hunter2\n"},
		{"a colon too many", "      alice: bob: hunter2\n"},
		{"a key twice", "      alice: hunter2\n      alice: hunter2\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := app + route + row.text
			c, f := policyfile.Check("concors.yaml", []byte(text), policyfile.Options{})
			if f != nil {
				t.Fatal("the file is valid")
			}
			var b strings.Builder
			if err := c.WriteText(&b, report.Layout{Width: 100}); err != nil {
				t.Fatal(err)
			}
			if all := b.String() + lines(c.Findings); strings.Contains(all, "hunter") {
				t.Errorf("got\n%s", all)
			}
		})
	}
}
