package live

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// referrer is a request's referrer and its policy, from hop to hop: what one hop cuts away stays away.
type referrer struct {
	url    *weburl.URL // nil for no referrer
	page   origin.Origin
	policy fetch.ReferrerPolicy
	next   fetch.ReferrerPolicy // that a response announced; empty for none
	at     *hop                 // that url is meant for
}

// newReferrer begins with the page's URL. A page whose origin is opaque, or whose URL is not http(s), has no referrer.
//
// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
func newReferrer(page *fetch.Page) referrer {
	r := referrer{page: page.Origin, policy: page.ReferrerPolicy}
	if r.policy == "" {
		r.policy = fetch.StrictOriginWhenCrossOrigin
	}
	if page.Origin.IsOpaque() || page.URL == nil || page.URL.Scheme != "http" && page.URL.Scheme != "https" {
		return r
	}
	u := *page.URL
	u.Username, u.Password, u.Fragment, u.HasFragment = "", "", "", false
	r.url = &u
	return r
}

// follow moves to a hop; it does nothing when it is there already. An engine that caps the referrer takes a policy that tells
// other sites more than the default one for the default.
//
// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
func (r *referrer) follow(at *hop, caps bool) {
	if r.at == at {
		return
	}
	r.at = at
	if r.next != "" {
		r.policy, r.next = r.next, ""
	}
	if r.url == nil {
		return
	}
	const longest = 4096
	whole, bare := r.url, bareOrigin(r.url)
	if len(whole.String()) > longest {
		whole = bare
	}
	same := origin.SameOrigin(r.page, at.origin)
	// DIFFERS: Chromium, Firefox and WebKit go by the scheme, where the Standard asks what is potentially trustworthy: it
	// matters to http on loopback.
	downgrade := whole.Scheme == "https" && at.url.Scheme != "https"
	policy := r.policy
	if caps && !origin.SchemelessSameSite(r.page, at.origin) {
		policy = capped(policy)
	}
	r.url = nil
	switch policy {
	case fetch.ReferrerOrigin:
		r.url = bare
	case fetch.UnsafeURL:
		r.url = whole
	case fetch.StrictOrigin:
		if !downgrade {
			r.url = bare
		}
	case fetch.StrictOriginWhenCrossOrigin:
		switch {
		case same:
			r.url = whole
		case !downgrade:
			r.url = bare
		}
	case fetch.ReferrerSameOrigin:
		if same {
			r.url = whole
		}
	case fetch.OriginWhenCrossOrigin:
		r.url = bare
		if same {
			r.url = whole
		}
	case fetch.NoReferrerWhenDowngrade:
		if !downgrade {
			r.url = whole
		}
	}
}

func bareOrigin(u *weburl.URL) *weburl.URL {
	return &weburl.URL{Scheme: u.Scheme, Host: u.Host, HasHost: true, Port: u.Port, Path: "/"}
}

// capped returns the default policy for one that tells other sites more.
func capped(p fetch.ReferrerPolicy) fetch.ReferrerPolicy {
	switch p {
	case fetch.UnsafeURL, fetch.NoReferrerWhenDowngrade, fetch.OriginWhenCrossOrigin:
		return fetch.StrictOriginWhenCrossOrigin
	}
	return p
}

// read takes the last policy of a Referrer-Policy field that is one, for the hop that the response leads to.
//
// https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
func (r *referrer) read(res *fetch.Response) {
	value, _ := res.Header.Get(header.ReferrerPolicy)
	for token := range strings.SplitSeq(value, ",") {
		switch p := fetch.ReferrerPolicy(header.Lower(strings.Trim(token, " \t"))); p {
		case fetch.NoReferrer, fetch.NoReferrerWhenDowngrade, fetch.ReferrerSameOrigin, fetch.ReferrerOrigin, fetch.StrictOrigin,
			fetch.OriginWhenCrossOrigin, fetch.StrictOriginWhenCrossOrigin, fetch.UnsafeURL:
			r.next = p
		}
	}
}
