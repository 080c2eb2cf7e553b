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
		if s.Facts.Proof != stack.Proven || s.Facts.OnlySameOrigin != "" {
			continue
		}
		for _, v := range s.Facts.Variants {
			if stacks.IsSlow(&s) {
				t.Run(s.ID+"/"+v.ID, func(t *testing.T) { testTogether(t, &s, &v, p) })
				continue
			}
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
	skipRefused(t, s, v, site)
	running := start(t, s, generate(t, s, site, stack.Options{Variant: v.ID}))
	check(t, f, running, p, sample.Name, nil)
	t.Run("application", func(t *testing.T) { checkApplication(t, f, running, proxied.Load()) })
}

// skipRefused skips a test of a site that needs what a variant cannot express.
func skipRefused(t *testing.T, s *stack.Stack, v *stack.Variant, site *stack.Site) {
	t.Helper()
	for _, n := range site.Needs() {
		if v.Fact(n.Feature).Ability == stack.Cannot {
			t.Skipf("%s cannot express %s, and says so", s.Name, n.Feature.About())
		}
	}
}

// A served site is one that answers, and that writes down what it was asked.
type served interface {
	Origin(host string) string
	Exchanges() []server.Exchange
}

// check holds a site to its policy file: by verify and, where the sample is of those that have every feature, by pages in Chromium.
// What the others have is values that break configuration, and routes: nothing that a browser could see otherwise than verify.
// Pages ask with methods that the application answers, which nil says are all.
func check(t *testing.T, f *policyfile.File, running served, p *pages, sample string, answered []string) {
	t.Run("verify", func(t *testing.T) { checkVerified(t, f, running) })
	if !slices.ContainsFunc(stacktest.Samples(), func(s stacktest.Sample) bool { return s.Name == sample }) {
		return
	}
	t.Run("chromium", func(t *testing.T) {
		browser.Require(t, browser.Chromium)
		checkInChromium(t, p, f, running, answered)
	})
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

// generate generates the files for a site.
func generate(t *testing.T, s *stack.Stack, site *stack.Site, o stack.Options) []stack.File {
	t.Helper()
	v, err := s.Facts.Variant(o.Variant)
	if err != nil {
		t.Fatal(err)
	}
	files, findings := stack.Generate(s, site, stacks.Options(s, o))
	checkFindings(t, s, v, path.Base(t.Name()), findings)
	return files
}

// checkFindings ends a test for which there are no files: as it may be for hostile values, and for those that another variant of
// the stack takes.
func checkFindings(t *testing.T, s *stack.Stack, v *stack.Variant, sample string, findings []report.Finding) {
	t.Helper()
	if !report.Any(findings, report.Error) {
		return
	}
	if strings.HasPrefix(sample, "hostile") || stacktest.MayRefuse(s, v, findings) {
		t.Skipf("%s refuses it: %+v", s.Name, findings)
	}
	t.Fatalf("got findings %+v, want none of what the facts say is possible", findings)
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
			name := s.ID
			if s.ID == "nextjs" {
				name = "next"
			}
			version := npm.Dependencies[name]
			if version == "" {
				version = server.Version(t, server.Stack(s.ID))
			}
			if version != s.Facts.Tested {
				t.Errorf("%s %q runs here, and the facts say %q", s.Name, version, s.Facts.Tested)
			}
		})
	}
}
