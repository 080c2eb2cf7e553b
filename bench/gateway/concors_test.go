package gateway_test

import (
	"context"
	"fmt"
	"strings"
)

func concors() peer {
	const name = "bench-concors-gateway"
	return peer{
		name: ours, own: true,
		find: func() (string, error) { return findBuilt(ours, name) },
		make: func(ctx context.Context) error {
			return goBuild(ctx, "github.com/concors/concors/gateway/cmd/concors-gateway", name)
		},
		files:     func(s *site) map[string]string { return map[string]string{"concors.yaml": concorsYAML(s)} },
		arguments: func(s *site) []string { return []string{"serve", "-c", s.dir + "/concors.yaml"} },
	}
}

func concorsYAML(s *site) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\ngateway:\n  listen: %s\n", s.listen)
	if s.admin != "" {
		fmt.Fprintf(&b, "  admin: %s\n", s.admin)
	}
	if s.metrics != "" {
		fmt.Fprintf(&b, "  metrics: %s\n", s.metrics)
	}
	if s.tracing {
		b.WriteString("  tracing: true\n")
	}
	// A file needs a policy; without CORS no route has it.
	policy, origins := "none", []string{page}
	if s.policy != nil {
		policy, origins = "app", s.policy.origins
	}
	b.WriteString("policies:\n")
	if s.shadow {
		b.WriteString("  strict: {origins: [https://nobody.example]}\n")
	}
	fmt.Fprintf(&b, "  app:\n    origins:\n%s    methods: [%s]\n    request_headers: [%s]\n    credentials: true\n    max_age: %d\nroutes:\n",
		each(origins, "      - %s\n"), strings.Join(methods(), ", "), strings.Join(headers(), ", "), maxAge)
	for _, route := range s.routes {
		fmt.Fprintf(&b, "  - path: %s\n    policy: %s\n    upstream: http://%s\n", route, policy, s.upstream)
		if s.shadow {
			b.WriteString("    shadow: strict\n")
		}
	}
	return b.String()
}
