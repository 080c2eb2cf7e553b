package stacks_test

import (
	"net/http/httptest"
	"strings"
	"testing"

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
			hold(t, wireTo(t, config), f)
		})
	}
}
