package hono

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes the module cors.js.
func write(site *stack.Site, _ stack.Options) ([]stack.File, []report.Finding) {
	s := Stack()
	if findings := s.RefuseNodeMethods(site); len(findings) > 0 {
		return nil, findings
	}
	req := stack.JavaScriptRequest{
		Name: "c", Method: "c.req.method", Host: "new URL(c.req.url).hostname", Path: "c.req.path",
		Header: func(name string) string { return "c.req.header(" + stack.JavaScriptString(name) + ")" },
	}
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
//   const app = new Hono();
//   useCors(app); // first: errors, sign-in and routes that come before would have no headers
//
// Only routes of WebSockets go before it: nothing can be added to the headers of their responses.
import { cors } from 'hono/cors';
`)
	if len(site.Policies) > 0 {
		if hasPattern(site.Policies) {
			b.WriteString(`
// A list in cors has exact origins only.
function oneOf(origins) {
  return (origin) => (origins.some((o) => (o instanceof RegExp ? o.test(origin) : o === origin)) ? origin : null);
}
`)
		}
		b.WriteString("\nconst policies = {\n")
		for _, p := range site.Policies {
			writePolicy(&b, p)
		}
		b.WriteString("};\n")
	}
	only, one := site.OnlyPolicy()
	if !one {
		if hasPercent(site) {
			req.Path = "pathOf(c)"
		}
		b.WriteString("\nconst off = {};\n\n" + req.Routes(site))
		if hasPercent(site) {
			b.WriteString(`
// Hono leaves a percent sign as it was sent, and decodes all else.
function pathOf(c) {
  return c.req.path.replaceAll('%25', '%');
}
`)
		}
	}
	b.WriteString("\n" + req.IsPreflight() + `
async function answer(c, next) {
  const preflight = isPreflight(c);
`)
	if one {
		fmt.Fprintf(&b, "  const options = { ...policies%s };\n", stack.JavaScriptProperty(only.Name))
	} else {
		b.WriteString(`  const policy = policyFor(c, preflight ? c.req.header('access-control-request-method') : c.req.method);
  if (policy === off) {
    return next();
  }
  const options = { ...policy };
`)
	}
	b.WriteString(req.Asked(stack.JavaScriptAsked{Headers: "allowHeaders", NoHeaders: "['Origin']"}, site.Policies))
	b.WriteString(`  if (c.req.method === 'OPTIONS' && !preflight) {
    // By itself cors answers every OPTIONS request. Of one that is no preflight it writes the headers, and the application answers.
    await cors(options)(c, next);
    return next();
  }
  return cors(options)(c, next);
}

export function useCors(app) {
  app.use(answer);
}
`)
	return []stack.File{{Path: "cors.js", Text: b.String()}}, nil
}

// hasPercent reports whether a route has a percent sign in its path.
func hasPercent(site *stack.Site) bool {
	for _, h := range site.Hosts {
		if slices.ContainsFunc(h.Places, func(p stack.Place) bool { return strings.Contains(p.Path, "%") }) {
			return true
		}
	}
	return false
}

// hasPattern reports whether a policy has an origin that is no exact one.
func hasPattern(policies []*stack.Policy) bool {
	return slices.ContainsFunc(policies, func(p *stack.Policy) bool { return !isExact(p) })
}

func isExact(p *stack.Policy) bool {
	return !slices.ContainsFunc(p.Origins, func(o origin.Pattern) bool { _, ok := o.Exact(); return !ok })
}

func writePolicy(b *strings.Builder, p *stack.Policy) {
	fmt.Fprintf(b, "  %s: {\n", stack.JavaScriptKey(p.Name))
	switch {
	case p.IsConstant():
		b.WriteString("    origin: '*',\n")
	case p.AnyOrigin:
		b.WriteString("    origin: (origin) => origin, // with credentials a * would not count\n")
	case isExact(p):
		b.WriteString("    origin: [\n" + stack.JavaScriptOrigins(p, "      ") + "    ],\n")
	default:
		b.WriteString("    origin: oneOf([\n" + stack.JavaScriptOrigins(p, "      ") + "    ]),\n")
	}
	switch {
	case p.AnyMethod && p.Credentials:
		b.WriteString("    allowMethods: (_origin, c) => [c.req.header('access-control-request-method')], // with credentials a * would not count\n")
	case p.AnyMethod:
		b.WriteString("    allowMethods: ['*'],\n")
	default:
		fmt.Fprintf(b, "    allowMethods: %s, // without it PUT, PATCH and DELETE would be allowed\n",
			stack.JavaScriptStrings(append([]string{"GET", "HEAD", "POST"}, p.Methods...)))
	}
	switch {
	case p.AnyRequestHeader && p.CoversAuthorization():
		b.WriteString("    allowHeaders: [], // those that are asked for, because * does not cover Authorization\n")
	case p.AnyRequestHeader:
		b.WriteString("    allowHeaders: [], // those that are asked for\n    anyButAuthorization: true, // see below\n")
	case len(p.RequestHeaders) == 0:
		b.WriteString("    allowHeaders: ['Origin'], // which no page can set: without a name any would be allowed\n")
	default:
		fmt.Fprintf(b, "    allowHeaders: %s, // without it any would be allowed\n", stack.JavaScriptStrings(p.RequestHeaders))
	}
	if p.AllResponseHeaders {
		b.WriteString("    exposeHeaders: ['*'],\n")
	} else if len(p.ResponseHeaders) > 0 {
		fmt.Fprintf(b, "    exposeHeaders: %s,\n", stack.JavaScriptStrings(p.ResponseHeaders))
	}
	if p.Credentials {
		b.WriteString("    credentials: true,\n")
	}
	if p.MaxAge != "" {
		fmt.Fprintf(b, "    maxAge: %s,\n", p.MaxAge)
	}
	b.WriteString("  },\n")
}
