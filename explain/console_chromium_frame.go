package explain

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// What stands around Chromium's reasons.
const (
	chromiumAccess      = "Access to {kind} at '{url}'{redirected} from origin '{origin}' has been blocked by CORS policy: "
	chromiumRedirected  = " (redirected from '{initial}')"
	chromiumOnPreflight = "Response to preflight request doesn't pass access control check: "
	chromiumHint        = " Have the server send the header with a valid value."
	chromiumXHRHint     = " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
	chromiumSchemes     = "chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app"
	chromiumLoad        = "Failed to load resource: "
	chromiumThrowsFetch = "Uncaught (in promise) TypeError: Failed to execute 'fetch' on 'Window': "
	chromiumThrowsOpen  = "Uncaught SyntaxError: Failed to execute 'open' on 'XMLHttpRequest': "
	chromiumRefusesOpen = "Uncaught SecurityError: Failed to execute 'open' on 'XMLHttpRequest': "
)

// chromiumFrame is what stands around every reason of CORS. The origin is the page's, even where the request named null.
func chromiumFrame(c *console) string {
	redirected := ""
	if c != nil && c.redirected() {
		redirected = chromiumRedirected
	}
	return strings.NewReplacer("{kind}", chromiumKindOf(c), "{redirected}", redirected).Replace(chromiumAccess)
}

// chromiumTargetFrame is the frame of a reason that is about where a redirect leads.
func chromiumTargetFrame(c *console) string {
	return strings.NewReplacer("{kind}", chromiumKindOf(c), "{redirected}", chromiumRedirected, "{url}", "{target}").Replace(chromiumAccess)
}

func chromiumKindOf(c *console) string {
	if c == nil {
		return "{kind}"
	}
	return chromiumKind(c.initiator())
}

// chromiumKind is what Chromium calls a request in the frame.
func chromiumKind(i fetch.Initiator) string {
	switch i {
	case fetch.InitiatorFetch:
		return "fetch"
	case fetch.InitiatorXHR:
		return "XMLHttpRequest"
	case fetch.InitiatorImage, fetch.InitiatorCSSImage:
		return "image"
	case fetch.InitiatorScript, fetch.InitiatorModuleScript, fetch.InitiatorWorker:
		return "script"
	case fetch.InitiatorStyle:
		return "CSS stylesheet"
	case fetch.InitiatorFont:
		return "font"
	case fetch.InitiatorMedia:
		return "video"
	case fetch.InitiatorManifest:
		return "manifest"
	case fetch.InitiatorTrack:
		return "text track"
	}
	return "resource"
}

// chromiumPreflight is the prefix of a reason that is about the preflight's own answer.
func chromiumPreflight(c *console) string {
	if c != nil && c.f.On != fetch.OnPreflight {
		return ""
	}
	return optional(c, chromiumOnPreflight)
}

func chromiumFetchOnly(c *console) string {
	if c != nil && !c.isFetch() {
		return ""
	}
	return optional(c, chromiumHint)
}

func chromiumXHROnly(c *console) string {
	if c != nil && !c.isXHR() {
		return ""
	}
	return optional(c, chromiumXHRHint)
}

// optional is a part that not every line has; a template without a trace shows it in brackets.
func optional(c *console, part string) string {
	if c == nil {
		return "[" + part + "]"
	}
	return part
}

// chromiumThrows is the frame of an exception that nothing catches.
func chromiumThrows(c *console) string {
	if c != nil && c.isXHR() {
		if c.f.ID == fetch.MethodForbidden {
			return chromiumRefusesOpen
		}
		return chromiumThrowsOpen
	}
	return chromiumThrowsFetch
}

// chromiumInsecure is what a mixed-content message calls the resource.
func chromiumInsecure(c *console) string {
	if c == nil {
		return "{insecure}"
	}
	switch c.initiator() {
	case fetch.InitiatorXHR:
		return "XMLHttpRequest endpoint"
	case fetch.InitiatorScript, fetch.InitiatorModuleScript:
		return "script"
	case fetch.InitiatorStyle:
		return "stylesheet"
	case fetch.InitiatorFont:
		return "font"
	case fetch.InitiatorEventSource:
		return "EventSource endpoint"
	case fetch.InitiatorManifest:
		return "manifest"
	case fetch.InitiatorWorker:
		return "Worker script"
	}
	return "resource"
}

// chromiumNetError is Chromium's code for a connection that failed.
func chromiumNetError(c *console) string {
	if c == nil {
		return "{net}"
	}
	return chromiumNetCode(fetch.NetworkError(c.f.Got))
}

func chromiumNetCode(e fetch.NetworkError) string {
	switch e {
	case fetch.ErrorRefused:
		return "ERR_CONNECTION_REFUSED"
	case fetch.ErrorReset:
		return "ERR_EMPTY_RESPONSE"
	case fetch.ErrorTimeout:
		return "ERR_CONNECTION_TIMED_OUT"
	case fetch.ErrorTLS:
		return "ERR_SSL_PROTOCOL_ERROR"
	case fetch.ErrorDNS:
		return "ERR_NAME_NOT_RESOLVED"
	}
	return "ERR_FAILED"
}
