package apache

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: the lines of a VirtualHost that are about CORS.

// cors writes what the policies of the host say.
func (h *host) cors() string {
	if h.isOne && h.only == nil {
		return "# CORS is off here: no header of the application's comes through either.\n" + clearHeaders()
	}
	var b strings.Builder
	b.WriteString("# One owner: with a second Access-Control-Allow-Origin line from the application every browser refuses. Apache keeps headers\n" +
		"# in two tables, and an application's may be in either.\n" + clearHeaders() + `
RewriteEngine On

# A preflight has all three. Any other OPTIONS request is for the application. Without NV the names would get into Vary.
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteCond %{HTTP:Origin} . [NV]
RewriteCond %{HTTP:Access-Control-Request-Method} . [NV]
RewriteRule "^" - [E=CORS_PREFLIGHT:1]

`)
	if !h.isOne {
		b.WriteString(h.choice() + "\n")
	}
	b.WriteString("# Always is for errors too, without which pages could not read them. Without a condition there would be a header (null).\n\n")
	for _, p := range h.policies() {
		b.WriteString(h.policy(p) + "\n")
	}
	b.WriteString(h.vary())
	b.WriteString("# A preflight has no cookies and no password, so it is answered before anybody asks for them.\nRewriteCond %{ENV:CORS_PREFLIGHT} .\n")
	if !h.isOne {
		b.WriteString("RewriteCond %{ENV:CORS_POLICY} !=" + off + "\n")
	}
	b.WriteString("RewriteRule \"^\" - [R=204,L]\n")
	return b.String()
}

// clearHeaders drops what the application says of CORS.
func clearHeaders() string {
	var b strings.Builder
	for _, name := range []string{
		header.AllowOrigin, header.AllowCredentials, header.AllowMethods, header.AllowHeaders, header.ExposeHeaders, header.MaxAge,
	} {
		fmt.Fprintf(&b, "Header onsuccess unset %s\nHeader always unset %[1]s\n", name)
	}
	return b.String()
}

// policies are those that requests to the host may have, by name.
func (h *host) policies() []*stack.Policy {
	return slices.DeleteFunc(slices.Clone(h.site.Policies), func(p *stack.Policy) bool {
		return !slices.ContainsFunc(h.of.Places, func(place stack.Place) bool {
			return slices.ContainsFunc(place.Rules, func(r stack.Rule) bool { return r.Policy == p })
		})
	})
}

// vary writes the header of policies whose answers depend on who asks.
func (h *host) vary() string {
	var names []string
	for _, p := range h.policies() {
		if !p.IsConstant() {
			names = append(names, "'"+p.Name+"'")
		}
	}
	condition := ""
	switch {
	case len(names) == 0:
		return ""
	case !h.isOne:
		condition = ` "expr=reqenv('CORS_POLICY') in {` + strings.Join(names, ", ") + `}"`
	}
	return "# On every response, refused and without Origin too, or a cache gives one origin the answer of another.\n" +
		"Header always merge " + header.Vary + " " + header.Origin + condition + "\n\n"
}

// policy writes the headers of one policy, and first the variable with the origin that it allows, if it does.
func (h *host) policy(p *stack.Policy) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Policy %s.", p.Name)
	if len(p.Origins) > 0 {
		b.WriteString(" The whole origin is compared; expressions are anchored and have their dots escaped, or strangers would match.")
	}
	b.WriteString("\n")
	origin, granted := "*", ""
	if !h.isOne || !p.IsConstant() {
		b.WriteString(h.variable(p))
		origin, granted = "%{"+h.names[p]+"}e", " env="+h.names[p]
	}
	fmt.Fprintf(&b, "Header always set %s \"%s\"%s\n", header.AllowOrigin, origin, granted)
	if p.Credentials {
		fmt.Fprintf(&b, "Header always set %s true%s\n", header.AllowCredentials, granted)
	}
	expose := strings.Join(p.ResponseHeaders, ", ")
	if p.AllResponseHeaders {
		expose = "*"
	}
	if expose != "" {
		fmt.Fprintf(&b, "Header always set %s %s%s\n", header.ExposeHeaders, value(expose), granted)
	}
	b.WriteString(h.preflight(p))
	return b.String()
}

// variable writes the rule that sets the variable of a policy.
func (h *host) variable(p *stack.Policy) string {
	text := ""
	if !h.isOne {
		text = "RewriteCond %{ENV:CORS_POLICY} =" + p.Name + "\n"
	}
	if p.IsConstant() {
		return text + "RewriteRule \"^\" - [E=" + h.names[p] + ":*]\n"
	}
	var patterns []string
	for _, o := range p.Origins {
		if exact, ok := o.Exact(); ok {
			patterns = append(patterns, "="+exact)
		} else {
			patterns = append(patterns, `"`+stack.Regexp(o, stack.PCRE)+`"`)
		}
	}
	if p.Null {
		patterns = append(patterns, "=null")
	}
	if p.AnyOrigin {
		patterns = []string{"."}
	}
	for i, pattern := range patterns {
		flags := "NV,OR"
		if i == len(patterns)-1 {
			flags = "NV"
		}
		text += fmt.Sprintf("RewriteCond %%{HTTP:Origin} %s [%s]\n", pattern, flags)
	}
	return text + "RewriteRule \"^\" - [E=" + h.names[p] + ":%{HTTP:Origin}]\n"
}

// preflight writes what only answers to allowed preflights have.
func (h *host) preflight(p *stack.Policy) string {
	granted := "CORS_PREFLIGHT"
	rule := ""
	if !h.isOne || !p.IsConstant() {
		granted = strings.Replace(h.names[p], "CORS_ORIGIN", "CORS_PREFLIGHT", 1)
		rule = "RewriteCond %{ENV:CORS_PREFLIGHT} .\nRewriteCond %{ENV:" + h.names[p] + "} .\nRewriteRule \"^\" - [E=" + granted + ":1]\n"
	}
	text := ""
	set := func(name, value string) { text += "Header always set " + name + " " + value + " env=" + granted + "\n" }
	switch {
	case p.AnyMethod && p.Credentials:
		text += "# With credentials a * would be a method of that name.\n"
		set(header.AllowMethods, `"expr=%{req_novary:`+header.RequestMethod+`}"`)
	case p.AnyMethod:
		set(header.AllowMethods, `"*"`)
	case len(p.Methods) > 0:
		set(header.AllowMethods, value(strings.Join(p.Methods, ", ")))
	}
	switch {
	case p.AnyRequestHeader:
		text += anyHeader(granted, p.CoversAuthorization())
	case len(p.RequestHeaders) > 0:
		set(header.AllowHeaders, value(strings.Join(p.RequestHeaders, ", ")))
	}
	if p.MaxAge != "" {
		set(header.MaxAge, p.MaxAge)
	}
	if text == "" {
		return ""
	}
	return rule + text
}

// anyHeader sends the names back that a preflight asks for, if it is granted.
func anyHeader(granted string, authorization bool) string {
	why, asked := "# The names that are asked for, because * does not cover Authorization.\n", "req_novary('"+header.RequestHeaders+"')"
	condition := "-n reqenv('" + granted + "') && -n " + asked
	if !authorization {
		why = "# Any but Authorization, which * would cover in some browsers.\n"
		condition += " && " + asked + ` !~ /(?:^|[, \t])authorization(?:[, \t]|$)/i`
	}
	return why + "Header always set " + header.AllowHeaders + ` "expr=%{req_novary:` + header.RequestHeaders + `}" "expr=` + condition + "\"\n"
}
