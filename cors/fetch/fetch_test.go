package fetch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// The corpus is the test of what is decided; here it is about what holds whatever is asked and answered.

const (
	pageURL    = "https://app.example/page"
	pageOrigin = "https://app.example"
	target     = "https://api.example/x"
)

func newPage(tb testing.TB, url string) *fetch.Page {
	tb.Helper()
	page, err := fetch.NewPage(url)
	if err != nil {
		tb.Fatal(err)
	}
	return &page
}

// shared is a response that allows all that a test here asks for.
func shared(extra ...header.Field) fetch.Response {
	list := header.List{
		{Name: header.AllowOrigin, Value: pageOrigin},
		{Name: header.AllowCredentials, Value: "true"},
		{Name: header.AllowMethods, Value: "PUT, DELETE"},
		{Name: header.AllowHeaders, Value: "x-a, x-b"},
	}
	return fetch.Response{Status: 200, Header: append(list, extra...)}
}

// always answers every request alike.
type always struct{ fetch.Response }

func (a always) Do(*fetch.Sent) (fetch.Response, error) { return a.Response, nil }

func do(tb testing.TB, b *fetch.Browser, r *fetch.Request, n fetch.Network, at time.Duration) *fetch.Trace {
	tb.Helper()
	trace, err := b.Fetch(newPage(tb, pageURL), r, n, at)
	if err != nil {
		tb.Fatal(err)
	}
	return trace
}

func TestPreflightCacheExpires(t *testing.T) {
	request := &fetch.Request{URL: target, Method: "PUT"}
	maxAge := header.Field{Name: header.MaxAge, Value: "60"}
	tests := []struct {
		name string
		at   time.Duration
		sent int
	}{
		{"at once", 0, 1},
		{"before its end", 59 * time.Second, 1},
		{"after its end", 61 * time.Second, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, profile := range fetch.Profiles() {
				b := fetch.NewBrowser(profile)
				if first := do(t, b, request, always{shared(maxAge)}, 0); len(first.Sent) != 2 {
					t.Fatalf("%s: the first fetch sends %d requests, not 2", profile.Name, len(first.Sent))
				}
				again := do(t, b, request, always{shared(maxAge)}, test.at)
				if len(again.Sent) != test.sent || again.PreflightCached != (test.sent == 1) {
					t.Errorf("%s: the second sends %d requests, cached %v", profile.Name, len(again.Sent), again.PreflightCached)
				}
			}
		})
	}
}

func TestNetworkError(t *testing.T) {
	b := fetch.NewBrowser(fetch.Standard())
	recorded := &fetch.Recorded{Responses: []fetch.Response{shared()}}
	_, err := b.Fetch(newPage(t, pageURL), &fetch.Request{URL: target, Method: "PUT"}, recorded, 0)
	if !errors.Is(err, fetch.ErrNoResponse) || !strings.Contains(err.Error(), "PUT "+target) {
		t.Errorf("got error %v, want one that names the request without a response", err)
	}
	if recorded.Unused() != 0 {
		t.Errorf("%d responses are left", recorded.Unused())
	}
}

func TestWhat(t *testing.T) {
	said := map[string]fetch.FailureID{}
	for _, id := range fetch.FailureIDs() {
		what := id.What()
		if !strings.HasSuffix(what, ".") {
			t.Errorf("%s: got %q, want a sentence", id, what)
		}
		if other, ok := said[what]; ok && other != fetch.AllowMethodsUnparsable {
			t.Errorf("%s and %s say the same", id, other)
		}
		said[what] = id
	}
	if got := fetch.FailureID("no-such-failure").What(); got != "" {
		t.Errorf("got %q for no failure, want nothing", got)
	}
}

func TestHostileAnswers(t *testing.T) {
	const size = 1 << 20
	lines := make(header.List, 50_000)
	for i := range lines {
		lines[i] = header.Field{Name: header.AllowHeaders, Value: "x-a, x-b"}
	}
	long := func(name, unit string) fetch.Response {
		return shared(header.Field{Name: name, Value: strings.Repeat(unit, size/len(unit))})
	}
	tests := []struct {
		name string
		res  fetch.Response
	}{
		{"long origin", long(header.AllowOrigin, "https://app.example, ")},
		{"long header list", long(header.AllowHeaders, "x-a,")},
		{"commas", long(header.AllowMethods, ",")},
		{"long max age", long(header.MaxAge, "9")},
		{"long name list to expose", long(header.ExposeHeaders, "a,")},
		{"long location", fetch.Response{Status: 302, Header: append(long(header.Location, "/../").Header, shared().Header...)}},
		{"many lines", fetch.Response{Status: 200, Header: append(lines, shared().Header...)}},
		{"control bytes", shared(header.Field{Name: "X-\x00", Value: "\x1b[2J\r\n\x00\xff"}, header.Field{Name: "", Value: ""})},
		{"odd status", fetch.Response{Status: -1}},
		{"a redirect to itself", shared(header.Field{Name: header.Location, Value: target})},
	}
	tests[len(tests)-1].res.Status = 308
	request := &fetch.Request{URL: target, Method: "PUT", Credentials: fetch.CredentialsInclude, Header: header.List{{Name: "X-A", Value: "1"}}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, profile := range fetch.Profiles() {
				trace := do(t, fetch.NewBrowser(profile), request, always{test.res}, 0)
				if len(trace.Sent) > 2*21 {
					t.Errorf("%s: %d requests were sent", profile.Name, len(trace.Sent))
				}
			}
		})
	}
}

