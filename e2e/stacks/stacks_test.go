package stacks_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
	"github.com/concors/concors/stack/stacktest"
)

func samples() []stacktest.Sample {
	return append(append(stacktest.Samples(), stacktest.Unusual()...), stacktest.Hostile()...)
}

// TestStacks: each stack that is said to be proven does what each policy says, in the model of every browser.
func TestStacks(t *testing.T) {
	samples := samples()
	for _, s := range all.Stacks() {
		if s.Facts.Proof != stack.Proven || s.Facts.OnlySameOrigin != "" {
			continue
		}
		for _, v := range s.Facts.Variants {
			if stacks.IsSlow(&s) {
				t.Run(s.ID+"/"+v.ID, func(t *testing.T) {
					t.Parallel() // a server uses one processor at most
					runTogether(t, &s, &v, samples)
				})
				continue
			}
			for _, sample := range samples {
				t.Run(strings.ReplaceAll(s.ID+"/"+v.ID+"/"+sample.Name, "//", "/"), func(t *testing.T) {
					run(t, &s, &v, sample)
				})
			}
		}
	}
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

// TestSameOrigin: a page and its API are under one origin, and neither sends a CORS header.
func TestSameOrigin(t *testing.T) {
	for _, s := range all.Stacks() {
		for i, v := range s.Facts.Variants {
			if s.Facts.Proof != stack.Proven || v.Fact(stack.SameOrigin).Ability == stack.Cannot {
				continue
			}
			t.Run(strings.Trim(s.ID+"/"+v.ID, "/"), func(t *testing.T) {
				if s.ID == "nextjs" && i > 0 {
					t.Skip("rewrites are the same in every variant")
				}
				application := startAPI(t, &s)
				folder := t.TempDir()
				if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil { // servers that root starts become somebody else
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(folder, "index.html"), []byte("<!doctype html><title>app</title>"), 0o644); err != nil {
					t.Fatal(err)
				}
				front := folder
				if s.Facts.NoFiles != "" {
					files := httptest.NewServer(http.FileServer(http.Dir(folder)))
					t.Cleanup(files.Close)
					front = files.URL
				}
				f, err := stacktest.SameOrigin(s.Facts.NoFiles == "").Load(application.URL, front)
				if err != nil {
					t.Fatal(err)
				}
				site, err := stack.NewSite(f, "")
				if err != nil {
					t.Fatal(err)
				}
				w := start(t, &s, site, stack.Options{Variant: v.ID, SameOrigin: true})
				for target, byApplication := range map[string]bool{"/": false, "/api/users": true, "/api": false} {
					res, err := w.Do(&fetch.Sent{Method: "GET", URL: "https://site.example" + target, Header: header.List{{Name: header.Origin, Value: "https://site.example"}}})
					if err != nil {
						t.Fatal(err)
					}
					if res.Header.Has("X-Answered-By") != byApplication || target != "/api" && res.Status != http.StatusOK {
						t.Errorf("GET %s: got %d %v, want an answer of the application: %t", target, res.Status, res.Header, byApplication)
					}
					for _, field := range res.Header {
						if strings.HasPrefix(header.Lower(field.Name), "access-control-") {
							t.Errorf("GET %s: got %s", target, field.Name)
						}
					}
				}
			})
		}
	}
}

// startAPI starts an application to have under one origin with its front end.
func startAPI(t *testing.T, s *stack.Stack) *httptest.Server {
	t.Helper()
	handler := stacks.Application()
	if s.ID == "nextjs" {
		handler = withoutCORS(handler) // rewrites pass them on, as a finding says
	}
	application := httptest.NewUnstartedServer(handler)
	if stacks.IsSlow(s) {
		// The port is part of what is built, and builds are kept.
		if l, err := net.Listen("tcp", "127.0.0.1:23081"); err == nil {
			application.Listener.Close()
			application.Listener = l
		}
	}
	application.Start()
	t.Cleanup(application.Close)
	return application
}

func withoutCORS(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			if !strings.HasPrefix(name, "Access-Control-") {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(answer.Code)
	})
}

func run(t *testing.T, s *stack.Stack, v *stack.Variant, sample stacktest.Sample) {
	application := httptest.NewServer(stacks.Application())
	t.Cleanup(application.Close)
	f, site := load(t, sample, application.URL)
	if feature := refused(site, v); feature != "" {
		t.Skipf("%s cannot express %s, and says so", s.Name, feature.About())
	}
	hold(t, start(t, s, site, stack.Options{Variant: v.ID}), f)
}

