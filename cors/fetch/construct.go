package fetch

import (
	"slices"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/weburl"
)

// construct makes the request that a script or an element asked for. It reports false when that throws.
//
// https://fetch.spec.whatwg.org/#dom-request
func (f *fetcher) construct(script *Request) (*request, bool) {
	const alg = spec.RequestConstructor
	initiator := script.Initiator
	if initiator == "" {
		initiator = InitiatorFetch
	}
	isFetch := initiator == InitiatorFetch
	r := &request{script: script, feature: featureOf(initiator), initiator: initiator}

	// 1-4. The base URL is the page's.

	// 5, 5.1, 5.2. The URL, resolved against the base.
	u, err := weburl.Parse(script.URL, f.Page.URL)
	if err != nil {
		return nil, f.fail(alg, "5.2", Failure{ID: URLInvalid, URL: script.URL, Got: script.URL})
	}

	// 5.3. User info is refused; NB: XMLHttpRequest and elements accept it.
	if isFetch && u.HasCredentials() {
		return nil, f.fail(alg, "5.3", Failure{ID: URLHasCredentials, URL: u.String(), Got: script.URL})
	}
	u = httpURL(u, initiator)

	// 5.4, 5.5, 6-13.8. NB: the input is always a string and init a dictionary, so there is no request to copy.
	r.append(u)

	// 14-15. The referrer and its policy are the page's.
	r.referrerPolicy = defaultTo(f.Page.ReferrerPolicy, StrictOriginWhenCrossOrigin)

	// 16, 18. The mode that was asked for, or the feature's own.
	mode, credentials := r.feature.choose(script.Mode, script.Credentials)
	if isFetch && !optionsKnown(script) {
		return nil, f.fail(alg, "16", Failure{ID: OptionInvalid, URL: u.String(), Got: unknownOption(script)})
	}

	// 17. A script cannot navigate by fetch.
	if isFetch && mode == ModeNavigate {
		return nil, f.fail(alg, "17", Failure{ID: ModeNavigateGiven, URL: u.String(), Got: string(mode)})
	}
	r.mode = mode
	// DIFFERS: WebKit loads fonts without CORS.
	if initiator == InitiatorFont && f.profile.FontsWithoutCORS {
		r.mode, credentials = ModeNoCORS, CredentialsInclude
	}

	// 19, 20. Credentials mode and cache mode.
	r.credentials, r.cache = credentials, defaultTo(script.Cache, CacheDefault)

	// 21. only-if-cached needs mode same-origin.
	if r.cache == CacheOnlyIfCached && r.mode != ModeSameOrigin {
		return nil, f.fail(alg, "21", Failure{ID: OnlyIfCachedMode, URL: u.String(), Got: string(r.mode), Want: string(ModeSameOrigin)})
	}

	// 22-24. Redirect mode, integrity, keepalive.
	r.redirect = defaultTo(script.Redirect, RedirectFollow)

	// 25, 25.1-25.4. The method is a token, not a forbidden one, and is normalised.
	r.method = r.feature.method
	if r.method == "" {
		r.method = defaultTo(script.Method, "GET")
		if !header.IsToken(r.method) {
			return nil, f.fail(alg, "25.2", Failure{ID: MethodInvalid, URL: u.String(), Got: r.method})
		}
		if isForbiddenMethod(r.method) {
			return nil, f.fail(alg, "25.2", Failure{ID: MethodForbidden, URL: u.String(), Got: r.method})
		}
		r.method = normalizeMethod(r.method)
	}

	// 26-31. Signals and priority do not change CORS.

	// 32, 32.1. no-cors has the safelisted methods only.
	if r.feature.scripted && r.mode == ModeNoCORS && !isSafelistedMethod(r.method) {
		return nil, f.fail(alg, "32.1", Failure{ID: MethodNoCORS, URL: u.String(), Got: r.method})
	}

	// 32.2, 33, 33.1-33.5. The headers, under the guard that the mode sets.
	if r.feature.scripted && !f.fillHeaders(r, script.Header) {
		return nil, false
	}

	// 34, 35. GET and HEAD have no body; NB: XMLHttpRequest drops it.
	r.body = f.bodyKind(script)
	if r.hasBody() && (r.method == "GET" || r.method == "HEAD") {
		if isFetch {
			return nil, f.fail(alg, "35", Failure{ID: BodyWithGet, URL: u.String(), Got: r.method})
		}
		r.body = BodyNone
	}

	// 36, 37, 37.1-37.4. The body brings its type unless script set one.
	r.bodyType = f.bodyType(r)

	// 38, 39, 39.1-39.3. A stream cannot be sent twice, so it asks for a preflight; NB: duplex is taken as given.
	if r.streams() {
		if script.Keepalive {
			return nil, f.fail(alg, "37.1", Failure{ID: StreamKeepalive, URL: u.String()})
		}
		if r.mode != ModeCORS && r.mode != ModeSameOrigin {
			return nil, f.fail(alg, "39.2", Failure{ID: StreamNoCORS, URL: u.String(), Got: string(r.mode)})
		}
		// DIFFERS: WebKit knows streams, and does not send them.
		if f.profile.Streams == StreamsRefused {
			return nil, f.fail(alg, "38", Failure{ID: OptionInvalid, URL: u.String(), Got: "body: ReadableStream"})
		}
		r.useCORSPreflight = true
	}

	// 40-42. Done.
	if script.UploadListener && (r.hasBody() || !f.profile.UploadNeedsBody) {
		r.useCORSPreflight = true // https://xhr.spec.whatwg.org/#the-send()-method
	}
	f.finishFeature(r)
	r.original = r.headersOnWire()
	if f.profile.PreflightSticky && !f.profile.PreflightAsFirstMade && !isFetch {
		r.original = r.header // Firefox reads the type of an XMLHttpRequest body anew on each hop
	}
	f.step(alg, "42", "the request is made")
	return r, true
}

