package haproxy

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: the lines of a frontend that are about CORS.

// dropHeaders drops what the application says of CORS.
func dropHeaders() string {
	var b strings.Builder
	b.WriteString("    # One owner: with a second Access-Control-Allow-Origin line from the application every browser refuses.\n")
	for _, name := range []string{
		header.AllowOrigin, header.AllowCredentials, header.AllowMethods, header.AllowHeaders, header.ExposeHeaders, header.MaxAge,
	} {
		b.WriteString("    http-response del-header " + name + "\n")
	}
	return b.String()
}

// cors writes what the policies say.
func (w *writer) cors() string {
	choice := ""
	if !w.isOnly {
		choice = `
    # The policy: the last line that is true counts. Paths are compared as applications see them, decoded.
` + w.choose("cors_policy", "none", func(r *stack.Rule) string { return policyName(r.Policy) })
	}
	var b strings.Builder
	b.WriteString(`    # A preflight has all three. Any other OPTIONS request is for the application. Rules for responses do not see the request,
    # so what they need is in variables.
    acl cors-preflight var(txn.cors_preflight) -m found
    acl cors-allowed var(txn.cors_origin) -m found
    http-request set-var(txn.cors_preflight) bool(true) if METH_OPTIONS { req.fhdr(Origin) -m found } { req.fhdr(Access-Control-Request-Method) -m found }
`)
	if w.methods {
		b.WriteString(`
    # The method of the request that a preflight asks about.
    http-request set-var(txn.cors_method) method
    http-request set-var(txn.cors_method) req.fhdr(Access-Control-Request-Method) if cors-preflight
`)
	}
	b.WriteString(choice)
	for _, p := range w.site.Policies {
		w.policy(&b, p)
	}
	b.WriteString("\n    # A preflight that is not allowed. It has no cookies and no password, so it is answered before anybody asks for them.\n")
	off := ""
	if !w.isOnly {
		off = " !{ var(txn.cors_policy) -m str none }"
	}
	b.WriteString("    http-request return status 204 if cors-preflight" + off + "\n\n")
	b.WriteString("    # After-response rules are for errors of HAProxy's own too, without which pages could not read them.\n")
	b.WriteString("    http-after-response set-header " + header.AllowOrigin + " %[var(txn.cors_origin)] if cors-allowed\n")
	b.WriteString(w.vary())
	return b.String()
}

func policyName(p *stack.Policy) string {
	if p == nil {
		return "none" // which no policy is called
	}
	return p.Name
}

// vary writes the header of policies whose answers depend on who asks.
func (w *writer) vary() string {
	var conditions []string
	for _, p := range w.site.Policies {
		if !p.IsConstant() {
			conditions = append(conditions, strings.TrimSpace(w.isFor(p)))
		}
	}
	if len(conditions) == 0 {
		return ""
	}
	text := "\n    # On every response, refused and without Origin too, or a cache gives one origin the answer of another.\n"
	for _, c := range conditions {
		if c != "" {
			c = " if " + c
		}
		text += "    http-after-response add-header " + header.Vary + " " + header.Origin + c + "\n"
	}
	return text
}

// isFor is the condition that a request is for a policy, empty if all are.
func (w *writer) isFor(p *stack.Policy) string {
	if w.isOnly {
		return ""
	}
	return " cors-policy-" + p.Name
}

// policy writes what one policy says.
func (w *writer) policy(b *strings.Builder, p *stack.Policy) {
	is := w.isFor(p)
	fmt.Fprintf(b, "\n    # Policy %s.", p.Name)
	if len(p.Origins) > 0 {
		b.WriteString(" The whole origin is compared; expressions are anchored and have their dots escaped, or strangers would match.")
	}
	b.WriteString("\n")
	if is != "" {
		fmt.Fprintf(b, "    acl%s var(txn.cors_policy) -m str %s\n", is, p.Name)
	}
	switch {
	case p.IsConstant():
		b.WriteString("    http-request set-var(txn.cors_origin) str(*)" + condition(is) + "\n")
	case p.AnyOrigin:
		b.WriteString("    http-request set-var(txn.cors_origin) req.fhdr(Origin)" + condition(is+" { req.fhdr(Origin) -m found }") + "\n")
	default:
		name := "cors-origin-" + p.Name
		for _, o := range p.Origins {
			if exact, ok := o.Exact(); ok {
				fmt.Fprintf(b, "    acl %s req.fhdr(Origin) -m str %s\n", name, word(exact))
			} else {
				fmt.Fprintf(b, "    acl %s req.fhdr(Origin) -m reg %s\n", name, word(stack.Regexp(o, stack.PCRE)))
			}
		}
		if p.Null {
			fmt.Fprintf(b, "    acl %s req.fhdr(Origin) -m str null\n", name)
		}
		b.WriteString("    http-request set-var(txn.cors_origin) req.fhdr(Origin)" + condition(is+" "+name) + "\n")
	}
	w.preflights(b, p)
	if p.Credentials {
		fmt.Fprintf(b, "    http-after-response set-header %s true%s\n", header.AllowCredentials, condition(is+" cors-allowed"))
	}
	expose := strings.Join(p.ResponseHeaders, ", ")
	if p.AllResponseHeaders {
		expose = "*"
	}
	if expose != "" {
		fmt.Fprintf(b, "    http-after-response set-header %s %s%s\n", header.ExposeHeaders, value(expose), condition(is+" cors-allowed"))
	}
}

// preflights writes the answers to preflights that the policy allows.
func (w *writer) preflights(b *strings.Builder, p *stack.Policy) {
	headers := func(allowHeaders string) string {
		text := ""
		add := func(name, value string) {
			if value != "" {
				text += " hdr " + name + " " + value
			}
		}
		switch {
		case p.AnyMethod && p.Credentials: // a * would be a method of that name
			add(header.AllowMethods, "%[req.fhdr("+header.RequestMethod+")]")
		case p.AnyMethod:
			add(header.AllowMethods, "*")
		case len(p.Methods) > 0:
			add(header.AllowMethods, value(strings.Join(p.Methods, ", ")))
		}
		add(header.AllowHeaders, allowHeaders)
		add(header.MaxAge, p.MaxAge)
		return text
	}
	answer := func(headers, more string) {
		if headers != "" {
			fmt.Fprintf(b, "    http-request return status 204%s if cors-preflight%s cors-allowed%s\n", headers, w.isFor(p), more)
		}
	}
	switch {
	case p.AnyRequestHeader:
		more := " { req.fhdr(" + header.RequestHeaders + ") -m found }"
		if !p.CoversAuthorization() {
			b.WriteString("    # Any header but Authorization, which * would cover in some browsers.\n")
			more += " !{ req.hdr(" + header.RequestHeaders + ") -m str -i authorization }"
		} else {
			b.WriteString("    # The names that are asked for, because * does not cover Authorization.\n")
		}
		answer(headers("%[req.fhdr("+header.RequestHeaders+")]"), more)
		answer(headers(""), "")
	case len(p.RequestHeaders) > 0:
		answer(headers(value(strings.Join(p.RequestHeaders, ", "))), "")
	default:
		answer(headers(""), "")
	}
}
