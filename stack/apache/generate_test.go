package apache_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/apache"
)

// generate generates for a policy app and these routes.
func generate(t *testing.T, routes string) (string, string) {
	t.Helper()
	text := "version: 1\npolicies: {app: {origins: [https://app.example], methods: [PUT]}}\nroutes:\n" + routes
	f, findings := policyfile.Load("concors.yaml", []byte(text), policyfile.Options{})
	if f == nil {
		t.Fatalf("got findings %+v", findings)
	}
	site, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	s := apache.Stack()
	files, findings := stack.Generate(&s, site, stack.Options{})
	var all, messages strings.Builder
	for _, f := range files {
		all.WriteString(f.Text)
	}
	for _, f := range findings {
		messages.WriteString(f.Message + "\n")
	}
	return all.String(), messages.String()
}

// TestRefused: what Apache would do otherwise than a route says gives no file.
func TestRefused(t *testing.T) {
	for _, row := range []struct{ name, routes, want string }{
		{"a certificate and another Host", `  - {path: /, policy: app, upstream: "https://127.0.0.1:8443"}`, "holds the certificate of a server behind it to the Host"},
		{"two authorities", `
  - {path: /a/, policy: app, upstream: {to: ["https://a.example"], own_host: true, ca: /a.pem}}
  - {path: /, policy: app, upstream: {to: ["https://b.example"], own_host: true, ca: /b.pem}}
`, "not both"},
		{"other servers by method", `
  - {path: /, methods: [GET], policy: app, upstream: "http://127.0.0.1:1"}
  - {path: /, policy: app, upstream: "http://127.0.0.1:2"}
`, "cannot express policies by method"},
		{"a fallback for a part", `  - {path: /a/, files: {root: /srv, fallback: index.html}}`, "the fallback of the route /a/"},
		{"a variable of the configuration", `  - {path: /, files: {root: "/srv/$${HOME}"}}`, "has something in it"},
		{"a folder that is a pattern", `  - {path: /, files: {root: "/srv/a*"}}`, "would be a pattern"},
		{"a redirect by the path", `  - {path: /, redirect: {to: "https://b.example{path}", status: 302}}`, "has a part of the request in it"},
		{"two slashes", `  - {path: /a//b, policy: app, upstream: "http://127.0.0.1:1"}`, "which the route /a//b asks for"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, messages := generate(t, row.routes)
			if text != "" || !strings.Contains(messages, row.want) {
				t.Errorf("got %q and findings %q, want none, and %q among the findings", text, messages, row.want)
			}
		})
	}
}

// TestAnswers: who answers is written once, in the order in which it is tried.
func TestAnswers(t *testing.T) {
	for _, row := range []struct{ name, routes, want string }{
		{"one server for all", `
  - {path: /a/, policy: app, upstream: "http://127.0.0.1:1"}
  - {path: /, upstream: "http://127.0.0.1:1"}
`, `
    # The first that takes the path. With nocanon it goes on as it came.
    ProxyPass / "http://127.0.0.1:1/" nocanon
</VirtualHost>
`},
		{"a rule around servers", `
  - {path: /a/b, policy: app, upstream: "http://127.0.0.1:1"}
  - {path: /a/, redirect: {to: "https://b.example/?q=%41", status: 308}}
`, `
    # What is answered here; - [L] leaves the rest to those below.
    RewriteRule "^/a/b$" - [L]
    RewriteRule "^/a/" "https://b.example/?q=\%41" [R=308,NE,QSD,L]
    RewriteRule "^" - [R=404,L]

    # The first that takes the path. With nocanon it goes on as it came.
    ProxyPassMatch "^/a/b$" "http://127.0.0.1:1" nocanon
</VirtualHost>
`},
		{"methods that nobody takes", `  - {path: /, methods: [GET], policy: app, upstream: "http://127.0.0.1:1"}`, `
    # What is answered here; - [L] leaves the rest to those below.
    RewriteCond %{ENV:CORS_METHOD} !^(?:GET|HEAD)$
    RewriteRule "^" - [R=404,L]

    # The first that takes the path. With nocanon it goes on as it came.
    ProxyPass / "http://127.0.0.1:1/" nocanon
</VirtualHost>
`},
		{"files in a server in files", `
  - {path: /a/b/, files: /srv/b}
  - {path: /a/, policy: app, upstream: {to: ["http://127.0.0.1:1", "http://127.0.0.1:2"], balance: first}}
  - {path: /, files: {root: /srv/a, fallback: index.html}}
`, `
    # The first that takes the path. With nocanon it goes on as it came.
    ProxyPassMatch "^/a/b/" !
    ProxyPassMatch "^/a/" "balancer://concors-1" nocanon

    DocumentRoot "/srv/a"
    AliasMatch "^(/a/b/.*)$" "/srv/b$1"
    <Directory "/srv/b">
        # Otherwise a file .htaccess could change what is said here.
        AllowOverride None
        Require all granted
    </Directory>
    <Directory "/srv/a">
        # Otherwise a file .htaccess could change what is said here.
        AllowOverride None
        Require all granted
        FallbackResource "/index.html"
    </Directory>
</VirtualHost>
`},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, messages := generate(t, row.routes)
			if !strings.HasSuffix(text, row.want) {
				t.Errorf("got %s and findings %q, want it to end in %s", text, messages, row.want)
			}
		})
	}
}
