package caddy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: whole sites, for routes that say who answers.

func (w *writer) sites() string {
	var list []string
	for i := range w.site.Hosts {
		list = append(list, w.siteOf(&w.site.Hosts[i]))
	}
	return strings.Join(list, "\n")
}

// siteOf writes the site of a host. In a route directives stay in their order; elsewhere Caddy sorts them.
func (w *writer) siteOf(h *stack.Host) string {
	var b strings.Builder
	b.WriteString(w.address(h))
	if len(h.Places) == 0 {
		b.WriteString("\t# Without it a request for no site would get 200.\n\trespond 404\n}\n")
		return b.String()
	}
	b.WriteString("\t# In the order of the file, and not in Caddy's, which would redirect before a preflight is answered.\n\troute {\n")
	const indent = "\t\t"
	if len(w.site.Policies) > 0 && !w.options.SameOrigin {
		b.WriteString(w.preflightMatcher(indent))
	}
	b.WriteString(w.methodVariable(indent, *h))
	if h.Places[0].Path != "/" {
		b.WriteString("\n" + indent + "# The first that takes a request is the one. The matcher path would ignore case, and so take more than it says.\n")
	}
	for i := range h.Places {
		p := &h.Places[i]
		if p.Path == "/" {
			b.WriteString(w.byMethod(p, i+1, indent, "route", w.answer))
			continue
		}
		name := fmt.Sprintf("@cors_%d", i+1)
		fmt.Fprintf(&b, "%s%s path_regexp %s\n%sroute %s {\n%s%s}\n", indent, name, pathExpression(p.Path), indent, name,
			w.byMethod(p, i+1, indent+"\t", "route", w.answer), indent)
	}
	if h.Place("/") == nil {
		b.WriteString(indent + "respond 404\n")
	}
	b.WriteString("\t}\n}\n")
	return b.String()
}

// address is the first lines of a site. With a name alone Caddy gets a certificate by itself.
func (w *writer) address(h *stack.Host) string {
	listen := w.options.Listen
	if listen == "" {
		if h.Name != "" {
			return h.Name + " {\n"
		}
		return "# With a name in place of the port Caddy serves HTTPS, and gets the certificate by itself.\n:80 {\n"
	}
	host, port := "", listen
	if colon := strings.LastIndexByte(listen, ':'); colon >= 0 {
		host, port = listen[:colon], listen[colon+1:]
	}
	text := fmt.Sprintf("http://%s:%s {\n", h.Name, port)
	if host != "" {
		text += "\tbind " + strings.Trim(host, "[]") + "\n"
	}
	return text
}

// preflightMatcher writes the matcher of preflights.
func (w *writer) preflightMatcher(indent string) string {
	var b strings.Builder
	b.WriteString(indent + "# A preflight has all three. Any other OPTIONS request is for the application.\n")
	writeMatcher(&b, indent, "@cors_preflight", []string{"method OPTIONS", "header " + header.Origin + " *", "header " + header.RequestMethod + " *"})
	return b.String()
}

// methodVariable writes a variable with the method, if anything on some hosts depends on it.
func (w *writer) methodVariable(indent string, hosts ...stack.Host) string {
	for _, h := range hosts {
		for _, p := range h.Places {
			if len(p.Rules) == 1 {
				continue
			}
			text := indent + "vars cors_method {method}\n"
			if len(w.site.Policies) > 0 && !w.options.SameOrigin {
				text = "\n" + indent + "# The method of the request that a preflight asks about.\n" + text +
					indent + "vars @cors_preflight cors_method {header." + header.RequestMethod + "}\n"
			}
			return text
		}
	}
	return ""
}

