package fetch

import "github.com/concors/concors/cors/header"

// Mode is a request's mode.
//
// https://fetch.spec.whatwg.org/#concept-request-mode
type Mode string

// The modes. The zero value stands for the mode that the initiator uses by itself.
const (
	ModeCORS         Mode = "cors"
	ModeNoCORS       Mode = "no-cors"
	ModeSameOrigin   Mode = "same-origin"
	ModeNavigate     Mode = "navigate"
	ModeWebSocket    Mode = "websocket"
	ModeWebTransport Mode = "webtransport"
)

// Credentials is a request's credentials mode.
//
// https://fetch.spec.whatwg.org/#concept-request-credentials-mode
type Credentials string

// The credentials modes. The zero value stands for the one that the initiator uses by itself.
const (
	CredentialsOmit       Credentials = "omit"
	CredentialsSameOrigin Credentials = "same-origin"
	CredentialsInclude    Credentials = "include"
)

// Redirect is a request's redirect mode. The zero value means follow.
//
// https://fetch.spec.whatwg.org/#concept-request-redirect-mode
type Redirect string

// The redirect modes.
const (
	RedirectFollow Redirect = "follow"
	RedirectError  Redirect = "error"
	RedirectManual Redirect = "manual"
)

// Cache is a request's cache mode. The zero value means default.
//
// https://fetch.spec.whatwg.org/#concept-request-cache-mode
type Cache string

// The cache modes.
const (
	CacheDefault      Cache = "default"
	CacheNoStore      Cache = "no-store"
	CacheReload       Cache = "reload"
	CacheNoCache      Cache = "no-cache"
	CacheForceCache   Cache = "force-cache"
	CacheOnlyIfCached Cache = "only-if-cached"
)

// Body is the kind of body that a script gave; it decides the Content-Type and whether the body can be sent twice. The
// zero value means none.
type Body string

// The kinds of body.
const (
	BodyNone       Body = "none"
	BodyText       Body = "text"       // a string
	BodyURLEncoded Body = "urlencoded" // URLSearchParams
	BodyMultipart  Body = "multipart"  // FormData
	BodyJSONBlob   Body = "json-blob"  // a Blob whose type is application/json
	BodyBytes      Body = "bytes"      // an ArrayBuffer or a view
	BodyStream     Body = "stream"     // a ReadableStream
)

// Request is what a script, or an element, asked for. Nothing in it needs to be valid: what a browser would throw for is
// an outcome.
type Request struct {
	URL         string      // as the script wrote it; relative to the page's URL
	Method      string      // as the script wrote it; empty means GET
	Header      header.List // as the script passed it, forbidden names included
	Body        Body
	BodyLength  int // bytes; matters only to a keepalive request
	Mode        Mode
	Credentials Credentials
	Redirect    Redirect
	Cache       Cache
	Initiator   Initiator
	Keepalive   bool

	// UploadListener sets the use-CORS-preflight flag, as a listener on xhr.upload does.
	UploadListener bool

	// Stored is the response that the HTTP cache holds for the URL; the request is then a revalidation. Nil for none.
	Stored *Response
}

// Response is a response as it came, or the reason why none did. The zero value is neither; a response has a status.
type Response struct {
	Status int
	Header header.List // each line its own entry, values as received
	Error  NetworkError
}

// NetworkError is why no response came. The zero value means that one did.
type NetworkError string

// The network errors.
const (
	ErrorRefused NetworkError = "refused"
	ErrorReset   NetworkError = "reset"
	ErrorTimeout NetworkError = "timeout"
	ErrorTLS     NetworkError = "tls"
	ErrorDNS     NetworkError = "dns"
)

// Kind tells a preflight from the request it is made for.
type Kind string

// The kinds of request on the wire.
const (
	KindPreflight Kind = "preflight"
	KindRequest   Kind = "request"
)

// Sent is one request as it left the browser.
type Sent struct {
	Kind   Kind
	Hop    int // 0 for the first URL, one more after each redirect
	Method string
	URL    string

	// Header holds what the browser added for CORS and what the script set, in this order; not what the network layer
	// adds (User-Agent, Accept-Encoding, Cookie, fetch metadata), nor a Content-Type that comes from the body.
	Header header.List

	// BodyType is the Content-Type that comes from the body when the script set none; empty otherwise.
	BodyType string

	Credentials bool     // whether cookies and the like may go along and be stored
	Response    Response // what came back
}
