package gateway_test

import (
	"fmt"
	"strings"

	"github.com/concors/concors/e2e/program"
)

// haproxy remembers the allowed origin of a request, and adds the headers to every response, its own included.
func haproxy() peer {
	return peer{
		name: "haproxy",
		find: func() (string, error) { return program.Find("haproxy", "haproxy", "haproxy") },
		ask:  []string{"-v"},
		files: func(s *site) map[string]string {
			rules := ""
			if s.policy != nil {
				rules = fmt.Sprintf(`	acl listed req.fhdr(Origin) -m str%s
	acl preflight method OPTIONS
	acl asks req.fhdr(Access-Control-Request-Method) -m found
	http-request set-var(txn.origin) req.fhdr(Origin) if listed
	http-request return status 204 hdr Access-Control-Allow-Methods %q hdr Access-Control-Allow-Headers %q hdr Access-Control-Max-Age %d if preflight asks listed
	http-request return status 204 if preflight asks
	http-after-response set-header Access-Control-Allow-Origin %%[var(txn.origin)] if { var(txn.origin) -m found }
	http-after-response set-header Access-Control-Allow-Credentials true if { var(txn.origin) -m found }
	http-after-response add-header Vary Origin
`, each(s.policy.origins, " %s"), strings.Join(methods(), ", "), strings.Join(headers(), ", "), maxAge)
			}
			return map[string]string{"haproxy.cfg": fmt.Sprintf(`global
	nbthread 1
	maxconn 1024
defaults
	mode http
	http-reuse always
	timeout connect 5s
	timeout client 60s
	timeout server 60s
frontend front
	bind %s
%s	acl api path_beg %s
	use_backend api if api
backend api
	server one %s
`, s.listen, rules, prefix, s.upstream)}
		},
		arguments: func(s *site) []string { return []string{"-db", "-f", s.dir + "/haproxy.cfg"} },
	}
}
