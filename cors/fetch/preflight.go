package fetch

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
)

// preflightAnswer is what a preflight response says, as far as it has been read.
type preflightAnswer struct {
	*Response
	origin       string // that must be allowed
	names        []string
	methods      []string
	methodsState header.Extraction
	headers      []string
}

// preflight asks the server whether the request may be sent, and remembers the answer. It reports whether it may.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) preflight(names []string) bool {
	const alg = spec.CORSPreflightFetch
	r := f.req

	// 1. An OPTIONS request to the same URL, without credentials.
	allowed := f.byteSerializeRequestOrigin()
	// DIFFERS: Firefox names the page's origin even when the chain is tainted.
	if f.profile.PreflightOriginUntainted {
		allowed = f.Page.Origin.String()
	}
	list := make(header.List, 0, 3)
	list = append(list, header.Field{Name: header.Origin, Value: allowed})

	// 2. NB: Accept is */*; the trace does not show it.

	// 3. It names the method, in its exact case.
	list = append(list, header.Field{Name: header.RequestMethod, Value: r.method})

	// 4, 5, 5.1, 5.2. And the unsafe header names, joined with a comma and no space.
	if len(names) > 0 {
		list = append(list, header.Field{Name: header.RequestHeaders, Value: strings.Join(names, ",")})
	}

	// 6. Sent past the HTTP cache.
	f.on = OnPreflight
	res := f.send(Sent{Kind: KindPreflight, Method: "OPTIONS", Header: list})
	if res == nil {
		return false
	}
	if res.Error != "" {
		return f.fail(alg, "6", Failure{ID: PreflightNetwork, URL: r.url().String(), Got: string(res.Error)})
	}
	answer := &preflightAnswer{Response: res, origin: allowed, names: names}
	if !f.judgePreflight(answer) {
		return false
	}
	f.step(alg, "7.7", "the preflight allows the request")
	f.store(answer)

	// 7.16. The go-ahead.
	return true
}

// judgePreflight runs the checks in the profile's order; which of several failures is told depends on it.
func (f *fetcher) judgePreflight(a *preflightAnswer) bool {
	switch f.profile.PreflightOrder {
	case OrderChromium:
		return f.notRedirected(a) && f.sharingAllowed(a) && f.okStatus(a) && f.readMethods(a) && f.readHeaders(a) &&
			f.methodListed(a) && f.authorizationListed(a) && f.namesListed(a)
	case OrderFirefox:
		return f.sharingAllowed(a) && f.notRedirected(a) && f.okStatus(a) && f.readMethods(a) && f.methodListed(a) &&
			f.readHeaders(a) && f.authorizationListed(a) && f.namesListed(a)
	case OrderWebKit:
		return f.notRedirected(a) && f.okStatus(a) && f.sharingAllowed(a) && f.readMethods(a) && f.readHeaders(a) &&
			f.storeRefused(a) && f.methodListed(a) && f.authorizationListed(a) && f.namesListed(a)
	}
	return f.sharingAllowed(a) && f.notRedirected(a) && f.okStatus(a) && f.readMethods(a) && f.readHeaders(a) &&
		f.methodListed(a) && f.authorizationListed(a) && f.namesListed(a)
}

// sharingAllowed runs the CORS check with the credentials mode of the actual request.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) sharingAllowed(a *preflightAnswer) bool {
	// DIFFERS: Firefox takes a preflight to the page's own origin, after a redirect home, for a same-origin request.
	if f.profile.HomePreflightUnchecked && origin.SameOrigin(f.req.currentOrigin(), f.Page.Origin) {
		return true
	}
	return f.corsCheck(a.Response, a.origin)
}

// notRedirected refuses a redirect: a preflight never follows one.
func (f *fetcher) notRedirected(a *preflightAnswer) bool {
	if !isRedirectStatus(a.Status) || !a.Header.Has(header.Location) {
		return true
	}
	return f.fail(spec.CORSPreflightFetch, "7", f.statusFailure(PreflightRedirect, a))
}

// okStatus demands a status from 200 to 299.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) okStatus(a *preflightAnswer) bool {
	const alg = spec.CORSPreflightFetch

	// 7. The CORS check succeeded, in the Standard's order, and the status is an ok status.
	if isOKStatus(a.Status) {
		f.step(alg, "7", "the preflight response has an ok status")
		return true
	}

	// 8. Otherwise a network error.
	id := PreflightStatus
	switch a.Status {
	case 401, 403, 407:
		id = PreflightAuth
	}
	return f.fail(alg, "7", f.statusFailure(id, a))
}

