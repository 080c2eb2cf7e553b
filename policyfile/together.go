package policyfile

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/report"
)

// checkTogether tells what is wrong between routes, and between them and how they are served.
func (r *reader) checkTogether(f *File, routes []routeRead, served []*serving) {
	for i := range routes {
		r.checkLoop(f, &routes[i], &f.Routes[i])
		r.checkExposed(&routes[i], r.file, report.Warning, "this policy file, with all that it tells about the gateway", "")
	}
	for _, s := range served {
		r.checkCertificates(routes, s)
		taken := map[int][]*address{} // by port
		for i := range s.addresses {
			a := &s.addresses[i]
			taken[a.port] = append(taken[a.port], a)
		}
		for i := range routes {
			r.checkServed(&routes[i], s, taken)
		}
	}
}

// checkAnswered tells about routes that nothing answers, in a file for a gateway.
func (r *reader) checkAnswered(gateway place, routes []routeRead) {
	if len(routes) == 0 {
		r.add(gateway, report.Warning, "gateway-routes", "there are no routes, so the gateway answers every request with 404", "add routes")
	}
	for i := range routes {
		if route := &routes[i]; route.Upstream == nil && route.Files == nil && route.Redirect == nil {
			r.add(route.key, report.Error, "route-answers", "the route has none of upstream, files and redirect, and in a gateway something has to answer", "add one of them")
		}
	}
}

// checkLoop tells about a redirect that leads to its own route.
func (r *reader) checkLoop(f *File, read *routeRead, route *Route) {
	if route.Redirect == nil || !strings.HasPrefix(route.Redirect.To, "/") || len(route.Headers) > 0 {
		return
	}
	path, method := route.Path, "GET"
	if strings.HasSuffix(path, "/") {
		path += "concors-sample"
	}
	if len(route.Methods) > 0 && route.Redirect.Status != 303 {
		method = route.Methods[0]
	}
	to := filled(route.Redirect.To, path, "")
	if i := strings.IndexAny(to, "?#"); i >= 0 {
		to = to[:i]
	}
	if f.Route(route.Host, to, method, nil) == route {
		r.add(read.redirectAt, report.Error, "redirect-loop", "the redirect leads to the route that it is of, so browsers go round until they give up", "write a path of another route, or a URL of another host; or a route for the path that it leads to")
	}
}

// checkServed tells what is wrong with a route for how it is served.
func (r *reader) checkServed(route *routeRead, s *serving, taken map[int][]*address) {
	for i, at := range route.servers {
		host, port := hostAndPort(route.Upstream.To[i])
		for _, a := range taken[port] {
			if a.what != "metrics" && a.what != "health" && a.takes(host, port) {
				r.tellIn(s.env, at, report.Error, "upstream-loop", "the server is the gateway itself: "+a.what+" in line "+lineOf(a.at)+" is "+a.String(), "write the address of the server behind it, or let one of the two have another port")
				break
			}
		}
	}
	open := len(s.Listen) == 0 || slices.ContainsFunc(s.addresses, func(a address) bool { return a.what == "listen" && !a.isLoopback() })
	if len(route.BasicAuth) > 0 && !s.tlsSet && open {
		r.tellIn(s.env, route.basicAuthKey, report.Warning, "account-open", "without tls, passwords go over the network for everybody on it to read", "add tls to gateway, or see that only a proxy that has it reaches the gateway")
	}
	if s.Storage != "" {
		r.checkExposed(route, s.Storage, report.Error, "storage, with the private keys in it", s.env)
	}
	if s.TLS != nil && s.TLS.Key != "" {
		r.checkExposed(route, s.TLS.Key, report.Error, "the private key "+show(filepath.Base(s.TLS.Key)), s.env)
	}
	if s.AccessLog != "" && s.AccessLog != "stdout" && s.AccessLog != "stderr" {
		r.checkExposed(route, s.AccessLog, report.Warning, "the access log", s.env)
	}
}

