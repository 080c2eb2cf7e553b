package live

import (
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// An engine is what a browser's network layer adds to requests, as observed in the version that its User-Agent names. The code
// that adds it reads switches, never the engine's name.
type engine struct {
	profile fetch.Profile

	userAgent           string
	keepsUserAgent      bool // what script set does not replace it
	hints               header.List
	acceptEncoding      string
	acceptEncodingPlain string // over http
	keepAlive           string // the spelling in Connection

	acceptDocument, acceptImage, acceptVideo, acceptFont string

	priorities       bool // requests carry Priority
	ranges           bool // media is asked for with Range
	cachesPreflight  bool // a preflight carries what the cache mode adds
	validates        bool // after a conditional header that script set, caches are asked to validate rather than passed by
	formMaxAge       bool // posting a form adds Cache-Control: max-age=0
	beaconMaxAge     bool // a beacon does
	upgradesHTTPOnly bool // Upgrade-Insecure-Requests goes to http alone

	socketAccept     string // of a WebSocket handshake; empty for none
	socketMetadata   bool   // a WebSocket handshake carries fetch metadata
	socketDest       string // and this as its Sec-Fetch-Dest
	socketExtensions string

	sitesOverTLS   bool // see chain.siteOverTLS
	losesMetadata  bool // a cors request has no fetch metadata once a redirect led it to another origin
	storageAccess  bool // requests with credentials to another site carry Sec-Fetch-Storage-Access
	storageAlways  bool // their preflights and WebSocket handshakes too
	capsReferrer   bool // see referrer.follow
	redirectsCount bool // a chain that left another site makes a request cross-site for SameSite
	partitions     bool // Partitioned cookies of other sites are kept even where others are blocked
	ipv4First      bool // localhost is 127.0.0.1 before it is ::1
}

// engineOf returns the engine behind a profile. The Standard leaves most of this to the browser: its profile gets Chromium's,
// with the Standard's own view of what a script may set and of cookies after redirects.
func engineOf(p fetch.Profile) engine {
	switch p.Name {
	case fetch.Firefox().Name:
		return firefox(p)
	case fetch.WebKit().Name:
		return webkit(p)
	case fetch.Chromium().Name:
		return chromium(p)
	}
	e := chromium(p)
	e.keepsUserAgent, e.redirectsCount = false, true
	return e
}

func chromium(p fetch.Profile) engine {
	return engine{
		profile:        p,
		userAgent:      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
		keepsUserAgent: true,
		hints: header.List{
			{Name: "sec-ch-ua", Value: `"Not:A-Brand";v="8", "Chromium";v="156"`},
			{Name: "sec-ch-ua-mobile", Value: "?0"},
			{Name: "sec-ch-ua-platform", Value: `"Linux"`},
		},
		acceptEncoding:      "gzip, deflate, br, zstd",
		acceptEncodingPlain: "gzip, deflate, br, zstd",
		keepAlive:           "keep-alive",
		acceptDocument: "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8," +
			"application/signed-exchange;v=b3;q=0.7",
		acceptImage:      "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
		acceptVideo:      "*/*",
		acceptFont:       "*/*",
		ranges:           true,
		cachesPreflight:  true,
		validates:        true,
		formMaxAge:       true,
		socketExtensions: "permessage-deflate; client_max_window_bits",
		storageAccess:    true,
		partitions:       true,
	}
}

func firefox(p fetch.Profile) engine {
	return engine{
		profile:             p,
		userAgent:           "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
		acceptEncoding:      "gzip, deflate, br, zstd",
		acceptEncodingPlain: "gzip, deflate, br, zstd",
		keepAlive:           "keep-alive",
		acceptDocument:      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		acceptImage:         "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
		acceptVideo:         "video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5",
		acceptFont:          "application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8",
		priorities:          true,
		ranges:              true,
		cachesPreflight:     true,
		socketAccept:        "*/*",
		socketMetadata:      true,
		socketDest:          "empty",
		socketExtensions:    "permessage-deflate",
		sitesOverTLS:        true,
		storageAccess:       true,
		storageAlways:       true,
		capsReferrer:        true,
		redirectsCount:      true,
		partitions:          true,
		ipv4First:           true,
	}
}

// webkit is WebKitGTK. NB: it fetches media through another library, whose requests are not what is sent here.
func webkit(p fetch.Profile) engine {
	return engine{
		profile:             p,
		userAgent:           "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15",
		acceptEncoding:      "gzip, deflate, br",
		acceptEncodingPlain: "gzip, deflate",
		keepAlive:           "Keep-Alive",
		acceptDocument:      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		acceptImage:         "image/webp,image/avif,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
		acceptVideo:         "*/*",
		acceptFont:          "*/*",
		beaconMaxAge:        true,
		upgradesHTTPOnly:    true,
		socketMetadata:      true,
		socketDest:          "websocket",
		socketExtensions:    "permessage-deflate; client_max_window_bits",
		losesMetadata:       true,
	}
}

// accept is what a request for the resource of an initiator accepts.
func (e *engine) accept(i fetch.Initiator) string {
	switch i {
	case fetch.InitiatorImage, fetch.InitiatorCSSImage:
		return e.acceptImage
	case fetch.InitiatorStyle:
		return "text/css,*/*;q=0.1"
	case fetch.InitiatorMedia:
		return e.acceptVideo
	case fetch.InitiatorFont:
		return e.acceptFont
	case fetch.InitiatorEventSource:
		return "text/event-stream"
	case fetch.InitiatorForm, fetch.InitiatorLink, fetch.InitiatorIframe:
		return e.acceptDocument
	case fetch.InitiatorWebSocket:
		return e.socketAccept
	}
	return "*/*"
}

// priority is the value of Priority; empty for none. NB: that of an image depends on the layout too.
func (e *engine) priority(i fetch.Initiator, kind fetch.Kind) string {
	if !e.priorities {
		return ""
	}
	switch i {
	case fetch.InitiatorXHR, fetch.InitiatorScript, fetch.InitiatorModuleScript, fetch.InitiatorFont, fetch.InitiatorWebSocket:
		return ""
	case fetch.InitiatorImage, fetch.InitiatorCSSImage:
		return "u=5, i"
	case fetch.InitiatorStyle:
		return "u=2"
	case fetch.InitiatorForm, fetch.InitiatorLink:
		return "u=0, i"
	case fetch.InitiatorBeacon:
		if kind == fetch.KindRequest {
			return "u=6"
		}
	}
	return "u=4"
}

// destination is a request's destination as Sec-Fetch-Dest tells it.
//
// https://fetch.spec.whatwg.org/#concept-request-destination
func (e *engine) destination(i fetch.Initiator) string {
	switch i {
	case fetch.InitiatorImage, fetch.InitiatorCSSImage:
		return "image"
	case fetch.InitiatorScript, fetch.InitiatorModuleScript:
		return "script"
	case fetch.InitiatorStyle, fetch.InitiatorFont, fetch.InitiatorTrack, fetch.InitiatorWorker, fetch.InitiatorManifest,
		fetch.InitiatorReport, fetch.InitiatorIframe:
		return string(i)
	case fetch.InitiatorMedia:
		return "video"
	case fetch.InitiatorForm, fetch.InitiatorLink:
		return "document"
	case fetch.InitiatorWebSocket:
		return e.socketDest
	}
	return "empty"
}

// mode is the mode of the request itself.
//
// https://fetch.spec.whatwg.org/#concept-request-mode
func (e *engine) mode(r *fetch.Request) fetch.Mode {
	switch r.Initiator {
	case fetch.InitiatorForm, fetch.InitiatorLink, fetch.InitiatorIframe:
		return fetch.ModeNavigate
	case fetch.InitiatorWebSocket:
		return fetch.ModeWebSocket
	case fetch.InitiatorWorker:
		return fetch.ModeSameOrigin
	case fetch.InitiatorImage, fetch.InitiatorScript, fetch.InitiatorStyle, fetch.InitiatorMedia:
		if r.Mode != fetch.ModeCORS {
			return fetch.ModeNoCORS
		}
	case fetch.InitiatorTrack:
		if r.Mode != fetch.ModeCORS {
			return fetch.ModeSameOrigin
		}
	case fetch.InitiatorFont:
		if e.profile.FontsWithoutCORS {
			return fetch.ModeNoCORS
		}
	case fetch.InitiatorBeacon:
		if r.Body != fetch.BodyJSONBlob {
			return fetch.ModeNoCORS // https://w3c.github.io/beacon/#sendbeacon-method
		}
	case fetch.InitiatorFetch, "":
		if r.Mode != "" {
			return r.Mode
		}
	}
	return fetch.ModeCORS
}
