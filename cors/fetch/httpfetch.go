package fetch

import (
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// httpFetch sends a preflight where one is called for, then the request, and judges the response. The names are the
// request's unsafe header names.
//
// https://fetch.spec.whatwg.org/#concept-http-fetch
func (f *fetcher) httpFetch(makePreflight bool, names []string) *response {
	const alg = spec.HTTPFetch

	// 1, 2. No response yet.
	r := f.req

	// UNMODELLED: 3, 3.1-3.6. A service worker may answer, and then no CORS check applies.
	f.unmodelled(alg, "3", "service workers")

	// 4, 4.1. A preflight, unless the cache has what it would say.
	if makePreflight {
		if f.cacheAllows(names) {
			f.PreflightCached = true
			f.step(alg, "4.1", "the CORS-preflight cache holds what is needed")
		} else if !f.preflight(names) {
			// 4.1.1, 4.1.2. A failed preflight ends the fetch; the request is not sent.
			return networkError()
		}
	}

	if !f.allowedLate() {
		return networkError()
	}

	// 4.2. NB: there are no service workers to switch off.

	// 4.3. The request goes out.
	res := f.networkOrCacheFetch()
	if res.failed {
		return res
	}

	// DIFFERS: Chromium, Firefox and WebKit refuse some redirects before the CORS check.
	if res.isRedirect() && !f.allowedLocation(res.Response) {
		return networkError()
	}

	// 4.4. The CORS check, on every response of a cors request.
	if r.tainting == taintingCORS && !f.corsCheck(res.Response, f.byteSerializeRequestOrigin()) {
		return networkError()
	}

	// 4.5. The TAO check hides resource timing.
	if !res.dataURL && !f.taoCheck(res.Response) {
		r.timingFailed = true
	}

	// 5. An opaque response may be kept back by its own policy.
	if r.tainting == taintingOpaque && !f.resourcePolicyCheck(res) {
		return networkError()
	}

	// 6, 6.1-6.3. Redirects. NB: timing lists and stream resets decide nothing.
	if res.isRedirect() {
		switch r.redirect {
		case RedirectError:
			// DIFFERS: Chromium and WebKitGTK take a redirect status without Location for any other.
			if f.profile.RedirectNeedsLocation && !res.Header.Has(header.Location) {
				return res
			}
			// DIFFERS: Chromium judges user info in the Location first.
			if f.profile.RedirectErrorLast && !f.allowedRedirectUser(res.Response) {
				return networkError()
			}
			f.fail(alg, "6.3", Failure{ID: RedirectModeError, URL: r.url().String(), Status: res.Status, Got: string(r.redirect), Want: string(RedirectFollow)})
			return networkError()
		case RedirectManual:
			f.step(alg, "6.3", "redirect mode manual: the redirect itself is the response")
			res.manual = true
			return res
		}
		return f.redirectFetch(res)
	}

	// 7. The response.
	return res
}

// allowedLate ends a fetch after its preflight for what a redirect led to.
//
// DIFFERS: WebKitGTK only; the Standard decides all of it before.
func (f *fetcher) allowedLate() bool {
	r, u := f.req, f.req.url()
	switch {
	case f.late != nil:
		return f.fail(spec.MainFetch, "7", *f.late)
	case f.profile.LateRedirectChecks && f.hop > 0 && r.mode == ModeCORS && u.HasCredentials() && r.tainting == taintingCORS:
		return f.fail(spec.HTTPRedirectFetch, "9", Failure{ID: RedirectCredentialsInURL, URL: u.String(), Header: header.Location, Got: u.String()})
	case f.profile.RedirectsCredentialed && r.credentials == CredentialsSameOrigin && r.tainting == taintingCORS && f.leftHomeBefore():
		return f.redirectPassesCredentialed()
	}
	return true
}

// leftHomeBefore reports whether the chain began at the page's origin and had left it before the last redirect.
func (f *fetcher) leftHomeBefore() bool {
	origins := f.req.origins
	return len(origins) > 2 && origin.SameOrigin(origins[0], f.Page.Origin) && !origin.SameOrigin(origins[len(origins)-2], f.Page.Origin)
}

// redirectPassesCredentialed runs the CORS check on the redirect that led here as if the request were credentialed.
func (f *fetcher) redirectPassesCredentialed() bool {
	hop := f.hop - 1
	for i := range f.Sent {
		sent := &f.Sent[i]
		if sent.Kind != KindRequest || sent.Hop != hop {
			continue
		}
		f.hop, f.on = hop, OnRequest
		allowed, _ := joined(sent.Response.Header, header.AllowOrigin)
		id, name, got := AllowCredentialsInvalid, header.AllowCredentials, ""
		credentials, lines := joined(sent.Response.Header, header.AllowCredentials)
		switch {
		case allowed == "*":
			id, name, got = AllowOriginWildcardCredentials, header.AllowOrigin, allowed
		case credentials == "true":
			f.hop++
			return true
		case lines == 0:
			id = AllowCredentialsMissing
		default:
			got = credentials
		}
		return f.fail(spec.CORSCheck, "7", Failure{ID: id, Cause: id, URL: f.req.urls[hop].String(), Header: name, Got: got, Want: "true", Status: sent.Response.Status, Lines: lines})
	}
	return true
}

// corsCheck decides whether the page may see the response at all. The origin wanted is the request's.
//
// https://fetch.spec.whatwg.org/#concept-cors-check
func (f *fetcher) corsCheck(res *Response, want string) bool {
	const alg = spec.CORSCheck
	f.judge(res)

	// 1, 2. No Access-Control-Allow-Origin, no access; "null" is a value, not an absence.
	allowed, lines := joined(res.Header, header.AllowOrigin)
	if lines == 0 {
		return f.fail(alg, "2", f.sharingFailure(res, AllowOriginMissing, header.AllowOrigin, "", want, 0))
	}

	// 3. The wildcard, when the request is not credentialed.
	if allowed == "*" && !f.req.credentialed() {
		return f.passed(alg, "3", header.AllowOrigin, allowed, "*")
	}

	// 4. Otherwise the very bytes of the origin.
	if allowed != want {
		return f.fail(alg, "4", f.sharingFailure(res, f.mismatch(allowed, lines), header.AllowOrigin, allowed, want, lines))
	}
	f.passed(alg, "4", header.AllowOrigin, allowed, want)

	// 5. That is enough for a request without credentials.
	if !f.req.credentialed() {
		return true
	}

	// 6-8. With credentials, Access-Control-Allow-Credentials must be true.
	value, lines := joined(res.Header, header.AllowCredentials)
	if value == "true" {
		return f.passed(alg, "7", header.AllowCredentials, value, "true")
	}
	id := AllowCredentialsInvalid
	if lines == 0 {
		id = AllowCredentialsMissing
	}
	return f.fail(alg, "7", f.sharingFailure(res, id, header.AllowCredentials, value, "true", lines))
}

// judge notes that the response is being judged, so that a failure names the right exchange.
func (f *fetcher) judge(res *Response) {
	if len(f.Sent) > 0 && f.Sent[len(f.Sent)-1].Kind == KindPreflight {
		f.on = OnPreflight
		return
	}
	f.on = OnRequest
}

// mismatch tells in which way a value is not the origin.
func (f *fetcher) mismatch(value string, lines int) FailureID {
	switch {
	case value == "*":
		return AllowOriginWildcardCredentials
	case value == "null":
		return AllowOriginNull
	case lines > 1, strings.ContainsAny(value, ", "):
		return AllowOriginMultiple
	case !isURL(value):
		return AllowOriginInvalid
	}
	return AllowOriginMismatch
}

// isURL reports whether a value is at least an absolute URL, as Chromium tells a wrong origin from none at all.
func isURL(value string) bool {
	_, err := weburl.Parse(value, nil)
	return err == nil
}

// sharingFailure fills in a failed sharing check. On a redirect, and after a tainted one, the place says more than the
// value, so the id names the place and Cause the value.
func (f *fetcher) sharingFailure(res *Response, id FailureID, name, got, want string, lines int) Failure {
	failure := Failure{ID: id, Cause: id, URL: f.req.url().String(), Header: name, Got: got, Want: want, Status: res.Status, Lines: lines}
	if name != header.AllowOrigin || id == AllowOriginWildcardCredentials {
		return failure
	}
	switch {
	case want == "null" && f.req.taint != taintSameOrigin && got == f.Page.Origin.String():
		failure.ID = RedirectOriginNull
	case f.on == OnRequest && isRedirectStatus(res.Status):
		failure.ID = RedirectAllowOrigin
	}
	return failure
}

// joined returns a field's lines joined with comma and space, and how many there are.
func joined(list header.List, name string) (value string, lines int) {
	for range list.Values(name) {
		lines++
	}
	value, _ = list.Get(name)
	return value, lines
}

// taoCheck decides whether the page may see the timing of the response in full.
//
// https://fetch.spec.whatwg.org/#concept-tao-check
func (f *fetcher) taoCheck(res *Response) bool {
	const alg = spec.TAOCheck
	r := f.req

	// 1, 2. A failure on an earlier hop stays.
	if r.timingFailed {
		return false
	}

	// 3. The values of Timing-Allow-Origin.
	if value, ok := res.Header.Get(header.TimingAllowOrigin); ok {
		allowed := f.serializeRequestOrigin()
		for _, v := range splitOnCommas(value) {
			// 4, 5. The wildcard or the origin is enough.
			if v == "*" || v == allowed {
				return f.passed(alg, "5", header.TimingAllowOrigin, value, allowed)
			}
		}
	}

	// 6. A frame's navigation to another origin fails.
	if r.isNavigation() && r.currentOrigin() != f.Page.Origin {
		return false
	}

	// 7, 8. Without the header only a basic response passes.
	return r.tainting == taintingBasic
}
