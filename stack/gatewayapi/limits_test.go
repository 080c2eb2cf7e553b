package gatewayapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/gatewayapi"
)

func generate(t *testing.T, text string) ([]stack.File, []report.Finding) {
	t.Helper()
	f, findings := policyfile.Load("concors.yaml", []byte(text), policyfile.Options{})
	if f == nil {
		t.Fatalf("got findings %+v", findings)
	}
	site, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	s := gatewayapi.Stack()
	return stack.Generate(&s, site, stack.Options{})
}

// many are items of a flow sequence.
func many(n int, format string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(format, i))
	}
	return strings.Join(list, ", ")
}

// TestLimits: what the API server would turn away is told, with its place.
func TestLimits(t *testing.T) {
	policy := func(text string) string { return "version: 1\npolicies:\n  app: {" + text + "}\n" }
	route := func(text string) string {
		return policy("origins: [https://app.example]") + "routes:\n  - {policy: app, " + text + "}\n"
	}
	for _, row := range []struct{ name, text, want string }{
		{"as many origins as there can be", policy("origins: [" + many(64, "https://a%d.example") + "]"), ""},
		{"one more", policy("origins: [" + many(65, "https://a%d.example") + "]"), "policy app, 65 of them,"},
		{"an address", policy(`origins: ["http://[::1]:3000"]`), `"http://[::1]:3000"`},
		{"an underscore in a host", policy("origins: [https://a_b.example]"), `"https://a_b.example"`},
		{"a method without a name there", policy("origins: [https://a.example], methods: [PROPFIND]"), `"PROPFIND"`},
		{"too many request headers", policy("origins: [https://a.example], request_headers: [" + many(65, "X-%d") + "]"), "policy app, 65 of them,"},
		{"too many response headers", policy("origins: [https://a.example], response_headers: [" + many(65, "X-%d") + "]"), "policy app, 65 of them,"},
		{"a long header", policy("origins: [https://a.example], response_headers: [" + strings.Repeat("x", 257) + "]"), "256 characters"},
		{"a host", route("path: /, host: a-b.example"), ""},
		{"a host that is an address", route("path: /, host: 192.0.2.1"), "the host 192.0.2.1"},
		{"a path that has to be encoded", route("path: /a%20b/"), "the route /a%20b/"},
		{"a redirect", route("path: /, redirect: https://b.example/"), "the route / is a redirect"},
	} {
		t.Run(row.name, func(t *testing.T) {
			files, findings := generate(t, row.text)
			told := fmt.Sprint(findings)
			if (len(files) == 0) != (row.want != "") || !strings.Contains(told, row.want) {
				t.Errorf("got %d files and %s, want an error with %q, or a file without one", len(files), told, row.want)
			}
		})
	}
}

// TestBackends: an upstream is a Service by its name in the cluster, and otherwise something to fill in.
func TestBackends(t *testing.T) {
	for _, row := range []struct{ upstream, want, warning string }{
		{"http://users", "        - name: \"users\"\n          port: 80\n", ""},
		{"http://users:8080", "        - name: \"users\"\n          port: 8080\n", ""},
		{"http://users.prod.svc.cluster.local:8080", "        - name: \"users\"\n          namespace: \"prod\" # ", ""},
		{"http://127.0.0.1:3000", "        - name: app # your Service for http://127.0.0.1:3000\n          port: 3000\n", "has not the name of a Service"},
		{"http://localhost:3000", "        - name: app # your Service for http://localhost:3000\n", "has not the name of a Service"},
		{"http://users.example", "        - name: app # your Service for http://users.example\n          port: 80\n", "has not the name of a Service"},
		{"https://users", "        - name: \"users\"\n          port: 443\n", "BackendTLSPolicy"},
	} {
		t.Run(row.upstream, func(t *testing.T) {
			files, findings := generate(t, "version: 1\npolicies:\n  app: {origins: [https://app.example]}\nroutes:\n  - {path: /, policy: app, upstream: \""+row.upstream+"\"}\n")
			if len(files) != 1 || !strings.Contains(files[0].Text, row.want) {
				t.Errorf("got %+v, want %q in the file", files, row.want)
			}
			if told := fmt.Sprint(findings); (len(findings) > 0) != (row.warning != "") || !strings.Contains(told, row.warning) {
				t.Errorf("got findings %s, want %q", told, row.warning)
			}
		})
	}
}
