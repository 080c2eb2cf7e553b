package policyfile

import (
	"slices"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// Names that no policy lists, for what is not listed.
const (
	OtherMethod = "CONCORS-OTHER"
	OtherHeader = "x-concors-other"
	Stranger    = "https://stranger.example"
)

// MethodsOf are the methods that policies know, after GET, HEAD and POST; and [OtherMethod]. The slice is the caller's.
func MethodsOf(configs ...*cors.Config) []string {
	list := []string{"GET", "HEAD", "POST"}
	for _, c := range configs {
		for _, m := range c.Methods {
			if m != "*" && !slices.Contains(list, m) {
				list = append(list, m)
			}
		}
	}
	return append(list, OtherMethod)
}

// HeadersOf are the request headers that policies know, Authorization and Content-Type, in lower case, sorted; before them an
// empty name, for none, and after them [OtherHeader]. The slice is the caller's.
func HeadersOf(configs ...*cors.Config) []string {
	list := []string{"authorization", "content-type"}
	for _, c := range configs {
		for _, name := range c.RequestHeaders {
			if name = header.Lower(name); name != "*" && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return append(append([]string{""}, list...), OtherHeader)
}

// ExposedOf are the response headers that policies know and pages could not read otherwise, in lower case, sorted; and
// [OtherHeader]. The slice is the caller's.
func ExposedOf(configs ...*cors.Config) []string {
	var list []string
	for _, c := range configs {
		for _, name := range c.ResponseHeaders {
			if name = header.Lower(name); name != "*" && !slices.Contains(list, name) && !header.IsSafelistedResponseName(name) && !header.IsForbiddenResponseName(name) {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return append(list, OtherHeader)
}

// Allows reports whether a policy lets a page of an origin make a request with a method and one header beside those that need
// no permission, and read the answer. An empty method is GET; an empty header is none. A nil policy allows nothing.
func Allows(p *cors.Policy, origin, method, name string) bool {
	if p == nil {
		return false
	}
	ask := cors.Request{Method: "OPTIONS", Origin: []string{origin}, RequestMethod: []string{method}}
	if method == "" {
		ask.RequestMethod = []string{"GET"}
	}
	if name != "" {
		ask.RequestHeaders = []string{name}
	}
	d := p.Decide(ask)
	return d.Kind == cors.Preflight && d.Allowed()
}
