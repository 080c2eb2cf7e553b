package explain

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// What stands around Firefox's reasons.
const (
	firefoxBlocked  = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: "
	firefoxEnd      = ")."
	firefoxStatus   = "). Status code: {status}."
	firefoxNull     = "). Status code: (null)."
	firefoxRejected = "Uncaught (in promise) TypeError: "
)

// The templates that Firefox chooses by more than what failed.
const (
	firefoxMayNotLink = `Security Error: Content at {page} may not load or link to {url}.`
	firefoxDataURI    = `Redirecting to data: URI not allowed (Blocked loading of: “{target}”)`
)

// firefoxVariants are the failures that Firefox has these templates for, and those that it has another failure's for.
func firefoxVariants() []variant {
	network, status := firefoxTemplate(fetch.NetworkFailure), firefoxTemplate(fetch.PreflightStatus)
	return []variant{
		{fetch.SchemeNotHTTP, firefoxMayNotLink}, {fetch.RedirectScheme, firefoxMayNotLink}, {fetch.RedirectScheme, firefoxDataURI},
		{fetch.BadPort, network}, {fetch.RedirectScheme, network}, {fetch.PreflightRedirect, status},
	}
}

// firefox is the template of Firefox's line, as observed in version 153.
func (c *console) firefox() string {
	id := c.id()
	if id == fetch.AllowOriginMultiple && !c.severalLines() {
		id = fetch.AllowOriginMismatch // a list on one line is one value to it
	}
	switch id {
	case fetch.PreflightRedirect:
		if r := c.t.Request; r != nil && r.Redirect != "" && r.Redirect != fetch.RedirectFollow {
			id = fetch.PreflightStatus // it is not followed, so not refused as a redirect
		}
	case fetch.NetworkFailure:
		if c.withoutCORS() {
			return ""
		}
	case fetch.BadPort:
		if c.redirected() {
			return firefoxTemplate(fetch.NetworkFailure)
		}
		return ""
	case fetch.RedirectLocationInvalid:
		if c.t.CORS == fetch.CORSNone {
			return ""
		}
	case fetch.SchemeNotHTTP:
		if strings.HasPrefix(c.url(), "file:") {
			return firefoxMayNotLink
		}
	case fetch.RedirectScheme:
		u, err := weburl.Parse(c.target(), nil)
		keepalive := c.t.Request != nil && c.t.Request.Keepalive // is loaded in another process
		switch {
		case err == nil && u.Scheme == "data":
			return firefoxDataURI
		case err == nil && u.Scheme == "file" && keepalive:
			return firefoxTemplate(fetch.NetworkFailure)
		case c.target() == "about:blank" && keepalive:
			return firefoxTemplate(id)
		case err == nil && (u.Scheme == "about" || u.Scheme == "ws" || u.Scheme == "wss"):
			if c.withoutCORS() || c.t.CORS == fetch.CORSNone {
				return ""
			}
			return firefoxTemplate(fetch.NetworkFailure)
		case err == nil && u.Scheme == "file":
			if c.isXHR() || c.withoutCORS() {
				return about("{target}", firefoxMayNotLink)
			}
			return strings.Replace(about("{target}", firefoxMayNotLink), "{page}", "{url}", 1)
		case c.withoutCORS():
			return ""
		}
	}
	return firefoxTemplate(id)
}

// severalLines reports whether the response has Access-Control-Allow-Origin twice as Firefox counts it: in this very case.
func (c *console) severalLines() bool {
	n := 0
	for _, field := range c.response().Header {
		if field.Name == header.AllowOrigin {
			n++
		}
	}
	return n > 1
}

// firefoxTemplate is the template of a failure.
func firefoxTemplate(id fetch.FailureID) string {
	switch id {
	// The sharing check.
	case fetch.AllowOriginMissing:
		return `{F}CORS header ‘Access-Control-Allow-Origin’ missing{F status}`
	case fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginInvalid, fetch.RedirectOriginNull, fetch.RedirectAllowOrigin:
		return `{F}CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’{F end}`
	case fetch.AllowOriginMultiple:
		return `{F}Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed{F end}`
	case fetch.AllowOriginWildcardCredentials:
		return `{F quoted}Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’{F end}`
	case fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid:
		return `{F}expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’{F end}`

	// The preflight.
	case fetch.PreflightRedirect:
		return `{F}CORS request external redirect not allowed{F end}`
	case fetch.PreflightStatus, fetch.PreflightAuth:
		return `{F}CORS preflight response did not succeed{F status}`
	case fetch.PreflightNetwork, fetch.NetworkFailure, fetch.RedirectCredentialsInURL, fetch.RedirectLocationInvalid:
		return `{F}CORS request did not succeed{F null}`
	case fetch.AllowMethodsUnparsable:
		return `{F}invalid token ‘{token}’ in CORS header ‘Access-Control-Allow-Methods’{F end}`
	case fetch.AllowHeadersUnparsable:
		return `{F}invalid token ‘{token}’ in CORS header ‘Access-Control-Allow-Headers’{F end}`
	case fetch.MethodNotAllowed, fetch.MethodCase, fetch.MethodWildcardCredentials:
		return `{F}Did not find method in CORS header ‘Access-Control-Allow-Methods’{F end}`
	case fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials:
		return `{F}header ‘{lower}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response{F end}`

	// Calls that throw.
	case fetch.URLInvalid:
		return `{F throws}Window.fetch: {value} is not a valid URL.`
	case fetch.URLHasCredentials:
		return `{F throws}Window.fetch: {value} is an url with embedded credentials.`
	case fetch.MethodForbidden, fetch.MethodInvalid, fetch.MethodNoCORS:
		return `{F throws}Window.fetch: Invalid request method {value}.`
	case fetch.BodyWithGet:
		return `{F throws}Window.fetch: HEAD or GET Request cannot have a body.`

	// Before anything is sent.
	case fetch.BadPort:
		return `This address uses a network port which is normally used for purposes other than Web browsing. Firefox has canceled the request for your protection.`
	case fetch.MixedContent:
		return `Blocked loading mixed active content “{url}”`
	case fetch.CSPConnectSrc:
		return `Content-Security-Policy: The page’s settings blocked the loading of a resource (connect-src) at {url} because it violates the following directive: “{directive}”`
	case fetch.SameOriginMode:
		return `Security Error: Content at {page} may not load data from {url}.`
	case fetch.SchemeNotHTTP:
		return `{F}CORS request not http{F end}`
	case fetch.RedirectScheme:
		return `{F target}CORS request not http{F end}`

	// Responses.
	case fetch.CORPBlocked, fetch.COEPCORP:
		return `The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#`
	case fetch.ORBBlocked:
		return `A resource is blocked by OpaqueResponseBlocking, please check browser console for details.`
	case fetch.NosniffBlocked:
		return `The resource from “{url}” was blocked due to MIME type (“{essence}”) mismatch (X-Content-Type-Options: nosniff).`
	case fetch.MIMEBlocked:
		return `Loading script from “{url}” was blocked because of a disallowed MIME type (“{essence}”).`

	// Local network access.
	case fetch.LNAPermissionDenied, fetch.LNAInsecureContext:
		return firefoxTemplate(fetch.NetworkFailure)
	}
	return ""
}
