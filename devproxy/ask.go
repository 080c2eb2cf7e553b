package devproxy

import (
	"net/http"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/live"
)

// transportFunc is a function that is a transport.
type transportFunc func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// ask sends a request to the API: as a page of the API itself would send it, for then CORS and checks of Origin and Referer do
// not apply, and the request does what it is for.
//
// What the API would have said to the page is known only if the page asks. GET and HEAD change nothing and may be sent again,
// so they go as the page's own browser would send them; only where the API turns that away are they sent a second time, as
// from its own page. Anything else goes once.
func (p *Proxy) ask(req *http.Request) (*http.Response, error) {
	t := taskOf(req.Context())
	if t.ofPage && (p.config.KeepOrigin || isRepeatable(req)) {
		first := req.Clone(req.Context())
		p.asPage(first, t)
		res, err := p.send(first)
		p.learn(t, res, err)
		if p.config.KeepOrigin || !t.turnedAway() || req.Context().Err() != nil {
			return res, err
		}
		if res != nil {
			discard(res)
		}
		t.exchange.Repeated = true
	}
	own := req.Clone(req.Context())
	p.asAPI(own, t)
	return p.send(own)
}

// send sends a request once. NB: net/http sends what has an Idempotency-Key a second time if a connection that it had kept is
// gone; it looks for the name as Go spells it.
func (p *Proxy) send(req *http.Request) (*http.Response, error) {
	if !isSafe(req.Method) {
		for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
			if lines, ok := req.Header[name]; ok {
				delete(req.Header, name)
				req.Header[strings.ToLower(name)] = lines
			}
		}
	}
	return p.transport.RoundTrip(req)
}

// isRepeatable reports whether a request may be sent a second time.
func isRepeatable(req *http.Request) bool {
	for name := range req.Header {
		if header.IsMethodOverrideName(name) {
			return false // for a server that heeds it, the request has another method
		}
	}
	return isSafe(req.Method) && req.Body == nil && !isUpgrade(req.Header)
}

// learn remembers what the API answered to the page, if that is known.
func (p *Proxy) learn(t *task, res *http.Response, err error) {
	var answer fetch.Response
	if err == nil {
		answer = live.ResponseOf(res)
	} else if answer.Error = p.failed(err).kind; answer.Error == "" {
		return
	}
	t.answer = &answer
}

// turnedAway reports whether an answer may be the API's way to refuse the page: an error that the page could not have read, or
// a connection that is closed. A second try would count against whoever signs in, or is told to wait.
func (t *task) turnedAway() bool {
	if t.answer == nil {
		return false
	}
	switch t.answer.Status {
	case http.StatusUnauthorized, http.StatusProxyAuthRequired, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return false
	}
	allowed := false
	for value := range t.answer.Header.Values(header.AllowOrigin) {
		allowed = allowed || value == "*" || value == t.page.String()
	}
	return t.answer.Error == fetch.ErrorReset || t.answer.Status >= 400 && !allowed
}

// asPage makes a request what the browser of the page would send to the API itself.
func (p *Proxy) asPage(req *http.Request, t *task) {
	if req.Header.Get(header.SecFetchSite) != "" {
		req.Header.Set(header.SecFetchSite, siteOf(t.page, p.api))
	}
}

// siteOf is how Sec-Fetch-Site tells the relation of a page to a URL.
//
// https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
func siteOf(page, to origin.Origin) string {
	switch {
	case origin.SameOrigin(page, to):
		return "same-origin"
	case origin.SameSite(page, to):
		return "same-site"
	}
	return "cross-site"
}

// asAPI makes a request what a browser would send for a page of the API itself, which tells its origin where something could be
// changed, and in the handshake of a WebSocket.
//
// https://fetch.spec.whatwg.org/#append-a-request-origin-header
func (p *Proxy) asAPI(req *http.Request, t *task) {
	h := req.Header
	switch {
	case h.Get(header.Origin) == "" || p.config.KeepOrigin && t.ofPage:
	case isSafe(req.Method) && !isUpgrade(h):
		h.Del(header.Origin)
	default:
		h.Set(header.Origin, p.api.String())
	}
	if referer := h.Get(header.Referer); referer != "" {
		h.Set(header.Referer, p.referer(referer, t.self))
	}
	if site := h.Get(header.SecFetchSite); site != "" && site != "none" {
		h.Set(header.SecFetchSite, "same-origin")
	}
	h.Del("Sec-Fetch-Storage-Access") // is about cookies of another site
}

// referer is a Referer of the API's: of a document that came by the proxy its own address, and the root for a page.
func (p *Proxy) referer(value string, self origin.Origin) string {
	u, err := weburl.Parse(value, nil)
	if err != nil || !origin.SameOrigin(origin.Of(u), self) {
		return p.api.String() + "/"
	}
	return p.api.String() + u.RequestTarget()
}

// isUpgrade reports whether a request asks for another protocol, a WebSocket for one.
func isUpgrade(h http.Header) bool { return h.Get("Upgrade") != "" }
