// Package fastify writes policies for Fastify, with its plugin @fastify/cors.
package fastify

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "fastify", Name: "Fastify", Facts: facts(), Write: write, Lint: linter()}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "5, with @fastify/cors 11",
		Proof:    stack.Proven,
		Tested:   "5.12.8",
		Use: "npm install @fastify/cors, put cors.js beside your application, and await require('./cors')(app) before every other " +
			"plugin and route.",
		Links: []string{
			"https://github.com/fastify/fastify-cors#options",
			"https://fastify.dev/docs/latest/Reference/Hooks/",
			"https://fastify.dev/docs/latest/Reference/Routes/",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.Native},
			{Feature: stack.SubdomainPattern, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.PartialLabelPattern, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.AnyPort, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.PortList, Ability: stack.WithCare, Note: "an anchored regular expression"},
			{Feature: stack.CustomScheme, Ability: stack.Native},
			{Feature: stack.AnyOrigin, Ability: stack.Native},
			{Feature: stack.AnyOriginCredentials, Ability: stack.Native},
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
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "options are chosen for each request, since a preflight does not see the options of a route; paths are compared letter for letter, as Fastify does unless caseSensitive or ignoreTrailingSlash is set"},
			{Feature: stack.PerHost, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Cannot, Note: "serve the front end from the application itself, with @fastify/static; or use concors generate nginx --same-origin"},
		}}},
	}
}
