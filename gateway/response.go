package gateway

import (
	"bufio"
	"io"
	"net"
	"net/http"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// A response is a writer that puts the headers of a decision on the response when its header is written, whoever causes that. It
// keeps nothing back.
type response struct {
	caddyhttp.ResponseWriterWrapper
	guard    *guard
	request  *http.Request
	decision cors.Decision
	origin   [1]string
	settled  bool // the header is written, or somebody else sees to it
}

func newResponse(w http.ResponseWriter, r *http.Request, g *guard, d *cors.Decision) *response {
	res := &response{ResponseWriterWrapper: caddyhttp.ResponseWriterWrapper{ResponseWriter: w}, guard: g, request: r, decision: *d}
	if len(d.Request.Origin) == 1 {
		// A handler may change the request's lines in place, which must not change what is granted.
		res.origin[0] = d.Request.Origin[0]
		res.decision.Request.Origin = res.origin[:]
	}
	return res
}

// leaveToInner tells a response of a handler around this one that the policy of this one counts.
func leaveToInner(w http.ResponseWriter) {
	for {
		if outer, ok := w.(*response); ok {
			outer.settled = true
			return // those around it know already
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return
		}
		w = wrapper.Unwrap()
	}
}

// settle makes the fields of the response what they have to be.
func (r *response) settle() {
	if r.settled {
		return
	}
	r.settled = true
	fields := r.Header()
	if !sets(fields) {
		r.decision.Stamp(fields)
		return
	}
	switch g := r.guard; g.upstream {
	case trust:
		return
	case report:
		g.sightings.see(g, r.request, fields)
		if granted := r.decision.Header(); !granted.Has(header.AllowOrigin) {
			return // half of the one and half of the other could allow what neither does
		}
	default:
		g.sightings.see(g, r.request, fields)
	}
	r.decision.Stamp(fields)
}

// sets reports whether the fields take part in the CORS protocol.
func sets(fields http.Header) bool {
	for _, name := range header.ResponseNames() {
		if _, ok := fields[name]; ok {
			return true
		}
	}
	return false
}

// WriteHeader implements [http.ResponseWriter]. An informational response is not for pages: it has no CORS headers, its
// upstream's neither, unless they are trusted.
func (r *response) WriteHeader(status int) {
	switch {
	case 100 <= status && status < 200 && status != http.StatusSwitchingProtocols:
		if !r.settled && r.guard.upstream != trust {
			for _, name := range header.ResponseNames() {
				delete(r.Header(), name)
			}
		}
	default:
		r.settle()
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (r *response) Write(data []byte) (int, error) {
	r.settle()
	return r.ResponseWriter.Write(data)
}

// ReadFrom implements [io.ReaderFrom].
func (r *response) ReadFrom(from io.Reader) (int64, error) {
	r.settle()
	return r.ResponseWriterWrapper.ReadFrom(from)
}

// FlushError is how [http.ResponseController] flushes.
func (r *response) FlushError() error {
	r.settle()
	return http.NewResponseController(r.ResponseWriter).Flush()
}

// Hijack implements [http.Hijacker].
func (r *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.settle()
	return http.NewResponseController(r.ResponseWriter).Hijack()
}