func (f *fetcher) statusFailure(id FailureID, a *preflightAnswer) Failure {
	return Failure{ID: id, URL: f.req.url().String(), Status: a.Status}
}

// readMethods reads Access-Control-Allow-Methods.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) readMethods(a *preflightAnswer) bool {
	// 7.1. The methods that the server lists.
	var bad string
	a.methods, a.methodsState, bad = f.extractTokens(a.Header, header.AllowMethods)
	if a.methodsState == header.Failure {
		return f.unparsable(AllowMethodsUnparsable, header.AllowMethods, bad, a)
	}

	// 7.4. A preflight that the flag forced stores the method even when none is listed.
	// DIFFERS: Chromium, Firefox and WebKit want it listed.
	if a.methodsState == header.Absent && f.req.useCORSPreflight && !f.profile.ForcedMethodListed {
		a.methods = []string{f.req.method}
	}
	return true
}

// readHeaders reads Access-Control-Allow-Headers.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) readHeaders(a *preflightAnswer) bool {
	// 7.2. The header names that the server lists.
	names, state, bad := f.extractTokens(a.Header, header.AllowHeaders)
	a.headers = names
	if state == header.Failure {
		return f.unparsable(AllowHeadersUnparsable, header.AllowHeaders, bad, a)
	}
	return true
}

// unparsable fails a list with an element that is not a token.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) unparsable(id FailureID, name, bad string, a *preflightAnswer) bool {
	// 7.3. One such element voids the answer.
	value, lines := joined(a.Header, name)
	f.on = OnPreflight
	return f.fail(spec.CORSPreflightFetch, "7.3", Failure{
		ID: id, URL: f.req.url().String(), Header: name, Got: value, Want: bad, Status: a.Status, Lines: lines,
	})
}

// methodListed demands that the method is listed, or safelisted, or covered by the wildcard.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) methodListed(a *preflightAnswer) bool {
	const alg = spec.CORSPreflightFetch
	method := f.req.method
	wildcard := slices.Contains(a.methods, "*")

	// 7.5. Compared byte for byte.
	value, lines := joined(a.Header, header.AllowMethods)
	if slices.Contains(a.methods, method) || isSafelistedMethod(method) || wildcard && !f.req.credentialed() {
		return f.passed(alg, "7.5", header.AllowMethods, value, method)
	}
	id := MethodNotAllowed
	switch {
	case wildcard:
		id = MethodWildcardCredentials
	case slices.ContainsFunc(a.methods, func(m string) bool { return header.EqualFold(m, method) }):
		id = MethodCase
	}
	return f.fail(alg, "7.5", Failure{
		ID: id, URL: f.req.url().String(), Header: header.AllowMethods, Got: value, Want: method, Status: a.Status, Lines: lines,
	})
}

// authorizationListed demands that Authorization is listed by name.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) authorizationListed(a *preflightAnswer) bool {
	// 7.6. The wildcard does not cover it.
	// DIFFERS: it does in Chromium, Firefox and WebKit, where it is a name like any other.
	if f.profile.WildcardCoversAuthorization {
		return true
	}
	if !slices.Contains(a.names, "authorization") || a.lists("authorization") {
		return true
	}
	wildcard := slices.Contains(a.headers, "*")
	if wildcard && !f.req.credentialed() {
		return f.refuseName(AuthorizationNotListed, "7.6", "authorization", a)
	}
	return f.refuseName(wildcardID(wildcard), "7.6", "authorization", a)
}

// namesListed demands that each unsafe name is listed or covered by the wildcard.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) namesListed(a *preflightAnswer) bool {
	wildcard := slices.Contains(a.headers, "*")

	// 7.7. Compared without regard to case.
	if wildcard && !f.req.credentialed() {
		return true
	}
	for _, name := range f.namesInOrder(a.names) {
		if !a.lists(name) {
			return f.refuseName(wildcardID(wildcard), "7.7", name, a)
		}
	}
	value, _ := joined(a.Header, header.AllowHeaders)
	return f.passed(spec.CORSPreflightFetch, "7.7", header.AllowHeaders, value, strings.Join(a.names, ","))
}

// wildcardID names the failure of a name that is not listed beside, or without, a wildcard that does not count.
func wildcardID(wildcard bool) FailureID {
	if wildcard {
		return HeaderWildcardCredentials
	}
	return HeaderNotAllowed
}

