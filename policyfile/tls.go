package policyfile

import (
	"strings"

	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/report"
)

// rawTLS is what the file says of certificates.
type rawTLS struct {
	acme, certificate, key, local, redirectFrom, http3 value
}

func (raw *rawTLS) keys() []key {
	return []key{
		{name: "acme", schema: reference("acme"), read: raw.acme.set,
			doc: "Certificates from an authority that speaks ACME, for the hosts of the routes. {} asks Let's Encrypt."},
		{name: "certificate", schema: text(""), read: raw.certificate.set,
			doc: "A PEM file with a certificate and its chain, relative to the policy file's folder; key has its key."},
		{name: "key", schema: text(""), read: raw.key.set,
			doc: "A PEM file with the key of the certificate."},
		{name: "local", schema: boolean(), read: raw.local.set,
			doc: "Certificates from an authority of this machine, for development."},
		{name: "redirect_from", schema: text(""), read: raw.redirectFrom.set,
			doc: "An address, such as :80, whose plain HTTP requests are redirected to HTTPS."},
		{name: "http3", schema: boolean(), read: raw.http3.set,
			doc: "Whether HTTP/3 is served beside HTTP/1.1 and HTTP/2. Default true."},
	}
}

// tls reads where certificates come from.
func (r *reader) tls(v value, s *serving) *TLS {
	var raw rawTLS
	if !r.mapping(v, v.key, "tls", raw.keys()) {
		return nil
	}
	t := &TLS{HTTP3: true}
	if raw.http3.node != nil {
		t.HTTP3, _ = r.boolean(raw.http3, "http3")
	}
	isLocal := false
	if raw.local.node != nil {
		is, ok := r.boolean(raw.local, "local")
		t.Local, isLocal = is, is || !ok
	}
	t.Certificate = r.path(raw.certificate, "certificate")
	t.Key = r.path(raw.key, "key")
	if raw.acme.node != nil {
		t.ACME = r.acme(raw.acme)
	}
	if raw.redirectFrom.node != nil && !r.isNone(raw.redirectFrom) {
		if a, ok := r.address(raw.redirectFrom, "redirect_from"); ok {
			t.RedirectFrom = a.String()
			s.addresses = append(s.addresses, a)
		}
	}
	s.keyAt = raw.key.at
	r.checkSource(&raw, isLocal, v.key, s)
	return t
}

// checkSource tells when certificates come from nowhere, or from several places.
func (r *reader) checkSource(raw *rawTLS, isLocal bool, at place, s *serving) {
	const rule = "tls-source"
	switch {
	case raw.certificate.node != nil && raw.key.node == nil:
		r.add(raw.certificate.key, report.Error, rule, "the certificate has no key", "add key: the PEM file with its key")
	case raw.key.node != nil && raw.certificate.node == nil:
		r.add(raw.key.key, report.Error, rule, "the key has no certificate", "add certificate: the PEM file with the certificate and its chain")
	}
	type source struct {
		name string
		v    value
	}
	var sources []source
	if raw.acme.node != nil {
		sources = append(sources, source{"acme", raw.acme})
	}
	if raw.certificate.node != nil || raw.key.node != nil {
		sources = append(sources, source{"certificate", raw.certificate})
	}
	if isLocal {
		sources = append(sources, source{"local", raw.local})
	}
	switch {
	case len(sources) == 0:
		r.add(at, report.Error, rule, "tls does not say where certificates come from", "add acme, certificate and key, or local: true")
	case len(sources) > 1:
		r.add(at, report.Error, rule, "certificates come from "+sources[0].name+" and "+sources[1].name+", and there is one source", "leave one of the two out")
	case sources[0].name != "certificate":
		s.storageFor, s.storageForAt = sources[0].name, sources[0].v.key
	}
}

// rawACME is what the file says of an authority.
type rawACME struct {
	email, directory, root value
}

func (raw *rawACME) keys() []key {
	return []key{
		{name: "email", schema: text(""), read: raw.email.set,
			doc: "Whom the authority tells when something is wrong with a certificate."},
		{name: "directory", schema: text(`^https://|\$\{`), read: raw.directory.set,
			doc: "The URL of the authority's directory. Default: that of Let's Encrypt."},
		{name: "root", schema: text(""), read: raw.root.set,
			doc: "A PEM file with the authority that the directory's own certificate is of, relative to the policy file's folder. Default: those of the system."},
	}
}

// acme reads whom to ask for certificates.
func (r *reader) acme(v value) *ACME {
	var raw rawACME
	if !r.mapping(v, v.key, "acme", raw.keys()) {
		return nil
	}
	const rule = "acme-invalid"
	a := new(ACME)
	if raw.email.node != nil {
		text, ok := r.text(raw.email, "email")
		name, domain, found := strings.Cut(text, "@")
		switch {
		case !ok:
		case strings.HasPrefix(text, "mailto:"):
			r.wrong(raw.email, rule, "write it without mailto:", "email is a URL, and has to be an address")
		case !found || name == "" || domain == "" || strings.ContainsAny(text, " ,;<>\t\r\n") || strings.Contains(domain, "@"):
			r.wrong(raw.email, rule, "write one address: ops@example.com", "email is %s, which is no address", show(text))
		}
		a.Email = text
	}
	if raw.directory.node != nil {
		text, ok := r.text(raw.directory, "directory")
		u, err := weburl.Parse(text, nil)
		switch {
		case !ok:
		case err != nil || u.Scheme != "https" || u.Host == "":
			r.wrong(raw.directory, rule, "write the URL that the authority's documentation has", "directory has to be a URL of https")
		case strings.Contains(text, "@") || u.HasFragment:
			r.wrong(raw.directory, rule, "leave it out", "directory has a user name, a password or a fragment")
		}
		a.Directory = text
	}
	a.Root = r.path(raw.root, "root")
	return a
}
