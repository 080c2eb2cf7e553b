package origin

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// SameSite reports whether the origins have equal schemes and are schemelessly same-site; an opaque origin is same-site
// with itself only.
//
// https://html.spec.whatwg.org/multipage/browsers.html#same-site
func SameSite(a, b Origin) bool {
	return a.scheme == b.scheme && SchemelessSameSite(a, b)
}

// SchemelessSameSite reports whether the origins have equal registrable domains or, where neither has one, equal hosts.
//
// https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site
func SchemelessSameSite(a, b Origin) bool {
	if a.IsOpaque() || b.IsOpaque() {
		return SameOrigin(a, b)
	}
	if a.host == b.host {
		return true
	}
	domain, ok := registrableDomain(a.host)
	if !ok || !strings.HasSuffix(b.host, domain) {
		return false
	}
	other, ok := registrableDomain(b.host)
	return ok && domain == other
}

// Site serializes the site of the origin: scheme and registrable domain or, where there is none, host. It is null if the
// origin is opaque.
//
// https://html.spec.whatwg.org/multipage/browsers.html#serialization-of-a-site
func (o Origin) Site() string {
	if o.IsOpaque() {
		return "null"
	}
	if domain, ok := registrableDomain(o.host); ok {
		return o.scheme + "://" + domain
	}
	return o.scheme + "://" + o.host
}

// registrableDomain returns the part of the host that one party registered: its public suffix, private section of the
// list included, and the label before. IP addresses, localhost and public suffixes themselves have none. A trailing dot
// is kept, and makes another domain.
//
// https://url.spec.whatwg.org/#host-registrable-domain
func registrableDomain(host string) (domain string, ok bool) {
	name := strings.TrimSuffix(host, ".")
	if name == "" || name[0] == '[' || isIPv4(name) {
		return "", false
	}
	suffix, _ := publicsuffix.PublicSuffix(name)
	if suffix == "" || len(suffix) >= len(name) {
		return "", false
	}
	end := len(name) - len(suffix) - len(".")
	start := strings.LastIndexByte(name[:end], '.') + 1
	if start == end {
		return "", false // an empty label, which nobody can register
	}
	return host[start:], true
}
