package express

import (
	"fmt"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes the module cors.js.
func write(site *stack.Site, _ stack.Options) ([]stack.File, []report.Finding) {
	s := Stack()
	findings := append(s.RefuseNodeMethods(site), s.RefuseFoldedPaths(site)...)
	if len(findings) > 0 {
		return nil, findings
	}
	req := stack.JavaScriptRequest{
		Name: "req", Method: "req.method", Header: stack.NodeHeader("req"), Host: "(req.hostname || '')", Path: "req.path", Folded: true,
	}
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
//   const app = express();
//   require('./cors')(app); // first: errors, sign-in and routes that come before would have no headers
'use strict';

const cors = require('cors');
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
		b.WriteString("\nconst off = { origin: false };\n\n" + req.Routes(site))
	}
	b.WriteString(`
// By itself cors answers every OPTIONS request. Those that are no preflight are for the application.
`)
	b.WriteString(req.IsPreflight() + `
function optionsFor(req, callback) {
  const preflight = isPreflight(req);
`)
	if one {
		fmt.Fprintf(&b, "  const options = { ...policies%s, preflightContinue: !preflight };\n", stack.JavaScriptProperty(only.Name))
	} else {
		b.WriteString("  const method = preflight ? req.headers['access-control-request-method'] : req.method;\n" +
			"  const options = { ...policyFor(req, method), preflightContinue: !preflight };\n")
	}
	b.WriteString(req.Asked(stack.JavaScriptAsked{Methods: "methods", Headers: "allowedHeaders", NoHeaders: "[]"}, site.Policies))
	b.WriteString(`  callback(null, options);
}

module.exports = function useCors(app) {
  app.use(cors(optionsFor));
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
		writeOrigins(b, p)
	}
	methods := append([]string{"GET", "HEAD", "POST"}, p.Methods...)
	switch {
	case p.AnyMethod && p.Credentials:
		b.WriteString("    methods: '', // the one that is asked for, see optionsFor\n")
	case p.AnyMethod:
		b.WriteString("    methods: '*',\n")
	default:
		fmt.Fprintf(b, "    methods: %s, // without it PUT, PATCH and DELETE would be allowed\n", stack.JavaScriptStrings(methods))
	}
	switch {
	case p.AnyRequestHeader && p.CoversAuthorization():
		b.WriteString("    allowedHeaders: undefined, // those that are asked for, because * does not cover Authorization\n")
	case p.AnyRequestHeader:
		b.WriteString("    allowedHeaders: undefined, // those that are asked for\n    anyButAuthorization: true, // see optionsFor\n")
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

func writeOrigins(b *strings.Builder, p *stack.Policy) {
	b.WriteString("    // A list, even of one: a function that refuses would leave out Vary, and one string is sent to everybody.\n" +
		"    origin: [\n")
	b.WriteString(stack.JavaScriptOrigins(p, "      "))
	b.WriteString("    ],\n")
}
