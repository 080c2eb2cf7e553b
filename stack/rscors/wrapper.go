package rscors

import "github.com/concors/concors/stack"

// A part of generate.go that is long enough for a file of its own: what stands around the middleware, only as far as the policies
// need it.

// wrapper writes the type of a policy, and what it needs.
func (w *writer) wrapper() {
	w.Import("slices")
	byMethod, butAuthorization := w.any(anyMethod), w.any(anyButAuthorization)
	w.Printf("\n// A policy is options, and what they have no word for.\ntype policy struct {\ncors.Options\n")
	if byMethod {
		w.Printf("anyMethod bool\n")
	}
	if butAuthorization {
		w.Printf("anyButAuthorization bool // any request header\n")
	}
	w.Printf("}\n\nfunc (p policy) wrap(next http.Handler) http.Handler {\n")
	w.Printf("handler := cors.New(p.Options).Handler(next)\n")
	w.Printf("return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\nswitch {\n")
	w.Printf("case len(r.Header[\"Origin\"]) == 0:\n// An OPTIONS request with Access-Control-Request-Method would be answered as a preflight.\n")
	w.Printf("p.stampPlain(w.Header())\nnext.ServeHTTP(w, r)\n")
	w.Printf(`case isPreflight(r) && p.refuses(r):
			w.Header().Add("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
			w.WriteHeader(http.StatusNoContent)
`)
	if byMethod {
		w.Printf(`case p.anyMethod:
			options := p.Options
			options.AllowedMethods = []string{r.Method}
			if isPreflight(r) {
				options.AllowedMethods = r.Header["Access-Control-Request-Method"]
			}
			cors.New(options).Handler(next).ServeHTTP(w, r)
`)
	}
	w.Printf("default:\nhandler.ServeHTTP(w, r)\n}\n})\n}\n")
	w.refuses(byMethod, butAuthorization)
	w.stampPlain()
	w.IsPreflight()
	if w.any(hasPattern) {
		w.oneOf()
	}
}

// refuses writes what is refused before the middleware, which would allow it.
func (w *writer) refuses(byMethod, butAuthorization bool) {
	w.Printf("\n// refuses reports whether a preflight asks for what cors always allows, and the policy does not.\n" +
		"func (p policy) refuses(r *http.Request) bool {\n")
	if butAuthorization {
		w.Import("strings")
		w.Printf(`if p.anyButAuthorization {
		// In some browsers * covers Authorization, and the names that are asked for always do.
		for _, name := range strings.Split(strings.Join(r.Header["Access-Control-Request-Headers"], ","), ",") {
			if strings.EqualFold(strings.TrimSpace(name), "Authorization") {
				return true
			}
		}
	}
`)
	}
	unless := ""
	if byMethod {
		unless = " && !p.anyMethod"
	}
	w.Printf("return r.Header.Get(\"Access-Control-Request-Method\") == http.MethodOptions%s && !slices.Contains(p.AllowedMethods, http.MethodOptions)\n}\n", unless)
}

// stampPlain writes what a response says to a request without Origin.
func (w *writer) stampPlain() {
	w.Printf("\n// stampPlain sets the headers of responses to requests without Origin.\nfunc (p policy) stampPlain(h http.Header) {\n" +
		"h.Add(\"Vary\", \"Origin\") // or a cache gives a page the response that is for no page\n")
	if w.any((*stack.Policy).IsConstant) {
		w.Import("strings")
		w.Printf(`if slices.Contains(p.AllowedOrigins, "*") { // the same for everybody
		h.Set("Access-Control-Allow-Origin", "*")
		if len(p.ExposedHeaders) > 0 {
			h.Set("Access-Control-Expose-Headers", strings.Join(p.ExposedHeaders, ", "))
		}
	}
`)
	}
	w.Printf("}\n")
}

// oneOf writes the function that compares origins with patterns.
func (w *writer) oneOf() {
	w.Import("regexp", "slices")
	w.Printf(`
// oneOf returns a function that reports whether an origin is in a list or matches an expression. In AllowedOrigins * would stand
// for dots and ports too. Expressions are anchored and have their dots escaped, or strangers would match.
func oneOf(origins []string, expressions ...string) func(origin string) bool {
	var compiled []*regexp.Regexp
	for _, e := range expressions {
		compiled = append(compiled, regexp.MustCompile(e))
	}
	return func(origin string) bool {
		return slices.Contains(origins, origin) || slices.ContainsFunc(compiled, func(e *regexp.Regexp) bool { return e.MatchString(origin) })
	}
}
`)
}
