package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/verify"
)

func TestPlanErrors(t *testing.T) {
	const two = "version: 1\npolicies:\n  app: {origins: [https://app.example]}\n  other: {origins: [\"*\"]}\n"
	const routed = two + "routes:\n  - {path: /api/, host: api.example, policy: app}\n"
	tests := []struct {
		name, file string
		options    verify.Options
		want       string
	}{
		{"no URL", small, verify.Options{}, "no URL"},
		{"another scheme", small, verify.Options{URL: "ftp://api.example"}, "want one of http or https"},
		{"no URL at all", small, verify.Options{URL: "api.example"}, "want one of http or https"},
		{"a password", small, verify.Options{URL: "https://me:hunter22@api.example"}, "user name or a password"},
		{"a query", small, verify.Options{URL: "https://api.example/?token=hunter22"}, "scheme, host, port and path only"},
		{"which policy", two, verify.Options{URL: server}, "which policy?"},
		{"no such policy", two, verify.Options{URL: server, Policy: "none"}, `no policy "none"`},
		{"another host", routed, verify.Options{URL: server}, "no route of the file is for the host api.test"},
		{"a path beside routes", routed, verify.Options{URL: "https://api.example/api/"}, "which have the paths"},
		{"an error path that is none", small, verify.Options{URL: server, ErrorPaths: []string{"x"}}, "begins with a slash"},
		{"an error path as no browser writes it", small, verify.Options{URL: server, ErrorPaths: []string{"/a/../b"}}, "begins with a slash"},
		{"an error path of no route", routed, verify.Options{URL: "https://api.example", ErrorPaths: []string{"/x"}}, "no route of the file takes it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := verify.NewPlan(load(t, test.file), test.options)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter22") {
				t.Errorf("got error %v, want %q and no secret", err, test.want)
			}
		})
	}
}

// The plan is the same each time, has no name twice, and says what it leaves out.
func TestPlan(t *testing.T) {
	for name, text := range policies() {
		t.Run(name, func(t *testing.T) {
			var names [2][]string
			for i := range names {
				plan, err := verify.NewPlan(load(t, text), verify.Options{URL: server})
				if err != nil {
					t.Fatal(err)
				}
				names[i] = plan.Names()
			}
			if !slices.Equal(names[0], names[1]) {
				t.Errorf("two plans of one file differ: %q and %q", names[0], names[1])
			}
			slices.Sort(names[0])
			if unique := slices.Compact(slices.Clone(names[0])); len(unique) != len(names[0]) {
				t.Errorf("a name is there twice: %q", names[0])
			}
		})
	}
}

func TestNotVerified(t *testing.T) {
	reason := func(r *verify.Result, name string) string {
		for _, n := range r.NotVerified {
			if n.Name == name {
				return n.Reason
			}
		}
		return ""
	}
	routes := load(t, policies()["routes"])
	r := run(t, routes, serve(routes), verify.Options{})
	for name, want := range map[string]string{
		"/api/*: responses to POST, PUT": "could change something",
		"routes of the host other.test":  "another host",
		"/versioned: responses":          "asks for headers",
		"/upload: error responses":       "--error-path",
	} {
		if got := reason(r, name); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}

	file := load(t, small)
	r = run(t, file, serve(file), verify.Options{MaxChecks: 3})
	if len(r.Checks) != 3 || !strings.Contains(r.NotVerified[len(r.NotVerified)-1].Reason, "more than 3") {
		t.Errorf("got %d checks and %+v, want 3 and the rest told", len(r.Checks), r.NotVerified)
	}
	r = run(t, routes, serve(routes), verify.Options{MaxChecks: 20})
	last := r.Checks[len(r.Checks)-1].Name
	if len(r.Checks) > 20 || !strings.HasPrefix(last, "/*: ") {
		t.Errorf("got %d checks, the last %s, want 20 at most, some of them of the last route", len(r.Checks), last)
	}
}

// A policy of the server's own origin leaves nothing to ask about it.
func TestOwnOrigin(t *testing.T) {
	file := load(t, "version: 1\npolicies:\n  app: {origins: [https://api.test]}\n")
	r := run(t, file, serve(file), verify.Options{})
	if !r.Passed() || r.Pass == 0 {
		t.Errorf("got failures %v and %d passed, want refused origins only", failures(r), r.Pass)
	}
	if got := r.NotVerified[0].Name; !strings.Contains(got, "what allowed origins may do") {
		t.Errorf("got %q, want that allowed origins are not verified", got)
	}
}

// An error path is as a browser writes it, and a route's is not.
func TestEscapedErrorPath(t *testing.T) {
	plan, err := verify.NewPlan(load(t, policies()["odd paths"]), verify.Options{URL: server, ErrorPaths: []string{"/100%2525/%22"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "/100%25/*: the error at /100%2525/%22 can be read"; !slices.Contains(plan.Names(), want) {
		t.Errorf("got %q, want %q among them", plan.Names(), want)
	}
}
