package nginx

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: what depends on the request is in maps, which are read
// only when a header needs them.

// maps writes the maps of the policies, and those that choose among policies by method.
func (w *writer) maps() string {
	if w.options.SameOrigin {
		return ""
	}
	var b strings.Builder
	b.WriteString(`# A preflight has all three. Any other OPTIONS request is for the application.
map "$request_method $http_origin $http_access_control_request_method" $cors_preflight {
    default "";
    "~^OPTIONS [^ ]+ [^ ]+$" 1;
}
`)
	if w.methods {
		b.WriteString(`
# The method of the request that a preflight asks about.
map $cors_preflight $cors_method {
    default $request_method;
    1 $http_access_control_request_method;
}
`)
	}
	if strings.Contains(strings.Join(w.choices, ""), "$cors_vary") || w.varies() {
		b.WriteString(`
# On every response, refused and without Origin too, or a cache gives one origin the answer of another.
map $cors_preflight $cors_vary {
    default "Origin";
    1 "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
}
`)
	}
	for _, p := range w.policies {
		w.policyMaps(&b, p)
	}
	for _, c := range w.choices {
		b.WriteString("\n" + c)
	}
	text := b.String()
	if strings.Contains(text+strings.Join(w.blocks, ""), dollar) {
		text = "# A dollar sign cannot be escaped in a value.\ngeo $cors_dollar {\n    default \"$\";\n}\n\n" + text
	}
	return text + "\n"
}

// varies reports whether the answer of some place depends on who asks.
func (w *writer) varies() bool {
	for _, h := range w.site.Hosts {
		for _, p := range h.Places {
			for _, r := range p.Rules {
				if r.Policy != nil && !r.Policy.IsConstant() {
					return true
				}
			}
		}
	}
	return false
}

// policyMaps writes the maps of one policy: whose values are empty where a header is not sent.
func (w *writer) policyMaps(b *strings.Builder, p *stack.Policy) {
	name := w.names[p]
	fmt.Fprintf(b, "\n# Policy %s: the origins.\n", p.Name)
	if !p.AnyOrigin {
		b.WriteString("# Patterns are case-sensitive, anchored at both ends and have their dots escaped, or strangers would match.\n")
	}
	fmt.Fprintf(b, "map $http_origin $%s_origin {\n", name)
	switch {
	case p.IsConstant():
		b.WriteString("    default \"*\";\n")
	case p.AnyOrigin:
		b.WriteString("    default $http_origin;\n")
	default:
		b.WriteString("    default \"\";\n")
		for _, o := range p.Origins {
			fmt.Fprintf(b, "    %s $http_origin;\n", quoted("~"+stack.Regexp(o, stack.PCRE)))
		}
		if p.Null {
			b.WriteString("    \"~^null$\" $http_origin;\n")
		}
	}
	b.WriteString("}\n")
	granted := func(suffix, text string) {
		fmt.Fprintf(b, "map $%s_origin $%s_%s {\n    default %s;\n    \"\" \"\";\n}\n", name, name, suffix, text)
	}
	if p.Credentials {
		granted("credentials", "true")
	}
	if expose := exposed(p); expose != "" {
		granted("expose", value(expose))
	}
	if p.AnyMethod || len(p.Methods) > 0 || p.AnyRequestHeader || len(p.RequestHeaders) > 0 || p.MaxAge != "" {
		fmt.Fprintf(b, "\n# Policy %s: answers to preflights.\nmap $cors_preflight $%s_preflight {\n    default \"\";\n    1 $%s_origin;\n}\n", p.Name, name, name)
	}
	w.preflightMaps(b, p)
}

// preflightMaps writes what only answers to allowed preflights have.
func (w *writer) preflightMaps(b *strings.Builder, p *stack.Policy) {
	name := w.names[p]
	granted := func(suffix, text string) {
		fmt.Fprintf(b, "map $%s_preflight $%s_%s {\n    default %s;\n    \"\" \"\";\n}\n", name, name, suffix, text)
	}
	switch {
	case p.AnyMethod && p.Credentials:
		b.WriteString("# With credentials a * would be a method of that name.\n")
		granted("methods", "$http_access_control_request_method")
	case p.AnyMethod:
		granted("methods", `"*"`)
	case len(p.Methods) > 0:
		granted("methods", value(strings.Join(p.Methods, ", ")))
	}
	switch {
	case p.AnyRequestHeader && p.CoversAuthorization():
		b.WriteString("# The names that are asked for, because * does not cover Authorization.\n")
		granted("headers", "$http_access_control_request_headers")
	case p.AnyRequestHeader:
		fmt.Fprintf(b, `# Any but Authorization, which * would cover in some browsers.
map $http_access_control_request_headers $%[1]s_asked {
    default $http_access_control_request_headers;
    "~*(^|[, \t])authorization([, \t]|$)" "";
}
`, name)
		granted("headers", "$"+name+"_asked")
	case len(p.RequestHeaders) > 0:
		granted("headers", value(strings.Join(p.RequestHeaders, ", ")))
	}
	if p.MaxAge != "" {
		granted("max_age", p.MaxAge)
	}
}

// exposed is the value of Access-Control-Expose-Headers; empty for none.
func exposed(p *stack.Policy) string {
	if p.AllResponseHeaders {
		return "*"
	}
	return strings.Join(p.ResponseHeaders, ", ")
}

// choose adds a map that chooses a value by the method, and returns its variable. The values belong to the rules.
func (w *writer) choose(name string, rules []stack.Rule, values []string) string {
	w.methods = true
	var b strings.Builder
	fmt.Fprintf(&b, "map $cors_method $%s {\n    default %s;\n", name, values[len(values)-1])
	for i, r := range rules[:len(rules)-1] {
		for _, m := range r.Methods {
			fmt.Fprintf(&b, "    %s %s;\n", quoted("~^"+regexp.QuoteMeta(m)+"$"), values[i])
		}
	}
	b.WriteString("}\n")
	w.choices = append(w.choices, b.String())
	return "$" + name
}
