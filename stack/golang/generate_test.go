package golang_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/golang"
	"github.com/concors/concors/stack/stacktest"
)

// TestConfig: what a policy dares stays in the configuration, without which the program would not start.
func TestConfig(t *testing.T) {
	s := golang.Stack()
	for _, row := range []struct{ name, policy, want string }{
		{"hours", "origins: [https://app.example], max_age: 2h", "MaxAge:  2 * time.Hour,"},
		{"an hour", "origins: [https://app.example], max_age: 1h", "MaxAge:  time.Hour,"},
		{"minutes", "origins: [https://app.example], max_age: 90m", "MaxAge:  90 * time.Minute,"},
		{"seconds", "origins: [https://app.example], max_age: 61", "MaxAge:  61 * time.Second,"},
		{"not kept", "origins: [https://app.example], max_age: 0", "MaxAge:  cors.NoPreflightCache,"},
		{"null", "origins: [https://app.example], dangerously_allow_null: true", "DangerouslyAllowNull: true,"},
		{"HTTP", "origins: [http://app.example], credentials: true, dangerously_allow_insecure_origins: true", "DangerouslyAllowInsecureOrigins: true,"},
		{
			"a public suffix", `origins: ["https://*.vercel.app"], credentials: true, dangerously_allow_public_suffixes: [vercel.app]`,
			`DangerouslyAllowPublicSuffixes: []string{"vercel.app"},`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, err := stacktest.Sample{Name: row.name, Text: "version: 1\npolicies:\n  app: {" + row.policy + "}\n"}.Load("", "")
			if err != nil {
				t.Fatal(err)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			files, findings := stack.Generate(&s, site, stack.Options{})
			if len(files) != 1 || !strings.Contains(files[0].Text, row.want) {
				t.Errorf("got %+v, %+v, want a file with %s", files, findings, row.want)
			}
		})
	}
}

// TestHosts: a host without a route has no policy.
func TestHosts(t *testing.T) {
	s := golang.Stack()
	f, err := stacktest.Sample{Name: "hosts", Text: "version: 1\npolicies:\n  app: {origins: [https://app.example]}\nroutes:\n  - {host: a.example, path: /, policy: app}\n"}.Load("", "")
	if err != nil {
		t.Fatal(err)
	}
	site, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	files, findings := stack.Generate(&s, site, stack.Options{})
	const want = "\tif hostOf(r) == \"a.example\" {\n\t\treturn \"app\"\n\t}\n\treturn \"none\"\n"
	if len(files) != 1 || !strings.Contains(files[0].Text, want) {
		t.Errorf("got %+v, %+v, want a file with:\n%s", files, findings, want)
	}
}
