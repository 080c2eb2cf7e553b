package gateway

import "fmt"

// Terms are the part of a configuration that says how requests are served under a policy, beside the policy itself.
type Terms struct {
	// Answer requests of pages that the policy refuses with 403, instead of serving them and leaving it to browsers to keep the
	// response from the page.
	Enforce bool `json:"enforce,omitempty"`

	// What becomes of the CORS headers that the handlers behind this one set, which are in most cases those of an upstream.
	// `strip`, the default, drops them. `trust` lets them take the place of the policy's, and passes preflights on where
	// there is no policy. `report` is for finding out: it drops them where the policy grants access itself and keeps them
	// otherwise, preflights included. What is dropped or reported is counted in `concors_upstream_cors_total` and told in the log.
	UpstreamCORS string `json:"upstream_cors,omitempty"`

	// What becomes of a WebSocket handshake from an origin that the policy refuses and that is not the server's own: `check`, the
	// default, answers 403; `pass` passes it on. CORS does not guard WebSockets: a browser lets any page open one.
	WebSocket string `json:"websocket,omitempty"`
}

// The values of UpstreamCORS; empty stands for the first.
const (
	strip  = "strip"
	trust  = "trust"
	report = "report"
)

// The values of WebSocket; empty stands for the first.
const (
	check = "check"
	pass  = "pass"
)

func (t *Terms) validate() error {
	switch t.UpstreamCORS {
	case "", strip, trust, report:
	default:
		return fmt.Errorf("invalid upstream_cors %q: want strip, trust or report", t.UpstreamCORS)
	}
	switch t.WebSocket {
	case "", check, pass:
	default:
		return fmt.Errorf("invalid websocket %q: want check or pass", t.WebSocket)
	}
	return nil
}
