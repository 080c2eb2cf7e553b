package explain

import "github.com/concors/concors/cors/fetch"

// redirectEntries are the failures of redirects and of responses that are kept back.
func redirectEntries() []Entry {
	const redirect, http, main = "concept-http-redirect-fetch", "concept-http-fetch", "concept-main-fetch"
	return []Entry{
		failure(fetch.RedirectCredentialsInURL, redirect, "9",
			"a redirect has a user name or password in its URL",
			"take the user info out of Location", "Redirect to the URL without user name and password."),
		failure(fetch.RedirectScheme, redirect, "6",
			"a redirect leaves http",
			"redirect to http(s)", "Redirect to an http or https URL, or answer with the data."),
		failure(fetch.RedirectLocationInvalid, redirect, "5",
			"a redirect has no usable Location",
			"send one valid Location", "Send one Location line with a URL."),
		failure(fetch.RedirectTooMany, redirect, "7",
			"too many redirects",
			"break the loop", "Find the redirect that leads back, often between http and https or with and without a slash."),
		failure(fetch.RedirectModeError, http, "6.3",
			"a redirect, and redirect mode error",
			"follow redirects, or call the final URL", "Leave redirect: \"error\" out, or call the URL that the redirect leads to."),
		failure(fetch.RedirectStreamBody, redirect, "11",
			"a stream cannot be sent again",
			"redirect with 303, or send a Blob", "Call the final URL, collect the stream into a Blob first, or redirect with 303."),
		failure(fetch.CORPBlocked, http, "5",
			"Cross-Origin-Resource-Policy forbids the use",
			"allow it, or use CORS",
			"Send Cross-Origin-Resource-Policy: cross-origin, or add crossorigin to the element and let the server send CORS headers."),
		failure(fetch.COEPCORP, http, "5",
			"the page's embedder policy asks for permission",
			"allow it, or use CORS",
			"Send Cross-Origin-Resource-Policy: cross-origin, or add crossorigin to the element and let the server send CORS headers."),
		failure(fetch.ORBBlocked, main, "20",
			"opaque response blocking",
			"use mode cors, or the right type", "Fetch data with mode cors and CORS headers; serve images and scripts with their own Content-Type."),
		failure(fetch.NosniffBlocked, main, "20",
			"the type is wrong, and sniffing is off",
			"send the right Content-Type", "Serve scripts as text/javascript and style sheets as text/css."),
		failure(fetch.MIMEBlocked, main, "20",
			"the type can never be a script",
			"send the right Content-Type", "Serve scripts as text/javascript."),
	}
}
