package policyfile

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
)

// A group is the routes of one host and path, in the order in which they are tried.
type group struct {
	host, path string
	routes     []*Route
}

// Route finds the route of a request: by its host (a port is ignored), by the path, of which the longest wins, by the method, and at last
// by its headers. For a preflight the method is the one that it asks for, and the headers are nil: they are not looked at then, and
// whichever route it is, the policy is that of the request to come. Nil means that there is no route.
func (f *File) Route(host, path, method string, headers http.Header) *Route {
	host = hostOf(host)
	for _, g := range f.groups {
		if g.host != "" && g.host != host || !matchesPath(g.path, path) {
			continue
		}
		found := false
		for _, route := range g.routes {
			if !route.takes(method) {
				continue
			}
			if found = true; headers == nil || route.wants(headers) {
				return route
			}
		}
		if found {
			return nil // a path that is less specific is no way around the headers that this one asks for
		}
	}
	return nil
}

// hostOf is a Host header's host in lower case, without its port.
func hostOf(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	return header.Lower(host)
}

// matchesPath reports whether a path is the one, or below the prefix.
func matchesPath(pattern, path string) bool {
	return path == pattern || strings.HasSuffix(pattern, "/") && strings.HasPrefix(path, pattern)
}

func (route *Route) takes(method string) bool {
	return route.Methods == nil || slices.Contains(route.Methods, method) || method == "HEAD" && slices.Contains(route.Methods, "GET")
}

func (route *Route) wants(h http.Header) bool {
	for _, f := range route.Headers {
		if !slices.Contains(h.Values(f.Name), f.Value) {
			return false
		}
	}
	return true
}

// groupRoutes arranges routes for looking them up, the most specific first, and tells about those that could not be told
// apart.
func (r *reader) groupRoutes(routes []Route) []group {
	byPlace := map[[2]string]int{}
	var groups []group
	for i := range routes {
		route := &routes[i]
		place := [2]string{route.Host, route.Path}
		at, ok := byPlace[place]
		if !ok {
			at = len(groups)
			byPlace[place] = at
			groups = append(groups, group{host: route.Host, path: route.Path})
		}
		groups[at].routes = append(groups[at].routes, route)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.routes, func(a, b *Route) int {
			return cmp.Or(cmp.Compare(len(b.Methods), 0)-cmp.Compare(len(a.Methods), 0), cmp.Compare(len(b.Headers), len(a.Headers)))
		})
		r.checkGroup(g.routes)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(len(b.host), 0)-cmp.Compare(len(a.host), 0), cmp.Compare(len(b.path), len(a.path)))
	})
	return groups
}