// checkExposed tells when a route gives everybody a file that is not meant for it. Both names are relative to the same folder,
// or absolute.
func (r *reader) checkExposed(route *routeRead, name string, severity report.Severity, what, env string) {
	if route.Files == nil || route.Files.Root == "" {
		return
	}
	if holds(route.Files.Root, name) {
		r.tellIn(env, route.filesAt, severity, "files-exposed", "the folder holds "+what+", for everybody to read", "write a folder that has nothing else in it than what is served")
	}
}

// holds reports whether a folder is one that a file is in, as far as the names tell.
func holds(folder, name string) bool {
	if !filepath.IsAbs(folder) && !filepath.IsAbs(name) {
		// Some folders down, so that there is a name for those above.
		const parent = ".."
		deep := strings.Repeat("/x", strings.Count(folder, parent)+strings.Count(name, parent)+1)
		folder, name = filepath.Join(deep, folder), filepath.Join(deep, name)
	}
	below, err := filepath.Rel(folder, name)
	return err == nil && filepath.IsLocal(below)
}

// checkCertificates tells about hosts that the authority gives no certificate for, and about ports that nobody looks at.
func (r *reader) checkCertificates(routes []routeRead, s *serving) {
	var hosts []string
	for i := range routes {
		if host := routes[i].Host; host != "" && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	for i := range s.addresses {
		a := &s.addresses[i]
		switch {
		case a.what == "listen" && a.port == 443 && !s.tlsSet:
			r.tellIn(s.env, a.at, report.Warning, "address-port", "browsers speak TLS at port 443, and there is no tls", "add tls, or write another port")
		case a.what == "listen" && a.port == 80 && s.tlsSet:
			r.tellIn(s.env, a.at, report.Warning, "address-port", "browsers speak plain HTTP at port 80, and with tls the gateway speaks TLS there", "write 443, and redirect_from: :80 in tls")
		}
	}
	if s.TLS == nil || s.TLS.ACME == nil || s.storageFor != "acme" {
		return
	}
	if len(hosts) == 0 {
		r.tellIn(s.env, s.storageForAt, report.Error, "tls-hosts", "no route has a host, so there is none to ask a certificate for", "add host to the routes: the name under which browsers know the gateway")
	}
	if s.TLS.ACME.Directory != "" {
		return // what an authority of one's own does is its business
	}
	for _, host := range hosts {
		if !isPublicName(host) {
			r.tellIn(s.env, s.storageForAt, report.Warning, "tls-host-private", "Let's Encrypt gives no certificate for "+show(host)+", which is a name that only a network of one's own knows", "write directory: an authority of your own, or local: true instead of acme")
		}
	}
	if !slices.ContainsFunc(s.addresses, func(a address) bool {
		return a.what == "listen" && a.port == 443 || a.what == "redirect_from" && a.port == 80
	}) {
		r.tellIn(s.env, s.storageForAt, report.Info, "tls-challenge", "Let's Encrypt looks at port 443 or 80 of the host, and the gateway listens on neither", "listen on :443, or see that something passes one of these ports on to it")
	}
}

// isPublicName reports whether a host can be one of the public DNS.
//
// https://www.rfc-editor.org/rfc/rfc6761 https://www.rfc-editor.org/rfc/rfc6762 https://www.rfc-editor.org/rfc/rfc8375
func isPublicName(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch last {
	case host, "localhost", "local", "internal", "test", "invalid", "example", "onion":
		return false
	}
	return !strings.HasSuffix(host, ".home.arpa") && (last[0] < '0' || last[0] > '9') && !strings.HasPrefix(host, "[")
}

// hostAndPort are those of an origin; the host has no brackets.
func hostAndPort(origin string) (host string, port int) {
	u, err := weburl.Parse(origin, nil)
	if err != nil {
		return "", 0
	}
	port = u.Port
	if port < 0 && u.Scheme == "https" {
		port = 443
	} else if port < 0 {
		port = 80
	}
	return strings.Trim(u.Host, "[]"), port
}
