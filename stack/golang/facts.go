// Package golang writes policies for programs in Go, with the middleware of ours.
package golang

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "go", Name: "Go", Facts: facts(), Write: write}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "1.26 and later, with github.com/concors/concors/cors",
		Proof:    stack.Proven,
		Tested:   "1.26",
		Use: "go get github.com/concors/concors/cors, put cors.go beside your main.go, and serve withCORS(handler) in place of your " +
			"handler, around everything else. It is for net/http, and for what is a handler of it.",
		Unreadable: "a reader for it is still to be written",
		Links: []string{
			"https://pkg.go.dev/github.com/concors/concors/cors",
			"https://pkg.go.dev/net/http#Handler",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.Native},
			{Feature: stack.SubdomainPattern, Ability: stack.Native},
			{Feature: stack.PartialLabelPattern, Ability: stack.Native},
			{Feature: stack.AnyPort, Ability: stack.Native},
			{Feature: stack.PortList, Ability: stack.Native},
			{Feature: stack.CustomScheme, Ability: stack.Native},
			{Feature: stack.AnyOrigin, Ability: stack.Native},
			{Feature: stack.AnyOriginCredentials, Ability: stack.Native},
			{Feature: stack.Null, Ability: stack.Native},
			{Feature: stack.Credentials, Ability: stack.Native},
			{Feature: stack.Methods, Ability: stack.Native},
			{Feature: stack.AnyMethod, Ability: stack.Native},
			{Feature: stack.RequestHeaders, Ability: stack.Native},
			{Feature: stack.AnyRequestHeader, Ability: stack.Native},
			{Feature: stack.ResponseHeaders, Ability: stack.Native},
			{Feature: stack.AllResponseHeaders, Ability: stack.Native},
			{Feature: stack.MaxAge, Ability: stack.Native},
			{Feature: stack.NoPreflightCache, Ability: stack.Native},
			{Feature: stack.Off, Ability: stack.Native},
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "a function chooses the policy of each request; paths are compared decoded"},
			{Feature: stack.PerHost, Ability: stack.WithCare, Note: "a function chooses the policy of each request"},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "a function chooses the policy of each request"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Cannot, Note: "serve the front end from the program itself, with http.FileServer; or use concors generate caddy --same-origin"},
		}}},
	}
}
