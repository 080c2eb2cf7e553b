package policyfile

import (
	"github.com/concors/concors/cors"
	"github.com/concors/concors/internal/route"
)

// A Place is a path of a host, and perhaps a method, at which one policy decides.
type Place struct {
	Name   string       // the path, with an asterisk behind a prefix; before it the method if there is only one
	Path   string       // of the route: a prefix if it ends in a slash
	Policy *cors.Policy // nil where CORS is off
	Only   string       // the one method whose requests come here; empty for any
	But    []string     // methods whose requests do not come here
}

// Takes reports whether requests with a method, and the preflights for it, come to the place.
func (p *Place) Takes(method string) bool {
	if p.Only != "" {
		return method == p.Only
	}
	for _, other := range p.But {
		if method == other {
			return false
		}
	}
	return true
}

// Places are where requests to a host come to, by the routes of the file in their order; none if there are no routes. The host
// is as a Host header has it.
func (f *File) Places(host string) []Place {
	host = route.Host(host)
	methods := routeMethods(f)
	seen := map[string]bool{}
	var list []Place
	for i := range f.Routes {
		route := &f.Routes[i]
		if route.Host != "" && route.Host != host || seen[route.Path] {
			continue
		}
		seen[route.Path] = true
		_, path := sample(route)
		name, _ := sample(&Route{Path: route.Path})
		for _, s := range split(name, methods, func(method string) (*cors.Policy, *cors.Policy) {
			p := f.policyAt(host, path, method)
			return p, p
		}) {
			list = append(list, Place{Name: s.name, Path: route.Path, Policy: s.old, Only: s.only, But: s.but})
		}
	}
	return list
}