func (f *fetcher) refuseName(id FailureID, number, name string, a *preflightAnswer) bool {
	value, lines := joined(a.Header, header.AllowHeaders)
	return f.fail(spec.CORSPreflightFetch, number, Failure{
		ID: id, URL: f.req.url().String(), Header: header.AllowHeaders, Got: value, Want: name, Status: a.Status, Lines: lines,
		Names: f.refusedNames(id, a),
	})
}

// refusedNames returns every unsafe name that the answer does not allow.
func (f *fetcher) refusedNames(id FailureID, a *preflightAnswer) []string {
	if id == AuthorizationNotListed {
		return []string{"authorization"}
	}
	var names []string
	for _, name := range a.names {
		if !a.lists(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (a *preflightAnswer) lists(name string) bool {
	return slices.ContainsFunc(a.headers, func(listed string) bool { return header.EqualFold(listed, name) })
}

// namesInOrder returns the unsafe names in the order in which the engine looks for the first that is not listed. WebKit
// keeps the names that it knows before all others. NB: Chromium's is that of a hash table, which is not modelled.
func (f *fetcher) namesInOrder(sorted []string) []string {
	if f.profile.PreflightOrder != OrderWebKit {
		return sorted
	}
	var known, other []string
	for _, field := range f.preflightHeaders() {
		lower := header.Lower(field.Name)
		if !slices.Contains(sorted, lower) || slices.Contains(known, lower) || slices.Contains(other, lower) {
			continue
		}
		if _, ok := WebKitName(lower); ok {
			known = append(known, lower)
		} else {
			other = append(other, lower)
		}
	}
	return append(known, other...)
}

// preflightHeaders is the header list whose unsafe names a preflight asks for.
func (f *fetcher) preflightHeaders() header.List {
	// DIFFERS: WebKitGTK asks for those of the request as it was first made.
	if f.profile.PreflightAsFirstMade {
		return f.req.original
	}
	return f.req.headersOnWire()
}

// preflightNames returns the unsafe names that a preflight for the current URL would ask for.
func (f *fetcher) preflightNames() []string {
	if !f.req.feature.scripted && !f.req.useCORSPreflight {
		return nil
	}
	if f.profile.PreflightSticky && !f.profile.PreflightAsFirstMade {
		return f.stickyNames()
	}
	return f.unsafeRequestHeaderNames(f.preflightHeaders())
}

// stickyNames returns the names that Firefox asks for: those of the script's headers as they were first made, with the
// body's type while it is sent, less what this one redirect took away; where nothing calls for a preflight by itself, those
// of the preflight before.
func (f *fetcher) stickyNames() []string {
	r := f.req
	names := f.unsafeRequestHeaderNames(r.original)
	calls := r.useCORSPreflight || !isSafelistedMethod(r.method) || len(names) > 0
	if r.bodyType != "" && !slices.Contains(names, "content-type") && !f.safelistedRequestHeader(header.ContentType, r.bodyType) {
		names = append(names, "content-type")
		slices.Sort(names)
		calls = true
	}
	if !calls {
		return r.preflightNames
	}
	r.preflightNames = slices.DeleteFunc(names, func(name string) bool {
		return r.strippedBody && header.IsRequestBodyName(name) || r.strippedAuth && header.EqualFold(name, header.Authorization)
	})
	return r.preflightNames
}

// stickyPreflight reports whether an earlier part of the chain makes a preflight necessary here.
//
// DIFFERS: Firefox and WebKitGTK; in the Standard each URL is judged by itself.
func (f *fetcher) stickyPreflight() bool {
	return f.req.preflightCalled || !f.profile.PreflightAsFirstMade && len(f.unsafeRequestHeaderNames(f.req.original)) > 0
}

// extractTokens reads a field whose grammar is a list of tokens.
//
// https://fetch.spec.whatwg.org/#extract-header-list-values
func (f *fetcher) extractTokens(list header.List, name string) (tokens []string, state header.Extraction, bad string) {
	// 1, 2. Absent is null. NB: these fields may have many lines.

	// 3, 4, 4.1-4.3, 5. The elements of every line, or failure.
	return extractHeaderValues(list, name)
}

// extractHeaderValues reads lines by the grammar of a list of tokens.
//
// https://fetch.spec.whatwg.org/#extract-header-values
func extractHeaderValues(list header.List, name string) (tokens []string, state header.Extraction, bad string) {
	// 1, 2. Failure where a line breaks the grammar, its elements elsewhere.
	return header.ExtractTokens(list, name)
}
