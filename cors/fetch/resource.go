package fetch

import (
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
)

// resourcePolicyCheck decides whether an opaque response may reach the page.
//
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
func (f *fetcher) resourcePolicyCheck(res *response) bool {
	// 1, 2. NB: only subresources come here; the embedder policy is the page's.

	// 3. What the response itself says.
	policy, _ := res.Header.Get(header.CrossOriginResourcePolicy)
	if !f.resourcePolicyAllows(COEPUnsafeNone, res) {
		return f.fail(spec.HTTPFetch, "5", Failure{ID: CORPBlocked, URL: f.req.url().String(), Header: header.CrossOriginResourcePolicy, Got: policy, Status: res.Status})
	}

	// 4, 6. NB: reports decide nothing.

	// 5. What the page's policy makes of a response that says nothing.
	if f.resourcePolicyAllows(defaultTo(f.Page.COEP, COEPUnsafeNone), res) {
		return true
	}

	// 7. Blocked.
	return f.fail(spec.HTTPFetch, "5", Failure{
		ID: COEPCORP, URL: f.req.url().String(), Header: header.CrossOriginResourcePolicy, Got: policy, Want: "cross-origin", Status: res.Status,
	})
}

// resourcePolicyAllows judges a response under one embedder policy.
//
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
func (f *fetcher) resourcePolicyAllows(embedder EmbedderPolicy, res *response) bool {
	// 1. NB: navigation does not come here.

	// 2. All lines are one value, so two of them match nothing.
	policy, _ := res.Header.Get(header.CrossOriginResourcePolicy)

	// 3. Anything else counts as absent.
	// DIFFERS: in Firefox it allows.
	if policy != "" && f.profile.InvalidCORPAllowed && policy != "same-origin" && policy != "same-site" {
		return true
	}
	if policy != "same-origin" && policy != "same-site" && policy != "cross-origin" {
		policy = ""
	}

	// 4. The page's policy fills the gap.
	if policy == "" && (embedder == COEPRequireCORP || embedder == COEPCredentialless && res.credentials) {
		policy = "same-origin"
	}

	// 5. The verdict.
	page, target := f.Page.Origin, f.req.currentOrigin()
	switch policy {
	case "same-origin":
		return origin.SameOrigin(page, target)
	case "same-site":
		return origin.SchemelessSameSite(page, target) && (page.Scheme() == "https" || target.Scheme() != "https")
	}
	return true
}

// embedderPolicyDropsCredentials reports whether COEP credentialless keeps credentials from a request.
//
// https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-embedder-policy-allows-credentials
func (f *fetcher) embedderPolicyDropsCredentials() bool {
	return f.req.mode == ModeNoCORS && f.Page.COEP == COEPCredentialless && !origin.SameOrigin(f.req.currentOrigin(), f.Page.Origin)
}

// allowedType decides by the response's type whether its destination may have it.
//
// https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
// https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?
func (f *fetcher) allowedType(res *response) bool {
	if res.dataURL {
		return true
	}
	value, _ := res.Header.Get(header.ContentType)
	essence, _ := header.ParseMIMEEssence(value)
	failure := Failure{URL: f.req.url().String(), On: OnRequest, Header: header.ContentType, Got: value, Status: res.Status}
	switch script := isScriptLike(f.req.feature.destination); {
	case f.blockedByORB(essence, res.Header):
		failure.ID = ORBBlocked
		return f.fail(spec.MainFetch, "20", failure)
	case isNosniff(res.Header) && (script && !isJavaScript(essence) || f.req.feature.destination == "style" && essence != "text/css"):
		failure.ID = NosniffBlocked
		return f.fail(spec.MainFetch, "20", failure)
	case script && isNeverScript(essence):
		failure.ID = MIMEBlocked
		return f.fail(spec.MainFetch, "20", failure)
	}
	return true
}

// blockedByORB reports whether opaque response blocking keeps a response from an element, as far as its type tells.
//
// https://github.com/annevk/orb
func (f *fetcher) blockedByORB(essence string, list header.List) bool {
	fromHome := origin.SameOrigin(f.req.currentOrigin(), f.Page.Origin)
	if !f.profile.OpaqueResponseBlocking || f.req.tainting != taintingOpaque || fromHome || f.req.feature.destination == "" {
		return false
	}
	f.unmodelled(spec.MainFetch, "20", "opaque response blocking by content; only the type is judged")
	switch {
	case essence == "text/css", isJavaScript(essence), essence == "":
		return false
	case essence == "application/pdf", essence == "application/zip", essence == "text/csv", essence == "multipart/byteranges", essence == "text/event-stream":
		return true
	case essence == "application/json", strings.HasSuffix(essence, "+json"), essence == "text/json":
		return true
	case essence == "text/plain", essence == "text/html", essence == "text/xml", essence == "application/xml", strings.HasSuffix(essence, "+xml") && essence != "image/svg+xml":
		return isNosniff(list)
	}
	return false
}

func isScriptLike(destination string) bool {
	return destination == "script" || destination == "worker"
}

func isNeverScript(essence string) bool {
	return strings.HasPrefix(essence, "audio/") || strings.HasPrefix(essence, "image/") || strings.HasPrefix(essence, "video/") || essence == "text/csv"
}

// isNosniff reports whether the first value of X-Content-Type-Options is nosniff.
//
// https://fetch.spec.whatwg.org/#determine-nosniff
func isNosniff(list header.List) bool {
	value, ok := list.Get(header.ContentTypeOptions)
	return ok && header.EqualFold(splitOnCommas(value)[0], "nosniff")
}

// isJavaScript reports whether an essence is a JavaScript MIME type.
//
// https://mimesniff.spec.whatwg.org/#javascript-mime-type
func isJavaScript(essence string) bool {
	switch essence {
	case "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript",
		"text/ecmascript", "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2",
		"text/javascript1.3", "text/javascript1.4", "text/javascript1.5", "text/jscript", "text/livescript",
		"text/x-ecmascript", "text/x-javascript":
		return true
	}
	return false
}
