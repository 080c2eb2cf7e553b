// Package express writes policies for Express, with the middleware of the cors package of npm.
package express

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "express", Name: "Express", Facts: facts(), Write: write, Lint: linter()}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "4 and 5, with cors 2.8",
		Proof:    stack.Proven,
		Tested:   "5.3.0",
		Use: "npm install cors, put cors.js beside your application, and call require('./cors')(app) before every other " +
			"middleware and route.",
		Links: []string{
			"https://expressjs.com/en/resources/middleware/cors.html",
			"https://github.com/expressjs/cors#configuration-options",
			"https://expressjs.com/en/guide/routing.html",
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
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "options are chosen for each request; paths are compared as Express does, whatever their case and with a slash at the end"},
			{Feature: stack.PerHost, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "options are chosen for each request"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Cannot, Note: "serve the front end from the application itself, with express.static; or use concors generate nginx --same-origin"},
		}}},
	}
}
