package policyfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/concors/concors/cors"
)

// spot is a place where two files are compared: what it is called, and the policies that decide there, nil for none.
type spot struct {
	name     string
	old, new *cors.Policy
	only     string   // the one method whose requests come here; empty for those of any
	but      []string // methods whose requests do not come here
}

// id is equal for places at which the same is compared.
func (s *spot) id() string { return fmt.Sprintf("%p %p %s %q", s.old, s.new, s.only, s.but) }

// spots are where the files can differ.
func spots(old, new *File) []spot {
	var list []spot
	used := map[string]bool{}
	if len(old.Routes) == 0 && len(new.Routes) == 0 && old.isDecided() && new.isDecided() {
		return []spot{{name: "everywhere", old: old.policyAt("", "/", ""), new: new.policyAt("", "/", "")}}
	}
	if (len(old.Routes) > 0 || len(new.Routes) > 0) && old.isDecided() && new.isDecided() {
		list = routeSpots(old, new)
		for _, f := range []*File{old, new} {
			for i := range f.Routes {
				used[f.Routes[i].PolicyName] = true
			}
			if len(f.Routes) == 0 {
				for name := range f.Policies {
					used[name] = true
				}
			}
		}
	}
	names := map[string]bool{}
	for _, f := range []*File{old, new} {
		for name := range f.Policies {
			names[name] = !used[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if names[name] {
			list = append(list, spot{name: "policy " + name, old: old.Policies[name], new: new.Policies[name]})
		}
	}
	return list
}

// isDecided reports whether it is known which policy a request has.
func (f *File) isDecided() bool { return len(f.Routes) > 0 || len(f.Policies) == 1 }

// routeSpots are the host and path of every route of either file; and where a method leads to another policy there, that method.
func routeSpots(old, new *File) []spot {
	var list []spot
	methods := routeMethods(old, new)
	seen := map[string]bool{}
	for _, f := range []*File{old, new} {
		for i := range f.Routes {
			route := &f.Routes[i]
			if seen[route.Host+route.Path] {
				continue
			}
			seen[route.Host+route.Path] = true
			name, path := sample(route)
			list = append(list, split(name, methods, func(method string) (*cors.Policy, *cors.Policy) {
				return old.policyAt(route.Host, path, method), new.policyAt(route.Host, path, method)
			})...)
		}
	}
	return list
}

// routeMethods are the methods that routes of files name, sorted.
func routeMethods(files ...*File) []string {
	var methods []string
	for _, f := range files {
		for i := range f.Routes {
			methods = append(methods, f.Routes[i].Methods...)
			if slices.Contains(f.Routes[i].Methods, "GET") {
				methods = append(methods, "HEAD")
			}
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// sample is what the place of a route is called, and a path that comes there.
func sample(route *Route) (name, path string) {
	name, path = route.Host+route.Path, route.Path
	if strings.HasSuffix(path, "/") {
		name, path = name+"*", path+"concors-sample"
	}
	return name, path
}

// split makes the spots of one host and path: one for each method that leads to other policies, and one for the rest.
func split(name string, methods []string, policies func(method string) (old, new *cors.Policy)) []spot {
	var list []spot
	any := spot{name: name}
	any.old, any.new = policies(OtherMethod)
	for _, m := range methods {
		if o, n := policies(m); o != any.old || n != any.new {
			list = append(list, spot{name: m + " " + name, old: o, new: n, only: m})
			any.but = append(any.but, m)
		}
	}
	return append(list, any)
}

// policyAt is the policy of a request, nil for none.
func (f *File) policyAt(host, path, method string) *cors.Policy {
	if len(f.Routes) == 0 {
		for _, p := range f.Policies {
			return p
		}
	}
	if route := f.Route(host, path, method, nil); route != nil {
		return route.Policy
	}
	return nil
}
