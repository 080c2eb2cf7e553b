package input_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/input"
)

func read(t *testing.T, text string) *input.Scenario {
	t.Helper()
	s, err := input.ReadScenario(strings.NewReader(text))
	if err != nil {
		t.Fatalf("got error %v", err)
	}
	return s
}

func TestReadScenario(t *testing.T) {
	s := read(t, `{
		"fetches": [
			{
				"responses": [
					{"status": 204, "headers": [["Access-Control-Allow-Origin", " https://myapp.com\t"], ["X-Bytes", "\u00e9\u0001"]]},
					{"error": "refused"}
				],
				"request": {
					"url": "/users/123", "method": "PUT", "headers": [["Content-Type", "application/json"], ["X-A", "\u00e9"]],
					"body": "text", "mode": "cors", "credentials": "same-origin", "redirect": "follow", "initiator": "xhr",
					"upload_listener": true, "cache": "no-store", "keepalive": true, "body_length": 70000
				},
				"at": 1.25
			},
			{"request": {"url": "b"}, "stored": {"status": 200, "headers": [["ETag", "1"]]}}
		],
		"page": "https://myapp.com/app"
	}`)
	want := []input.Fetch{
		{
			At: 1250 * time.Millisecond,
			Request: fetch.Request{
				URL: "/users/123", Method: "PUT",
				Header: header.List{{Name: "Content-Type", Value: "application/json"}, {Name: "X-A", Value: "\xe9"}},
				Body:   fetch.BodyText, BodyLength: 70000, Mode: fetch.ModeCORS, Credentials: fetch.CredentialsSameOrigin,
				Redirect: fetch.RedirectFollow, Cache: fetch.CacheNoStore, Initiator: fetch.InitiatorXHR, Keepalive: true,
				UploadListener: true,
			},
			Responses: []fetch.Response{
				{Status: 204, Header: header.List{{Name: "Access-Control-Allow-Origin", Value: "https://myapp.com"}, {Name: "X-Bytes", Value: "\xe9\x01"}}},
				{Error: fetch.ErrorRefused},
			},
		},
		{
			At: 1250 * time.Millisecond,
			Request: fetch.Request{
				URL:    "b",
				Stored: &fetch.Response{Status: 200, Header: header.List{{Name: "ETag", Value: "1"}}},
			},
		},
	}
	if diff := cmp.Diff(want, s.Fetches); diff != "" {
		t.Errorf("fetches differ (-want +got):\n%s", diff)
	}
	if got, want := s.Page.Origin.String(), "https://myapp.com"; got != want {
		t.Errorf("got page %s, want %s", got, want)
	}
}

func TestReadScenarioSingle(t *testing.T) {
	s := read(t, `{"page": "null", "request": {"url": "https://a.example"}, "responses": [{"status": 200}], "stored": {"status": 200}}`)
	if len(s.Fetches) != 1 || len(s.Fetches[0].Responses) != 1 || s.Fetches[0].Request.Stored == nil {
		t.Errorf("got %+v", s.Fetches)
	}
	if !s.Page.Origin.IsOpaque() || s.Page.URL != nil {
		t.Errorf("got page %+v, want an opaque one", s.Page)
	}
}

func TestReadEnvironment(t *testing.T) {
	s := read(t, `{"page": "https://a.example", "request": {"url": "b"}, "environment": {
		"top_level_site": "https://www.top.example:8443/x", "secure_context": false, "referrer_policy": "no-referrer",
		"csp_connect_src": "connect-src 'self' https://b.example", "coep": "require-corp", "page_address_space": "public",
		"target_address_space": "loopback", "local_network_permission": "denied", "hsts": ["b.example"], "http_version": 1.1,
		"cookies": [{"name": "sid", "domain": ".a.example", "path": "/x", "secure": true, "same_site": "Lax", "partitioned": true}],
		"third_party_cookies": "partition"
	}}`)
	want := fetch.Page{
		Origin: s.Page.Origin, URL: s.Page.URL,
		TopLevelSite: "https://top.example", SecureContext: fetch.No, ReferrerPolicy: fetch.NoReferrer,
		CSPConnectSrc: []string{"'self'", "https://b.example"}, COEP: fetch.COEPRequireCORP, PageSpace: fetch.SpacePublic,
		TargetSpace: fetch.SpaceLoopback, LocalNetwork: fetch.PermissionDenied, HSTS: []string{"b.example"}, HTTPVersion: "1.1",
		Cookies: []fetch.Cookie{{
			Name: "sid", Domain: ".a.example", Path: "/x", Secure: true, SameSite: "lax", Partitioned: true,
		}},
		ThirdPartyCookies: fetch.CookiesPartition,
	}
	origin := cmp.Comparer(origin.SameOrigin)
	if diff := cmp.Diff(want, s.Page, origin); diff != "" {
		t.Errorf("page differs (-want +got):\n%s", diff)
	}
}

