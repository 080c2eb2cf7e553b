package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
)

const api = "https://api.example/"

// answered is an exchange with a response whose headers stand on lines.
func answered(status int, lines ...string) input.Exchange {
	r := &fetch.Response{Status: status}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header = append(r.Header, header.Field{Name: name, Value: value})
	}
	return input.Exchange{Response: r}
}

func missing(why input.Missing) input.Exchange { return input.Exchange{Missing: why} }

// simple is a recorded request from https://app.example to api that needs no preflight.
func simple(t *testing.T, exchange input.Exchange, end input.End) input.RecordedFetch {
	t.Helper()
	page, err := fetch.NewPage("https://app.example/")
	if err != nil {
		t.Fatal(err)
	}
	return input.RecordedFetch{
		Page: &page, Request: fetch.Request{URL: api, Method: "GET", Mode: fetch.ModeCORS, Initiator: fetch.InitiatorFetch},
		Hops: []input.Hop{{URL: api, Request: exchange}}, End: end,
	}
}

// preflighted is a recorded request with a header that needs a preflight.
func preflighted(t *testing.T, preflight *input.Exchange, exchange input.Exchange, end input.End) input.RecordedFetch {
	t.Helper()
	f := simple(t, exchange, end)
	f.Request.Header = header.List{{Name: "X-A", Value: "1"}}
	f.Hops[0].Preflight = preflight
	return f
}

func explainOne(t *testing.T, f *input.RecordedFetch, p fetch.Profile) *explain.Explanation {
	t.Helper()
	r := explain.HAR(&input.HAR{Browser: "chromium", Fetches: []input.RecordedFetch{*f}}, p, false)
	if len(r.Explanations) != 1 {
		t.Fatalf("got %d explanations, want 1", len(r.Explanations))
	}
	return &r.Explanations[0]
}

func verdictOf(e *explain.Explanation) string {
	if e.Trace.Failure != nil {
		return string(e.Trace.Outcome) + " " + string(e.Trace.Failure.ID)
	}
	return string(e.Trace.Outcome)
}

var (
	reached = input.End{Status: 200, Reached: fetch.Yes}                          // read-only
	refused = input.End{Status: 200, Error: "net::ERR_FAILED", Reached: fetch.No} // read-only
	nothing = input.End{Error: "net::ERR_FAILED", Reached: fetch.No}              // read-only
	silent  = input.End{Status: 200}                                              // read-only
)

func TestHARVerdicts(t *testing.T) {
	ptr := func(e input.Exchange) *input.Exchange { return &e }
	anyone := "Access-Control-Allow-Origin: *"
	for _, row := range []struct {
		name  string
		fetch input.RecordedFetch
		want  string
		sent  int
	}{
		{"allowed", simple(t, answered(200, anyone), reached), "allowed", 1},
		{"blocked", simple(t, answered(200), refused), "blocked allow-origin-missing", 1},
		{"a network error", simple(t, input.Exchange{Response: &fetch.Response{Error: fetch.ErrorDNS}}, nothing), "blocked network-failure", 1},
		{"a preflight that passes", preflighted(t, ptr(answered(204, anyone, "Access-Control-Allow-Headers: x-a")), answered(200, anyone), reached), "allowed", 2},
		{"a preflight that fails", preflighted(t, ptr(answered(204, anyone)), missing(input.MissingResponse), nothing), "blocked header-not-allowed", 1},
		{"a preflight that is not there", preflighted(t, nil, answered(200, anyone), reached), "allowed", 1},
		{"a preflight that is not there, and a request that fails", preflighted(t, nil, answered(200), refused), "blocked allow-origin-missing", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, p := range fetch.Profiles() {
				e := explainOne(t, &row.fetch, p)
				if got := verdictOf(e); got != row.want || len(e.Trace.Sent) != row.sent {
					t.Errorf("%s: got %s, %d sent, want %s, %d", p.Name, got, len(e.Trace.Sent), row.want, row.sent)
				}
				if e.Recorded == nil || *e.Recorded != row.fetch.End {
					t.Errorf("%s: got recorded %v", p.Name, e.Recorded)
				}
				if (e.Trace.Failure != nil) != (e.Console.Chromium != "" && e.Console.Firefox != "") {
					t.Errorf("%s: got console %+v", p.Name, e.Console)
				}
			}
		})
	}
}

