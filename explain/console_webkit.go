package explain

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// webkit is the template of WebKit's line, as observed in WebKitGTK 2.50: the reason, which is followed on the console by
// two more lines that say no more.
func (c *console) webkit() string {
	id := c.id()
	if id == fetch.AllowOriginMultiple && !strings.Contains(got(c.f), ",") {
		id = fetch.AllowOriginMismatch // it knows a list by its comma
	}
	switch id {
	case fetch.RedirectScheme:
		if u, err := weburl.Parse(c.target(), nil); err == nil && u.Scheme == "ftp" {
			return `FTP URLs are disabled`
		}
		switch secure := c.t.Page != nil && c.t.Page.Origin.Scheme() == "https"; {
		case c.t.CORS != fetch.CORSNone:
		case strings.HasPrefix(c.target(), "file:"):
			return `Not allowed to load local resource: {target}`
		case c.t.Request != nil && c.t.Request.Mode == fetch.ModeSameOrigin:
			return `Unsafe attempt to load URL {target} from origin {origin}. Domains, protocols and ports must match.`
		case secure && !isSecureToWebKit(c.target()):
			return `[blocked] The page at {page} requested insecure content from {target}. This content was blocked and must be served over HTTPS.`
		case c.withoutCORS() && isWithoutNetwork(c.target()):
			return ""
		case c.withoutCORS():
			return `Redirection to URL with a scheme that is not HTTP(S).`
		}
	case fetch.NoCORSRedirectMode:
		if strings.HasPrefix(c.url(), "file:") {
			return `Not allowed to load local resource: {url}`
		}
	case fetch.RedirectLocationInvalid:
		if c.t.CORS == fetch.CORSNone {
			return ""
		}
	case fetch.SameOriginMode:
		if c.redirected() {
			return `Unsafe attempt to load URL {url without user} from origin {origin}. Domains, protocols and ports must match.`
		}
	}
	return webkitTemplate(id)
}

// isSecureToWebKit reports whether WebKit takes a URL that is not http for one that no network can change.
func isSecureToWebKit(target string) bool {
	return isWithoutNetwork(target) || strings.HasPrefix(target, "wss:")
}

// isWithoutNetwork reports whether a URL has its content in itself.
func isWithoutNetwork(target string) bool {
	return strings.HasPrefix(target, "about:") || strings.HasPrefix(target, "data:")
}

