package fastify

import (
	"fmt"
	"strings"

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
		Name: "req", Method: "req.method", Header: stack.NodeHeader("req"), Host: "req.hostname", Path: "pathOf(req)",
	}
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
//   const app = fastify();
//   await require('./cors')(app); // first: sign-in that comes before would refuse preflights
//
// The plugin has the route OPTIONS *. An application that wants others answers them in setNotFoundHandler, or by their paths.
'use strict';

const cors = require('@fastify/cors');
`)
	if len(site.Policies) > 0 {
		b.WriteString("\nconst policies = {\n")
		for _, p := range site.Policies {
			writePolicy(&b, p)
		}
		b.WriteString("};\n")
	}
	only, one := site.OnlyPolicy()
	if !one {
		b.WriteString("\nconst off = { origin: false };\n\n" + req.Routes(site) + `
// As the router reads it: letter for letter, decoded but for what would be a delimiter.
function pathOf(req) {
  const path = req.url.split(/[?#]/, 1)[0];
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
`)
	}
	b.WriteString(`
// By itself the plugin answers every OPTIONS request, with 400 if it is no preflight. Those are for the application.
` + req.IsPreflight() + `
async function optionsFor(req) {
  const preflight = isPreflight(req);
`)
	if one {
		fmt.Fprintf(&b, "  const options = { ...policies%s, preflight };\n", stack.JavaScriptProperty(only.Name))
	} else {
		b.WriteString("  const method = preflight ? req.headers['access-control-request-method'] : req.method;\n" +
			"  const options = { ...policyFor(req, method), preflight };\n")
	}
	b.WriteString(req.Asked(stack.JavaScriptAsked{Methods: "methods", Headers: "allowedHeaders", NoHeaders: "[]"}, site.Policies))
	b.WriteString(`  return options;
}

module.exports = async function useCors(app) {
  await app.register(cors, { delegator: optionsFor });
};
`)
	return []stack.File{{Path: "cors.js", Text: b.String()}}, nil
}

func writePolicy(b *strings.Builder, p *stack.Policy) {
	fmt.Fprintf(b, "  %s: {\n", stack.JavaScriptKey(p.Name))
	switch {
	case p.IsConstant():
		b.WriteString("    origin: '*',\n")
	case p.AnyOrigin:
		b.WriteString("    origin: true, // the one that asks: with credentials a * would not count\n")
	default:
		b.WriteString("    // A list, even of one: a single string is sent to everybody.\n    origin: [\n" +
			stack.JavaScriptOrigins(p, "      ") + "    ],\n")
	}
	switch {
	case p.AnyMethod && p.Credentials:
		b.WriteString("    methods: '', // the one that is asked for, see optionsFor\n")
	case p.AnyMethod:
		b.WriteString("    methods: '*',\n")
	default:
		fmt.Fprintf(b, "    methods: %s,\n", stack.JavaScriptStrings(append([]string{"GET", "HEAD", "POST"}, p.Methods...)))
	}
	switch {
	case p.AnyRequestHeader && p.CoversAuthorization():
		b.WriteString("    allowedHeaders: null, // those that are asked for, because * does not cover Authorization\n")
	case p.AnyRequestHeader:
		b.WriteString("    allowedHeaders: null, // those that are asked for\n    anyButAuthorization: true, // see optionsFor\n")
	default:
		fmt.Fprintf(b, "    allowedHeaders: %s, // without it any would be allowed\n", stack.JavaScriptStrings(p.RequestHeaders))
	}
	if p.AllResponseHeaders {
		b.WriteString("    exposedHeaders: '*',\n")
	} else if len(p.ResponseHeaders) > 0 {
		fmt.Fprintf(b, "    exposedHeaders: %s,\n", stack.JavaScriptStrings(p.ResponseHeaders))
	}
	if p.Credentials {
		b.WriteString("    credentials: true,\n")
	}
	if p.MaxAge != "" {
		fmt.Fprintf(b, "    maxAge: %s,\n", p.MaxAge)
	}
	b.WriteString("  },\n")
}
