package explain

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/weburl"
)

// The templates that Chromium chooses by more than what failed.
const (
	chromiumFTP              = `FTP is not supported.`
	chromiumInvalidURL       = `{throws}Invalid URL`
	chromiumProxyAuth        = `{C load}net::ERR_UNEXPECTED_PROXY_AUTH`
	chromiumUnsafeAttempt    = `Unsafe attempt to load URL {url} from frame with URL {page}. Domains, protocols and ports must match.`
	chromiumModuleType       = `Failed to load module script: Expected a JavaScript-or-Wasm module script but the server responded with a MIME type of "{essence}". Strict MIME type checking is enforced for module scripts per HTML spec.`
	chromiumStyleType        = `Refused to apply style from '{url}' because its MIME type ('{essence}') is not a supported stylesheet MIME type, and strict MIME checking is enabled.`
	chromiumUnsafeRedirect   = `{C load}net::ERR_UNSAFE_REDIRECT`
	chromiumUnknownScheme    = `{C load}net::ERR_UNKNOWN_URL_SCHEME`
	chromiumSeveralLocations = `{C load}net::ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION`
	chromiumNotSameSite      = `{C load}net::ERR_BLOCKED_BY_RESPONSE.NotSameSite`
)

// chromiumVariants are the failures that Chromium has these templates for.
func chromiumVariants() []variant {
	return []variant{
		{fetch.SchemeNotHTTP, chromiumFTP}, {fetch.NoCORSRedirectMode, chromiumFTP}, {fetch.SchemeNotHTTP, localFile},
		{fetch.SchemeNotHTTP, chromiumFetchTemplate(fetch.SchemeNotHTTP)},
		{fetch.NoCORSRedirectMode, chromiumFetchTemplate(fetch.NoCORSRedirectMode)},
		{fetch.SameOriginMode, chromiumFetchTemplate(fetch.SameOriginMode)}, {fetch.SameOriginMode, chromiumUnsafeAttempt},
		{fetch.URLInvalid, chromiumInvalidURL}, {fetch.PreflightAuth, chromiumProxyAuth},
		{fetch.NosniffBlocked, chromiumModuleType}, {fetch.MIMEBlocked, chromiumModuleType},
		{fetch.NosniffBlocked, chromiumStyleType}, {fetch.MIMEBlocked, chromiumStyleType},
		{fetch.RedirectScheme, chromiumUnsafeRedirect}, {fetch.RedirectScheme, chromiumUnknownScheme},
		{fetch.RedirectLocationInvalid, chromiumSeveralLocations}, {fetch.CORPBlocked, chromiumNotSameSite},
	}
}

// chromium is the template of Chromium's line, as observed in version 156. What it says about a value that does not match
// is its own choice, not the Standard's.
func (c *console) chromium() string {
	id := c.id()
	switch id {
	case fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginMultiple, fetch.AllowOriginInvalid, fetch.RedirectOriginNull:
		id = chromiumMismatch(c.f.Got)
	case fetch.SchemeNotHTTP, fetch.NoCORSRedirectMode:
		if strings.HasPrefix(c.url(), "ftp:") && !c.isFetch() {
			return chromiumFTP
		}
		if id == fetch.SchemeNotHTTP && strings.HasPrefix(c.url(), "file:") {
			return localFile
		}
		if c.isFetch() && !c.redirected() {
			return chromiumFetchTemplate(id)
		}
	case fetch.URLInvalid:
		if c.isXHR() {
			return chromiumInvalidURL
		}
	case fetch.PreflightAuth:
		if c.f.Status == 407 {
			return chromiumProxyAuth
		}
	case fetch.SameOriginMode:
		if c.initiator() == fetch.InitiatorWorker {
			return ""
		}
		if c.isFetch() && !c.redirected() {
			return chromiumFetchTemplate(id)
		}
		return chromiumUnsafeAttempt
	case fetch.NosniffBlocked, fetch.MIMEBlocked:
		switch c.initiator() {
		case fetch.InitiatorModuleScript:
			return chromiumModuleType
		case fetch.InitiatorStyle:
			return chromiumStyleType
		}
	case fetch.RedirectScheme:
		if u, err := weburl.Parse(c.target(), nil); err == nil && isUnsafeRedirect(u.Scheme) {
			return chromiumUnsafeRedirect
		}
		if c.withoutCORS() {
			return chromiumUnknownScheme
		}
		return strings.Replace(chromiumTemplate(id), "{C}", "{C target}", 1)
	case fetch.RedirectLocationInvalid:
		if c.f.Lines > 1 {
			return chromiumSeveralLocations
		}
	case fetch.RedirectCredentialsInURL:
		if c.f.Cause == fetch.RedirectCredentialsInURL {
			return "" // refused by the page, not by CORS
		}
	case fetch.CORPBlocked:
		if got(c.f) == "same-site" {
			return chromiumNotSameSite
		}
	}
	return chromiumTemplate(id)
}

// chromiumMismatch is how Chromium names a value of Access-Control-Allow-Origin that is not the origin.
func chromiumMismatch(value string) fetch.FailureID {
	if strings.ContainsAny(value, ", ") {
		return fetch.AllowOriginMultiple
	}
	if value == "null" {
		return fetch.AllowOriginMismatch
	}
	if _, err := weburl.Parse(value, nil); err != nil {
		return fetch.AllowOriginInvalid
	}
	return fetch.AllowOriginMismatch
}