// webkitTemplate is the template of a failure.
func webkitTemplate(id fetch.FailureID) string {
	switch id {
	// The sharing check.
	case fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginInvalid,
		fetch.RedirectOriginNull, fetch.RedirectAllowOrigin:
		return `{redirect}Origin {W allow} is not allowed by Access-Control-Allow-Origin. Status code: {status}`
	case fetch.AllowOriginMultiple:
		return `{redirect}Access-Control-Allow-Origin cannot contain more than one origin.`
	case fetch.AllowOriginWildcardCredentials:
		return `{redirect}Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.`
	case fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid:
		return `{redirect}Credentials flag is true, but Access-Control-Allow-Credentials is not "true".`

	// The preflight.
	case fetch.PreflightRedirect, fetch.PreflightStatus, fetch.PreflightAuth:
		return `Preflight response is not successful. Status code: {status}`
	case fetch.AllowMethodsUnparsable:
		return `Header Access-Control-Allow-Methods has an invalid value: {value}`
	case fetch.AllowHeadersUnparsable:
		return `Header Access-Control-Allow-Headers has an invalid value: {value}`
	case fetch.MethodNotAllowed, fetch.MethodCase, fetch.MethodWildcardCredentials:
		return `Method {method} is not allowed by Access-Control-Allow-Methods.`
	case fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials:
		return `Request header field {W name} is not allowed by Access-Control-Allow-Headers.`

	// Calls that throw.
	case fetch.URLInvalid, fetch.URLHasCredentials:
		return `Unhandled Promise Rejection: TypeError: URL is not valid or contains user credentials.`
	case fetch.MethodForbidden:
		return `Unhandled Promise Rejection: TypeError: Method is forbidden.`
	case fetch.MethodInvalid:
		return `Unhandled Promise Rejection: TypeError: Method is not a valid HTTP token.`
	case fetch.MethodNoCORS:
		return `Unhandled Promise Rejection: TypeError: Method must be GET, POST or HEAD in no-cors mode.`
	case fetch.BodyWithGet:
		return `Unhandled Promise Rejection: TypeError: Request has method 'GET' and cannot have a body`

	// Before anything is sent.
	case fetch.BadPort:
		return `Not allowed to use restricted network port {port}: {url}`
	case fetch.MixedContent:
		return `[blocked] The page at {page} requested insecure content from {url}. This content was blocked and must{W served}`
	case fetch.CSPConnectSrc:
		return `Refused to connect to {url} because it does not appear in the connect-src directive of the Content Security Policy.`
	case fetch.SameOriginMode:
		return `Fetch API cannot load {url}.`
	case fetch.NoCORSRedirectMode:
		return `No-Cors mode requires follow redirect mode`
	case fetch.SchemeNotHTTP:
		return `Cross origin requests are only supported for HTTP.`
	case fetch.KeepaliveQuota:
		return `Reached maximum amount of queued data of 64Kb for keepalive requests`
	case fetch.NetworkFailure, fetch.PreflightNetwork:
		return `Failed to load resource: {W net}`

	// Redirects and responses.
	case fetch.RedirectCredentialsInURL:
		return `Cross-origin redirection to {target without user} denied by Cross-Origin Resource Sharing policy: redirection URL {location resolved} has credentials`
	case fetch.RedirectScheme:
		return `Cross-origin redirection to {target} denied by Cross-Origin Resource Sharing policy: not allowed to follow a cross-origin CORS redirection with non CORS scheme`
	case fetch.RedirectLocationInvalid:
		return `Cross-origin redirection to {location} denied by Cross-Origin Resource Sharing policy: not allowed to follow a cross-origin CORS redirection with non CORS scheme`
	case fetch.RedirectModeError:
		return `Not allowed to follow a redirection while loading {url}`
	case fetch.RedirectTooMany:
		return `Load cannot follow more than 20 redirections`
	case fetch.CORPBlocked, fetch.COEPCORP:
		return `{redirect}Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy response header.`
	case fetch.NosniffBlocked:
		return `Refused to execute {url} as script because "X-Content-Type-Options: nosniff" was given and its Content-Type is not a script MIME type.`
	case fetch.MIMEBlocked:
		return `Refused to execute {url} as script because {essence} is not a script MIME type.`
	}
	return ""
}

// webkitRedirect is the frame of a reason that is about a redirect.
func webkitRedirect(c *console) string {
	const frame = "Cross-origin redirection to {target without user} denied by Cross-Origin Resource Sharing policy: "
	switch {
	case c == nil:
		return "[" + frame + "]"
	case c.f.On == fetch.OnRequest && isRedirect(c.f.Status) && c.response().Header.Has(header.Location):
		return frame
	}
	return ""
}

// webkitOrigin is the origin that WebKit names: the one that the request named.
func webkitOrigin(c *console) string {
	if c == nil {
		return "{origin}"
	}
	return want(c.f)
}

// webkitServed ends the message about mixed content, which stops short for a host that could be trusted.
func webkitServed(c *console) string {
	if c != nil {
		if o, err := origin.FromURL(c.f.URL); err == nil && o.IsPotentiallyTrustworthy() {
			return ""
		}
	}
	return " be served over HTTPS."
}

// webkitNetError is what WebKitGTK says of a connection that failed.
func webkitNetError(c *console) string {
	if c == nil {
		return "{net}"
	}
	switch fetch.NetworkError(c.f.Got) {
	case fetch.ErrorRefused:
		return "Could not connect to {host}: Connection refused"
	case fetch.ErrorTimeout:
		return "Could not connect to {host}: Connection timed out"
	case fetch.ErrorDNS:
		return "Error resolving “{host}”: Name or service not known"
	case fetch.ErrorTLS:
		return "TLS handshake failed"
	}
	return "Connection terminated unexpectedly"
}
