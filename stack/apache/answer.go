package apache

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: who answers where, in the order in which it is tried.

// An answer says who answers in a place.
type answer struct {
	path   string
	route  *policyfile.Route // nil where nobody does
	others string            // a condition for methods that no route takes; empty if one always does
}

// isRule reports whether a rewrite rule answers, for some methods at least.
func (a *answer) isRule() bool { return a.route == nil || a.route.Redirect != nil || a.others != "" }

// takes reports whether the path of another answer is one of this one's.
func (a *answer) takes(path string) bool {
	return a.path == path || strings.HasSuffix(a.path, "/") && strings.HasPrefix(path, a.path)
}

// list is the answers of the host. The first that takes a path counts, and the last takes all.
func (h *host) list() []*answer {
	var list []*answer
	for i := range h.of.Places {
		list = append(list, h.answer(&h.of.Places[i]))
	}
	if h.of.Place("/") == nil {
		list = append(list, &answer{path: "/"})
	}
	return list
}

// answer finds out who answers in a place. Different servers by method are refused.
func (h *host) answer(p *stack.Place) *answer {
	a := &answer{path: p.Path}
	var methods []string
	for _, r := range p.Rules {
		if r.Route == nil {
			continue
		}
		methods = append(methods, r.Methods...)
		if a.route == nil {
			a.route = r.Route
		} else if !stack.SameAnswer(a.route, r.Route) {
			need := stack.Need{Feature: stack.PerMethod, Where: "the route " + p.Path}
			finding := h.stack.CannotExpress(need, "let one server answer all methods of a path")
			if !slices.Contains(h.findings, finding) {
				h.findings = append(h.findings, finding)
			}
		}
	}
	if a.route != nil && p.Rules[len(p.Rules)-1].Route == nil {
		variable := "%{REQUEST_METHOD}"
		if h.byMethod() {
			variable = "%{ENV:CORS_METHOD}"
		}
		a.others = "RewriteCond " + variable + " !" + oneOf(methods) + "\n"
	}
	return a
}

// answers writes them: first the rules, which Apache looks at before anything else, then servers, then files.
func (h *host) answers() string {
	list := h.list()
	var parts []string
	if text := h.rules(list); text != "" {
		parts = append(parts, "# What is answered here; - [L] leaves the rest to those below.\n"+text)
	}
	for _, text := range []string{h.proxies(list), h.files(list)} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n")
}

// rules writes the answers that a rewrite rule gives, and leaves to others what is theirs.
func (h *host) rules(list []*answer) string {
	var b strings.Builder
	for i, a := range list {
		pattern := paths(a.path)
		if a.others != "" {
			b.WriteString(a.others + "RewriteRule " + pattern + " - [R=404,L]\n")
		}
		switch {
		case a.route == nil:
			b.WriteString("RewriteRule " + pattern + " - [R=404,L]\n")
		case a.route.Redirect != nil:
			fmt.Fprintf(&b, "RewriteRule %s %s [R=%d,NE,QSD,L]\n", pattern, h.location(a.route), a.route.Redirect.Status)
		case slices.ContainsFunc(list[i+1:], func(o *answer) bool { return o.isRule() && o.takes(a.path) }):
			b.WriteString("RewriteRule " + pattern + " - [L]\n")
		}
	}
	return b.String()
}

// location is the target of a redirect.
func (h *host) location(r *policyfile.Route) string {
	if strings.ContainsAny(r.Redirect.To, "{}") {
		h.refuse(fmt.Sprintf("the redirect of the route %s has a part of the request in it, which is not generated", r.Path),
			"name the whole URL, or let the application redirect")
	}
	return target(r.Redirect.To)
}

// outer is the answer that takes a path where the one of the index does not, among those that are no rules; nil if none does.
func outer(list []*answer, index int) *answer {
	for _, o := range list[index+1:] {
		if o.route != nil && o.route.Redirect == nil && o.takes(list[index].path) {
			return o
		}
	}
	return nil
}

