// Package nextjs writes policies for Next.js: for its proxy file, for headers() in next.config, or around route handlers; and
// rewrites, for front end and API under one origin.
package nextjs

import (
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/node"
)

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "nextjs", Name: "Next.js", Facts: facts(), Write: write, Lint: node.NextJS()}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "16 and later",
		Proof:    stack.Proven,
		Tested:   "16.4.6",
		Use: "Put proxy.js, or cors.js for route handlers, into the folder that app is in, and set skipTrailingSlashRedirect: true in next.config. " +
			"Put next.cors.cjs, or next.rewrites.cjs of --same-origin, beside next.config, which calls it as the file says, and app/cors-preflight/route.js into " +
			"the folder app. Next.js replaces Vary in pages, that for unknown paths included: end an API with a handler for all other paths.",
		Links: []string{
			"https://nextjs.org/docs/app/api-reference/file-conventions/proxy",
			"https://nextjs.org/docs/app/api-reference/config/next-config-js/headers",
			"https://nextjs.org/docs/app/api-reference/file-conventions/route",
			"https://nextjs.org/docs/app/api-reference/config/next-config-js/rewrites",
		},
		Variants: []stack.Variant{
			{ID: proxyVariant, About: "proxy.js (middleware.js before Next.js 16): code that is asked before everything else", Facts: inCode()},
			{ID: headersVariant, About: "headers() in next.config: entries, without code of yours that runs for each request", Facts: inHeaders()},
			{ID: handlersVariant, About: "cors.js, which route handlers are wrapped with: for some of an application only", Facts: inCode()},
		},
	}
}

// inCode are the facts where a function decides.
func inCode() []stack.Fact {
	const (
		pattern = "an anchored regular expression"
		chosen  = "the policy is chosen for each request"
	)
	return []stack.Fact{
		{Feature: stack.ManyOrigins, Ability: stack.WithCare, Note: "a list in the code"},
		{Feature: stack.SubdomainPattern, Ability: stack.WithCare, Note: pattern},
		{Feature: stack.PartialLabelPattern, Ability: stack.WithCare, Note: pattern},
		{Feature: stack.AnyPort, Ability: stack.WithCare, Note: pattern},
		{Feature: stack.PortList, Ability: stack.WithCare, Note: pattern},
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
		{Feature: stack.Off, Ability: stack.Native},
		{Feature: stack.PerPath, Ability: stack.WithCare, Note: chosen + "; paths are compared decoded, whatever their case and with a slash at the end"},
		{Feature: stack.PerHost, Ability: stack.WithCare, Note: chosen},
		{Feature: stack.PerMethod, Ability: stack.WithCare, Note: chosen},
		{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
		{Feature: stack.SameOrigin, Ability: stack.WithCare, Note: sameOrigin},
	}
}

// sameOrigin is what has to be known of rewrites.
const sameOrigin = "rewrites() in next.config, whatever the variant; what the API itself allows by CORS stays"

// inHeaders are the facts where entries of next.config say it all.
func inHeaders() []stack.Fact {
	const group = "has, with an anchored regular expression; a named group sends the origin back"
	return []stack.Fact{
		{Feature: stack.ManyOrigins, Ability: stack.WithCare, Note: group},
		{Feature: stack.SubdomainPattern, Ability: stack.WithCare, Note: group},
		{Feature: stack.PartialLabelPattern, Ability: stack.WithCare, Note: group},
		{Feature: stack.AnyPort, Ability: stack.WithCare, Note: group},
		{Feature: stack.PortList, Ability: stack.WithCare, Note: group},
		{Feature: stack.CustomScheme, Ability: stack.WithCare, Note: group},
		{Feature: stack.AnyOrigin, Ability: stack.Native},
		{Feature: stack.AnyOriginCredentials, Ability: stack.WithCare, Note: "a named group sends the origin back, with Vary"},
		{Feature: stack.Null, Ability: stack.WithCare, Note: group},
		{Feature: stack.Credentials, Ability: stack.Native},
		{Feature: stack.Methods, Ability: stack.Native},
		{Feature: stack.AnyMethod, Ability: stack.WithCare, Note: "with credentials a named group sends back the method that is asked for"},
		{Feature: stack.RequestHeaders, Ability: stack.Native},
		{Feature: stack.AnyRequestHeader, Ability: stack.WithCare, Note: "a named group sends back the names that are asked for, unless Authorization is among them and not allowed"},
		{Feature: stack.ResponseHeaders, Ability: stack.Native},
		{Feature: stack.AllResponseHeaders, Ability: stack.Native},
		{Feature: stack.MaxAge, Ability: stack.Native},
		{Feature: stack.NoPreflightCache, Ability: stack.Native},
		{Feature: stack.Off, Ability: stack.Native},
		{Feature: stack.PerPath, Ability: stack.WithCare, Note: "each source leaves out what another is for, and spellings such as %70 for p that hide it"},
		{Feature: stack.PerHost, Ability: stack.WithCare, Note: "has and missing, with the host"},
		{Feature: stack.PerMethod, Ability: stack.Cannot, Note: useProxy + ": entries do not look at the method"},
		{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path or host, or concors generate nextjs --variant proxy by method"},
		{Feature: stack.SameOrigin, Ability: stack.WithCare, Note: sameOrigin},
	}
}
