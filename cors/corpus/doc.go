// Package corpus holds conformance cases: a page, what it fetches, what servers answer, and what must come of it. The
// same cases run against everything that claims to know CORS: the model in package fetch, real browsers, and servers.
//
// # A case
//
// A case is one text file in a folder named after its subject:
//
//	A wildcard does not satisfy a credentialed request.
//	-- page --
//	https://app.example
//	-- fetch --
//	GET https://api.example/me credentials=include
//	X-Id: 1
//	-- response --
//	204
//	Access-Control-Allow-Origin: *
//	-- want --
//	blocked allow-origin-wildcard-credentials concept-cors-check 4
//	on: preflight
//
// What comes before the first section says what the case shows. Empty lines mean nothing. What the format does not know,
// or knows once and finds twice, is an error; so is white space at the end of a line.
//
// A text (a header's value, a URL) stands as it is, byte for byte, up to the end of the line or the next space. One that
// starts with a double quote or a backquote is a Go string literal, or several with + between, and a literal may be
// repeated with *: "bytes=0-"+"9"*30 is 38 bytes. So odd bytes, white space at an end and emptiness can be told.
//
// # Sections
//
// page is first, and again wherever a later fetch is made by another page. Its first line is a URL, an origin, or null for
// an opaque origin; the others are the environment, "key: value", under the names that a scenario file has: top_level_site,
// secure_context (true, false), referrer_policy, csp_connect_src (source expressions), coep, page_address_space,
// target_address_space, local_network_permission, hsts (hosts), http_version, third_party_cookies, and a line for each of
// the cookies:
//
//	cookie: sid domain=api.example path=/ same_site=none secure partitioned
//
// stage says why a page on a loopback address cannot play the case in a real browser ("no: the name must not be a loopback
// one"). It stands between page and the first fetch. Where it is absent, X.example is played by X.localhost.
//
// fetch is one request: method, URL, options, and the header lines that the script passes. The options are mode,
// credentials, redirect, cache, initiator, body, body-length (bytes), at (seconds since the start), and the words keepalive
// and upload-listener. A value that no enumeration has is written as a literal, so that it is no slip.
//
// stored, after fetch, is the response that the HTTP cache holds for the URL. Each response answers one request, in the
// order in which the browser sends them, preflights included. Its first line is a status, or "error" and one of refused,
// reset, timeout, tls, dns; "times=20" answers twenty requests alike. White space around a value goes over the wire, where
// clients drop it. A fetch that is blocked may leave responses over.
//
// want ends a fetch. Its first line is an outcome: allowed, opaque, or blocked, prompt, invalid with the failure and the
// step of the Standard (its algorithm and number) that is at fault. Each other line is one more thing that must hold:
//
//	on: preflight                    page, preflight or request: the exchange that failed
//	hop: 1                           and its place in the chain of redirects
//	cause: allow-origin-missing      what the check itself found, where the failure is named after the place
//	got: *                           the value that decided
//	wanted: x-id                     and the one that would have passed
//	cors: simple                     or preflight, or none and the reason
//	cached: yes                      whether the preflight cache answered
//	sent: PUT https://api.example/x  a request, one line for each, in order; all of them, once there is one
//	  Origin: https://app.example    its header lines, indented: all that tell of CORS or come from the script
//	type: cors                       of the response that the page gets
//	status: 200
//	url: https://api.example/x
//	visible: content-type, x-a       names of the response that script can read (among others)
//	hidden: x-b                      and names that it cannot
//	dropped: Cookie                  headers of the script that the browser refused, all of them
//	cookie: sid sent                 or "sid withheld same-site"; one for each cookie and request, in order
//
// "sent: nothing" says that no request leaves the browser. A sent line may end in credentials or no-credentials: whether
// cookies may go along. Content-Type is listed also when it comes from the body, without the boundary of multipart.
//
// A response or want that is for some browsers only names them: "-- want firefox webkit --". It stands in place of the one
// for all, it is not added to it.
//
// # Policies
//
// policy, before the first fetch, is what the servers of the case permit, under the names that a policy file has; lists have
// a comma and a space between:
//
//	-- policy --
//	origins: https://app.example, https://*.preview.example
//	methods: PUT
//	request_headers: X-Id
//	response_headers: X-Total
//	credentials: true
//	max_age: 10m
//
// Then each response has, of all lines that tell of CORS, those that the policy gives it, and a preflight's its status too;
// and each want says what the policy makes of the requests, a line for each in order:
//
//	server: preflight allowed
//	server: actual origin-not-allowed
//
// Kinds and refusals are those of package cors. What a case has of this is checked by package corstest, in which the
// middleware answers in place of the responses.
package corpus