// proxies writes which servers answer, and which paths none of them does.
func (h *host) proxies(list []*answer) string {
	var b strings.Builder
	own := ""
	for i, a := range list {
		if a.route == nil || a.route.Redirect != nil {
			continue
		}
		o := outer(list, i)
		switch {
		case a.route.Upstream != nil:
			if o == nil || o.route.Upstream == nil || h.upstream(a.route.Upstream) != h.upstream(o.route.Upstream) {
				b.WriteString(h.proxy(a))
			}
			own = h.ownHost(list, i) + own
		case o != nil && o.route.Upstream != nil:
			b.WriteString("ProxyPassMatch " + paths(a.path) + " !\n")
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "# The first that takes the path. With nocanon it goes on as it came.\n" + b.String() + own
}

// proxy passes requests on, path and all.
func (h *host) proxy(a *answer) string {
	u := a.route.Upstream
	flags := " nocanon"
	if h.options.SameOrigin && len(u.To) == 1 {
		flags += " upgrade=websocket"
	}
	if a.path == "/" {
		return "ProxyPass / " + quoted(h.upstream(u)+"/") + flags + "\n"
	}
	return "ProxyPassMatch " + paths(a.path) + " " + quoted(h.upstream(u)) + flags + "\n"
}

// ownHost says whose Host the servers of a place see, where that is not what is said already.
func (h *host) ownHost(list []*answer, index int) string {
	a, said := list[index], !h.preservesHost()
	for _, o := range list[index+1:] {
		if o.route != nil && o.route.Upstream != nil && o.takes(a.path) {
			said = o.route.Upstream.OwnHost
			break
		}
	}
	own := a.route.Upstream.OwnHost
	if own == said {
		return ""
	}
	preserve := "On"
	if own {
		preserve = "Off"
	}
	return "<LocationMatch " + paths(a.path) + ">\n    ProxyPreserveHost " + preserve + "\n</LocationMatch>\n"
}

// upstream is where an upstream's requests go: a server, or a balancer, which is written once.
func (h *host) upstream(u *policyfile.Upstream) string {
	if len(u.To) == 1 {
		return strings.TrimSuffix(u.To[0], "/")
	}
	key := fmt.Sprint(u.To, u.Balance)
	if name := h.balancers[key]; name != "" {
		return name
	}
	name := fmt.Sprintf("balancer://concors-%d", len(h.balancers)+1)
	h.balancers[key] = name
	h.blocks = append(h.blocks, h.balancer(name, u))
	return name
}

// balancer writes what asks several servers.
func (h *host) balancer(name string, u *policyfile.Upstream) string {
	method, sticky, cookie := "byrequests", "", ""
	switch u.Balance {
	case policyfile.LeastConn:
		method = "bybusyness"
	case policyfile.Cookie:
		sticky = " stickysession=concors-server"
		cookie = "    Header always add Set-Cookie \"concors-server=.%{BALANCER_WORKER_ROUTE}e; Path=/; HttpOnly\" env=BALANCER_ROUTE_CHANGED\n"
	case policyfile.Random, policyfile.IPHash:
		h.findings = append(h.findings, h.stack.Warn("balance", fmt.Sprintf("Apache does not choose servers by %q; it takes turns", u.Balance),
			"choose another balance, or write the balancer yourself"))
	}
	text := "<Proxy " + quoted(name) + ">\n"
	for i, to := range u.To {
		text += "    BalancerMember " + quoted(strings.TrimSuffix(to, "/"))
		if u.Balance == policyfile.First && i > 0 {
			text += " status=+H" // a hot standby
		}
		if sticky != "" {
			text += fmt.Sprintf(" route=s%d", i+1)
		}
		if h.options.SameOrigin {
			text += " upgrade=websocket"
		}
		text += "\n"
	}
	return text + "    ProxySet lbmethod=" + method + sticky + "\n" + cookie + "</Proxy>\n"
}