func TestReadSources(t *testing.T) {
	for _, row := range []struct {
		name, value string
		want        []string
	}{
		{"a string", `"'self'  https://b.example"`, []string{"'self'", "https://b.example"}},
		{"a list", `["'self'", "https://b.example"]`, []string{"'self'", "https://b.example"}},
		{"an empty string allows nothing", `""`, []string{}},
		{"an empty list allows nothing", `[]`, []string{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := read(t, `{"page": "https://a.example", "request": {"url": "b"}, "environment": {"csp_connect_src": `+row.value+`}}`)
			if diff := cmp.Diff(row.want, s.Page.CSPConnectSrc); diff != "" {
				t.Errorf("sources differ (-want +got):\n%s", diff)
			}
		})
	}
}

// What a script could pass is never an error: the model says what comes of it.
func TestReadWhatScriptsPass(t *testing.T) {
	for _, row := range []struct{ name, request string }{
		{"no URL at all", `{"url": ""}`},
		{"a URL that does not parse", `{"url": "https://:99999"}`},
		{"a forbidden method", `{"url": "a", "method": "TRACE"}`},
		{"an empty method", `{"url": "a", "method": ""}`},
		{"an unknown mode", `{"url": "a", "mode": "foo"}`},
		{"an empty mode", `{"url": "a", "mode": ""}`},
		{"unknown credentials", `{"url": "a", "credentials": "foo"}`},
		{"an unknown redirect mode", `{"url": "a", "redirect": "foo"}`},
		{"an unknown cache mode", `{"url": "a", "cache": "foo"}`},
		{"a header name that is no token", `{"url": "a", "headers": [["a b", "1"]]}`},
		{"a header value with a line break", `{"url": "a", "headers": [["a", "1\n2"]]}`},
		{"a header value beyond Latin-1", `{"url": "a", "headers": [["a", "\u2603"]]}`},
		{"a forbidden header", `{"url": "a", "headers": [["Cookie", "a=b"]]}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			read(t, `{"page": "https://a.example", "request": `+row.request+`}`)
		})
	}
}

func TestReadScenarioErrors(t *testing.T) {
	const page = `{"page": "https://a.example", `
	request := func(s string) string { return page + `"request": {"url": "b", ` + s + `}}` }
	response := func(s string) string { return page + `"request": {"url": "b"}, "responses": [` + s + `]}` }
	environment := func(s string) string { return page + `"request": {"url": "b"}, "environment": {` + s + `}}` }
	for _, row := range []struct{ name, text, want string }{
		{"empty", " \n", "the scenario is empty"},
		{"cut short", `{"page": "https://a.example"`, "line 1: this is not JSON: it ends too early"},
		{"not JSON", "{\n\"page\": nope}", "line 2: page: this is not JSON: invalid character 'o' in literal null (expecting 'u')"},
		{"not an object", `[]`, "line 1: a list: want an object"},
		{"something follows", page + `"request": {"url": "b"}} {}`, "line 1: something follows the end of the scenario"},
		{"no page", `{"request": {"url": "b"}}`, "line 1: page: the key is missing"},
		{"an empty page", `{"page": ""}`, `line 1: page: "": want a URL, an origin or "null"`},
		{"a page that does not parse", `{"page": "a.example", "request": {"url": "b"}}`,
			`page: "a.example": want a URL, an origin or null in quotes: scheme is missing, and there is no base to resolve it against`},
		{"null is not a string", `{"page": null}`, "line 1: page: null: want a string"},
		{"no fetches", page + `"environment": {}}`, "line 1: fetches: the key is missing"},
		{"responses without a request", page + `"responses": []}`, "line 1: request: the key is missing"},
		{"both forms", page + `"request": {"url": "b"}, "fetches": []}`,
			"fetches: a single fetch stands at the top level already; give one or the other"},
		{"an unknown key", page + `"fetches": [{"request": {"url": "b", "heders": []}}]}`,
			"line 1: fetches[0].request.heders: unknown key (did you mean headers?)"},
		{"an unknown key like no other", request(`"foo": 1`), "line 1: request.foo: unknown key"},
		{"an unknown key of any name", request(`"a b\u001b": 1`), `line 1: request."a b\x1b": unknown key`},
		{"a key in another case", request(`"Method": "GET"`), "line 1: request.Method: unknown key (did you mean method?)"},
		{"two letters swapped", request(`"mehtod": "GET"`), "line 1: request.mehtod: unknown key (did you mean method?)"},
		{"a key twice", request(`"method": "GET", "method": "PUT"`), "line 1: request.method: the key is there twice"},
		{"no URL", page + `"request": {}}`, "line 1: request.url: the key is missing"},
		{"a method that is not text", request(`"method": 1`), "line 1: request.method: a number: want a string"},
		{"an unknown body", request(`"body": "json"`),
			`line 1: request.body: "json": want one of none, text, urlencoded, multipart, json-blob, bytes, stream`},
		{"a flag that is not one", request(`"upload_listener": "yes"`), `line 1: request.upload_listener: "yes": want true or false`},
		{"a length that is not one", request(`"body_length": -1`), "line 1: request.body_length: -1: want a whole number from 0 to 2147483647"},
		{"headers as an object", request(`"headers": {}`), "line 1: request.headers: an object: want a list of pairs of name and value"},
		{"headers as text", request(`"headers": "Authorization: Bearer t"`), "line 1: request.headers: a string: want a list of pairs of name and value"},
		{"a page with a secret", `{"page": "https://u:p@:/?token=t", "request": {"url": "b"}}`,
			`page: "...@:/...": want a URL, an origin or null in quotes: host is missing`},
		{"half a pair", request(`"headers": [["a"]]`), "line 1: request.headers[0]: want a pair of name and value"},
		{"more than a pair", request(`"headers": [["a", "b", "c"]]`),
			`line 1: request.headers[0][2]: a header is a pair of name and value, and this is a third part`},
		{"a status too low", response(`{"status": 99}`), "line 1: responses[0].status: 99: want a whole number from 100 to 999"},
		{"a status too high", response(`{"status": 1000}`), "line 1: responses[0].status: 1000: want a whole number from 100 to 999"},
		{"a status with a fraction", response(`{"status": 200.5}`), "line 1: responses[0].status: 200.5: want a whole number from 100 to 999"},
		{"a status as text", response(`{"status": "200"}`), `line 1: responses[0].status: "200": want a whole number from 100 to 999`},
		{"no status", response(`{"status": 200}, {"headers": []}`), "line 1: responses[1].status: the key is missing"},
		{"a status and an error", response(`{"status": 200, "error": "dns"}`),
			"line 1: responses[0]: a response that never came has an error and nothing else"},
		{"an unknown error", response(`{"error": "x"}`), `line 1: responses[0].error: "x": want one of refused, reset, timeout, tls, dns`},
		{"a stored error", page + `"request": {"url": "b"}, "stored": {"error": "dns"}}`, "line 1: stored.error: unknown key"},
		{"no header name", response(`{"status": 200, "headers": [["", "x"]]}`),
			`line 1: responses[0].headers[0]: "": a header name cannot be empty`},
		{"a header name that is no token", response(`{"status": 200, "headers": [["a b", "x"]]}`),
			`line 1: responses[0].headers[0]: "a b": a header name is letters, digits and !#$%&'*+-.^_` + "`" + `|~ only`},
		{"a line break in a value", response(`{"status": 200, "headers": [["a", "x\r\ny"]]}`),
			`line 1: responses[0].headers[0]: "a": a header value cannot hold CR`},
		{"more than a byte", response(`{"status": 200, "headers": [["a", "\u2603"]]}`),
			`line 1: responses[0].headers[0]: "a": U+2603 is not a byte; each of U+0000 to U+00FF stands for one`},
		{"an unknown space", environment(`"page_address_space": "private"`),
			`line 1: environment.page_address_space: "private": want one of public, local, loopback`},
		{"a site that does not parse", environment(`"top_level_site": "example"`),
			`line 1: environment.top_level_site: "example": want a site such as https://example.com: scheme is missing, and there is no base to resolve it against`},
		{"a source list that is none", environment(`"csp_connect_src": 1`),
			"line 1: environment.csp_connect_src: 1: want a source list: a string, or a list of strings"},
		{"an unknown version", environment(`"http_version": 2.5`), "line 1: environment.http_version: 2.5: want 1.0, 1.1, 2 or 3"},
		{"a cookie without a name", environment(`"cookies": [{}]`), "line 1: environment.cookies[0].name: the key is missing"},
		{"an unknown SameSite", environment(`"cookies": [{"name": "a", "same_site": "x"}]`),
			`line 1: environment.cookies[0].same_site: "x": want one of strict, lax, none`},
		{"back in time", page + `"fetches": [{"at": 2, "request": {"url": "b"}},` + "\n" + `{"at": 1.5, "request": {"url": "b"}}]}`,
			"line 2: fetches[1].at: 1.5s: want no time before that of the fetch before, 2s"},
		{"too many", page + `"fetches": [` + strings.Repeat(`{"request": {"url": "b"}},`, input.MaxFetches) + `{}]}`,
			"line 1: fetches[10000]: a scenario has at most 10000 fetches"},
		{"before the start", page + `"at": -1, "request": {"url": "b"}}`, "line 1: at: -1: want a number of seconds from 0 to 1000000000"},
		{"a time of no use", page + `"at": 1e400, "request": {"url": "b"}}`, "line 1: at: 1e400: want a number of seconds from 0 to 1000000000"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := input.ReadScenario(strings.NewReader(row.text))
			if err == nil {
				t.Fatalf("got no error, want %s", row.want)
			}
			if got := err.Error(); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if _, ok := errors.AsType[*input.Error](err); !ok {
				t.Errorf("got %T, want *input.Error", err)
			}
		})
	}
}

