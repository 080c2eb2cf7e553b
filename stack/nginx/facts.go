// Package nginx writes policies for nginx, and reads and judges configuration of it.
package nginx

import "github.com/concors/concors/stack"

// Stack returns the stack.
func Stack() stack.Stack {
	return stack.Stack{ID: "nginx", Name: "nginx", Facts: facts(), Write: write, Lint: linter()}
}

func facts() stack.Facts {
	return stack.Facts{
		Versions: "1.18 and later",
		Proof:    stack.Proven,
		Tested:   "1.22.1",
		Use: "Include concors.conf in the http block, or put it into conf.d. Where routes do not say who answers, include each " +
			"concors-location file in the location that it names. Then nginx -t and nginx -s reload.",
		Links: []string{
			"https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
			"https://nginx.org/en/docs/http/ngx_http_map_module.html",
			"https://nginx.org/en/docs/http/ngx_http_core_module.html#location",
			"https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if",
		},
		Variants: []stack.Variant{{Facts: []stack.Fact{
			{Feature: stack.ManyOrigins, Ability: stack.WithCare, Note: "a map of the Origin header, compared one by one"},
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
			{Feature: stack.Off, Ability: stack.WithCare, Note: "the CORS headers of the application are hidden"},
			{Feature: stack.PerPath, Ability: stack.WithCare, Note: "each location repeats all headers; paths are compared as nginx normalizes them"},
			{Feature: stack.PerHost, Ability: stack.Native},
			{Feature: stack.PerMethod, Ability: stack.WithCare, Note: "a map of the method, for one and the same server behind it"},
			{Feature: stack.PerHeader, Ability: stack.Cannot, Note: "tell the routes apart by path, host or method"},
			{Feature: stack.SameOrigin, Ability: stack.Native},
		}}},
	}
}