// fillHeaders takes over the headers that a script set.
//
// https://fetch.spec.whatwg.org/#concept-headers-append
func (f *fetcher) fillHeaders(r *request, list header.List) bool {
	r.header = make(header.List, 0, len(list)+2)
	for _, field := range list {
		value := header.Normalize(field.Value)
		if !header.IsToken(field.Name) || !header.IsValue(value) {
			return f.fail(spec.RequestConstructor, "33.5", Failure{ID: HeaderInvalid, URL: r.url().String(), Header: field.Name, Got: field.Value})
		}
		switch {
		case forbiddenRequestHeader(field.Name, value), r.mode == ModeNoCORS && !f.noCORSAppend(r, field.Name, value):
			f.Dropped = append(f.Dropped, field.Name)
		case r.initiator == InitiatorXHR, f.profile.CombineRequestHeaders:
			r.header.Combine(field.Name, value)
		default:
			r.header.Append(field.Name, value)
		}
	}
	return true
}

// noCORSAppend reports whether a header may join a no-cors request: what is judged is its value combined with what is
// there.
//
// https://fetch.spec.whatwg.org/#concept-headers-append
func (f *fetcher) noCORSAppend(r *request, name, value string) bool {
	if there, ok := r.header.Get(name); ok {
		value = there + ", " + value
	}
	return f.noCORSSafelistedRequestHeader(name, value)
}

// bodyKind is the script's body as the browser takes it.
func (f *fetcher) bodyKind(script *Request) Body {
	switch script.Body {
	case "":
		return BodyNone
	case BodyStream:
		// DIFFERS: Firefox has no request streams; the object becomes the string "[object ReadableStream]".
		if f.profile.Streams == StreamsBecomeText || script.Initiator == InitiatorXHR {
			return BodyText
		}
	}
	return script.Body
}

