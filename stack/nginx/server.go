package nginx

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: whole servers, for routes that say who answers.

func (w *writer) servers() {
	for i := range w.site.Hosts {
		w.server(&w.site.Hosts[i])
	}
}

func (w *writer) server(h *stack.Host) {
	var b strings.Builder
	listen := cmp.Or(w.options.Listen, "80")
	b.WriteString("server {\n")
	switch {
	case h.Name != "":
		fmt.Fprintf(&b, "    listen %s;\n    server_name %s;\n", listen, h.Name)
	case len(w.site.Hosts) > 1:
		fmt.Fprintf(&b, "    # Without default_server the first server would get what is for no name.\n    listen %s default_server;\n    server_name _;\n", listen)
	default:
		fmt.Fprintf(&b, "    listen %s;\n    server_name _; # your name\n", listen)
	}
	b.WriteString("\n" + hideHeaders("    "))
	b.WriteString("\n" + w.proxyHeaders("$http_host", "    "))
	root := false
	for i := range h.Places {
		p := &h.Places[i]
		root = root || p.Path == "/"
		w.slashless(&b, h, p)
		w.location(&b, p, p.Path)
	}
	if !root {
		b.WriteString("\n    # No route takes anything else.\n    location / {\n        return 404;\n    }\n")
	}
	b.WriteString("}\n")
	if w.options.SameOrigin && h == &w.site.Hosts[0] {
		w.blocks = append(w.blocks, "map $http_upgrade $concors_connection {\n    default upgrade;\n    \"\" \"\";\n}\n")
	}
	w.blocks = append(w.blocks, b.String())
}

// proxyHeaders tells the server behind about the request.
func (w *writer) proxyHeaders(host, indent string) string {
	lines := []string{"proxy_http_version 1.1;", "proxy_set_header Host " + host + ";", "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", "proxy_set_header X-Forwarded-Proto $scheme;"}
	if w.options.SameOrigin {
		lines = append(lines, "# For the WebSocket of a development server.", "proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $concors_connection;")
	}
	return indent + strings.Join(lines, "\n"+indent) + "\n"
}

// slashless writes the location of a proxied prefix without its slash, unless there is one.
func (w *writer) slashless(b *strings.Builder, h *stack.Host, p *stack.Place) {
	path := strings.TrimSuffix(p.Path, "/")
	answer := w.answerer(p)
	if path == p.Path || path == "" || answer == nil || answer.Upstream == nil {
		return
	}
	place := h.Place(path)
	if place != nil && place.Path == path {
		return
	}
	fmt.Fprintf(b, "\n    # Without this nginx would redirect %s to %s, and no preflight survives a redirect.", path, p.Path)
	if place == nil {
		fmt.Fprintf(b, "\n    location = %s {\n        return 404;\n    }\n", word(path, quoted))
		return
	}
	w.location(b, place, path)
}

// location writes a location for a path, as a place has it.
func (w *writer) location(b *strings.Builder, p *stack.Place, path string) {
	equals := ""
	if !strings.HasSuffix(path, "/") {
		equals = "= "
	}
	fmt.Fprintf(b, "\n    location %s%s {\n", equals, word(path, quoted))
	if !w.options.SameOrigin {
		b.WriteString(w.headers(p, "        ") + "\n")
	}
	answer := w.answerer(p)
	if answer == nil {
		b.WriteString("        return 404;\n    }\n")
		return
	}
	if missing := w.missing(p); missing != "" {
		fmt.Fprintf(b, "        # No route takes the other methods.\n        if (%s) {\n            return 404;\n        }\n", missing)
	}
	switch {
	case answer.Upstream != nil:
		b.WriteString(w.proxy(answer.Upstream))
	case answer.Files != nil:
		b.WriteString(w.folder(answer))
	case answer.Redirect != nil:
		b.WriteString(w.redirect(answer))
	}
	b.WriteString("    }\n")
}

// answerer is the route whose server answers in a place, nil if nobody does. Different servers by method are refused.
func (w *writer) answerer(p *stack.Place) *policyfile.Route {
	var found *policyfile.Route
	for _, r := range p.Rules {
		switch {
		case r.Route == nil:
		case found == nil:
			found = r.Route
		case !stack.SameAnswer(found, r.Route):
			need := stack.Need{Feature: stack.PerMethod, Where: "the route " + p.Path}
			finding := w.stack.CannotExpress(need, "let one server answer all methods of a path")
			if !slices.Contains(w.findings, finding) {
				w.findings = append(w.findings, finding)
			}
			return found
		}
	}
	return found
}

