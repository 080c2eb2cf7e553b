package gateway_test

import (
	"context"
	"fmt"
	"net"
	"strings"
)

// caddy is stock Caddy with rules written by hand. Its version is the one that the gateway of ours stands on.
func caddy() peer {
	const version = "v2.11.9"
	const program = "caddy-" + version
	return peer{
		name: "caddy", version: version,
		find: func() (string, error) { return findBuilt("caddy", program) },
		make: func(ctx context.Context) error {
			return goInstall(ctx, "github.com/caddyserver/caddy/v2/cmd/caddy", version, program)
		},
		files:     func(s *site) map[string]string { return map[string]string{"Caddyfile": caddyfile(s)} },
		arguments: func(s *site) []string { return []string{"run", "--config", s.dir + "/Caddyfile"} },
	}
}

func caddyfile(s *site) string {
	host, port, _ := net.SplitHostPort(s.listen)
	admin := "off"
	if s.admin != "" {
		admin = s.admin
	}
	rules := ""
	if s.policy != nil {
		rules = fmt.Sprintf(`	@allowed {
%s	}
	@preflight {
		method OPTIONS
		path %s*
		header Origin *
		header Access-Control-Request-Method *
	}
	header +Vary Origin
	header @allowed {
		Access-Control-Allow-Origin {http.request.header.Origin}
		Access-Control-Allow-Credentials true
	}
	handle @preflight {
		header @allowed {
			Access-Control-Allow-Methods %q
			Access-Control-Allow-Headers %q
			Access-Control-Max-Age %d
		}
		respond 204
	}
`, each(s.policy.origins, "\t\theader Origin %s\n"), prefix, strings.Join(methods(), ", "), strings.Join(headers(), ", "), maxAge)
	}
	// By default it keeps 32 idle connections to an upstream, fewer than there are clients here.
	return fmt.Sprintf(`{
	admin %s
	persist_config off
	auto_https off
	log {
		level ERROR
	}
}
http://:%s {
	bind %s
%s	handle %s* {
		reverse_proxy %s {
			transport http {
				keepalive_idle_conns_per_host 1024
			}
		}
	}
}
`, admin, port, host, rules, prefix, s.upstream)
}
