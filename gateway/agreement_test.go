package gateway_test

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/gateway/policyjson"
)

// Whatever the policy and the request, a browser gets from the gateway what it gets from the middleware, to the last header of
// the protocol, even from an upstream with CORS headers of its own. The middleware itself is held to the policy by corstest.
func TestAgreement(t *testing.T) {
	on(t, "upstream", func(w http.ResponseWriter, r *http.Request) {
		for _, name := range header.ResponseNames() {
			w.Header().Add(name, "*")
		}
		w.Header().Set("X-Total-Count", "7")
		w.WriteHeader(http.StatusTeapot)
	})
	startLogging(t, "ERROR", table(named("upstream")))
	caddy := corstest.Handler(server(t))
	g := rand.New(rand.NewPCG(1, 2))
	one := func(list ...string) string { return list[g.IntN(len(list))] }
	some := func(list ...string) []string {
		g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list[:g.IntN(len(list)+1)]
	}
	outcomes := map[fetch.Outcome]int{}
	for range 150 {
		c := cors.Config{
			Origins: append(some("https://*.app.example", "http://localhost:*", "https://pr-*.example"), "https://app.example"),
			Methods: some("PUT", "PATCH", "*"), RequestHeaders: some("X-Id", "Authorization", "*"), ResponseHeaders: some("X-Total-Count", "ETag"),
			Credentials: g.IntN(2) == 0, MaxAge: 600e9,
		}
		if !c.Credentials && g.IntN(3) == 0 {
			c.Origins = []string{"*"}
		}
		p, err := cors.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := replace(t, with(named("upstream"), object{"policies": object{"app": policyjson.Of(p)}})); err != nil {
			t.Fatal(err)
		}
		middleware := corstest.Handler(cors.NewMiddleware(p).Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Total-Count", "7")
			w.WriteHeader(http.StatusTeapot)
		})))
		for range 20 {
			page, err := fetch.NewPage(one("https://app.example", "https://a.app.example", "http://localhost:3000", "https://pr-7.example", "https://evil.example", "null"))
			if err != nil {
				t.Fatal(err)
			}
			request := fetch.Request{URL: "https://api.example/x", Method: one("GET", "POST", "PUT", "PATCH", "DELETE"), Credentials: fetch.Credentials(one("omit", "include"))}
			for _, name := range some("X-Id", "Authorization", "X-Other") {
				request.Header.Append(name, "1")
			}
			for _, profile := range fetch.Profiles() {
				got, want := run(t, profile, &page, request, caddy), run(t, profile, &page, request, middleware)
				if got != want {
					t.Fatalf("%+v in %s, %+v: got\n%s\nwant\n%s", c, profile.Name, request, got, want)
				}
				outcomes[fetch.Outcome(strings.Fields(got)[0])]++
			}
		}
	}
	if outcomes[fetch.Allowed] < 1000 || outcomes[fetch.Blocked] < 1000 {
		t.Errorf("got outcomes %v, want a thousand of each at least", outcomes)
	}
}

// run makes a fetch and shows what came of it and which answers there were.
func run(t *testing.T, profile fetch.Profile, page *fetch.Page, request fetch.Request, n fetch.Network) string {
	trace, err := fetch.NewBrowser(profile).Fetch(page, &request, n, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := string(trace.Outcome) + "\n"
	for i := range trace.Sent {
		h := http.Header{}
		for _, f := range trace.Sent[i].Response.Header {
			h.Add(f.Name, f.Value)
		}
		text += string(trace.Sent[i].Kind) + "\n" + protocol(h) + "\n"
	}
	if trace.Response != nil {
		text += strings.Join(trace.Response.Visible, " ")
	}
	return text
}
