package input

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// A wireRequest is a request as it went over the wire. What the page's script asked for is read back from it.
type wireRequest struct {
	line    int
	url     string
	method  string
	header  header.List
	body    []byte
	hasBody bool
	copied  bool // from a browser for sure
}

// call takes out again what the browser added, and keeps what it tells: who asked, how, and with which credentials.
func (w *wireRequest) call() (*Call, error) {
	c := &Call{Line: w.line, Body: w.body, Request: fetch.Request{URL: w.url, Method: w.method}}
	if err := w.page(c); err != nil {
		return nil, err
	}
	w.initiator(&c.Request)
	if w.isPreflight() {
		return c, w.asPreflight(c)
	}
	if scripted(c.Request.Initiator) {
		w.scriptHeaders(c)
	}
	if w.hasBody {
		w.setBody(&c.Request)
	}
	w.credentials(c)
	return c, nil
}

// page reads the page that made the request. Its URL is known only where the referrer policy let it through.
func (w *wireRequest) page(c *Call) error {
	from, hasOrigin := w.header.Get(header.Origin)
	referer, hasReferer := w.header.Get(header.Referer)
	of, err := origin.FromURL(referer)
	usable := hasReferer && err == nil && !of.IsOpaque()
	switch {
	case hasReferer && !usable:
		c.note("The Referer header is not the URL of a page, and is left out.")
	case usable && (!hasOrigin || of.String() == from):
		c.Page = referer
		return nil
	}
	switch {
	case !hasOrigin:
	case from == "null":
		c.Page = from
		c.note("Origin is null, as a sandboxed frame sends it; after a redirect to another origin any page does.")
	default:
		o, err := origin.FromURL(from)
		if err != nil || o.String() != from {
			return &Error{Line: w.line, Path: header.Origin, Value: showURL(from), Reason: "want an origin such as https://example.com, or null"}
		}
		c.Page = from
	}
	return nil
}

// initiator tells from fetch metadata what made the request. Without it, which is how Chromium sends to http origins, it
// was fetch() as far as anybody can know.
//
// https://w3c.github.io/webappsec-fetch-metadata/
func (w *wireRequest) initiator(r *fetch.Request) {
	mode, _ := w.header.Get(header.SecFetchMode)
	dest, _ := w.header.Get(header.SecFetchDest)
	upgrade, _ := w.header.Get("Upgrade")
	switch {
	case mode == "websocket", header.EqualFold(upgrade, "websocket"):
		r.Initiator = fetch.InitiatorWebSocket
		return
	case mode == "webtransport":
		r.Initiator = fetch.InitiatorWebTransport
		return
	case w.isEventSource():
		r.Initiator = fetch.InitiatorEventSource
	default:
		r.Initiator = initiatorOf(dest)
	}
	switch m := fetch.Mode(mode); m {
	case fetch.ModeCORS, fetch.ModeNoCORS, fetch.ModeSameOrigin:
		r.Mode = m
	case fetch.ModeNavigate:
		switch {
		case r.Initiator == fetch.InitiatorIframe:
		case w.method == "POST":
			r.Initiator = fetch.InitiatorForm
		default:
			r.Initiator = fetch.InitiatorLink
		}
	}
}

// initiatorOf returns what makes requests of a destination, as Sec-Fetch-Dest has it; "" for those that scripts make.
//
// https://fetch.spec.whatwg.org/#concept-request-destination
func initiatorOf(destination string) fetch.Initiator {
	switch destination {
	case "image":
		return fetch.InitiatorImage
	case "script":
		return fetch.InitiatorScript
	case "audioworklet", "paintworklet", "json", "text":
		return fetch.InitiatorModuleScript
	case "style":
		return fetch.InitiatorStyle
	case "font":
		return fetch.InitiatorFont
	case "audio", "video":
		return fetch.InitiatorMedia
	case "track":
		return fetch.InitiatorTrack
	case "manifest":
		return fetch.InitiatorManifest
	case "report":
		return fetch.InitiatorReport
	case "worker", "sharedworker", "serviceworker":
		return fetch.InitiatorWorker
	case "iframe", "frame", "object", "embed":
		return fetch.InitiatorIframe
	case "document":
		return fetch.InitiatorLink
	}
	return ""
}

// isEventSource recognises the headers that an EventSource sends by itself, which from a script would need a preflight.
//
// https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
func (w *wireRequest) isEventSource() bool {
	accept, _ := w.header.Get(header.Accept)
	cache, _ := w.header.Get(header.CacheControl)
	return accept == "text/event-stream" && cache == "no-cache" && w.fromBrowser()
}

// scripted reports whether a script chooses headers for what the initiator requests; "" is fetch().
func scripted(i fetch.Initiator) bool {
	return i == "" || i == fetch.InitiatorFetch || i == fetch.InitiatorXHR
}

// scriptHeaders keeps the headers that only a script can have set.
func (w *wireRequest) scriptHeaders(c *Call) {
	reload := w.bypassesCache()
	for _, f := range w.header {
		switch {
		case header.IsForbiddenRequestName(f.Name), isBrowserName(f.Name), w.fromBrowser() && isVendorName(f.Name):
		case header.EqualFold(f.Name, header.Accept) && f.Value == "*/*":
		case reload && (header.EqualFold(f.Name, header.CacheControl) || header.EqualFold(f.Name, header.Pragma)):
		case w.fromBrowser() && isConditionalName(f.Name):
			c.note(f.Name + " is left out: a browser adds it by itself when its cache holds the response.")
		default:
			c.Request.Header = append(c.Request.Header, f)
		}
	}
	if reload {
		c.note("Cache-Control and Pragma are left out: a browser adds them by itself while its cache is off.")
	}
}

