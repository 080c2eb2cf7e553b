package explain_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// failing is a scenario for each failure that the Standard can come to.
func failing() map[fetch.FailureID]string {
	get := func(status, headers string) string {
		return `"request": {"url": "https://api.example/"}, "responses": [{"status": ` + status + `, "headers": [` + headers + `]}]`
	}
	include := func(headers string) string {
		return `"request": {"url": "https://api.example/", "credentials": "include"}, "responses": [{"status": 200, "headers": [` + headers + `]}]`
	}
	preflight := func(request, status, headers string) string {
		return `"request": {"url": "https://api.example/", ` + request + `}, "responses": [{"status": ` + status +
			`, "headers": [["Access-Control-Allow-Origin", "https://app.example"], ["Access-Control-Allow-Credentials", "true"], ` + headers + `]}]`
	}
	redirect := func(request, location string) string {
		return `"request": {"url": "https://api.example/"` + request + `}, "responses": [{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"],` + location + `]}]`
	}
	request := func(s string) string { return `"request": {"url": "https://api.example/", ` + s + `}` }
	element := func(initiator, headers string) string {
		return `"request": {"url": "https://api.example/", "initiator": "` + initiator + `"}, "responses": [{"status": 200, "headers": [` + headers + `]}]`
	}
	const put, vary = `"method": "PUT"`, `["Vary", "Origin"]`
	loop := `"request": {"url": "https://app.example/"}, "responses": [` +
		strings.TrimSuffix(strings.Repeat(`{"status": 302, "headers": [["Location", "/"]]},`, 21), ",") + `]`
	return map[fetch.FailureID]string{
		fetch.AllowOriginMissing:             get("200", ``),
		fetch.AllowOriginMismatch:            get("200", `["Access-Control-Allow-Origin", "https://other.example"]`),
		fetch.AllowOriginNull:                get("200", `["Access-Control-Allow-Origin", "null"]`),
		fetch.AllowOriginMultiple:            get("200", `["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Origin", "*"]`),
		fetch.AllowOriginInvalid:             get("200", `["Access-Control-Allow-Origin", ""]`),
		fetch.AllowOriginWildcardCredentials: include(`["Access-Control-Allow-Origin", "*"]`),
		fetch.AllowCredentialsMissing:        include(`["Access-Control-Allow-Origin", "https://app.example"]`),
		fetch.AllowCredentialsInvalid:        include(`["Access-Control-Allow-Origin", "https://app.example"], ["Access-Control-Allow-Credentials", "True"]`),
		fetch.PreflightRedirect:              preflight(put, "301", `["Location", "/x"]`),
		fetch.PreflightStatus:                preflight(put, "404", vary),
		fetch.PreflightAuth:                  preflight(put, "401", vary),
		fetch.PreflightNetwork:               `"request": {"url": "https://api.example/", "method": "PUT"}, "responses": [{"error": "refused"}]`,
		fetch.AllowMethodsUnparsable:         preflight(put, "200", `["Access-Control-Allow-Methods", "[PUT]"]`),
		fetch.AllowHeadersUnparsable:         preflight(put, "200", `["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Allow-Headers", "\"x\""]`),
		fetch.MethodNotAllowed:               preflight(put, "200", `["Access-Control-Allow-Methods", "DELETE"]`),
		fetch.MethodCase:                     preflight(put, "200", `["Access-Control-Allow-Methods", "put"]`),
		fetch.MethodWildcardCredentials:      preflight(put+`, "credentials": "include"`, "200", `["Access-Control-Allow-Methods", "*"]`),
		fetch.HeaderNotAllowed:               preflight(`"headers": [["X-A", "1"]]`, "200", `["Access-Control-Allow-Headers", "x-b"]`),
		fetch.HeaderWildcardCredentials:      preflight(`"headers": [["X-A", "1"]], "credentials": "include"`, "200", `["Access-Control-Allow-Headers", "*"]`),
		fetch.AuthorizationNotListed:         preflight(`"headers": [["Authorization", "x"]]`, "200", `["Access-Control-Allow-Headers", "*"]`),

		fetch.URLInvalid:         `"request": {"url": "https://:1"}`,
		fetch.URLHasCredentials:  `"request": {"url": "https://u:p@api.example/"}`,
		fetch.MethodForbidden:    request(`"method": "trace"`),
		fetch.MethodInvalid:      request(`"method": "a b"`),
		fetch.MethodNoCORS:       request(`"method": "PUT", "mode": "no-cors"`),
		fetch.HeaderInvalid:      request(`"headers": [["a b", "1"]]`),
		fetch.ModeNavigateGiven:  request(`"mode": "navigate"`),
		fetch.OptionInvalid:      request(`"mode": "foo"`),
		fetch.OnlyIfCachedMode:   request(`"cache": "only-if-cached"`),
		fetch.BodyWithGet:        request(`"body": "text"`),
		fetch.StreamKeepalive:    request(`"method": "POST", "body": "stream", "keepalive": true`),
		fetch.StreamNoCORS:       request(`"method": "POST", "body": "stream", "mode": "no-cors"`),
		fetch.BadPort:            `"request": {"url": "https://api.example:25/"}`,
		fetch.MixedContent:       `"request": {"url": "http://api.example/"}`,
		fetch.CSPConnectSrc:      request(`"method": "GET"`) + `, "environment": {"csp_connect_src": "'self'"}`,
		fetch.SameOriginMode:     request(`"mode": "same-origin"`),
		fetch.SchemeNotHTTP:      `"request": {"url": "file:///etc/hosts"}`,
		fetch.NoCORSRedirectMode: request(`"mode": "no-cors", "redirect": "error"`),
		fetch.StreamUploadHTTP1:  `"request": {"url": "/", "method": "POST", "body": "stream"}, "environment": {"http_version": "1.1"}`,
		fetch.KeepaliveQuota:     `"request": {"url": "/", "method": "POST", "body": "text", "keepalive": true, "body_length": 65537}`,
		fetch.CacheMiss:          `"request": {"url": "/", "mode": "same-origin", "cache": "only-if-cached"}`,

		fetch.NetworkFailure:           `"request": {"url": "https://api.example/"}, "responses": [{"error": "dns"}]`,
		fetch.RedirectCredentialsInURL: redirect("", `["Location", "https://u:p@b.example/"]`),
		fetch.RedirectScheme:           redirect("", `["Location", "data:,x"]`),
		fetch.RedirectLocationInvalid:  redirect("", `["Location", "https://:1"]`),
		fetch.RedirectTooMany:          loop,
		fetch.RedirectModeError:        redirect(`, "redirect": "error"`, `["Location", "/"]`),
		fetch.RedirectStreamBody:       `"request": {"url": "/", "method": "POST", "body": "stream"}, "responses": [{"status": 307, "headers": [["Location", "/x"]]}]`,
		fetch.RedirectAllowOrigin:      get("302", `["Access-Control-Allow-Origin", "https://x.example"], ["Location", "/"]`),
		fetch.RedirectOriginNull: `"request": {"url": "https://api.example/"}, "responses": [
			{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "https://b.example/"]]},
			{"status": 200, "headers": [["Access-Control-Allow-Origin", "https://app.example"]]}]`,
		fetch.CORPBlocked:    element("img", `["Cross-Origin-Resource-Policy", "same-origin"]`),
		fetch.COEPCORP:       element("img", ``) + `, "environment": {"coep": "require-corp"}`,
		fetch.NosniffBlocked: element("script", `["Content-Type", "text/plain"], ["X-Content-Type-Options", "nosniff"]`),
		fetch.MIMEBlocked:    element("script", `["Content-Type", "image/png"]`),
	}
}

