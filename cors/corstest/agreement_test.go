package corstest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// scenarios is how many random scenarios TestAgreement runs in each of the four browsers.
const scenarios = 25_000

// TestAgreement holds the two halves to each other: whatever the policy, the page and the request, the browser lets the page
// read the response of a handler behind the middleware exactly if the policy, as it was written, says that it may. The oracle
// is neither half: it knows how each origin came about, and reads the lists of the Config as a person would. Beside each request
// of a browser, the policy gets one that no browser sends.
func TestAgreement(t *testing.T) {
	refusals, outcomes := map[cors.Refusal]int{}, map[fetch.Outcome]int{}
	warnings := map[cors.Reason]int{}
	for seed, profile := range fetch.Profiles() {
		g := &generator{rand.New(rand.NewPCG(1, uint64(seed)))}
		for i := range scenarios {
			s := g.scenario()
			p, err := cors.New(s.config)
			if err != nil {
				t.Fatalf("scenario %d: %+v: %v", i, s.config, err)
			}
			m := cors.NewMiddleware(p)
			m.OnDecision = func(_ *http.Request, d *cors.Decision) {
				if !d.Allowed() {
					refusals[d.Refusal]++
				}
			}
			h := m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Total-Count", "7")
				w.WriteHeader(s.status)
			}))
			trace, err := fetch.NewBrowser(profile).Fetch(page(t, s.page), &s.request, corstest.Handler(h), 0)
			if err != nil {
				t.Fatalf("scenario %d: %v", i, err)
			}
			outcomes[trace.Outcome]++
			for _, w := range p.Warnings() {
				warnings[w.Reason]++
			}
			want := fetch.Blocked
			if s.allowed(profile) {
				want = fetch.Allowed
			}
			if trace.Outcome != want {
				t.Errorf("scenario %d in %s: %s is %s, want %s: %+v\n%+v\nfailure %+v", i, profile.Name, s.page, trace.Outcome, want, s.config, s.request, trace.Failure)
			}
			if want == fetch.Allowed {
				if got := slices.Contains(trace.Response.Visible, "x-total-count"); got != s.exposed() {
					t.Errorf("scenario %d in %s: X-Total-Count visible %t, want %t: %+v", i, profile.Name, got, s.exposed(), s.config)
				}
			}
			r := g.raw(s)
			if problem := r.check(p, s, refusals); problem != "" {
				t.Errorf("scenario %d: %s: %+v\n%.500v", i, problem, s.config, r)
			}
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("outcomes %v; refusals %v; warnings %v", outcomes, refusals, warnings)
	for _, r := range cors.Refusals() {
		if refusals[r] < 100 {
			t.Errorf("got refusal %s %d times, want at least 100", r, refusals[r])
		}
	}
	for _, r := range cors.WarningReasons() {
		if warnings[r] < 100 {
			t.Errorf("got warning %s %d times, want at least 100", r, warnings[r])
		}
	}
}

// A scenario is a policy, a page, and a request of the page.
type scenario struct {
	config  cors.Config
	page    string
	listed  bool // the page's origin is one that the config allows
	request fetch.Request
	status  int
}

// allowed reads the config as a person would.
func (s *scenario) allowed(profile fetch.Profile) bool {
	c, r := &s.config, &s.request
	credentialed := r.Credentials == fetch.CredentialsInclude
	switch {
	case !s.listed, credentialed && !c.Credentials:
		return false
	case !slices.Contains([]string{"GET", "HEAD", "POST"}, r.Method) && !slices.Contains(c.Methods, r.Method) && !slices.Contains(c.Methods, "*"):
		return false
	}
	for _, field := range r.Header {
		named := slices.ContainsFunc(c.RequestHeaders, func(name string) bool { return strings.EqualFold(name, field.Name) })
		if named || isSafe(field) {
			continue
		}
		if !slices.Contains(c.RequestHeaders, "*") {
			return false
		}
		if strings.EqualFold(field.Name, "Authorization") && !c.Credentials {
			return false
		}
	}
	return true
}

func isSafe(f header.Field) bool {
	return strings.EqualFold(f.Name, "Accept") || strings.EqualFold(f.Name, "Content-Type") && f.Value == "text/plain" || f.Name == "Cookie"
}

// exposed reports whether the page may see X-Total-Count.
func (s *scenario) exposed() bool {
	return slices.ContainsFunc(s.config.ResponseHeaders, func(name string) bool { return name == "*" || strings.EqualFold(name, "X-Total-Count") })
}

type generator struct{ *rand.Rand }

func (g *generator) one(list ...string) string { return list[g.IntN(len(list))] }

// some picks a few, each once, in any order.
func (g *generator) some(list ...string) []string {
	g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:g.IntN(len(list)+1)]
}

