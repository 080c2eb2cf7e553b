package stacks_test

import (
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/caddy"
	"github.com/concors/concors/stack/stacktest"
)

// TestCaddySnippets: a site that imports what is generated for routes without an answerer does what the policy says, too.
func TestCaddySnippets(t *testing.T) {
	s := caddy.Stack()
	for _, sample := range append(stacktest.Samples(), stacktest.Unusual()...) {
		if sample.Name == "headers" { // which Caddy cannot express, and says so
			continue
		}
		t.Run(sample.Name, func(t *testing.T) {
			application := httptest.NewServer(stacks.Application())
			t.Cleanup(application.Close)
			sample.Text = strings.ReplaceAll(sample.Text, `, upstream: "${UPSTREAM}"`, "")
			f, err := sample.Load(application.URL, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			files, findings := stack.Generate(&s, site, stack.Options{})
			if report.Any(findings, report.Error) {
				t.Fatalf("got findings %+v, want none", findings)
			}
			config, err := stacks.Config(&s, files)
			if err != nil {
				t.Fatal(err)
			}
			// As the head of the file says. What stands after the import sees no preflight.
			config.Files["site.caddyfile"] = `http://:@PORT@ {
	bind @HOST@
	route {
		import cors
		@locked path */unknown
		basic_auth @locked {
			nobody $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
		}
		reverse_proxy ` + application.URL + ` {
			import cors_upstream
		}
	}
}
`
			checkVerified(t, f, server.Start(t, config))
		})
	}
}

// TestCaddyFormat: caddy fmt, which many run on all they have, finds nothing to do. What it does to some quotes changes them.
func TestCaddyFormat(t *testing.T) {
	server.Require(t, server.Caddy)
	program := filepath.Join("..", "..", ".bin", "caddy")
	s := caddy.Stack()
	for _, sample := range append(append(stacktest.Samples(), stacktest.Unusual()...), stacktest.Hostile()...) {
		t.Run(sample.Name, func(t *testing.T) {
			f, err := sample.Load("http://127.0.0.1:3000", t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			files, _ := stack.Generate(&s, site, stack.Options{})
			for _, f := range files {
				cmd := exec.CommandContext(t.Context(), program, "fmt", "-")
				cmd.Stdin = strings.NewReader(f.Text)
				formatted, err := cmd.Output() // which is an error where it changes something
				if got := string(formatted); got != f.Text {
					t.Errorf("got from caddy fmt (%v):\n%s\nwant what it was given:\n%s", err, got, f.Text)
				}
			}
		})
	}
}
