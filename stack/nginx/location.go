package nginx

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: the lines of one location that are about CORS.

// hideHeaders drops what the application says of CORS.
func hideHeaders(indent string) string {
	var b strings.Builder
	b.WriteString(indent + "# One owner: with a second Access-Control-Allow-Origin line from the application every browser refuses.\n")
	for _, name := range []string{
		header.AllowOrigin, header.AllowCredentials, header.AllowMethods, header.AllowHeaders, header.ExposeHeaders, header.MaxAge,
	} {
		b.WriteString(indent + "proxy_hide_header " + name + ";\n")
	}
	return b.String()
}

// headers writes the headers of a place, and the answer to preflights. It is empty where CORS is off for every method.
func (w *writer) headers(p *stack.Place, indent string) string {
	any := false
	for _, r := range p.Rules {
		any = any || r.Policy != nil
	}
	if !any {
		return indent + "# CORS is off here: no header of the application's comes through either.\n"
	}
	var b strings.Builder
	b.WriteString(indent + "# An empty value is no header. Without always, errors would have none, and pages could not read them.\n")
	choice := ""
	for _, h := range []struct{ name, suffix string }{
		{header.AllowOrigin, "origin"}, {header.AllowCredentials, "credentials"}, {header.ExposeHeaders, "expose"},
		{header.AllowMethods, "methods"}, {header.AllowHeaders, "headers"}, {header.MaxAge, "max_age"}, {header.Vary, "vary"},
	} {
		var values []string
		sent := false
		for _, r := range p.Rules {
			text := w.variable(r.Policy, h.suffix)
			sent = sent || text != `""`
			values = append(values, text)
		}
		if !sent {
			continue
		}
		text := values[0]
		if len(values) > 1 {
			if choice == "" {
				w.chosen++
				choice = fmt.Sprintf("cors_place_%d", w.chosen)
			}
			text = w.choose(choice+"_"+h.suffix, p.Rules, values)
		}
		fmt.Fprintf(&b, "%sadd_header %s %s always;\n", indent, h.name, text)
	}
	b.WriteString("\n" + indent + "# Before authentication, which a preflight does not have, and before the application. An add_header in here would\n" +
		indent + "# drop all those above.\n" +
		indent + "if ($cors_preflight) {\n" + indent + "    return 204;\n" + indent + "}\n")
	return b.String()
}

// variable is what a policy has for a header: a variable, or empty quotes for none. A nil policy has Vary at most, where
// another method of the same place has a policy.
func (w *writer) variable(p *stack.Policy, suffix string) string {
	sent := false
	switch {
	case suffix == "vary":
		if p == nil || !p.IsConstant() {
			return "$cors_vary"
		}
	case p == nil:
	case suffix == "origin":
		sent = true
	case suffix == "credentials":
		sent = p.Credentials
	case suffix == "expose":
		sent = exposed(p) != ""
	case suffix == "methods":
		sent = p.AnyMethod || len(p.Methods) > 0
	case suffix == "headers":
		sent = p.AnyRequestHeader || len(p.RequestHeaders) > 0
	case suffix == "max_age":
		sent = p.MaxAge != ""
	}
	if !sent {
		return `""`
	}
	return "$" + w.names[p] + "_" + suffix
}
