package explain_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/report"
)

const (
	atAPI   = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: "
	onOPT   = "Response to preflight request doesn't pass access control check: "
	reading = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/. (Reason: "
)

// A told is what a message must be understood as. What is empty is not compared.
type told struct {
	name, text, engine string
	id                 fetch.FailureID
	want               explain.ConsoleMessage
}

func TestParseMessage(t *testing.T) {
	var rows []told
	for _, part := range [][]told{sharingMessages(), preflightMessages(), callMessages(), requestMessages(), redirectMessages(), localMessages(), historicMessages(), vagueMessages()} {
		rows = append(rows, part...)
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := explain.ParseMessage(row.text)
			if err != nil {
				t.Fatal(err)
			}
			if got.Engine != row.engine || got.ID != string(row.id) {
				t.Errorf("got %q %s, want %q %s", got.Engine, got.ID, row.engine, row.id)
			}
			compareTold(t, got, &row.want)
			if _, ok := explain.EntryOf(got.ID); !ok {
				t.Errorf("%s has no entry", got.ID)
			}
			for _, id := range got.Candidates {
				if _, ok := explain.EntryOf(id); !ok {
					t.Errorf("candidate %s has no entry", id)
				}
			}
			if strings.ContainsAny(got.Wording, "\n") || got.Wording == "" || strings.Contains(got.Wording, "{C") {
				t.Errorf("got wording %q", got.Wording)
			}
		})
	}
}

func compareTold(t *testing.T, got, want *explain.ConsoleMessage) {
	t.Helper()
	for _, field := range []struct{ name, got, want string }{
		{"on", string(got.On), string(want.On)},
		{"URL", got.URL, want.URL},
		{"initial URL", got.InitialURL, want.InitialURL},
		{"target", got.Target, want.Target},
		{"origin", got.Origin, want.Origin},
		{"initiator", string(got.Initiator), string(want.Initiator)},
		{"method", got.Method, want.Method},
		{"header", got.Header, want.Header},
		{"value", got.Value, want.Value},
		{"token", got.Token, want.Token},
		{"name", got.Name, want.Name},
		{"candidates", strings.Join(got.Candidates, " "), strings.Join(want.Candidates, " ")},
	} {
		if field.want != "" && field.got != field.want {
			t.Errorf("%s: got %q, want %q", field.name, field.got, field.want)
		}
	}
	if want.Status != 0 && got.Status != want.Status {
		t.Errorf("status: got %d, want %d", got.Status, want.Status)
	}
	if want.Historic && !got.Historic {
		t.Error("it is not said to be historic")
	}
}

