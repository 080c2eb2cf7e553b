// Command concors-gateway is Caddy with CORS done right: its own command line, the modules that a gateway needs, and the
// command serve, which serves a policy file.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"

	"github.com/concors/concors/gateway/serve"

	// The handlers and the adapter for policy files.
	_ "github.com/concors/concors/gateway"

	_ "github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"                  // Caddyfiles
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/caddyauth"                // basic_auth
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode"                   // compression ...
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/brotli"            // of files that are there compressed
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/gzip"              // for every client
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/zstd"              // for newer ones
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/fileserver"               // files
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"                  // changes of headers
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/logging"                  // log_append
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/requestbody"              // limits of bodies
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"             // upstreams
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy/forwardauth" // forward_auth
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/rewrite"                  // changes of paths
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/tracing"                  // traces
	_ "github.com/caddyserver/caddy/v2/modules/caddypki"                           // the local authority
	_ "github.com/caddyserver/caddy/v2/modules/caddytls"                           // certificates
	_ "github.com/caddyserver/caddy/v2/modules/caddytls/standardstek"              // keys of session tickets
	_ "github.com/caddyserver/caddy/v2/modules/filestorage"                        // where certificates are kept
	_ "github.com/caddyserver/caddy/v2/modules/logging"                            // encoders and writers of logs
	_ "github.com/caddyserver/caddy/v2/modules/metrics"                            // metrics
)

func main() {
	caddycmd.RegisterCommand(serve.Command())
	caddycmd.Main()
}
