package stack

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// A Site is what a configuration is generated for: which policy and who answers, for every request. It is read-only.
type Site struct {
	Hosts    []Host    // those that routes name, by name, and at last the one with no name, for every other
	Policies []*Policy // those that are used, by name

	needs   []Need
	omitted []report.Finding
}

// A Host is what is served under a host name. It is complete: routes for every host are among its places.
type Host struct {
	Name   string  // lower case, without a port; empty for every other
	Places []Place // in the order in which they are tried: the first that takes a path is the one
}

// A Place is a path, or all below one.
type Place struct {
	Path  string // a prefix if it ends in a slash
	Rules []Rule // in the order in which they are tried; the last one takes every method
}

// A Rule is what happens to requests of some methods. For a preflight the method is the one that it asks for.
type Rule struct {
	Methods []string          // nil for every other
	Policy  *Policy           // nil where CORS is off
	Route   *policyfile.Route // nil where nobody answers, which is a 404
}

// NewSite works out a policy file. With the name of a policy this one is for every request, whatever the routes say; so is the
// only policy of a file without routes. The error says that there is no such policy.
func NewSite(f *policyfile.File, policy string) (*Site, error) {
	if policy != "" || len(f.Routes) == 0 {
		only, err := f.Policy(policy)
		if err != nil {
			return nil, err
		}
		for name, p := range f.Policies {
			if p == only {
				policy = name
			}
		}
		p := newPolicy(policy, only)
		route := &policyfile.Route{Path: "/", PolicyName: policy, Policy: only}
		s := &Site{Hosts: []Host{{Places: []Place{{Path: "/", Rules: []Rule{{Policy: p, Route: route}}}}}}, Policies: []*Policy{p}}
		s.needs, s.omitted = s.work(), unserved(&f.Gateway)
		return s, nil
	}
	s := &Site{}
	policies := map[string]*Policy{}
	for i := range f.Routes {
		if route := &f.Routes[i]; route.Policy != nil && policies[route.PolicyName] == nil {
			policies[route.PolicyName] = newPolicy(route.PolicyName, route.Policy)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		s.Policies = append(s.Policies, policies[name])
	}
	for _, name := range hostsOf(f.Routes) {
		s.Hosts = append(s.Hosts, newHost(f, name, policies))
	}
	s.needs = s.work()
	s.omitted = append(unserved(&f.Gateway), omitted(f.Routes)...)
	return s, nil
}

// hostsOf are the hosts that routes name, by name, and the empty one at last.
func hostsOf(routes []policyfile.Route) []string {
	var names []string
	for i := range routes {
		if name := routes[i].Host; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return append(names, "")
}

func newHost(f *policyfile.File, name string, policies map[string]*Policy) Host {
	h := Host{Name: name}
	var paths []string
	for i := range f.Routes {
		if r := &f.Routes[i]; (r.Host == "" || r.Host == name) && !slices.Contains(paths, r.Path) {
			paths = append(paths, r.Path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	for _, path := range paths {
		h.Places = append(h.Places, Place{Path: path, Rules: newRules(f, name, path, policies)})
	}
	// A place in which everything is as in the one that would take its requests otherwise says nothing.
	for i := len(h.Places) - 2; i >= 0; i-- {
		rest := Host{Places: h.Places[i+1:]}
		if outer := rest.Place(h.Places[i].Path); outer != nil && sameRules(h.Places[i].Rules, outer.Rules) {
			h.Places = slices.Delete(h.Places, i, i+1)
		}
	}
	return h
}

// otherMethod stands for every method that no route names.
const otherMethod = "CONCORS-OTHER"

// newRules asks for the route of every method that a route names, and of one that none does. Which of several routes that
// differ by headers it is does not matter to the policy, which all of them share.
func newRules(f *policyfile.File, host, path string, policies map[string]*Policy) []Rule {
	methods := []string{"GET", "HEAD"}
	for i := range f.Routes {
		for _, m := range f.Routes[i].Methods {
			if !slices.Contains(methods, m) {
				methods = append(methods, m)
			}
		}
	}
	rule := func(method string) Rule {
		route := f.Route(host, path, method, nil)
		if route == nil {
			return Rule{}
		}
		return Rule{Route: route, Policy: policies[route.PolicyName]}
	}
	last := rule(otherMethod)
	var rules []Rule
	for _, m := range methods {
		r := rule(m)
		if r.Route == last.Route {
			continue
		}
		if i := slices.IndexFunc(rules, func(other Rule) bool { return other.Route == r.Route }); i >= 0 {
			rules[i].Methods = append(rules[i].Methods, m)
			continue
		}
		r.Methods = []string{m}
		rules = append(rules, r)
	}
	return append(rules, last)
}

func sameRules(a, b []Rule) bool {
	return slices.EqualFunc(a, b, func(a, b Rule) bool { return a.Route == b.Route && slices.Equal(a.Methods, b.Methods) })
}

// Place returns the place that takes a path, nil if there is none.
func (h *Host) Place(path string) *Place {
	for i := range h.Places {
		if p := &h.Places[i]; p.Path == path || strings.HasSuffix(p.Path, "/") && strings.HasPrefix(path, p.Path) {
			return p
		}
	}
	return nil
}

// OnlyPolicy returns the policy of every request, if it is one for all.
func (s *Site) OnlyPolicy() (*Policy, bool) {
	if len(s.Policies) != 1 {
		return nil, false
	}
	for _, h := range s.Hosts {
		if h.Place("/") == nil {
			return nil, false
		}
		for _, p := range h.Places {
			for _, r := range p.Rules {
				if r.Policy == nil {
					return nil, false
				}
			}
		}
	}
	return s.Policies[0], true
}

// Resolve replaces the folders of routes, each by what a function makes of it: relative ones mean nothing to a server. The
// error is the function's. It must be called before the site is used.
func (s *Site) Resolve(folder func(string) (string, error)) error {
	for _, h := range s.Hosts {
		for _, p := range h.Places {
			for i := range p.Rules {
				r := p.Rules[i].Route
				if r == nil || r.Files == nil {
					continue
				}
				root, err := folder(r.Files.Root)
				if err != nil {
					return err
				}
				route, files := *r, *r.Files
				files.Root, route.Files = root, &files
				p.Rules[i].Route = &route
			}
		}
	}
	return nil
}

// hasBothEnds reports whether the file says who serves the front end, at /, and who an API elsewhere.
func (s *Site) hasBothEnds() bool {
	front, api := false, false
	for _, h := range s.Hosts {
		for _, p := range h.Places {
			for _, r := range p.Rules {
				switch {
				case r.Route == nil:
				case p.Path == "/":
					front = front || r.Route.Files != nil || r.Route.Upstream != nil
				default:
					api = api || r.Route.Upstream != nil
				}
			}
		}
	}
	return front && api
}
