package input

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// A recordedHop is one URL of a chain: the entry of its request, and that of the preflight before it.
type recordedHop struct {
	*entry
	preflight *entry // nil for none
}

// A chain is a request and the redirects that it followed.
type chain struct {
	hops []*recordedHop
}

func (c *chain) last() *recordedHop { return c.hops[len(c.hops)-1] }

// har puts the entries together. Preflights and redirects are entries of their own that do not say whose they are; the
// number that Chromium gives preflights is not to be found in the entry of their request.
func (a *archive) har() *HAR {
	h := &HAR{Creator: a.creator, Browser: a.browser}
	var (
		chains     []*chain
		redirects  = redirects{}
		preflights = preflights{}
	)
	for _, e := range a.entries {
		u, err := weburl.Parse(e.url, nil)
		switch {
		case err != nil, !isServed(u.Scheme):
			h.Other++
		case e.isNavigation():
			h.Navigations++
		case e.isPreflight():
			preflights.preflight(e)
		default:
			hop := &recordedHop{entry: e}
			preflights.request(hop)
			c := redirects.follow(hop)
			if c == nil {
				c = &chain{}
				chains = append(chains, c)
			}
			c.hops = append(c.hops, hop)
			redirects.wait(c, u)
		}
	}
	for _, c := range chains {
		h.Fetches = append(h.Fetches, c.fetch(a))
	}
	h.Unmatched = preflights.unmatched()
	return h
}

// isServed reports whether requests of a scheme go to a server.
func isServed(scheme string) bool {
	switch scheme {
	case "http", "https", "ws", "wss":
		return true
	}
	return false
}

func (e *entry) isPreflight() bool {
	return e.kind == "preflight" || e.method == http.MethodOptions && e.sent.Has(header.RequestMethod)
}

func (e *entry) isNavigation() bool {
	mode, told := e.sent.Get(header.SecFetchMode)
	return mode == "navigate" || !told && e.kind == "document"
}

// end is when the entry ended, as far as it is known.
func (e *entry) end() time.Time { return e.started.Add(e.took) }

// nearest is how many candidates are looked at before a request or a preflight counts as unmatched. It bounds the work for a
// hostile recording; in a real one the first few fit.
const nearest = 50

// matchWithin is how long before its request a preflight can have been sent.
const matchWithin = 30 * time.Second

// preflights finds the request of each preflight, by URL and method.
type preflights map[string]*unpaired

// unpaired are entries of one URL and method.
type unpaired struct {
	requests   []*recordedHop // without a preflight
	preflights []*entry       // without a request
}

func (p preflights) of(e *entry, method string) *unpaired {
	key := method + " " + e.url
	if p[key] == nil {
		p[key] = new(unpaired)
	}
	return p[key]
}

// preflight gives a preflight to the last request before it that may have called for it. Browsers list it after its request,
// which started first; proxies list it before.
func (p preflights) preflight(e *entry) {
	method, _ := e.sent.Get(header.RequestMethod)
	with := p.of(e, method)
	for i := len(with.requests) - 1; i >= max(0, len(with.requests)-nearest); i-- {
		if hop := with.requests[i]; mayCallFor(hop.entry, e) {
			hop.preflight = e
			with.requests = slices.Delete(with.requests, i, i+1)
			return
		}
	}
	with.preflights = append(with.preflights, e)
}

// request gives a request the first preflight before it that is without one.
func (p preflights) request(hop *recordedHop) {
	with := p.of(hop.entry, hop.method)
	for i, e := range with.preflights[:min(nearest, len(with.preflights))] {
		if mayCallFor(hop.entry, e) && hop.started.Sub(e.started) <= matchWithin {
			hop.preflight = e
			with.preflights = withoutNear(with.preflights, i)
			return
		}
	}
	with.requests = append(with.requests, hop)
}

// withoutNear removes an element near the front, at a cost that does not depend on the length.
func withoutNear[T any](list []T, i int) []T {
	copy(list[1:i+1], list[:i])
	return list[1:]
}

// mayCallFor reports whether a request has every header that a preflight asks for, as far as they are known. Authorization may
// be left out.
func mayCallFor(request, preflight *entry) bool {
	return !request.whole || !slices.ContainsFunc(preflight.askedNames(), func(name string) bool {
		return name != "authorization" && !request.sent.Has(name)
	})
}

// askedNames returns the names in Access-Control-Request-Headers, in lower case.
func (e *entry) askedNames() []string {
	value, _ := e.sent.Get(header.RequestHeaders)
	var names []string
	for name := range strings.SplitSeq(value, ",") {
		if name = header.Lower(strings.TrimSpace(name)); header.IsToken(name) {
			names = append(names, name)
		}
	}
	return names
}

func (p preflights) unmatched() []Unmatched {
	var out []Unmatched
	for _, with := range p {
		for _, e := range with.preflights {
			method, _ := e.sent.Get(header.RequestMethod)
			out = append(out, Unmatched{method, e.url})
		}
	}
	slices.SortFunc(out, func(a, b Unmatched) int { return strings.Compare(a.URL+" "+a.Method, b.URL+" "+b.Method) })
	return out
}

// redirects holds the chains that wait for the request that a redirect leads to, by its URL.
type redirects map[string][]*chain

// wait has a chain wait for what its last response leads to, if that is anywhere. The URL is the last hop's.
func (r redirects) wait(c *chain, u *weburl.URL) {
	if target := c.last().target(u); target != "" && c.last().failure == "" {
		r[target] = append(r[target], c)
	}
}

// target is where a redirect leads, without fragment; empty for any other response.
func (e *entry) target(base *weburl.URL) string {
	if !isRedirectStatus(e.status) {
		return ""
	}
	for location := range e.got.Values(header.Location) {
		u, err := weburl.Parse(location, base)
		if err != nil || !isServed(u.Scheme) {
			break
		}
		return withoutFragment(u.String())
	}
	return ""
}

func withoutFragment(u string) string {
	u, _, _ = strings.Cut(u, "#")
	return u
}

// follow returns the chain that a request goes on with, or nil when it is a request of its own.
func (r redirects) follow(hop *recordedHop) *chain {
	target := withoutFragment(hop.url)
	waiting := r[target]
	for i, c := range waiting[:min(nearest, len(waiting))] {
		if goesOn(c.last().entry, hop.entry) {
			r[target] = withoutNear(waiting, i)
			return c
		}
	}
	return nil
}

// goesOn reports whether an entry can be the request that another one was redirected to.
func goesOn(from, to *entry) bool {
	const slack = 20 * time.Millisecond // clocks of recordings are coarse
	origin, told := from.sent.Get(header.Origin)
	next, nextTold := to.sent.Get(header.Origin)
	switch {
	case from.kind != to.kind, from.page != to.page:
		return false
	case from.method != to.method && to.method != http.MethodGet:
		return false
	case !from.started.IsZero() && !to.started.IsZero() && to.started.Add(slack).Before(from.end()):
		return false
	}
	return !told || !nextTold || next == origin || next == "null"
}
