package rscors

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes cors.go, a file of package main.
func write(site *stack.Site, _ stack.Options) ([]stack.File, []report.Finding) {
	s := Stack()
	w := &writer{site: site}
	w.Import("net/http")
	if only, ok := site.OnlyPolicy(); ok {
		w.Printf("// withCORS serves a handler under the policy.\nfunc withCORS(next http.Handler) http.Handler {\nreturn %s.wrap(next)\n}\n", w.policy(only))
	} else {
		w.Printf("// withCORS serves a handler under the policies.\nfunc withCORS(next http.Handler) http.Handler {\n")
		w.Printf("policies := map[string]http.Handler{\n\"none\": next,\n")
		for _, p := range site.Policies {
			w.Printf("%q: %s.wrap(next),\n", p.Name, w.policy(p))
		}
		w.Printf("}\nreturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\npolicies[policyOf(r)].ServeHTTP(w, r)\n})\n}\n")
		w.PolicyOf(site)
	}
	if len(site.Policies) > 0 {
		w.wrapper()
	}
	return []stack.File{{Path: "cors.go", Text: w.Text("// " + s.Mark() + `
//
//   http.ListenAndServe(addr, withCORS(handler))
//
// Around everything: errors, sign-in and routes outside would have no headers. A route that has a method in its pattern answers
// preflights with 405, so it is not the routes that are wrapped.
`)}}, nil
}

// writer is the file as it grows.
type writer struct {
	stack.GoFile
	site *stack.Site
}

// any reports whether some policy is so.
func (w *writer) any(is func(p *stack.Policy) bool) bool {
	return slices.ContainsFunc(w.site.Policies, is)
}

// anyMethod reports whether the options are made for each request: there is none for any method.
func anyMethod(p *stack.Policy) bool { return p.AnyMethod }

// anyButAuthorization reports whether a preflight for Authorization is refused before the middleware, whose * is for it too.
func anyButAuthorization(p *stack.Policy) bool { return p.AnyRequestHeader && !p.CoversAuthorization() }

// policy is a policy as a composite literal.
func (w *writer) policy(p *stack.Policy) string {
	w.Import("github.com/rs/cors")
	var b strings.Builder
	b.WriteString("policy{\nOptions: cors.Options{\n")
	w.origins(&b, p)
	if !p.AnyMethod {
		methods := append([]string{"GET", "HEAD", "POST"}, p.Methods...)
		fmt.Fprintf(&b, "// Without GET, HEAD and POST responses to these would have no headers.\nAllowedMethods: %s,\n", stack.GoStrings(methods))
	}
	switch {
	case p.AnyRequestHeader:
		b.WriteString("AllowedHeaders: []string{\"*\"}, // those that are asked for\n")
	case len(p.RequestHeaders) == 0:
		b.WriteString("AllowedHeaders: []string{\"\"}, // none; without it Accept, Content-Type and X-Requested-With would be allowed\n")
	default:
		fmt.Fprintf(&b, "AllowedHeaders: %s,\n", stack.GoStrings(p.RequestHeaders))
	}
	if p.AllResponseHeaders {
		b.WriteString("ExposedHeaders: []string{\"*\"},\n")
	} else if len(p.ResponseHeaders) > 0 {
		fmt.Fprintf(&b, "ExposedHeaders: %s,\n", stack.GoStrings(p.ResponseHeaders))
	}
	if p.Credentials {
		b.WriteString("AllowCredentials: true,\n")
	}
	switch p.MaxAge {
	case "":
	case "0":
		b.WriteString("MaxAge: -1, // sends 0; with 0 nothing would be sent\n")
	default:
		fmt.Fprintf(&b, "MaxAge: %s,\n", p.MaxAge)
	}
	b.WriteString("},\n")
	if anyMethod(p) {
		b.WriteString("anyMethod: true,\n")
	}
	if anyButAuthorization(p) {
		b.WriteString("anyButAuthorization: true,\n")
	}
	b.WriteString("}")
	return b.String()
}

// hasPattern reports whether an origin of a policy needs an expression.
func hasPattern(p *stack.Policy) bool {
	for _, o := range p.Origins {
		if _, exact := o.Exact(); !exact {
			return true
		}
	}
	return false
}

func (w *writer) origins(b *strings.Builder, p *stack.Policy) {
	switch {
	case p.IsConstant():
		b.WriteString("AllowedOrigins: []string{\"*\"},\n")
		return
	case p.AnyOrigin:
		b.WriteString("// The one that asks: with credentials a * would not count.\nAllowOriginFunc: func(string) bool { return true },\n")
		return
	}
	var exact, expressions []string
	for _, o := range p.Origins {
		if text, ok := o.Exact(); ok {
			exact = append(exact, text)
		} else {
			expressions = append(expressions, "`"+stack.Regexp(o, stack.RE2)+"`,\n")
		}
	}
	if p.Null {
		exact = append(exact, "null")
	}
	if len(expressions) == 0 {
		fmt.Fprintf(b, "AllowedOrigins: %s,\n", stack.GoStrings(exact))
		return
	}
	list := "nil"
	if len(exact) > 0 {
		list = stack.GoStrings(exact)
	}
	fmt.Fprintf(b, "AllowOriginFunc: oneOf(%s,\n%s),\n", list, strings.Join(expressions, ""))
}
