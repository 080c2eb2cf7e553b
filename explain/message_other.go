package explain

import "github.com/concors/concors/cors/fetch"

// otherWordings are what browsers print beside the lines that the templates of the engines are for: what they printed
// once, the lines that follow a reason, what a script gets, and what fails nothing.
func otherWordings() []wording {
	var list []wording
	for _, part := range [][]wording{followingWordings(), warningWordings(), spaceWordings(), chromiumOthers(), firefoxOthers(), webkitOthers()} {
		list = append(list, part...)
	}
	return list
}

// followingWordings are what a script gets whatever failed, and lines that stand below a reason.
func followingWordings() []wording {
	nothing := func(engine string, templates ...string) []wording {
		var list []wording
		for _, t := range templates {
			list = append(list, wording{engine: engine, template: t, ids: []string{causeNotTold}, rank: tellsNothing})
		}
		return list
	}
	list := nothing(chromium, `TypeError: Failed to fetch`, `Failed to fetch`, `net::ERR_FAILED`)
	list = append(list, nothing(firefox, `TypeError: NetworkError when attempting to fetch resource.`, `NetworkError when attempting to fetch resource.`)...)
	list = append(list, nothing(webkit, `TypeError: Load failed`, `Load failed`, `TypeError: Type error`)...)
	list = append(list, nothing("", // libraries
		`AxiosError: Network Error`, `Error: Network Error`, `TypeError: Network request failed`,
		`Request has been terminated Possible causes: the network is offline, Origin is not allowed by Access-Control-Allow-Origin, the page is being unloaded, etc.`)...)
	more := func(engine string, templates ...string) {
		for _, t := range templates {
			list = append(list, wording{engine: engine, template: t, ids: []string{causeNotTold}, rank: tellsRequest})
		}
	}
	more(chromium,
		chromiumAccess, `{request method} {url} net::ERR_FAILED {status} ({text})`, `{request method} {url} net::ERR_FAILED {status}`,
		`{request method} {url} net::ERR_FAILED`, `{request method} {url} {status} ({text})`, `Access blocked by CORS policy: `)
	more(firefox, `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}.`)
	more(webkit, `{api} cannot load {url} due to access control checks.`)
	more("", `Failed to load resource: the server responded with a status of {status} ({text})`, `Failed to load resource: the server responded with a status of {status}`)
	list = append(list,
		wording{engine: chromium, template: `Fetch API cannot load {url}. Refused to connect because it violates the document's Content Security Policy.`, ids: ids(fetch.CSPConnectSrc)},
		// Node, which has no CORS: a failed connection.
		wording{template: `TypeError: fetch failed`, ids: ids(fetch.NetworkFailure), rank: tellsConnection})
	return list
}

// warningWordings are lines about what fails nothing, or not yet.
func warningWordings() []wording {
	warns := func(engine, template, id string) wording {
		return wording{engine: engine, template: template, ids: []string{id}, rank: tellsWarning}
	}
	return []wording{
		warns("", `Refused to set unsafe header "{name}"`, headerForbidden),
		warns(firefox, `Attempt to set a forbidden header was denied: {name}`, headerForbidden),
		warns("", `Refused to get unsafe header "{name}"`, responseHeaderNotExposed),
		warns(firefox, "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at {url} soon. (Reason: When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered.", string(fetch.AuthorizationNotListed)),
		warns(chromium, "Authorization will not be covered by the wildcard symbol (*) in CORS `Access-Control-Allow-Headers` handling.", string(fetch.AuthorizationNotListed)),
	}
}

// spaceWordings are lines about address spaces that the model does not come to.
func spaceWordings() []wording {
	return []wording{
		{engine: chromium, template: "{C}Request had a target IP address space of `{target space}` yet the resource is in address space `{space}`.", ids: []string{lnaTargetMismatch}},
		{engine: chromium, template: "{C}Request had no target IP address space, yet the resource is in address space `{space}`.", ids: []string{lnaNoTarget}},
		{engine: chromium, template: "{C}Unable to ask for permission to access the `{space}` IP address space.", ids: []string{lnaCannotAsk}},
		{engine: chromium, template: `{C load}net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS`, ids: ids(fetch.LNAPermissionDenied, fetch.LNAInsecureContext)},
		{engine: firefox, template: `NS_ERROR_LOCAL_NETWORK_ACCESS_DENIED`, ids: ids(fetch.LNAPermissionDenied, fetch.LNAInsecureContext)},

		// Private network access, versions 94 to 141, and its forerunner CORS-RFC1918.
		{engine: chromium, template: `{C load}net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS`, ids: ids(fetch.LNAPermissionDenied, fetch.LNAInsecureContext), historic: true},
		{engine: chromium, template: "{C}{P}No '{header}' header was present in the preflight response for this private network request targeting the `{space}` address space.", ids: []string{pnaHeaderMissing}, historic: true},
		{engine: chromium, template: "{C}{P}The '{header}' header in the preflight response for this private network request targeting the `{space}` address space had a value of '{value}',  not 'true'.", ids: []string{pnaHeaderInvalid}, historic: true},
		{engine: chromium, template: "{C}{P}No '{header}' header was present in the preflight response for this external request", ids: []string{pnaHeaderMissing}, historic: true},
		{engine: chromium, template: "{C}{P}The '{header}' header in the preflight response for this external request had a value of '{value}',  not 'true'", ids: []string{pnaHeaderInvalid}, historic: true},
	}
}

