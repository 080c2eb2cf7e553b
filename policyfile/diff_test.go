package policyfile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

func TestDiff(t *testing.T) {
	policy := func(fields string) string { return "version: 1\npolicies:\n  app: {" + fields + "}\n" }
	const base = "origins: [https://app.example]"
	routes := func(list string) string {
		return policy(base) + "  b: {origins: [https://b.example]}\nroutes:\n" + list
	}
	for _, row := range []struct {
		name, old, new string
		want           []string
	}{
		{"nothing", policy(base), policy(base), nil},
		{"the same in other words", policy(`origins: ["http://localhost:[3000,3001]"], methods: [PUT, PUT], request_headers: [X-A]`),
			policy(`origins: ["http://localhost:3001", "http://localhost:3000"], methods: [GET, PUT], request_headers: [x-a], max_age: 10m`), nil},
		{"an origin", policy(base), policy(`origins: [https://app.example, https://new.example]`),
			[]string{"gain: pages of https://new.example can now read responses (everywhere)"}},
		{"an origin of two goes", policy(`origins: [https://app.example, https://old.example], credentials: true`), policy(`origins: [https://app.example], credentials: true`),
			[]string{"loss: pages of https://old.example can no longer read responses as the signed-in user (everywhere)"}},
		{"a pattern instead of an origin", policy(`origins: [https://a.app.example]`), policy(`origins: ["https://*.app.example"]`),
			[]string{"gain: pages of https://*.app.example can now read responses (everywhere)"}},
		{"a pattern of its own", policy(base), policy(`origins: [https://app.example, "https://*.preview.example"]`),
			[]string{"gain: pages of https://*.preview.example can now read responses (everywhere)"}},
		{"any origin", policy(base), policy(`origins: ["*"]`), []string{"gain: pages of any other origin can now read responses (everywhere)"}},
		{"methods", policy(base + ", methods: [PUT]"), policy(base + ", methods: [DELETE]"),
			[]string{"gain: pages of https://app.example can now use DELETE (everywhere)", "loss: pages of https://app.example can no longer use PUT (everywhere)"}},
		{"any method", policy(base), policy(base + `, methods: ["*"]`), []string{"gain: pages of https://app.example can now use any other method (everywhere)"}},
		{"headers", policy(base + ", request_headers: [X-A]"), policy(base + ", request_headers: [X-A, X-B]"), []string{"gain: pages of https://app.example can now set x-b (everywhere)"}},
		{"any header", policy(base), policy(base + `, request_headers: ["*"]`),
			[]string{"gain: pages of https://app.example can now set content-type and any other header (everywhere)"}},
		{"exposed", policy(base + ", response_headers: [X-A]"), policy(base + `, response_headers: ["*"]`),
			[]string{"gain: pages of https://app.example can now read the headers all others (everywhere)"}},
		{"credentials", policy(base), policy(base + ", credentials: true"),
			[]string{"gain: pages of https://app.example can now send credentials, and read responses as the signed-in user (everywhere)"}},
		{"null", policy(base), policy(base + ", dangerously_allow_null: true"), []string{"gain: pages of null can now read responses (everywhere)"}},
		{"ports", policy(`origins: ["http://localhost:[3000-3999]"]`), policy(`origins: ["http://localhost:[3000-3500]"]`),
			[]string{"loss: pages of http://localhost:3999 and http://localhost:3501 can no longer read responses (everywhere)"}},
		{"a policy of another name", policy(base), "version: 1\npolicies: {other: {origins: [https://app.example]}}\n", nil},
		{"a policy goes, of several", policy(base) + "  b: {origins: [https://b.example]}\n", policy(base),
			[]string{"loss: pages of https://b.example can no longer read responses (policy b)"}},
		{"a route has another policy", routes("  - {path: /x/, policy: app}\n  - {path: /y, policy: app}\n"), routes("  - {path: /x/, policy: b}\n  - {path: /y, policy: app}\n"),
			[]string{"gain: pages of https://b.example can now read responses (/x/*)", "loss: pages of https://app.example can no longer read responses (/x/*)"}},
		{"a route by method", routes("  - {path: /x, policy: app}\n"), routes("  - {path: /x, policy: app}\n  - {path: /x, methods: [GET], policy: none}\n"),
			[]string{"loss: pages of https://app.example can no longer read responses (GET /x)", "loss: pages of https://app.example can no longer read responses (HEAD /x)"}},
		{"a route goes, and another takes its requests", routes("  - {path: /x/, policy: app}\n  - {path: /, policy: app}\n"), routes("  - {path: /, policy: app}\n"), nil},
		{"routes instead of the only policy", policy(base), policy(base) + "routes: [{path: /api/, policy: app}]\n", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := policyfile.Diff(good(t, row.old), good(t, row.new))
			var got []string
			for _, c := range d.Changes {
				got = append(got, c.Change+": "+c.Text)
			}
			slices.Sort(got)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			gains := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "gain") })
			losses := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "loss") })
			if d.Wider != gains || d.Narrower != losses {
				t.Errorf("got wider %t and narrower %t, want %t and %t", d.Wider, d.Narrower, gains, losses)
			}
		})
	}
}

