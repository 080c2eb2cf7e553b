package nginx

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// This file beside the usual four reads a policy out of configuration. What cannot be told is left out and said, for a policy
// that is wider than the configuration would let in whom nobody has let in.

const importReference = "https://github.com/concors/concors/blob/main/docs/lint.md#import"

// imported returns what configuration means.
func imported(t *stack.Tree) (*stack.Draft, []report.Finding) {
	subject, findings := read(t)
	i := &importer{draft: &stack.Draft{}, findings: findings}
	for _, c := range subject.([]*config) {
		i.config = c
		var servers []*statement
		for _, b := range c.blocks {
			if b.name == "server" {
				servers = append(servers, b)
			}
		}
		for _, s := range servers {
			i.server(s, len(servers) > 1)
		}
		if len(servers) == 0 {
			i.places(c.root, []string{""})
		}
	}
	return i.draft, i.findings
}

// importer reads one configuration after the other.
type importer struct {
	config   *config
	draft    *stack.Draft
	findings []report.Finding
}

// tell adds a finding about what the draft does not say, or says otherwise.
func (i *importer) tell(s report.Severity, rule string, at stack.Position, message, fix string) {
	f := report.Finding{Rule: rule, Severity: s, Message: message, Fix: fix, File: at.File, Line: at.Line, Column: at.Column, Reference: importReference}
	if !slices.Contains(i.findings, f) {
		i.findings = append(i.findings, f)
	}
}

func (i *importer) unread(at stack.Position, message string) {
	i.tell(report.Error, "import-unread", at, message, "write into the policy file what is meant")
}

func (i *importer) server(s *statement, several bool) {
	hosts := []string{""}
	if names := s.own("server_name"); several && len(names) > 0 {
		hosts = nil
		for _, n := range names {
			for _, a := range n.args {
				switch {
				case a.text == "_" || a.text == "":
					hosts = append(hosts, "")
				case strings.ContainsAny(a.text, "*~$") || strings.HasPrefix(a.text, "."):
					i.unread(a.at, fmt.Sprintf("a policy file has no pattern for hosts, so what is for %q is left out", a.text))
				default:
					hosts = append(hosts, strings.ToLower(a.text))
				}
			}
		}
	}
	i.places(s, hosts)
}

// places adds a route for each location of a block, or one for all of it where it has none.
func (i *importer) places(b *statement, hosts []string) {
	locations := b.own("location")
	if len(locations) == 0 {
		if i.config.grantsAnywhere(b) || pass(b) != nil {
			i.add(hosts, []string{"/"}, b)
		}
		return
	}
	for _, l := range locations {
		i.location(l, hosts)
	}
}