// bypassesCache reports whether the two headers are there that the cache modes no-store and reload add, and so does
// "Disable cache" in developer tools.
//
// https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
func (w *wireRequest) bypassesCache() bool {
	cache, _ := w.header.Get(header.CacheControl)
	pragma, _ := w.header.Get(header.Pragma)
	return cache == "no-cache" && pragma == "no-cache"
}

// fromBrowser reports whether a browser sent the request: only the copy of one has fetch metadata or such a User-Agent.
func (w *wireRequest) fromBrowser() bool {
	agent, _ := w.header.Get(header.UserAgent)
	return w.copied || strings.HasPrefix(agent, "Mozilla/") || slices.ContainsFunc(w.header, func(f header.Field) bool {
		return strings.HasPrefix(header.Lower(f.Name), "sec-")
	})
}

// setBody gives the request its kind of body: the one that makes the Content-Type by itself, or else the one that makes
// none that the header would not override.
func (w *wireRequest) setBody(r *fetch.Request) {
	r.BodyLength = len(w.body)
	value, ok := w.header.Get(header.ContentType)
	kind, own := bodyKind(value)
	switch {
	case !ok:
		r.Body = fetch.BodyBytes
	case own:
		r.Body = kind
		r.Header.Delete(header.ContentType)
	case r.Initiator == fetch.InitiatorForm:
		r.Body = formBody(value)
	default:
		r.Body = fetch.BodyText
	}
}

// bodyKind returns the kind of body that brings the Content-Type when a script sets none.
//
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func bodyKind(contentType string) (fetch.Body, bool) {
	essence, _ := header.ParseMIMEEssence(contentType)
	switch {
	case header.EqualFold(contentType, "text/plain;charset=UTF-8"):
		return fetch.BodyText, true
	case header.EqualFold(contentType, "application/x-www-form-urlencoded;charset=UTF-8"):
		return fetch.BodyURLEncoded, true
	case essence == "multipart/form-data" && strings.Contains(header.Lower(contentType), "boundary="):
		return fetch.BodyMultipart, true
	}
	return "", false
}

// formBody returns the kind of body that a form's enctype makes.
func formBody(contentType string) fetch.Body {
	if essence, _ := header.ParseMIMEEssence(contentType); essence == "text/plain" {
		return fetch.BodyText
	}
	return fetch.BodyURLEncoded
}

// credentials reads the credentials mode off the cookies. Where the initiator fixes the mode, there is nothing to read;
// nor does it matter between equal origins.
func (w *wireRequest) credentials(c *Call) {
	c.Cookie = strings.Join(slices.Collect(w.header.Values(header.Cookie)), "; ")
	r := &c.Request
	chosen := scripted(r.Initiator) || r.Mode == fetch.ModeCORS
	switch {
	case !chosen || w.sameOrigin(c.Page):
	case c.Cookie != "":
		r.Credentials = fetch.CredentialsInclude
		c.note("Cookies were sent, so credentials are taken as include.")
	case scripted(r.Initiator) && w.fromBrowser():
		c.note("No cookie was sent, so credentials are taken as same-origin.")
	}
}

func (w *wireRequest) sameOrigin(page string) bool {
	u, err := weburl.Parse(w.url, nil)
	from, pageErr := origin.FromURL(page)
	return err == nil && pageErr == nil && origin.SameOrigin(origin.Of(u), from)
}

// isPreflight reports whether the request is a preflight.
//
// https://fetch.spec.whatwg.org/#cors-preflight-request
func (w *wireRequest) isPreflight() bool {
	return w.method == "OPTIONS" && w.header.Has(header.Origin) && w.header.Has(header.RequestMethod)
}

// asPreflight turns a preflight into the request that it asks for.
func (w *wireRequest) asPreflight(c *Call) error {
	method, _ := w.header.Get(header.RequestMethod)
	names, _, bad := header.ExtractTokens(w.header, header.RequestHeaders)
	if bad != "" {
		return &Error{Line: w.line, Path: header.RequestHeaders, Value: show(bad), Reason: "want a list of header names"}
	}
	c.Body = nil
	c.Request.Method, c.Request.Initiator, c.Request.Mode = method, "", fetch.ModeCORS
	for _, name := range names {
		c.Request.Header = append(c.Request.Header, header.Field{Name: name, Value: unsafeValue(name)})
	}
	c.note("This is a preflight, read as the request that it asks for: the values of its headers, its body and its credentials are unknown.")
	return nil
}

// unknown stands for a header value that the text does not tell.
const unknown = "unknown"

// unsafeValue returns a value with which a header of this name needs a preflight: a name is in one only if it did.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func unsafeValue(name string) string {
	switch {
	case header.EqualFold(name, header.ContentType):
		return "application/json"
	case header.IsNoCORSSafelistedName(name):
		return `"` + unknown + `"` // no safelisted value has a quotation mark
	}
	return unknown // which is no range
}

// note adds a sentence about what was assumed or left out, once.
func (c *Call) note(sentence string) {
	if !slices.Contains(c.Notes, sentence) {
		c.Notes = append(c.Notes, sentence)
	}
}
