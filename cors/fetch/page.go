package fetch

import (
	"fmt"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// Page is the environment that makes a request: its origin, and what about it or around it decides something that
// headers do not tell. The zero value is a page with an opaque origin that equals nothing. Each field's zero value
// changes nothing.
type Page struct {
	Origin origin.Origin
	URL    *weburl.URL // base of relative URLs; nil for a page that has none

	TopLevelSite   string         // scheme and registrable domain of the top-level page; empty means the page's own
	SecureContext  Tristate       // unset means what the page's URL says
	ReferrerPolicy ReferrerPolicy // empty means strict-origin-when-cross-origin
	CSPConnectSrc  []string       // source expressions of connect-src; nil for no policy
	COEP           EmbedderPolicy // empty means unsafe-none

	PageSpace, TargetSpace AddressSpace // empty means not given: local network access is not decided
	LocalNetwork           Permission   // empty means prompt

	HSTS        []string // hosts known to want https; a leading "*." includes the subdomains
	HTTPVersion string   // "1.1", "2", "3"; empty means not given

	Cookies           []Cookie
	ThirdPartyCookies CookiePolicy // empty means what the browser does
}

// Tristate is a yes or no that may be left open.
type Tristate int

// The states.
const (
	Unset Tristate = iota
	Yes
	No
)

// ReferrerPolicy is a referrer policy.
//
// https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
type ReferrerPolicy string

// The referrer policies.
const (
	NoReferrer                  ReferrerPolicy = "no-referrer"
	NoReferrerWhenDowngrade     ReferrerPolicy = "no-referrer-when-downgrade"
	ReferrerSameOrigin          ReferrerPolicy = "same-origin"
	ReferrerOrigin              ReferrerPolicy = "origin"
	StrictOrigin                ReferrerPolicy = "strict-origin"
	OriginWhenCrossOrigin       ReferrerPolicy = "origin-when-cross-origin"
	StrictOriginWhenCrossOrigin ReferrerPolicy = "strict-origin-when-cross-origin"
	UnsafeURL                   ReferrerPolicy = "unsafe-url"
)

// EmbedderPolicy is a cross-origin embedder policy value.
//
// https://html.spec.whatwg.org/multipage/browsers.html#embedder-policy-value
type EmbedderPolicy string

// The embedder policies.
const (
	COEPUnsafeNone     EmbedderPolicy = "unsafe-none"
	COEPRequireCORP    EmbedderPolicy = "require-corp"
	COEPCredentialless EmbedderPolicy = "credentialless"
)

// AddressSpace is an IP address space, most private last.
//
// https://wicg.github.io/local-network-access/#ip-address-space-heading
type AddressSpace string

// The address spaces.
const (
	SpacePublic   AddressSpace = "public"
	SpaceLocal    AddressSpace = "local"
	SpaceLoopback AddressSpace = "loopback"
)

// Permission is the state of the local network permission.
type Permission string

// The permission states.
const (
	PermissionGranted Permission = "granted"
	PermissionPrompt  Permission = "prompt"
	PermissionDenied  Permission = "denied"
)

// NewPage makes a page from a URL, an origin, or the string "null" for a page with an opaque origin (a sandboxed frame, a
// data: document, a file).
func NewPage(page string) (Page, error) {
	if page == "null" {
		return Page{Origin: origin.NewOpaque()}, nil
	}
	u, err := weburl.Parse(page, nil)
	if err != nil {
		return Page{}, fmt.Errorf("page: %w", err)
	}
	o := origin.Of(u)
	if o.IsOpaque() {
		o = origin.NewOpaque()
	}
	return Page{Origin: o, URL: u}, nil
}

// secureContext reports whether the page is a secure context.
//
// https://html.spec.whatwg.org/multipage/webappapis.html#secure-contexts
func (p *Page) secureContext() bool {
	if p.SecureContext != Unset {
		return p.SecureContext == Yes
	}
	return p.Origin.IsPotentiallyTrustworthy()
}

// topLevelSite is the first part of the network partition key.
//
// https://fetch.spec.whatwg.org/#network-partition-key
func (p *Page) topLevelSite() string {
	if p.TopLevelSite != "" {
		return p.TopLevelSite
	}
	return p.Origin.Site()
}