func TestHARMissing(t *testing.T) {
	const look = " Run concors explain URL to look at what the server answers."
	aborted := input.End{Error: "net::ERR_ABORTED"}
	for _, row := range []struct {
		name      string
		fetch     input.RecordedFetch
		want, why string
	}{
		{"no headers", simple(t, missing(input.MissingResponse), nothing), "blocked",
			"The recording has no response headers for this request: the browser blocked it (net::ERR_FAILED)." + look},
		{"no headers, no error", simple(t, missing(input.MissingResponse), input.End{Reached: fetch.No}), "blocked",
			"The recording has no response headers for this request: the browser blocked it, or no answer came." + look},
		{"no headers, another error", simple(t, missing(input.MissingResponse), input.End{Error: "net::ERR_INVALID_REDIRECT", Reached: fetch.No}), "blocked",
			"The recording has no response headers for this request: it failed with net::ERR_INVALID_REDIRECT." + look},
		{"an extension", simple(t, missing(input.MissingResponse), input.End{Error: "net::ERR_BLOCKED_BY_CLIENT", Reached: fetch.No}), "blocked",
			"The recording has no response headers for this request: it failed with net::ERR_BLOCKED_BY_CLIENT. An extension, or a rule of the browser, blocked it; that is not CORS."},
		{"aborted", simple(t, missing(input.MissingResponse), aborted), "unknown",
			"The recording has no response headers for this request: it ended with net::ERR_ABORTED. The page or its user broke it off."},
		{"under way", simple(t, missing(input.MissingResponse), input.End{}), "unknown",
			"The recording has no response headers for this request, and does not say what came of it." + look},
		{"no preflight, no headers", preflighted(t, nil, missing(input.MissingResponse), nothing), "blocked",
			"The recording has no response headers for this request, and no preflight, which it needs: the browser blocked it (net::ERR_FAILED)." + look},
		{"a preflight without an answer", preflighted(t, &input.Exchange{Missing: input.MissingResponse}, missing(input.MissingResponse), nothing), "blocked",
			"The recording has no response to the preflight of this request: the browser blocked it (net::ERR_FAILED)." + look},
		{"a redirect", simple(t, answered(302, "Access-Control-Allow-Origin: *", "Location: /y"), refused), "blocked",
			"The response is a redirect, and the recording has no entry for where it leads: the browser blocked it (net::ERR_FAILED). Redirect mode error has that outcome, for one."},
		{"304", simple(t, missing(input.MissingStored), reached), "allowed",
			"The answer was 304, so the browser judged a response that it had stored. The recording does not have its headers."},
		{"a service worker", simple(t, missing(input.MissingServiceWorker), silent), "unknown",
			"A service worker of the page answered, so no CORS check was made on this response. A request that the worker made itself is an entry of its own."},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := explainOne(t, &row.fetch, fetch.Chromium())
			if got := verdictOf(e); got != row.want || e.Why != row.why {
				t.Errorf("got  %s: %s\nwant %s: %s", got, e.Why, row.want, row.why)
			}
		})
	}
}

func TestHARNotes(t *testing.T) {
	const (
		untold  = "The recording does not tell whether cookies were allowed to go along. "
		assumed = untold + "It is assumed, since only then the request comes to what the browser recorded."
	)
	anyone, named := "Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: https://app.example"
	maybe := func(f input.RecordedFetch) input.RecordedFetch { f.MaybeCredentialed = true; return f }
	for _, row := range []struct {
		name    string
		fetch   input.RecordedFetch
		profile fetch.Profile
		want    string
		notes   []string
	}{
		{"nothing to note", simple(t, answered(200, anyone), reached), fetch.Chromium(), "allowed", nil},
		{"an assumed preflight", preflighted(t, nil, answered(200, anyone), reached), fetch.Chromium(), "allowed", []string{
			"The recording has no preflight for this request, which needs one: the browser still knew the answer to an earlier one, or it was not recorded. It counts as passed."}},
		{"cookies explain the end", maybe(simple(t, answered(200, anyone), refused)), fetch.Chromium(), "blocked allow-origin-wildcard-credentials", []string{assumed}},
		{"cookies explain the end before anything was sent",
			maybe(preflighted(t, &input.Exchange{Response: answered(204, anyone, "Access-Control-Allow-Headers: x-a").Response}, missing(input.MissingResponse), nothing)),
			fetch.Chromium(), "blocked allow-origin-wildcard-credentials", []string{assumed}},
		{"the end excludes cookies", maybe(simple(t, answered(200, anyone), reached)), fetch.Chromium(), "allowed", nil},
		{"cookies decide nothing", maybe(simple(t, answered(200, named, "Access-Control-Allow-Credentials: true"), silent)), fetch.Chromium(), "allowed", nil},
		{"cookies would decide", maybe(simple(t, answered(200, named), silent)), fetch.Chromium(), "allowed",
			[]string{untold + `If they were (credentials: "include"), the outcome is blocked: allow-credentials-missing.`}},
		{"cookies would be another cause", maybe(preflighted(t, &input.Exchange{Response: answered(204, anyone).Response}, missing(input.MissingResponse), nothing)),
			fetch.Chromium(), "blocked header-not-allowed", []string{untold + `If they were (credentials: "include"), the cause is allow-origin-wildcard-credentials.`}},
		{"the redirect mode may be the cause", maybe(simple(t, answered(302, anyone, "Location: /y"), refused)), fetch.Chromium(), "blocked", nil},
		{"another error is not CORS's", maybe(simple(t, missing(input.MissingResponse), input.End{Error: "net::ERR_TOO_MANY_REDIRECTS", Reached: fetch.No})),
			fetch.Chromium(), "blocked", nil},
		{"the browser let it pass", simple(t, answered(200), reached), fetch.Chromium(), "blocked allow-origin-missing",
			[]string{"The recording disagrees: the browser let the page have the response."}},
		{"the browser blocked it", simple(t, answered(200, anyone), refused), fetch.Firefox(), "allowed", []string{
			"The recording disagrees: the browser recorded status 200 and net::ERR_FAILED, and nothing that it recorded of the exchange explains that. It was made by Chromium, and judged here by the rules of Firefox."}},
		{"the browser does not tell", simple(t, answered(200), silent), fetch.Standard(), "blocked allow-origin-missing", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := explainOne(t, &row.fetch, row.profile)
			if got := verdictOf(e); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
			if diff := cmp.Diff(row.notes, e.Notes); diff != "" {
				t.Errorf("notes differ (-want +got):\n%s", diff)
			}
		})
	}
}

