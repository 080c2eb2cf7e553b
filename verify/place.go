package verify

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
)

// unknownName is a path's last part that no server has something at.
const unknownName = "concors-verify-unknown"

// A place is where a policy is verified.
type place struct {
	policyfile.Place
	config  cors.Config
	server  string   // scheme, host and port
	target  string   // the path as a URL has it
	errors  []string // URLs of answers that are errors
	origins origins

	wantsHeaders bool // requests need headers to come here, which only preflights do without
}

func newPlace(server, target string, at policyfile.Place, o origins) place {
	p := place{Place: at, config: config(at.Policy), server: server, target: target, origins: o}
	if p.isPrefix() {
		p.errors = []string{p.url() + unknownName}
	}
	return p
}

func (p *place) isPrefix() bool { return strings.HasSuffix(p.Path, "/") }

// sample is a path that comes here; below a prefix it is one at which there is nothing.
func (p *place) sample() string {
	if p.isPrefix() {
		return p.Path + unknownName
	}
	return p.Path
}

// isOf reports whether the place is that of a route.
func (p *place) isOf(route *policyfile.Route) bool {
	return route != nil && route.Path == p.Path && p.Takes("GET")
}

func (p *place) url() string { return p.server + p.target }

// reads reports whether GET can be sent here.
func (p *place) reads() bool { return p.Takes("GET") && !p.wantsHeaders }

// check makes a check, named after the place.
func (p *place) check(name, want string, run func(*asker) verdict) check {
	return check{name: p.Name + ": " + name, want: want, run: run}
}

// checks are all checks of a place, the most telling first, each once.
func (p *place) checks() []check {
	if p.Policy == nil {
		return p.offChecks()
	}
	var list []check
	if len(p.origins.inside) > 0 {
		list = slices.Concat(p.readChecks(), p.errorChecks(), p.preflightChecks(), p.methodChecks(), p.headerChecks(), p.spellingChecks(), p.varyChecks())
	}
	list = append(list, p.originChecks()...)
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(c check) bool {
		twice := seen[c.name]
		seen[c.name] = true
		return twice
	})
}

// unseen is what cannot be seen of a place by what is sent.
func (p *place) unseen() []NotVerified {
	var list []NotVerified
	if p.Policy == nil {
		return nil
	}
	if methods := p.changing(); len(methods) > 0 {
		list = append(list, NotVerified{Name: p.Name + ": responses to " + few(methods), Reason: "the requests could change something, so only their preflights are sent"})
	}
	if p.wantsHeaders {
		list = append(list, NotVerified{Name: p.Name + ": responses", Reason: "the route asks for headers, and a GET with them is not made; only preflights are sent"})
	}
	if len(p.origins.inside) == 0 {
		list = append(list, NotVerified{Name: p.Name + ": what allowed origins may do", Reason: "no page has an origin that the policy allows, that of the server apart"})
	}
	if len(p.errors) == 0 && p.reads() {
		list = append(list, NotVerified{Name: p.Name + ": error responses", Reason: "the route is a single path; name one that fails with --error-path"})
	}
	return list
}

// changing are the methods that pages may use here and that could change something.
func (p *place) changing() []string {
	var list []string
	for _, m := range policyfile.MethodsOf(&p.config) {
		if m != "GET" && m != "HEAD" && m != "OPTIONS" && p.Takes(m) && len(p.origins.inside) > 0 && policyfile.Allows(p.Policy, p.origins.inside[0], m, "") {
			if m == policyfile.OtherMethod {
				m = "any other method"
			}
			list = append(list, m)
		}
	}
	return list
}

// credentials is the mode in which a request has all that the policy allows.
func (p *place) credentials() fetch.Credentials {
	if p.config.Credentials {
		return fetch.CredentialsInclude
	}
	return fetch.CredentialsOmit
}

// request is a page's request to a URL.
func (p *place) request(method, url string) *fetch.Request {
	return &fetch.Request{Method: method, URL: url, Credentials: p.credentials(), Redirect: fetch.RedirectManual}
}

// asking is a page's request that needs a preflight.
func (p *place) asking(method, url string, names ...string) *fetch.Request {
	r := p.request(method, url)
	for _, name := range names {
		r.Header.Append(name, valueOf(name))
	}
	switch method {
	case "GET", "HEAD", "POST":
		r.UploadListener = true // a preflight in any case
	default:
		// By the Standard such a listener would have any method allowed that no list refuses. No browser does that.
		// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
	}
	return r
}

// valueOf is a value with which a header needs permission.
func valueOf(name string) string {
	switch header.Lower(name) {
	case "content-type":
		return "application/json"
	case "accept", "accept-language", "content-language":
		return `"1"`
	}
	return "1"
}

// preflightMethod is a method that pages may use here, one that needs permission if there is any; empty if there is none.
func (p *place) preflightMethod() string {
	if len(p.origins.inside) == 0 {
		return ""
	}
	methods := policyfile.MethodsOf(&p.config)
	slices.SortStableFunc(methods, func(a, b string) int { return rank(a) - rank(b) })
	for _, m := range append(methods, p.Only) {
		if m != "" && p.Takes(m) && policyfile.Allows(p.Policy, p.origins.inside[0], m, "") {
			return m
		}
	}
	return ""
}

// rank puts methods that need permission first, and one that nobody knows last.
func rank(method string) int {
	switch method {
	case "GET", "HEAD", "POST":
		return 1
	case policyfile.OtherMethod:
		return 2
	}
	return 0
}
