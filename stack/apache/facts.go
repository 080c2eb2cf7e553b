// Package apache writes policies for the Apache HTTP Server.
package apache

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "apache", Name: "Apache httpd", Facts: facts(), Write: write}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "2.4.47 and later",
		Proof:    stack.Proven,
		Tested:   "2.4.71",
		Use: "Put concors.conf into sites-available and enable it, with the modules that it names: a2enmod, a2ensite. Where routes do " +
			"not say who answers, include each concors-vhost file in the VirtualHost that it names. Then apachectl configtest and " +
			"apachectl graceful.",
		Unreadable: "a reader for it is still to be written",
		Links: []string{
			"https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header",
			"https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewriterule",
			"https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypass",
			"https://httpd.apache.org/docs/2.4/vhosts/details.html",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.WithCare, Note: "one RewriteCond for each, with OR"},
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
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "a variable that the last matching path sets; paths are compared decoded, as Apache normalizes them"},
			{Feature: stack.PerHost, Ability: stack.Native},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "a variable has the method, or the one that a preflight asks for; one and the same server is behind it"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Native},
		}}},
	}
}
