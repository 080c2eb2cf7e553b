package fetch

import (
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
)

// allowedLocalNetwork decides, when a connection is made and both address spaces are known, whether the page may reach a
// more private one. It is not part of the Fetch Standard yet.
//
// https://wicg.github.io/local-network-access/
func (f *fetcher) allowedLocalNetwork() bool {
	p, r := f.Page, f.req
	if !f.profile.LocalNetworkAccess || p.PageSpace == "" || p.TargetSpace == "" || privacy(p.TargetSpace) <= privacy(p.PageSpace) {
		return true
	}
	if r.isTopLevelNavigation() || origin.SameOrigin(p.Origin, r.currentOrigin()) && p.Origin.IsPotentiallyTrustworthy() {
		return true
	}
	failure := Failure{ID: LNAPermissionRequired, On: OnPage, URL: r.url().String(), Got: string(p.TargetSpace), Want: string(p.PageSpace)}
	switch {
	case !p.secureContext():
		failure.ID = LNAInsecureContext
	case p.LocalNetwork == PermissionGranted:
		return true
	case p.LocalNetwork == PermissionDenied:
		failure.ID = LNAPermissionDenied
	}
	return f.fail(spec.HTTPNetworkOrCacheFetch, "11.2", failure)
}

// privacy orders the address spaces, the most private last.
func privacy(s AddressSpace) int {
	switch s {
	case SpaceLocal:
		return 1
	case SpaceLoopback:
		return 2
	}
	return 0
}
