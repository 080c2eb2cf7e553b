package policyfile

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/concors/concors/internal/route"
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
