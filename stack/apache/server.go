package apache

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: each VirtualHost as a whole, for routes that say who answers.

func (w *writer) servers() string {
	// The first VirtualHost of an address takes what is for no name; the site has it last.
	last := len(w.site.Hosts) - 1
	hosts := slices.Concat(w.site.Hosts[last:], w.site.Hosts[:last])
	var blocks []string
	for i := range hosts {
		blocks = append(blocks, w.server(&hosts[i], len(hosts) > 1))
	}
	body := strings.Join(append(w.blocks, blocks...), "\n")
	head := "# " + w.stack.Mark() + "\n"
	if w.options.SameOrigin {
		head += "# Front end and API under one origin, so that there is nothing for CORS to allow.\n"
	}
	return head + "# It needs the modules " + modules(body) + ". The address has a Listen elsewhere, as in ports.conf.\n\n" + body
}

// modules names what a configuration needs beyond what every Apache has.
func modules(text string) string {
	var names []string
	for _, m := range []struct{ name, directive string }{
		{"alias", "AliasMatch"}, {"dir", "<Directory"}, {"headers", "Header"}, {"lbmethod_bybusyness", "=bybusyness"},
		{"lbmethod_byrequests", "=byrequests"}, {"proxy", "ProxyPass"}, {"proxy_balancer", "BalancerMember"},
		{"proxy_http", "ProxyPass"}, {"rewrite", "RewriteEngine"}, {"slotmem_shm", "BalancerMember"}, {"ssl", "SSLProxy"},
	} {
		if strings.Contains(text, m.directive) {
			names = append(names, m.name)
		}
	}
	return strings.Join(names, ", ")
}

// address is where to listen, as a VirtualHost has it.
func address(listen string) string {
	listen = cmp.Or(listen, "80")
	if !strings.Contains(listen, ":") {
		listen = ":" + listen
	}
	if strings.HasPrefix(listen, ":") {
		listen = "*" + listen
	}
	return listen
}

func (w *writer) server(of *stack.Host, several bool) string {
	h := w.newHost(of)
	name := "# Put your ServerName here, or disable other sites of this address: the first VirtualHost takes what is for no name.\n"
	switch {
	case strings.HasPrefix(of.Name, "["):
		name = "# An IPv6 address cannot be a ServerName.\nServerName nobody.invalid\nServerAlias " + strings.Trim(of.Name, "[]") + "\n"
	case of.Name != "":
		name = "ServerName " + of.Name + "\n"
	case several:
		name = "# The first VirtualHost of an address takes what is for no name, so this one must come first.\nServerName nobody.invalid\n"
	}
	answers := h.answers()
	var cors string
	if !w.options.SameOrigin {
		cors = h.cors()
	} else {
		cors = "# There is one origin only, so no CORS header of the application's is wanted.\n" + clearHeaders()
	}
	if strings.Contains(answers, "Rewrite") && !strings.Contains(cors, "RewriteEngine") {
		cors += "\nRewriteEngine On\n"
	}
	return "<VirtualHost " + address(w.options.Listen) + ">\n" + indented(name+"\n"+h.forwarding()+cors+"\n"+answers) + "</VirtualHost>\n"
}

// forwarding is how requests get to the servers behind.
func (h *host) forwarding() string {
	upstreams := h.upstreams()
	text := "# Without this a path with an encoded slash would be refused. It is compared decoded, as applications see it.\nAllowEncodedSlashes On\n\n"
	if len(upstreams) == 0 {
		return text
	}
	if h.preservesHost() {
		text += "ProxyPreserveHost On\n"
	}
	text += "RequestHeader set X-Forwarded-Proto \"expr=%{REQUEST_SCHEME}\"\n" + h.certificates(upstreams)
	return text + "\n"
}

// upstreams are those of the host's routes.
func (h *host) upstreams() []*policyfile.Upstream {
	var list []*policyfile.Upstream
	for _, a := range h.list() {
		if a.route != nil && a.route.Upstream != nil {
			list = append(list, a.route.Upstream)
		}
	}
	return list
}

// preservesHost reports whether servers see the Host of the request, unless it is said otherwise of a place.
func (h *host) preservesHost() bool {
	return slices.ContainsFunc(h.upstreams(), func(u *policyfile.Upstream) bool { return !u.OwnHost })
}

// certificates has those of https servers checked.
func (h *host) certificates(upstreams []*policyfile.Upstream) string {
	found := ""
	for _, u := range upstreams {
		if !strings.HasPrefix(u.To[0], "https://") {
			continue
		}
		if !u.OwnHost {
			h.refuse("Apache holds the certificate of a server behind it to the Host that it sends, so it cannot send that of the request to "+u.To[0],
				"set own_host: true for the upstream")
		}
		ca := cmp.Or(u.CA, "/etc/ssl/certs/ca-certificates.crt")
		if found != "" && ca != found {
			h.refuse("Apache takes one file of authorities for all servers behind a VirtualHost, not both "+found+" and "+ca, "put the certificates into one file")
		}
		found = ca
	}
	if found == "" {
		return ""
	}
	return "# Apache checks no certificate by itself, and takes none but those that an authority signed directly.\nSSLProxyEngine On\nSSLProxyVerify require\n" +
		"SSLProxyVerifyDepth 4\nSSLProxyCACertificateFile " + h.text(found, "the file of an authority") + "\n"
}

// refuse tells what is not written.
func (w *writer) refuse(message, fix string) {
	finding := report.Finding{Rule: "not-generated", Severity: report.Error, Message: message, Fix: fix, Reference: w.stack.Facts.Links[2]}
	if !slices.Contains(w.findings, finding) {
		w.findings = append(w.findings, finding)
	}
}

// text is a text as one argument. What cannot be written is refused; what names it in words.
func (w *writer) text(s, what string) string {
	if strings.Contains(s, "${") || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7F }) {
		w.refuse(fmt.Sprintf("%s %q has something in it that Apache cannot be told literally", what, s), "give it another name")
	}
	return quoted(s)
}
