// Package gateway brings CORS to Caddy. It registers a config adapter for policy files, concors, and two HTTP handlers: http.handlers.cors, which serves one policy around
// whatever comes after it and has a Caddyfile directive of its own, cors; and http.handlers.concors, which finds the route of each
// request in a table, serves it under the route's policy, and can have its table replaced while it serves.
//
// A preflight is answered at once, by the policy of the request that it asks for. On any other response the headers of the policy
// are set when its header is written, so that they are right whatever the handlers behind them did; and on errors that Caddy
// answers by itself.
package gateway

import (
	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap/zapcore"

	adapter "github.com/concors/concors/gateway/config"
)

// Caddy knows modules, directives and adapters by registration only. The directive goes before all others: tracing is the first.
func init() {
	caddy.RegisterModule(new(CORS))
	caddy.RegisterModule(new(Routes))
	caddy.RegisterModule(new(Admin))
	caddy.RegisterModule(new(Encoder))
	caddyconfig.RegisterAdapter("concors", adapter.Adapter{})
	httpcaddyfile.RegisterHandlerDirective("cors", parseDirective)
	httpcaddyfile.RegisterDirectiveOrder("cors", httpcaddyfile.Before, "tracing")
}

var (
	_ caddy.Provisioner           = (*CORS)(nil)
	_ caddyhttp.MiddlewareHandler = (*CORS)(nil)
	_ caddy.Provisioner           = (*Routes)(nil)
	_ caddy.CleanerUpper          = (*Routes)(nil)
	_ caddyhttp.MiddlewareHandler = (*Routes)(nil)
	_ caddy.Provisioner           = (*Admin)(nil)
	_ caddy.AdminRouter           = (*Admin)(nil)
	_ caddy.Provisioner           = (*Encoder)(nil)
	_ zapcore.Encoder             = (*Encoder)(nil)
)
