package bench_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

const (
	target = "https://api.example/x"
	page   = "https://app.example"
)

// A policy is what every peer is configured for. All have the same methods, request headers and age of preflights.
type policy struct {
	origins     []string
	credentials bool
}

// methods, requestHeaders and maxAge belong to every policy.
func methods() []string        { return []string{"GET", "POST", "PUT", "DELETE"} }
func requestHeaders() []string { return []string{"Content-Type", "Authorization"} }

const maxAge = 86400 // seconds

// anyOrigin reports whether the responses are the same whoever asks.
func (p *policy) anyOrigin() bool { return p.origins[0] == "*" }

// kind is what a scenario's request is to CORS.
type kind int

const (
	notCORS kind = iota
	actual
	preflight
)

// A scenario is a policy and a request.
type scenario struct {
	name    string
	policy  *policy // nil: no CORS at all
	kind    kind
	request *http.Request
	allowed bool // what the policy says to the page

	// script is what a page asks a browser for, so that the request goes out; nil where no browser would send it.
	script *fetch.Request
}

// scenarios lists them.
func scenarios() []scenario {
	one := &policy{origins: []string{page}}
	three := &policy{origins: []string{"https://www.example", "https://admin.example:8443", page}}
	subdomains := &policy{origins: []string{"https://*.app.example"}}
	anyone := &policy{origins: []string{"*"}}
	credentials := &policy{origins: three.origins, credentials: true}
	thousand, many := &policy{origins: tenants(1000)}, &policy{origins: tenants(100_000)}

	list := []scenario{
		{name: "no CORS at all", request: newRequest("GET")},
		{name: "GET without Origin", policy: one, request: newRequest("GET")},
		actualRequest("actual, one origin", one, page, true),
		actualRequest("actual, third of three", three, page, true),
		actualRequest("actual, subdomain pattern", subdomains, "https://tenant.app.example", true),
		actualRequest("actual, any origin", anyone, page, true),
		actualRequest("actual, not allowed", three, "https://evil.example", false),
		actualRequest("actual, credentialed", credentials, page, true),
		preflightRequest("preflight", three, page, "PUT", "content-type", true),
		preflightRequest("preflight, credentialed", credentials, page, "PUT", "authorization,content-type", true),
		preflightRequest("preflight, bad origin", three, "https://evil.example", "PUT", "content-type", false),
		preflightRequest("preflight, bad method", three, page, "PATCH", "content-type", false),
		preflightRequest("preflight, bad header", three, page, "PUT", "content-type,x-secret", false),
		actualRequest("1,000 origins, hit", thousand, thousand.origins[500], true),
		actualRequest("1,000 origins, miss", thousand, "https://tenant-x.app.example", false),
		actualRequest("100,000 origins, hit", many, many.origins[50_000], true),
		actualRequest("100,000 origins, miss", many, "https://tenant-x.app.example", false),
		hostile("1 MiB of an allowed name", three, strings.Repeat("content-type,", 1<<20/len("content-type,"))),
		hostile("1 MiB of spaces", three, strings.Repeat(" ", 1<<20)),
		hostile("1 MiB of commas", three, strings.Repeat(",", 1<<20)),
		hostile("30,000 empty lines", three, make([]string, 30_000)...),
	}
	return list
}

// parallel lists the scenarios that are also measured on every processor at once.
func parallel() []string {
	return []string{"GET without Origin", "actual, third of three", "preflight", "100,000 origins, hit"}
}

func tenants(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("https://tenant-%d.app.example", i)
	}
	return list
}

func actualRequest(name string, p *policy, origin string, allowed bool) scenario {
	r := newRequest("GET")
	r.Header.Set(header.Origin, origin)
	return scenario{name: name, policy: p, kind: actual, request: r, allowed: allowed, script: script(p, "GET", "")}
}

func preflightRequest(name string, p *policy, origin, method, names string, allowed bool) scenario {
	r := newRequest("OPTIONS")
	r.Header.Set(header.Origin, origin)
	r.Header.Set(header.RequestMethod, method)
	r.Header.Set(header.RequestHeaders, names)
	return scenario{name: name, policy: p, kind: preflight, request: r, allowed: allowed, script: script(p, method, names)}
}

// hostile is a preflight with lines of Access-Control-Request-Headers that name nothing forbidden, and that no browser sends.
// Either answer to it is right, if it comes soon.
func hostile(name string, p *policy, lines ...string) scenario {
	s := preflightRequest("hostile: "+name, p, page, "PUT", "", false)
	s.request.Header[header.RequestHeaders] = lines
	s.script = nil
	return s
}

func newRequest(method string) *http.Request {
	return httptest.NewRequest(method, target, http.NoBody)
}

// script is what a page calls fetch() with.
func script(p *policy, method, names string) *fetch.Request {
	r := &fetch.Request{URL: target, Method: method, Credentials: fetch.CredentialsOmit}
	if p.credentials {
		r.Credentials = fetch.CredentialsInclude
	}
	for name := range strings.SplitSeq(names, ",") {
		if name != "" {
			r.Header.Append(name, "application/json")
		}
	}
	return r
}
