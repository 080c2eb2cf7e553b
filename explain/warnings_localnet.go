package explain

import (
	"net/netip"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/weburl"
)

// localNetwork: a page from the internet that calls a server on the local network or on this machine, where nobody said
// in which address spaces the two are. Hosts are judged by their text alone: no name is looked up.
//
// https://wicg.github.io/local-network-access/
func (w *warner) localNetwork() {
	p := w.t.Page
	if p == nil || p.URL == nil || p.PageSpace != "" && p.TargetSpace != "" || hostSpace(p.URL.Host) != fetch.SpacePublic {
		return
	}
	if p.PageSpace != "" && p.PageSpace != fetch.SpacePublic || p.TargetSpace == fetch.SpacePublic || isNavigation(w.t) {
		return
	}
	for _, s := range w.t.Sent {
		u, err := weburl.Parse(s.URL, nil)
		if err != nil {
			continue
		}
		where := "on the local network"
		switch hostSpace(u.Host) {
		case fetch.SpacePublic:
			continue
		case fetch.SpaceLoopback:
			where = "on the user's own machine"
		}
		what := "first ask the user for permission"
		if !p.Origin.IsPotentiallyTrustworthy() {
			what = "refuse that to a page that is not https"
		}
		w.add(lnaUndecided, "The server %s is %s and the page is not: Chromium and Firefox %s, whatever the CORS headers say.", short(u.Host), where, what)
		return
	}
}

// isNavigation reports whether the page itself goes to the server, which needs no permission.
func isNavigation(t *fetch.Trace) bool {
	switch t.Request.Initiator {
	case fetch.InitiatorLink, fetch.InitiatorForm:
		return true
	}
	return false
}

// hostSpace is the address space that the text of a host, as a URL has it, tells of.
//
// https://wicg.github.io/local-network-access/#ip-address-space-heading
func hostSpace(host string) fetch.AddressSpace {
	name := strings.TrimSuffix(host, ".")
	switch {
	case name == "localhost" || strings.HasSuffix(name, ".localhost"):
		return fetch.SpaceLoopback
	case strings.HasSuffix(name, ".local"):
		return fetch.SpaceLocal
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return fetch.SpacePublic
	}
	ip = ip.Unmap()
	switch shared := netip.MustParsePrefix("100.64.0.0/10"); {
	case ip.IsLoopback():
		return fetch.SpaceLoopback
	case ip.IsPrivate(), ip.IsLinkLocalUnicast(), shared.Contains(ip):
		return fetch.SpaceLocal
	}
	return fetch.SpacePublic
}
