package gateway

import (
	"fmt"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/gateway/policyjson"
	"go.uber.org/zap"
)

// CORS is the Caddy module http.handlers.cors: one policy around the handlers that come after it. Around another such handler the
// policy of the inner one counts, preflights excepted, which the outer one answers: they go no further.
type CORS struct {
	// What it is called in metrics and in the status; of those without a name the first is `cors`, the second `cors 2`.
	Name string `json:"name,omitempty"`

	// Who may call what. Without it CORS is off: no page of another origin may read a response, and preflights are refused.
	Policy *policyjson.Policy `json:"policy,omitempty"`

	// A policy that is evaluated beside the other and changes nothing: where it has another answer the log says so.
	Shadow *policyjson.Policy `json:"shadow,omitempty"`

	Terms

	guard *guard
}

// CaddyModule implements [caddy.Module].
func (*CORS) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.cors", New: func() caddy.Module { return new(CORS) }}
}

// Provision implements [caddy.Provisioner].
func (c *CORS) Provision(ctx caddy.Context) error {
	if err := c.Terms.validate(); err != nil {
		return err
	}
	policy, err := provisionPolicy(ctx.Logger(), "policy", c.Policy)
	if err != nil {
		return err
	}
	shadow, err := provisionPolicy(ctx.Logger(), "shadow", c.Shadow)
	if err != nil {
		return err
	}
	t, err := trafficOf(ctx.GetMetricsRegistry())
	if err != nil {
		return err
	}
	name := c.Name
	if name == "" {
		name = t.name()
	}
	of := subject{route: name, policy: name}
	if shadow != nil {
		of.shadow = name + ", shadow"
	}
	draft := t.draft()
	c.guard = newGuard(policy, shadow, &c.Terms, t.newTeller(draft, of, policy, ctx.Logger()))
	t.keep(c, draft)
	return nil
}

// provisionPolicy compiles a policy and tells what is likely to surprise; nil is none.
func provisionPolicy(logger *zap.Logger, name string, p *policyjson.Policy) (*cors.Policy, error) {
	if p == nil {
		return nil, nil
	}
	policy, err := p.Compile()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, w := range policy.Warnings() {
		logger.Warn(policyjson.InKeys(&w), zap.String("policy", name))
	}
	return policy, nil
}

// ServeHTTP implements [caddyhttp.MiddlewareHandler].
func (c *CORS) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	return c.guard.serve(w, r, next)
}