// runTogether is run for every sample, on one server.
func runTogether(t *testing.T, s *stack.Stack, v *stack.Variant, samples []stacktest.Sample) {
	all, findings := startTogether(t, s, v, samples)
	for _, sample := range samples {
		t.Run(sample.Name, func(t *testing.T) {
			f, site := load(t, sample, nowhere)
			if feature := refused(site, v); feature != "" {
				t.Skipf("%s cannot express %s, and says so", s.Name, feature.About())
			}
			checkFindings(t, s, v, sample.Name, findings[sample.Name])
			hold(t, all.of(sample.Name), f)
		})
	}
}

// nowhere is the upstream of stacks whose application is a part of them.
const nowhere = "http://127.0.0.1:9"

// startTogether starts a server for all samples that a variant can express.
func startTogether(t *testing.T, s *stack.Stack, v *stack.Variant, samples []stacktest.Sample) (*wire, map[string][]report.Finding) {
	t.Helper()
	generated := map[string][]stack.File{}
	findings := map[string][]report.Finding{}
	for _, sample := range samples {
		_, site := load(t, sample, nowhere)
		files, found := stack.Generate(s, site, stacks.Options(s, stack.Options{Variant: v.ID}))
		if findings[sample.Name] = found; len(files) > 0 {
			generated[sample.Name] = files
		}
	}
	config, err := stacks.Together(s, v, generated)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, config), findings
}

