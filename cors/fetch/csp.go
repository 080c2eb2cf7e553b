package fetch

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/weburl"
)

// allowedByCSP reports whether the page's connect-src lets the request out, on this hop.
//
// https://w3c.github.io/webappsec-csp/#connect-src
func (f *fetcher) allowedByCSP() bool {
	u := f.req.url()
	if !f.violatesCSP(u, f.hop > 0) {
		return true
	}
	return f.fail(spec.MainFetch, "7", f.cspFailure(u))
}

func (f *fetcher) cspFailure(u *weburl.URL) Failure {
	return Failure{ID: CSPConnectSrc, URL: u.String(), Header: "Content-Security-Policy", Got: "connect-src " + strings.Join(f.Page.CSPConnectSrc, " ")}
}

// violatesCSP reports whether no source expression of the page's connect-src matches a URL.
func (f *fetcher) violatesCSP(u *weburl.URL, redirected bool) bool {
	if f.Page.CSPConnectSrc == nil || !f.req.feature.connectSrc {
		return false
	}
	return !slices.ContainsFunc(f.Page.CSPConnectSrc, func(expression string) bool { return f.matchesSource(expression, u, redirected) })
}

// matchesSource reports whether a URL matches one source expression.
//
// https://w3c.github.io/webappsec-csp/#match-url-to-source-expression
func (f *fetcher) matchesSource(expression string, u *weburl.URL, redirected bool) bool {
	page := f.Page.Origin
	switch {
	case header.EqualFold(expression, "'none'"):
		return false
	case header.EqualFold(expression, "'self'"):
		port, _ := page.EffectivePort()
		return !page.IsOpaque() && matchesSelf(page.Scheme(), page.Host(), port, u)
	case expression == "*":
		return u.Scheme == "http" || u.Scheme == "https" || u.Scheme == page.Scheme()
	case strings.HasSuffix(expression, ":") && !strings.Contains(expression, "/"):
		return schemeMatches(strings.TrimSuffix(expression, ":"), u.Scheme)
	}
	return matchesHostSource(expression, page.Scheme(), u, redirected)
}

// matchesSelf compares a URL with the page, which may be reached over a more secure scheme on default ports.
func matchesSelf(scheme, host string, port int, u *weburl.URL) bool {
	if u.Host != host {
		return false
	}
	if u.Scheme == scheme && effectivePort(u) == port {
		return true
	}
	return schemeMatches(scheme, u.Scheme) && isDefaultPort(scheme, port) && u.Port < 0
}

// matchesHostSource matches scheme, host, port and path of a host-source; the path counts only before a redirect.
func matchesHostSource(expression, pageScheme string, u *weburl.URL, redirected bool) bool {
	scheme, rest, found := strings.Cut(expression, "://")
	if !found {
		scheme, rest = pageScheme, expression
	}
	if !schemeMatches(scheme, u.Scheme) {
		return false
	}
	authority, path, hasPath := strings.Cut(rest, "/")
	host, port, hasPort := strings.Cut(authority, ":")
	if apex, ok := strings.CutPrefix(host, "*."); ok {
		if len(u.Host) <= len(apex) || !header.EqualFold(u.Host[len(u.Host)-len(apex)-1:], "."+apex) {
			return false
		}
	} else if host != "*" && !header.EqualFold(host, u.Host) {
		return false
	}
	switch {
	case port == "*":
	case hasPort:
		if port != strconv.Itoa(effectivePort(u)) {
			return false
		}
	case u.Port >= 0:
		return false
	}
	if !hasPath || path == "" || redirected {
		return true
	}
	path = "/" + path
	return u.Path == path || strings.HasSuffix(path, "/") && strings.HasPrefix(u.Path, path)
}

// schemeMatches reports whether a URL's scheme is the expression's or its secure form.
//
// https://w3c.github.io/webappsec-csp/#match-schemes
func schemeMatches(expression, scheme string) bool {
	expression = header.Lower(expression)
	switch expression {
	case "http":
		return scheme == "http" || scheme == "https"
	case "ws":
		return scheme == "http" || scheme == "https" || scheme == "ws" || scheme == "wss"
	case "wss":
		return scheme == "https" || scheme == "wss"
	}
	return expression == scheme
}

func effectivePort(u *weburl.URL) int {
	if u.Port >= 0 {
		return u.Port
	}
	port, _ := weburl.DefaultPort(u.Scheme)
	return port
}

func isDefaultPort(scheme string, port int) bool {
	d, ok := weburl.DefaultPort(scheme)
	return ok && d == port
}