// What an element makes of a response's type comes later than what is recorded, so that there is no disagreement.
func TestHARTypeOfResponse(t *testing.T) {
	f := simple(t, answered(200, "Content-Type: text/html", "X-Content-Type-Options: nosniff"), reached)
	f.Request.Mode, f.Request.Initiator = fetch.ModeNoCORS, fetch.InitiatorScript
	e := explainOne(t, &f, fetch.Standard())
	if got := verdictOf(e); got != "blocked nosniff-blocked" || e.Notes != nil {
		t.Errorf("got %s, notes %q", got, e.Notes)
	}
}

// Requests that are not cross-origin are counted; what is not judged is named, without its secrets.
func TestHARCounts(t *testing.T) {
	home, lost := simple(t, answered(200), reached), simple(t, answered(200), reached)
	home.Hops[0].URL, home.Request.URL = "https://app.example/x", "https://app.example/x"
	lost.Page, lost.Request.URL = nil, "https://api.example/?token=secret"
	h := &input.HAR{
		Creator: "WebInspector 1", Navigations: 2, Other: 3, Fetches: []input.RecordedFetch{home, lost, home},
		Unmatched: []input.Unmatched{{Method: "PUT", URL: "https://api.example/?token=secret"}},
	}
	for _, row := range []struct {
		name string
		show bool
		url  string
	}{{"masked", false, "https://api.example/?token=***"}, {"shown", true, "https://api.example/?token=secret"}} {
		t.Run(row.name, func(t *testing.T) {
			want := &explain.Recording{
				Creator: "WebInspector 1", SameOrigin: 2, Navigations: 2, Other: 3,
				Unplaced: []explain.RequestResult{{Method: "GET", URL: row.url}}, Unmatched: []explain.RequestResult{{Method: "PUT", URL: row.url}},
			}
			if diff := cmp.Diff(want, explain.HAR(h, fetch.Standard(), row.show)); diff != "" {
				t.Errorf("recording differs (-want +got):\n%s", diff)
			}
		})
	}
}

// Each fetch is judged by itself: the preflight cache of the browser that recorded is told by what it sent.
func TestHARNoCache(t *testing.T) {
	answer := answered(204, "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: x-a", "Access-Control-Max-Age: 600")
	first := preflighted(t, &answer, answered(200, "Access-Control-Allow-Origin: *"), reached)
	second := preflighted(t, &input.Exchange{Response: answered(500).Response}, missing(input.MissingResponse), nothing)
	r := explain.HAR(&input.HAR{Fetches: []input.RecordedFetch{first, second}}, fetch.Standard(), true)
	if got := []string{verdictOf(&r.Explanations[0]), verdictOf(&r.Explanations[1])}; !slices.Equal(got, []string{"allowed", "blocked allow-origin-missing"}) {
		t.Errorf("got %q", got)
	}
}
