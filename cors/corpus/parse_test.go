package corpus_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// load reads one case from text.
func load(text string) (*corpus.Case, error) {
	cases, err := corpus.Load(fstest.MapFS{"folder/name.txt": {Data: []byte(text)}, "other.txt": {Data: []byte("not a case")}})
	if err != nil {
		return nil, err
	}
	return &cases[0], nil
}

const small = `A case.
-- page --
https://app.example
-- fetch --
GET https://api.example/
-- response --
200
-- want --
blocked allow-origin-missing concept-cors-check 2
`

func TestLoad(t *testing.T) {
	c, err := load("What it\nshows.\n\n-- page --\nnull\ncoep: require-corp\ncookie: a domain=api.example secure\n-- stage --\nno: why\n" +
		"-- fetch --\n\"G T\" \"https://api.example/\"+\"a\"*3 mode=\"odd\" at=1.5 keepalive\nX-A: a \"b\"\n\"X B\": \" \\xff\"\n" +
		"-- stored --\n200\n-- response --\n302 times=2\nLocation: /\n-- response firefox --\nerror reset\n" +
		"-- want --\nallowed\nsent: GET https://api.example/aaa credentials\n  Origin: null\n-- want firefox chromium --\nopaque\nsent: nothing\n")
	if err != nil {
		t.Fatal(err)
	}
	f := &c.Fetches[0]
	r := &f.Request
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{"name", c.Name, "folder/name"},
		{"doc", c.Doc, "What it shows."},
		{"unstaged", c.Unstaged, "why"},
		{"method", r.Method, "G T"},
		{"url", r.URL, "https://api.example/aaa"},
		{"mode", r.Mode, fetch.Mode("odd")},
		{"keepalive", r.Keepalive, true},
		{"at", f.At.String(), "1.5s"},
		{"plain header", r.Header[0], header.Field{Name: "X-A", Value: `a "b"`}},
		{"literal header", r.Header[1], header.Field{Name: "X B", Value: " \xff"}},
		{"stored", r.Stored.Status, 200},
		{"responses", len(f.Responses("standard")), 2},
		{"own responses", f.Responses("firefox")[0].Error, fetch.ErrorReset},
		{"want", f.Want("webkit").Outcome, fetch.Allowed},
		{"own want", f.Want("chromium").Outcome, fetch.Opaque},
		{"sent", f.Want("standard").Sent[0].Header[0].Value, "null"},
		{"sent with credentials", f.Want("standard").Sent[0].Credentials, fetch.Yes},
		{"nothing sent", f.Want("firefox").Sent != nil && len(f.Want("firefox").Sent) == 0, true},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %#v, want %#v", test.name, test.got, test.want)
		}
	}
	a, err := c.Pages[0].New()
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.Pages[0].New()
	if err != nil {
		t.Fatal(err)
	}
	if a.Origin == b.Origin || !a.Origin.IsOpaque() || a.COEP != fetch.COEPRequireCORP || a.Cookies[0].Domain != "api.example" {
		t.Errorf("got pages %+v and %+v", a, b)
	}
}

func TestLoadPolicy(t *testing.T) {
	c, err := load(`What it shows.
-- page --
https://app.example
-- policy --
origins: https://app.example, https://app.example:[8443,9443]
methods: PUT, DELETE
request_headers: X-Id
response_headers: X-Total, X-Page
credentials: true
max_age: 0s
-- fetch --
PUT https://api.example/
-- want --
blocked allow-origin-missing concept-cors-check 2
server: preflight origin-not-allowed
server: actual allowed
`)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%+v", c.Policy.Config())
	want := fmt.Sprintf("%+v", cors.Config{
		Origins: []string{"https://app.example", "https://app.example:[8443,9443]"}, Methods: []string{"PUT", "DELETE"}, RequestHeaders: []string{"X-Id"},
		ResponseHeaders: []string{"X-Total", "X-Page"}, Credentials: true, MaxAge: cors.NoPreflightCache,
	})
	if got != want {
		t.Errorf("got policy %s, want %s", got, want)
	}
	server := []corpus.Answered{{Kind: cors.Preflight, Refusal: cors.RefusedOrigin}, {Kind: cors.Actual}}
	if got := c.Fetches[0].Want("standard").Server; !slices.Equal(got, server) {
		t.Errorf("got server %v, want %v", got, server)
	}
}

// policed is the start of a case with a policy.
func policed(policy string) string {
	if policy == "" {
		policy = "origins: *\n"
	}
	return "A case.\n-- page --\nhttps://app.example\n-- policy --\n" + policy
}

