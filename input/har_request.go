package input

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// leftOut stands for the value of a header that the recording names and does not show.
const leftOut = "***"

// fetch is what a chain tells of a fetch.
func (c *chain) fetch(a *archive) RecordedFetch {
	var f RecordedFetch
	manual := c.notFollowed()
	if manual {
		f.Request.Redirect = fetch.RedirectManual
		f.note("The redirect was not followed, and the browser recorded no error: redirect mode manual is assumed.")
	}
	f.dropInternalRedirects(c)
	f.page(c, a)
	f.request(c)
	for _, hop := range c.hops {
		h := Hop{URL: hop.url, Request: hop.exchange()}
		if hop.preflight != nil {
			preflight := hop.preflight.exchange()
			h.Preflight = &preflight
		}
		switch {
		case hop.statusLost():
			f.note("The recording has the headers of the response without its status: 200 is assumed.")
		case hop.refreshes() && h.Request.Missing == "":
			f.note("The answer was 304: the stored response that it refreshed is assumed to have its headers, and status 200.")
		}
		f.Hops = append(f.Hops, h)
	}
	f.credentials(c, a.tellsStorageAccess)
	f.End = c.last().recordedEnd()
	if c.last().leadsOn() && !manual && f.End.Reached == fetch.Yes {
		// Chromium records no error for a redirect to an app's scheme, followed or not.
		f.End.Reached = fetch.Unset
		f.note("The recording does not tell whether the redirect was to be followed: it is assumed.")
	}
	return f
}

func (f *RecordedFetch) note(format string, args ...any) {
	f.Notes = append(f.Notes, fmt.Sprintf(format, args...))
}

// dropInternalRedirects drops hops that the browser made up: an upgrade to https by HSTS, a redirect by an extension.
func (f *RecordedFetch) dropInternalRedirects(c *chain) {
	for len(c.hops) > 1 {
		reason, made := c.hops[0].got.Get("Non-Authoritative-Reason")
		if !made {
			return
		}
		f.note("The browser itself redirected the request before it was sent (%s): it is judged from there on.", shorten(reason))
		c.hops = c.hops[1:]
	}
}

// page finds out which page made the request.
func (f *RecordedFetch) page(c *chain, a *archive) {
	first := c.hops[0]
	var named []string // what says the page, the surest first
	for _, hop := range c.hops {
		for _, e := range []*entry{hop.entry, hop.preflight} {
			if e == nil {
				continue
			}
			// A redirect makes the origin null; that of the first URL is the page's.
			if o, ok := e.sent.Get(header.Origin); ok && (o != "null" || hop == first) {
				named = append(named, o)
			}
		}
	}
	if site, _ := first.sent.Get(header.SecFetchSite); site == "same-origin" {
		named = append(named, first.url)
	}
	referer, _ := first.sent.Get(header.Referer)
	for _, s := range append(named, referer) {
		if page, err := fetch.NewPage(s); err == nil && (s == "null" || !page.Origin.IsOpaque()) {
			f.Page = &page
			return
		}
	}
	if page, err := fetch.NewPage(a.pages[first.entry.page]); err == nil && !page.Origin.IsOpaque() {
		f.Page = &page
		f.note("The request does not name its page: the one that the recording was made of is assumed.")
		return
	}
	f.note("The recording does not tell which page made the request.")
}

// request fills in what the script or the element asked for.
func (f *RecordedFetch) request(c *chain) {
	first, r := c.hops[0], &f.Request
	r.URL, r.Method = first.url, first.method
	r.Initiator = first.initiator()
	r.Mode = first.mode(r.Initiator, f.Page)
	if r.Initiator != fetch.InitiatorFetch && r.Initiator != fetch.InitiatorXHR {
		return
	}
	if first.body && r.Method != http.MethodGet && r.Method != http.MethodHead {
		r.Body = fetch.BodyText
	}
	var asked []string
	if first.preflight != nil {
		asked = first.preflight.askedNames()
	}
	r.Header = scriptHeaders(first.sent, asked)
	for _, name := range asked {
		if !r.Header.Has(name) {
			r.Header = append(r.Header, header.Field{Name: name, Value: leftOut})
			f.note("The recording leaves out the value of %s, which the preflight asked for.", shorten(name))
		}
	}
	if first.preflight == nil {
		return
	}
	// The method and the headers tell why a preflight was made; if they do not, it was forced.
	r.Header = slices.DeleteFunc(r.Header, func(field header.Field) bool {
		return !header.IsSafelistedRequestName(field.Name) && !slices.Contains(asked, header.Lower(field.Name))
	})
	if len(asked) > 0 || !isSafelistedMethod(r.Method) {
		return
	}
	if first.preflight.sent.Has(header.RequestPrivateNetwork) {
		first.preflight = nil
		f.note("The preflight was about access to a private network: it is left out.")
		return
	}
	r.UploadListener = true
	f.note("Neither the method nor a header calls for the preflight: a listener for upload progress is assumed.")
}