// chromiumTemplate is the template of a failure.
func chromiumTemplate(id fetch.FailureID) string {
	switch id {
	// The sharing check.
	case fetch.AllowOriginMissing:
		return `{C}{P}No 'Access-Control-Allow-Origin' header is present on the requested resource.`
	case fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.RedirectOriginNull, fetch.RedirectAllowOrigin:
		return `{C}{P}The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin.{fetch only}`
	case fetch.AllowOriginMultiple:
		return `{C}{P}The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is allowed.{fetch only}`
	case fetch.AllowOriginInvalid:
		return `{C}{P}The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.{fetch only}`
	case fetch.AllowOriginWildcardCredentials:
		return `{C}{P}The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.{XHR only}`
	case fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid:
		return `{C}{P}The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' when the request's credentials mode is 'include'.{XHR only}`

	// The preflight.
	case fetch.PreflightRedirect:
		return `{C}{P}Redirect is not allowed for a preflight request.`
	case fetch.PreflightStatus, fetch.PreflightAuth:
		return `{C}{P}It does not have HTTP ok status.`
	case fetch.PreflightNetwork, fetch.NetworkFailure:
		return `{C load}net::{net}`
	case fetch.AllowMethodsUnparsable:
		return `{C}Cannot parse Access-Control-Allow-Methods response header field in preflight response.`
	case fetch.AllowHeadersUnparsable:
		return `{C}Cannot parse Access-Control-Allow-Headers response header field in preflight response.`
	case fetch.MethodNotAllowed, fetch.MethodCase, fetch.MethodWildcardCredentials:
		return `{C}Method {method} is not allowed by Access-Control-Allow-Methods in preflight response.`
	case fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials:
		return `{C}Request header field {lower} is not allowed by Access-Control-Allow-Headers in preflight response.`

	// Calls that throw.
	case fetch.URLInvalid:
		return `{throws}Failed to parse URL from {value}`
	case fetch.URLHasCredentials:
		return `{throws}Request cannot be constructed from a URL that includes credentials: {value}`
	case fetch.MethodForbidden:
		return `{throws}'{value}' HTTP method is unsupported.`
	case fetch.MethodInvalid:
		return `{throws}'{value}' is not a valid HTTP method.`
	case fetch.MethodNoCORS:
		return `{throws}'{value}' is unsupported in no-cors mode.`
	case fetch.BodyWithGet:
		return `{throws}Request with GET/HEAD method cannot have body.`
	case fetch.ModeNavigateGiven:
		return `{throws}Cannot construct a Request with a RequestInit whose mode member is set as 'navigate'.`
	case fetch.OnlyIfCachedMode:
		return `{throws}'only-if-cached' can be set only with 'same-origin' mode`

	// Before anything is sent.
	case fetch.BadPort:
		return `{C load}net::ERR_UNSAFE_PORT`
	case fetch.MixedContent:
		return `Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an insecure {insecure} '{url}'. This request has been blocked; the content must be served over HTTPS.`
	case fetch.CSPConnectSrc:
		return `Connecting to '{url}' violates the following Content Security Policy directive: "{directive}". The action has been blocked.`
	case fetch.SameOriginMode:
		return `{C}Cross origin requests are not allowed by request mode.`
	case fetch.SchemeNotHTTP, fetch.RedirectScheme:
		return `{C}Cross origin requests are only supported for protocol schemes: {schemes}.`
	case fetch.StreamUploadHTTP1:
		return `{C load}net::ERR_ALPN_NEGOTIATION_FAILED`

	// Redirects and responses. The location is printed empty.
	case fetch.RedirectCredentialsInURL:
		return `{C}Redirect location '' contains a username and password, which is disallowed for cross-origin requests.`
	case fetch.RedirectLocationInvalid:
		return `{C load}net::ERR_INVALID_REDIRECT`
	case fetch.RedirectTooMany:
		return `{C load}net::ERR_TOO_MANY_REDIRECTS`
	case fetch.CORPBlocked:
		return `{C load}net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin`
	case fetch.COEPCORP:
		return `{C load}net::ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep`
	case fetch.NosniffBlocked:
		return `Refused to execute script from '{url}' because its MIME type ('{essence}') is not executable, and strict MIME type checking is enabled.`
	case fetch.MIMEBlocked:
		return `Refused to execute script from '{url}' because its MIME type ('{essence}') is not executable.`
	case fetch.CacheMiss:
		return `{C load}net::ERR_CACHE_MISS`

	// Local network access.
	case fetch.LNAPermissionDenied:
		return "{C}Permission was denied for this request to access the `{space}` address space."
	case fetch.LNAInsecureContext:
		return "{C}The request client is not a secure context and the resource is in more-private address space `{space}`."
	}
	return ""
}

// isUnsafeRedirect reports whether Chromium's network stack lets no redirect lead to a scheme.
func isUnsafeRedirect(scheme string) bool {
	switch scheme {
	case "about", "blob", "data", "file", "filesystem":
		return true
	}
	return false
}

// chromiumFetchTemplate is what fetch() itself prints when it refuses the first URL, before the loader sees it.
func chromiumFetchTemplate(id fetch.FailureID) string {
	switch id {
	case fetch.SameOriginMode:
		return `Fetch API cannot load {url}. Request mode is "same-origin" but the URL's origin is not same as the request origin {origin}.`
	case fetch.NoCORSRedirectMode:
		return `Fetch API cannot load {url}. Request mode is "no-cors" but the redirect mode is not "follow".`
	}
	return `Fetch API cannot load {url}. URL scheme "{scheme}" is not supported.`
}
