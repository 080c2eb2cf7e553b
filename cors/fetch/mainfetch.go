package fetch

import (
	"slices"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// mainFetch decides whether the current URL may be requested and how, and runs the request; it calls itself after a
// redirect.
//
// https://fetch.spec.whatwg.org/#concept-main-fetch
func (f *fetcher) mainFetch(recursive bool) *response {
	const alg = spec.MainFetch
	r := f.req
	f.on = OnPage

	// 1, 2. No response yet.
	var res *response

	// UNMODELLED: 3-5. local-URLs-only belongs to navigation, reports decide nothing, and the model is given no policy with
	// upgrade-insecure-requests.
	if !recursive {
		f.unmodelled(alg, "3", "local-URLs-only flag")
		f.unmodelled(alg, "4", "report-only policies")
		f.unmodelled(alg, "5", "upgrade-insecure-requests")
	}

	// 6. Images and media move to https by themselves.
	f.upgradeMixedContent()

	// 7. Bad port, mixed content, Content Security Policy. NB: no Integrity-Policy is given.
	if !f.allowedToConnect() {
		res = networkError()
	}

	// UNMODELLED: 8, 9. The Referer header; its policy is read where it touches Origin.
	if !recursive {
		f.unmodelled(alg, "8", "the Referer header")
	}

	// 10. A host known to want https gets it, without a redirect.
	f.upgradeByHSTS()

	// 11. NB: nothing here runs in parallel.

	// 12. The decision: how the URL may be fetched.
	if res == nil {
		res = f.decide()
	}

	// 13. After a redirect the first run does the rest.
	if recursive {
		return res
	}

	// 14, 14.1, 14.1.1-14.1.3, 14.2. What the page gets to see.
	if !res.failed {
		f.Response = f.filtered(res)
	}

	// UNMODELLED: 15-18. URL list, redirect taint and timing lists of the internal response.
	f.unmodelled(alg, "15", "what the response carries for navigation and timing")

	// 19. Resource timing, unless a TAO check failed.
	if !r.timingFailed && !res.failed {
		f.step(alg, "19", "resource timing is not hidden")
	}

	// 20. The response's type, and nosniff. NB: mixed content and policy were decided on each hop. UNMODELLED: opaque response
	// blocking by content.
	if !res.failed && !f.allowedType(res) {
		res = f.blockResponse()
	}

	// 21. A range that nobody asked for.
	if !res.failed && r.tainting == taintingOpaque && (res.Status == 206 || res.Status == 416) && res.rangeRequested && !r.header.Has(header.Range) {
		res = f.blockResponse()
	}

	// UNMODELLED: 22-24, 23.1-23.3, 23.3.1-23.3.3, 23.4. Bodies: dropped, checked for integrity, handed over.
	f.unmodelled(alg, "22", "bodies and integrity")
	return res
}

// allowedToConnect decides whether the current URL may be asked for at all.
func (f *fetcher) allowedToConnect() bool {
	// DIFFERS: Chromium, Firefox and WebKit begin with the mode.
	if f.profile.ModeFirst && f.hop == 0 && f.req.url().Scheme != "data" && !f.allowedByMode() {
		return false
	}
	// DIFFERS: WebKit asks for the port later.
	if f.profile.MixedBeforePort && !f.allowedMixed() {
		return false
	}
	return f.allowedPort() && f.allowedMixed() && f.allowedByCSP()
}

// allowedByMode reports whether a request of mode same-origin or no-cors may go to the current URL.
func (f *fetcher) allowedByMode() bool {
	r := f.req
	switch {
	case origin.SameOrigin(r.currentOrigin(), f.Page.Origin) && r.tainting == taintingBasic:
		return true
	case r.mode == ModeSameOrigin:
		return f.fail(spec.MainFetch, "12", Failure{ID: SameOriginMode, URL: r.url().String(), Got: r.currentOrigin().String(), Want: f.Page.Origin.String()})
	case r.mode == ModeNoCORS && r.redirect != RedirectFollow:
		return f.fail(spec.MainFetch, "12", Failure{ID: NoCORSRedirectMode, URL: r.url().String(), Got: string(r.redirect), Want: string(RedirectFollow)})
	}
	return true
}

func networkError() *response { return &response{Response: &Response{}, failed: true} }

func (f *fetcher) blockResponse() *response {
	f.Response = nil
	return networkError()
}

// decide is the switch of step 12 of main fetch: the first rule that matches.
func (f *fetcher) decide() *response {
	const alg, number = spec.MainFetch, "12"
	r, u := f.req, f.req.url()

	// NB: no preload is pending.
	sameOrigin := origin.SameOrigin(r.currentOrigin(), f.Page.Origin)
	switch {
	case sameOrigin && r.tainting == taintingBasic:
		f.passed(alg, number, "the URL has the page's origin", r.currentOrigin().String(), f.Page.Origin.String())
		return f.schemeFetch()
	case u.Scheme == "data":
		f.step(alg, number, "data: URLs can be read from anywhere")
		return f.schemeFetch()
	case r.mode == ModeNavigate, r.mode == ModeWebSocket, r.mode == ModeWebTransport:
		f.step(alg, number, "mode "+string(r.mode)+": no CORS")
		r.tainting = taintingBasic
		return f.schemeFetch()
	case !f.allowedByMode():
		return networkError()
	case r.mode == ModeNoCORS:
		f.step(alg, number, "mode no-cors: the response will be opaque")
		r.tainting = taintingOpaque
		return f.schemeFetch()
	case u.Scheme != "http" && u.Scheme != "https":
		f.fail(alg, number, Failure{ID: SchemeNotHTTP, URL: u.String(), Got: u.Scheme, Want: "http or https"})
		return networkError()
	}

	r.tainting = taintingCORS
	names := f.preflightNames()
	if f.preflightCalledFor(names) {
		f.CORS, f.CORSNoneReason = CORSPreflight, ""
		f.step(alg, number, "cross-origin, with a method or header that needs a preflight")
		r.preflightCalled = true
		res := f.httpFetch(true, names)
		if res.failed && f.profile.CacheClears == ClearAfterPreflight {
			f.clearCacheEntries()
		}
		return res
	}
	if f.CORS == CORSNone {
		f.CORS, f.CORSNoneReason = CORSSimple, ""
	}
	f.step(alg, number, "cross-origin, no preflight needed")
	return f.httpFetch(false, nil)
}

// preflightCalledFor reports whether the request needs a preflight unless the cache has one.
func (f *fetcher) preflightCalledFor(names []string) bool {
	r := f.req
	if r.useCORSPreflight {
		return true
	}
	if !r.feature.scripted {
		return false
	}
	return !isSafelistedMethod(r.method) || len(names) > 0 || f.profile.PreflightSticky && f.stickyPreflight()
}

// classify says, before anything is decided, what kind of request it will be; main fetch corrects it on the way.
func (f *fetcher) classify() {
	r := f.req
	switch {
	case r.mode == ModeNavigate:
		f.CORSNoneReason = NoneNavigation
	case r.mode == ModeWebSocket:
		f.CORSNoneReason = NoneWebSocket
	case r.mode == ModeWebTransport:
		f.CORSNoneReason = NoneWebTransport
	case r.url().Scheme == "data":
		f.CORSNoneReason = NoneDataURL
	case r.mode == ModeSameOrigin, origin.SameOrigin(r.currentOrigin(), f.Page.Origin):
		f.CORSNoneReason = NoneSameOrigin
	case r.mode == ModeNoCORS:
		f.CORSNoneReason = NoneNoCORS
	case f.preflightCalledFor(f.unsafeRequestHeaderNames(r.headersOnWire())):
		f.CORS = CORSPreflight
	default:
		f.CORS = CORSSimple
	}
}

// schemeFetch fetches by the scheme of the URL.
//
// https://fetch.spec.whatwg.org/#concept-scheme-fetch
func (f *fetcher) schemeFetch() *response {
	const alg = spec.SchemeFetch

	// 1, 2. Nothing cancels a fetch here.

	// 3. By scheme. UNMODELLED: what about:, blob: and file: URLs hold.
	switch f.req.url().Scheme {
	case "http", "https":
		return f.httpFetch(false, nil)
	case "data":
		body := &Response{Status: 200, Header: header.List{{Name: header.ContentType, Value: "text/plain"}}}
		return &response{Response: body, dataURL: true}
	case "about", "blob", "file":
		f.unmodelled(alg, "3", "what about:, blob: and file: URLs hold")
	}

	// 4. Any other scheme is a network error.
	f.fail(alg, "4", Failure{ID: SchemeNotHTTP, URL: f.req.url().String(), Got: f.req.url().Scheme, Want: "http or https"})
	return networkError()
}

// upgradeByHSTS moves the current URL to https when its host is known to want it.
//
// https://www.rfc-editor.org/rfc/rfc6797#section-8.3
func (f *fetcher) upgradeByHSTS() {
	u := f.req.url()
	if u.Scheme != "http" || !isDomain(u.Host) || isLocalhost(u.Host) || !slices.ContainsFunc(f.Page.HSTS, func(known string) bool { return matchesHSTS(known, u.Host) }) {
		return
	}
	f.step(spec.MainFetch, "10", "the host is known to want https")
	f.replaceURL(toHTTPS(u))
}

// replaceURL changes the current URL without a redirect.
func (f *fetcher) replaceURL(u *weburl.URL) {
	r := f.req
	r.urls, r.origins = r.urls[:len(r.urls)-1], r.origins[:len(r.origins)-1]
	r.append(u)
	r.taint = r.redirectTaint(f.Page.Origin)
}

func toHTTPS(u *weburl.URL) *weburl.URL {
	secure := *u
	secure.Scheme = "https"
	if secure.Port == 443 {
		secure.Port = -1
	}
	return &secure
}