func TestReadScenarioTooLarge(t *testing.T) {
	_, err := input.ReadScenario(strings.NewReader(strings.Repeat(" ", input.MaxScenario+1)))
	if err == nil || err.Error() != "the scenario is larger than 64 MiB" {
		t.Errorf("got %v", err)
	}
}

func TestReadScenarioDeep(t *testing.T) {
	deep := `{"page": "https://a.example", "request": {"url": ` + strings.Repeat("[", 1<<20)
	if _, err := input.ReadScenario(strings.NewReader(deep)); err == nil {
		t.Error("got no error")
	}
}

func FuzzScenario(f *testing.F) {
	f.Add(`{"page": "https://a.example", "request": {"url": "b", "headers": [["a", "b"]]}, "responses": [{"status": 200}]}`)
	f.Add(`{"page": "null", "fetches": [{"at": 1.5, "request": {"url": "b"}, "stored": {"status": 200}}], "environment": {"hsts": ["a"]}}`)
	f.Add(`{"page": "https://a.example", "environment": {"cookies": [{"name": "a"}], "csp_connect_src": ["'self'"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := input.ReadScenario(strings.NewReader(text))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("error of several lines or with controls: %q", err)
			}
			return
		}
		last := time.Duration(0)
		for i, one := range s.Fetches {
			if one.At < last {
				t.Errorf("fetch %d is before the one before", i)
			}
			last = one.At
			for _, r := range one.Responses {
				if (r.Status == 0) == (r.Error == "") || r.Status != 0 && (r.Status < 100 || r.Status > 999) {
					t.Errorf("response %+v", r)
				}
				for _, field := range r.Header {
					if !header.IsToken(field.Name) || strings.ContainsAny(field.Value, "\x00\r\n") {
						t.Errorf("header %+v", field)
					}
				}
			}
		}
	})
}
