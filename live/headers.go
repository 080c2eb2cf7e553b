package live

import (
	"crypto/rand"
	"encoding/base64"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// headers are the lines of one request. A name stands once: browsers join the values of a name that a script set twice.
type headers struct{ header.List }

// add adds a line unless the name is there already, or there is nothing to say.
func (h *headers) add(name, value string) {
	if value != "" && !h.Has(name) {
		h.List = append(h.List, header.Field{Name: name, Value: value})
	}
}

// headers returns the header of a request as it leaves the browser.
func (n *Network) headers(sent *fetch.Sent, at *hop) header.List {
	r, e := n.config.Request, &n.engine
	preflight := sent.Kind == fetch.KindPreflight
	initiator := r.Initiator
	list := &headers{make(header.List, 0, len(sent.Header)+20)}
	for _, field := range sent.Header {
		list.Combine(field.Name, field.Value)
	}
	if e.keepsUserAgent {
		list.Delete(header.UserAgent)
	}
	list.add(header.UserAgent, e.userAgent)
	list.add(header.ContentType, n.contentType(sent))
	if preflight {
		list.add(header.Accept, "*/*") // https://fetch.spec.whatwg.org/#cors-preflight-fetch-0, step 2
	} else {
		list.add(header.Accept, e.accept(initiator))
		n.addRange(list)
	}
	list.add(header.AcceptLanguage, "en-US,en;q=0.9")
	switch {
	case list.Has(header.Range):
		list.add("Accept-Encoding", "identity") // https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch, step 8.18
	case at.url.Scheme == "http":
		list.add("Accept-Encoding", e.acceptEncodingPlain)
	default:
		list.add("Accept-Encoding", e.acceptEncoding)
	}
	if initiator == fetch.InitiatorWebSocket {
		addHandshake(list, e)
	} else {
		list.add("Connection", e.keepAlive)
		if n.referrer.url != nil {
			list.add(header.Referer, n.referrer.url.String())
		}
	}
	n.addCaching(list, sent)
	n.addMetadata(list, sent, at)
	if !preflight && e.mode(r) == fetch.ModeNavigate && (at.url.Scheme == "http" || !e.upgradesHTTPOnly) {
		list.add("Upgrade-Insecure-Requests", "1")
	}
	list.add("Priority", e.priority(initiator, sent.Kind))
	if sent.Credentials {
		list.add(header.Cookie, n.cookies.header(n.visit(sent, at)))
	}
	return list.List
}

// contentType is the type that the body brings, in the spelling of what is really sent.
func (n *Network) contentType(sent *fetch.Sent) string {
	const multipart = "multipart/form-data"
	switch {
	case n.config.Request.Initiator == fetch.InitiatorForm && sent.Method == "POST" && sent.BodyType == "":
		return "application/x-www-form-urlencoded" // an empty form has it too
	case n.config.Request.Initiator == fetch.InitiatorForm && !strings.HasPrefix(sent.BodyType, multipart):
		essence, _, _ := strings.Cut(sent.BodyType, ";")
		return essence // https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-body
	case n.boundary != "" && strings.HasPrefix(sent.BodyType, multipart):
		return multipart + "; boundary=" + n.boundary
	}
	return sent.BodyType
}

// addRange asks for media from the first byte on.
//
// https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource
func (n *Network) addRange(list *headers) {
	if n.config.Request.Initiator == fetch.InitiatorMedia && n.engine.ranges {
		list.add(header.Range, "bytes=0-")
	}
}

// addCaching adds what the cache mode tells to caches on the way.
//
// https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
func (n *Network) addCaching(list *headers, sent *fetch.Sent) {
	r, e := n.config.Request, &n.engine
	preflight := sent.Kind == fetch.KindPreflight
	if preflight && !e.cachesPreflight {
		return
	}
	switch n.cacheMode(list) {
	case fetch.CacheNoCache:
		list.add(header.CacheControl, "max-age=0")
	case fetch.CacheNoStore, fetch.CacheReload:
		list.add(header.Pragma, "no-cache")
		list.add(header.CacheControl, "no-cache")
	}
	form := e.formMaxAge && r.Initiator == fetch.InitiatorForm && sent.Method == "POST"
	beacon := e.beaconMaxAge && r.Initiator == fetch.InitiatorBeacon
	if form || beacon {
		list.add(header.CacheControl, "max-age=0")
	}
}

// cacheMode is the request's cache mode, which a conditional header of the script changes.
func (n *Network) cacheMode(list *headers) fetch.Cache {
	r := n.config.Request
	switch r.Initiator {
	case fetch.InitiatorEventSource, fetch.InitiatorWebSocket:
		return fetch.CacheNoStore
	}
	conditional := false
	for _, name := range [...]string{header.IfModifiedSince, header.IfNoneMatch, header.IfUnmodifiedSince, header.IfMatch, header.IfRange} {
		conditional = conditional || list.Has(name)
	}
	switch {
	case !conditional, r.Cache != "" && r.Cache != fetch.CacheDefault:
		return r.Cache
	case n.engine.validates:
		return fetch.CacheNoCache
	case r.Initiator == fetch.InitiatorXHR && n.engine.profile.XHRKeepsCacheMode:
		return r.Cache
	}
	return fetch.CacheNoStore
}

// addHandshake adds what makes a request a WebSocket handshake.
//
// https://websockets.spec.whatwg.org/#concept-websocket-establish
func addHandshake(list *headers, e *engine) {
	key := make([]byte, 16)
	rand.Read(key)
	list.add("Connection", "Upgrade")
	list.add("Upgrade", "websocket")
	list.add("Sec-WebSocket-Version", "13")
	list.add("Sec-WebSocket-Key", base64.StdEncoding.EncodeToString(key))
	list.add("Sec-WebSocket-Extensions", e.socketExtensions)
}