func (g *generator) scenario() *scenario {
	s := &scenario{status: []int{200, 204, 401, 404, 500, 502}[g.IntN(6)]}
	s.config = cors.Config{
		Credentials:    g.IntN(2) == 0,
		Methods:        g.some("GET", "PUT", "DELETE", "PATCH", "QUERY", "patch"),
		RequestHeaders: g.some("Content-Type", "Authorization", "x-id", "X-Trace-Id", "Cookie", "Access-Control-Allow-Origin"),
	}
	if g.IntN(5) == 0 {
		s.config.Methods = append(s.config.Methods, "*")
	}
	if g.IntN(5) == 0 {
		s.config.RequestHeaders = append(s.config.RequestHeaders, "*")
	}
	switch exposed := g.one("", "X-Total-Count", "x-total-count", "ETag", "*", "Set-Cookie"); {
	case exposed == "*" && s.config.Credentials, exposed == "":
	default:
		s.config.ResponseHeaders = []string{exposed}
	}
	switch g.IntN(5) {
	case 0:
		s.config.MaxAge = 600e9
	case 1:
		s.config.MaxAge = 48 * 3600e9
	case 2:
		s.config.MaxAge = cors.NoPreflightCache
	}
	g.origins(s)
	s.request = fetch.Request{
		URL: "https://api.example/x", Method: g.one("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "QUERY", "patch"),
		Credentials: fetch.Credentials(g.one("omit", "same-origin", "include")),
	}
	for range g.IntN(4) {
		f := header.Field{Name: g.one("Content-Type", "Authorization", "X-Id", "X-TRACE-ID", "Accept", "X-Other", "Cookie"), Value: g.one("1", "text/plain", "application/json")}
		if strings.EqualFold(f.Name, "Content-Type") && f.Value == "1" || s.request.Header.Has(f.Name) {
			continue
		}
		s.request.Header = append(s.request.Header, f)
	}
	return s
}

// origins chooses patterns, and a page that they allow or one that comes near.
func (g *generator) origins(s *scenario) {
	n := g.IntN(1000)
	port := 3000 + g.IntN(1000)
	type choice struct {
		pattern string
		inside  []string
		outside []string
	}
	choices := []choice{
		{fmt.Sprintf("https://a%d.example", n), []string{fmt.Sprintf("https://a%d.example", n)},
			[]string{fmt.Sprintf("http://a%d.example", n), fmt.Sprintf("https://a%d.example:8443", n), fmt.Sprintf("https://xa%d.example", n), fmt.Sprintf("https://a%d.example.evil.example", n)}},
		{fmt.Sprintf("https://*.b%d.example", n), []string{fmt.Sprintf("https://x.b%d.example", n), fmt.Sprintf("https://x.y.b%d.example", n)},
			[]string{fmt.Sprintf("https://b%d.example", n), fmt.Sprintf("https://xb%d.example", n), fmt.Sprintf("https://x.b%d.example:1", n)}},
		{fmt.Sprintf("https://pr-*.c%d.example", n), []string{fmt.Sprintf("https://pr-7.c%d.example", n)},
			[]string{fmt.Sprintf("https://pr-7.x.c%d.example", n), fmt.Sprintf("https://pr.c%d.example", n), fmt.Sprintf("https://x.pr-7.c%d.example", n)}},
		{fmt.Sprintf("http://localhost:%d", port), []string{fmt.Sprintf("http://localhost:%d", port)}, []string{fmt.Sprintf("http://localhost:%d", port+1), "http://localhost"}},
		{"http://localhost:*", []string{"http://localhost", fmt.Sprintf("http://localhost:%d", port)}, []string{fmt.Sprintf("http://127.0.0.1:%d", port), "https://localhost"}},
		{fmt.Sprintf("http://[::1]:[%d-%d]", port, port+9), []string{fmt.Sprintf("http://[::1]:%d", port+9)}, []string{fmt.Sprintf("http://[::1]:%d", port+10)}},
		{"capacitor://localhost", []string{"capacitor://localhost"}, []string{"ionic://localhost"}},
		{"wss://never.example", nil, []string{"https://never.example"}},
	}
	if !s.config.Credentials {
		choices = append(choices, choice{"https://*.vercel.app", []string{"https://mine.vercel.app"}, []string{"https://vercel.app"}})
	}
	if !s.config.Credentials && g.IntN(6) == 0 {
		s.config.Origins, s.listed = []string{"*"}, true
		s.page = g.one("https://any.example", "null", "http://localhost:1")
		return
	}
	g.Shuffle(len(choices), func(i, j int) { choices[i], choices[j] = choices[j], choices[i] })
	list := choices[:1+g.IntN(4)]
	var inside, outside []string
	for _, c := range list {
		s.config.Origins = append(s.config.Origins, c.pattern)
		inside, outside = append(inside, c.inside...), append(outside, c.outside...)
	}
	outside = append(outside, "https://evil.example", "null")
	if !s.config.Credentials && g.IntN(8) == 0 {
		s.config.DangerouslyAllowNull = true
		outside = outside[:len(outside)-1]
		inside = append(inside, "null")
	}
	wild := slices.Contains(s.config.Origins, "http://localhost:*")
	outside = slices.DeleteFunc(outside, func(o string) bool {
		return wild && (o == "http://localhost" || strings.HasPrefix(o, "http://localhost:"))
	})
	if len(inside) > 0 && g.IntN(3) > 0 {
		s.page, s.listed = inside[g.IntN(len(inside))], true
		return
	}
	s.page = outside[g.IntN(len(outside))]
}
