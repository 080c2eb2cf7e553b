package stacks_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/live"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/verify"
)

// verified is what package verify finds out about a server that should do what a policy file says, under every host.
func verified(t *testing.T, f *policyfile.File, running *server.Server) []*verify.Result {
	t.Helper()
	network, err := verify.Live(live.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var list []*verify.Result
	for _, host := range hosts(f) {
		plan, err := verify.NewPlan(f, verify.Options{URL: running.Origin(host), ErrorPaths: errorPaths(f, host), MaxChecks: 100_000})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, plan.Run(t.Context(), network))
	}
	return list
}

// errorPaths are paths of a host at which the application answers with an error.
func errorPaths(f *policyfile.File, host string) []string {
	var list []string
	for _, prefix := range paths(f) {
		for _, name := range []string{"broken", "missing", "unknown"} {
			decoded, err := url.PathUnescape(prefix + name)
			if err == nil && strings.HasSuffix(prefix, "/") && f.Route(host, decoded, "GET", nil) != nil {
				list = append(list, prefix+name)
			}
		}
	}
	return list
}

// checkVerified wants every check to pass, and nothing left open but what only a request that changes something could show,
// which pages in Chromium send.
func checkVerified(t *testing.T, f *policyfile.File, running *server.Server) {
	t.Helper()
	for _, r := range verified(t, f, running) {
		if r.Pass == 0 {
			t.Errorf("%s: no check passed", r.URL)
		}
		for _, c := range r.Checks {
			if !c.Pass {
				t.Errorf("%s: %s: got %s, want %s. %s %+v", r.URL, c.Name, c.Got, c.Want, c.Why, c.Exchange)
			}
		}
		for _, n := range r.NotVerified {
			if n.Unanswered || strings.HasSuffix(n.Name, " more checks") {
				t.Errorf("%s: %s is not verified: %s", r.URL, n.Name, n.Reason)
			}
			for _, path := range errorPaths(f, hostOf(t, r.URL)) {
				if strings.Contains(n.Name, "the error at "+path+" ") {
					t.Errorf("%s: %s is not verified: %s", r.URL, n.Name, n.Reason)
				}
			}
		}
	}
}

// failures are the names of the checks that failed.
func failures(results []*verify.Result) []string {
	var names []string
	for _, r := range results {
		for _, c := range r.Checks {
			if !c.Pass {
				names = append(names, c.Name)
			}
		}
	}
	return names
}

// hostOf is the host of a URL.
func hostOf(t *testing.T, text string) string {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u.Hostname()
}