func TestLoadRefuses(t *testing.T) {
	with := func(old, new string) string {
		if !strings.Contains(small, old) {
			t.Fatalf("no %q to replace", old)
		}
		return strings.Replace(small, old, new, 1)
	}
	for _, test := range []struct{ name, text, want string }{
		{"no words", with("A case.\n", ""), "1: nothing says what the case shows"},
		{"unknown section", with("-- fetch --", "-- fecth --"), `4: unknown section "fecth"`},
		{"policy late", small + "-- policy --\norigins: *\n", "10: policy stands once, before the first fetch"},
		{"policy twice", policed("") + "-- policy --\norigins: *\n", "6: policy stands once, before the first fetch"},
		{"policy refused", policed("origins: app.example\n"), `4: Origins[0]: invalid origin pattern "app.example": the scheme is missing`},
		{"policy key", policed("origin: *\n"), `5: unknown key "origin" of a policy`},
		{"policy key twice", policed("origins: *\norigins: *\n"), "6: origins is given twice"},
		{"policy line", policed("origins\n"), "5: want key: value"},
		{"policy yes", policed("credentials: yes\n"), "5: credentials is true or left out"},
		{"policy age", policed("max_age: 600\n"), `5: max_age is a duration, and not "600"`},
		{"policy unanswered", strings.Replace(small, "-- fetch --", "-- policy --\norigins: *\n-- fetch --", 1), "10: nothing says in server what the policy makes of each request"},
		{"section for a browser that cannot be", with("-- fetch --", "-- fetch webkit --"), "4: section fetch is the same for all browsers"},
		{"unknown browser", with("-- want --", "-- want safari --"), `8: unknown browser "safari"`},
		{"browser twice", with("-- want --", "-- want webkit webkit --"), "8: browser webkit is named twice"},
		{"not all browsers", with("-- want --", "-- want webkit --"), "9: nothing says what is wanted of the fetch before, in standard"},
		{"want twice", small + "-- want --\nallowed\n", "10: wanted twice"},
		{"no want", with("-- want --\nblocked allow-origin-missing concept-cors-check 2\n", ""), "7: nothing says what is wanted of the fetch before, in standard"},
		{"no fetch", "A case.\n-- page --\nnull\n", "3: the case has no fetch"},
		{"no page", with("-- page --\nhttps://app.example\n", ""), "2: fetch before any page"},
		{"page unparsable", with("https://app.example", "app.example"), "3: page: "},
		{"response first", with("-- fetch --", "-- response --"), "4: section response before any fetch"},
		{"response after want", small + "-- response --\n200\n", "10: a response after what is wanted"},
		{"empty section", with("200\n", ""), "6: section response is empty"},
		{"stage late", small + "-- stage --\nno: x\n", "10: stage stands once, between page and the first fetch"},
		{"unknown page key", with("https://app.example", "https://app.example\ncsp: x"), `4: unknown key "csp" of a page`},
		{"page key twice", with("https://app.example", "https://app.example\ncoep: require-corp\ncoep: require-corp"), "5: coep is given twice"},
		{"page value", with("https://app.example", "https://app.example\nsecure_context: yes"), "4: secure_context is true or false"},
		{"cookie attribute", with("https://app.example", "https://app.example\ncookie: a samesite=lax"), `4: unknown attribute "samesitelax" of a cookie`},
		{"unknown option", with("GET https://api.example/", "GET https://api.example/ credential=omit"), "5: unknown option credential="},
		{"unknown word", with("GET https://api.example/", "GET https://api.example/ keepalife"), `5: unknown option "keepalife"`},
		{"option twice", with("GET https://api.example/", "GET https://api.example/ mode=cors mode=cors"), "5: option mode is given twice"},
		{"option value", with("GET https://api.example/", "GET https://api.example/ mode=cros"), `5: unknown mode "cros": one of cors,`},
		{"initiator", with("GET https://api.example/", "GET https://api.example/ initiator=image"), `5: unknown initiator "image"`},
		{"two spaces", with("GET https://api.example/", "GET  https://api.example/"), "5: two spaces, or nothing after ="},
		{"no URL", with("GET https://api.example/", "GET"), "5: want a method and a URL"},
		{"back in time", small + "-- fetch --\nGET / at=-1\n-- want --\nallowed\n", "11: at=-1 is not a number of seconds, or before the last fetch"},
		{"status", with("200", "2000"), `7: "2000" is not a status from 101 to 599`},
		{"error", with("200", "error broken"), `7: unknown error "broken"`},
		{"no header", with("200", "200\nX-A"), "8: want a header line, Name: value"},
		{"header without value", with("200", "200\nX-A: "), "8: white space at the end of the line"},
		{"header name", with("200", "200\nX A: 1"), `8: "X A" is no header name`},
		{"header with space", with("200", "200\nX-A:  1"), "8: white space around the value"},
		{"bad literal", with("200", `200`+"\n"+`X-A: "a`), `8: "a is not a string literal`},
		{"behind a literal", with("200", `200`+"\n"+`X-A: "a" b`), `8: " b" after the literal`},
		{"repeated too often", with("200", `200`+"\n"+`X-A: "a"*99999`), "8: no number up to 65535 after *"},
		{"carriage return", with("200", "200\r"), "7: white space at the end of the line"},
		{"outcome", with("blocked", "failed"), `9: unknown outcome "failed"`},
		{"failure", with("allow-origin-missing", "no-allow-origin"), `9: unknown failure "no-allow-origin"`},
		{"step", with("check 2", "check 22"), "9: the Standard has no step 22 of concept-cors-check"},
		{"no step", with(" concept-cors-check 2", ""), "9: want blocked, the failure, the algorithm, the number of the step"},
		{"unknown want key", small + "why: x\n", `10: unknown key "why" of a want`},
		{"server of no policy", small + "server: actual allowed\n", "8: server is about a policy, and the case has none"},
		{"server kind", small + "server: x allowed\n", `10: unknown kind of request "x": one of [not-cors actual preflight]`},
		{"server refusal", small + "server: actual no\n", `10: unknown refusal "no": allowed, or one of [origin-not-allowed `},
		{"want key twice", small + "hop: 0\nhop: 0\n", "11: hop is given twice"},
		{"response of a failure", small + "status: 200\n", "10: a fetch that fails has no status"},
		{"indented", small + "  Origin: x\n", "10: an indented line that belongs to no request"},
		{"indented after another key", small + "sent: GET /\nhop: 0\n  Origin: x\n", "12: an indented line that belongs to no request"},
		{"names", with("blocked allow-origin-missing concept-cors-check 2", "allowed\nvisible: a b"), `10: "a b" is not a list of names`},
		{"cookie", small + "cookie: a kept\n", "10: want NAME sent, or NAME withheld REASON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := load(test.text)
			syntax, ok := errors.AsType[*corpus.SyntaxError](err)
			if !ok {
				t.Fatalf("got error %v, want a syntax error", err)
			}
			if want := "folder/name.txt:" + test.want; !strings.HasPrefix(syntax.Error(), want) {
				t.Errorf("got %q, want %q", syntax, want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct{ name, want, problem string }{
		{"outcome", "allowed", "got blocked allow-origin-missing concept-cors-check 2, want allowed"},
		{"failure", "blocked allow-origin-mismatch concept-cors-check 2", "got blocked allow-origin-missing concept-cors-check 2, want blocked allow-origin-mismatch concept-cors-check 2"},
		{"on", small9 + "on: preflight", "on: got request, want preflight"},
		{"hop", small9 + "hop: 1", "hop: got 0, want 1"},
		{"got", small9 + "got: *", `got: got "", want "*"`},
		{"cors", small9 + "cors: preflight", "cors: got simple , want preflight "},
		{"cached", small9 + "cached: yes", "cached: got false, want true"},
		{"sent", small9 + "sent: nothing", "sent:\n"},
		{"sent header", small9 + "sent: GET https://api.example/\n  Origin: https://app.example\n  X-A: 1", "sent:\n"},
		{"credentials", small9 + "sent: GET https://api.example/ credentials\n  Origin: https://app.example", "request 1: credentials: got false, want true"},
		{"dropped", small9 + "dropped: X-A", "dropped: got [], want"},
		{"cookie", small9 + "cookie: a sent", "cookies: got [], want"},
		{"nothing", small9 + "sent: GET https://api.example/ no-credentials\n  origin: https://app.example\non: request\nhop: 0", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := load(strings.Replace(small, strings.TrimSuffix(small9, "\n"), test.want, 1))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(problems(c, fetch.Standard()), "\n")
			if !strings.HasPrefix(got, test.problem) || (got == "") != (test.problem == "") {
				t.Errorf("got %q, want %q", got, test.problem)
			}
		})
	}
}

const small9 = "blocked allow-origin-missing concept-cors-check 2\n"
