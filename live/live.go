// Package live is the browser's network over net/http: a [fetch.Network] that sends what a browser would send for each request
// of a fetch, once, and nothing more.
//
// What reaches the server differs from a browser's request in this: the order of the header lines is net/http's; PATCH without
// a body has Content-Length: 0; and what an engine adds over HTTP/2 alone (Priority in Chromium, TE in Firefox) is not there.
// Anything else that net/http would send differently is an error.
package live

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// Config says what is fetched, as which browser, and how its servers are reached. Page and Request are required; the zero
// value of every other field is a browser without cookies that sends nothing but preflights, GET and HEAD.
type Config struct {
	// Browser is the name of the profile whose network headers are sent. Empty means standard, which sends Chromium's.
	Browser string

	Page    *fetch.Page    // makes the request: Referer, Sec-Fetch-Site and cookies depend on it
	Request *fetch.Request // what the script asked for: its initiator decides Accept and Sec-Fetch-Dest

	// Body is sent with each request that has one. The Request must say which kind it is; a multipart body brings its own
	// boundary.
	Body []byte

	// Cookie is the value of a Cookie header. It goes to the host of the first URL, with each request that may carry
	// credentials; what attributes its cookies have is not known, and all are taken to go along.
	Cookie string

	// Send lets requests leave that could change something: all but preflights, GET and HEAD. Without it they are
	// [fetch.ErrUnsent], and no connection is made for them.
	Send bool

	Insecure bool           // take any certificate; what a browser would have said of it is the exchange's Problem
	RootCAs  *x509.CertPool // trusted authorities; nil means the system's
	Resolve  []Resolution   // where names lead; connections to them pass by every proxy of the environment

	// Proxy is the URL of a proxy for every request: http, https or socks5, with user info if it wants that. It looks names
	// up itself, so that it excludes Resolve. Empty means that the environment decides.
	Proxy string

	// Getenv reads the environment: http_proxy, https_proxy, all_proxy and no_proxy, in lower or upper case. Nil means an
	// empty environment. They do not apply to loopback.
	Getenv func(string) string

	ConnectTimeout time.Duration // for each connection, TLS included; 0 means 10 seconds
	MaxTime        time.Duration // for the whole fetch, from New on; 0 means 30 seconds
}

const (
	defaultConnectTimeout = 10 * time.Second
	defaultMaxTime        = 30 * time.Second
)

// errMaxTime is why the context of a Network ended when the time is up.
var errMaxTime = errors.New("the time for the fetch is up")

// A Network sends the requests of one fetch, each on a connection of its own. It keeps the cookies that come on the way. Its
// methods may be called one at a time, except for Close, which may come at any moment. Make one with [New].
type Network struct {
	config   Config
	engine   engine
	boundary string // of a multipart body

	ctx    context.Context
	cancel context.CancelFunc

	route     *route
	chain     chain
	referrer  referrer
	cookies   *cookies
	exchanges []Exchange
}

// An Exchange is how one request went.
type Exchange struct {
	Protocol string        // of the response: HTTP/1.1, HTTP/2.0; empty when none came
	Remote   string        // address and port that were connected to, a proxy's if there is one; empty when none was
	Duration time.Duration // until the header of the response had come, or none would
	Problem  string        // why no response came, or what is wrong with a certificate that was taken all the same; else empty
}

// New returns a network for one fetch. It ends with ctx or when MaxTime is over; the caller must Close it. The error tells
// everything that is wrong with the Config.
func New(ctx context.Context, c Config) (*Network, error) {
	if c.Page == nil || c.Request == nil {
		return nil, errors.New("a live network needs a page and a request")
	}
	if c.Getenv == nil {
		c.Getenv = func(string) string { return "" }
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = defaultConnectTimeout
	}
	if c.MaxTime == 0 {
		c.MaxTime = defaultMaxTime
	}
	profile, unknown := profileOf(c.Browser)
	boundary, unfit := bodyBoundary(c.Request, c.Body)
	route, unreachable := newRoute(&c)
	if err := errors.Join(unknown, unfit, unreachable); err != nil {
		return nil, err
	}
	e := engineOf(profile)
	route.ipv4First = e.ipv4First
	n := &Network{
		config:   c,
		engine:   e,
		boundary: boundary,
		route:    route,
		chain:    chain{page: c.Page},
		referrer: newReferrer(c.Page),
		cookies:  newCookies(c.Page, &e, c.Cookie),
	}
	n.ctx, n.cancel = context.WithTimeoutCause(ctx, c.MaxTime, errMaxTime)
	return n, nil
}

func profileOf(name string) (fetch.Profile, error) {
	if name == "" {
		return fetch.Standard(), nil
	}
	profiles := fetch.Profiles()
	i := slices.IndexFunc(profiles, func(p fetch.Profile) bool { return p.Name == name })
	if i < 0 {
		return fetch.Profile{}, fmt.Errorf("invalid browser %q: not standard, chromium, firefox or webkit", name)
	}
	return profiles[i], nil
}

// bodyBoundary holds the body to its kind and returns the boundary of a multipart one.
func bodyBoundary(r *fetch.Request, body []byte) (string, error) {
	switch {
	case len(body) == 0:
		return "", nil
	case r.Body == "" || r.Body == fetch.BodyNone:
		return "", errors.New("invalid body: the request says that it has none")
	case r.Body != fetch.BodyMultipart:
		return "", nil
	}
	// https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
	const longest = 70
	line, _, _ := strings.Cut(string(body[:min(len(body), longest+len("--\r\n"))]), "\r\n")
	boundary, ok := strings.CutPrefix(line, "--")
	if !ok || boundary == "" || len(boundary) > longest || !header.IsValue(boundary) {
		return "", errors.New("invalid body: not multipart/form-data, which begins with a boundary")
	}
	return boundary, nil
}

// Do sends one request and returns the header of its response, or a response with an Error where a browser would fail too. It
// returns [fetch.ErrUnsent] for what may not leave, and any other error for what only this package cannot do; that error
// names the URL without what could be a secret.
func (n *Network) Do(sent *fetch.Sent) (fetch.Response, error) {
	if !n.config.Send && !isSafe(sent) {
		return fetch.Response{}, fetch.ErrUnsent
	}
	at, err := n.chain.follow(sent)
	if err != nil {
		return fetch.Response{}, err
	}
	n.referrer.follow(at, n.engine.capsReferrer)
	res, exchange, err := n.exchange(sent, at, n.headers(sent, at))
	if err != nil {
		return fetch.Response{}, fmt.Errorf("%s %s: %w", sent.Method, shown(at.url), err)
	}
	n.exchanges = append(n.exchanges, exchange)
	if sent.Kind == fetch.KindRequest {
		n.referrer.read(&res)
	}
	if sent.Credentials {
		n.cookies.store(&res, n.visit(sent, at))
	}
	return res, nil
}

// isSafe reports whether a request is one that changes nothing, by its method or for what it is made.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
func isSafe(sent *fetch.Sent) bool {
	return sent.Kind == fetch.KindPreflight || sent.Method == "GET" || sent.Method == "HEAD"
}

// Exchanges tells how the requests went, in their order: unless Ask was called, the one at index i is that of Sent[i] of the
// fetch's trace. The slice is the caller's.
func (n *Network) Exchanges() []Exchange { return slices.Clone(n.exchanges) }

// Close cuts what is under way and lets no more requests leave.
func (n *Network) Close() { n.cancel() }
