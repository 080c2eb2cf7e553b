package explain_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/report"
)

// Masking hides what is a secret, and nothing else.
func TestMask(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
	for _, row := range []struct{ name, header, value, want string }{
		{"a bearer token", "Authorization", "Bearer abc", "Bearer ***"},
		{"basic credentials", "AUTHORIZATION", "Basic dTpw", "Basic ***"},
		{"a bare key", "Authorization", "abc", "***"},
		{"an unknown scheme", "Authorization", "My secret", "***"},
		{"a named token", "X-Auth-Token", "abc", "***"},
		{"an API key", "X-Api-Key", "abc", "***"},
		{"a CSRF token", "X-CSRF-Token", "abc", "***"},
		{"a session", "X-Session-Id", "abc", "***"},
		{"a token by its looks", "X-Thing", jwt, "***"},
		{"a long mixed value", "X-Thing", "9f86d081884c7d659a2feaa0c55ad015", "***"},
		{"an author", "X-Author", "Ann", "Ann"},
		{"a plain value", "X-Thing", "7", "7"},
		{"a type", "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8", "application/x-www-form-urlencoded;charset=UTF-8"},
		{"an address", "X-Forwarded-Host", "myapp-7f9c8d2ab34.preview.example", "myapp-7f9c8d2ab34.preview.example"},
		{"an empty value", "X-Api-Key", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			request := &fetch.Request{URL: "https://a.example/"}
			request.Header.Append(row.header, row.value)
			trace := &fetch.Trace{Request: request, Page: &fetch.Page{}}
			if got := explain.Mask(trace).Request.Header[0].Value; got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
			if got := request.Header[0].Value; got != row.value {
				t.Errorf("the trace itself was changed: %q", got)
			}
		})
	}
}

func TestMaskURL(t *testing.T) {
	for _, row := range []struct{ name, url, want string }{
		{"a token", "https://a.example/x?token=abc&page=2#top", "https://a.example/x?token=***&page=2#top"},
		{"a key", "https://a.example/x?key=abc", "https://a.example/x?key=***"},
		{"a fragment", "https://a.example/x#access_token=abc&state=1", "https://a.example/x#access_token=***&state=1"},
		{"a value by its looks", "/x?v=9f86d081884c7d659a2feaa0c55ad015", "/x?v=***"},
		{"a bare value by its looks", "/x?9f86d081884c7d659a2feaa0c55ad015", "/x?***"},
		{"a password", "https://user:p:w@a.example/", "https://user:***@a.example/"},
		{"a user alone", "https://user@a.example/", "https://user@a.example/"},
		{"an at sign in the path", "https://a.example/@x:y@z", "https://a.example/@x:y@z"},
		{"a URL that does not parse", "https://a.example:99999/?secret=abc", "https://a.example:99999/?secret=***"},
		{"nothing secret", "https://a.example/?q=hello+world&monkey=1", "https://a.example/?q=hello+world&monkey=1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			trace := &fetch.Trace{Request: &fetch.Request{URL: row.url}, Page: &fetch.Page{}}
			if got := explain.Mask(trace).Request.URL; got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// No secret of any failing scenario is in any output, and masking changes no verdict.
func TestMaskNowhere(t *testing.T) {
	const secret = "hunter2hunter2"
	scenarios := failing()
	for id, scenario := range engineOnly() {
		scenarios[id] = scenario
	}
	for id, scenario := range scenarios {
		t.Run(string(id), func(t *testing.T) {
			scenario = strings.Replace(scenario, `"https://api.example/"`, `"https://api.example/?token=`+secret+`"`, 1)
			scenario = strings.ReplaceAll(scenario, `https://u:p@`, `https://u:`+secret+`@`)
			scenario = strings.ReplaceAll(scenario, `["Location", "`, `["Set-Cookie", "id=`+secret+`"], ["Location", "`)
			scenario = strings.ReplaceAll(scenario, `["Authorization", "x"]`, `["Authorization", "Bearer `+secret+`"]`)
			s, err := input.ReadScenario(strings.NewReader(`{"page": "https://app.example", ` + scenario + `}`))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range fetch.Profiles() {
				masked, err := explain.Scenario(s, p, false)
				if err != nil {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("%s: %v", p.Name, err)
					}
					continue
				}
				shown, _ := explain.Scenario(s, p, true)
				for i := range masked {
					got, want := masked[i].Trace, shown[i].Trace
					if got.Outcome != want.Outcome || fmt.Sprint(got.Failure != nil) != fmt.Sprint(want.Failure != nil) {
						t.Errorf("%s: got %s, want %s", p.Name, got.Outcome, want.Outcome)
					}
				}
				var b bytes.Buffer
				if err := explain.WriteText(&b, masked, explain.Layout{Styles: term.NewStyles(true), Width: 80, Steps: true}); err != nil {
					t.Fatal(err)
				}
				if err := report.WriteJSON(&b, explain.NewResult(p.Name, masked, true)); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(b.String(), secret) {
					t.Errorf("%s: the secret is in\n%s", p.Name, b.String())
				}
			}
		})
	}
}
