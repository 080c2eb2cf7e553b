package gateway_test

import (
	"fmt"
	"strings"
)

// A site is what a gateway is configured for.
type site struct {
	policy *policy // nil: no CORS

	// routes are the prefixes of the paths that go to the upstream; most gateways are configured for the first only.
	routes []string

	listen   string // host and port, as are the others
	upstream string
	admin    string // for profiles; empty for none
	gogc     int    // how much garbage Go's collector lets grow, in percent; 0 leaves the choice to the program
	metrics  string // an address to be read by Prometheus; empty for none
	shadow   bool   // a shadow policy that refuses what the policy allows
	tracing  bool
	dir      string // has the files, and what the gateway writes
}

// A policy is the same for every gateway but for its origins. Pages may send cookies.
type policy struct{ origins []string }

// methods, headers and maxAge belong to every policy.
func methods() []string { return []string{"GET", "POST", "PUT", "DELETE"} }
func headers() []string { return []string{"Content-Type", "Authorization"} }

const maxAge = 86400 // seconds

// few is the policy that every gateway is measured with.
func few() *policy {
	return &policy{origins: []string{"https://www.example", "https://admin.example:8443", page}}
}

const (
	prefix = "/api/"
	target = prefix + "users/123"
	page   = "https://app.example"
)

// A scale is a size of configuration that the gateway of ours is measured with.
type scale struct{ routes, origins int }

func (s scale) policy() *policy {
	p := &policy{}
	for i := range s.origins {
		p.origins = append(p.origins, fmt.Sprintf("https://tenant-%d.app.example", i))
	}
	return p
}

func (s scale) prefixes() []string {
	var list []string
	for i := range s.routes {
		list = append(list, fmt.Sprintf("/service-%d/", i))
	}
	return list
}

// paths has one path for each prefix.
func (s scale) paths() []string {
	list := s.prefixes()
	for i := range list {
		list[i] += "users/123"
	}
	return list
}

// each formats every entry of a list, one after the other.
func each(list []string, format string) string {
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, format, s)
	}
	return b.String()
}
