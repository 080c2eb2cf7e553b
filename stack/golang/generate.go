package golang

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes cors.go, a file of package main.
func write(site *stack.Site, _ stack.Options) ([]stack.File, []report.Finding) {
	s := Stack()
	var f stack.GoFile
	f.Import("net/http")
	f.Printf("// withCORS serves a handler under the %s.\nfunc withCORS(next http.Handler) http.Handler {\n", policies(site))
	if only, ok := site.OnlyPolicy(); ok {
		f.Import("github.com/concors/concors/cors")
		f.Printf("return serve(next, %s)\n}\n", config(&f, &only.Config))
	} else {
		f.Import("github.com/concors/concors/cors")
		f.Printf("policies := map[string]http.Handler{\n\"none\": cors.Off(next),\n")
		for _, p := range site.Policies {
			f.Printf("%q: serve(next, %s),\n", p.Name, config(&f, &p.Config))
		}
		f.Printf("}\nreturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\npolicies[policyOf(r)].ServeHTTP(w, r)\n})\n}\n")
		f.PolicyOf(site)
		if site.ByMethod() {
			f.IsPreflight()
		}
	}
	if len(site.Policies) > 0 {
		f.Printf(`
// serve panics if the policy is not valid, which is when the program starts.
func serve(next http.Handler, config cors.Config) http.Handler {
	policy, err := cors.New(config)
	if err != nil {
		panic(err)
	}
	return cors.NewMiddleware(policy).Wrap(next)
}
`)
	}
	return []stack.File{{Path: "cors.go", Text: f.Text("// " + s.Mark() + `
//
//   http.ListenAndServe(addr, withCORS(handler))
//
// Around everything: errors, sign-in and routes outside would have no headers. A route that has a method in its pattern answers
// preflights with 405, so it is not the routes that are wrapped.
`)}}, nil
}

func policies(site *stack.Site) string {
	if len(site.Policies) == 1 {
		return "policy"
	}
	return "policies"
}

// config is a configuration as a composite literal.
func config(f *stack.GoFile, c *cors.Config) string {
	var b strings.Builder
	field := func(name, value string, is bool) {
		if is {
			fmt.Fprintf(&b, "%s: %s,\n", name, value)
		}
	}
	list := func(name string, texts []string) { field(name, stack.GoStrings(texts), len(texts) > 0) }
	b.WriteString("cors.Config{\n")
	list("Origins", c.Origins)
	list("Methods", c.Methods)
	list("RequestHeaders", c.RequestHeaders)
	list("ResponseHeaders", c.ResponseHeaders)
	field("Credentials", "true", c.Credentials)
	if c.MaxAge > 0 {
		f.Import("time")
	}
	field("MaxAge", duration(c.MaxAge), c.MaxAge != 0)
	field("DangerouslyAllowNull", "true", c.DangerouslyAllowNull)
	field("DangerouslyAllowAnyOriginWithCredentials", "true", c.DangerouslyAllowAnyOriginWithCredentials)
	field("DangerouslyAllowInsecureOrigins", "true", c.DangerouslyAllowInsecureOrigins)
	list("DangerouslyAllowPublicSuffixes", c.DangerouslyAllowPublicSuffixes)
	b.WriteString("}")
	return b.String()
}

// duration is a number of whole seconds as an expression.
func duration(d time.Duration) string {
	if d == cors.NoPreflightCache {
		return "cors.NoPreflightCache"
	}
	for _, unit := range []struct {
		name string
		is   time.Duration
	}{{"time.Hour", time.Hour}, {"time.Minute", time.Minute}} {
		switch {
		case d == unit.is:
			return unit.name
		case d%unit.is == 0:
			return strconv.FormatInt(int64(d/unit.is), 10) + " * " + unit.name
		}
	}
	return strconv.FormatInt(int64(d/time.Second), 10) + " * time.Second"
}
