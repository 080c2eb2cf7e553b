package live

import (
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// addMetadata adds client hints and fetch metadata, which go to trustworthy URLs alone.
//
// https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request
func (n *Network) addMetadata(list *headers, sent *fetch.Sent, at *hop) {
	r, e := n.config.Request, &n.engine
	preflight, socket := sent.Kind == fetch.KindPreflight, r.Initiator == fetch.InitiatorWebSocket
	mode := e.mode(r)
	if preflight {
		mode = fetch.ModeCORS
	}
	if !at.origin.IsPotentiallyTrustworthy() || socket && !e.socketMetadata || e.losesMetadata && mode == fetch.ModeCORS && n.chain.leftOrigin() {
		return
	}
	if !preflight && r.Initiator != fetch.InitiatorWorker {
		for _, hint := range e.hints {
			list.add(hint.Name, hint.Value)
		}
	}
	site := n.chain.site()
	if e.sitesOverTLS {
		site = n.chain.siteOverTLS()
	}
	list.add(header.SecFetchSite, site)
	list.add(header.SecFetchMode, string(mode))
	list.add(header.SecFetchDest, e.destination(r.Initiator))
	if r.Initiator == fetch.InitiatorLink || r.Initiator == fetch.InitiatorForm {
		list.add("Sec-Fetch-User", "?1") // somebody followed the link, or sent the form
	}
	list.add("Sec-Fetch-Storage-Access", n.storageAccess(sent))
}

// storageAccess tells whether a request with credentials to another site has that site's cookies, in the words of
// Sec-Fetch-Storage-Access; nothing where it is not sent.
//
// https://privacycg.github.io/storage-access-headers/
func (n *Network) storageAccess(sent *fetch.Sent) string {
	r, e, page := n.config.Request, &n.engine, n.config.Page
	preflight, socket := sent.Kind == fetch.KindPreflight, r.Initiator == fetch.InitiatorWebSocket
	credentials := sent.Credentials || preflight && (r.Credentials == fetch.CredentialsInclude || r.Initiator == fetch.InitiatorBeacon)
	switch {
	case !e.storageAccess, !credentials, !n.chain.isThirdParty(), n.isTopLevelNavigation():
		return ""
	case (preflight || socket) && !e.storageAlways:
		return ""
	case page.TopLevelSite != "" && page.TopLevelSite == n.chain.last().origin.Site() && !origin.SameSite(page.Origin, n.chain.last().origin):
		return "inactive"
	case n.cookies.thirdParty == fetch.CookiesAllow:
		return "active"
	}
	return "none"
}

// isTopLevelNavigation reports whether the request is for the page that comes next.
func (n *Network) isTopLevelNavigation() bool {
	return n.config.Request.Initiator == fetch.InitiatorForm || n.config.Request.Initiator == fetch.InitiatorLink
}
