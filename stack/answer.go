package stack

import (
	"slices"

	"github.com/concors/concors/policyfile"
)

// SameAnswer reports whether the same servers, files or redirect answer on both routes. Of routes without any it is false.
func SameAnswer(a, b *policyfile.Route) bool {
	switch {
	case a.Upstream != nil && b.Upstream != nil:
		return slices.Equal(a.Upstream.To, b.Upstream.To)
	case a.Files != nil && b.Files != nil:
		return *a.Files == *b.Files
	case a.Redirect != nil && b.Redirect != nil:
		return *a.Redirect == *b.Redirect
	}
	return false
}

// IsComplete reports whether every route says who answers.
func (s *Site) IsComplete() bool {
	for _, h := range s.Hosts {
		for _, p := range h.Places {
			for _, r := range p.Rules {
				if r.Route != nil && r.Route.Upstream == nil && r.Route.Files == nil && r.Route.Redirect == nil {
					return false
				}
			}
		}
	}
	return true
}

// withFiles is the first route that serves files, nil if none does.
func (s *Site) withFiles() *policyfile.Route {
	for _, h := range s.Hosts {
		for _, p := range h.Places {
			for _, r := range p.Rules {
				if r.Route != nil && r.Route.Files != nil {
					return r.Route
				}
			}
		}
	}
	return nil
}

// Answer returns the route whose server, files or redirect answer in a place, nil if none do. It is false where that depends on
// the method.
func (p *Place) Answer() (*policyfile.Route, bool) {
	var found *policyfile.Route
	for _, r := range p.Rules {
		switch {
		case r.Route == nil:
		case found == nil:
			found = r.Route
		case !SameAnswer(found, r.Route):
			return found, false
		}
	}
	return found, true
}
