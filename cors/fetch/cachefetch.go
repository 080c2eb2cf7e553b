package fetch

import (
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
)

// maxKeepalive is how many bytes of body the keepalive requests of a page may have in flight.
const maxKeepalive = 64 << 10

// networkOrCacheFetch sends the request, with credentials where they may go, and merges a 304 into what the cache holds.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func (f *fetcher) networkOrCacheFetch() *response {
	const alg = spec.HTTPNetworkOrCacheFetch
	r := f.req

	// 1-6. Nothing yet; the cache holds at most the one response that the request came with.
	stored := r.script.Stored
	if len(r.urls) > 1 {
		stored = nil // it is for the first URL
	}

	// 7. A stored response is taken as stale, so that the request revalidates it.
	revalidating := stored != nil && r.cache != CacheNoStore && r.cache != CacheReload

	// 8, 8.1, 8.2, 8.2.1-8.2.3. NB: the request can be sent again as it is.

	// 8.3. Credentials go along with include, and with same-origin while the response is basic.
	credentials := r.includesCredentials()

	// 8.4. Unless the page's embedder policy says no.
	if credentials && f.embedderPolicyDropsCredentials() {
		f.step(alg, "8.4", "COEP credentialless: no credentials on a cross-origin no-cors request")
		credentials = false
	}

	// 8.5-8.9. NB: Content-Length decides nothing.

	// 8.10, 8.10.1-8.10.5, 8.10.4.1, 8.10.4.2. The quota of keepalive bodies. NB: no other one is in flight.
	if r.script.Keepalive && r.hasBody() && r.script.BodyLength > maxKeepalive {
		f.fail(alg, "8.10.5", Failure{ID: KeepaliveQuota, URL: r.url().String()})
		return networkError()
	}

	// UNMODELLED: 8.11, 8.11.1, 8.11.2. The Referer header.
	f.unmodelled(alg, "8.11", "the Referer header")

	// 8.12. The Origin header.
	value, sent := f.requestOrigin()
	if sent {
		r.sentOrigin = value
	}

	// UNMODELLED: 8.13-8.15, 8.15.1, 8.15.2. Fetch metadata, prefetch, User-Agent.
	f.unmodelled(alg, "8.13", "fetch metadata, Sec-Purpose and User-Agent")

	// 8.16. A script that sets a conditional header asks the server itself.
	if r.cache == CacheDefault && f.effectiveCache() == CacheNoStore {
		f.step(alg, "8.16", "script set a conditional header: the cache is left out")
		revalidating = false
	}

	// 8.17, 8.18, 8.18.1, 8.18.2, 8.19, 8.20. NB: what the cache mode and the network layer add is not in the trace.

	// 8.21, 8.21.1, 8.21.2, 8.21.2.1-8.21.2.4. Cookies, reported apart. NB: no authentication entries are given.
	f.reportCookies(credentials)

	// UNMODELLED: 8.22, 8.23. Proxy authentication.
	f.unmodelled(alg, "8.22", "proxy authentication")

	// 8.24, 8.25, 8.26, 8.26.1, 8.26.2. The response that the cache holds.
	// UNMODELLED: 8.26.2.1, 8.26.2.1.1-8.26.2.1.7, 8.26.2.2, 8.26.2.2.1, 8.26.2.2.2, 8.26.2.2.2.1, 8.26.2.2.2.2. Freshness: a
	// stored response is taken as stale, and revalidated where the cache mode asks for that.
	if revalidating {
		f.unmodelled(alg, "8.26.2.1", "freshness of stored responses")
		f.step(alg, "8.26.1", "the cache holds a response")

		// 8.26.2.2.3. Two cache modes take it as it is.
		if r.cache == CacheForceCache || r.cache == CacheOnlyIfCached {
			return f.respond(stored, credentials, true)
		}
	}

	// 9, 10. Nothing cancels a fetch here.

	// 11, 11.1. only-if-cached never reaches the network.
	// DIFFERS: WebKit asks the server all the same.
	if r.cache == CacheOnlyIfCached && !f.profile.OnlyIfCachedSends {
		f.fail(alg, "11.1", Failure{ID: CacheMiss, URL: r.url().String()})
		return networkError()
	}

	// 11.2. The network.
	forward := f.throughNetwork(withOrigin(r.header, value, sent), credentials)
	if forward == nil {
		return networkError()
	}

	// UNMODELLED: 11.3. Invalidation of other stored responses.
	f.unmodelled(alg, "11.3", "invalidation of stored responses")

	// 11.4, 11.4.1-11.4.3. A 304 updates the stored response, which is then judged in its place.
	if revalidating && forward.Status == 304 {
		f.step(alg, "11.4", "304: the stored response, with the new headers, is the response")
		return f.respond(freshened(stored, forward), credentials, true)
	}

	// UNMODELLED: 15, 15.1, 15.2, 15.2.1, 15.2.2, 15.3, 15.3.1-15.3.4, 15.4, 16, 16.1-16.5, 17, 17.1, 17.2, 18. Prompts after 401
	// and 407, a new connection after 421.
	switch forward.Status {
	case 401, 407, 421:
		f.unmodelled(alg, "15", "what a prompt or another connection would change")
	}

	// 11.5, 11.5.1, 11.5.2, 12-14, 19. The response as it came. NB: the cache does not outlive the fetch.
	return f.respond(forward, credentials, false)
}