// isSafelistedMethod reports whether a method needs no preflight.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func isSafelistedMethod(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodPost
}

// initiator is the feature that made a request: by its destination where only that tells, else by Chromium's resource
// type, else by the destination.
func (e *entry) initiator() fetch.Initiator {
	destination, _ := e.sent.Get(header.SecFetchDest)
	switch destination {
	case "worker", "sharedworker", "serviceworker":
		return fetch.InitiatorWorker
	}
	switch e.kind {
	case "fetch":
		return fetch.InitiatorFetch
	case "xhr":
		return fetch.InitiatorXHR
	case "eventsource":
		return fetch.InitiatorEventSource
	case "websocket":
		return fetch.InitiatorWebSocket
	case "webtransport":
		return fetch.InitiatorWebTransport
	case "ping":
		return fetch.InitiatorBeacon
	case "csp-violation-report":
		return fetch.InitiatorReport
	case "stylesheet":
		return fetch.InitiatorStyle
	case "texttrack":
		return fetch.InitiatorTrack
	case "script", "image", "media", "font", "manifest":
		destination = e.kind
	}
	switch destination {
	case "script", "audioworklet", "paintworklet":
		return fetch.InitiatorScript
	case "image":
		return fetch.InitiatorImage
	case "media", "audio", "video":
		return fetch.InitiatorMedia
	case "font":
		return fetch.InitiatorFont
	case "manifest":
		return fetch.InitiatorManifest
	case "style":
		return fetch.InitiatorStyle
	case "track":
		return fetch.InitiatorTrack
	case "report":
		return fetch.InitiatorReport
	}
	u, err := weburl.Parse(e.url, nil)
	switch {
	case err == nil && (u.Scheme == "ws" || u.Scheme == "wss"):
		return fetch.InitiatorWebSocket
	case err == nil && u.HasCredentials():
		return fetch.InitiatorXHR // fetch() refuses such a URL
	}
	return fetch.InitiatorFetch
}

// mode is the mode of a request, or the zero value for that of its initiator. Browsers tell it to servers, but not over plain
// http; then the Origin header tells, which a GET has in mode cors only.
func (e *recordedHop) mode(i fetch.Initiator, page *fetch.Page) fetch.Mode {
	switch mode, _ := e.sent.Get(header.SecFetchMode); fetch.Mode(mode) {
	case fetch.ModeCORS, fetch.ModeNoCORS, fetch.ModeSameOrigin, fetch.ModeWebSocket:
		return fetch.Mode(mode)
	}
	safe := e.method == http.MethodGet || e.method == http.MethodHead
	switch i {
	case fetch.InitiatorFetch:
		if safe && page != nil && !e.at(page.Origin) && e.whole && !e.sent.Has(header.Origin) {
			return fetch.ModeNoCORS
		}
		return fetch.ModeCORS
	case fetch.InitiatorImage, fetch.InitiatorScript, fetch.InitiatorStyle, fetch.InitiatorMedia:
		if e.preflight != nil || safe && e.sent.Has(header.Origin) {
			return fetch.ModeCORS
		}
	}
	return ""
}

// at reports whether the entry's URL is of an origin.
func (e *entry) at(page origin.Origin) bool {
	o, err := origin.FromURL(httpURL(e.url))
	return err == nil && origin.SameOrigin(o, page)
}

// storageAccess goes with requests that may carry cookies to another site, and with no others.
//
// https://privacycg.github.io/storage-access-headers/#sec-fetch-storage-access-header
const storageAccess = "Sec-Fetch-Storage-Access"

// credentials finds out whether cookies were allowed to go along to another origin than the page's. Told says that the browser
// sends Sec-Fetch-Storage-Access.
func (f *RecordedFetch) credentials(c *chain, told bool) {
	r := &f.Request
	if r.Mode == fetch.ModeNoCORS || r.Mode == fetch.ModeSameOrigin || f.Page == nil {
		return
	}
	f.MaybeCredentialed = true
	for _, hop := range c.hops {
		site, _ := hop.sent.Get(header.SecFetchSite)
		switch {
		case hop.at(f.Page.Origin):
		case hop.cookie, hop.sent.Has(storageAccess):
			f.MaybeCredentialed = false
			r.Credentials = fetch.CredentialsInclude
			return
		case told && site == "cross-site":
			f.MaybeCredentialed = false
		}
	}
}
