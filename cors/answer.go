package cors

import (
	"strings"

	"github.com/concors/concors/cors/header"
)

// Statuses of answers to preflights.
const (
	statusNoContent = 204
	statusForbidden = 403
)

// preflightVary is what the answer to a preflight depends on. Browsers do not keep it in their HTTP caches, but some content
// delivery networks can be told to.
const preflightVary = header.Origin + ", " + header.RequestMethod + ", " + header.RequestHeaders

// Status returns the status of the answer to a preflight: 204 if it is allowed, 403 if not. It is 0 for other requests, whose
// status is not for CORS to decide.
func (d *Decision) Status() int {
	switch {
	case d.Kind != Preflight:
		return 0
	case d.Allowed():
		return statusNoContent
	}
	return statusForbidden
}

// Header returns the headers of the response, in place of any of the same names that it has; Vary is the exception: its names
// are added to those that are there. They belong on every response, whatever its status. The list is the caller's.
//
// https://fetch.spec.whatwg.org/#http-responses
func (d *Decision) Header() header.List {
	p := d.policy
	var list header.List
	add := func(name, value string) {
		if value != "" {
			list.Append(name, value)
		}
	}
	add(header.AllowOrigin, d.allowOrigin())
	if d.grants() && p.credentials {
		add(header.AllowCredentials, "true")
	}
	switch {
	case d.Kind == Preflight && d.Allowed():
		add(header.AllowMethods, d.allowMethods())
		add(header.AllowHeaders, d.allowHeaders())
		add(header.MaxAge, p.maxAge)
	case d.grants():
		add(header.ExposeHeaders, p.exposeHeaders)
	}
	add(header.Vary, d.vary())
	return list
}

// grants reports whether the response lets a page read it.
func (d *Decision) grants() bool {
	return d.Kind != NotCORS && d.Allowed() || d.Kind != Preflight && d.policy.constant()
}

// constant reports whether every response, whoever asks, says the same.
//
// https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
func (p *Policy) constant() bool { return p.origins.IsAny() && !p.credentials }

func (d *Decision) allowOrigin() string {
	switch {
	case !d.grants():
		return ""
	case d.policy.constant():
		return "*"
	}
	return d.Request.Origin[0]
}

// allowMethods is what is allowed in answer to a preflight. All that is listed, so that the browser asks once for all; where
// any is allowed, the one that is asked for, which unlike * counts with credentials too, and is kept by every browser.
func (d *Decision) allowMethods() string {
	if d.policy.anyMethod {
		return d.Request.RequestMethod[0]
	}
	return d.policy.allowMethods
}

// allowHeaders is, likewise, what is allowed in answer to a preflight.
func (d *Decision) allowHeaders() string {
	if d.policy.anyHeader {
		return strings.Join(d.Request.RequestHeaders, ", ")
	}
	return d.policy.allowHeaders
}

func (d *Decision) vary() string {
	switch {
	case d.Kind == Preflight:
		return preflightVary
	case d.policy.constant():
		return ""
	}
	return header.Origin
}
