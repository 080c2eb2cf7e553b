package fetch

import (
	"cmp"
	"slices"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// maxRedirects is how many redirects are followed; one more is a network error.
const maxRedirects = 20

// redirectFetch follows a redirect.
//
// https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
func (f *fetcher) redirectFetch(res *response) *response {
	const alg = spec.HTTPRedirectFetch
	r := f.req
	from := r.url()

	// 1-3. Where to.
	location, state := f.locationURL(res.Response)

	// 4. A redirect status without Location is the response itself.
	if state == header.Absent {
		f.step(alg, "4", "no Location: the redirect itself is the response")
		return res
	}

	// 5. It must parse, and be one.
	if state == header.Failure {
		value, lines := joined(res.Header, header.Location)
		return f.redirectError("5", Failure{ID: RedirectLocationInvalid, Header: header.Location, Got: value, Status: res.Status, Lines: lines})
	}

	// 6. To an http(s) URL only.
	if location.Scheme != "http" && location.Scheme != "https" {
		return f.redirectError("6", Failure{ID: RedirectScheme, Header: header.Location, Got: location.String(), Want: "http or https", Status: res.Status})
	}

	// 7, 8. Twenty, and no more.
	if r.redirectCount == maxRedirects {
		return f.redirectError("7", Failure{ID: RedirectTooMany, Got: "21", Want: "20", Status: res.Status})
	}
	r.redirectCount++

	// 9. User info in a URL of another origin is refused in mode cors.
	// 10. And in any URL once the response is a cors one.
	if number := f.refusesUser(location); number != "" {
		return f.redirectError(number, Failure{ID: RedirectCredentialsInURL, Header: header.Location, Got: location.String(), Status: res.Status})
	}
	next := origin.Of(location)

	// DIFFERS: Chromium refuses it to all but XMLHttpRequest, whatever the mode and wherever it leads.
	if location.HasCredentials() && f.profile.BlocksURLCredentials && r.initiator != InitiatorXHR &&
		(r.mode != ModeSameOrigin || origin.SameOrigin(f.Page.Origin, next)) {
		return f.redirectError("9", Failure{ID: RedirectCredentialsInURL, Cause: RedirectCredentialsInURL, Header: header.Location, Got: location.String(), Status: res.Status})
	}

	// 11. A stream cannot be sent again.
	if res.Status != 303 && r.streams() {
		return f.redirectError("11", Failure{ID: RedirectStreamBody, Status: res.Status})
	}

	crossOrigin := !origin.SameOrigin(r.currentOrigin(), next)
	r.strippedBody, r.strippedAuth = false, crossOrigin
	hadOrigin := r.sentOrigin != ""
	if crossOrigin {
		r.sentOrigin = ""
	}
	if becomesGet(r.method, res.Status) {
		// 12, 12.1. The method becomes GET and the body goes.
		f.step(alg, "12", r.method+" becomes GET")
		r.method, r.body = "GET", BodyNone

		// 12.2. With it the headers that describe it.
		r.strippedBody = true
		dropBodyHeaders(r)
	} else if r.method == "DELETE" && crossOrigin && f.profile.DeleteBecomesGet {
		// DIFFERS: WebKitGTK turns DELETE into GET on its way to another origin.
		r.method, r.body = "GET", BodyNone
	}

	// 13. Authorization does not leave its origin.
	if crossOrigin && r.header.Has(header.Authorization) {
		f.step(alg, "13", "Authorization is removed: the redirect leaves its origin")
		r.header = slices.Clone(r.header) // what was sent stays as it was
		r.header.Delete(header.Authorization)
	}

	// DIFFERS: Chromium drops client hints, even those that a script set.
	if f.profile.DropsClientHints && !origin.SameOrigin(f.Page.Origin, next) {
		r.header = slices.DeleteFunc(slices.Clone(r.header), func(field header.Field) bool { return isDroppedHint(field.Name) })
	}

	// 14-17. NB: the body can be sent again; timing decides nothing here.

	// 18. The URL list grows, and with it the taint.
	r.append(location)
	r.taint = r.redirectTaint(f.Page.Origin)
	if crossOrigin && r.mode == ModeNoCORS && f.profile.CrossRedirectHides && hadOrigin {
		r.hidden = true
	}
	if r.taint != taintSameOrigin {
		r.taintedOrigin = cmp.Or(r.taintedOrigin, origin.NewOpaque())
		f.step(spec.RedirectTaint, "5", "the chain is tainted: Origin will be null")
	}
	f.hop++
	f.step(alg, "18", from.String()+" -> "+location.String())

	// 19. A Referrer-Policy of the redirect takes over.
	f.redirectReferrerPolicy(res.Response)

	// 20-22, 21.1, 21.2. Main fetch decides anew.
	return f.mainFetch(true)
}

func (f *fetcher) redirectError(number string, failure Failure) *response {
	failure.URL = f.req.url().String()
	f.on = OnRequest
	f.fail(spec.HTTPRedirectFetch, number, failure)
	return networkError()
}

// judgedLate reports whether what is wrong with a redirect's URL is found only after the preflight.
//
// DIFFERS: WebKitGTK, for a redirect from the page's own origin.
func (f *fetcher) judgedLate() bool {
	return f.profile.LateRedirectChecks && f.req.tainting == taintingBasic
}

// refusesUser returns the step that refuses a Location for its user info, or nothing.
func (f *fetcher) refusesUser(location *weburl.URL) (number string) {
	r := f.req
	switch {
	case !location.HasCredentials():
		return ""
	case r.mode == ModeCORS && !origin.SameOrigin(f.Page.Origin, origin.Of(location)) && !f.judgedLate():
		return "9"
	case r.tainting == taintingCORS:
		return "10"
	}
	return ""
}

// allowedRedirectUser reports whether a redirect's Location has no user info that CORS refuses.
func (f *fetcher) allowedRedirectUser(res *Response) bool {
	location, state := f.locationURL(res)
	if state != header.Extracted {
		return true
	}
	number := f.refusesUser(location)
	if number == "" {
		return true
	}
	f.redirectError(number, Failure{ID: RedirectCredentialsInURL, Header: header.Location, Got: location.String(), Status: res.Status})
	return false
}

// locationURL reads where a redirect points.
//
// https://fetch.spec.whatwg.org/#concept-response-location-url
func (f *fetcher) locationURL(res *Response) (*weburl.URL, header.Extraction) {
	// 1. NB: the caller has a redirect status in hand.

	// 2. One Location.
	value, lines := joined(res.Header, header.Location)
	switch {
	case lines == 0:
		return nil, header.Absent
	case lines > 1 && !f.profile.JoinsLocations: // DIFFERS: WebKitGTK takes them for one URL
		return nil, header.Failure
	}

	// 3. Resolved against the URL that was requested.
	u, err := weburl.Parse(value, f.req.url())
	if err != nil {
		return nil, header.Failure
	}

	// 4. A missing fragment is inherited.
	if last := f.req.url(); !u.HasFragment && last.HasFragment {
		u.Fragment, u.HasFragment = last.Fragment, true
	}

	// 5. The URL.
	return u, header.Extracted
}

// allowedLocation reports whether a redirect's Location, if it has one, is a URL that the page may be led to.
func (f *fetcher) allowedLocation(res *Response) bool {
	follow := f.req.redirect == RedirectFollow
	read := f.profile.LocationFirst == LocationBeforeCheck || f.profile.LocationFirst == LocationBeforeCheckToFollow && follow
	if !read && len(f.profile.UnsafeRedirects) == 0 {
		return true
	}
	location, state := f.locationURL(res)
	value, lines := joined(res.Header, header.Location)
	failure := Failure{URL: f.req.url().String(), Header: header.Location, Got: value, Status: res.Status, Lines: lines}
	switch {
	case state == header.Failure && read:
		failure.ID = RedirectLocationInvalid
		return f.fail(spec.HTTPRedirectFetch, "5", failure)
	case state == header.Extracted && slices.Contains(f.profile.UnsafeRedirects, location.Scheme) && (follow || f.profile.LocationFirst == LocationInTurn):
		failure.ID, failure.Got, failure.Want = RedirectScheme, location.String(), "http or https"
		return f.fail(spec.HTTPRedirectFetch, "6", failure)
	case state != header.Extracted || !read || f.profile.LocationFirst != LocationBeforeCheckToFollow:
		return true
	case f.isMixed(location):
		failure = mixedFailure(location)
	case f.violatesCSP(location, true):
		failure = f.cspFailure(location)
	default:
		return true
	}
	f.hop, f.on = f.hop+1, OnPage
	return f.fail(spec.MainFetch, "7", failure)
}

// becomesGet reports whether a redirect turns the method into GET.
func becomesGet(method string, status int) bool {
	switch status {
	case 301, 302:
		return method == "POST"
	case 303:
		return method != "GET" && method != "HEAD"
	}
	return false
}

// dropBodyHeaders removes the headers that describe a body.
func dropBodyHeaders(r *request) {
	r.bodyType = ""
	kept := r.header[:0:0]
	for _, field := range r.header {
		if !header.IsRequestBodyName(field.Name) {
			kept = append(kept, field)
		}
	}
	r.header = kept
}

// redirectReferrerPolicy takes over the last policy of a redirect's Referrer-Policy that is one.
//
// https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect
func (f *fetcher) redirectReferrerPolicy(res *Response) {
	value, ok := res.Header.Get(header.ReferrerPolicy)
	if !ok {
		return
	}
	for _, v := range splitOnCommas(value) {
		if isReferrerPolicy(ReferrerPolicy(header.Lower(v))) {
			f.req.referrerPolicy = ReferrerPolicy(header.Lower(v))
		}
	}
}

func isReferrerPolicy(p ReferrerPolicy) bool {
	switch p {
	case NoReferrer, NoReferrerWhenDowngrade, ReferrerSameOrigin, ReferrerOrigin, StrictOrigin, OriginWhenCrossOrigin,
		StrictOriginWhenCrossOrigin, UnsafeURL:
		return true
	}
	return false
}
