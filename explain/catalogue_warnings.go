package explain

// warningEntries are the warnings.
func warningEntries() []Entry {
	const (
		spec    = "https://fetch.spec.whatwg.org/"
		caches  = spec + "#cors-protocol-and-http-caches"
		creds   = spec + "#cors-protocol-and-credentials"
		expose  = spec + "#http-access-control-expose-headers"
		cookies = "https://www.rfc-editor.org/rfc/rfc6265"
	)
	return []Entry{
		warning(headerForbidden, "the browser owns a header",
			"The script sets a header that browsers reserve for themselves. It is dropped without an error.",
			"do not set it", "Leave the header out; the browser sends its own.", specURL("forbidden-request-header")),
		warning(noCORSHeaderDropped, "no-cors drops a header",
			"Mode no-cors lets only a few harmless headers through. The others are dropped without an error.",
			"use mode cors", "Leave mode: \"no-cors\" out, and let the server send CORS headers.", specURL("no-cors-safelisted-request-header")),
		warning(opaqueResponse, "the response cannot be read",
			"Mode no-cors hides the error and the response: the script gets status 0, no headers and no body.",
			"use mode cors", "Leave mode: \"no-cors\" out, and let the server send CORS headers.", specURL("concept-filtered-response-opaque")),
		warning(responseHeaderNotExposed, "a response header is not exposed",
			"The response has a header that the script gets null for: a server exposes all but a few headers explicitly.",
			"expose it", "List the header in Access-Control-Expose-Headers on the response itself.", expose),
		warning(exposeHeadersUnparsable, "Access-Control-Expose-Headers does not parse",
			"One element of the list is not a bare name, and that voids the whole list.",
			"list bare header names", "Send the names with commas between them, without quotes or brackets.", expose),
		warning(exposeWildcardCredentials, "* exposes nothing with credentials",
			"With credentials, * in Access-Control-Expose-Headers is only the name of a header that nobody has.",
			"list the names", "Name each header in Access-Control-Expose-Headers.", expose),
		warning(maxAgeInvalid, "Access-Control-Max-Age is not a number",
			"The value is not a bare number of seconds. Firefox then keeps no answer at all, the others for at most 5 seconds.",
			"send a number of seconds", "Send one to five digits, such as 7200.", spec+"#http-access-control-max-age"),
		warning(maxAgeCapped, "Access-Control-Max-Age is longer than browsers keep it",
			"Chromium keeps the answer to a preflight for 7200 seconds at most, Firefox for 86400, WebKit for 600.",
			"nothing to do", "Expect a preflight after that time.", spec+"#http-access-control-max-age"),
		warning(preflightWildcardNotCached, "Firefox does not reuse an answer of *",
			"Firefox stores * as a plain name, so it sends a preflight each time.",
			"list the values", "Name the methods and headers instead of *.", specURL("concept-cache-match-method")),
		warning(varyOriginMissing, "Vary: Origin is missing",
			"The server answers with the origin of the request, and nothing tells caches so: a browser's or CDN's cache may give one page's answer to another, which then fails.",
			"send Vary: Origin", "Add Origin to Vary on every response of the resource, also on those without CORS headers.", caches),
		warning(cookieNotSentMode, "cookies are not sent",
			"A cross-origin request carries cookies only with credentials: include, so the server sees nobody signed in.",
			"set credentials: \"include\"", "Set credentials: \"include\" (in XMLHttpRequest: withCredentials), name the origin and allow credentials.", creds),
		warning(cookieBlockedSameSite, "SameSite keeps a cookie back",
			"A cross-site request carries only cookies with SameSite=None and Secure.",
			"set SameSite=None; Secure", "Set the cookie with SameSite=None; Secure, or serve the API on the page's own site.", cookies),
		warning(cookieBlockedThirdParty, "the browser keeps third-party cookies back",
			"WebKit blocks third-party cookies, Firefox partitions them, and others do so by setting.",
			"serve the API on the page's own site", "Serve the API on the page's own site, set the cookie as Partitioned, or use a token.", cookies),
		warning(sideEffectDespiteBlock, "the server got the request although the page failed",
			"The browser keeps the response from the page, but the request was sent and the server may have acted on it.",
			"protect against forged requests", "Check a token or the Origin header before anything is changed. CORS keeps nobody from sending.", spec+"#http-cors-protocol"),
		warning(allowHeadersOnActual, "preflight headers on the response itself",
			"Access-Control-Allow-Methods, -Allow-Headers and -Max-Age count on the answer to OPTIONS only.",
			"send them on OPTIONS", "Send them on the answer to OPTIONS; on other responses browsers ignore them.", spec+"#http-responses"),
		warning(exposeHeadersOnPreflight, "Access-Control-Expose-Headers on the preflight",
			"Access-Control-Expose-Headers counts on the response itself only.",
			"send it on the response itself", "Send it on the response that the script reads.", spec+"#http-responses"),
		warning(nullOriginAllowed, "the origin null is allowed",
			"Every sandboxed frame and data: page has the origin null, whoever made it: allowing it allows any site.",
			"never allow null", "Leave the header out for the origin null.", caches),
		warning(reflectionWithCredentials, "any origin may read as the signed-in user",
			"The server answers whatever origin asks with that origin and with credentials, so any site can read what the signed-in user can.",
			"keep a list of origins", "Answer only origins that are on a list; compare them whole.", creds),
		warning(lnaUndecided, "the browser may ask before it reaches the local network",
			"A page from the internet calls a server on the local network or on the user's own machine. Chromium and Firefox need the user's permission for that, and refuse it to pages that are not https.",
			"expect the question", "Serve the page over https, tell the user what the browser is about to ask and why, or reach the server by a public name and address. To have it decided here, give both address spaces.",
			"https://wicg.github.io/local-network-access/"),
	}
}
