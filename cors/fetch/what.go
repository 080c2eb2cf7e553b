package fetch

// What says what goes wrong in a failure of this kind, in the user's terms: a sentence or two, without the values that were
// compared, which [Failure] has. It is empty for an id that is none.
func (id FailureID) What() string {
	for _, what := range []func(FailureID) string{whatSharing, whatBefore, whatAfter, whatLocalNetwork} {
		if said := what(id); said != "" {
			return said
		}
	}
	return ""
}

// whatSharing is about the sharing check and the preflight.
func whatSharing(id FailureID) string {
	switch id {
	case AllowOriginMissing:
		return "The response has no Access-Control-Allow-Origin header, so the browser keeps it from the page. Error pages, redirects and answers to OPTIONS often lack it where the others have it."
	case AllowOriginMismatch:
		return "The response allows an origin that is not the page's. The two are compared byte for byte: scheme, host and port must be equal, and nothing may follow."
	case AllowOriginNull:
		return "The response allows the origin null, which is not the page's. Servers send it when they reflect an Origin that they could not read."
	case AllowOriginMultiple:
		return "The response lists more than one origin, or has the header twice. A browser accepts one origin or *, and joins several lines into one value that matches nothing."
	case AllowOriginInvalid:
		return "The value is empty, a pattern, or a host without its scheme. Browsers know no patterns: the value must be the page's origin, or *."
	case AllowOriginWildcardCredentials:
		return "The response allows any origin (*), but the request carries credentials. Browsers accept * only without credentials."
	case AllowCredentialsMissing:
		return "The request carries credentials (credentials: include), and the response does not say that it may be read with them."
	case AllowCredentialsInvalid:
		return "The only value that counts is true, in lower case and once. True, 1, yes and two lines of true do not."
	case PreflightRedirect:
		return "The server answers OPTIONS with a redirect, and a preflight never follows one. The request itself is never sent."
	case PreflightStatus:
		return "The server answers OPTIONS with a status outside 200 to 299: often 404 or 405, because no handler knows OPTIONS. The request itself is never sent."
	case PreflightAuth:
		return "The server wants OPTIONS to be authenticated (401, 403 or 407), but a browser never sends credentials with a preflight. The request itself is never sent."
	case PreflightNetwork:
		return "The connection for the preflight failed. The console calls it a CORS error, but nothing refused: look at the server, its name, its certificate, and at extensions that block requests."
	case AllowMethodsUnparsable:
		return "One element of the list is not a bare name (quotes, spaces, brackets), and that voids the whole answer."
	case AllowHeadersUnparsable:
		return "One element of the list is not a bare name (quotes, spaces, brackets), and that voids the whole answer."
	case MethodNotAllowed:
		return "The answer to the preflight does not list the request's method. Only GET, HEAD and POST need no listing."
	case MethodCase:
		return "Methods are compared with their case, and browsers turn only DELETE, GET, HEAD, OPTIONS, POST and PUT to upper case: patch and PATCH are two methods."
	case MethodWildcardCredentials:
		return "With credentials, * in Access-Control-Allow-Methods is only the name of a method that nobody uses."
	case HeaderNotAllowed:
		return "The request sets a header that the answer to the preflight does not list."
	case HeaderWildcardCredentials:
		return "With credentials, * in Access-Control-Allow-Headers is only the name of a header that nobody uses."
	case AuthorizationNotListed:
		return "The Standard wants Authorization to be listed by name, even where * covers every other header. Chromium, Firefox and WebKit still let it pass, and may stop."
	}
	return ""
}

