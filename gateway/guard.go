package gateway

import (
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// A guard serves requests under one policy. It is immutable and safe for concurrent use.
type guard struct {
	policy   *cors.Policy // never nil: where CORS is off, the one that allows nobody
	shadow   *cors.Policy // nil for none
	enforce  bool
	upstream string // strip, trust or report

	passesPreflights bool // to the handlers behind, whose answer counts
	passesSockets    bool

	*teller
}

// newGuard makes a guard of good terms, which tells its teller; nil policies are none.
func newGuard(policy, shadow *cors.Policy, t *Terms, to *teller) *guard {
	g := &guard{policy: policy, shadow: shadow, enforce: t.Enforce, upstream: t.UpstreamCORS, passesSockets: t.WebSocket == pass, teller: to}
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
	start := time.Now()
	d := g.policy.Decide(cors.RequestOf(r.Method, r.Header))
	g.decided(&d, g.policy, r, start)
	if g.shadow != nil && len(d.Request.Origin) > 0 {
		g.compare(&d, r, start)
	}
	switch {
	case d.Kind == cors.Preflight && !g.passesPreflights:
		d.Stamp(fields)
		w.WriteHeader(d.Status())
		return nil
	case !d.Allowed() && g.refuses(&d, r):
		d.Stamp(fields)
		w.WriteHeader(http.StatusForbidden)
		return nil
	}
	res := newResponse(w, r, g, &d)
	err := next.ServeHTTP(res, r)
	res.settle() // what was not written by now Caddy writes, to the same fields
	g.took(time.Since(start))
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
func (g *guard) compare(d *cors.Decision, r *http.Request, now time.Time) {
	switch other := g.shadow.Decide(d.Request); {
	case other.Refusal == d.Refusal:
	case !other.Allowed():
		g.differs(wouldRefuse, &other, g.shadow, r, now)
	default:
		g.differs(wouldAllow, d, g.policy, r, now)
	}
}