func TestHostileRequests(t *testing.T) {
	const size = 1 << 20
	many := make(header.List, 20_000)
	for i := range many {
		many[i] = header.Field{Name: "X-A", Value: "1"}
	}
	tests := []struct {
		name    string
		request fetch.Request
	}{
		{"long URL", fetch.Request{URL: target + strings.Repeat("?", size)}},
		{"long method", fetch.Request{URL: target, Method: strings.Repeat("A", size)}},
		{"long value", fetch.Request{URL: target, Header: header.List{{Name: "Content-Type", Value: strings.Repeat("a/b;", size/4)}}}},
		{"long range", fetch.Request{URL: target, Header: header.List{{Name: "Range", Value: "bytes=" + strings.Repeat("9", size)}}}},
		{"many headers", fetch.Request{URL: target, Header: many}},
		{"nothing valid", fetch.Request{URL: "\x00", Method: "\r\n", Mode: "\x00", Credentials: "x", Redirect: "x", Cache: "x", Body: "x", Initiator: "x", BodyLength: -1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, profile := range fetch.Profiles() {
				trace := do(t, fetch.NewBrowser(profile), &test.request, always{shared()}, 0)
				if trace.Outcome == "" {
					t.Errorf("%s: the fetch has no outcome", profile.Name)
				}
			}
		})
	}
}

// FuzzSharing holds every profile to the CORS check written down once more, in the simplest way: a response whose headers do
// not allow the page does not reach it.
func FuzzSharing(f *testing.F) {
	f.Add("*", "", "", false)
	f.Add(pageOrigin, "", "true", true)
	f.Add(pageOrigin, pageOrigin, "true", false)
	f.Add(" null\t", "", "True", true)
	f.Fuzz(func(t *testing.T, first, second, credentials string, include bool) {
		res := fetch.Response{Status: 200, Header: header.List{{Name: header.AllowOrigin, Value: first}, {Name: header.AllowCredentials, Value: credentials}}}
		value := trim(first)
		if second != "" {
			res.Header.Append(header.AllowOrigin, second)
			value += ", " + trim(second)
		}
		request := &fetch.Request{URL: target}
		if include {
			request.Credentials = fetch.CredentialsInclude
		}
		want := value == "*" && !include || value == pageOrigin && (!include || trim(credentials) == "true")
		for _, profile := range fetch.Profiles() {
			trace := do(t, fetch.NewBrowser(profile), request, always{res}, 0)
			if got := trace.Outcome == fetch.Allowed; got != want {
				t.Errorf("%s: %s under %q, %q and credentials %q, include %v", profile.Name, trace.Outcome, first, second, credentials, include)
			}
			if (trace.Failure != nil) == want || (trace.Response != nil) != want {
				t.Errorf("%s: %s with failure %v and response %v", profile.Name, trace.Outcome, trace.Failure, trace.Response)
			}
		}
	})
}

// FuzzFetch has anything asked and answered. Whatever comes of it, a response is given to the page only where nothing failed,
// and is never both readable and of another origin without Access-Control-Allow-Origin.
func FuzzFetch(f *testing.F) {
	f.Add("https://api.example/", "PUT", "X-A", "1", 200, "Access-Control-Allow-Origin", "*", "cors", "include")
	f.Add("//x", "get", "Range", "bytes=0-", 302, "Location", "/y", "no-cors", "")
	f.Fuzz(func(t *testing.T, url, method, name, value string, status int, answerName, answerValue, mode, credentials string) {
		request := &fetch.Request{
			URL: url, Method: method, Header: header.List{{Name: name, Value: value}}, Mode: fetch.Mode(mode), Credentials: fetch.Credentials(credentials),
		}
		res := fetch.Response{Status: status, Header: header.List{{Name: answerName, Value: answerValue}}}
		for _, profile := range fetch.Profiles() {
			trace := do(t, fetch.NewBrowser(profile), request, always{res}, 0)
			if (trace.Failure != nil) != (trace.Outcome == fetch.Blocked || trace.Outcome == fetch.Invalid) {
				t.Errorf("%s: %s with failure %+v", profile.Name, trace.Outcome, trace.Failure)
			}
			if trace.Failure != nil && !slices.Contains(fetch.FailureIDs(), trace.Failure.ID) {
				t.Errorf("%s: unknown failure %s", profile.Name, trace.Failure.ID)
			}
			if trace.Response != nil && trace.Response.Type == "cors" && !res.Header.Has(header.AllowOrigin) {
				t.Errorf("%s: the page reads a response that nobody shared", profile.Name)
			}
		}
	})
}

func trim(s string) string { return strings.Trim(s, " \t\r\n") }

func BenchmarkFetch(b *testing.B) {
	page := newPage(b, pageURL)
	request := &fetch.Request{URL: target, Method: "PUT", Credentials: fetch.CredentialsInclude, Header: header.List{{Name: "X-A", Value: "1"}}}
	for _, profile := range fetch.Profiles() {
		b.Run(profile.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				trace, err := fetch.NewBrowser(profile).Fetch(page, request, always{shared()}, 0)
				if err != nil || trace.Outcome != fetch.Allowed {
					b.Fatal(trace.Failure, err)
				}
			}
		})
	}
}