func (i *importer) location(l *statement, hosts []string) {
	path := l.arg(len(l.args) - 1)
	modifier := ""
	if len(l.args) > 1 {
		modifier = l.arg(0)
	}
	cors := i.config.grantsAnywhere(l)
	switch {
	case !cors && pass(l) == nil:
	case modifier == "~", modifier == "~*", strings.HasPrefix(path, "~"):
		if cors {
			i.unread(l.at, fmt.Sprintf("a policy file has no regular expressions for paths, so what is for %q is left out", path))
		}
	case strings.HasPrefix(path, "@"):
	case !strings.HasPrefix(path, "/"), strings.ContainsFunc(path, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`?#$*\`, c) }):
		if cors {
			i.unread(l.at, fmt.Sprintf("%q is no path of a policy file, so what is for it is left out", path))
		}
	case modifier == "=", strings.HasSuffix(path, "/"):
		if modifier == "=" && strings.HasSuffix(path, "/") {
			if cors {
				i.unread(l.at, fmt.Sprintf("a policy file takes %q for all that is below it too, so what is for just that path is left out", path))
			}
			break
		}
		i.add(hosts, []string{path}, l)
	default:
		i.add(hosts, []string{path, path + "/"}, l)
	}
	for _, inner := range l.own("location") {
		i.location(inner, hosts)
	}
}

// add adds routes for a block.
func (i *importer) add(hosts, paths []string, b *statement) {
	policy := ""
	if i.config.grantsAnywhere(b) {
		p, ok := i.policy(b, paths[0])
		if !ok {
			return
		}
		policy = i.draft.Add(p)
	}
	upstream := i.upstream(b)
	for _, host := range hosts {
		for _, path := range paths {
			r := stack.DraftRoute{Host: host, Path: path, Policy: policy, Upstream: upstream}
			if at := slices.IndexFunc(i.draft.Routes, func(o stack.DraftRoute) bool { return o.Host == host && o.Path == path }); at < 0 {
				i.draft.Routes = append(i.draft.Routes, r)
			} else if i.draft.Routes[at] != r {
				i.unread(b.at, fmt.Sprintf("another block is for %s too, and what this one allows is left out", path))
			}
		}
	}
}

// policy reads what pages are allowed in a block. It is false where nobody can be told to be let in.
func (i *importer) policy(b *statement, path string) (stack.DraftPolicy, bool) {
	h := i.config.headersOf(b)
	f := h.first(header.AllowOrigin)
	p := stack.DraftPolicy{Name: policyName(path)}
	if f == nil {
		i.unread(b.at, "pages are let in by branches only, which a policy file does not have, so the location is left out")
		return p, false
	}
	all := slices.Clone(h.fields)
	for _, branch := range i.config.preflightBranches(b) {
		all = append(all, i.config.headersOf(branch).fields...)
	}
	h.fields = all
	p.Credentials = i.config.allowsCredentials(h)
	p.Methods = slices.DeleteFunc(i.list(h, header.AllowMethods), func(m string) bool {
		return slices.Contains([]string{"GET", "HEAD", "POST", "OPTIONS"}, m)
	})
	p.RequestHeaders = i.list(h, header.AllowHeaders)
	p.ResponseHeaders = i.list(h, header.ExposeHeaders)
	if ages := i.list(h, header.MaxAge); len(ages) == 1 {
		if n, err := strconv.Atoi(ages[0]); err == nil && n >= 0 {
			p.MaxAge = ages[0]
		} else if err == nil {
			p.MaxAge = "0"
		} else {
			i.unread(h.first(header.MaxAge).at, fmt.Sprintf("%q is no number of seconds, and is left out", ages[0]))
		}
	}
	return i.origins(p, f)
}

// policyName is a name made of a path.
func policyName(path string) string {
	name := strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(path)), "-")
	if name == "" || name[0] < 'a' || len(name) > 40 || name == "none" {
		return "site"
	}
	return name
}

// list reads the names in a header, of all the values that it can have.
func (i *importer) list(h headers, name string) []string {
	var list []string
	for _, f := range h.all(name) {
		values, known := i.config.values(f.value, f.from, 0)
		if v, ok := wholeVariable(f.value.text); ok {
			if echo, withAuthorization := i.config.echoes(v, 0); echo {
				values, known = []string{"*"}, true
				if withAuthorization && name == header.AllowHeaders && !i.config.allowsCredentials(h) {
					values = []string{"*, Authorization"} // which * does not stand for
				}
			}
		}
		if !known {
			i.unread(f.at, fmt.Sprintf("what %s is cannot be told, and it is left out", name))
			continue
		}
		for _, value := range values {
			for item := range strings.SplitSeq(value, ",") {
				if item = strings.Trim(item, " \t"); item != "" && !slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, item) }) {
					list = append(list, item)
				}
			}
		}
	}
	if slices.Contains(list, "*") && name != header.AllowHeaders {
		return []string{"*"}
	}
	return list
}

// echoes reports whether a variable is what a preflight asks for, and whether no map on the way takes out Authorization.
func (c *config) echoes(name string, depth int) (echo, withAuthorization bool) {
	if name == "http_access_control_request_headers" || name == "http_access_control_request_method" {
		return true, true
	}
	m := c.maps[name]
	if m == nil || depth > maxChase || c.spent(len(m.block)) {
		return false, false
	}
	without := false
	for _, entry := range m.block {
		without = without || strings.Contains(strings.ToLower(entry.name), "authorization")
		if v, ok := wholeVariable(entry.arg(0)); ok && !echo {
			echo, withAuthorization = c.echoes(v, depth+1)
		}
	}
	return echo, withAuthorization && !without
}

// origins adds who is let in.
func (i *importer) origins(p stack.DraftPolicy, f *field) (stack.DraftPolicy, bool) {
	g := i.config.grants(f.value, f.from)
	if !g.known {
		i.unread(f.value.at, "which origins are let in cannot be told, so the location is left out")
		return p, false
	}
	add := func(text string) {
		if !slices.Contains(p.Origins, text) {
			p.Origins = append(p.Origins, text)
		}
	}
	anybody := func(at stack.Position) {
		add("*")
		if p.Credentials {
			i.tell(report.Warning, "import-dangerous", at, "every origin is sent back, so the policy lets any site read responses as the signed-in user", "name the origins in the policy file")
		}
	}
	exact := func(text string, at stack.Position) {
		switch _, isOrigin := origin.Parse(text); {
		case text == "null" && p.Credentials:
			i.unread(at, "null with credentials lets in any site, and is left out")
		case text == "null":
			p.Null = true
		case text == "*" && p.Credentials:
			i.unread(at, "browsers take no * with credentials, and it is left out")
		case isOrigin, text == "*":
			add(text)
		default:
			i.unread(at, fmt.Sprintf("%q is no origin, and is left out", text))
		}
	}
	for _, g := range g.list {
		switch {
		case g.guard.unknown:
			i.unread(g.at, "which origins are let in cannot be told, so they are left out")
		case !g.reflects:
			exact(g.text, g.at)
		case g.guard.any():
			anybody(g.at)
		}
		for _, q := range g.guard.patterns {
			if !g.reflects {
				continue
			}
			switch {
			case !q.isRegexp:
				exact(strings.ToLower(q.text), q.at)
			case q.text == "^null$":
				exact("null", q.at)
			case q.matcher != nil && q.matcher.IsAny():
				anybody(q.at)
			default:
				i.expression(&q, add)
			}
		}
	}
	if slices.Contains(p.Origins, "*") {
		p.Origins = []string{"*"}
	}
	return p, len(p.Origins) > 0 || p.Null
}

// expression adds the patterns of a regular expression.
func (i *importer) expression(q *pattern, add func(string)) {
	list, ok := stack.ReadRegexp(q.text, q.ignoreCase)
	if !ok {
		i.unread(q.at, fmt.Sprintf("no pattern of a policy file matches what %q does, so it is left out", q.text))
		return
	}
	for _, r := range list {
		if r.Wider {
			i.tell(report.Warning, "import-wider", q.at, fmt.Sprintf("%s stands for names of any depth, where the expression takes one label", r.Pattern), "name the origins in the policy file if others have names below them")
		}
		add(r.Pattern)
	}
}

// upstream is where a block hands requests, empty where a policy file cannot say it.
func (i *importer) upstream(b *statement) string {
	behind := pass(b)
	if behind == nil || behind.name != "proxy_pass" {
		return ""
	}
	u, err := url.Parse(behind.arg(0))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" || strings.Contains(behind.arg(0), "$") || u.Host == "" {
		return ""
	}
	for _, pool := range i.pools() {
		if pool.arg(0) == u.Host {
			servers := pool.own("server")
			if len(servers) != 1 || strings.HasPrefix(servers[0].arg(0), "unix:") {
				return ""
			}
			u.Host = servers[0].arg(0)
		}
	}
	if u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// pools are the upstream blocks of a configuration.
func (i *importer) pools() []*statement {
	var list []*statement
	for _, b := range i.config.blocks {
		if b.name == "" || b.name == "http" {
			list = append(list, b.own("upstream")...)
		}
	}
	return list
}
