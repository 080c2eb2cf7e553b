package explain_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

const (
	accessTo = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: "
	response = "Response to preflight request doesn't pass access control check: "
	crossOri = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/. (Reason: "
)

func TestConsole(t *testing.T) {
	get := func(headers string) string {
		return `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [` + headers + `]}]`
	}
	allow := func(value string) string { return get(`["Access-Control-Allow-Origin", "` + value + `"]`) }
	for _, row := range []struct {
		name, scenario string
		want           explain.Console
	}{
		{"no header", get(``), explain.Console{
			Chromium: accessTo + "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.",
			WebKit:   "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
		}},
		{"another origin", allow("http://x"), explain.Console{
			Chromium: accessTo + "The 'Access-Control-Allow-Origin' header has a value 'http://x' that is not equal to the supplied origin. Have the server send the header with a valid value.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘http://x’).",
			WebKit:   "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
		}},
		{"a pattern that parses as a URL", allow("http://*.x"), explain.Console{
			Chromium: accessTo + "The 'Access-Control-Allow-Origin' header has a value 'http://*.x' that is not equal to the supplied origin. Have the server send the header with a valid value.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘http://*.x’).",
			WebKit:   "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
		}},
		{"a value that does not parse as a URL", allow("*.x"), explain.Console{
			Chromium: accessTo + "The 'Access-Control-Allow-Origin' header contains the invalid value '*.x'. Have the server send the header with a valid value.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘*.x’).",
			WebKit:   "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
		}},
		{"null", allow("null"), explain.Console{
			Chromium: accessTo + "The 'Access-Control-Allow-Origin' header has a value 'null' that is not equal to the supplied origin. Have the server send the header with a valid value.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘null’).",
			WebKit:   "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
		}},
		{"a list on one line", allow("https://app.example, https://b"), explain.Console{
			Chromium: accessTo + "The 'Access-Control-Allow-Origin' header contains multiple values 'https://app.example, https://b', but only one is allowed. Have the server send the header with a valid value.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://app.example, https://b’).",
			WebKit:   "Access-Control-Allow-Origin cannot contain more than one origin.",
		}},
		{"a list with a space", allow("a b"), explain.Console{
			Chromium: accessTo + "The 'Access-Control-Allow-Origin' header contains multiple values 'a b', but only one is allowed. Have the server send the header with a valid value.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘a b’).",
			WebKit:   "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200",
		}},
		{"two lines", get(`["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Origin", "*"]`), explain.Console{
			Chromium: accessTo + "The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is allowed. Have the server send the header with a valid value.",
			Firefox:  crossOri + "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).",
			WebKit:   "Access-Control-Allow-Origin cannot contain more than one origin.",
		}},
		{"a preflight that is not found", `"request": {"url": "https://api.example/", "method": "PUT"}, "responses": [{"status": 404}]`, explain.Console{
			Chromium: accessTo + response + "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404.",
			WebKit:   "Preflight response is not successful. Status code: 404",
		}},
		{"a name as each engine writes it", `"request": {"url": "https://api.example/", "headers": [["X-B", "1"]]},
			"responses": [{"status": 204, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Headers", "x"]]}]`, explain.Console{
			Chromium: accessTo + "Request header field x-b is not allowed by Access-Control-Allow-Headers in preflight response.",
			Firefox:  crossOri + "header ‘x-b’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).",
			WebKit:   "Request header field X-B is not allowed by Access-Control-Allow-Headers.",
		}},
		{"a bad token", `"request": {"url": "https://api.example/", "method": "PUT"},
			"responses": [{"status": 204, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Methods", "GET, \"PUT\""]]}]`, explain.Console{
			Chromium: accessTo + "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
			Firefox:  crossOri + "invalid token ‘\"PUT\"’ in CORS header ‘Access-Control-Allow-Methods’).",
			WebKit:   "Header Access-Control-Allow-Methods has an invalid value: GET, \"PUT\"",
		}},
		{"Authorization under the wildcard is the Standard's failure alone", `"request": {"url": "https://api.example/", "headers": [["Authorization", "x"]]},
			"responses": [{"status": 204, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Headers", "*"]]},
				{"status": 200, "headers": [["Access-Control-Allow-Origin", "*"]]}]`, explain.Console{}},
		{"after a redirect", `"request": {"url": "https://b.example/"}, "responses": [
			{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "https://api.example/"]]},
			{"status": 200, "headers": [["Access-Control-Allow-Origin", "https://app.example"]]}]`, explain.Console{
			Chromium: "Access to fetch at 'https://api.example/' (redirected from 'https://b.example/') from origin 'https://app.example' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header has a value 'https://app.example' that is not equal to the supplied origin. Have the server send the header with a valid value.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://app.example’).",
			WebKit:   "Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200",
		}},
		{"a redirect with user info", `"request": {"url": "https://api.example/"}, "responses": [
			{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "https://u:p@b.example/"]]}]`, explain.Console{
			Chromium: accessTo + "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
			Firefox:  crossOri + "CORS request did not succeed). Status code: (null).",
			WebKit:   "Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing policy: redirection URL https://u:p@b.example/ has credentials",
		}},
		{"XMLHttpRequest and credentials", `"request": {"url": "https://api.example/", "initiator": "xhr", "credentials": "include"},
			"responses": [{"status": 200, "headers": [["Access-Control-Allow-Origin", "*"]]}]`, explain.Console{
			Chromium: strings.Replace(accessTo, "fetch", "XMLHttpRequest", 1) + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'. The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.",
			Firefox:  strings.Replace(crossOri, "https://api.example/", "‘https://api.example/’", 1) + "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
			WebKit:   "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
		}},
		{"a font", `"request": {"url": "https://api.example/", "initiator": "font"}, "responses": [{"status": 200, "headers": [["Access-Control-Allow-Origin", "x"]]}]`, explain.Console{
			Chromium: strings.Replace(accessTo, "fetch", "font", 1) + "The 'Access-Control-Allow-Origin' header contains the invalid value 'x'.",
			Firefox:  crossOri + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘x’).",
		}},
		{"a connection that failed", `"request": {"url": "https://api.example/"}, "responses": [{"error": "refused"}]`, explain.Console{
			Chromium: "Failed to load resource: net::ERR_CONNECTION_REFUSED",
			Firefox:  crossOri + "CORS request did not succeed). Status code: (null).",
			WebKit:   "Failed to load resource: Could not connect to api.example: Connection refused",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := runOne(t, row.scenario).Console; got != row.want {
				t.Errorf("got  %+v\nwant %+v", got, row.want)
			}
		})
	}
}

// The Standard has no console, and what does not fail prints nothing.
func TestConsoleLineNone(t *testing.T) {
	const scenario = `{"page": "https://app.example", "request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [`
	failed := run(t, fetch.Standard(), scenario+`]}]}`)[0].Trace
	allowed := run(t, fetch.Chromium(), scenario+`["Access-Control-Allow-Origin", "*"]]}]}`)[0].Trace
	for _, trace := range []*fetch.Trace{failed, allowed} {
		if got := explain.ConsoleLine(trace); got != "" {
			t.Errorf("%s: got %q", trace.Browser, got)
		}
	}
}
