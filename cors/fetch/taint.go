package fetch

import (
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
)

// redirectTaint is what a chain of redirects has done to a request's origin.
type redirectTaint int

const (
	taintSameOrigin redirectTaint = iota // none
	taintSameSite
	taintCrossSite
)

// redirectTaint tells whether the chain left an origin that is not the page's for yet another one.
//
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
func (r *request) redirectTaint(page origin.Origin) redirectTaint {
	// 1-3. The page's origin is known; no URL yet, no taint.
	taint := taintSameOrigin

	for i, u := range r.origins {
		// 4, 4.1. The first URL only starts the walk.
		if i == 0 {
			continue
		}
		last := r.origins[i-1]

		// 4.2. From a site that is not the page's to another site.
		if !origin.SameOrigin(u, last) && !origin.SameOrigin(page, last) {
			if !origin.SameSite(u, last) && !origin.SameSite(page, last) {
				return taintCrossSite
			}

			// 4.3. From an origin that is not the page's to another origin.
			taint = taintSameSite
		}

		// 4.4. NB: the last URL is the one before, in the list.
	}

	// 5. What was found.
	return taint
}

// serializeRequestOrigin is the origin as the request tells it: null once the chain is tainted.
//
// https://fetch.spec.whatwg.org/#serializing-a-request-origin
func (f *fetcher) serializeRequestOrigin() string {
	// 1, 2. A tainted request hides its origin.
	if f.req.taint != taintSameOrigin {
		return "null"
	}

	// 3. The page's origin.
	return f.Page.Origin.String()
}

// byteSerializeRequestOrigin is serializeRequestOrigin in bytes, which here is the same.
//
// https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin
func (f *fetcher) byteSerializeRequestOrigin() string { return f.serializeRequestOrigin() }

// requestOrigin returns the value of the Origin header, and whether the request carries one.
//
// https://fetch.spec.whatwg.org/#append-a-request-origin-header
func (f *fetcher) requestOrigin() (value string, sent bool) {
	const alg = spec.AppendOrigin
	r := f.req

	// 1, 2. The serialized origin.
	value = f.byteSerializeRequestOrigin()

	// 3. Sharing, WebSocket and WebTransport always tell it.
	if r.tainting == taintingCORS || r.mode == ModeWebSocket || r.mode == ModeWebTransport {
		f.step(alg, "3", "Origin: "+value)
		return value, true
	}

	// DIFFERS: Chromium and Firefox tell it where the frame could ask for its cookies, with Sec-Fetch-Storage-Access.
	if f.storageAccessInactive() || r.storageOrigin && f.profile.StorageAccessOrigin == StorageAccessSite {
		r.storageOrigin = true
		return value, true
	}
	// DIFFERS: Chromium and WebKit tell it for what elements load with cors from home too.
	if f.profile.ElementOrigin && r.mode == ModeCORS && r.feature.destination != "" {
		return value, true
	}

	// 4. Other requests tell it only when their method is neither GET nor HEAD.
	if r.method == "GET" || r.method == "HEAD" {
		// DIFFERS: WebKitGTK leaves the header as it is on a request that it redirects within an origin.
		return r.sentOrigin, f.profile.KeepsOrigin && r.sentOrigin != "" && !r.isNavigation()
	}
	if f.profile.KeepsOrigin && r.sentOrigin != "" && !r.isNavigation() {
		return r.sentOrigin, true
	}

	// 4.1. Outside mode cors the referrer policy may hide it.
	// DIFFERS: Chromium does not ask it for a no-cors request.
	asked := r.mode != ModeCORS && !(r.mode == ModeNoCORS && f.profile.OriginIgnoresPolicy)
	if asked && f.policyHidesOrigin() {
		value = "null"
	}
	// DIFFERS: Chromium hides it after any redirect to another origin.
	if r.hidden {
		value = "null"
	}

	// 4.2. Sent.
	f.step(alg, "4.2", "Origin: "+value)
	return value, true
}

// storageAccessInactive reports whether a frame of another site makes a credentialed request to the site of the page that
// it is in: it could have that site's cookies, and has not asked for them. No redirect comes to that; Chromium stays with it in one.
//
// https://privacycg.github.io/storage-access-headers/
func (f *fetcher) storageAccessInactive() bool {
	rule, top, target := f.profile.StorageAccessOrigin, f.Page.TopLevelSite, f.req.currentOrigin()
	if rule == StorageAccessUntold || f.hop > 0 || !f.req.credentialed() || top == "" || origin.SameSite(f.Page.Origin, target) {
		return false
	}
	if rule == StorageAccessSchemeless {
		_, top, _ = strings.Cut(top, "://")
		_, site, _ := strings.Cut(target.Site(), "://")
		return top == site
	}
	return top == target.Site()
}

// policyHidesOrigin reports whether the referrer policy turns the Origin header of a request that is not cors to null.
func (f *fetcher) policyHidesOrigin() bool {
	page, target := f.Page.Origin, f.req.url()
	switch f.req.referrerPolicy {
	case NoReferrer:
		return true
	case NoReferrerWhenDowngrade, StrictOrigin, StrictOriginWhenCrossOrigin:
		return !page.IsOpaque() && page.Scheme() == "https" && target.Scheme != "https"
	case ReferrerSameOrigin:
		return !origin.SameOrigin(page, f.req.currentOrigin())
	}
	return false
}

// withOrigin puts the Origin header, when there is one, before the headers of the list.
func withOrigin(list header.List, value string, sent bool) header.List {
	if !sent {
		return list
	}
	out := make(header.List, 0, len(list)+2)
	out = append(out, header.Field{Name: header.Origin, Value: value})
	return append(out, list...)
}
