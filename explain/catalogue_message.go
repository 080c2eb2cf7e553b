package explain

// What only a message tells of. Some of it no browser of today prints.
const (
	causeNotTold           = "cause-not-told"
	corsDisabled           = "cors-disabled"
	originHeaderRefused    = "origin-header-refused"
	redirectAfterPreflight = "redirect-after-preflight"
	lnaTargetMismatch      = "lna-target-mismatch"
	lnaNoTarget            = "lna-no-target"
	lnaCannotAsk           = "lna-cannot-ask"
	pnaHeaderMissing       = "pna-header-missing"
	pnaHeaderInvalid       = "pna-header-invalid"
)

// MessageIDs lists what a [Message] can be about that the model does not come to, in the order of the catalogue. The slice
// is the caller's.
func MessageIDs() []string {
	return []string{
		causeNotTold, corsDisabled, originHeaderRefused, redirectAfterPreflight, lnaTargetMismatch, lnaNoTarget, lnaCannotAsk,
		pnaHeaderMissing, pnaHeaderInvalid,
	}
}

// messageEntries are the failures that only messages tell of.
func messageEntries() []Entry {
	const (
		lna  = "https://wicg.github.io/local-network-access/"
		pna  = "https://wicg.github.io/private-network-access/"
		mdn  = "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors"
		spec = "https://fetch.spec.whatwg.org/"
	)
	message := func(id, title, what, fixTitle, fix, reference string) Entry {
		return Entry{ID: id, Kind: KindMessage, Title: title, What: what, FixTitle: fixTitle, Fix: fix, Reference: reference}
	}
	return []Entry{
		message(causeNotTold, "the message does not tell the cause",
			"A script gets the same words for nearly every failure, so that it cannot learn about servers that do not want to be read. The cause stands elsewhere on the console, if anywhere.",
			"read the console, or ask the server",
			"Look for the line beside this one on the browser's console, and explain that; or let concors ask the server, with explain --live.",
			spec+"#concept-network-error"),
		message(corsDisabled, "CORS is switched off in the browser",
			"Somebody set content.cors.disable in Firefox, and then every cross-origin request fails.",
			"switch it on again", "Set content.cors.disable to false in about:config.", mdn+"/CORSDisabled"),
		message(originHeaderRefused, "Firefox could not add the Origin header",
			"Something in the browser kept Firefox from adding the Origin header that every CORS request has: an extension, or a script with more rights than a page.",
			"look for an extension", "Try again in a private window without extensions.", mdn+"/CORSOriginHeaderNotAdded"),
		message(redirectAfterPreflight, "an old browser does not follow a redirect after a preflight",
			"Until 2016 a request that had a preflight was not allowed to be redirected. Today's browsers follow, with another preflight.",
			"update the browser, or call the final URL", "Call the URL that the redirect leads to, or use a browser of today.", spec+"#concept-http-redirect-fetch"),
		message(lnaTargetMismatch, "the server is not where the request says",
			"The request names an address space (targetAddressSpace), and the server was found in another.",
			"correct targetAddressSpace", "Set targetAddressSpace to local for a private address, to loopback for this machine, or leave it out.", lna),
		message(lnaNoTarget, "a request to a private server does not say so",
			"An https page asks for an http server on the local network, which works only when the request says where the server is.",
			"say where the server is", "Set targetAddressSpace to local or loopback in the options of fetch(), or serve the API over https.", lna),
		message(lnaCannotAsk, "the browser cannot ask for the permission",
			"The request needs the user's permission to reach the local network, and there is nobody to ask: a worker, or a page in the background.",
			"get the permission first", "Make one request from a visible page, so that the user is asked, before a worker makes its own.", lna),
		message(pnaHeaderMissing, "Access-Control-Allow-Private-Network is missing",
			"Chromium from 94 to 141 asked servers on private networks for this header in a preflight. It is given up: browsers of today ask the user instead.",
			"update the browser", "Browsers of today send no such preflight; the header does nothing.", pna),
		message(pnaHeaderInvalid, "Access-Control-Allow-Private-Network is not true",
			"Chromium from 94 to 141 asked servers on private networks for this header in a preflight. It is given up: browsers of today ask the user instead.",
			"update the browser", "Browsers of today send no such preflight; the header does nothing.", pna),
	}
}
