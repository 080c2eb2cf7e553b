package explain

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// What stands around WebKit's reasons.
const (
	webkitRedirection = "Cross-origin redirection to {target without user} denied by Cross-Origin Resource Sharing policy: "
	webkitStatus      = " Status code: {status}"
	webkitRejected    = "Unhandled Promise Rejection: TypeError: "
	webkitLoad        = "Failed to load resource: "
	webkitOverHTTPS   = " be served over HTTPS."
)

// The templates that WebKit chooses by more than what failed.
const (
	webkitFTP           = `FTP URLs are disabled`
	webkitUnsafeAttempt = `Unsafe attempt to load URL {url} from origin {origin}. Domains, protocols and ports must match.`
	webkitInsecure      = `[blocked] The page at {page} requested insecure content from {url}. This content was blocked and must{W served}`
	webkitNotHTTP       = `Redirection to URL with a scheme that is not HTTP(S).`
)

// webkitVariants are the failures that WebKit has these templates for, and those that it has another failure's for.
func webkitVariants() []variant {
	return []variant{
		{fetch.RedirectScheme, webkitFTP}, {fetch.RedirectScheme, localFile}, {fetch.NoCORSRedirectMode, localFile},
		{fetch.SameOriginMode, webkitUnsafeAttempt}, {fetch.RedirectScheme, webkitUnsafeAttempt},
		{fetch.RedirectScheme, webkitInsecure}, {fetch.RedirectScheme, webkitNotHTTP},
		{fetch.AllowOriginMultiple, webkitTemplate(fetch.AllowOriginMissing)},
	}
}

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
			return webkitFTP
		}
		switch secure := c.t.Page != nil && c.t.Page.Origin.Scheme() == "https"; {
		case c.t.CORS != fetch.CORSNone:
		case strings.HasPrefix(c.target(), "file:"):
			return about("{target}", localFile)
		case c.t.Request != nil && c.t.Request.Mode == fetch.ModeSameOrigin:
			return about("{target}", webkitUnsafeAttempt)
		case secure && !isSecureToWebKit(c.target()):
			return strings.Replace(about("{target}", webkitInsecure), "{W served}", webkitOverHTTPS, 1)
		case c.withoutCORS():
			return webkitNotHTTP
		}
	case fetch.NoCORSRedirectMode:
		if strings.HasPrefix(c.url(), "file:") {
			return localFile
		}
	case fetch.RedirectLocationInvalid:
		if c.t.CORS == fetch.CORSNone {
			return ""
		}
	case fetch.SameOriginMode:
		if c.redirected() {
			return about("{url without user}", webkitUnsafeAttempt)
		}
	}
	return webkitTemplate(id)
}

// isSecureToWebKit reports whether WebKit takes a URL that is not http for one that no network can change.
func isSecureToWebKit(target string) bool {
	return strings.HasPrefix(target, "about:") || strings.HasPrefix(target, "data:") || strings.HasPrefix(target, "wss:")
}

// webkitTemplate is the template of a failure.
func webkitTemplate(id fetch.FailureID) string {
	switch id {
	// The sharing check.
	case fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginInvalid,
		fetch.RedirectOriginNull, fetch.RedirectAllowOrigin:
		return `{redirect}Origin {W allow} is not allowed by Access-Control-Allow-Origin.{W status}`
	case fetch.AllowOriginMultiple:
		return `{redirect}Access-Control-Allow-Origin cannot contain more than one origin.`
	case fetch.AllowOriginWildcardCredentials:
		return `{redirect}Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.`
	case fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid:
		return `{redirect}Credentials flag is true, but Access-Control-Allow-Credentials is not "true".`

	// The preflight.
	case fetch.PreflightRedirect, fetch.PreflightStatus, fetch.PreflightAuth:
		return `Preflight response is not successful.{W status}`
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
		return `{W throws}URL is not valid or contains user credentials.`
	case fetch.MethodForbidden:
		return `{W throws}Method is forbidden.`
	case fetch.MethodInvalid:
		return `{W throws}Method is not a valid HTTP token.`
	case fetch.MethodNoCORS:
		return `{W throws}Method must be GET, POST or HEAD in no-cors mode.`
	case fetch.BodyWithGet:
		return `{W throws}Request has method 'GET' and cannot have a body`

	// Before anything is sent.
	case fetch.BadPort:
		return `Not allowed to use restricted network port {port}: {url}`
	case fetch.MixedContent:
		return webkitInsecure
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
		return `{W load}{W net}`

	// Redirects and responses.
	case fetch.RedirectCredentialsInURL:
		return `{W redirection}redirection URL {location resolved} has credentials`
	case fetch.RedirectScheme:
		return `{W to target}not allowed to follow a cross-origin CORS redirection with non CORS scheme`
	case fetch.RedirectLocationInvalid:
		return `{W to location}not allowed to follow a cross-origin CORS redirection with non CORS scheme`
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
	switch {
	case c == nil:
		return "[" + webkitRedirection + "]"
	case c.f.On == fetch.OnRequest && isRedirect(c.f.Status) && c.response().Header.Has(header.Location):
		return webkitRedirection
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
	return webkitOverHTTPS
}

// webkitNetError is what WebKitGTK says of a connection that failed.
func webkitNetError(c *console) string {
	if c == nil {
		return "{net}"
	}
	return webkitNetText(fetch.NetworkError(c.f.Got))
}

func webkitNetText(e fetch.NetworkError) string {
	switch e {
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