// chromiumOthers are lines of Chromium's that the templates do not have: third_party/blink/renderer/platform/loader/cors/
// cors_error_string.cc at versions 67 and 88, third_party/WebKit/Source/core/fetch/CrossOriginAccessControl.cpp at 43 and 57.
func chromiumOthers() []wording {
	was := func(template string, list ...fetch.FailureID) wording {
		return wording{engine: chromium, template: template, ids: ids(list...), historic: true}
	}
	now := func(template string, list ...fetch.FailureID) wording {
		return wording{engine: chromium, template: template, ids: ids(list...)}
	}
	return []wording{
		was(`{C}{P}A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true.`, fetch.AllowOriginWildcardCredentials),
		was(`{C}{P}Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '{value}'. It must be 'true' to allow credentials.`, fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid),
		was(`{C}Response for preflight has invalid HTTP status code {status}`, fetch.PreflightStatus, fetch.PreflightAuth),
		was(`{C}Response for preflight does not have HTTP ok status.`, fetch.PreflightStatus, fetch.PreflightAuth),
		was(`{C}Response for preflight is invalid (redirect)`, fetch.PreflightRedirect),
		was(`{C}The request was redirected to '{target}', which is disallowed for cross-origin requests that require preflight.`, redirectAfterPreflight),
		was(`{C}Request requires preflight, which is disallowed to follow cross-origin redirect`, redirectAfterPreflight),
		was(`{C}Redirect location '{target}' has a disallowed scheme for cross-origin requests.`, fetch.RedirectScheme),
		was(`{C}The request was redirected to a URL ('{target}') which has a disallowed scheme for cross-origin requests.`, fetch.RedirectScheme),
		was(`{C}The request was redirected to a URL ('{target}') containing userinfo, which is disallowed for cross-origin requests.`, fetch.RedirectCredentialsInURL),
		now(`{C}Redirect location '{target}' contains a username and password, which is disallowed for cross-origin requests.`, fetch.RedirectCredentialsInURL),
		now(`{C}The response is invalid.`, fetch.NetworkFailure, fetch.SchemeNotHTTP),
		was(`{C}Invalid response. Origin '{origin}' is therefore not allowed access.`, fetch.NetworkFailure, fetch.SchemeNotHTTP),
		was(`{C}Received an invalid response. Origin '{origin}' is therefore not allowed access.`, fetch.NetworkFailure, fetch.SchemeNotHTTP),
		was(`{api} cannot load {url}. Cross origin requests are only supported for HTTP.`, fetch.SchemeNotHTTP),
		was(`Refused to connect to '{url}' because it violates the following Content Security Policy directive: "{directive}".`, fetch.CSPConnectSrc),
		now(`{C load}net::ERR_H2_OR_QUIC_REQUIRED`, fetch.StreamUploadHTTP1),
		now(`{C load}net::ERR_BLOCKED_BY_ORB`, fetch.ORBBlocked),
		now(`{C load}net::ERR_BLOCKED_BY_RESPONSE`, fetch.CORPBlocked, fetch.COEPCORP),
		now(`{C load}net::ERR_BLOCKED_BY_CSP`, fetch.CSPConnectSrc),
		// Edge until version 18.
		{template: `The origin '{origin}' did not find '{origin}' in the Access-Control-Allow-Origin response header for cross-origin resource at '{url}'`, ids: ids(fetch.AllowOriginMissing, fetch.AllowOriginMismatch), historic: true},
		{template: `Origin {origin} not found in Access-Control-Allow-Origin header.`, ids: ids(fetch.AllowOriginMissing, fetch.AllowOriginMismatch), historic: true},
	}
}

