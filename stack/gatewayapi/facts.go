// Package gatewayapi writes policies for the Gateway API of Kubernetes: an HTTPRoute with the CORS filter for each host.
package gatewayapi

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "gateway-api", Name: "Kubernetes Gateway API", Facts: facts(), Write: write}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "1.5 and later",
		Proof:    stack.Validated,
		Tested:   "1.6.0",
		Use: "Put the names of your Gateway and of your Services into concors-httproute.yaml, and kubectl apply -f it. The GatewayClass has " +
			"to list HTTPRouteCORS in status.supportedFeatures. Much is left to implementations, so run concors verify afterwards.",
		Unreadable: "a reader for it is still to be written",
		NoFiles:    "serve them from a Service, and name it as the upstream of the route",
		Links: []string{
			"https://gateway-api.sigs.k8s.io/guides/http-cors",
			"https://gateway-api.sigs.k8s.io/geps/gep-1767",
			"https://gateway-api.sigs.k8s.io/api-types/httproute/",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.WithCare, Note: "64 at most"},
			{Feature: stack.SubdomainPattern, Ability: stack.Native},
			{Feature: stack.PartialLabelPattern, Ability: stack.Cannot, Note: "name the origins one by one"},
			{Feature: stack.AnyPort, Ability: stack.Cannot, Note: "name each origin with its port"},
			{Feature: stack.PortList, Ability: stack.Cannot, Note: "name each origin with its port, 64 at most"},
			{Feature: stack.CustomScheme, Ability: stack.Cannot, Note: "an origin is http or https there: let the application answer such pages, on a path without a policy"},
			{Feature: stack.AnyOrigin, Ability: stack.WithCare, Note: "implementations send * or the origin that asks; Vary is there for both"},
			{Feature: stack.AnyOriginCredentials, Ability: stack.Native},
			{Feature: stack.Null, Ability: stack.Cannot, Note: "give the page an origin"},
			{Feature: stack.Credentials, Ability: stack.Native},
			{Feature: stack.Methods, Ability: stack.WithCare, Note: "GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS; any other is refused"},
			{Feature: stack.AnyMethod, Ability: stack.Native},
			{Feature: stack.RequestHeaders, Ability: stack.WithCare, Note: "64 at most"},
			{Feature: stack.AnyRequestHeader, Ability: stack.Cannot, Note: "name the headers: whether * covers Authorization is left to implementations"},
			{Feature: stack.ResponseHeaders, Ability: stack.WithCare, Note: "64 at most"},
			{Feature: stack.AllResponseHeaders, Ability: stack.Native},
			{Feature: stack.MaxAge, Ability: stack.Native},
			{Feature: stack.NoPreflightCache, Ability: stack.Cannot, Note: "leave max_age out, for 5 seconds"},
			{Feature: stack.Off, Ability: stack.WithCare, Note: "the CORS headers of the application are removed"},
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "PathPrefix takes the path without its last slash too, so that one has a match of its own"},
			{Feature: stack.PerHost, Ability: stack.Native},
			{Feature: stack.PerMethod, Ability: stack.Cannot, Note: "tell the routes apart by path or host: a preflight is routed by its own method, OPTIONS"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path or host"},
			{Feature: stack.SameOrigin, Ability: stack.Native},
		}}},
	}
}
