package gatewayapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes one file: an HTTPRoute for each host, or several where one cannot hold all rules.
func write(site *stack.Site, o stack.Options) ([]stack.File, []report.Finding) {
	w := &writer{stack: Stack(), options: o}
	if !o.SameOrigin {
		w.checkPolicies(site)
	}
	for i := range site.Hosts {
		w.host(&site.Hosts[i])
	}
	if report.Any(w.findings, report.Error) {
		return nil, w.findings
	}
	text := "# " + w.stack.Mark() + w.head() + strings.Join(w.routes, "---\n")
	return []stack.File{{Path: "concors-httproute.yaml", Text: text}}, w.findings
}

// writer is the configuration as it grows.
type writer struct {
	stack    stack.Stack
	options  stack.Options
	routes   []string // HTTPRoutes
	told     []string // comments that are there already: the first of a kind is enough
	findings []report.Finding
}

func (w *writer) head() string {
	if w.options.SameOrigin {
		return "\n#\n# Front end and API under one origin, so that there is nothing for CORS to allow.\n"
	}
	return `
#
# For Gateway API 1.5 and later, standard channel. See first that your GatewayClass lists HTTPRouteCORS in
# status.supportedFeatures: a gateway without it may take this file, ignore the filter, and send preflights to the Service.
`
}

// The bounds of an HTTPRoute.
const (
	mostRules        = 16
	mostMatches      = 64  // of one rule
	mostTotalMatches = 128 // of all rules
)

// A rule is what happens to some paths: one policy, and one answer.
type rule struct {
	policy  *stack.Policy
	route   *policyfile.Route
	matches []match
}

// A match is a path, or with a slash at its end all below it.
type match struct {
	path  string
	isCut bool // out of what the prefix of another rule takes
}

// rulesOf are the rules of a host. Which of their matches counts is for the gateway to find: an exact one, and else the longest.
func rulesOf(h *stack.Host) []rule {
	var rules []rule
	add := func(r stack.Rule, m match) {
		i := slices.IndexFunc(rules, func(other rule) bool { return isSame(&other, &r) && len(other.matches) < mostMatches })
		if i < 0 {
			rules = append(rules, rule{policy: r.Policy, route: r.Route})
			i = len(rules) - 1
		}
		rules[i].matches = append(rules[i].matches, m)
	}
	for i := range h.Places {
		p := &h.Places[i]
		only := p.Rules[0] // the facts refuse several
		add(only, match{path: p.Path})
		slashless := strings.TrimSuffix(p.Path, "/")
		if slashless == p.Path || slashless == "" {
			continue
		}
		// The match of a prefix takes the path without its slash too, which may be for another rule.
		outer := h.Place(slashless)
		switch {
		case outer == nil:
			add(stack.Rule{}, match{slashless, true})
		case outer.Path != slashless && !isSame(&rule{policy: only.Policy, route: only.Route}, &outer.Rules[0]):
			add(outer.Rules[0], match{slashless, true})
		}
	}
	return rules
}

// isSame reports whether a rule does what another one of a place does.
func isSame(a *rule, b *stack.Rule) bool {
	switch {
	case a.policy != b.Policy:
		return false
	case a.route == nil || b.Route == nil:
		return a.route == b.Route
	}
	return a.route == b.Route || stack.SameAnswer(a.route, b.Route) || answersNot(a.route) && answersNot(b.Route)
}

// answersNot reports whether a route does not say who answers.
func answersNot(r *policyfile.Route) bool {
	return r.Upstream == nil && r.Redirect == nil && r.Files == nil
}

// host writes the HTTPRoutes of a host.
func (w *writer) host(h *stack.Host) {
	w.checkHost(h)
	text, rules, matches := "", 0, 0
	flush := func() {
		if text != "" {
			w.route(h.Name, text)
		}
		text, rules, matches = "", 0, 0
	}
	for _, r := range rulesOf(h) {
		if rules == mostRules || matches+len(r.matches) > mostTotalMatches {
			flush()
		}
		text += w.rule(&r)
		rules, matches = rules+1, matches+len(r.matches)
	}
	flush()
}

// route writes one HTTPRoute.
func (w *writer) route(host, rules string) {
	name := "concors"
	if len(w.routes) > 0 {
		name = fmt.Sprintf("concors-%d", len(w.routes)+1)
	}
	text := "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: " + name +
		"\nspec:\n  parentRefs:\n    - name: gateway # your Gateway\n"
	if host != "" {
		text += "  hostnames:\n    - " + quoted(host) + "\n"
	}
	w.routes = append(w.routes, text+"  rules:\n"+rules)
}

// rule writes one rule.
func (w *writer) rule(r *rule) string {
	var b strings.Builder
	switch {
	case r.route == nil:
		b.WriteString("    # No route takes these: without a backend the gateway answers with an error.\n")
	case w.options.SameOrigin:
	case r.policy == nil:
		b.WriteString("    # CORS is off here.\n")
	default:
		b.WriteString("    # Policy " + r.policy.Name + ".\n")
	}
	b.WriteString("    - matches:\n")
	for _, m := range r.matches {
		kind, path := "Exact", m.path
		if rest, ok := strings.CutSuffix(path, "/"); ok {
			kind, path = "PathPrefix", cmp.Or(rest, "/")
		}
		if m.isCut {
			w.once(&b, "        # PathPrefix takes the path without the slash at its end too, which is not for the rule of that prefix.\n")
		}
		fmt.Fprintf(&b, "        - path: {type: %s, value: %s}\n", kind, quoted(path))
	}
	if r.route == nil {
		return b.String()
	}
	b.WriteString("      filters:\n")
	w.removal(&b, r.policy)
	if r.policy != nil && !w.options.SameOrigin {
		w.filter(&b, r.policy)
	}
	w.backends(&b, r.route)
	return b.String()
}

// once writes a comment that is not there already.
func (w *writer) once(b *strings.Builder, comment string) {
	if !slices.Contains(w.told, comment) {
		w.told = append(w.told, comment)
		b.WriteString(comment)
	}
}
