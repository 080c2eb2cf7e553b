package gatewayapi

import (
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: the filters of a rule.

// removal writes the filter that drops what the application says of CORS, and says that responses vary. It stands before the
// CORS filter, because filters are applied in their order.
func (w *writer) removal(b *strings.Builder, p *stack.Policy) {
	w.once(b, "        # One owner: with a second Access-Control-Allow-Origin line from the application every browser refuses. Before the\n"+
		"        # CORS filter, for filters are applied in order.\n")
	b.WriteString("        - type: ResponseHeaderModifier\n          responseHeaderModifier:\n            remove:\n")
	for _, name := range []string{
		header.AllowOrigin, header.AllowCredentials, header.AllowMethods, header.AllowHeaders, header.ExposeHeaders, header.MaxAge,
	} {
		b.WriteString("              - " + name + "\n")
	}
	if p == nil || w.options.SameOrigin {
		return
	}
	w.once(b, "            # The API asks no gateway for it, and without it a cache gives one origin the answer of another.\n")
	b.WriteString("            add:\n              - {name: Vary, value: Origin}\n")
}

// filter writes the CORS filter of a policy.
func (w *writer) filter(b *strings.Builder, p *stack.Policy) {
	b.WriteString("        - type: CORS\n          cors:\n")
	origins := []string{"*"}
	if !p.AnyOrigin {
		w.once(b, "            # Compared as a whole, port included; *. stands for one label or more, and never for none.\n")
		origins = nil
		for _, o := range p.Origins {
			origins = append(origins, o.String())
		}
	}
	list(b, "allowOrigins", origins)
	methods := []string{"*"}
	if !p.AnyMethod {
		methods = append([]string{"GET", "HEAD", "POST"}, p.Methods...)
	}
	list(b, "allowMethods", methods)
	list(b, "allowHeaders", p.RequestHeaders)
	if p.AllResponseHeaders {
		list(b, "exposeHeaders", []string{"*"})
	}
	list(b, "exposeHeaders", p.ResponseHeaders)
	if p.Credentials {
		b.WriteString("            allowCredentials: true\n")
	}
	if p.MaxAge != "" {
		b.WriteString("            maxAge: " + p.MaxAge + " # without it 5\n")
	}
}

// list writes a list of texts, unless it is empty.
func list(b *strings.Builder, key string, texts []string) {
	if len(texts) == 0 {
		return
	}
	b.WriteString("            " + key + ":\n")
	for _, t := range texts {
		b.WriteString("              - " + quoted(t) + "\n")
	}
}

// quoted is a text of printable ASCII as a string of YAML, whatever a bare one would mean.
//
// https://yaml.org/spec/1.2.2/#double-quoted-style
func quoted(s string) string { return strconv.Quote(s) }