func sharingMessages() []told {
	type m = explain.ConsoleMessage
	page := m{URL: "https://api.example/", Origin: "https://app.example", Initiator: fetch.InitiatorFetch}
	with := func(value, header string) m {
		w := page
		w.Value, w.Header = value, header
		return w
	}
	const acao = "Access-Control-Allow-Origin"
	const xhr = " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
	return []told{
		{"missing, Chromium", atAPI + "No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chromium", fetch.AllowOriginMissing, page},
		{"missing, Chromium, with a hint", atAPI + "No 'Access-Control-Allow-Origin' header is present on the requested resource. If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.", "chromium", fetch.AllowOriginMissing, page},
		{"missing, Chromium, on the preflight", atAPI + onOPT + "No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chromium", fetch.AllowOriginMissing, m{On: fetch.OnPreflight, Candidates: []string{"allow-origin-missing"}}},
		{"missing, Chromium, on the response", atAPI + "No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chromium", fetch.AllowOriginMissing, m{On: fetch.OnRequest, Candidates: []string{"allow-origin-missing", "redirect-allow-origin"}}},
		{"missing, Chromium, the reason alone", "No 'Access-Control-Allow-Origin' header is present on the requested resource", "chromium", fetch.AllowOriginMissing, m{}},
		{"missing, issue panel", "Access blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chromium", fetch.AllowOriginMissing, m{}},
		{"missing, Firefox", reading + "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.", "firefox", fetch.AllowOriginMissing, m{URL: "https://api.example/", Status: 200, Candidates: []string{"allow-origin-missing"}}},
		{"missing, Firefox, on a redirect", reading + "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 302.", "firefox", fetch.RedirectAllowOrigin, m{Status: 302}},
		{"missing, Firefox, with a link", reading + "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404.[Learn More]", "firefox", fetch.AllowOriginMissing, m{Status: 404}},
		{"missing, Firefox, the reason alone", "CORS header 'Access-Control-Allow-Origin' missing", "firefox", fetch.AllowOriginMissing, m{}},
		{"missing, WebKit", "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 403", "webkit", fetch.AllowOriginMissing, m{Origin: "https://app.example", Status: 403}},

		{"mismatch, Chromium", atAPI + "The 'Access-Control-Allow-Origin' header has a value 'https://other.example' that is not equal to the supplied origin. Have the server send the header with a valid value.", "chromium", fetch.AllowOriginMismatch, with("https://other.example", acao)},
		{"mismatch, Chromium, with a longer hint", atAPI + "The 'Access-Control-Allow-Origin' header has a value 'https://other.example' that is not equal to the supplied origin. Have the server send the header with a valid value, or, if an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.", "chromium", fetch.AllowOriginMismatch, with("https://other.example", acao)},
		{"mismatch, Firefox", reading + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://other.example’).", "firefox", fetch.AllowOriginMismatch, m{Value: "https://other.example"}},
		{"null, Chromium", atAPI + "The 'Access-Control-Allow-Origin' header has a value 'null' that is not equal to the supplied origin.", "chromium", fetch.AllowOriginNull, with("null", acao)},
		{"null, Firefox", reading + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘null’).", "firefox", fetch.AllowOriginNull, m{Value: "null"}},
		{"the page's origin, and yet no match", atAPI + "The 'Access-Control-Allow-Origin' header has a value 'https://app.example' that is not equal to the supplied origin.", "chromium", fetch.RedirectOriginNull, m{}},
		{"several, Chromium", atAPI + "The 'Access-Control-Allow-Origin' header contains multiple values 'https://app.example, *', but only one is allowed.", "chromium", fetch.AllowOriginMultiple, with("https://app.example, *", acao)},
		{"several lines, Firefox", reading + "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).", "firefox", fetch.AllowOriginMultiple, m{URL: "https://api.example/"}},
		{"a list, Firefox", reading + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://app.example, *’).", "firefox", fetch.AllowOriginMultiple, m{Value: "https://app.example, *"}},
		{"several, WebKit", "Access-Control-Allow-Origin cannot contain more than one origin.", "webkit", fetch.AllowOriginMultiple, m{}},
		{"invalid, Chromium", atAPI + "The 'Access-Control-Allow-Origin' header contains the invalid value 'app.example'.", "chromium", fetch.AllowOriginInvalid, with("app.example", acao)},
		{"empty, Chromium", atAPI + "The 'Access-Control-Allow-Origin' header contains the invalid value ''.", "chromium", fetch.AllowOriginInvalid, m{}},
		{"quoted, Chromium", atAPI + "The 'Access-Control-Allow-Origin' header contains the invalid value ''*''. Have the server send the header with a valid value.", "chromium", fetch.AllowOriginInvalid, with("'*'", acao)},
		{"invalid, Firefox", reading + "CORS header ‘Access-Control-Allow-Origin’ does not match ‘*.app.example’).", "firefox", fetch.AllowOriginInvalid, m{Value: "*.app.example"}},

		{"wildcard, Chromium", atAPI + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.", "chromium", fetch.AllowOriginWildcardCredentials, page},
		{"wildcard, Chromium, XMLHttpRequest", strings.Replace(atAPI, "fetch", "XMLHttpRequest", 1) + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'." + xhr, "chromium", fetch.AllowOriginWildcardCredentials, m{Initiator: fetch.InitiatorXHR}},
		{"wildcard, Firefox", strings.Replace(reading, "https://api.example/", "‘https://api.example/’", 1) + "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).", "firefox", fetch.AllowOriginWildcardCredentials, m{URL: "https://api.example/"}},
		{"wildcard, WebKit", "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.", "webkit", fetch.AllowOriginWildcardCredentials, m{}},
		{"no credentials, Chromium", atAPI + "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.", "chromium", fetch.AllowCredentialsMissing, page},
		{"wrong credentials, Chromium", strings.Replace(atAPI, "fetch", "XMLHttpRequest", 1) + "The value of the 'Access-Control-Allow-Credentials' header in the response is 'True' which must be 'true' when the request's credentials mode is 'include'." + xhr, "chromium", fetch.AllowCredentialsInvalid, m{Value: "True", Header: "Access-Control-Allow-Credentials", Initiator: fetch.InitiatorXHR}},
		{"credentials, Firefox", reading + "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).", "firefox", fetch.AllowCredentialsMissing, m{Candidates: []string{"allow-credentials-missing", "allow-credentials-invalid"}}},
		{"credentials, WebKit", `Credentials flag is true, but Access-Control-Allow-Credentials is not "true".`, "webkit", fetch.AllowCredentialsMissing, m{}},
	}
}

func preflightMessages() []told {
	type m = explain.ConsoleMessage
	opt := m{On: fetch.OnPreflight}
	return []told{
		{"redirect, Chromium", atAPI + onOPT + "Redirect is not allowed for a preflight request.", "chromium", fetch.PreflightRedirect, opt},
		{"redirect, Firefox", reading + "CORS request external redirect not allowed).", "firefox", fetch.PreflightRedirect, opt},
		{"redirect, WebKit", "Preflight response is not successful. Status code: 301", "webkit", fetch.PreflightRedirect, m{Status: 301}},
		{"status, Chromium", atAPI + onOPT + "It does not have HTTP ok status.", "chromium", fetch.PreflightStatus, m{On: fetch.OnPreflight, Candidates: []string{"preflight-status", "preflight-auth"}}},
		{"status, Firefox", reading + "CORS preflight response did not succeed). Status code: 404.", "firefox", fetch.PreflightStatus, m{Status: 404, On: fetch.OnPreflight}},
		{"status, WebKit", "Preflight response is not successful. Status code: 405", "webkit", fetch.PreflightStatus, m{Status: 405}},
		{"authentication, Firefox", reading + "CORS preflight response did not succeed). Status code: 401.", "firefox", fetch.PreflightAuth, m{Status: 401}},
		{"authentication, WebKit", "Preflight response is not successful. Status code: 403", "webkit", fetch.PreflightAuth, m{Status: 403}},
		{"methods that do not parse, Chromium", atAPI + "Cannot parse Access-Control-Allow-Methods response header field in preflight response.", "chromium", fetch.AllowMethodsUnparsable, opt},
		{"methods that do not parse, Firefox", reading + "invalid token ‘GET POST’ in CORS header ‘Access-Control-Allow-Methods’).", "firefox", fetch.AllowMethodsUnparsable, m{Token: "GET POST"}},
		{"methods that do not parse, WebKit", `Header Access-Control-Allow-Methods has an invalid value: GET, "PUT"`, "webkit", fetch.AllowMethodsUnparsable, m{Value: `GET, "PUT"`}},
		{"headers that do not parse, Chromium", atAPI + "Cannot parse Access-Control-Allow-Headers response header field in preflight response.", "chromium", fetch.AllowHeadersUnparsable, opt},
		{"headers that do not parse, Firefox", reading + "invalid token ‘\"x-a\"’ in CORS header ‘Access-Control-Allow-Headers’).", "firefox", fetch.AllowHeadersUnparsable, m{Token: `"x-a"`}},
		{"headers that do not parse, WebKit", "Header Access-Control-Allow-Headers has an invalid value: [x-a]", "webkit", fetch.AllowHeadersUnparsable, m{Value: "[x-a]"}},
		{"method, Chromium", atAPI + "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.", "chromium", fetch.MethodNotAllowed, m{Method: "PUT", On: fetch.OnPreflight}},
		{"method, Firefox", reading + "Did not find method in CORS header ‘Access-Control-Allow-Methods’).", "firefox", fetch.MethodNotAllowed, m{Candidates: []string{"method-not-allowed", "method-case", "method-wildcard-credentials"}}},
		{"method, WebKit", "Method PUT is not allowed by Access-Control-Allow-Methods.", "webkit", fetch.MethodNotAllowed, m{Method: "PUT"}},
		{"method in lower case", atAPI + "Method patch is not allowed by Access-Control-Allow-Methods in preflight response.", "chromium", fetch.MethodCase, m{Method: "patch"}},
		{"header, Chromium", atAPI + "Request header field x-api-key is not allowed by Access-Control-Allow-Headers in preflight response.", "chromium", fetch.HeaderNotAllowed, m{Name: "x-api-key", Candidates: []string{"header-not-allowed", "header-wildcard-credentials"}}},
		{"header, Firefox", reading + "header ‘x-api-key’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).", "firefox", fetch.HeaderNotAllowed, m{Name: "x-api-key"}},
		{"header, WebKit", "Request header field X-Api-Key is not allowed by Access-Control-Allow-Headers.", "webkit", fetch.HeaderNotAllowed, m{Name: "X-Api-Key"}},
		{"Authorization under *, Chromium", "Authorization will not be covered by the wildcard symbol (*) in CORS `Access-Control-Allow-Headers` handling.", "chromium", fetch.AuthorizationNotListed, m{}},
		{"Authorization under *, Firefox", "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at https://api.example/ soon. (Reason: When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To include the `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`).", "firefox", fetch.AuthorizationNotListed, m{URL: "https://api.example/"}},
	}
}

func callMessages() []told {
	type m = explain.ConsoleMessage
	const throws = "Uncaught (in promise) TypeError: Failed to execute 'fetch' on 'Window': "
	return []told{
		{"URL, Chromium", throws + "Failed to parse URL from https://:1", "chromium", fetch.URLInvalid, m{Value: "https://:1", On: fetch.OnPage}},
		{"URL, Firefox", "Uncaught (in promise) TypeError: Window.fetch: https://:1 is not a valid URL.", "firefox", fetch.URLInvalid, m{Value: "https://:1"}},
		{"URL, WebKit", "Unhandled Promise Rejection: TypeError: URL is not valid or contains user credentials.", "webkit", fetch.URLInvalid, m{Candidates: []string{"url-invalid", "url-has-credentials"}}},
		{"URL, XMLHttpRequest", "Uncaught SyntaxError: Failed to execute 'open' on 'XMLHttpRequest': Invalid URL", "chromium", fetch.URLInvalid, m{Initiator: fetch.InitiatorXHR}},
		{"user info, Chromium", throws + "Request cannot be constructed from a URL that includes credentials: https://u:p@api.example/", "chromium", fetch.URLHasCredentials, m{URL: "https://u:p@api.example/"}},
		{"user info, Firefox", "TypeError: Window.fetch: https://u:p@api.example/ is an url with embedded credentials.", "firefox", fetch.URLHasCredentials, m{URL: "https://u:p@api.example/"}},
		{"method, Chromium", throws + "'TRACE' HTTP method is unsupported.", "chromium", fetch.MethodForbidden, m{Value: "TRACE"}},
		{"method in a worker", "TypeError: Failed to execute 'fetch' on 'WorkerGlobalScope': 'TRACE' HTTP method is unsupported.", "chromium", fetch.MethodForbidden, m{Value: "TRACE"}},
		{"method, Firefox", "Uncaught (in promise) TypeError: Window.fetch: Invalid request method TRACE.", "firefox", fetch.MethodForbidden, m{Candidates: []string{"method-forbidden"}}},
		{"method, WebKit", "Unhandled Promise Rejection: TypeError: Method is forbidden.", "webkit", fetch.MethodForbidden, m{}},
		{"no method, Chromium", throws + "'a b' is not a valid HTTP method.", "chromium", fetch.MethodInvalid, m{Value: "a b"}},
		{"no method, Firefox", "Window.fetch: Invalid request method a b.", "firefox", fetch.MethodInvalid, m{}},
		{"method of no-cors, Chromium", throws + "'PUT' is unsupported in no-cors mode.", "chromium", fetch.MethodNoCORS, m{Value: "PUT"}},
		{"method of no-cors, Firefox", "Window.fetch: Invalid request method PUT.", "firefox", fetch.MethodNoCORS, m{}},
		{"method of no-cors, WebKit", "Method must be GET, POST or HEAD in no-cors mode.", "webkit", fetch.MethodNoCORS, m{}},
		{"body", throws + "Request with GET/HEAD method cannot have body.", "chromium", fetch.BodyWithGet, m{}},
		{"forbidden header, Chromium and WebKit", `Refused to set unsafe header "Cookie"`, "", "header-forbidden", m{Name: "Cookie"}},
		{"forbidden header, Firefox", "Attempt to set a forbidden header was denied: Cookie", "firefox", "header-forbidden", m{Name: "Cookie"}},
		{"hidden header", `Refused to get unsafe header "X-Total-Count"`, "", "response-header-not-exposed", m{Name: "X-Total-Count"}},
	}
}

func requestMessages() []told {
	type m = explain.ConsoleMessage
	return []told{
		{"port, Chromium", "GET http://api.example:25/ net::ERR_UNSAFE_PORT", "chromium", fetch.BadPort, m{URL: "http://api.example:25/", Method: "GET"}},
		{"port, Firefox", "This address uses a network port which is normally used for purposes other than Web browsing. Firefox has canceled the request for your protection.", "firefox", fetch.BadPort, m{}},
		{"port, WebKit", "Not allowed to use restricted network port 25: http://api.example:25/", "webkit", fetch.BadPort, m{Value: "25", URL: "http://api.example:25/"}},
		{"mixed content, Chromium", "Mixed Content: The page at 'https://app.example/x' was loaded over HTTPS, but requested an insecure resource 'http://api.example/'. This request has been blocked; the content must be served over HTTPS.", "chromium", fetch.MixedContent, m{URL: "http://api.example/", Origin: "https://app.example", On: fetch.OnPage}},
		{"mixed content, Firefox", "Blocked loading mixed active content “http://api.example/”", "firefox", fetch.MixedContent, m{URL: "http://api.example/"}},
		{"mixed image, Firefox", "Blocked loading mixed display content “http://api.example/a.png”", "firefox", fetch.MixedContent, m{URL: "http://api.example/a.png"}},
		{"mixed content, WebKit", "[blocked] The page at https://app.example/ requested insecure content from http://api.example/. This content was blocked and must be served over HTTPS.", "webkit", fetch.MixedContent, m{URL: "http://api.example/", Origin: "https://app.example"}},
		{"policy, Chromium", `Connecting to 'https://api.example/' violates the following Content Security Policy directive: "connect-src 'self'". The action has been blocked.`, "chromium", fetch.CSPConnectSrc, m{URL: "https://api.example/", Value: "connect-src 'self'"}},
		{"policy, Chromium, as it was", `Refused to connect to 'https://api.example/' because it violates the following Content Security Policy directive: "connect-src 'self'".`, "chromium", fetch.CSPConnectSrc, m{URL: "https://api.example/", Value: "connect-src 'self'", Historic: true}},
		{"policy, Chromium, second line", "Fetch API cannot load https://api.example/. Refused to connect because it violates the document's Content Security Policy.", "chromium", fetch.CSPConnectSrc, m{URL: "https://api.example/"}},
		{"policy, Firefox", "Content-Security-Policy: The page’s settings blocked the loading of a resource (connect-src) at https://api.example/ because it violates the following directive: “connect-src 'self'”", "firefox", fetch.CSPConnectSrc, m{URL: "https://api.example/", Value: "connect-src 'self'"}},
		{"policy, Firefox, as it was", "Content Security Policy: The page’s settings blocked the loading of a resource at https://api.example/ (“connect-src”).", "firefox", fetch.CSPConnectSrc, m{URL: "https://api.example/", Value: "connect-src"}},
		{"policy, WebKit", "Refused to connect to https://api.example/ because it does not appear in the connect-src directive of the Content Security Policy.", "webkit", fetch.CSPConnectSrc, m{URL: "https://api.example/"}},
		{"mode same-origin, Chromium", atAPI + "Cross origin requests are not allowed by request mode.", "chromium", fetch.SameOriginMode, m{}},
		{"mode same-origin, fetch", `Fetch API cannot load https://api.example/. Request mode is "same-origin" but the URL's origin is not same as the request origin https://app.example.`, "chromium", fetch.SameOriginMode, m{URL: "https://api.example/", Origin: "https://app.example"}},
		{"mode same-origin, Firefox", "Security Error: Content at https://app.example/ may not load data from https://api.example/.", "firefox", fetch.SameOriginMode, m{URL: "https://api.example/", Origin: "https://app.example"}},
		{"mode same-origin, WebKit", "Cross origin requests are not allowed when using same-origin fetch mode.", "webkit", fetch.SameOriginMode, m{}},
		{"scheme, Chromium", "Access to script at 'file:///x/app.js' from origin 'null' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: http, data, isolated-app, chrome-extension, chrome, https, chrome-untrusted.", "chromium", fetch.SchemeNotHTTP, m{URL: "file:///x/app.js", Origin: "null", Initiator: fetch.InitiatorScript}},
		{"scheme, fetch", `Fetch API cannot load file:///x. URL scheme "file" is not supported.`, "chromium", fetch.SchemeNotHTTP, m{URL: "file:///x", Value: "file"}},
		{"file, Chromium and WebKit", "Not allowed to load local resource: file:///etc/hosts", "", fetch.SchemeNotHTTP, m{URL: "file:///etc/hosts"}},
		{"scheme, Firefox", reading + "CORS request not http).", "firefox", fetch.SchemeNotHTTP, m{}},
		{"scheme, WebKit", "Cross origin requests are only supported for HTTP.", "webkit", fetch.SchemeNotHTTP, m{}},
		{"redirect mode of no-cors", `Fetch API cannot load https://api.example/. Request mode is "no-cors" but the redirect mode is not "follow".`, "chromium", fetch.NoCORSRedirectMode, m{}},
		{"stream", "POST https://api.example/ net::ERR_H2_OR_QUIC_REQUIRED", "chromium", fetch.StreamUploadHTTP1, m{Method: "POST"}},
		{"keepalive, WebKit", "Reached maximum amount of queued data of 64Kb for keepalive requests", "webkit", fetch.KeepaliveQuota, m{}},
		{"no Origin header, Firefox", reading + "CORS header ‘Origin’ cannot be added).", "firefox", "origin-header-refused", m{}},
		{"CORS disabled, Firefox", reading + "CORS disabled).", "firefox", "cors-disabled", m{}},

		{"refused, Chromium", "GET https://api.example/ net::ERR_CONNECTION_REFUSED", "chromium", fetch.NetworkFailure, m{URL: "https://api.example/", Method: "GET", Value: "ERR_CONNECTION_REFUSED"}},
		{"certificate, Chromium", "Failed to load resource: net::ERR_CERT_AUTHORITY_INVALID", "chromium", fetch.NetworkFailure, m{}},
		{"blocker, Chromium", "GET https://api.example/ net::ERR_BLOCKED_BY_CLIENT", "chromium", fetch.NetworkFailure, m{}},
		{"no response, Firefox", reading + "CORS request did not succeed). Status code: (null).", "firefox", fetch.NetworkFailure, m{URL: "https://api.example/"}},
		{"refused, WebKitGTK", "Failed to load resource: Could not connect to api.example: Connection refused", "webkit", fetch.NetworkFailure, m{Value: "refused"}},
		{"lost, Safari", "The network connection was lost.", "webkit", fetch.NetworkFailure, m{Value: "reset"}},
		{"no such host, Safari", "Failed to load resource: A server with the specified hostname could not be found.", "webkit", fetch.NetworkFailure, m{Value: "dns"}},
		{"Node", "TypeError: fetch failed", "", fetch.NetworkFailure, m{}},
	}
}

func redirectMessages() []told {
	type m = explain.ConsoleMessage
	to := m{Target: "https://b.example/"}
	return []told{
		{"after a redirect", "Access to fetch at 'https://api.example/' (redirected from 'http://api.example/') from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chromium", fetch.AllowOriginMissing, m{URL: "https://api.example/", InitialURL: "http://api.example/"}},
		{"user info, Chromium", atAPI + "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.", "chromium", fetch.RedirectCredentialsInURL, m{}},
		{"user info, Chromium, with the URL", atAPI + "Redirect location 'https://u:p@b.example/' contains a username and password, which is disallowed for cross-origin requests.", "chromium", fetch.RedirectCredentialsInURL, m{Target: "https://u:p@b.example/"}},
		{"user info, WebKit", "Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing policy: redirection URL https://u:p@b.example/ has credentials", "webkit", fetch.RedirectCredentialsInURL, m{Target: "https://u:p@b.example/"}},
		{"scheme, Chromium", "Access to fetch at 'ftp://b.example/' (redirected from 'https://api.example/') from origin 'https://app.example' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: http, https.", "chromium", fetch.RedirectScheme, m{URL: "ftp://b.example/", InitialURL: "https://api.example/"}},
		{"scheme, WebKit", "Cross-origin redirection to ftp://b.example/ denied by Cross-Origin Resource Sharing policy: not allowed to follow a cross-origin CORS redirection with non CORS scheme", "webkit", fetch.RedirectScheme, m{Target: "ftp://b.example/"}},
		{"Location, Chromium", "GET https://api.example/ net::ERR_INVALID_REDIRECT", "chromium", fetch.RedirectLocationInvalid, m{}},
		{"too many, Chromium", "GET https://api.example/ net::ERR_TOO_MANY_REDIRECTS", "chromium", fetch.RedirectTooMany, m{}},
		{"too many, WebKit", "Load cannot follow more than 20 redirections", "webkit", fetch.RedirectTooMany, m{}},
		{"mode error, WebKit", "Not allowed to follow a redirection while loading https://api.example/", "webkit", fetch.RedirectModeError, m{URL: "https://api.example/"}},
		{"no header on a redirect, WebKit", "Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing policy: Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 302", "webkit", fetch.RedirectAllowOrigin, to},
		{"null after a redirect, WebKit", "Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200", "webkit", fetch.AllowOriginMissing, m{}},
		{"resource policy, Chromium", "GET https://api.example/a.png net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin 200 (OK)", "chromium", fetch.CORPBlocked, m{}},
		{"resource policy of sites, Chromium", "GET https://api.example/a.png net::ERR_BLOCKED_BY_RESPONSE.NotSameSite", "chromium", fetch.CORPBlocked, m{}},
		{"resource policy, Firefox", "The resource at “https://api.example/a.png” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#", "firefox", fetch.CORPBlocked, m{URL: "https://api.example/a.png", Candidates: []string{"corp-blocked", "coep-corp"}}},
		{"resource policy, WebKit", "Cancelled load to https://api.example/a.png because it violates the resource's Cross-Origin-Resource-Policy response header.", "webkit", fetch.CORPBlocked, m{URL: "https://api.example/a.png"}},
		{"embedder policy, Chromium", "GET https://api.example/a.png net::ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep", "chromium", fetch.COEPCORP, m{}},
		{"opaque response, Chromium", "GET https://api.example/a.json net::ERR_BLOCKED_BY_ORB", "chromium", fetch.ORBBlocked, m{}},
		{"opaque response, Firefox", "A resource is blocked by OpaqueResponseBlocking, please check browser console for details.", "firefox", fetch.ORBBlocked, m{}},
		{"sniffing, Chromium", "Refused to execute script from 'https://api.example/a.js' because its MIME type ('text/plain') is not executable, and strict MIME type checking is enabled.", "chromium", fetch.NosniffBlocked, m{URL: "https://api.example/a.js", Value: "text/plain"}},
		{"type, Chromium", "Refused to execute script from 'https://api.example/a.js' because its MIME type ('image/png') is not executable.", "chromium", fetch.MIMEBlocked, m{Value: "image/png"}},
		{"sniffing, Firefox", "The resource from “https://api.example/a.js” was blocked due to MIME type (“text/plain”) mismatch (X-Content-Type-Options: nosniff).", "firefox", fetch.NosniffBlocked, m{Value: "text/plain"}},
		{"sniffing, WebKit", `Refused to execute https://api.example/a.js as script because "X-Content-Type-Options: nosniff" was given and its Content-Type is not a script MIME type.`, "webkit", fetch.NosniffBlocked, m{URL: "https://api.example/a.js"}},
	}
}

func localMessages() []told {
	type m = explain.ConsoleMessage
	return []told{
		{"denied, Chromium", atAPI + "Permission was denied for this request to access the `loopback` address space.", "chromium", fetch.LNAPermissionDenied, m{Value: "loopback", Origin: "https://app.example"}},
		{"denied, Chromium, the code", "GET http://localhost:3000/ net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", "chromium", fetch.LNAPermissionDenied, m{URL: "http://localhost:3000/"}},
		{"denied, Firefox", "NS_ERROR_LOCAL_NETWORK_ACCESS_DENIED", "firefox", fetch.LNAPermissionDenied, m{}},
		{"insecure page", atAPI + "The request client is not a secure context and the resource is in more-private address space `local`.", "chromium", fetch.LNAInsecureContext, m{Value: "local"}},
		{"another space", atAPI + "Request had a target IP address space of `local` yet the resource is in address space `loopback`.", "chromium", "lna-target-mismatch", m{Value: "loopback"}},
		{"no space", atAPI + "Request had no target IP address space, yet the resource is in address space `local`.", "chromium", "lna-no-target", m{Value: "local"}},
		{"nobody to ask", atAPI + "Unable to ask for permission to access the `local` IP address space.", "chromium", "lna-cannot-ask", m{Value: "local"}},
		{"no private network header", atAPI + onOPT + "No 'Access-Control-Allow-Private-Network' header was present in the preflight response for this private network request targeting the `local` address space.", "chromium", "pna-header-missing", m{Header: "Access-Control-Allow-Private-Network", On: fetch.OnPreflight, Historic: true}},
		{"wrong private network header", atAPI + onOPT + "The 'Access-Control-Allow-Private-Network' header in the preflight response for this private network request targeting the `local` address space had a value of 'yes',  not 'true'.", "chromium", "pna-header-invalid", m{Value: "yes", Historic: true}},
		{"no external header", "No 'Access-Control-Allow-External' header was present in the preflight response for this external request (This is an experimental header which is defined in 'https://wicg.github.io/cors-rfc1918/').", "chromium", "pna-header-missing", m{Header: "Access-Control-Allow-External", Historic: true}},
	}
}

func historicMessages() []told {
	type m = explain.ConsoleMessage
	old := m{Historic: true}
	return []told{
		{"Chromium 30", "XMLHttpRequest cannot load http://api.example/. No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'http://app.example' is therefore not allowed access.", "chromium", fetch.AllowOriginMissing, m{URL: "http://api.example/", Origin: "http://app.example", Initiator: fetch.InitiatorXHR, Historic: true}},
		{"Chromium 50", "Fetch API cannot load http://api.example/. Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'null' is therefore not allowed access. The response had HTTP status code 403. If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.", "chromium", fetch.AllowOriginMissing, m{URL: "http://api.example/", Origin: "null", Status: 403, On: fetch.OnPreflight}},
		{"Chromium 62", "jsonp:1 Failed to load http://api.example/: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'http://app.example' is therefore not allowed access.", "chromium", fetch.AllowOriginMissing, m{URL: "http://api.example/", Origin: "http://app.example", Historic: true}},
		{"Chromium, a font", "Font from origin 'http://cdn.example' has been blocked from loading by Cross-Origin Resource Sharing policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'http://app.example' is therefore not allowed access.", "chromium", fetch.AllowOriginMissing, m{URL: "http://cdn.example", Origin: "http://app.example", Initiator: fetch.InitiatorFont, Historic: true}},
		{"Chromium, a redirect", "Redirect from 'http://a.example/' to 'https://b.example/' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'http://app.example' is therefore not allowed access.", "chromium", fetch.AllowOriginMissing, m{URL: "https://b.example/", InitialURL: "http://a.example/"}},
		{"Chromium, wildcard", "XMLHttpRequest cannot load http://api.example/. A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true. Origin 'http://app.example' is therefore not allowed access.", "chromium", fetch.AllowOriginWildcardCredentials, m{Origin: "http://app.example", Historic: true}},
		{"Chromium, credentials", "XMLHttpRequest cannot load http://api.example/. Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is ''. It must be 'true' to allow credentials.", "chromium", fetch.AllowCredentialsMissing, old},
		{"Chromium, preflight status", "XMLHttpRequest cannot load http://api.example/. Response for preflight has invalid HTTP status code 405", "chromium", fetch.PreflightStatus, m{Status: 405, URL: "http://api.example/", Historic: true}},
		{"Chromium, preflight redirect", "XMLHttpRequest cannot load http://api.example/. Response for preflight is invalid (redirect)", "chromium", fetch.PreflightRedirect, old},
		{"Chromium, redirect after a preflight", "XMLHttpRequest cannot load http://api.example/. The request was redirected to 'http://b.example/', which is disallowed for cross-origin requests that require preflight.", "chromium", "redirect-after-preflight", m{Target: "http://b.example/", Historic: true}},
		{"Chromium and Safari of 2011", "XMLHttpRequest cannot load http://api.example/. Origin http://app.example is not allowed by Access-Control-Allow-Origin.", "", fetch.AllowOriginMissing, m{URL: "http://api.example/", Origin: "http://app.example", Historic: true}},
		{"Chromium, a file", "XMLHttpRequest cannot load file:///x.json. Cross origin requests are only supported for HTTP.", "chromium", fetch.SchemeNotHTTP, m{URL: "file:///x.json"}},
		{"Safari", "Origin http://app.example is not allowed by Access-Control-Allow-Origin.", "webkit", fetch.AllowOriginMissing, m{Origin: "http://app.example"}},
		{"Safari, preflight", "Failed to load resource: Preflight response is not successful", "webkit", fetch.PreflightStatus, m{}},
		{"Firefox 30", "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://api.example/. This can be fixed by moving the resource to the same domain or enabling CORS.", "firefox", "cause-not-told", m{URL: "http://api.example/", Historic: true}},
		{"Firefox 45", "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://api.example/. (Reason: missing token ‘content-type’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel).", "firefox", fetch.HeaderNotAllowed, m{Name: "content-type", URL: "http://api.example/", Historic: true}},
		{"Firefox, preflight channel", "(Reason: CORS preflight channel did not succeed).", "firefox", fetch.PreflightStatus, old},
		{"Firefox, a link", "https://developer.mozilla.org/docs/Web/HTTP/CORS/Errors/CORSMissingAllowOrigin", "firefox", fetch.AllowOriginMissing, m{}},
		{"Firefox, a longer link", "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowHeaderFromPreflight?utm_source=devtools", "firefox", fetch.HeaderNotAllowed, m{}},
		{"Edge", "SEC7120: [CORS] The origin 'http://app.example' did not find 'http://app.example' in the Access-Control-Allow-Origin response header for cross-origin  resource at 'http://api.example/'.", "", fetch.AllowOriginMissing, m{URL: "http://api.example/", Origin: "http://app.example"}},
	}
}

// vagueMessages say little, or nothing, of the cause.
func vagueMessages() []told {
	type m = explain.ConsoleMessage
	return []told{
		{"fetch, Chromium", "Uncaught (in promise) TypeError: Failed to fetch", "chromium", "cause-not-told", m{}},
		{"fetch, Chromium, with a position", "app.js:12 Uncaught (in promise) TypeError: Failed to fetch\n    at load (app.js:12:3)", "chromium", "cause-not-told", m{}},
		{"fetch, Firefox", "TypeError: NetworkError when attempting to fetch resource.", "firefox", "cause-not-told", m{}},
		{"fetch, WebKit", "TypeError: Load failed", "webkit", "cause-not-told", m{}},
		{"fetch, WebKit, alone", "Load failed", "webkit", "cause-not-told", m{}},
		{"a library", "AxiosError: Network Error", "", "cause-not-told", m{}},
		{"network log, Chromium", "POST https://api.example/ net::ERR_FAILED 500 (Internal Server Error)", "chromium", "cause-not-told", m{URL: "https://api.example/", Method: "POST", Status: 500}},
		{"second line, WebKit", "Fetch API cannot load https://api.example/ due to access control checks.", "webkit", "cause-not-told", m{URL: "https://api.example/", Initiator: fetch.InitiatorFetch}},
		{"a status", "Failed to load resource: the server responded with a status of 404 (Not Found)", "", "cause-not-told", m{Status: 404}},
		{"a reason of tomorrow", "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: The moon is full.", "chromium", "cause-not-told", m{URL: "https://api.example/", Origin: "https://app.example"}},
	}
}

// Of several lines the most telling one counts, and the others tell the rest.
func TestParseMessageLines(t *testing.T) {
	for _, row := range []told{
		{"Chromium", "app.js:12 Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\napp.js:12 PATCH https://api.example/ net::ERR_FAILED 404 (Not Found)\napp.js:15 Uncaught (in promise) TypeError: Failed to fetch",
			"chromium", fetch.AllowOriginMissing, explain.ConsoleMessage{Method: "PATCH", Status: 404}},
		{"another request", atAPI + "No 'Access-Control-Allow-Origin' header is present on the requested resource.\nGET https://other.example/ net::ERR_FAILED 500 (Oops)",
			"chromium", fetch.AllowOriginMissing, explain.ConsoleMessage{URL: "https://api.example/"}},
		{"WebKit", "[Error] Method PUT is not allowed by Access-Control-Allow-Methods.\n[Error] Fetch API cannot load https://api.example/ due to access control checks.\n[Error] Failed to load resource: Method PUT is not allowed by Access-Control-Allow-Methods. (x, line 0)\n[Error] Unhandled Promise Rejection: TypeError: Load failed",
			"webkit", fetch.MethodNotAllowed, explain.ConsoleMessage{URL: "https://api.example/", Initiator: fetch.InitiatorFetch, Method: "PUT"}},
		{"Firefox, with its echo", reading + "CORS request did not succeed). Status code: (null).\n" + reading + "CORS preflight response did not succeed). Status code: 500.", "firefox", fetch.PreflightStatus, explain.ConsoleMessage{Status: 500}},
		{"wrapped by a terminal", "Access to XMLHttpRequest at 'https://api.example/' from origin\n 'https://app.example' has been blocked by CORS\r\npolicy: No 'Access-Control-Allow-Origin'   header is present on the requested\tresource.", "chromium", fetch.AllowOriginMissing, explain.ConsoleMessage{URL: "https://api.example/", Origin: "https://app.example", Initiator: fetch.InitiatorXHR}},
		{"with curly quotes", "No ‘Access-Control-Allow-Origin’ header is present on the requested resource.", "chromium", fetch.AllowOriginMissing, explain.ConsoleMessage{}},
		{"with escaped quotes", `{"message":"Connecting to 'https://api.example/' violates the following Content Security Policy directive: \"connect-src 'self'\". The action has been blocked."}`, "chromium", fetch.CSPConnectSrc, explain.ConsoleMessage{Value: "connect-src 'self'"}},
		{"with a time", "12:30:01.123 Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/. (Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).", "firefox", fetch.MethodNotAllowed, explain.ConsoleMessage{URL: "https://api.example/"}},
		{"a warning beside a failure", "Refused to set unsafe header \"Cookie\"\n" + atAPI + "No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chromium", fetch.AllowOriginMissing, explain.ConsoleMessage{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := explain.ParseMessage(row.text)
			if err != nil {
				t.Fatal(err)
			}
			if got.Engine != row.engine || got.ID != string(row.id) {
				t.Errorf("got %q %s, want %q %s", got.Engine, got.ID, row.engine, row.id)
			}
			compareTold(t, got, &row.want)
		})
	}
	other, err := explain.ParseMessage(atAPI + "No 'Access-Control-Allow-Origin' header is present on the requested resource.\nPUT https://other.example/ net::ERR_FAILED 500 (Oops)")
	if err != nil || other.Status != 0 || other.Method != "" {
		t.Errorf("got %+v, %v from a line about another request", other, err)
	}
}

func TestParseMessageUnknown(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"empty", "", "the message is empty"},
		{"white space", " \n\t\u00a0", "the message is empty"},
		{"something else", "Uncaught ReferenceError: x is not defined", `"Uncaught ReferenceError: x is not defined": not a message about a request that a browser is known to print`},
		{"long", strings.Repeat("é", 200), `"` + strings.Repeat("é", 80) + `...": not a message about a request that a browser is known to print`},
		{"with a secret", "my call https://api.example/?token=abcdefghijk fails", `"my call https://api.example/?token=*** fails": not a message about a request that a browser is known to print`},
		{"hostile", "\x1b[31mx\u202e\xff", `"[31mx\u202e` + "\ufffd" + `": not a message about a request that a browser is known to print`},
		{"words that are too short", "the page has Load failed in it", `"the page has Load failed in it": not a message about a request that a browser is known to print`},
		{"too long", strings.Repeat("a", 65537), "the message has 65537 bytes: 65536 is the most"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := explain.ParseMessage(row.text)
			if err == nil || err.Error() != row.want {
				t.Errorf("got %v, want %s", err, row.want)
			}
			if e, ok := errors.AsType[*explain.MessageError](err); !ok || e.Hint() == "" {
				t.Errorf("got error %T without a hint", err)
			}
		})
	}
}

// Whatever is understood can be explained, in text and in JSON, and the explanation invents nothing.
func TestMessageExplanation(t *testing.T) {
	var rows []told
	for _, part := range [][]told{sharingMessages(), preflightMessages(), callMessages(), requestMessages(), redirectMessages(), localMessages(), historicMessages(), vagueMessages()} {
		rows = append(rows, part...)
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			m, err := explain.ParseMessage(row.text)
			if err != nil {
				t.Fatal(err)
			}
			e := m.Explanation(true)
			if f := e.Trace.Failure; f != nil {
				if e.Why == "" || !strings.HasSuffix(e.Why, ".") || strings.Contains(e.Why, "%!") || strings.Contains(e.Why, ` "" is `) || strings.Contains(e.Why, "(0)") || strings.Contains(e.Why, "  ") {
					t.Errorf("got why %q", e.Why)
				}
			} else if len(e.Warnings) != 1 {
				t.Errorf("got neither a failure nor a warning")
			}
			if len(e.Fixes) == 0 || len(e.Trace.Sent) > 0 || e.Trace.Page != nil && m.Origin == "" {
				t.Errorf("got %d fixes, %d requests, page %v", len(e.Fixes), len(e.Trace.Sent), e.Trace.Page)
			}
			var text, json bytes.Buffer
			if err := explain.WriteText(&text, []explain.Explanation{e}, explain.Layout{Width: 100}); err != nil {
				t.Fatal(err)
			}
			if err := report.WriteJSON(&json, explain.NewResult(m.Engine, []explain.Explanation{e}, false)); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text.String(), "  fix   ") || !strings.Contains(json.String(), `"candidates": [`) {
				t.Errorf("got\n%s\n%s", text.String(), json.String())
			}
		})
	}
}

// Candidates are failures that the engine has the same words for.
func TestMessageCandidatesHaveTheSameWords(t *testing.T) {
	for _, row := range preflightMessages() {
		m, err := explain.ParseMessage(row.text)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(m.Candidates, m.ID) || len(m.Candidates) > 3 {
			t.Errorf("%s: got %s of %q", row.name, m.ID, m.Candidates)
		}
	}
}
