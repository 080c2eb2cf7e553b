package config

import (
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/gateway/policyjson"
	"github.com/concors/concors/policyfile"
)

// table is the handler that finds the route of a request and serves it under its policy; what the route then does, answer
// says.
func (b *builder) table(answer func(*policyfile.Route) []object) object {
	policies := object{}
	routes := []object{}
	for i := range b.file.Routes {
		route := &b.file.Routes[i]
		entry := object{"path": route.Path, "handle": answer(route)}
		if route.Host != "" {
			entry["host"] = route.Host
		}
		if route.Methods != nil {
			entry["methods"] = route.Methods
		}
		if len(route.Headers) > 0 {
			lines := make([][2]string, len(route.Headers))
			for i, line := range route.Headers {
				lines[i] = [2]string{line.Name, b.headerValue(line.Name, line.Value)}
			}
			entry["headers"] = lines
		}
		if route.Policy != nil {
			entry["policy"] = policyIn(policies, route.PolicyName, route.Environment, route.Policy)
		}
		if route.Shadow != nil {
			entry["shadow"] = policyIn(policies, route.ShadowName, route.Environment, route.Shadow)
		}
		if route.Enforce {
			entry["enforce"] = true
		}
		if route.UpstreamCORS != "" {
			entry["upstream_cors"] = string(route.UpstreamCORS)
		}
		if route.WebSocket != "" {
			entry["websocket"] = string(route.WebSocket)
		}
		routes = append(routes, entry)
	}
	return object{"handler": "concors", "policies": policies, "routes": routes}
}

// policyIn is the name of a policy among those of a table. One of the environment that a route names is another policy than
// the one of its name; no name of a policy has a slash.
func policyIn(policies object, name, environment string, p *cors.Policy) string {
	if environment != "" {
		name = environment + "/" + name
	}
	policies[name] = policyjson.Of(p)
	return name
}

// answer is what a route does with a request, in the order of the fields of [policyfile.Route].
func (b *builder) answer(route *policyfile.Route) []object {
	chain := b.way(route)
	switch {
	case route.Upstream != nil:
		return append(chain, b.proxy(route.Upstream))
	case route.Files != nil:
		return append(chain, b.files(route)...)
	case route.Redirect != nil:
		return append(chain, redirect(route.Redirect)...)
	}
	b.refuse(route, "route-unanswered", "nobody answers the route, so the gateway could not serve it", "add upstream, files or redirect")
	return nil
}

// redirect answers with another URL. The path goes into it as it came: encoded, and without the query.
func redirect(r *policyfile.Redirect) []object {
	to := literal(r.To)
	for _, p := range [][2]string{
		{`?\{query\}`, "{http.request.orig_uri.prefixed_query}"},
		{`\{query\}`, "{http.request.orig_uri.query}"},
		{`\{path\}`, "{http.request.uri}"},
	} {
		to = strings.ReplaceAll(to, p[0], p[1])
	}
	return []object{
		{"handler": "rewrite", "uri": "?"},
		{"handler": "static_response", "status_code": r.Status, "headers": object{"Location": []string{to}}},
	}
}