// whatBefore is about what comes before anything is sent.
func whatBefore(id FailureID) string {
	switch id {
	case URLInvalid:
		return "What was given is not a URL, so the call throws and nothing is sent."
	case URLHasCredentials:
		return "fetch() takes no URL with user info, so the call throws and nothing is sent."
	case MethodForbidden:
		return "No script may use CONNECT, TRACE or TRACK, so the call throws and nothing is sent."
	case MethodInvalid:
		return "The method is empty or has a character that no method has, so the call throws and nothing is sent."
	case MethodNoCORS:
		return "Mode no-cors has GET, HEAD and POST only, so the call throws and nothing is sent."
	case HeaderInvalid:
		return "The name is not a token, or the value holds a line break, NUL or a character beyond U+00FF. The call throws and nothing is sent."
	case ModeNavigateGiven:
		return "Mode navigate belongs to the browser, so the call throws and nothing is sent."
	case OptionInvalid:
		return "mode, credentials, redirect or cache has a value that fetch() does not know, or body is a stream in WebKit, so the call throws and nothing is sent."
	case OnlyIfCachedMode:
		return "Cache mode only-if-cached works with mode same-origin only, so the call throws and nothing is sent."
	case BodyWithGet:
		return "A request with GET or HEAD cannot have a body, so the call throws and nothing is sent."
	case StreamKeepalive:
		return "A request with a stream as its body cannot be keepalive, so the call throws and nothing is sent."
	case StreamNoCORS:
		return "A stream as the body needs a preflight, which mode no-cors does not have, so the call throws and nothing is sent."
	case BadPort:
		return "Browsers do not connect to ports of other protocols, such as 25 or 6000."
	case MixedContent:
		return "An https page asks for an http URL, which the browser refuses before anything is sent. CORS headers have no part in it."
	case CSPConnectSrc:
		return "The connect-src of the page's Content-Security-Policy does not allow the URL. The server that is called has no part in it."
	case SameOriginMode:
		return "The request has mode same-origin, which refuses any other origin, at once or after a redirect."
	case SchemeNotHTTP:
		return "CORS exists for http and https only. Pages opened from a file cannot read other files."
	case NoCORSRedirectMode:
		return "A cross-origin no-cors request with redirect: error or manual fails before it is sent."
	case StreamUploadHTTP1:
		return "A request with a stream as its body is not sent over HTTP/1.1."
	case KeepaliveQuota:
		return "The bodies of keepalive requests that are under way may have 64 KiB in all."
	case CacheMiss:
		return "The request has cache mode only-if-cached, and the cache holds nothing for the URL."
	}
	return ""
}

// whatAfter is about the network, redirects and the response.
func whatAfter(id FailureID) string {
	switch id {
	case NetworkFailure:
		return "The connection failed: refused, reset, timed out, no such name, or a bad certificate. It looks like a CORS error to the page, and is none."
	case RedirectCredentialsInURL:
		return "A cross-origin request does not follow a redirect to a URL with user info."
	case RedirectScheme:
		return "The Location of the redirect is not an http or https URL."
	case RedirectLocationInvalid:
		return "The Location of the redirect does not parse, or there are several."
	case RedirectTooMany:
		return "A browser follows 20 redirects, and the 21st ends the fetch."
	case RedirectModeError:
		return "The request says redirect: error, and the server answered with a redirect."
	case RedirectStreamBody:
		return "The server redirects a request whose body is a stream, which can be sent only once."
	case RedirectAllowOrigin:
		return "The server answered a cross-origin request with a redirect that does not allow the page's origin, so the browser does not follow it. Each response on the way is checked, not only the last."
	case RedirectOriginNull:
		return "The request was redirected from one foreign origin to another, so it no longer names the page's origin but null. The last server allows the page's origin, and that does not match."
	case CORPBlocked:
		return "A no-cors request (image, script, style) got a response whose Cross-Origin-Resource-Policy keeps it from other origins or sites."
	case COEPCORP:
		return "The page has Cross-Origin-Embedder-Policy, and a response without Cross-Origin-Resource-Policy counts as same-origin there."
	case ORBBlocked:
		return "A no-cors request of an element got a response of a type that no element uses, such as JSON."
	case NosniffBlocked:
		return "The response has X-Content-Type-Options: nosniff, and its Content-Type is not that of a script or a style sheet."
	case MIMEBlocked:
		return "A script request got an image, audio, video or CSV."
	}
	return ""
}

// whatLocalNetwork is about local network access.
func whatLocalNetwork(id FailureID) string {
	switch id {
	case LNAPermissionDenied:
		return "A page from the internet asked for a server on the local network or on this machine, and the user, or a policy, said no."
	case LNAPermissionRequired:
		return "A page from the internet asks for a server on the local network or on this machine. The browser asks the user first."
	case LNAInsecureContext:
		return "A page that is not a secure context asks for a server on the local network or on this machine, and is refused without a question."
	}
	return ""
}
