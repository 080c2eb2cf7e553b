// Package caddy writes policies for Caddy, as a Caddyfile that needs no module but those of every Caddy.
package caddy

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "caddy", Name: "Caddy", Facts: facts(), Write: write}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "2.8 and later",
		Proof:    stack.Proven,
		Tested:   "2.11.9",
		Use: "Write import concors.caddyfile into the Caddyfile, before its sites. Where routes do not say who answers, the file has " +
			"snippets, and says how a site imports them. Then caddy validate and caddy reload.",
		Unreadable: "a reader for it is still to be written",
		Links: []string{
			"https://caddyserver.com/docs/caddyfile/directives/header",
			"https://caddyserver.com/docs/caddyfile/directives/map",
			"https://caddyserver.com/docs/caddyfile/directives/route",
			"https://caddyserver.com/docs/caddyfile/matchers#path-regexp",
			"https://caddyserver.com/docs/caddyfile/directives/reverse_proxy",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.WithCare, Note: "a map of the Origin header, compared one by one"},
			{Feature: stack.SubdomainPattern, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.PartialLabelPattern, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.AnyPort, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.PortList, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.CustomScheme, Ability: stack.Native},
			{Feature: stack.AnyOrigin, Ability: stack.Native},
			{Feature: stack.AnyOriginCredentials, Ability: stack.WithCare, Note: "the origin is sent back, with Vary"},
			{Feature: stack.Null, Ability: stack.Native},
			{Feature: stack.Credentials, Ability: stack.Native},
			{Feature: stack.Methods, Ability: stack.Native},
			{Feature: stack.AnyMethod, Ability: stack.WithCare, Note: "with credentials the method that is asked for is sent back"},
			{Feature: stack.RequestHeaders, Ability: stack.Native},
			{Feature: stack.AnyRequestHeader, Ability: stack.WithCare, Note: "the names that are asked for are sent back, unless Authorization is among them and not allowed"},
			{Feature: stack.ResponseHeaders, Ability: stack.Native},
			{Feature: stack.AllResponseHeaders, Ability: stack.Native},
			{Feature: stack.MaxAge, Ability: stack.Native},
			{Feature: stack.NoPreflightCache, Ability: stack.Native},
			{Feature: stack.Off, Ability: stack.WithCare, Note: "the CORS headers of the application are dropped"},
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "a regular expression, as the matcher path ignores case; paths are compared decoded and cleaned"},
			{Feature: stack.PerHost, Ability: stack.Native},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "a variable has the method, or the one that a preflight asks for"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Native},
		}}},
	}
}