// The failures that only an engine comes to, and how.
func engineOnly() map[fetch.FailureID]string {
	public := `"environment": {"page_address_space": "public", "target_address_space": "local"`
	return map[fetch.FailureID]string{
		fetch.LNAPermissionDenied:   `"request": {"url": "https://api.example/"}, ` + public + `, "local_network_permission": "denied"}`,
		fetch.LNAPermissionRequired: `"request": {"url": "https://api.example/"}, ` + public + `}`,
		fetch.LNAInsecureContext:    `"request": {"url": "https://api.example/"}, ` + public + `, "secure_context": false}`,
		fetch.ORBBlocked: `"request": {"url": "https://api.example/", "initiator": "img"}, "responses": [
			{"status": 200, "headers": [["Content-Type", "application/json"]]}]`,
	}
}

// Each failure that the model can come to is explained in whole sentences, has a fix, and is found at the step that the
// catalogue names.
func TestEveryFailure(t *testing.T) {
	scenarios, engine := failing(), engineOnly()
	for _, id := range fetch.FailureIDs() {
		t.Run(string(id), func(t *testing.T) {
			scenario, profile := scenarios[id], fetch.Standard()
			if scenario == "" {
				scenario, profile = engine[id], fetch.Chromium()
			}
			if scenario == "" {
				t.Fatal("no scenario")
			}
			e := run(t, profile, `{"page": "https://app.example", `+scenario+`}`)[0]
			f := e.Trace.Failure
			if f == nil || f.ID != id {
				t.Fatalf("got %+v, want %s", f, id)
			}
			if !strings.HasSuffix(e.Why, ".") || strings.Count(e.Why, ". ") > 1 || strings.Contains(e.Why, "%!") {
				t.Errorf("got why %q, want one or two sentences", e.Why)
			}
			if len(e.Fixes) == 0 {
				t.Error("got no fix")
			}
			entry, _ := explain.EntryOf(string(id))
			if entry.Algorithm != f.Algorithm || entry.Number != f.Number {
				t.Errorf("the catalogue has step %s %s, the trace %s %s", entry.Algorithm, entry.Number, f.Algorithm, f.Number)
			}
		})
	}
}
