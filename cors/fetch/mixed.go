package fetch

import (
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// allowedMixed reports whether the current URL is not mixed content.
//
// https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
func (f *fetcher) allowedMixed() bool {
	u := f.req.url()
	if !f.isMixed(u) {
		return true
	}
	failure := mixedFailure(u)
	// DIFFERS: WebKitGTK sends a preflight first when a redirect led here.
	if f.profile.LateRedirectChecks && f.hop > 0 {
		f.late = &failure
		return true
	}
	return f.fail(spec.MainFetch, "7", failure)
}

func mixedFailure(u *weburl.URL) Failure {
	return Failure{ID: MixedContent, URL: u.String(), Got: u.Scheme, Want: "https"}
}

// isMixed reports whether a URL is content of http that the page, being of https, may not have.
func (f *fetcher) isMixed(u *weburl.URL) bool {
	if !f.prohibitsMixedContent() || u.Scheme != "http" || f.req.isTopLevelNavigation() {
		return false
	}
	// DIFFERS: WebKit does not trust loopback addresses here.
	return f.profile.LoopbackIsMixedContent || !origin.Of(u).IsPotentiallyTrustworthy()
}

// prohibitsMixedContent reports whether the page came over https, or is an opaque one that is said to be secure.
//
// https://w3c.github.io/webappsec-mixed-content/#categorize-settings-object
func (f *fetcher) prohibitsMixedContent() bool {
	if f.Page.Origin.IsOpaque() {
		return f.Page.SecureContext == Yes
	}
	return f.Page.Origin.Scheme() == "https"
}

func (r *request) isTopLevelNavigation() bool {
	return r.isNavigation() && r.feature.destination == "document"
}

// upgradeMixedContent moves a no-cors image or media request from http to https when its host is a domain.
//
// https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
func (f *fetcher) upgradeMixedContent() {
	r, u := f.req, f.req.url()
	media := r.feature.destination == "image" || r.feature.destination == "video"
	if u.Scheme != "http" || r.mode != ModeNoCORS || !media || !f.prohibitsMixedContent() || !isDomain(u.Host) ||
		r.currentOrigin().IsPotentiallyTrustworthy() {
		return
	}
	f.step(spec.MainFetch, "6", "an image or media request from an https page moves to https")
	f.replaceURL(toHTTPS(u))
}

// isDomain reports whether a serialized host is a domain, not an address.
func isDomain(host string) bool {
	if host == "" || host[0] == '[' {
		return false
	}
	return !isIPv4(host)
}

// isIPv4 reports whether a serialized host of a special URL is an IPv4 address: its last label is a number.
func isIPv4(host string) bool {
	return isDigits(host[strings.LastIndexByte(host, '.')+1:])
}

func isLocalhost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// matchesHSTS reports whether a known host, or "*." and one with its subdomains, covers a host.
func matchesHSTS(known, host string) bool {
	if apex, ok := strings.CutPrefix(known, "*."); ok {
		return header.EqualFold(apex, host) || len(host) > len(apex) && header.EqualFold(host[len(host)-len(apex)-1:], "."+apex)
	}
	return header.EqualFold(known, host)
}
