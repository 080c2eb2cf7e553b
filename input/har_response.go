package input

import (
	"net/http"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// aborted is Chromium's error for what the page, or a person, broke off.
const aborted = "net::ERR_ABORTED"

// exchange is what an entry tells of the answer to its request.
func (e *entry) exchange() Exchange {
	switch {
	case e.statusLost():
		return Exchange{Response: &fetch.Response{Status: http.StatusOK, Header: e.got}}
	case e.status == 0:
		if failure := networkError(e.failure); failure != "" {
			return Exchange{Response: &fetch.Response{Error: failure}}
		}
		return Exchange{Missing: MissingResponse}
	case e.failure != "" && len(e.got) == 0:
		return Exchange{Missing: MissingResponse}
	case e.serviceWorker:
		return Exchange{Missing: MissingServiceWorker}
	}
	return Exchange{Response: &fetch.Response{Status: e.status, Header: e.got}}
}

// exchange is that of the entry, unless the answer only refreshed a stored response, which is what was judged then: with the
// status of that, and the headers of this as far as they go.
func (h *recordedHop) exchange() Exchange {
	switch {
	case !h.refreshes():
		return h.entry.exchange()
	case !h.got.Has(header.AllowOrigin):
		return Exchange{Missing: MissingStored}
	}
	return Exchange{Response: &fetch.Response{Status: http.StatusOK, Header: h.got}}
}

// refreshes reports whether the answer told the browser that a response that it had stored is still good. A script that asks
// for that itself needs a preflight, and gets the answer as it is.
func (h *recordedHop) refreshes() bool {
	return h.status == http.StatusNotModified && !h.serviceWorker &&
		slices.ContainsFunc([]string{header.IfNoneMatch, header.IfModifiedSince}, func(name string) bool {
			return h.sent.Has(name) && (h.preflight == nil || !slices.Contains(h.preflight.askedNames(), header.Lower(name)))
		})
}

// statusLost reports whether the headers of a response are there and its status is not, which happens to Firefox. The headers
// are what decides, but for a redirect or a preflight.
func (e *entry) statusLost() bool {
	return e.status == 0 && len(e.got) > 0 && !e.got.Has(header.Location) && !e.isPreflight()
}

// networkError returns what a net error of Chromium's means, where it says that no connection came about or that it broke.
func networkError(name string) fetch.NetworkError {
	name, found := strings.CutPrefix(name, "net::ERR_")
	switch {
	case !found:
		return ""
	case strings.HasPrefix(name, "CERT_"), strings.HasPrefix(name, "SSL_"):
		return fetch.ErrorTLS
	case strings.HasPrefix(name, "NAME_"):
		return fetch.ErrorDNS
	}
	switch name {
	case "CONNECTION_REFUSED", "ADDRESS_UNREACHABLE", "CONNECTION_FAILED":
		return fetch.ErrorRefused
	case "CONNECTION_RESET", "CONNECTION_CLOSED", "CONNECTION_ABORTED", "EMPTY_RESPONSE":
		return fetch.ErrorReset
	case "CONNECTION_TIMED_OUT", "TIMED_OUT":
		return fetch.ErrorTimeout
	}
	return ""
}

// recordedEnd is what an entry tells of the end of its fetch. Chromium records why a request failed; Firefox records that no
// response came, and nothing of what became of one that did.
func (e *entry) recordedEnd() End {
	end := End{Status: e.status, Error: e.failure}
	switch {
	case e.failure != "" && e.failure != aborted && (e.status == 0 || isRefusal(e.failure)):
		end.Reached = fetch.No
	case e.failure != "" && e.status != 0 && (e.kind == "fetch" || e.kind == "xhr"):
		end.Reached = fetch.Yes // the body broke off, or the page left it unread
	case e.failure != "":
	case e.status != 0 && e.failureKnown:
		end.Reached = fetch.Yes
	case e.status == 0 && !e.failureKnown && len(e.got) == 0:
		end.Reached = fetch.No
	}
	return end
}

// isRefusal reports whether an error of Chromium's says that it kept a response from the page.
func isRefusal(failure string) bool {
	return failure == "net::ERR_FAILED" || failure == "net::ERR_UNSAFE_REDIRECT" || strings.HasPrefix(failure, "net::ERR_BLOCKED_BY_")
}

// notFollowed reports whether a redirect was not followed because the page asked for it: in redirect mode manual Chromium
// records no error, and maybe the next request, which it does not make and which is dropped here.
func (c *chain) notFollowed() bool {
	hops := c.hops
	if last := c.last(); len(hops) > 1 && last.status == 0 && last.failure == aborted {
		hops = hops[:len(hops)-1]
	}
	last := hops[len(hops)-1]
	base, err := weburl.Parse(last.url, nil)
	if err != nil || last.target(base) == "" || !last.failureKnown || last.failure != "" || last.kind != "fetch" {
		return false
	}
	c.hops = hops
	return true
}

// leadsOn reports whether a response is a redirect.
func (e *entry) leadsOn() bool { return isRedirectStatus(e.status) && e.got.Has(header.Location) }

func isRedirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}
