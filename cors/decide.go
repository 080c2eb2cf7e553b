package cors

import (
	"strings"

	"github.com/concors/concors/cors/header"
)

// A Request is what of an HTTP request decides; each field but the method is the lines of one header, nil for none.
type Request struct {
	Method         string   // as it came
	Origin         []string // Origin
	RequestMethod  []string // Access-Control-Request-Method
	RequestHeaders []string // Access-Control-Request-Headers
	FetchSite      []string // Sec-Fetch-Site, by which a browser says how the page and the URL relate
}

// RequestOf reads what decides from a request's method and its fields: an http.Header, whose keys are in canonical form. The
// lines are the fields' own.
func RequestOf(method string, fields map[string][]string) Request {
	r := Request{Method: method, Origin: fields[header.Origin]}
	if len(r.Origin) > 0 {
		r.RequestMethod, r.RequestHeaders = fields[header.RequestMethod], fields[header.RequestHeaders]
		r.FetchSite = fields[header.SecFetchSite]
	}
	return r
}

// SameHost reports whether a request on which the browser does not say how page and URL relate is of the origin that it goes
// to, as far as the host tells: the one of the request, with its port.
func (r *Request) SameHost(host string) bool {
	if len(r.FetchSite) > 0 || len(r.Origin) != 1 {
		return false
	}
	_, of, ok := strings.Cut(r.Origin[0], "://")
	return ok && of == host
}

// Kind tells requests apart by what CORS has to say about them.
type Kind int

// The kinds.
const (
	NotCORS   Kind = iota // without Origin, or of a page of the same origin, as far as the browser tells
	Actual                // a request of a page, as far as is known of another origin
	Preflight             // OPTIONS, with Origin and Access-Control-Request-Method
)

// String returns the kind as logs have it.
func (k Kind) String() string {
	switch k {
	case Actual:
		return "actual"
	case Preflight:
		return "preflight"
	}
	return "not-cors"
}

// Refusal is why a request is refused. The values are stable; the empty one means that it is not.
type Refusal string

// The refusals.
const (
	RefusedOrigin        Refusal = "origin-not-allowed"
	RefusedOrigins       Refusal = "several-origins" // more than one Origin line
	RefusedNull          Refusal = "origin-null"
	RefusedMethod        Refusal = "method-not-allowed"
	RefusedMethodInvalid Refusal = "method-invalid" // no method, or several
	RefusedHeader        Refusal = "header-not-allowed"
	RefusedHeaderInvalid Refusal = "header-invalid" // no header name
	RefusedHeadersLength Refusal = "headers-too-long"
)

// Refusals lists them. The slice is the caller's.
func Refusals() []Refusal {
	return []Refusal{
		RefusedOrigin, RefusedOrigins, RefusedNull, RefusedMethod, RefusedMethodInvalid, RefusedHeader, RefusedHeaderInvalid,
		RefusedHeadersLength,
	}
}

// A Decision is what a policy says to one request. It points to the request's lines, and is good for as long as they are.
type Decision struct {
	Kind    Kind
	Refusal Refusal // empty when the request is allowed; always so for NotCORS
	Request Request

	policy *Policy
	name   string // the header that is refused
	err    error  // of the function that decides at run time
}

// Err returns the error of [Middleware.AllowOrigin] that led to the refusal, if one did.
func (d *Decision) Err() error { return d.err }

// Allowed reports whether the page may make the request and read the response.
func (d *Decision) Allowed() bool { return d.Refusal == "" }

// Decide answers one request. It is pure, does not allocate, and takes time linear in the length of the headers, of which it
// reads no more than the first few thousand bytes.
func (p *Policy) Decide(r Request) Decision {
	d := Decision{Request: r, policy: p}
	if len(r.Origin) > 0 {
		p.decide(&d, nil)
	}
	return d
}

// decide judges a request that has an Origin. Fields are the request's headers, of which those that count are read into d as
// they come to count; nil means that they are there already.
func (p *Policy) decide(d *Decision, fields map[string][]string) {
	r := &d.Request
	d.Kind, d.Refusal = Actual, p.refusedOrigin(r.Origin)
	if r.Method == "OPTIONS" {
		if fields != nil {
			r.RequestMethod = fields[header.RequestMethod]
		}
		if len(r.RequestMethod) > 0 {
			d.Kind = Preflight
		}
	}
	if d.Kind == Preflight {
		if d.Refusal == "" {
			p.decidePreflight(d, fields)
		}
		return
	}
	if d.Refusal != "" {
		if fields != nil {
			r.FetchSite = fields[header.SecFetchSite]
		}
		if len(r.FetchSite) == 1 && r.FetchSite[0] == "same-origin" {
			d.Kind, d.Refusal = NotCORS, ""
		}
	}
}

// decidePreflight judges what a preflight of an allowed origin asks for.
func (p *Policy) decidePreflight(d *Decision, fields map[string][]string) {
	r := &d.Request
	if d.Refusal = p.refusedMethod(r.RequestMethod); d.Refusal != "" {
		return
	}
	if fields != nil {
		r.RequestHeaders = fields[header.RequestHeaders]
	}
	d.name, d.Refusal = p.refusedHeader(r.RequestHeaders)
}

// refusedOrigin judges the lines of the Origin header.
func (p *Policy) refusedOrigin(lines []string) Refusal {
	if len(lines) != 1 {
		return RefusedOrigins
	}
	value := lines[0]
	if p.origins.Has(value) {
		return ""
	}
	switch {
	case value == "null" && p.null:
		return ""
	case value == "null":
		return RefusedNull
	}
	return RefusedOrigin
}

// refusedMethod judges the lines of Access-Control-Request-Method.
func (p *Policy) refusedMethod(lines []string) Refusal {
	if len(lines) != 1 {
		return RefusedMethodInvalid
	}
	method := lines[0]
	if isSafelistedMethod(method) {
		return ""
	}
	for _, allowed := range p.methods {
		if allowed == method {
			return ""
		}
	}
	switch {
	case p.anyMethod && header.IsToken(method):
		return ""
	case !header.IsToken(method):
		return RefusedMethodInvalid
	}
	return RefusedMethod
}
