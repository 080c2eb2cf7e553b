package wire_test

import (
	"flag"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

var (
	policyCount   = flag.Int("policies", 60, "how many random policies the gateway serves, 900 at most")
	scenarioCount = flag.Int("scenarios", 400, "how many random requests pages make, each in every browser and by every version of HTTP")
	seed          = flag.Uint64("seed", 1, "which random policies and requests")
)

// choice is a pattern of origins, with pages that it allows and pages that come near.
type choice struct {
	pattern         string
	inside, outside []string
}

func choices() []choice {
	return []choice{
		{"https://app.example", []string{"https://app.example"}, []string{"http://app.example", "https://app.example:8443", "https://xapp.example"}},
		{"https://*.sub.example", []string{"https://a.sub.example", "https://a.b.sub.example"}, []string{"https://sub.example", "https://xsub.example"}},
		{"https://pr-*.ci.example", []string{"https://pr-7.ci.example"}, []string{"https://pr-7.x.ci.example", "https://pr.ci.example"}},
		{"http://localhost:[3000-3009]", []string{"http://localhost:3009"}, []string{"http://localhost:3010", "http://localhost"}},
	}
}

// TestScenarios has pages make random requests under random policies. The page can read the answer exactly if the policy, as it
// was written, says so; and the CORS headers of every answer are those of the middleware in memory.
func TestScenarios(t *testing.T) {
	g := &generator{rand.New(rand.NewPCG(*seed, 0))}
	policies := make([]cors.Config, *policyCount)
	for i := range policies {
		policies[i] = g.policy()
	}
	s := openSite(t, policies)
	outcomes := map[fetch.Outcome]int{}
	for n := range *scenarioCount {
		i := g.IntN(len(policies))
		c := &policies[i]
		p, err := cors.New(*c)
		if err != nil {
			t.Fatal(err)
		}
		origin, listed := g.page(c)
		request := g.request()
		upstream := fetch.Response{Status: []int{200, 401, 404, 500}[g.IntN(4)], Header: header.List{{Name: "X-Total-Count", Value: "7"}}}
		memory := corstest.Handler(cors.NewMiddleware(p).Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(upstream.Status)
		})))
		page, err := fetch.NewPage(origin)
		if err != nil {
			t.Fatal(err)
		}
		want := fetch.Blocked
		if listed && allows(c, &request) {
			want = fetch.Allowed
		}
		exposed := slices.Contains(c.ResponseHeaders, "X-Total-Count") || slices.Contains(c.ResponseHeaders, "*")
		for _, protocol := range protocols() {
			for _, profile := range fetch.Profiles() {
				network := &compared{site: s, protocol: protocol, policy: i, upstream: upstream, memory: memory, t: t}
				trace, err := fetch.NewBrowser(profile).Fetch(&page, &request, network, 0)
				if err != nil {
					t.Fatalf("scenario %d, %s: %v: %+v", n, protocol, err, request)
				}
				outcomes[trace.Outcome]++
				if trace.Outcome != want {
					t.Errorf("scenario %d by %s in %s: %s is %s, want %s: {%s}\n%+v", n, protocol, profile.Name, origin, trace.Outcome, want, written(c), request)
				}
				if want == fetch.Allowed && slices.Contains(trace.Response.Visible, "x-total-count") != exposed {
					t.Errorf("scenario %d by %s in %s: got %q, want x-total-count visible: %t", n, protocol, profile.Name, trace.Response.Visible, exposed)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("outcomes %v", outcomes)
	if outcomes[fetch.Allowed] < *scenarioCount || outcomes[fetch.Blocked] < *scenarioCount {
		t.Errorf("got outcomes %v, want %d of each at least", outcomes, *scenarioCount)
	}
}

// compared is a network in which the gateway answers, and the middleware too.
type compared struct {
	*site
	protocol string
	policy   int
	upstream fetch.Response
	memory   fetch.Network
	t        *testing.T
}

// Do implements [fetch.Network].
func (c *compared) Do(sent *fetch.Sent) (fetch.Response, error) {
	res, err := c.do(c.protocol, c.policy, sent, c.upstream)
	if err != nil {
		return res, err
	}
	want, err := c.memory.Do(sent)
	if err != nil {
		return res, err
	}
	if a, b := corsLines(res.Header), corsLines(want.Header); a != b || res.Status != want.Status {
		c.t.Errorf("%s %s by %s: got %d\n%s\nwant %d\n%s", sent.Method, sent.URL, c.protocol, res.Status, a, want.Status, b)
	}
	return res, nil
}

type generator struct{ *rand.Rand }

func (g *generator) one(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) some(list ...string) []string {
	g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:g.IntN(len(list)+1)]
}

func (g *generator) policy() cors.Config {
	c := cors.Config{
		Methods: g.some("PUT", "DELETE", "QUERY", "*"), RequestHeaders: g.some("X-Id", "Authorization", "Content-Type", "*"),
		Credentials: g.IntN(2) == 0, MaxAge: time.Duration(g.IntN(3)) * 10 * time.Minute,
	}
	if exposed := g.one("", "X-Total-Count", "ETag", "*"); exposed != "" && !(exposed == "*" && c.Credentials) {
		c.ResponseHeaders = []string{exposed}
	}
	if !c.Credentials && g.IntN(4) == 0 {
		c.Origins = []string{"*"}
		return c
	}
	for _, k := range g.Perm(len(choices()))[:1+g.IntN(3)] {
		c.Origins = append(c.Origins, choices()[k].pattern)
	}
	return c
}

// page is the origin of a page, and whether the policy allows it.
func (g *generator) page(c *cors.Config) (origin string, listed bool) {
	if c.Origins[0] == "*" {
		return g.one("https://any.example", "null"), true
	}
	outside := []string{"https://evil.example", "null"}
	var inside []string
	for _, choice := range choices() {
		if slices.Contains(c.Origins, choice.pattern) {
			inside, outside = append(inside, choice.inside...), append(outside, choice.outside...)
		} else {
			outside = append(outside, choice.inside...)
		}
	}
	if g.IntN(4) > 0 {
		return g.one(inside...), true
	}
	return g.one(outside...), false
}

func (g *generator) request() fetch.Request {
	r := fetch.Request{
		URL: "https://api.example/" + g.one("", "x", "a%2Fb?c=%20", "x/y/"), Method: g.one("GET", "HEAD", "POST", "PUT", "DELETE", "QUERY", "PATCH"),
		Credentials: fetch.Credentials(g.one("omit", "same-origin", "include")),
	}
	if g.IntN(2) == 0 {
		for _, name := range g.some("X-Id", "Authorization", "X-Other") {
			r.Header.Append(name, "1")
		}
	}
	return r
}

// allows reads the policy as a person would, its origins aside.
func allows(c *cors.Config, r *fetch.Request) bool {
	if r.Credentials == fetch.CredentialsInclude && !c.Credentials {
		return false
	}
	if !slices.Contains([]string{"GET", "HEAD", "POST"}, r.Method) && !slices.Contains(c.Methods, r.Method) && !slices.Contains(c.Methods, "*") {
		return false
	}
	for _, f := range r.Header {
		named := slices.ContainsFunc(c.RequestHeaders, func(name string) bool { return strings.EqualFold(name, f.Name) })
		any := slices.Contains(c.RequestHeaders, "*") && (f.Name != "Authorization" || c.Credentials)
		if !named && !any {
			return false
		}
	}
	return true
}
