package policyfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/report"
)

// checkGroup tells about routes of one host and path, in the order in which they are tried, that collide, and about those between
// which a preflight could not decide.
func (r *reader) checkGroup(routes []*Route) {
	byMethod := map[string][]*Route{} // those that name it, in the order of the group
	var methods []string
	var any []*Route
	for _, route := range routes {
		if route.Methods == nil {
			any = append(any, route)
		}
		for _, m := range route.Methods {
			if byMethod[m] == nil {
				methods = append(methods, m)
			}
			byMethod[m] = append(byMethod[m], route)
		}
	}
	told := map[*Route]bool{}
	r.checkCollisions(any, told)
	for _, m := range methods {
		r.checkCollisions(byMethod[m], told)
	}
	r.checkPreflights(any, told)
	for _, m := range methods {
		takers := byMethod[m]
		if get := byMethod["GET"]; m == "HEAD" && get != nil {
			takers = slices.DeleteFunc(slices.Clone(routes), func(route *Route) bool { return route.Methods == nil || !route.takes(m) })
		}
		r.checkPreflights(append(slices.Clone(takers), any...), told)
	}
}

// checkCollisions tells about each of some routes of one method, or of any, that takes the same requests as one before it in the
// file.
func (r *reader) checkCollisions(routes []*Route, told map[*Route]bool) {
	first := map[string]*Route{} // by headers
	for _, route := range routes {
		key := headersID(route.Headers)
		other := first[key]
		if other == nil {
			first[key] = route
			continue
		}
		a, b := inOrder(other, route)
		first[key] = a
		if !told[b] {
			told[b] = true
			r.add(b.at, report.Error, "route-collision", "the route takes the same requests as the one in line "+lineOf(a.at), "leave one of the two out, or tell them apart by host, path or methods")
		}
	}
}

// headersID is equal for headers that the same requests have.
func headersID(list header.List) string {
	lines := make([]string, len(list))
	for i, f := range list {
		lines[i] = header.Lower(f.Name) + strconv.Quote(f.Value)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// checkPreflights tells about those of some routes, which take one method and are tried in this order, that have another policy
// than the first although only headers decide.
func (r *reader) checkPreflights(routes []*Route, told map[*Route]bool) {
	for i, route := range routes {
		if first := routes[0]; i > 0 && !route.hasPolicyOf(first) {
			a, b := inOrder(first, route)
			if !told[b] {
				told[b] = true
				r.add(b.policyAt, report.Error, "route-policy", "which of this route and the one in line "+lineOf(a.at)+" a request is for depends on its headers, which a preflight does not have, so both need one policy", "give both the same policy, or tell them apart by host, path or methods")
			}
		}
		if len(route.Headers) == 0 {
			return // it takes the rest
		}
	}
}

// hasPolicyOf reports whether two routes have one policy.
func (route *Route) hasPolicyOf(other *Route) bool {
	return route.PolicyName == other.PolicyName && (route.Environment == other.Environment || route.Policy == other.Policy)
}

// inOrder returns two routes in the order of the file.
func inOrder(a, b *Route) (first, later *Route) {
	if b.at.line < a.at.line || b.at.line == a.at.line && b.at.column < a.at.column {
		return b, a
	}
	return a, b
}
