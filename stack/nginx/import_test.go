package nginx_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/nginx"
	"github.com/concors/concors/stack/stacktest"
)

// TestImportGenerated: what is generated from a policy file means that policy.
func TestImportGenerated(t *testing.T) {
	s := nginx.Stack()
	for _, sample := range append(stacktest.Samples(), stacktest.Unusual()...) {
		t.Run(sample.Name, func(t *testing.T) {
			want, err := sample.Load("http://127.0.0.1:3000", "http://127.0.0.1:4000")
			if err != nil {
				t.Fatal(err)
			}
			site, err := stack.NewSite(want, "")
			if err != nil {
				t.Fatal(err)
			}
			files, _ := stack.Generate(&s, site, stack.Options{})
			if len(files) == 0 {
				t.Skip("nginx cannot express it")
			}
			texts := map[string]string{}
			for _, f := range files {
				texts[f.Path] = f.Text
			}
			draft, findings := s.Lint.Import(project(s, texts))
			got, problems := policyfile.Load("imported.yaml", []byte(draft.Text()), policyfile.Options{})
			if got == nil {
				t.Fatalf("the file is not valid: %+v; findings %s\n%s", problems, told(findings), draft.Text())
			}
			if changes := policyfile.Diff(want, got).Changes; len(changes) > 0 && !report.Any(findings, report.Error) {
				t.Errorf("got %d changes, and findings %s\nthe first: %+v\n%s\n%s", len(changes), told(findings), changes[0], draft.Text(), sample.Text)
			}
		})
	}
}

func TestImport(t *testing.T) {
	s := nginx.Stack()
	for _, test := range []struct{ name, text, want, findings string }{
		{"as published", `server {
    server_name api.example.com;
    location /api/ {
        add_header Access-Control-Allow-Origin https://myapp.com;
        add_header Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS";
        add_header Access-Control-Allow-Headers "Content-Type, Authorization";
        add_header Access-Control-Max-Age 86400;
        if ($request_method = OPTIONS) { return 204; }
        proxy_pass http://localhost:3000;
    }
    location / { proxy_pass http://front; }
}
upstream front { server 10.0.0.1:8080; }
`, `version: 1
policies:
  api:
    origins: [https://myapp.com]
    methods: [PUT, DELETE]
    request_headers: [Content-Type, Authorization]
    max_age: 86400
routes:
  - path: /api/
    policy: api
    upstream: http://localhost:3000
  - path: /
    upstream: http://10.0.0.1:8080
`, ""},
		{"what cannot be said", `map $http_origin $a {
    "~^https://[a-z]+\.app\.example\.com$" $http_origin;
    "~example\.org" $http_origin;
    null $http_origin;
}
location /api {
    add_header Access-Control-Allow-Origin $a always;
    add_header Access-Control-Allow-Credentials true always;
}
location ~ \.json$ { add_header Access-Control-Allow-Origin *; }
`, `version: 1
policies:
  api:
    origins: ["https://*.app.example.com"]
    credentials: true
routes:
  - path: /api
    policy: api
  - path: /api/
    policy: api
`, "site.conf:2:5: warning import-wider\nsite.conf:3:5: error import-unread\nsite.conf:4:5: error import-unread\nsite.conf:10:1: error import-unread\n"},
		{"anybody", "location / { add_header Access-Control-Allow-Origin $http_origin; add_header Access-Control-Allow-Credentials true; }\n",
			"version: 1\npolicies:\n  site:\n    origins: [\"*\"]\n    credentials: true\n    dangerously_allow_any_origin_with_credentials: true\nroutes:\n  - path: /\n    policy: site\n",
			"site.conf:1:53: warning import-dangerous\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			draft, findings := s.Lint.Import(project(s, map[string]string{"site.conf": test.text}))
			report.Sort(findings)
			if diff := cmp.Diff(test.want, draft.Text()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.findings, told(findings)); diff != "" {
				t.Errorf("findings (-want +got)\n%s", diff)
			}
			if f, problems := policyfile.Load("imported.yaml", []byte(draft.Text()), policyfile.Options{}); f == nil {
				t.Errorf("the file is not valid: %+v", problems)
			}
		})
	}
}

// FuzzImport: whatever the configuration is, what is made of it can be parsed, and no text of it becomes a key.
func FuzzImport(f *testing.F) {
	s := nginx.Stack()
	for _, r := range s.Lint.Rules {
		f.Add(r.Before)
	}
	f.Add("location \"/a\\\": b\" { add_header Access-Control-Allow-Origin $http_origin; add_header Access-Control-Allow-Methods \"a b\"; proxy_pass http://a:1; }")
	f.Fuzz(func(t *testing.T, text string) {
		tree := stack.NewTree([]string{"site.conf"}, []string{"site.conf"}, func(string) ([]byte, error) { return []byte(text), nil })
		draft, _ := s.Lint.Import(tree)
		_, problems := policyfile.Load("imported.yaml", []byte(draft.Text()), policyfile.Options{})
		for _, p := range problems {
			if strings.HasPrefix(p.Rule, "yaml") || p.Rule == "unknown-key" {
				t.Errorf("%+v in\n%s", p, draft.Text())
			}
		}
	})
}
