// Package hono writes policies for Hono, with its middleware hono/cors.
package hono

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "hono", Name: "Hono", Facts: facts(), Write: write, Lint: linter()}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "4.13 and later",
		Proof:    stack.Proven,
		Tested:   "4.13.19",
		Use: "Put cors.js, which is an ECMAScript module, beside your application, import { useCors } from './cors.js', and call useCors(app) " +
			"before every other middleware and route.",
		Links: []string{
			"https://hono.dev/docs/middleware/builtin/cors",
			"https://hono.dev/docs/guides/middleware",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.Native},
			{Feature: stack.SubdomainPattern, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
			{Feature: stack.PartialLabelPattern, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
			{Feature: stack.AnyPort, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
			{Feature: stack.PortList, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
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
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "options are chosen for each request; paths are compared letter for letter, as Hono does unless strict is off"},
			{Feature: stack.PerHost, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Cannot, Note: "serve the front end from the application itself, with serveStatic; or use concors generate nginx --same-origin"},
		}}},
	}
}