// bodyType is the Content-Type that a body brings when script set none.
//
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func (f *fetcher) bodyType(r *request) string {
	if r.header.Has(header.ContentType) {
		return ""
	}
	var value string
	switch r.body {
	case BodyText:
		value = "text/plain;charset=UTF-8"
	case BodyURLEncoded:
		value = "application/x-www-form-urlencoded;charset=UTF-8"
	case BodyMultipart:
		value = "multipart/form-data; boundary=----concors"
	case BodyJSONBlob:
		value = "application/json"
	}
	if value != "" && r.mode == ModeNoCORS && r.feature.scripted && !f.noCORSSafelistedRequestHeader(header.ContentType, value) {
		return ""
	}
	return value
}

// finishFeature gives the request what its feature fixes beyond modes.
func (f *fetcher) finishFeature(r *request) {
	switch r.initiator {
	case InitiatorBeacon:
		// https://w3c.github.io/beacon/#sendbeacon-method: a type that is not safelisted makes it a cors request.
		if r.bodyType != "" && !f.safelistedRequestHeader(header.ContentType, r.bodyType) {
			r.mode = ModeCORS
			r.feature.scripted = true
		}
	case InitiatorReport:
		r.feature.scripted = true // https://w3c.github.io/reporting/#try-delivery: its type is not safelisted
		r.bodyType = "application/reports+json"
	case InitiatorEventSource:
		r.cache = CacheNoStore
	case InitiatorWebSocket:
		// DIFFERS: WebKit follows.
		if !f.profile.WebSocketRedirects {
			r.redirect = RedirectError
		}
	}
}

// httpURL turns a WebSocket URL into the one that is requested, and drops user info where the feature does.
func httpURL(u *weburl.URL, i Initiator) *weburl.URL {
	scheme := u.Scheme
	if i == InitiatorWebSocket {
		switch scheme {
		case "ws":
			scheme = "http"
		case "wss":
			scheme = "https"
		}
	}
	if scheme == u.Scheme && !u.HasCredentials() {
		return u
	}
	copied := *u
	copied.Scheme, copied.Username, copied.Password = scheme, "", ""
	return &copied
}

func optionsKnown(s *Request) bool { return unknownOption(s) == "" }

// unknownOption returns the first option whose value is not in its enumeration.
func unknownOption(s *Request) string {
	modes := []Mode{"", ModeCORS, ModeNoCORS, ModeSameOrigin, ModeNavigate}
	credentials := []Credentials{"", CredentialsOmit, CredentialsSameOrigin, CredentialsInclude}
	redirects := []Redirect{"", RedirectFollow, RedirectError, RedirectManual}
	caches := []Cache{"", CacheDefault, CacheNoStore, CacheReload, CacheNoCache, CacheForceCache, CacheOnlyIfCached}
	switch {
	case !slices.Contains(modes, s.Mode):
		return string(s.Mode)
	case !slices.Contains(credentials, s.Credentials):
		return string(s.Credentials)
	case !slices.Contains(redirects, s.Redirect):
		return string(s.Redirect)
	case !slices.Contains(caches, s.Cache):
		return string(s.Cache)
	}
	return ""
}

func defaultTo[T ~string](value, fallback T) T {
	if value == "" {
		return fallback
	}
	return value
}

// isForbiddenMethod reports whether a script may never use the method.
//
// https://fetch.spec.whatwg.org/#forbidden-method
func isForbiddenMethod(method string) bool {
	return header.EqualFold(method, "CONNECT") || header.EqualFold(method, "TRACE") || header.EqualFold(method, "TRACK")
}

// normalizeMethod upper-cases the six methods that are.
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func normalizeMethod(method string) string {
	for _, known := range [...]string{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} {
		if header.EqualFold(method, known) {
			return known
		}
	}
	return method
}

// isSafelistedMethod reports whether a method is CORS-safelisted.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func isSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}
