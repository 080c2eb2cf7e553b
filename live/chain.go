package live

import (
	"errors"
	"fmt"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// A hop is one URL of a fetch.
type hop struct {
	url    *weburl.URL
	origin origin.Origin
}

// chain is the URL list of a fetch.
//
// https://fetch.spec.whatwg.org/#concept-request-url-list
type chain struct {
	page *fetch.Page
	hops []*hop
}

// follow returns the hop that a request belongs to, which is the last from now on.
func (c *chain) follow(sent *fetch.Sent) (*hop, error) {
	u, err := weburl.Parse(sent.URL, nil)
	switch {
	case err != nil:
		return nil, fmt.Errorf("a request without a valid URL: %w", err)
	case sent.Hop > len(c.hops), sent.Hop < len(c.hops)-1, sent.Hop < len(c.hops) && *c.last().url != *u:
		return nil, errors.New("a request of another fetch: a live network is for one")
	case sent.Hop < len(c.hops):
		return c.last(), nil // its preflight came by before
	}
	c.hops = append(c.hops, &hop{url: u, origin: origin.Of(u)})
	return c.last(), nil
}

func (c *chain) first() *hop { return c.hops[0] }
func (c *chain) last() *hop  { return c.hops[len(c.hops)-1] }

// leftOrigin reports whether a redirect led from one origin to another.
func (c *chain) leftOrigin() bool {
	for i, h := range c.hops[1:] {
		if !origin.SameOrigin(h.origin, c.hops[i].origin) {
			return true
		}
	}
	return false
}

// isThirdParty reports whether the current URL is of another site than the page, or the page that it is in.
func (c *chain) isThirdParty() bool {
	here := c.last().origin
	return !origin.SameSite(c.page.Origin, here) || c.page.TopLevelSite != "" && c.page.TopLevelSite != here.Site()
}

// isCrossSiteTainted reports whether the chain left a site that is not the page's for yet another one.
//
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
func (c *chain) isCrossSiteTainted() bool {
	for i, h := range c.hops[1:] {
		last := c.hops[i].origin
		if !origin.SameSite(h.origin, last) && !origin.SameSite(c.page.Origin, last) {
			return true
		}
	}
	return false
}

// site is the value of Sec-Fetch-Site: how far from the page the chain has been.
//
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site
func (c *chain) site() string {
	site := "same-origin"
	for _, h := range c.hops {
		switch {
		case origin.SameOrigin(h.origin, c.page.Origin):
		case origin.SameSite(h.origin, c.page.Origin):
			site = "same-site"
		default:
			return "cross-site"
		}
	}
	return site
}

// siteOverTLS is site as Firefox has it: a site is a host, whatever the scheme, and same-site is said to a page of https or
// loopback alone, after redirects from https alone.
func (c *chain) siteOverTLS() string {
	here, page := c.last().origin, c.page.Origin
	sameOrigin := origin.SameOrigin(page, here)
	sameSite := origin.SchemelessSameSite(page, here) && page.IsPotentiallyTrustworthy()
	for _, h := range c.hops[:len(c.hops)-1] {
		sameOrigin = sameOrigin && origin.SameOrigin(h.origin, here)
		sameSite = sameSite && h.origin.Scheme() == "https" && origin.SchemelessSameSite(h.origin, here)
	}
	switch {
	case sameOrigin:
		return "same-origin"
	case sameSite:
		return "same-site"
	}
	return "cross-site"
}
