package fetch

import (
	"strings"

	"github.com/concors/concors/cors/origin"
)

// Cookie is a cookie that the browser holds.
type Cookie struct {
	Name        string
	Domain      string // host, with a leading dot for its subdomains too
	Path        string // empty means "/"
	Secure      bool
	SameSite    string // "strict", "lax", "none", in any case; empty means not given
	Partitioned bool
}

// CookiePolicy is what the browser does with third-party cookies. The zero value stands for the profile's own.
type CookiePolicy string

// The policies.
const (
	CookiesAllow     CookiePolicy = "allow"
	CookiesPartition CookiePolicy = "partition"
	CookiesBlock     CookiePolicy = "block"
)

// CookieReport tells whether a cookie went along with a request. It never changes the verdict about sharing.
type CookieReport struct {
	Name   string
	Hop    int
	Sent   bool
	Reason CookieReason
}

// CookieReason is why a cookie did not go along; empty when it did.
type CookieReason string

// The reasons.
const (
	CookieMode       CookieReason = "mode"        // the credentials mode keeps cookies back
	CookieSecure     CookieReason = "secure"      // the cookie needs https
	CookieSameSite   CookieReason = "same-site"   // the request is cross-site
	CookieThirdParty CookieReason = "third-party" // the browser blocks or partitions third-party cookies
)

// reportCookies tells, for each cookie that belongs to the current URL, whether it goes along.
//
// https://www.rfc-editor.org/rfc/rfc6265#section-5.4
func (f *fetcher) reportCookies(credentials bool) {
	for i := range f.Page.Cookies {
		c := &f.Page.Cookies[i]
		if !c.belongsTo(f.req.url().Host, f.req.url().Path) {
			continue
		}
		reason := f.withheld(c, credentials)
		f.Cookies = append(f.Cookies, CookieReport{Name: c.Name, Hop: f.hop, Sent: reason == "", Reason: reason})
	}
}

func (f *fetcher) withheld(c *Cookie, credentials bool) CookieReason {
	r, u := f.req, f.req.url()
	crossSite := f.crossSite()
	switch {
	case !credentials:
		return CookieMode
	case c.Secure && u.Scheme != "https" && (f.profile.LoopbackIsMixedContent || !r.currentOrigin().IsPotentiallyTrustworthy()):
		return CookieSecure
	case crossSite && !f.sameSiteAllows(c):
		return CookieSameSite
	case crossSite && !f.thirdPartyAllows(c):
		return CookieThirdParty
	}
	return ""
}

// crossSite reports whether the request is cross-site for cookies: by its URL, the top-level page, or its redirects.
func (f *fetcher) crossSite() bool {
	current := f.req.currentOrigin()
	if f.req.taint == taintCrossSite || !origin.SameSite(f.Page.Origin, current) {
		return true
	}
	return f.Page.TopLevelSite != "" && f.Page.TopLevelSite != current.Site()
}

func (f *fetcher) sameSiteAllows(c *Cookie) bool {
	switch strings.ToLower(c.SameSite) {
	case "none":
		return c.Secure
	case "strict":
		return false
	case "lax":
		return f.laxAllows()
	}
	// DIFFERS: Chromium takes a cookie without SameSite for Lax.
	return !f.profile.UnspecifiedSameSiteLax || f.laxAllows()
}

// laxAllows reports whether the request is a top-level navigation with a safe method.
func (f *fetcher) laxAllows() bool {
	return f.req.isTopLevelNavigation() && (f.req.method == "GET" || f.req.method == "HEAD")
}

func (f *fetcher) thirdPartyAllows(c *Cookie) bool {
	if f.req.isTopLevelNavigation() {
		return true
	}
	switch defaultTo(f.Page.ThirdPartyCookies, f.profile.ThirdPartyCookies) {
	case CookiesPartition, CookiesBlock:
		return c.Partitioned
	}
	return true
}

// belongsTo reports whether the cookie's domain and path match a URL's.
func (c *Cookie) belongsTo(host, path string) bool {
	domain := strings.ToLower(c.Domain)
	if apex, ok := strings.CutPrefix(domain, "."); ok {
		if host != apex && !strings.HasSuffix(host, domain) {
			return false
		}
	} else if domain != "" && host != domain {
		return false
	}
	want := c.Path
	if want == "" || want == "/" {
		return true
	}
	return path == want || strings.HasPrefix(path, strings.TrimSuffix(want, "/")+"/")
}
