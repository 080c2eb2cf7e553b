package fetch

import (
	"errors"
	"time"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// A Browser runs fetches one after another and keeps its CORS-preflight cache between them. It is not safe for concurrent
// use. Make one with [NewBrowser].
type Browser struct {
	profile Profile
	cache   preflightCache
}

// NewBrowser returns a browser with an empty CORS-preflight cache.
func NewBrowser(p Profile) *Browser { return &Browser{profile: p} }

// Profile returns the browser's profile.
func (b *Browser) Profile() Profile { return b.profile }

// ErrUnsent is what a [Network] returns for a request that it was told not to send; the fetch then ends as [Unsent].
var ErrUnsent = errors.New("the request was not sent")

// Fetch makes a request from a page and returns what happened. The time, since any fixed start, is when the request is
// made; it decides which entries of the preflight cache are still good, and must not go backwards. The page and the
// request are read, not kept or changed, but the trace points to them.
//
// An error means that the network could not tell what the answer would have been; the trace then ends there.
func (b *Browser) Fetch(page *Page, script *Request, net Network, now time.Duration) (*Trace, error) {
	trace := &Trace{Browser: b.profile.Name, Request: script, Page: page, CORS: CORSNone, Steps: make([]Step, 0, 64)}
	f := &fetcher{browser: b, network: net, now: now}
	f.tracer = tracer{Trace: trace, profile: &b.profile, on: OnPage}
	req, ok := f.construct(script)
	if !ok {
		trace.Outcome = Invalid
		return trace, nil
	}
	f.req = req
	f.classify()
	res := f.mainFetch(false)
	if res.failed && req.tainting == taintingCORS && b.profile.CacheClears == ClearAlways && !f.failedByRedirect() {
		f.clearCacheEntries()
	}
	trace.Outcome = f.outcome(res)
	if f.err != nil && !errors.Is(f.err, ErrUnsent) {
		return trace, f.err
	}
	return trace, nil
}

// fetcher is the state of one fetch: the Standard's fetch params.
type fetcher struct {
	tracer
	browser *Browser
	network Network
	now     time.Duration
	req     *request
	err     error    // the network's; ends the fetch
	late    *Failure // found before the preflight and told after it
}

// failedByRedirect reports whether the fetch failed for a redirect that it was told not to follow.
func (f *fetcher) failedByRedirect() bool {
	return f.Failure != nil && f.Failure.ID == RedirectModeError
}

// request is the Standard's request, after the script's part is done.
//
// https://fetch.spec.whatwg.org/#concept-request
type request struct {
	script    *Request
	feature   feature
	initiator Initiator

	method      string
	urls        []*weburl.URL
	origins     []origin.Origin // of urls
	header      header.List     // author headers; the Content-Type of the body is apart
	bodyType    string
	body        Body
	mode        Mode
	credentials Credentials
	redirect    Redirect
	cache       Cache

	tainting         tainting
	useCORSPreflight bool
	redirectCount    int
	referrerPolicy   ReferrerPolicy
	taint            redirectTaint // cached: recomputed when a URL is appended
	taintedOrigin    origin.Origin // stands for the origin of a tainted chain
	timingFailed     bool

	// What an engine keeps of the request as it was first made; see the switches that read it.
	original        header.List
	strippedBody    bool // by the redirect that led to the current URL
	strippedAuth    bool
	preflightCalled bool
	preflightNames  []string
	hidden          bool   // the Origin header tells null from now on
	storageOrigin   bool   // the request told its Origin because of the cookies that it could ask for
	sentOrigin      string // the Origin header that the request carries within an origin
}

// tainting is a request's response tainting.
//
// https://fetch.spec.whatwg.org/#concept-request-response-tainting
type tainting int

const (
	taintingBasic tainting = iota
	taintingCORS
	taintingOpaque
)

func (r *request) url() *weburl.URL             { return r.urls[len(r.urls)-1] }
func (r *request) currentOrigin() origin.Origin { return r.origins[len(r.origins)-1] }
func (r *request) credentialed() bool           { return r.credentials == CredentialsInclude }
func (r *request) isNavigation() bool           { return r.mode == ModeNavigate }
func (r *request) streams() bool                { return r.body == BodyStream }
func (r *request) hasBody() bool                { return r.body != BodyNone }
func (r *request) includesCredentials() bool {
	return r.credentialed() || r.credentials == CredentialsSameOrigin && r.tainting == taintingBasic
}

// append adds a URL to the request's URL list.
func (r *request) append(u *weburl.URL) {
	r.urls = append(r.urls, u)
	r.origins = append(r.origins, origin.Of(u))
}

// headersOnWire is the header list with the body's Content-Type, which the algorithms see and the trace shows apart.
func (r *request) headersOnWire() header.List { return withBodyType(r.header, r.bodyType) }

func withBodyType(list header.List, bodyType string) header.List {
	if bodyType == "" {
		return list
	}
	return append(list[:len(list):len(list)], header.Field{Name: header.ContentType, Value: bodyType})
}

// response is a response inside the model: the Standard's, or a network error.
type response struct {
	*Response
	failed         bool
	manual         bool // a redirect that is itself the response
	dataURL        bool
	stored         bool // from the HTTP cache
	rangeRequested bool
	credentials    bool // request-includes-credentials
}

func (r *response) isRedirect() bool { return !r.failed && isRedirectStatus(r.Status) }

func isRedirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

func isOKStatus(status int) bool { return 200 <= status && status <= 299 }

// outcome names what the finished fetch comes to.
func (f *fetcher) outcome(res *response) Outcome {
	switch {
	case errors.Is(f.err, ErrUnsent):
		return Unsent
	case f.Failure != nil && f.Failure.ID == LNAPermissionRequired:
		return Prompt
	case res.failed:
		return Blocked
	case f.Response.Type == "opaque", f.Response.Type == "opaqueredirect":
		return Opaque
	case f.req.isNavigation() && !origin.SameOrigin(f.Page.Origin, f.req.currentOrigin()):
		return Opaque // the document is shown, and is not the page's to read
	}
	return Allowed
}
