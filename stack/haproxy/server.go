package haproxy

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: a frontend with its backends, for routes that say who
// answers.

// nobody is who answers where no route does.
const nobody = "nobody"

func (w *writer) servers() string {
	listen := cmp.Or(w.options.Listen, ":80")
	if !strings.Contains(listen, ":") {
		listen = ":" + listen
	}
	answers := w.answers()
	head := `# Named, so that the defaults of other files neither matter here nor change.
defaults concors
    mode http
    option forwardfor
    timeout connect 10s
    timeout client 60s
    timeout server 60s
    timeout tunnel 1h

frontend concors from concors
    bind ` + listen + "\n\n"
	if w.options.SameOrigin {
		head = "# Front end and API under one origin, so that there is nothing for CORS to allow.\n" + head
	}
	return "\n" + head + w.rules() + "\n    http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]\n" + answers + "\n" + strings.Join(w.blocks, "\n")
}

// answers writes who answers, after all other rules for requests.
func (w *writer) answers() string {
	choice := w.choose("cors_answer", nobody, w.answerer)
	if n := strings.Count(choice, "\n"); n == 1 && len(w.backends) == 1 {
		return "    default_backend concors-1\n"
	}
	text := "\n    # Who answers: the last line that is true counts.\n" + choice
	if strings.Contains(choice, "str("+nobody+")") {
		text += "    http-request return status 404 if { var(txn.cors_answer) -m str " + nobody + " }\n"
	}
	for i := range len(w.redirects) {
		name := fmt.Sprintf("redirect-%d", i+1)
		for rule, of := range w.redirects {
			if of == name {
				text += "    http-request redirect " + rule + " if { var(txn.cors_answer) -m str " + name + " }\n"
			}
		}
	}
	return text + "    use_backend %[var(txn.cors_answer)]\n"
}

// answerer names who answers by a rule, and writes the backend.
func (w *writer) answerer(r *stack.Rule) string {
	switch {
	case r.Route == nil:
		return nobody
	case r.Route.Redirect != nil:
		return w.redirect(r.Route)
	case r.Route.Upstream != nil:
		return w.backend(r.Route.Upstream)
	}
	return nobody // files, which the facts refuse
}

func (w *writer) redirect(r *policyfile.Route) string {
	if strings.ContainsAny(r.Redirect.To, "{}") {
		finding := report.Finding{
			Rule: "not-generated", Severity: report.Error, Message: fmt.Sprintf("the redirect of the route %s has a part of the request in it, which is not generated", r.Path),
			Fix: "name the whole URL, or let the application redirect", Reference: w.stack.Facts.Links[1],
		}
		w.findings = append(w.findings, finding)
	}
	rule := fmt.Sprintf("location %s code %d", value(r.Redirect.To), r.Redirect.Status)
	if w.redirects[rule] == "" {
		w.redirects[rule] = fmt.Sprintf("redirect-%d", len(w.redirects)+1)
	}
	return w.redirects[rule]
}

// backend writes the backend of some servers, once, and returns its name.
func (w *writer) backend(u *policyfile.Upstream) string {
	key := fmt.Sprint(u.To, u.Balance, u.OwnHost, u.CA)
	if name := w.backends[key]; name != "" {
		return name
	}
	name := fmt.Sprintf("concors-%d", len(w.backends)+1)
	w.backends[key] = name
	var b strings.Builder
	b.WriteString("backend " + name + " from concors\n")
	cookie := ""
	switch u.Balance {
	case policyfile.LeastConn:
		b.WriteString("    balance leastconn\n")
	case policyfile.Random, policyfile.First:
		fmt.Fprintf(&b, "    balance %s\n", u.Balance)
	case policyfile.IPHash:
		b.WriteString("    balance source\n")
	case policyfile.Cookie:
		b.WriteString("    cookie concors-server insert indirect nocache httponly\n")
		cookie = " cookie "
	}
	if u.OwnHost && len(u.To) > 1 {
		need := "the hosts of several servers, each as its own Host"
		w.findings = append(w.findings, report.Finding{
			Rule: "not-generated", Severity: report.Error, Message: "HAProxy cannot send " + need, Fix: "leave own_host out, or name one server",
			Reference: w.stack.Facts.Links[0],
		})
	}
	for i, to := range u.To {
		scheme, server, _ := strings.Cut(strings.TrimSuffix(to, "/"), "://")
		host, port := server, ""
		if colon := strings.LastIndexByte(server, ':'); colon > strings.LastIndexByte(server, ']') {
			host, port = server[:colon], server[colon+1:]
		}
		if u.OwnHost {
			b.WriteString("    http-request set-header Host " + value(server) + "\n")
		}
		port = cmp.Or(port, map[string]string{"http": "80", "https": "443"}[scheme])
		fmt.Fprintf(&b, "    server s%d %s:%s", i+1, word(host), port)
		if cookie != "" {
			fmt.Fprintf(&b, "%ss%d", cookie, i+1)
		}
		if scheme == "https" {
			fmt.Fprintf(&b, " ssl verify required ca-file %s sni str(%s) verifyhost %[2]s", word(cmp.Or(u.CA, "/etc/ssl/certs/ca-certificates.crt")), word(host))
		}
		b.WriteString("\n")
	}
	w.blocks = append(w.blocks, b.String())
	return name
}