func load(t *testing.T, sample stacktest.Sample, upstream string) (*policyfile.File, *stack.Site) {
	t.Helper()
	f, err := sample.Load(upstream, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	site, err := stack.NewSite(f, "")
	if err != nil {
		t.Fatal(err)
	}
	return f, site
}

// refused is a feature that a site needs and a variant cannot express, empty for none.
func refused(site *stack.Site, v *stack.Variant) stack.Feature {
	for _, n := range site.Needs() {
		if v.Fact(n.Feature).Ability == stack.Cannot {
			return n.Feature
		}
	}
	return ""
}

// hold holds a server to a policy file.
func hold(t *testing.T, w *wire, f *policyfile.File) {
	for _, q := range questions(t, f) {
		if message := compare(w, f, q); message != "" {
			t.Errorf("%s %s from %s, headers %q, credentials %t: %s", q.Method, q.Target, q.Origin, q.Headers, q.Credentials, message)
		}
	}
	for _, site := range sites(f) {
		for _, path := range paths(f) {
			checkPlain(t, w, f, site+path)
		}
	}
	inside, _ := origins(t, f)
	for _, site := range sites(f) {
		for _, r := range f.Routes {
			if strings.HasSuffix(r.Path, "/") {
				checkErrors(t, w, f, inside[0], site+r.Path)
			}
		}
	}
}

// start starts a server from what is generated for a site.
func start(t *testing.T, s *stack.Stack, site *stack.Site, o stack.Options) *wire {
	t.Helper()
	v, err := s.Facts.Variant(o.Variant)
	if err != nil {
		t.Fatal(err)
	}
	files, findings := stack.Generate(s, site, stacks.Options(s, o))
	checkFindings(t, s, v, path.Base(t.Name()), findings)
	config, err := stacks.Config(s, files)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, config)
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

func serve(t *testing.T, config server.Config) *wire {
	t.Helper()
	running := server.Start(t, config)
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(client.CloseIdleConnections)
	return &wire{client: client, addr: running.Addr(), answers: map[string]fetch.Response{}}
}

// compare asks the server and the policy, and says in what they differ.
func compare(w *wire, f *policyfile.File, q policyfile.Question) string {
	want, err := f.Decide(q)
	if err != nil {
		return err.Error()
	}
	for _, profile := range fetch.Profiles() {
		trace, err := ask(w, profile, q)
		if err != nil {
			return err.Error()
		}
		if trace.Outcome != want.Outcome {
			return fmt.Sprintf("in %s got %s, want %s; %s", trace.Browser, trace.Outcome, want.Outcome, shown(trace))
		}
		for i, sent := range trace.Sent {
			if i < len(want.Exchanges) && want.Policy != "" {
				if message := compareResponse(&sent, want.Exchanges[i]); message != "" {
					return message + "; " + shown(trace)
				}
			}
		}
	}
	return ""
}

func ask(w *wire, profile fetch.Profile, q policyfile.Question) (*fetch.Trace, error) {
	page, err := fetch.NewPage(q.Origin)
	if err != nil {
		return nil, err
	}
	request := &fetch.Request{URL: q.Target, Method: q.Method, Credentials: fetch.CredentialsOmit}
	if q.Credentials {
		request.Credentials = fetch.CredentialsInclude
	}
	for _, name := range q.Headers {
		request.Header.Append(name, "1")
	}
	return fetch.NewBrowser(profile).Fetch(&page, request, w, 0)
}

// compareResponse compares what decides nothing about this request, but about later ones: what is exposed, how long the
// answer is kept, and what it varies with.
func compareResponse(got *fetch.Sent, want policyfile.ExchangeStep) string {
	values := func(name string) string {
		var list header.List
		for _, h := range want.ResponseHeaders {
			list.Append(h[0], h[1])
		}
		value, _ := list.Get(name)
		return value
	}
	names := []string{header.AllowOrigin, header.ExposeHeaders}
	if got.Kind == fetch.KindPreflight {
		names = []string{header.MaxAge}
		if got.Response.Status != http.StatusNoContent || got.Response.Header.Has("X-Answered-By") {
			return fmt.Sprintf("a preflight got %d, or an answer of the application", got.Response.Status)
		}
		if values(header.AllowOrigin) == "" {
			return ""
		}
	}
	for _, name := range names {
		value, _ := got.Response.Header.Get(name)
		if name == header.ExposeHeaders && values(header.AllowOrigin) == "" {
			continue
		}
		if strings.ReplaceAll(value, " ", "") != strings.ReplaceAll(values(name), " ", "") {
			return fmt.Sprintf("%s: got %q, want %q", name, value, values(name))
		}
	}
	if got.Kind != fetch.KindPreflight && values(header.Vary) != "" && !variesOnOrigin(got.Response.Header) {
		return "Vary does not name Origin"
	}
	return ""
}

func variesOnOrigin(list header.List) bool {
	for _, f := range list {
		if header.EqualFold(f.Name, header.Vary) && slices.ContainsFunc(strings.Split(f.Value, ","), func(name string) bool {
			return header.EqualFold(strings.TrimSpace(name), header.Origin)
		}) {
			return true
		}
	}
	return false
}

// checkPlain sends what is no CORS request: one without Origin, whose response varies like the others, and OPTIONS requests
// that are no preflights, which the application answers.
func checkPlain(t *testing.T, w *wire, f *policyfile.File, target string) {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	get, err := w.Do(&fetch.Sent{Method: "GET", URL: target})
	if err != nil {
		t.Fatal(err)
	}
	route := f.Route(u.Host, u.Path, "GET", nil)
	if route != nil && route.Policy != nil {
		c := route.Policy.Config()
		constant := slices.Contains(c.Origins, "*") && !c.Credentials
		if value, _ := get.Header.Get(header.AllowOrigin); constant != (value == "*") || !constant && value != "" {
			t.Errorf("GET %s without Origin: got %s %q", target, header.AllowOrigin, value)
		}
		if !constant && !variesOnOrigin(get.Header) {
			t.Errorf("GET %s without Origin: Vary does not name Origin", target)
		}
	}
	for _, list := range []header.List{nil, {{Name: header.Origin, Value: "https://app.example"}}, {{Name: header.RequestMethod, Value: "PUT"}}} {
		res, err := w.Do(&fetch.Sent{Method: "OPTIONS", URL: target, Header: list})
		if err != nil {
			t.Fatal(err)
		}
		if f.Route(u.Host, u.Path, "OPTIONS", nil) != nil && !res.Header.Has("X-Answered-By") {
			t.Errorf("OPTIONS %s with %v, which is no preflight: got %d, and not from the application", target, list, res.Status)
		}
	}
}

// checkErrors: a page can read an error just as it can read anything else there.
func checkErrors(t *testing.T, w *wire, f *policyfile.File, from, prefix string) {
	t.Helper()
	for path, status := range map[string]int{"broken": 500, "missing": 404, "unknown": 401} {
		q := policyfile.Question{Origin: from, Method: "GET", Target: prefix + path}
		want, err := f.Decide(q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ask(w, fetch.Standard(), q)
		if err != nil {
			t.Fatal(err)
		}
		if got.Outcome != want.Outcome || got.Outcome == fetch.Allowed && got.Response.Status != status {
			t.Errorf("GET %s from %s: got %s, want %s with status %d; %s", q.Target, from, got.Outcome, want.Outcome, status, shown(got))
		}
	}
}

// shown is what was sent and answered, for a message.
func shown(trace *fetch.Trace) string {
	var b strings.Builder
	for _, s := range trace.Sent {
		fmt.Fprintf(&b, "%s %v -> %d %v; ", s.Method, s.Header, s.Response.Status, s.Response.Header)
	}
	return b.String()
}
