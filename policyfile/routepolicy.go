package policyfile

import (
	"slices"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/spelling"
	"github.com/concors/concors/report"
)

func webSockets() []string { return []string{string(CheckWebSocket), string(PassWebSocket)} }

func upstreamCORS() []string { return []string{string(Strip), string(Trust), string(Report)} }

// routePolicy reads what pages may do; it reports whether the names are those of policies.
func (r *reader) routePolicy(raw *rawRoute, route *routeRead, compiled *compiled, known []string) bool {
	good := true
	name := func(v value, what string) string {
		if v.node == nil {
			return ""
		}
		text, ok := r.text(v, what)
		if ok && text != None && !slices.Contains(known, text) {
			r.unknownPolicy(v.at, text, append([]string{None}, known...))
			ok = false
		}
		good = good && ok
		if !ok || text == None {
			return ""
		}
		return text
	}
	if raw.policy.node != nil {
		route.policyAt = raw.policy.at
	}
	route.PolicyName, route.ShadowName = name(raw.policy, "policy"), name(raw.shadow, "shadow")
	if raw.environment.node != nil {
		text, ok := r.text(raw.environment, "environment")
		if ok = ok && r.useEnvironment(raw.environment, text, compiled); ok {
			route.Environment = text
		}
		good = good && ok
	}
	route.Policy, route.Shadow = compiled.in(route.Environment, route.PolicyName), compiled.in(route.Environment, route.ShadowName)
	if raw.enforce.node != nil {
		route.Enforce, _ = r.boolean(raw.enforce, "enforce")
	}
	if raw.websocket.node != nil {
		text, _ := r.oneOf(raw.websocket, "websocket", webSockets())
		route.WebSocket = WebSocket(text)
	}
	if raw.upstreamCORS.node != nil {
		text, _ := r.oneOf(raw.upstreamCORS, "upstream_cors", upstreamCORS())
		route.UpstreamCORS = UpstreamCORS(text)
	}
	switch without := good && route.PolicyName == ""; {
	case without && route.ShadowName != "":
		r.add(raw.shadow.key, report.Error, "route-shadow", "the route has a shadow policy and no policy, so there is nothing that it could differ from", "add policy, or leave shadow out")
	case without && route.Enforce:
		r.add(raw.enforce.key, report.Error, "route-enforce", "the route has no policy that could be enforced", "add policy, or leave enforce out")
	case without && route.Environment != "":
		r.add(raw.environment.key, report.Error, "route-environment", "the route has no policy that could be that of an environment", "add policy, or leave environment out")
	case good && route.ShadowName != "" && route.ShadowName == route.PolicyName:
		r.wrong(raw.shadow, "route-shadow", "name another policy, or leave shadow out", "shadow is the policy of the route itself, from which it never differs")
	}
	return good
}

func (r *reader) unknownPolicy(at place, name string, known []string) {
	fix := "use one that there is, or write the policy"
	if len(known) > 0 && len(known) < 10 {
		fix = "write " + oneOfWords(known)
	}
	if r.guesses++; r.guesses > maxGuesses {
		r.add(at, report.Error, "policy-unknown", "there is no policy "+show(name), fix)
		return
	}
	lower := map[string]string{} // guesses are made among words in lower case
	var words []string
	for _, k := range known {
		words = append(words, header.Lower(k))
		lower[header.Lower(k)] = k
	}
	if near := spelling.Nearest(name, words); near != "" {
		fix = "write " + lower[near]
	}
	r.add(at, report.Error, "policy-unknown", "there is no policy "+show(name), fix)
}
