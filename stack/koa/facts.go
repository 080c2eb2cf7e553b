// Package koa writes policies for Koa, with the middleware @koa/cors.
package koa

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "koa", Name: "Koa", Facts: facts(), Write: write, Lint: linter()}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "2 and 3, with @koa/cors 5",
		Proof:    stack.Proven,
		Tested:   "3.3.0",
		Use: "npm install @koa/cors, put cors.js beside your application, and call require('./cors')(app) before every other " +
			"middleware.",
		Links: []string{
			"https://github.com/koajs/cors#corsoptions",
			"https://github.com/koajs/koa/blob/master/docs/error-handling.md",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.WithCare, Note: "a function: the middleware takes no list"},
			{Feature: stack.SubdomainPattern, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
			{Feature: stack.PartialLabelPattern, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
			{Feature: stack.AnyPort, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
			{Feature: stack.PortList, Ability: stack.WithCare, Note: "an anchored regular expression, in a function"},
			{Feature: stack.CustomScheme, Ability: stack.Native},
			{Feature: stack.AnyOrigin, Ability: stack.Native},
			{Feature: stack.AnyOriginCredentials, Ability: stack.Native},
			{Feature: stack.Null, Ability: stack.WithCare, Note: "a function"},
			{Feature: stack.Credentials, Ability: stack.Native},
			{Feature: stack.Methods, Ability: stack.Native},
			{Feature: stack.AnyMethod, Ability: stack.WithCare, Note: "with credentials the method that is asked for is sent back"},
			{Feature: stack.RequestHeaders, Ability: stack.Native},
			{Feature: stack.AnyRequestHeader, Ability: stack.WithCare, Note: "the names that are asked for are sent back, unless Authorization is among them and not allowed"},
			{Feature: stack.ResponseHeaders, Ability: stack.Native},
			{Feature: stack.AllResponseHeaders, Ability: stack.Native},
			{Feature: stack.MaxAge, Ability: stack.Native},
			{Feature: stack.NoPreflightCache, Ability: stack.WithCare, Note: "as text: the number 0 would be left out"},
			{Feature: stack.Off, Ability: stack.Native},
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "options are chosen for each request; paths are compared as @koa/router does, whatever their case and with a slash at the end"},
			{Feature: stack.PerHost, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Cannot, Note: "serve the front end from the application itself, with koa-static; or use concors generate nginx --same-origin"},
		}}},
	}
}
