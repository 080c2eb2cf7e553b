package gateway

import (
	"net/http"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// A guard serves requests under one policy. It is immutable and safe for concurrent use.
type guard struct {
	policy   *cors.Policy // never nil: where CORS is off, the one that allows nobody
	shadow   *cors.Policy // nil for none
	enforce  bool
	upstream string // strip, trust or report

	passesPreflights bool // to the handlers behind, whose answer counts
	passesSockets    bool

	sightings *sightings
	logger    *zap.Logger
}

// newGuard makes a guard of good terms; nil policies are none.
func newGuard(policy, shadow *cors.Policy, t *Terms, s *sightings, logger *zap.Logger) *guard {
	g := &guard{
		policy: policy, shadow: shadow, enforce: t.Enforce, upstream: t.UpstreamCORS, passesSockets: t.WebSocket == pass,
		sightings: s, logger: logger,
	}
	if g.upstream == "" {
		g.upstream = strip
	}
	if policy == nil {
		g.policy = new(cors.Policy)
		g.passesPreflights = g.upstream != strip
	}
	return g
}

// serve answers a request: a preflight at once, any other by the handlers behind, with the headers of the policy.
func (g *guard) serve(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	leaveToInner(w)
	fields := w.Header()
	for _, name := range header.ResponseNames() {
		delete(fields, name) // of what came before this handler: it is not what an upstream sent
	}
	d := g.policy.Decide(cors.RequestOf(r.Method, r.Header))
	if g.shadow != nil && len(d.Request.Origin) > 0 {
		g.compare(&d, r)
	}
	switch {
	case d.Kind == cors.Preflight && !g.passesPreflights:
		d.Stamp(fields)
		if !d.Allowed() {
			g.log(zap.DebugLevel, "preflight refused", &d, r)
		}
		w.WriteHeader(d.Status())
		return nil
	case !d.Allowed() && g.refuses(&d, r):
		d.Stamp(fields)
		g.log(zap.InfoLevel, "request refused", &d, r)
		w.WriteHeader(http.StatusForbidden)
		return nil
	case !d.Allowed():
		g.log(zap.DebugLevel, "response kept from the page", &d, r)
	}
	res := newResponse(w, r, g, &d)
	err := next.ServeHTTP(res, r)
	res.settle() // what was not written by now Caddy writes, to the same fields
	return err
}

// refuses reports whether a request that the policy refuses goes no further.
func (g *guard) refuses(d *cors.Decision, r *http.Request) bool {
	if isWebSocket(r) {
		return !g.passesSockets && !isOwnPage(d, r)
	}
	return g.enforce && d.Kind == cors.Actual && !d.Request.SameHost(r.Host)
}

// compare tells where the shadow policy has another answer.
func (g *guard) compare(d *cors.Decision, r *http.Request) {
	other := g.shadow.Decide(d.Request)
	if other.Refusal == d.Refusal {
		return
	}
	message := "the shadow policy would allow this"
	if !other.Allowed() {
		message = "the shadow policy would refuse this"
		d = &other
	}
	g.log(zap.InfoLevel, message, d, r)
}

// log tells why a request is refused.
func (g *guard) log(level zapcore.Level, message string, d *cors.Decision, r *http.Request) {
	if entry := g.logger.Check(level, message); entry != nil {
		entry.Write(
			zap.String("kind", d.Kind.String()), zap.String("method", r.Method), zap.String("host", r.Host), zap.String("path", r.URL.Path),
			zap.String("refusal", string(d.Refusal)), zap.String("why", d.Why()),
		)
	}
}
