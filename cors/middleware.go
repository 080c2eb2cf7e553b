package cors

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// A Middleware serves a policy around handlers. Make one with [NewMiddleware], set its fields before it serves, and do not copy
// it. Its methods may be called concurrently with serving.
//
// Preflights (OPTIONS with Origin and Access-Control-Request-Method) are answered at once: the wrapped handler does not see
// them, so neither do routing and authentication below it. Any other request is passed on, with the headers that the policy
// has for its response set before, so that they are there whatever the handler answers.
//
// The header lines of every response are its own, answers to preflights included: a handler, or one around the middleware, may
// do with them what it likes.
type Middleware struct {
	policy atomic.Pointer[served]
	shadow atomic.Pointer[Policy]

	// EnforceOnServer answers a request of a page that the policy refuses with 403 and does not pass it on. Without it, as
	// CORS has it, the request is served and the browser keeps the response from the page. Requests of the same origin are
	// passed on: those that Sec-Fetch-Site says are, and, where a browser does not send it, those whose Origin has the host
	// of the request.
	EnforceOnServer bool

	// AllowOrigin decides about origins that the policy does not allow, at run time: tenants in a database. The origin is
	// serialized as in an Origin header, and never null. An error refuses, and is told to OnDecision. It is called from
	// several goroutines at once; see [OriginCache] for one that remembers. Nil allows none.
	AllowOrigin func(ctx context.Context, origin string) (bool, error)

	// OnDecision is told each decision about a request that has to do with CORS. Neither the request nor the decision may
	// be kept or changed. Nil costs nothing.
	OnDecision func(r *http.Request, d *Decision)

	// OnShadow is told each decision for which the shadow policy has another answer.
	OnShadow func(r *http.Request, d, shadow *Decision)
}

// NewMiddleware returns a middleware that serves the policy, which must not be nil.
func NewMiddleware(p *Policy) *Middleware {
	m := new(Middleware)
	m.Use(p)
	return m
}

// Policy returns the policy that is served now.
func (m *Middleware) Policy() *Policy { return m.policy.Load().Policy }

// Use serves another policy, which must not be nil, from the next request on.
func (m *Middleware) Use(p *Policy) {
	m.policy.Store(&served{p, p.constant()})
}

// Shadow evaluates a second policy beside the first, nil for none. It changes nothing on the wire; OnShadow is told where it
// would.
func (m *Middleware) Shadow(p *Policy) { m.shadow.Store(p) }

// Wrap returns a handler that serves the policy around next. Within a handler that another middleware wraps, the inner policy
// counts; the outer one finds it for preflights too if what it wraps is an [http.ServeMux].
func (m *Middleware) Wrap(next http.Handler) http.Handler {
	return &wrapped{middleware: m, next: next, mux: muxOf(next)}
}

// Off returns a handler whose responses no page of another origin may read, whatever a middleware around it says.
func Off(next http.Handler) http.Handler {
	return NewMiddleware(new(Policy)).Wrap(next)
}

type wrapped struct {
	middleware *Middleware
	next       http.Handler
	mux        mux
}

// mux finds the handler of a request; *http.ServeMux does.
type mux interface {
	Handler(*http.Request) (h http.Handler, pattern string)
}

func muxOf(h http.Handler) mux {
	if m, ok := h.(mux); ok {
		return m
	}
	return nil
}

// ServeHTTP implements [http.Handler].
func (h *wrapped) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m, s := h.middleware, h.middleware.policy.Load()
	lines := r.Header[header.Origin]
	if len(lines) == 0 {
		s.stamp(w.Header(), nil)
		h.next.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodOptions && m.isPlain() {
		// The response depends on the origin alone, and nobody asks why.
		if s.refusedOrigin(lines) != "" {
			lines = nil
		}
		s.stamp(w.Header(), lines)
		h.next.ServeHTTP(w, r)
		return
	}
	d := Decision{policy: s.Policy}
	d.Request.Method, d.Request.Origin = r.Method, lines
	s.decide(&d, r.Header)
	if d.Kind == Preflight && h.mux != nil {
		if inner := h.inner(r); inner != nil {
			inner.ServeHTTP(w, r)
			return
		}
	}
	if m.AllowOrigin != nil && d.Refusal == RefusedOrigin {
		m.decideAtRunTime(r, s.Policy, &d)
	}
	if m.OnDecision != nil || m.OnShadow != nil {
		m.tell(r, d)
	}
	switch {
	case d.Kind == Preflight:
		s.answer(w, &d)
	case d.Kind == Actual && d.Allowed():
		s.stamp(w.Header(), lines)
		h.next.ServeHTTP(w, r)
	case d.Kind == Actual && m.EnforceOnServer && !sameHost(r):
		s.stamp(w.Header(), nil)
		w.WriteHeader(http.StatusForbidden)
	default:
		s.stamp(w.Header(), nil)
		h.next.ServeHTTP(w, r)
	}
}

// isPlain reports whether a request that is no preflight comes to the handler whatever the policy says.
func (m *Middleware) isPlain() bool {
	return m.OnDecision == nil && m.OnShadow == nil && m.AllowOrigin == nil && !m.EnforceOnServer
}

// inner is the handler that the request itself would come to, if it has a policy of its own.
func (h *wrapped) inner(r *http.Request) *wrapped {
	asked := *r
	asked.Method = r.Header.Get(header.RequestMethod)
	found, _ := h.mux.Handler(&asked)
	inner, _ := found.(*wrapped)
	return inner
}

// decideAtRunTime asks the function of the middleware about an origin that the policy refuses.
func (m *Middleware) decideAtRunTime(r *http.Request, p *Policy, d *Decision) {
	value := d.Request.Origin[0]
	if o, ok := origin.Parse(value); !ok || o.IsOpaque() {
		return
	}
	allowed, err := m.AllowOrigin(r.Context(), value)
	switch {
	case err != nil:
		d.err = err
	case allowed:
		d.Refusal = ""
		if d.Kind == Preflight {
			p.decidePreflight(d, r.Header)
		}
	}
}

// tell takes the decision by value, so that it is on the heap only where somebody is told.
func (m *Middleware) tell(r *http.Request, d Decision) {
	d.Request = RequestOf(r.Method, r.Header)
	if m.OnDecision != nil {
		m.OnDecision(r, &d)
	}
	shadow := m.shadow.Load()
	if shadow == nil || m.OnShadow == nil {
		return
	}
	if other := shadow.Decide(d.Request); other.Refusal != d.Refusal {
		m.OnShadow(r, &d, &other)
	}
}

// answer answers a preflight.
func (s *served) answer(w http.ResponseWriter, d *Decision) {
	s.stampPreflight(w.Header(), d)
	w.WriteHeader(d.Status())
}

// sameHost reports whether a request is of the origin that it goes to, as far as the host tells.
func sameHost(r *http.Request) bool {
	asked := RequestOf(r.Method, r.Header)
	return asked.SameHost(r.Host)
}