// firefoxOthers are lines of Firefox's that the templates do not have: dom/locales/en-US/chrome/security/security.properties,
// and the pages on MDN that today's lines link to.
func firefoxOthers() []wording {
	was := func(template string, list ...fetch.FailureID) wording {
		return wording{engine: firefox, template: template, ids: ids(list...), historic: true}
	}
	now := func(template string, list ...fetch.FailureID) wording {
		return wording{engine: firefox, template: template, ids: ids(list...)}
	}
	list := []wording{
		now(`{F}CORS disabled{F end}`, corsDisabled),
		now(`{F}CORS header ‘Origin’ cannot be added{F end}`, originHeaderRefused),
		was(`{F}CORS preflight channel did not succeed{F end}`, fetch.PreflightStatus, fetch.PreflightAuth, fetch.PreflightRedirect, fetch.PreflightNetwork),
		was(`{F}missing token ‘{name}’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel{F end}`, fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials),
		{engine: firefox, template: `{F}CORS request failed{F end}`, ids: ids(fetch.NetworkFailure, fetch.PreflightNetwork), rank: tellsConnection, historic: true},
		was(`Content Security Policy: The page’s settings blocked the loading of a resource at {url} (“{directive}”).`, fetch.CSPConnectSrc),
		now(`Blocked loading mixed display content “{url}”`, fetch.MixedContent),
		was(`The resource from “{url}” was blocked due to MIME type mismatch (X-Content-Type-Options: nosniff).`, fetch.NosniffBlocked),
		was(`Script from “{url}” was blocked because of a disallowed MIME type (“{essence}”).`, fetch.MIMEBlocked),
		was(`Script from “{url}” was blocked because of a disallowed MIME type.`, fetch.MIMEBlocked),
		{engine: firefox, rank: tellsRequest, historic: true, ids: []string{causeNotTold}, template: `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. This can be fixed by moving the resource to the same domain or enabling CORS.`},
	}
	for _, page := range []struct {
		name string
		ids  []string
	}{
		{"CORSDisabled", ids(corsDisabled)},
		{"CORSOriginHeaderNotAdded", ids(originHeaderRefused)},
		{"CORSExternalRedirectNotAllowed", ids(fetch.PreflightRedirect)},
		{"CORSRequestNotHttp", ids(fetch.SchemeNotHTTP, fetch.RedirectScheme)},
		{"CORSMissingAllowOrigin", ids(fetch.AllowOriginMissing)},
		{"CORSMultipleAllowOriginNotAllowed", ids(fetch.AllowOriginMultiple)},
		{"CORSAllowOriginNotMatchingOrigin", ids(fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginMultiple, fetch.AllowOriginInvalid, fetch.RedirectOriginNull)},
		{"CORSNotSupportingCredentials", ids(fetch.AllowOriginWildcardCredentials)},
		{"CORSMethodNotFound", ids(fetch.MethodNotAllowed, fetch.MethodCase, fetch.MethodWildcardCredentials)},
		{"CORSMissingAllowCredentials", ids(fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid)},
		{"CORSPreflightDidNotSucceed", ids(fetch.PreflightStatus, fetch.PreflightAuth, fetch.PreflightRedirect)},
		{"CORSInvalidAllowMethod", ids(fetch.AllowMethodsUnparsable)},
		{"CORSInvalidAllowHeader", ids(fetch.AllowHeadersUnparsable)},
		{"CORSMissingAllowHeaderFromPreflight", ids(fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials)},
	} {
		list = append(list, wording{engine: firefox, template: "CORS/Errors/" + page.name, ids: page.ids, rank: tellsCause})
	}
	return append(list, wording{engine: firefox, template: "CORS/Errors/CORSDidNotSucceed", ids: ids(fetch.NetworkFailure, fetch.PreflightNetwork), rank: tellsConnection})
}

// webkitOthers are lines of WebKit's that the templates do not have: Source/WebCore/loader/CrossOriginAccessControl.cpp, and
// what Safari's network layer says, which WebKitGTK does not have.
func webkitOthers() []wording {
	connection := func(kind fetch.NetworkError, templates ...string) []wording {
		var list []wording
		for _, t := range templates {
			list = append(list, wording{engine: webkit, template: t, ids: ids(fetch.NetworkFailure, fetch.PreflightNetwork), rank: tellsConnection, value: string(kind)})
		}
		return list
	}
	list := []wording{
		// Chromium too, until version 27.
		{template: `{api} cannot load {url}. Origin {W allow} is not allowed by Access-Control-Allow-Origin.`, ids: ids(fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginMultiple, fetch.AllowOriginInvalid), historic: true},
		{engine: webkit, template: `Cross origin requests are not allowed when using same-origin fetch mode.`, ids: ids(fetch.SameOriginMode)},
		{engine: webkit, template: `Cross-origin redirection to {target} denied by Cross-Origin Resource Sharing policy`, ids: ids(fetch.RedirectAllowOrigin), rank: tellsRequest},
		{engine: webkit, template: `Cross-origin redirection denied by Cross-Origin Resource Sharing policy.`, ids: ids(fetch.RedirectAllowOrigin), historic: true},
	}
	list = append(list, connection(fetch.ErrorReset, `The network connection was lost.`)...)
	list = append(list, connection(fetch.ErrorRefused, `Could not connect to the server.`)...)
	list = append(list, connection(fetch.ErrorDNS, `A server with the specified hostname could not be found.`)...)
	list = append(list, connection(fetch.ErrorTimeout, `Failed to load resource: The request timed out.`)...)
	return append(list, connection(fetch.ErrorTLS, `An SSL error has occurred and a secure connection to the server cannot be made.`, `The certificate for this server is invalid.`)...)
}