// byMethod writes what is done in a place: a block for each rule that differs from the last, and then that one. Kind is the
// directive of the blocks.
func (w *writer) byMethod(p *stack.Place, place int, indent, kind string, do func(r *stack.Rule, indent string) string) string {
	var b strings.Builder
	last := &p.Rules[len(p.Rules)-1]
	rest := do(last, indent)
	for i := range p.Rules[:len(p.Rules)-1] {
		r := &p.Rules[i]
		if do(r, indent) == rest {
			continue
		}
		var methods []string
		for _, m := range r.Methods {
			methods = append(methods, word(m))
		}
		name := fmt.Sprintf("@cors_%d_%d", place, i+1)
		fmt.Fprintf(&b, "%s%s vars cors_method %s\n%s%s %s {\n%s%s}\n", indent, name, strings.Join(methods, " "), indent, kind, name, do(r, indent+"\t"), indent)
	}
	if kind == "handle" && b.Len() > 0 {
		return b.String() + indent + "handle {\n" + do(last, indent+"\t") + indent + "}\n"
	}
	return b.String() + rest
}

// answer writes who answers by a rule, and under which policy.
func (w *writer) answer(r *stack.Rule, indent string) string {
	text := ""
	switch {
	case w.options.SameOrigin:
	case r.Policy != nil:
		text = indent + "import " + snippetName(r.Policy) + "\n"
	case r.Route != nil:
		text = indent + "# CORS is off here.\n"
	}
	switch route := r.Route; {
	case route == nil:
		return text + indent + "respond 404\n"
	case route.Upstream != nil:
		return text + w.proxy(route, indent)
	case route.Files != nil:
		return text + w.folder(route, indent)
	default:
		return text + w.redirect(route, indent)
	}
}

// proxy passes requests on, path and all.
func (w *writer) proxy(r *policyfile.Route, indent string) string {
	u := r.Upstream
	var servers []string
	for _, to := range u.To {
		servers = append(servers, strings.TrimSuffix(to, "/"))
	}
	lines := []string{"import cors_upstream"}
	secure := strings.HasPrefix(servers[0], "https://")
	switch {
	case u.OwnHost && !slices.ContainsFunc(servers, hasPort):
		lines = append(lines, "header_up Host {rp.upstream.host}")
	case u.OwnHost:
		lines = append(lines, "header_up Host {upstream_hostport}")
	case secure:
		lines = append(lines, "header_up Host {hostport}")
	}
	if len(servers) > 1 {
		balance := string(cmp.Or(u.Balance, policyfile.RoundRobin))
		if u.Balance == policyfile.IPHash {
			balance = "client_ip_hash"
		}
		lines = append(lines, "lb_policy "+balance)
	}
	if u.CA != "" && secure {
		lines = append(lines, "transport http {\n"+indent+"\t\ttls_trust_pool file "+w.text(u.CA, r)+"\n"+indent+"\t}")
	}
	return fmt.Sprintf("%sreverse_proxy %s {\n%s\t%s\n%s}\n", indent, strings.Join(servers, " "), indent, strings.Join(lines, "\n"+indent+"\t"), indent)
}

// hasPort reports whether an origin says its port.
func hasPort(origin string) bool {
	return strings.LastIndexByte(origin, ':') > max(strings.LastIndexByte(origin, ']'), strings.Index(origin, "://"))
}

// folder serves files; the whole path leads below the root. Without the asterisk a root that begins with a slash would be a
// matcher in some versions.
func (w *writer) folder(r *policyfile.Route, indent string) string {
	text := indent + "root * " + w.text(r.Files.Root, r) + "\n"
	if r.Files.Fallback != "" {
		text += indent + "try_files {path} " + w.text("/"+strings.TrimPrefix(r.Files.Fallback, "/"), r) + "\n"
	}
	return text + indent + "file_server\n"
}

// redirect sends to another URL.
func (w *writer) redirect(r *policyfile.Route, indent string) string {
	return fmt.Sprintf("%sredir %s %d\n", indent, w.text(r.Redirect.To, r), r.Redirect.Status)
}

// text is a value of a route as one token. One that cannot be written is a finding.
func (w *writer) text(s string, r *policyfile.Route) string {
	if !canQuote(s) {
		finding := report.Finding{
			Rule: "not-generated", Severity: report.Error, Message: fmt.Sprintf("the value %q of the route %s has braces or quotes that cannot be written in a Caddyfile", s, r.Path),
			Fix: "use another value: for a redirect the whole URL, or let the application redirect", Reference: w.stack.Facts.Links[0],
		}
		if !slices.Contains(w.findings, finding) {
			w.findings = append(w.findings, finding)
		}
	}
	return word(s)
}
