package stacks_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
	"github.com/concors/concors/stack/stacktest"
)

// samples are the policy files that every stack is held to.
func samples() []stacktest.Sample {
	return slices.Concat(stacktest.Samples(), stacktest.Unusual(), stacktest.Hostile())
}

// TestStacks: each stack that is said to be proven does what each policy says. Package verify finds no fault in it, and pages
// in Chromium get what they should.
func TestStacks(t *testing.T) {
	p := openPages(t, servers(t))
	for _, s := range all.Stacks() {
		if s.Facts.Proof != stack.Proven {
			continue
		}
		for _, v := range s.Facts.Variants {
			for _, sample := range samples() {
				t.Run(strings.ReplaceAll(s.ID+"/"+v.ID+"/"+sample.Name, "//", "/"), func(t *testing.T) {
					testStack(t, &s, &v, sample, p)
				})
			}
		}
	}
}

// servers are the names of the servers that pages call.
func servers(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, sample := range samples() {
		f, err := sample.Load("http://127.0.0.1:3000", "/srv/app")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, hosts(f)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func testStack(t *testing.T, s *stack.Stack, v *stack.Variant, sample stacktest.Sample, p *pages) {
	var proxied atomic.Bool
	application := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxied.Store(true)
		stacks.Application().ServeHTTP(w, r)
	}))
	f, site := load(t, sample, application, t.TempDir())
	for _, n := range site.Needs() {
		if v.Fact(n.Feature).Ability == stack.Cannot {
			t.Skipf("%s cannot express %s, and says so", s.Name, n.Feature.About())
		}
	}
	running := start(t, s, generate(t, s, site, stack.Options{Variant: v.ID}))
	t.Run("verify", func(t *testing.T) { checkVerified(t, f, running) })
	t.Run("chromium", func(t *testing.T) {
		browser.Require(t, browser.Chromium)
		checkInChromium(t, p, f, running)
	})
	t.Run("application", func(t *testing.T) { checkApplication(t, f, running, proxied.Load()) })
}

// serve serves a handler until the test ends, and returns its origin.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// load reads a sample.
func load(t *testing.T, sample stacktest.Sample, application, front string) (*policyfile.File, *stack.Site) {
	t.Helper()
	f, err := sample.Load(application, front)
	if err != nil {
		t.Fatal(err)
	}
	site, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	return f, site
}

// generate generates the files for a site. What the stack refuses skips the test only if it is hostile.
func generate(t *testing.T, s *stack.Stack, site *stack.Site, o stack.Options) []stack.File {
	t.Helper()
	files, findings := stack.Generate(s, site, stacks.Options(s, o))
	if report.Any(findings, report.Error) {
		if strings.HasPrefix(path.Base(t.Name()), "hostile") {
			t.Skipf("%s refuses it: %+v", s.Name, findings)
		}
		t.Fatalf("got findings %+v, want none of what the facts say is possible", findings)
	}
	return files
}

// start starts the server of generated files.
func start(t *testing.T, s *stack.Stack, files []stack.File) *server.Server {
	t.Helper()
	config, err := stacks.Config(s, files)
	if err != nil {
		t.Fatal(err)
	}
	return server.Start(t, config)
}

// TestVersions: the version that the facts name is the one that runs here.
func TestVersions(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "server", "testdata", "npm", "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var npm struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &npm); err != nil {
		t.Fatal(err)
	}
	for _, s := range all.Stacks() {
		if s.Facts.Proof != stack.Proven {
			continue
		}
		t.Run(s.ID, func(t *testing.T) {
			version := npm.Dependencies[s.ID]
			if version == "" {
				version = server.Version(t, server.Stack(s.ID))
			}
			if version != s.Facts.Tested {
				t.Errorf("%s %q runs here, and the facts say %q", s.Name, version, s.Facts.Tested)
			}
		})
	}
}
