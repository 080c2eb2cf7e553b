package caddy

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: what one policy says, as a snippet. Who imports it has the
// matcher @cors_preflight.

// snippetName is the name of a policy's snippet. The other snippets have none that begins so.
func snippetName(p *stack.Policy) string { return "cors_policy_" + p.Name }

// allowed is the matcher of requests whose origin a policy allows.
const allowed = "@cors_allowed"

func policySnippet(p *stack.Policy) string {
	var b strings.Builder
	fmt.Fprintf(&b, "(%s) {\n", snippetName(p))
	origins(&b, p)
	of := ""
	if !p.IsConstant() {
		of = allowed
		b.WriteString("\n\t# On every response, refused and without Origin too, or a cache gives one origin the answer of another.\n" +
			"\theader +" + header.Vary + " " + header.Origin + "\n")
	}
	b.WriteString("\n\t# At once and not deferred: so errors of Caddy's own have them too, without which pages could not read them.\n")
	origin := "{header." + header.Origin + "}"
	if p.IsConstant() {
		origin = "*"
	}
	list := []field{{header.AllowOrigin, origin}}
	if p.Credentials {
		list = append(list, field{header.AllowCredentials, "true"})
	}
	if p.AllResponseHeaders {
		list = append(list, field{header.ExposeHeaders, "*"})
	} else if len(p.ResponseHeaders) > 0 {
		list = append(list, field{header.ExposeHeaders, word(strings.Join(p.ResponseHeaders, ", "))})
	}
	writeHeaders(&b, "\t", of, list)
	b.WriteString("\n\t# A preflight has no cookies and no password, so it is answered before anybody asks for them.\n" +
		"\troute @cors_preflight {\n")
	preflight(&b, p, of)
	b.WriteString("\t\trespond 204\n\t}\n}\n")
	return b.String()
}

// origins writes the matcher of allowed origins. There is none where every response says the same.
func origins(b *strings.Builder, p *stack.Policy) {
	switch {
	case p.IsConstant():
		fmt.Fprintf(b, "\t# Policy %s. Every response says the same, whoever asks.\n", p.Name)
		return
	case p.AnyOrigin:
		fmt.Fprintf(b, "\t# Policy %s. The origin is sent back, because with credentials a * would not count.\n\t%s header %s *\n", p.Name, allowed, header.Origin)
		return
	}
	variable := "{cors." + p.Name + "}"
	fmt.Fprintf(b, "\t# Policy %s. The whole origin is compared. Expressions are anchored and have their dots escaped, or strangers\n"+
		"\t# would match.\n\tmap {header.%s} %s {\n", p.Name, header.Origin, variable)
	for _, o := range p.Origins {
		text := ""
		if exact, ok := o.Exact(); ok {
			text = word(exact)
		} else {
			text = word("~" + stack.Regexp(o, stack.RE2))
		}
		fmt.Fprintf(b, "\t\t%s allowed\n", text)
	}
	if p.Null {
		b.WriteString("\t\tnull allowed\n")
	}
	fmt.Fprintf(b, "\t\tdefault refused\n\t}\n\t%s vars %s allowed\n", allowed, variable)
}

// preflight writes what only answers to preflights have. Of is the matcher of those that are allowed, empty for all.
func preflight(b *strings.Builder, p *stack.Policy, of string) {
	const indent = "\t\t"
	fmt.Fprintf(b, "%sheader +%s %q\n", indent, header.Vary, header.RequestMethod+", "+header.RequestHeaders)
	var list []field
	switch {
	case p.AnyMethod && p.Credentials:
		b.WriteString(indent + "# With credentials a * would be a method of that name.\n")
		list = append(list, field{header.AllowMethods, "{header." + header.RequestMethod + "}"})
	case p.AnyMethod:
		list = append(list, field{header.AllowMethods, "*"})
	case len(p.Methods) > 0:
		list = append(list, field{header.AllowMethods, word(strings.Join(p.Methods, ", "))})
	}
	if !p.AnyRequestHeader && len(p.RequestHeaders) > 0 {
		list = append(list, field{header.AllowHeaders, word(strings.Join(p.RequestHeaders, ", "))})
	}
	if p.MaxAge != "" {
		list = append(list, field{header.MaxAge, p.MaxAge})
	}
	writeHeaders(b, indent, of, list)
	if !p.AnyRequestHeader {
		return
	}
	// Without the header there is nothing to send back, and an empty one would be sent.
	asked := []string{"header " + header.RequestHeaders + " *"}
	if of != "" {
		asked = append(asked, asMatcher(p))
	}
	if p.CoversAuthorization() {
		b.WriteString(indent + "# The names that are asked for, because * does not cover Authorization.\n")
	} else {
		b.WriteString(indent + "# The names that are asked for, but for Authorization, which * would cover in some browsers.\n")
		asked = append(asked, "not header_regexp "+header.RequestHeaders+" "+word(`(?i)(^|[, \t])authorization([, \t]|$)`))
	}
	writeMatcher(b, indent, "@cors_asked", asked)
	writeHeaders(b, indent, "@cors_asked", []field{{header.AllowHeaders, "{header." + header.RequestHeaders + "}"}})
}

// asMatcher is the condition of the matcher of allowed origins.
func asMatcher(p *stack.Policy) string {
	if p.AnyOrigin {
		return "header " + header.Origin + " *"
	}
	return "vars {cors." + p.Name + "} allowed"
}

// A field is a line of a header: its name, and its value as a token.
type field struct{ name, value string }

// writeHeaders writes headers for requests that a matcher takes, empty for all.
func writeHeaders(b *strings.Builder, indent, matcher string, list []field) {
	if matcher != "" {
		matcher += " "
	}
	switch len(list) {
	case 0:
	case 1:
		fmt.Fprintf(b, "%sheader %s%s %s\n", indent, matcher, list[0].name, list[0].value)
	default:
		fmt.Fprintf(b, "%sheader %s{\n", indent, matcher)
		for _, f := range list {
			fmt.Fprintf(b, "%s\t%s %s\n", indent, f.name, f.value)
		}
		b.WriteString(indent + "}\n")
	}
}
