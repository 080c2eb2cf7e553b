// Package rscors writes policies for programs in Go, with the middleware github.com/rs/cors.
package rscors

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "go-rs-cors", Name: "Go with rs/cors", Facts: facts(), Write: write}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "1.11 and later",
		Proof:    stack.Proven,
		Tested:   "1.11.1",
		Use: "go get github.com/rs/cors, put cors.go beside your main.go, and serve withCORS(handler) in place of your handler, around " +
			"everything else. It is for net/http, and for what is a handler of it.",
		Unreadable: "a reader for it is still to be written",
		Links: []string{
			"https://pkg.go.dev/github.com/rs/cors#Options",
			"https://github.com/rs/cors",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.Native},
			{Feature: stack.SubdomainPattern, Ability: stack.WithCare, Note: "a function with an anchored regular expression, since * in an origin stands for dots and ports too"},
			{Feature: stack.PartialLabelPattern, Ability: stack.WithCare, Note: "a function with an anchored regular expression"},
			{Feature: stack.AnyPort, Ability: stack.WithCare, Note: "a function with an anchored regular expression"},
			{Feature: stack.PortList, Ability: stack.WithCare, Note: "a function with an anchored regular expression"},
			{Feature: stack.CustomScheme, Ability: stack.Native},
			{Feature: stack.AnyOrigin, Ability: stack.WithCare, Note: "requests without Origin get the header by a line around the middleware"},
			{Feature: stack.AnyOriginCredentials, Ability: stack.WithCare, Note: "a function that allows any, so that the origin is sent back"},
			{Feature: stack.Null, Ability: stack.Native},
			{Feature: stack.Credentials, Ability: stack.Native},
			{Feature: stack.Methods, Ability: stack.WithCare, Note: "OPTIONS, which is always allowed, is refused before the middleware where it is not listed"},
			{Feature: stack.AnyMethod, Ability: stack.WithCare, Note: "the options are made anew for the method of each request"},
			{Feature: stack.RequestHeaders, Ability: stack.WithCare, Note: "names are taken as browsers ask for them: in lower case, sorted, each once"},
			{Feature: stack.AnyRequestHeader, Ability: stack.WithCare, Note: "the names that are asked for are sent back; Authorization is refused before the middleware where it is not allowed"},
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
