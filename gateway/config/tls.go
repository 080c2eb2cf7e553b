package config

import (
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"

	"github.com/concors/concors/policyfile"
)

// tls is Caddy's app for certificates. It is there without TLS too: Caddy starts it in any case.
func (b *builder) tls() object {
	g := &b.file.Gateway
	// Cleaning the storage writes a number for the machine into the home folder, wherever the storage is.
	app := object{"disable_storage_clean": true}
	if g.Storage == "" {
		app["disable_storage_check"] = true
		app["disable_ocsp_stapling"] = true // answers about certificates would be stored
	}
	switch t := g.TLS; {
	case t == nil:
	case t.Certificate != "":
		app["certificates"] = object{"load_files": []object{{"certificate": t.Certificate, "key": t.Key}}}
	case t.ACME != nil:
		names := b.hosts()
		if len(names) == 0 {
			b.refuse(nil, "tls-hosts", "certificates come from an authority, and no route has a host to get one for", "write host at the routes")
		}
		b.automate(app, names, b.acme())
	case t.Local:
		b.automate(app, b.localNames(), object{"module": "internal"})
	}
	return app
}

func (b *builder) automate(app object, names []string, issuer object) {
	app["certificates"] = object{"automate": names}
	app["automation"] = object{"policies": []object{{"subjects": names, "issuers": []object{issuer}}}}
}

func (b *builder) acme() object {
	t := b.file.Gateway.TLS
	issuer := object{"module": "acme"}
	if t.ACME.Email != "" {
		issuer["email"] = literal(t.ACME.Email)
	}
	if t.ACME.Directory != "" {
		issuer["ca"] = literal(t.ACME.Directory)
	}
	if t.ACME.Root != "" {
		issuer["trusted_roots_pem_files"] = []string{t.ACME.Root}
	}
	http := object{"disabled": true} // there is nobody who could answer over plain HTTP
	if t.RedirectFrom != "" {
		http = object{"alternate_port": portOf(t.RedirectFrom)}
	}
	issuer["challenges"] = object{"http": http, "tls-alpn": object{"alternate_port": portOf(b.listen[0])}}
	return issuer
}

// hosts are those of the routes, in order.
func (b *builder) hosts() []string {
	names := map[string]bool{}
	for i := range b.file.Routes {
		if host := b.file.Routes[i].Host; host != "" {
			names[unbracketed(host)] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// localNames are those that a local authority gives certificates for: the routes' hosts, those that are listened on, and
// what this machine calls itself.
func (b *builder) localNames() []string {
	names := append(b.hosts(), "localhost", "127.0.0.1", "::1")
	for _, address := range b.listen {
		host, _, _ := net.SplitHostPort(address)
		if ip, err := netip.ParseAddr(host); host != "" && (err != nil || !ip.IsUnspecified()) {
			names = append(names, host)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func unbracketed(host string) string {
	if ip, err := netip.ParseAddrPort(host + ":0"); err == nil {
		return ip.Addr().String()
	}
	return host
}

// plainPort is the port that Caddy shall take for that of plain HTTP: on its own choice, 80, it never speaks TLS. Zero
// leaves it at that.
func (b *builder) plainPort() int {
	t := b.file.Gateway.TLS
	if t == nil {
		return 0
	}
	if t.RedirectFrom != "" {
		return portOf(t.RedirectFrom)
	}
	port := 80
	for slices.ContainsFunc(b.listen, func(address string) bool { return portOf(address) == port }) {
		port++
	}
	if port == 80 {
		return 0
	}
	return port
}

// toHTTPS answers with a redirect to the same URL of https, whatever the route.
func (b *builder) toHTTPS(*policyfile.Route) []object {
	to := "https://{http.request.host}"
	if port := portOf(b.listen[0]); port != 443 {
		to += ":" + strconv.Itoa(port)
	}
	return []object{{
		"handler": "static_response", "status_code": 308,
		"headers": object{"Location": []string{to + "{http.request.uri}"}},
	}}
}

// Reads are the files that Caddy reads once, when it starts to serve a policy file: certificates and keys.
func Reads(f *policyfile.File) []string {
	var names []string
	add := func(list ...string) {
		for _, name := range list {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	if t := f.Gateway.TLS; t != nil {
		add(t.Certificate, t.Key)
		if t.ACME != nil {
			add(t.ACME.Root)
		}
	}
	for i := range f.Routes {
		if u := f.Routes[i].Upstream; u != nil {
			add(u.CA)
		}
	}
	return sorted(names)
}
