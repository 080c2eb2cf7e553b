package policyfile

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/route"
	"github.com/concors/concors/report"
)

// A group is the routes of one host and path, in the order in which they are tried.
type group []*Route

// Route finds the route of a request: by its host (a port is ignored), by the path, of which the longest wins, by the method, and at last
// by its headers. For a preflight the method is the one that it asks for, and the headers are nil: they are not looked at then, and
// whichever route it is, the policy is that of the request to come. Nil means that there is no route.
func (f *File) Route(host, path, method string, headers http.Header) *Route {
	i := f.table.Find(host, path, method, headers)
	if i < 0 {
		return nil
	}
	return &f.Routes[i]
}

// tableOf arranges routes for looking them up.
func tableOf(routes []Route) *route.Table {
	matches := make([]route.Match, len(routes))
	for i := range routes {
		r := &routes[i]
		matches[i] = route.Match{Host: r.Host, Path: r.Path, Methods: r.Methods, Headers: r.Headers}
	}
	return route.NewTable(matches)
}

func (route *Route) takes(method string) bool {
	return route.Methods == nil || slices.Contains(route.Methods, method) || method == "HEAD" && slices.Contains(route.Methods, "GET")
}

// checkRoutes tells about routes that could not be told apart.
func (r *reader) checkRoutes(routes []Route) {
	byPlace := map[[2]string]int{}
	var groups []group
	for i := range routes {
		route := &routes[i]
		place := [2]string{route.Host, route.Path}
		at, ok := byPlace[place]
		if !ok {
			at = len(groups)
			byPlace[place] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], route)
	}
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b *Route) int {
			return cmp.Or(cmp.Compare(len(b.Methods), 0)-cmp.Compare(len(a.Methods), 0), cmp.Compare(len(b.Headers), len(a.Headers)))
		})
		r.checkGroup(g)
	}
}

// checkGroup tells about routes of one host and path that collide, and about those between which a preflight could not
// decide.
func (r *reader) checkGroup(g group) {
	for i, a := range g {
		for _, b := range g[:i] {
			if a.overlaps(b) && sameHeaders(a.Headers, b.Headers) {
				first, later := inOrder(a, b)
				r.add(later.at, report.Error, "route-collision", "the route takes the same requests as the one in line "+lineOf(first.at), "leave one of the two out, or tell them apart by host, path or methods")
			}
		}
	}
	told := map[*Route]bool{}
	for _, method := range g.methods() {
		var first *Route
		for _, route := range g {
			if !route.takes(method) {
				continue
			}
			if first != nil && route.PolicyName != first.PolicyName && !route.overlapsEqually(first) {
				a, b := inOrder(first, route)
				if !told[b] {
					told[b] = true
					r.add(b.policyAt, report.Error, "route-policy", "which of this route and the one in line "+lineOf(a.at)+" a request is for depends on its headers, which a preflight does not have, so both need one policy", "give both the same policy, or tell them apart by host, path or methods")
				}
			}
			if first == nil {
				first = route
			}
			if len(route.Headers) == 0 {
				break
			}
		}
	}
}

// overlapsEqually reports whether two routes collide, which is told by itself.
func (route *Route) overlapsEqually(other *Route) bool {
	return route.overlaps(other) && sameHeaders(route.Headers, other.Headers)
}

// methods are those that routes of the group name, and one that none does.
func (g group) methods() []string {
	list := []string{"\x00"}
	for _, route := range g {
		for _, m := range route.Methods {
			if !slices.Contains(list, m) {
				list = append(list, m)
			}
		}
	}
	return list
}

// overlaps reports whether two routes take a method in common, and neither is the more specific one.
func (route *Route) overlaps(other *Route) bool {
	if route.Methods == nil || other.Methods == nil {
		return route.Methods == nil && other.Methods == nil
	}
	return slices.ContainsFunc(route.Methods, func(m string) bool { return slices.Contains(other.Methods, m) })
}

func sameHeaders(a, b header.List) bool {
	if len(a) != len(b) {
		return false
	}
	for _, f := range a {
		if value, ok := b.Get(f.Name); !ok || value != f.Value {
			return false
		}
	}
	return true
}

// inOrder returns two routes in the order of the file.
func inOrder(a, b *Route) (first, later *Route) {
	if b.at.line < a.at.line || b.at.line == a.at.line && b.at.column < a.at.column {
		return b, a
	}
	return a, b
}