func (f *fetcher) respond(res *Response, credentials, stored bool) *response {
	return &response{Response: res, stored: stored, credentials: credentials, rangeRequested: f.req.header.Has(header.Range)}
}

// throughNetwork sends the request itself; nil means that it failed, or may not be sent.
func (f *fetcher) throughNetwork(list header.List, credentials bool) *Response {
	const alg = spec.HTTPNetworkOrCacheFetch
	r := f.req
	if r.streams() && (f.Page.HTTPVersion == "1.0" || f.Page.HTTPVersion == "1.1") {
		f.fail(alg, "11.2", Failure{ID: StreamUploadHTTP1, URL: r.url().String(), Got: "HTTP/" + f.Page.HTTPVersion, Want: "HTTP/2"})
		return nil
	}
	f.on = OnRequest
	res := f.send(Sent{Kind: KindRequest, Method: r.method, Header: list, BodyType: r.bodyType, Credentials: credentials})
	if res == nil {
		return nil
	}
	if res.Error != "" {
		f.fail(alg, "11.2", Failure{ID: NetworkFailure, URL: r.url().String(), Got: string(res.Error)})
		return nil
	}
	return res
}

// send puts one request on the network, once local network access allows the connection. Nil means that nothing came of
// it, and that the reason is recorded.
func (f *fetcher) send(s Sent) *Response {
	if !f.allowedLocalNetwork() {
		return nil
	}
	u := *f.req.url()
	u.Username, u.Password = "", ""
	s.Hop, s.URL = f.hop, u.WithoutFragment()
	f.Sent = append(f.Sent, s)
	sent := &f.Sent[len(f.Sent)-1]
	res, err := f.network.Do(sent)
	if err != nil {
		f.Sent = f.Sent[:len(f.Sent)-1]
		f.err = err
		return nil
	}
	res.Header = withoutOuterSpace(res.Header)
	sent.Response = res
	return &sent.Response
}

// withoutOuterSpace is a header list as a client reads it: white space around a value is not part of it.
//
// https://www.rfc-editor.org/rfc/rfc9112#section-5.1
func withoutOuterSpace(list header.List) header.List {
	const space = " \t"
	copied := false
	for i, field := range list {
		value := strings.Trim(field.Value, space)
		if len(value) == len(field.Value) {
			continue
		}
		if !copied {
			list, copied = list.Clone(), true
		}
		list[i].Value = value
	}
	return list
}

// effectiveCache is the cache mode, which a conditional header of the script turns into no-store.
func (f *fetcher) effectiveCache() Cache {
	// DIFFERS: Firefox does so for fetch() only.
	counts := f.req.initiator != InitiatorXHR || !f.profile.XHRKeepsCacheMode
	if f.req.cache == CacheDefault && counts && hasConditionalHeader(f.req.header) {
		return CacheNoStore
	}
	return f.req.cache
}

func hasConditionalHeader(list header.List) bool {
	for _, name := range [...]string{header.IfModifiedSince, header.IfNoneMatch, header.IfUnmodifiedSince, header.IfMatch, header.IfRange} {
		if list.Has(name) {
			return true
		}
	}
	return false
}

// freshened is a stored response with the headers of a 304 in place of its own.
//
// https://www.rfc-editor.org/rfc/rfc9111#section-3.2
func freshened(stored, forward *Response) *Response {
	list := make(header.List, 0, len(stored.Header)+len(forward.Header))
	for _, field := range stored.Header {
		if header.EqualFold(field.Name, header.ContentLength) || !forward.Header.Has(field.Name) {
			list = append(list, field)
		}
	}
	for _, field := range forward.Header {
		if !header.EqualFold(field.Name, header.ContentLength) {
			list = append(list, field)
		}
	}
	return &Response{Status: stored.Status, Header: list}
}
