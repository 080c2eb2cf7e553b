package policyfile

import (
	"net/netip"
	"time"

	"github.com/concors/concors/cors/header"
)

// A Gateway says how the gateway serves: everything that is not about a single route. Empty fields leave the choice to it.
type Gateway struct {
	Listen []string // addresses, host:port each; a host may be empty for all
	TLS    *TLS     // nil for plain HTTP

	// Admin, Metrics and Health are the addresses of listeners of their own, empty for none. What is not of this machine
	// has to be written out.
	Admin, Metrics, Health string

	// Storage is the folder for certificates and keys that the gateway gets by itself. Nothing is written without one.
	Storage string

	// TrustedProxies are those whose Forwarded headers tell the client's address.
	TrustedProxies []netip.Prefix

	// AccessLog is where a line for each request goes: stdout, stderr or a file; empty for nowhere.
	AccessLog string

	// Tracing makes requests part of traces of OpenTelemetry. Where they are sent the environment says: OTEL_EXPORTER_OTLP_ENDPOINT
	// and its like.
	Tracing bool

	// Drain is how long requests in flight have when the gateway stops.
	Drain time.Duration

	Limits Limits
}

// Limits bound what a client may take. Zero leaves the choice to the gateway.
type Limits struct {
	ReadHeader, ReadBody, Write, Idle time.Duration
	HeaderBytes                       int
}

// TLS says where certificates come from; exactly one of ACME, Certificate and Local is set.
type TLS struct {
	ACME        *ACME
	Certificate string // PEM file with the chain; Key is its key
	Key         string
	Local       bool // from a certificate authority of this machine, for development

	// RedirectFrom is the address whose plain HTTP requests are redirected here, empty for none.
	RedirectFrom string

	HTTP3 bool // beside HTTP/1.1 and HTTP/2
}

// ACME says whom to ask for certificates.
type ACME struct {
	Email     string
	Directory string // URL; empty for that of Let's Encrypt
	Root      string // PEM file with the authority that the directory's own certificate is of; empty for the system's
}

// An Upstream is the servers that answer a route.
type Upstream struct {
	To      []string // origins: scheme, host and port; all of one scheme
	Balance Balance
	Health  *HealthCheck // nil for none

	// Retries is how often a request that could not be sent is sent to another server.
	Retries int

	// Connect bounds connecting, and Response the time up to the header of the response. Zero leaves the choice to the
	// gateway.
	Connect, Response time.Duration

	// Host is what the servers see as Host: that of the request, or their own if it is set.
	OwnHost bool

	// CA is a PEM file with the authority that the servers' certificates are of; empty for the system's.
	CA string
}

// Balance says which of several servers is asked.
type Balance string

// The values of Balance; empty stands for the first.
const (
	RoundRobin Balance = "round_robin"
	LeastConn  Balance = "least_conn"
	Random     Balance = "random"
	First      Balance = "first"
	IPHash     Balance = "ip_hash"
	Cookie     Balance = "cookie"
)

// A HealthCheck asks a server now and then whether it is well. Zero fields leave the choice to the gateway.
type HealthCheck struct {
	Path              string
	Interval, Timeout time.Duration
	Status            int
}

// Files is a folder whose files answer a route.
type Files struct {
	Root string

	// Fallback is the file, below Root, that answers where there is none: that of a single-page application. Empty for 404.
	Fallback string

	// MaxAge is what Cache-Control says of files other than Fallback and index files, which are always asked for again.
	// Zero says nothing.
	MaxAge time.Duration
}

// A Redirect answers a route with another URL.
type Redirect struct {
	To     string // a URL or a path; {path} and {query} stand for those of the request
	Status int    // 301, 302, 303, 307 or 308
}

// UpstreamCORS says what becomes of the CORS headers that a server sends itself.
type UpstreamCORS string

// The values of UpstreamCORS; empty stands for the first.
const (
	Strip  UpstreamCORS = "strip"  // they are dropped, counted and told
	Trust  UpstreamCORS = "trust"  // they take the place of the gateway's
	Report UpstreamCORS = "report" // they are dropped as with Strip where the gateway has its own, kept otherwise, counted and told
)

// WebSocket says what becomes of a WebSocket handshake from an origin that the policy refuses: CORS does not guard it.
type WebSocket string

// The values of WebSocket; empty stands for the first.
const (
	CheckWebSocket WebSocket = "check" // 403
	PassWebSocket  WebSocket = "pass"
)

// HeaderChanges are made to a message on its way.
type HeaderChanges struct {
	Set    header.List // in the place of those of the same names
	Remove []string
}

// A Rewrite changes the path that the server sees: first Strip is taken from its beginning, then Add put there.
type Rewrite struct {
	Strip, Add string
}

// An Account may use a route that asks for HTTP authentication.
type Account struct {
	Name string
	Hash string // bcrypt
}

// ForwardAuth asks another server, with the request's headers, whether a request may pass.
type ForwardAuth struct {
	URL  string   // of http or https, with the path to ask for
	Copy []string // headers of its answer that the request gets
}

// Place is where the file has the route: line and column, 1 for the first; 0 where a route is of no file.
func (route *Route) Place() (line, column int) { return route.at.line, route.at.column }
