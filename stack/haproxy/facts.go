// Package haproxy writes policies for HAProxy.
package haproxy

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "haproxy", Name: "HAProxy", Facts: facts(), Write: write}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "2.4 and later, built with PCRE as packages are",
		Proof:    stack.Proven,
		Tested:   "2.6.12",
		Use: "Give concors.cfg to HAProxy after its own configuration: haproxy -f haproxy.cfg -f concors.cfg. Where routes do not say " +
			"who answers, paste concors-frontend.cfg into the frontend, before its other rules. Then haproxy -c with the same files, and reload.",
		Unreadable: "a reader for it is still to be written",
		NoFiles:    "name a server of the files as upstream",
		Links: []string{
			"https://docs.haproxy.org/2.6/configuration.html#4.2-http-after-response",
			"https://docs.haproxy.org/2.6/configuration.html#4.2-http-request%20return",
			"https://docs.haproxy.org/2.6/configuration.html#7.1",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.Native},
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
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "a variable that the last matching path sets; paths are compared decoded"},
			{Feature: stack.PerHost, Ability: stack.Native},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "a variable has the method, or the one that a preflight asks for"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.WithCare, Note: "HAProxy serves no files, so the front end has a server of its own"},
		}}},
	}
}
