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
	findings := append(s.RefuseMethods(site, stack.NodeTakesMethod, "name one of http.METHODS; Node.js answers others with 400"), checkPaths(&s, site)...)
	if len(findings) > 0 {
		return nil, findings
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
		writeRoutes(&b, site)
	}
	b.WriteString(`
// By itself cors answers every OPTIONS request. Those that are no preflight are for the application.
function isPreflight(req) {
  return req.method === 'OPTIONS' && req.headers.origin !== undefined && req.headers['access-control-request-method'] !== undefined;
}

function optionsFor(req, callback) {
  const preflight = isPreflight(req);
`)
	if one {
		fmt.Fprintf(&b, "  const options = { ...policies%s, preflightContinue: !preflight };\n", stack.JavaScriptProperty(only.Name))
	} else {
		b.WriteString("  const method = preflight ? req.headers['access-control-request-method'] : req.method;\n" +
			"  const options = { ...policyFor(req, method), preflightContinue: !preflight };\n")
	}
	b.WriteString(asked(site.Policies))
	b.WriteString(`  callback(null, options);
}

module.exports = function useCors(app) {
  app.use(cors(optionsFor));
};
`)
	return []stack.File{{Path: "cors.js", Text: b.String()}}, nil
}

// checkPaths refuses routes that Express could not tell apart.
func checkPaths(s *stack.Stack, site *stack.Site) []report.Finding {
	var findings []report.Finding
	for _, h := range site.Hosts {
		seen := map[string]string{}
		for _, p := range h.Places {
			folded := strings.ToLower(p.Path)
			if other, ok := seen[folded]; ok {
				need := stack.Need{Feature: stack.PerPath, Where: "the route " + p.Path + " beside " + other}
				findings = append(findings, s.CannotExpress(need, "give paths that differ only in case one policy: Express takes one for the other"))
			}
			seen[folded] = p.Path
		}
	}
	return findings
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
	for _, o := range p.Origins {
		if text, ok := o.Exact(); ok {
			fmt.Fprintf(b, "      %s,\n", stack.JavaScriptString(text))
		} else {
			fmt.Fprintf(b, "      /%s/,\n", stack.Regexp(o, stack.JavaScript))
		}
	}
	if p.Null {
		b.WriteString("      'null',\n")
	}
	b.WriteString("    ],\n")
}

// writeRoutes writes which policy is for which request.
func writeRoutes(b *strings.Builder, site *stack.Site) {
	b.WriteString(`
const off = { origin: false };

// The first that takes a request counts.
const routes = [
`)
	for _, h := range site.Hosts {
		for _, p := range h.Places {
			for _, r := range p.Rules {
				b.WriteString("  { ")
				if h.Name != "" {
					fmt.Fprintf(b, "host: %s, ", stack.JavaScriptString(h.Name))
				}
				fmt.Fprintf(b, "path: %s, ", stack.JavaScriptString(strings.ToLower(p.Path)))
				if r.Methods != nil {
					fmt.Fprintf(b, "methods: %s, ", stack.JavaScriptStrings(r.Methods))
				}
				policy := "off"
				if r.Policy != nil {
					policy = "policies" + stack.JavaScriptProperty(r.Policy.Name)
				}
				fmt.Fprintf(b, "policy: %s },\n", policy)
			}
		}
	}
	b.WriteString(`];

// Paths are compared as Express does: whatever their case, and with or without a slash at the end. Otherwise a route that
// is off could be had by another spelling.
function takesPath(route, path) {
  return path === route.path || (route.path.endsWith('/') ? path.startsWith(route.path) : path === route.path + '/');
}

function pathOf(req) {
  try {
    return decodeURIComponent(req.path).toLowerCase();
  } catch {
    return req.path.toLowerCase();
  }
}

function policyFor(req, method) {
  const path = pathOf(req);
  const host = (req.hostname || '').toLowerCase();
  const route = routes.find((r) => (r.host === undefined || r.host === host) && takesPath(r, path) &&
    (r.methods === undefined || r.methods.includes(method)));
  return route ? route.policy : off;
}
`)
}

// asked is what depends on what a preflight asks for, for the policies in which something does.
func asked(policies []*stack.Policy) string {
	method, names := false, false
	for _, p := range policies {
		method = method || p.AnyMethod && p.Credentials
		names = names || p.AnyRequestHeader && !p.CoversAuthorization()
	}
	text := ""
	if method {
		text += "  if (preflight && options.methods === '') {\n" +
			"    options.methods = req.headers['access-control-request-method']; // with credentials a * would be a method of that name\n  }\n"
	}
	if names {
		text += "  // In some browsers * covers Authorization, and the names that are asked for always do.\n" +
			"  if (preflight && options.anyButAuthorization && /(^|[, \\t])authorization([, \\t]|$)/i.test(req.headers['access-control-request-headers'])) {\n" +
			"    options.allowedHeaders = [];\n  }\n"
	}
	return text
}