// missing returns a variable that is set where no route takes the method, empty if one always does.
func (w *writer) missing(p *stack.Place) string {
	var values []string
	any := false
	for _, r := range p.Rules {
		value := `""`
		if r.Route == nil {
			value, any = "1", true
		}
		values = append(values, value)
	}
	if !any || w.options.SameOrigin {
		return ""
	}
	w.chosen++
	return w.choose(fmt.Sprintf("cors_place_%d_missing", w.chosen), p.Rules, values)
}

// proxy passes requests on, path and all.
func (w *writer) proxy(u *policyfile.Upstream) string {
	scheme, server, _ := strings.Cut(strings.TrimSuffix(u.To[0], "/"), "://")
	if len(u.To) > 1 {
		server = w.pool(u)
	}
	text := ""
	if u.OwnHost {
		text += w.proxyHeaders("$proxy_host", "        ")
	}
	if scheme == "https" {
		ca := cmp.Or(u.CA, "/etc/ssl/certs/ca-certificates.crt")
		text += "        # nginx checks no certificate by itself.\n        proxy_ssl_server_name on;\n        proxy_ssl_verify on;\n" +
			"        proxy_ssl_verify_depth 4;\n        proxy_ssl_trusted_certificate " + word(ca, value) + ";\n"
	}
	return text + "        proxy_pass " + word(scheme+"://"+server, value) + ";\n"
}

// pool writes an upstream for several servers and returns its name.
func (w *writer) pool(u *policyfile.Upstream) string {
	key := strings.Join(u.To, " ") + " " + string(u.Balance)
	if name := w.pools[key]; name != "" {
		return name
	}
	name := fmt.Sprintf("concors_%d", len(w.pools)+1)
	w.pools[key] = name
	var b strings.Builder
	b.WriteString("upstream " + name + " {\n")
	switch u.Balance {
	case policyfile.LeastConn, policyfile.Random, policyfile.IPHash:
		fmt.Fprintf(&b, "    %s;\n", u.Balance)
	case policyfile.First, policyfile.Cookie:
		w.findings = append(w.findings, w.stack.Warn("balance", fmt.Sprintf("nginx does not choose servers by %q; it takes turns", u.Balance), "choose another balance, or write the upstream yourself"))
	}
	for _, to := range u.To {
		scheme, server, _ := strings.Cut(strings.TrimSuffix(to, "/"), "://")
		if _, port, ok := strings.Cut(server[strings.LastIndexByte(server, ']')+1:], ":"); !ok || port == "" {
			server += map[string]string{"http": ":80", "https": ":443"}[scheme]
		}
		fmt.Fprintf(&b, "    server %s;\n", word(server, quoted))
	}
	b.WriteString("}\n")
	w.blocks = append(w.blocks, b.String())
	return name
}

// folder serves files; the whole path leads below the root.
func (w *writer) folder(r *policyfile.Route) string {
	text := "        root " + word(r.Files.Root, value) + ";\n"
	if r.Files.Fallback == "" {
		return text
	}
	if r.Path != "/" {
		need := stack.Need{Feature: stack.PerPath, Where: "the fallback of the route " + r.Path}
		w.findings = append(w.findings, w.stack.CannotExpress(need, "serve a single-page application at /, or leave the fallback out"))
	}
	return text + "        try_files $uri $uri/ " + word("/"+strings.TrimPrefix(r.Files.Fallback, "/"), value) + ";\n"
}

// redirect sends to another URL. A part of the request in it is refused: nginx decodes paths, and a decoded line break would
// end the header.
func (w *writer) redirect(r *policyfile.Route) string {
	if strings.ContainsAny(r.Redirect.To, "{}") {
		w.findings = append(w.findings, report.Finding{
			Rule: "not-generated", Severity: report.Error, Message: fmt.Sprintf("the redirect of the route %s has a part of the request in it, which nginx cannot put there safely", r.Path),
			Fix: "name the whole URL, or let the application redirect", Reference: w.stack.Facts.Links[3],
		})
	}
	return fmt.Sprintf("        return %d %s;\n", r.Redirect.Status, word(r.Redirect.To, value))
}
