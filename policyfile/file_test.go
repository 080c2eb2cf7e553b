package policyfile_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

const app = "version: 1\npolicies:\n  app:\n    origins: [https://app.example]\n"

func TestLoadPolicies(t *testing.T) {
	for _, row := range []struct {
		name, text, environment string
		want                    cors.Config
	}{
		{"the least", app, "", cors.Config{Origins: []string{"https://app.example"}}},
		{"everything", app + `    methods: [PUT]
    request_headers: [X-A]
    response_headers: [X-B]
    credentials: true
    max_age: 10m
    dangerously_allow_insecure_origins: true
    dangerously_allow_public_suffixes: [vercel.app]
    dangerously_allow_any_origin_with_credentials: true
`, "", cors.Config{
			Origins: []string{"https://app.example"}, Methods: []string{"PUT"}, RequestHeaders: []string{"X-A"}, ResponseHeaders: []string{"X-B"},
			Credentials: true, MaxAge: 10 * time.Minute, DangerouslyAllowInsecureOrigins: true, DangerouslyAllowPublicSuffixes: []string{"vercel.app"},
			DangerouslyAllowAnyOriginWithCredentials: true,
		}},
		{"seconds", app + "    max_age: 600\n", "", cors.Config{Origins: []string{"https://app.example"}, MaxAge: 10 * time.Minute}},
		{"no preflight cache", app + "    max_age: 0\n    dangerously_allow_null: true\n", "",
			cors.Config{Origins: []string{"https://app.example"}, MaxAge: cors.NoPreflightCache, DangerouslyAllowNull: true}},
		{"variables in values of every type", "version: 1\npolicies:\n  app:\n    origins:\n      - ${ORIGIN}:8443\n    credentials: ${YES}\n    max_age: ${AGE}\n", "",
			cors.Config{Origins: []string{"https://env.example:8443"}, Credentials: true, MaxAge: 10 * time.Minute}},
		{"an anchor and its alias", "version: 1\npolicies:\n  other:\n    origins: &o [https://app.example]\n  app:\n    origins: *o\n", "",
			cors.Config{Origins: []string{"https://app.example"}}},
		{"another environment", app + "environments: {dev: {policies: {app: {origins: [\"http://localhost:*\"]}}}}\n", "", cors.Config{Origins: []string{"https://app.example"}}},
		{"an environment", app + "    methods: [PUT]\n    max_age: 1h\nenvironments: {dev: {policies: {app: {origins: [\"http://localhost:*\"], max_age: 0}}}}\n", "dev",
			cors.Config{Origins: []string{"http://localhost:*"}, Methods: []string{"PUT"}, MaxAge: cors.NoPreflightCache}},
		{"a preset", app + "    preset: sse\n    methods: [PUT]\n    request_headers: [X-A, cache-control]\n", "",
			cors.Config{Origins: []string{"https://app.example"}, Methods: []string{"PUT", "GET"}, RequestHeaders: []string{"X-A", "cache-control", "Last-Event-ID"}}},
		{"a preset beside any", app + "    preset: mcp\n    request_headers: [\"*\", Authorization]\n    response_headers: [\"*\"]\n", "",
			cors.Config{Origins: []string{"https://app.example"}, Methods: []string{"GET", "POST", "DELETE"}, RequestHeaders: []string{"*", "Authorization"}, ResponseHeaders: []string{"*"}}},
		{"with CRLF and a byte order mark", "\xEF\xBB\xBF" + strings.ReplaceAll(app, "\n", "\r\n"), "", cors.Config{Origins: []string{"https://app.example"}}},
		{"in JSON", `{"version": 1, "policies": {"app": {"origins": ["https://app.example"]}}}`, "", cors.Config{Origins: []string{"https://app.example"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, findings := load(row.text, row.environment)
			if f == nil {
				t.Fatalf("the file is not valid:\n%s", lines(findings))
			}
			if diff := cmp.Diff(row.want, f.Policies["app"].Config()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestPolicyByName(t *testing.T) {
	one, two := good(t, app), good(t, app+"  b: {origins: [https://b.example]}\n")
	if p, err := one.Policy(""); err != nil || p != one.Policies["app"] {
		t.Errorf("got %v, %v, want the only one", p, err)
	}
	if p, err := two.Policy("b"); err != nil || p != two.Policies["b"] {
		t.Errorf("got %v, %v, want b", p, err)
	}
	for name, want := range map[string]string{"": "which policy? there are app, b", "c": `no policy "c": there are app, b`} {
		if p, err := two.Policy(name); p != nil || err == nil || err.Error() != want {
			t.Errorf("%q: got %v, %v, want %q", name, p, err, want)
		}
	}
}

func TestLoadRoutes(t *testing.T) {
	text := app + `routes:
  - {path: /api/, policy: app, upstream: "http://127.0.0.1:3000", host: api.example, methods: [GET, PUT, GET], headers: {X-A: 1, X-B: b}}
  - {path: /, files: ./dist}
  - {path: /off, policy: none}
`
	f, findings := policyfile.Load("etc/concors.yaml", []byte(text), policyfile.Options{})
	if f == nil {
		t.Fatal(lines(findings))
	}
	var got []string
	for _, r := range f.Routes {
		upstream, files := new(policyfile.Upstream), new(policyfile.Files)
		if r.Upstream != nil {
			upstream = r.Upstream
		}
		if r.Files != nil {
			files = r.Files
		}
		got = append(got, fmt.Sprintf("%s|%s|%s|%v|%s|%t|%s|%s", r.Host, r.Path, r.Methods, r.Headers, r.PolicyName, r.Policy != nil, upstream.To, files.Root))
	}
	want := []string{
		"api.example|/api/|[GET PUT]|[{X-A 1} {X-B b}]|app|true|[http://127.0.0.1:3000]|",
		"|/|[]|[]||false|[]|" + filepath.FromSlash("etc/dist"),
		"|/off|[]|[]||false|[]|",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if f.Routes[0].Policy != f.Policies["app"] {
		t.Error("the route has another policy than that of its name")
	}
}

func TestRoute(t *testing.T) {
	f := good(t, app+`  b: {origins: [https://b.example]}
routes:
  - {path: /}
  - {path: /api/}
  - {path: /api/users}
  - {path: /api/users/}
  - {path: /api/, host: api.example, policy: app}
  - {path: /m, methods: [PUT, GET]}
  - {path: /m}
  - {path: /n, methods: [PUT]}
  - {path: /h, policy: app, headers: {X-Version: 2}}
  - {path: /h, policy: app, headers: {X-Version: 2, X-Beta: "yes"}}
  - {path: /h, policy: app}
  - {path: /i, policy: app, headers: {X-Version: 2}}
`)
	line := func(r *policyfile.Route) string {
		if r == nil {
			return "none"
		}
		return fmt.Sprintf("%s%s %v %v", r.Host, r.Path, r.Methods, r.Headers)
	}
	h := func(pairs ...string) http.Header {
		out := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			out.Add(pairs[i], pairs[i+1])
		}
		return out
	}
	for _, row := range []struct {
		name, host, path, method string
		headers                  http.Header
		want                     string
	}{
		{"the rest", "a.example", "/x", "GET", h(), "/ [] []"},
		{"a prefix", "a.example", "/api/x", "GET", h(), "/api/ [] []"},
		{"without the slash it is another path", "a.example", "/api", "GET", h(), "/ [] []"},
		{"exact", "a.example", "/api/users", "GET", h(), "/api/users [] []"},
		{"the longest prefix", "a.example", "/api/users/1", "GET", h(), "/api/users/ [] []"},
		{"a host", "api.example", "/api/users/1", "GET", h(), "api.example/api/ [] []"},
		{"a host with a port, in another case", "API.example:8443", "/api/", "GET", h(), "api.example/api/ [] []"},
		{"a host whose routes have no such path", "api.example", "/x", "GET", h(), "/ [] []"},
		{"an address for a host", "[::1]:80", "/x", "GET", h(), "/ [] []"},
		{"a method", "", "/m", "PUT", h(), "/m [PUT GET] []"},
		{"HEAD goes with GET", "", "/m", "HEAD", h(), "/m [PUT GET] []"},
		{"another method", "", "/m", "POST", h(), "/m [] []"},
		{"another method, to a shorter path", "", "/n", "POST", h(), "/ [] []"},
		{"a header", "", "/h", "GET", h("X-Version", "2"), "/h [] [{X-Version 2}]"},
		{"the most headers", "", "/h", "GET", h("X-Version", "2", "X-Beta", "yes"), "/h [] [{X-Version 2} {X-Beta yes}]"},
		{"another value", "", "/h", "GET", h("X-Version", "3"), "/h [] []"},
		{"a preflight", "", "/h", "GET", nil, "/h [] [{X-Version 2} {X-Beta yes}]"},
		{"no header, and no way around", "", "/i", "GET", h(), "none"},
		{"not a path", "", "", "GET", h(), "none"},
		{"OPTIONS *", "", "*", "OPTIONS", h(), "none"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := line(f.Route(row.host, row.path, row.method, row.headers)); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

// Whatever is too large is told, quickly, and nothing is made of it.
func TestBounds(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	bomb := "version: 1\na: &a [" + many(2000, "x%d, ") + "]\npolicies:\n"
	for _, row := range []struct{ name, text, rule string }{
		{"bytes", app + strings.Repeat("#", policyfile.MaxSize), "too-large"},
		{"depth", "version: " + strings.Repeat("[", 100_000), "too-large"},
		{"depth of a block", "version:\n" + strings.Repeat("- ", 100_000), "too-large"},
		{"values behind aliases", bomb + many(900, "  p%d: {origins: *a, methods: [PUT]}\n"), "too-large"},
		{"origins", "version: 1\npolicies: {app: {origins: [" + many(100_001, "https://a%d.example, ") + "]}}\n", "too-large"},
		{"methods", app + "    methods: [" + many(1001, "M%d, ") + "]\n", "too-large"},
		{"methods of a route", app + "routes: [{path: /, methods: [" + many(101, "M%d, ") + "]}]\n", "too-large"},
		{"servers of a route", app + "routes: [{path: /, upstream: [" + many(101, "'http://a%d.example', ") + "]}]\n", "too-large"},
		{"accounts of a route", app + "routes: [{path: /, files: dist, basic_auth: {" + many(1001, "a%d: $2y$12$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234, ") + "}}]\n", "too-large"},
		{"addresses", app + "gateway: {listen: [" + many(101, "'127.0.0.1:%d', ") + "]}\n", "too-large"},
		{"proxies", app + "gateway: {trusted_proxies: [" + many(1001, "10.0.0.%d, ") + "]}\n", "too-large"},
		{"policies", "version: 1\npolicies:\n" + many(1001, "  p%d: {origins: [https://a.example]}\n"), "too-large"},
		{"routes", app + "routes:\n" + many(1001, "  - {path: /%d}\n"), "too-large"},
		{"tests", app + "tests:\n" + many(1001, "  - {name: t%d, page: \"null\", request: GET /, expect: blocked}\n"), "too-large"},
		{"environments", app + "environments:\n" + many(21, "  e%d: {}\n"), "too-large"},
		{"findings", app + many(1100, "key%d: 1\n"), "too-many"},
		{"stars", app + "    methods: [" + strings.Repeat("*, ", 100) + "]\n", "yaml-alias"},
		{"a control character", app + "# \x01\n", "yaml-character"},
		{"no UTF-8", app + "# \xff\n", "yaml-character"},
		{"a lone carriage return", app + "# a\rb\n", "yaml-character"},
		{"a line separator", app + "# \u2028\n", "yaml-character"},
		{"the character that is set aside", app + "# \uE000\n", "yaml-character"},
	} {
		t.Run(row.name, func(t *testing.T) {
			start := time.Now()
			f, findings := load(row.text, "")
			if f != nil {
				t.Error("the file is valid")
			}
			if !slices.ContainsFunc(findings, func(f report.Finding) bool { return f.Rule == row.rule }) {
				t.Errorf("got %.500s, want %s", lines(findings), row.rule)
			}
			if len(findings) > 1001 {
				t.Errorf("got %d findings", len(findings))
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// A File is the same whatever the order of its parts.
func TestOrderOfKeys(t *testing.T) {
	parts := []string{
		"version: 1\n", "policies: {app: {origins: [https://app.example]}}\n", "routes: [{path: /, policy: app}]\n",
		"tests: [{name: a, page: https://app.example, request: GET /, expect: allowed}]\n", "environments: {dev: {policies: {app: {credentials: true}}}}\n",
	}
	slices.Reverse(parts)
	f := good(t, strings.Join(parts, ""))
	if len(f.Routes) != 1 || f.Routes[0].Policy != f.Policies["app"] || len(f.Tests) != 1 || !f.Run(&f.Tests[0]).Pass {
		t.Errorf("got %+v", f)
	}
}