func TestDiffText(t *testing.T) {
	var b bytes.Buffer
	d := policyfile.Diff(good(t, app), good(t, app+"    methods: [PUT]\n"))
	if err := d.WriteText(&b, report.Layout{Width: 100}); err != nil {
		t.Fatal(err)
	}
	want := `wider  concors.yaml -> concors.yaml
  gain  pages of https://app.example can now use PUT (everywhere)
        PUT from https://app.example: was blocked, is allowed
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDiffIsProven makes random policies. Whatever a difference says, a browser finds the same with each file; and where nothing
// is said, no request of those that are tried differs.
func TestDiffIsProven(t *testing.T) {
	g := rand.New(rand.NewPCG(3, 4))
	some := func(list ...string) string {
		g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return strings.Join(list[:g.IntN(len(list)+1)], ", ")
	}
	policy := func() string {
		origins := some(`https://app.example`, `"https://*.app.example"`, `"https://pr-*.app.example"`, `"http://localhost:*"`, `"http://localhost:[3000-3002]"`)
		credentials := g.IntN(2) == 0
		if origins == "" {
			origins, credentials = `"*"`, false
		}
		return fmt.Sprintf("version: 1\npolicies: {app: {origins: [%s], methods: [%s], request_headers: [%s], response_headers: [%s], credentials: %t}}\n",
			origins, some("PUT", "DELETE", `"*"`), some("X-A", "Authorization", `"*"`), some("X-B", "X-C"), credentials)
	}
	changes, same := 0, 0
	for range 300 {
		oldText, newText := policy(), policy()
		old, new := good(t, oldText), good(t, newText)
		d := policyfile.Diff(old, new)
		for _, c := range d.Changes {
			changes++
			if was, is := ask(t, old, &c.Proof), ask(t, new, &c.Proof); was != c.Proof.Old || is != c.Proof.New || was == is {
				t.Fatalf("%s%s%s: %+v: a browser says it was %s and is %s", oldText, newText, c.Text, c.Proof, was, is)
			}
		}
		for range 20 {
			p := policyfile.Proof{
				Origin: []string{"https://app.example", "https://x.app.example", "https://x.y.app.example", "https://pr-1.app.example", "http://localhost",
					"http://localhost:3001", "http://localhost:3003", "https://stranger.example", "null"}[g.IntN(9)],
				Method: []string{"GET", "PUT", "DELETE", "PATCH"}[g.IntN(4)], Header: []string{"", "x-a", "authorization", "x-other"}[g.IntN(4)], Credentials: g.IntN(2) == 0,
			}
			was, is := ask(t, old, &p), ask(t, new, &p)
			if was == is {
				same++
				continue
			}
			if is == "allowed" && !d.Wider || was == "allowed" && !d.Narrower {
				t.Fatalf("%s%s%+v: was %s, is %s, and the difference is %+v", oldText, newText, p, was, is, d)
			}
		}
	}
	if changes < 300 || same < 1000 {
		t.Errorf("got %d changes and %d requests that are answered alike, want more of both", changes, same)
	}
}

// ask makes the request of a proof in a browser, with the only policy of a file.
func ask(t *testing.T, f *policyfile.File, p *policyfile.Proof) string {
	t.Helper()
	page, err := fetch.NewPage(p.Origin)
	if err != nil {
		t.Fatal(err)
	}
	request := &fetch.Request{URL: "https://api.invalid/", Method: p.Method, Credentials: fetch.CredentialsOmit}
	if p.Method == "CONCORS-OTHER" {
		request.Method = "PROPFIND"
	}
	if p.Credentials {
		request.Credentials = fetch.CredentialsInclude
	}
	if p.Header != "" {
		request.Header = header.List{{Name: p.Header, Value: "application/json"}}
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if p.ResponseHeader != "" {
			w.Header().Set(p.ResponseHeader, "1")
		}
	})
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(&page, request, corstest.Handler(cors.NewMiddleware(f.Policies["app"]).Wrap(handler)), 0)
	if err != nil {
		t.Fatal(err)
	}
	if trace.Outcome != fetch.Allowed || p.ResponseHeader != "" && !slices.Contains(trace.Response.Visible, p.ResponseHeader) {
		return "blocked"
	}
	return "allowed"
}
