// Package vite writes the proxy of Vite's development server, for front end and API under one origin. It has no other use for
// a policy: no application is served by it in production.
package vite

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "vite", Name: "Vite", Facts: facts(), Write: write}
}

// useAPI is the nearest thing for everything but one origin.
const useAPI = "write the policy where the API is, with concors generate for its server; here, concors generate vite --same-origin"

func facts() stack.Facts {
	var list []stack.Fact
	for _, f := range stack.Features() {
		fact := stack.Fact{Feature: f, Ability: stack.Cannot, Note: useAPI}
		switch f {
		case stack.SameOrigin:
			fact = stack.Fact{Feature: f, Ability: stack.Native}
		case stack.PerHost:
			fact.Note = "run one development server for each host"
		}
		list = append(list, fact)
	}
	return stack.Facts{
		Versions:       "5 and later",
		Proof:          stack.Proven,
		Tested:         "8.3.8",
		OnlySameOrigin: useAPI,
		Use:            "Put vite.api.js beside vite.config.js, which imports it as the file says.",
		Unreadable:     "a reader for it is still to be written",
		Links: []string{
			"https://vite.dev/config/server-options#server-proxy",
			"https://vite.dev/config/server-options#server-cors",
		},
		Variants: []stack.Variant{{Facts: list}},
	}
}
