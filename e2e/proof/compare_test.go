package proof_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/fidelity"
	"github.com/concors/concors/e2e/proof"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/explain"
)

const page, api = "http://myapp.localhost:1", "http://api.localhost:2"

// exchange is a GET of /users and an answer for everybody.
func exchange() server.Exchange {
	return server.Exchange{
		Method: "GET", Target: "/users", Status: 200,
		Header: http.Header{"Origin": {page}, "User-Agent": {"it"}},
		Answer: http.Header{"Access-Control-Allow-Origin": {"*"}, "Date": {"today"}},
	}
}

// read is what was observed of it, and blocked if the answer had not been for everybody.
func read() *proof.Observed {
	return &proof.Observed{
		Engine: browser.Chromium, Origin: api, Exchanges: []server.Exchange{exchange()},
		View: fidelity.PageView{Type: "cors", Status: 200, URL: api + "/users", Headers: []string{"content-type", "content-length"}},
	}
}

func blocked() *proof.Observed {
	return &proof.Observed{
		Engine: browser.Chromium, Origin: api, Exchanges: []server.Exchange{exchange()},
		View: fidelity.PageView{Threw: "TypeError: Failed to fetch"}, Console: []string{"an aside", "the reason"},
	}
}

func TestDifferences(t *testing.T) {
	readWant := func() *setups.Want {
		return &setups.Want{
			Exchanges: []server.Exchange{exchange()}, Outcome: fetch.Allowed, Status: 200,
			Visible: []string{"content-type"}, Hidden: []string{"date"},
		}
	}
	for _, test := range []struct {
		name   string
		change func(*setups.Want)
		want   string // the start of the one difference; empty for none
	}{
		{"none", func(*setups.Want) {}, ""},
		{"no telling header", func(w *setups.Want) { w.Exchanges[0].Answer.Del("Date") }, ""},
		{"origin", func(w *setups.Want) { w.Exchanges[0].Header.Set("Origin", "null") }, "exchanges: "},
		{"second line", func(w *setups.Want) { w.Exchanges[0].Answer.Add("Access-Control-Allow-Origin", "*") }, "exchanges: "},
		{"answer status", func(w *setups.Want) { w.Exchanges[0].Status = 204 }, "exchanges: "},
		{"one less", func(w *setups.Want) { w.Exchanges = nil }, "exchanges: "},
		{"outcome", func(w *setups.Want) { w.Outcome = fetch.Blocked }, "outcome: got allowed"},
		{"status", func(w *setups.Want) { w.Status = 404 }, "status: got 200, want 404"},
		{"visible", func(w *setups.Want) { w.Visible = []string{"etag"} }, "visible headers: "},
		{"hidden", func(w *setups.Want) { w.Hidden = []string{"content-length"} }, "visible headers: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := readWant()
			test.change(want)
			checkOne(t, read().Differences(want), test.want)
		})
	}
}

func TestExplained(t *testing.T) {
	sent := func() []explain.SentResult {
		return []explain.SentResult{{Kind: fetch.KindRequest, Method: "GET", URL: api + "/users", Headers: [][2]string{{"Origin", page}, {"X-Client", "web"}}}}
	}
	readFetch := func() explain.FetchResult {
		response := &explain.ResponseResult{Type: "cors", Status: 200, URL: api + "/users", Visible: []string{"content-length", "content-type"}}
		return explain.FetchResult{Outcome: fetch.Allowed, Sent: sent(), Response: response}
	}
	blockedFetch := func() explain.FetchResult {
		failure := &explain.FailureResult{Console: explain.Console{Chromium: "the reason", Firefox: "another"}}
		return explain.FetchResult{Outcome: fetch.Blocked, Sent: sent(), Failure: failure}
	}
	for _, test := range []struct {
		name   string
		o      *proof.Observed
		fetch  explain.FetchResult
		change func(*explain.FetchResult)
		want   string // the start of the one difference; empty for none
	}{
		{"read", read(), readFetch(), func(*explain.FetchResult) {}, ""},
		{"blocked", blocked(), blockedFetch(), func(*explain.FetchResult) {}, ""},
		{"preflight", read(), readFetch(), func(f *explain.FetchResult) { f.Sent = append(f.Sent, f.Sent[0]) }, "requests:"},
		{"method", read(), readFetch(), func(f *explain.FetchResult) { f.Sent[0].Method = "PUT" }, "requests:"},
		{"path", read(), readFetch(), func(f *explain.FetchResult) { f.Sent[0].URL = api + "/" }, "requests:"},
		{"origin", read(), readFetch(), func(f *explain.FetchResult) { f.Sent[0].Headers[0][1] = "null" }, "requests:"},
		{"outcome", read(), readFetch(), func(f *explain.FetchResult) { f.Outcome = fetch.Blocked }, "outcome: browser allowed"},
		{"unsent", blocked(), blockedFetch(), func(f *explain.FetchResult) { f.Outcome = "unsent" }, "outcome: browser blocked"},
		{"console", blocked(), blockedFetch(), func(f *explain.FetchResult) { f.Failure.Console.Chromium = "another" }, "console:"},
		{"no console", blocked(), blockedFetch(), func(f *explain.FetchResult) { f.Failure.Console.Chromium = "" }, ""},
		{"status", read(), readFetch(), func(f *explain.FetchResult) { f.Response.Status = 404 }, "response: "},
		{"type", read(), readFetch(), func(f *explain.FetchResult) { f.Response.Type = "basic" }, "response: "},
		{"no response", read(), readFetch(), func(f *explain.FetchResult) { f.Response = nil }, "response: "},
		{"visible", read(), readFetch(), func(f *explain.FetchResult) { f.Response.Visible = []string{"date"} }, "visible headers: "},
		{"connection", read(), readFetch(), func(f *explain.FetchResult) { f.Response.Visible = append(f.Response.Visible, "connection") }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := test.fetch
			test.change(&f)
			got, err := test.o.Explained(printed(t, explain.Result{Browser: "chromium", Fetches: []explain.FetchResult{f}}))
			if err != nil {
				t.Fatal(err)
			}
			checkOne(t, got, test.want)
		})
	}
}

func TestExplainedInvalid(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":      "allowed",
		"other browser": `{"browser": "firefox", "fetches": [{}]}`,
		"no fetch":      `{"browser": "chromium", "fetches": []}`,
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := read().Explained([]byte(text)); err == nil {
				t.Errorf("got %q, want an error", got)
			}
		})
	}
}

func TestScenario(t *testing.T) {
	try := &setups.Try{Page: page, URL: api + "/users", Init: map[string]any{
		"method": "PUT", "credentials": "include", "body": "{}", "headers": map[string]any{"X-Client": "web"},
	}}
	text, err := proof.Scenario(try, []server.Exchange{exchange()})
	if err != nil {
		t.Fatal(err)
	}
	result := explained(t, try, read())
	if sent := result.Fetches[0].Sent; len(sent) != 1 || sent[0].Kind != fetch.KindPreflight || !strings.Contains(string(text), `"X-Client"`) {
		t.Errorf("got %s, and %+v sent; want a preflight", text, sent)
	}
	try.Init["integrity"] = "sha256-"
	if text, err := proof.Scenario(try, nil); err == nil {
		t.Errorf("got %s, want an error for what cannot be recorded", text)
	}
}

// checkOne checks that there is one difference that starts with want, or none where that is empty.
func checkOne(t *testing.T, got []string, want string) {
	t.Helper()
	if want == "" && len(got) == 0 || len(got) == 1 && want != "" && strings.HasPrefix(got[0], want) {
		return
	}
	t.Errorf("got %q, want %q", got, want)
}
