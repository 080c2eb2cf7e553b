package gateway_test

import (
	"context"
	"strconv"
	"strings"
)

func reverseProxy() peer {
	const program = "bench-reverseproxy"
	return peer{
		name: "ReverseProxy + rs", own: true,
		find: func() (string, error) { return findBuilt("reverseproxy", program) },
		make: func(ctx context.Context) error { return goBuild(ctx, "./reverseproxy", program) },
		arguments: func(s *site) []string {
			list := []string{"-listen", s.listen, "-upstream", "http://" + s.upstream}
			if s.policy != nil {
				list = append(list, "-origins", strings.Join(s.policy.origins, ","), "-methods", strings.Join(methods(), ","),
					"-headers", strings.Join(headers(), ","), "-max-age", strconv.Itoa(maxAge))
			}
			return list
		},
	}
}
