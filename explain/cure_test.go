package explain_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

const oneOrigin = `version: 1
policies:
  app:
    origins: ["https://app.example"]
`

// TestCure: the smallest policy, for the stacks that may have answered.
func TestCure(t *testing.T) {
	for _, row := range []struct {
		name, scenario, policy string
		stacks                 []string
	}{
		{"nobody says who answered", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200}]`,
			oneOrigin, []string{"nginx", "express"}},
		{"nginx says so", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["Server", "nginx/1.27"]]}]`,
			oneOrigin, []string{"nginx"}},
		{"OpenResty is nginx", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["Server", "openresty"]]}]`,
			oneOrigin, []string{"nginx"}},
		{"two layers, and the inner one answered", `"request": {"url": "https://api.example/"},
			"responses": [{"status": 200, "headers": [["Server", "nginx"], ["X-Powered-By", "Express"]]}]`,
			oneOrigin, []string{"express", "nginx"}},
		{"two layers that both speak", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["Server", "nginx"],
			["X-Powered-By", "Express"], ["Access-Control-Allow-Origin", "https://app.example"], ["Access-Control-Allow-Origin", "https://app.example"]]}]`,
			oneOrigin, []string{"nginx", "express"}},
		{"a CDN that we write nothing for", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["Server", "cloudflare"]]}]`,
			oneOrigin, []string{"nginx", "express"}},
		{"a framework that we write nothing for", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["X-Powered-By", "PHP/8.4"]]}]`,
			oneOrigin, []string{"nginx", "haproxy"}},
		{"all that a preflight asks for", `"request": {"url": "https://api.example/", "method": "PUT", "headers": [["X-B", "1"], ["Authorization", "Bearer t"]],
			"credentials": "include"}, "responses": [{"status": 404, "headers": [["X-Powered-By", "Express"]]}]`,
			oneOrigin + "    methods: [\"PUT\"]\n    request_headers: [\"authorization\", \"x-b\"]\n    credentials: true\n", []string{"express"}},
		{"a method that needs no permission", `"request": {"url": "https://api.example/", "method": "POST", "headers": [["X-B", "1"]]}, "responses": [{"status": 404}]`,
			oneOrigin + "    request_headers: [\"x-b\"]\n", []string{"nginx", "express"}},
		{"a page without an origin", `"page": "null", "request": {"url": "https://api.example/"}, "responses": [{"status": 200}]`,
			strings.Replace(oneOrigin, "https://app.example", "*", 1), []string{"nginx", "express"}},
		{"a page without an origin, with credentials", `"page": "null", "request": {"url": "https://api.example/", "credentials": "include"}, "responses": [{"status": 200}]`, "", nil},
		{"a star in the name of a host", `"page": "https://a*b.example", "request": {"url": "https://api.example/"}, "responses": [{"status": 200}]`, "", nil},
		{"credentials for a page over http", `"page": "http://app.example", "request": {"url": "https://api.example/", "credentials": "include"}, "responses": [{"status": 200}]`,
			"", []string{"any"}},
		{"a method in the wrong case", `"request": {"url": "https://api.example/", "method": "patch"}, "responses": [
			{"status": 204, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Methods", "PATCH"]]}]`, "", nil},
		{"a redirect of a preflight", `"request": {"url": "https://api.example/", "method": "PUT"}, "responses": [{"status": 301, "headers": [["Location", "/x"]]}]`, "", nil},
		{"what no server can fix", `"request": {"url": "https://api.example/", "mode": "same-origin"}, "responses": []`, "", nil},
		{"what is allowed", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["Access-Control-Allow-Origin", "*"]]}]`, "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := runOne(t, row.scenario)
			before := len(e.Fixes)
			e.Cure(nil)
			var stacks []string
			for _, f := range e.Fixes[before:] {
				stacks = append(stacks, f.Stack)
				if f.Policy != row.policy || (len(f.Files) == 0) != (row.policy == "") {
					t.Errorf("got %d files and the policy\n%s\nwant\n%s", len(f.Files), f.Policy, row.policy)
				}
				for _, file := range f.Files {
					if !strings.Contains(f.Text, "\n"+file.Path+":\n  "+strings.SplitN(file.Text, "\n", 2)[0]+"\n") {
						t.Errorf("%s is not in the text", file.Path)
					}
				}
			}
			if !slices.Equal(stacks, row.stacks) {
				t.Errorf("got fixes for %q, want %q", stacks, row.stacks)
			}
		})
	}
}

// TestCureIsGenerated: the files are those of the generator, for any stack that is chosen, and where it refuses the fix says why.
func TestCureIsGenerated(t *testing.T) {
	const scenario = `"request": {"url": "https://api.example/", "method": "PURGE"}, "responses": [{"status": 404}]`
	for _, s := range all.Stacks() {
		t.Run(s.ID, func(t *testing.T) {
			e := runOne(t, scenario)
			e.Cure(&s)
			got := e.Fixes[len(e.Fixes)-1]
			f, _ := policyfile.Load("concors.yaml", []byte(got.Policy), policyfile.Options{})
			if f == nil {
				t.Fatalf("got the policy %q, which is not valid", got.Policy)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			files, findings := stack.Generate(&s, site, stack.Options{})
			if got.Stack != s.ID || !slices.Equal(got.Files, files) && len(files)+len(got.Files) > 0 {
				t.Errorf("got %s and %+v, want %+v", got.Stack, got.Files, files)
			}
			for _, finding := range findings {
				if !strings.Contains(got.Text, finding.Message) {
					t.Errorf("got %q, want the finding %q in it", got.Text, finding.Message)
				}
			}
		})
	}
}

// TestCureWorks: a server with the policy satisfies the browser at the hop that failed, in every case for which there is one.
func TestCureWorks(t *testing.T) {
	cured := map[fetch.FailureID]int{}
	for _, profile := range fetch.Profiles() {
		for _, c := range corpus.Cases() {
			traces, err := c.Run(profile)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			for _, trace := range traces {
				e := explain.Of(trace)
				before := len(e.Fixes)
				e.Cure(nil)
				if len(e.Fixes) == before || e.Fixes[before].Policy == "" || len(trace.Sent) == 0 || trace.PreflightCached {
					continue // a response from the cache stays what it is
				}
				f, findings := policyfile.Load("concors.yaml", []byte(e.Fixes[before].Policy), policyfile.Options{})
				if f == nil {
					t.Errorf("%s: got findings %+v", c.Name, findings)
					continue
				}
				p, err := f.Policy("")
				if err != nil {
					t.Fatal(err)
				}
				again, err := fetch.NewBrowser(profile).Fetch(trace.Page, trace.Request, &curedNetwork{trace, p}, 0)
				if err != nil {
					t.Errorf("%s in %s: %v", c.Name, profile.Name, err)
					continue
				}
				if failure := again.Failure; failure != nil && failure.Hop <= trace.Failure.Hop && aboutHeaders(failure.ID) {
					t.Errorf("%s in %s: with\n%sgot %s on the %s, want it past %s", c.Name, profile.Name, e.Fixes[before].Policy, failure.ID, failure.On, trace.Failure.ID)
				}
				cured[trace.Failure.ID]++
			}
		}
	}
	if len(cured) < 12 {
		t.Errorf("got policies for %v only", cured)
	}
}

// curedNetwork answers as the servers of a trace did, with the middleware of a policy in front of the one that failed.
type curedNetwork struct {
	trace  *fetch.Trace
	policy *cors.Policy
}

func (n *curedNetwork) Do(sent *fetch.Sent) (fetch.Response, error) {
	answer := fetch.Response{Status: 200}
	for i := range n.trace.Sent {
		if s := &n.trace.Sent[i]; s.Hop == sent.Hop && s.Kind == sent.Kind {
			answer = s.Response
		}
	}
	if sent.Hop != n.trace.Failure.Hop {
		return answer, nil
	}
	server := cors.NewMiddleware(n.policy).Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, field := range answer.Header {
			if !strings.HasPrefix(header.Lower(field.Name), "access-control-") {
				w.Header().Add(field.Name, field.Value)
			}
		}
		w.WriteHeader(answer.Status)
	}))
	r := httptest.NewRequest(sent.Method, "/", nil)
	for _, field := range sent.Header {
		r.Header.Add(field.Name, field.Value)
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	var list header.List
	for name, values := range w.Header() {
		for _, value := range values {
			list.Append(name, value)
		}
	}
	return fetch.Response{Status: w.Code, Header: list}, nil
}

// Configuration comes last, uncut, and once for all fetches that need the same.
func TestCureText(t *testing.T) {
	list := run(t, fetch.Standard(), `{"page": "https://app.example", "fetches": [
		{"request": {"url": "https://api.example/a"}, "responses": [{"status": 200, "headers": [["Server", "nginx"]]}]},
		{"request": {"url": "https://api.example/b"}, "responses": [{"status": 200, "headers": [["Server", "nginx"]]}]}]}`)
	for i := range list {
		list[i].Notes = append(list[i].Notes, "a note")
		list[i].Cure(nil)
	}
	var b bytes.Buffer
	if err := explain.WriteText(&b, list, explain.Layout{Width: 60}); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if n := strings.Count(got, "concors-location.conf:\n"); n != 1 {
		t.Errorf("got the file %d times, want once", n)
	}
	if !strings.Contains(got, "        The same as above.\n") {
		t.Error("the second fetch does not lead to what the first one has")
	}
	if note, fix := strings.Index(got, "note  a note"), strings.Index(got, "allow the request in nginx"); note < 0 || fix < note {
		t.Errorf("got the note at %d and the configuration at %d, want the configuration last", note, fix)
	}
	const line = `map "$request_method $http_origin $http_access_control_request_method" $cors_preflight {`
	if !strings.Contains(got, "          "+line+"\n") {
		t.Errorf("got\n%s\nwant the whole line %s", got, line)
	}
}
