package policyfile

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// An exchange is what came of one fetch of a page from a server that serves the file.
type exchange struct {
	trace   *fetch.Trace
	policy  string       // that decided; empty where CORS is off
	route   *Route       // that the request came to; nil for none, and where a policy was named
	routed  bool         // whether a route was looked for
	decided *cors.Policy // nil where CORS is off, and where there is no route
	denied  []string
}

// exchange runs a fetch in a browser that follows the Standard. The policy is the one to use instead of the routes; without
// it, and without routes, it is the only one. The error says that the request cannot be made at all.
func (f *File) exchange(page *fetch.Page, request *fetch.Request, policy string) (*exchange, error) {
	e := &exchange{policy: policy}
	if policy == "" && len(f.Routes) == 0 {
		for name := range f.Policies {
			e.policy = name
		}
	}
	e.routed = e.policy == ""
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(e, w, r) })
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(page, request, corstest.Handler(handler), 0)
	if err != nil {
		return nil, err
	}
	e.trace = trace
	return e, nil
}

// serve answers as a gateway does that has the policies of the file in front of handlers that know nothing of CORS.
func (f *File) serve(e *exchange, w http.ResponseWriter, r *http.Request) {
	p := f.Policies[e.policy]
	if e.routed {
		method, headers := r.Method, r.Header
		if asked := r.Header[header.RequestMethod]; r.Method == http.MethodOptions && r.Header[header.Origin] != nil && len(asked) > 0 {
			method, headers = asked[0], nil
		}
		e.route = f.Route(r.Host, r.URL.Path, method, headers)
		if e.route == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		e.policy, p = e.route.PolicyName, e.route.Policy
	}
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	e.decided = p
	if p == nil {
		cors.Off(answer).ServeHTTP(w, r)
		return
	}
	m := cors.NewMiddleware(p)
	m.OnDecision = func(_ *http.Request, d *cors.Decision) {
		if why := d.Why(); why != "" {
			e.denied = append(e.denied, why)
		}
	}
	m.Wrap(answer).ServeHTTP(w, r)
}

// why says in one sentence why it came to this.
func (e *exchange) why() string {
	failure := e.trace.Failure
	switch {
	case e.trace.Outcome == fetch.Allowed:
		return e.allowedWhy()
	case len(e.denied) > 0:
		return fmt.Sprintf("policy %s: %s", e.policy, e.denied[0])
	case failure == nil:
		return "the response is unreadable by design"
	case failure.On == fetch.OnPage:
		return "the request cannot be made: " + told(failure)
	case e.routed && e.route == nil:
		return "no route takes the request, so nothing allows the page to read the answer"
	case e.policy == "":
		return fmt.Sprintf("CORS is off for the route %s", e.route.Path)
	case e.trace.Request.Credentials == fetch.CredentialsInclude && e.decided != nil && !e.decided.Config().Credentials:
		return fmt.Sprintf("the request carries credentials, and policy %s does not allow them", e.policy)
	}
	return "the browser refuses the answer: " + told(failure)
}

func (e *exchange) allowedWhy() string {
	switch {
	case e.trace.CORS == fetch.CORSNone:
		return "the page is of the server's own origin, so CORS does not apply"
	case e.trace.CORS == fetch.CORSPreflight:
		return fmt.Sprintf("policy %s allows the origin, and what the preflight asks for", e.policy)
	}
	return fmt.Sprintf("policy %s allows the origin, and the request needs no preflight", e.policy)
}

// told is a failure in a few words. What came may be a secret and is left out.
func told(f *fetch.Failure) string {
	text := strings.ReplaceAll(string(f.ID), "-", " ")
	if f.Header != "" {
		text += " (" + f.Header + ")"
	}
	return text
}
