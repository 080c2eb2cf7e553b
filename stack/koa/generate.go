package koa

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
		Name: "ctx", Method: "ctx.method", Header: stack.NodeHeader("ctx"), Host: "ctx.hostname", Path: "ctx.path", Folded: true,
	}
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
//   const app = new Koa();
//   require('./cors')(app); // first: errors, sign-in and routes that come before would have no headers
'use strict';

const cors = require('@koa/cors');
`)
	if len(site.Policies) > 0 {
		if hasList(site.Policies) {
			b.WriteString(`
// By itself cors takes one origin, and sends it to everybody.
function oneOf(origins) {
  return (ctx) => {
    const origin = ctx.get('Origin');
    return origins.some((o) => (o instanceof RegExp ? o.test(origin) : o === origin)) ? origin : '';
  };
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
		b.WriteString("\nconst off = {};\n\n" + req.Routes(site))
	}
	b.WriteString("\n" + req.IsPreflight() + `
async function answer(ctx, next) {
  const preflight = isPreflight(ctx);
`)
	if one {
		fmt.Fprintf(&b, "  const options = { ...policies%s };\n", stack.JavaScriptProperty(only.Name))
	} else {
		b.WriteString(`  const policy = policyFor(ctx, preflight ? ctx.headers['access-control-request-method'] : ctx.method);
  if (policy === off) {
    return next();
  }
  const options = { ...policy };
`)
	}
	b.WriteString(req.Asked(stack.JavaScriptAsked{Methods: "allowMethods", Headers: "allowHeaders", NoHeaders: "['Origin']"}, site.Policies))
	b.WriteString(`  if (preflight) {
    // Next is for one that is refused: by itself cors hands it on to the application.
    return cors(options)(ctx, async () => { ctx.status = 204; });
  }
  // An OPTIONS request that is no preflight gets the headers of any other, which cors would leave out.
  const request = ctx.method === 'OPTIONS' ? Object.create(ctx, { method: { value: 'GET' } }) : ctx;
  try {
    return await cors(options)(request, next);
  } catch (err) {
    // Koa sends an error with its own headers only, and cors adds Vary to them only for an origin that is allowed.
    if (err instanceof Error && !ctx.response.get('Access-Control-Allow-Origin')) {
      const { vary, Vary, ...headers } = err.headers || {};
      err.headers = { ...headers, Vary: [vary, Vary, 'Origin'].filter(Boolean).join(', ') };
    }
    throw err;
  }
}

module.exports = function useCors(app) {
  app.use(answer);
};
`)
	return []stack.File{{Path: "cors.js", Text: b.String()}}, nil
}

// hasList reports whether a policy names its origins.
func hasList(policies []*stack.Policy) bool {
	for _, p := range policies {
		if !p.AnyOrigin {
			return true
		}
	}
	return false
}

func writePolicy(b *strings.Builder, p *stack.Policy) {
	fmt.Fprintf(b, "  %s: {\n", stack.JavaScriptKey(p.Name))
	switch {
	case p.IsConstant():
		b.WriteString("    origin: '*',\n")
	case p.AnyOrigin:
		b.WriteString("    origin: (ctx) => ctx.get('Origin'), // with credentials a * would not count\n")
	default:
		b.WriteString("    origin: oneOf([\n" + stack.JavaScriptOrigins(p, "      ") + "    ]),\n")
	}
	switch {
	case p.AnyMethod && p.Credentials:
		b.WriteString("    allowMethods: '', // the one that is asked for, see below\n")
	case p.AnyMethod:
		b.WriteString("    allowMethods: '*',\n")
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
		b.WriteString("    exposeHeaders: '*',\n")
	} else if len(p.ResponseHeaders) > 0 {
		fmt.Fprintf(b, "    exposeHeaders: %s,\n", stack.JavaScriptStrings(p.ResponseHeaders))
	}
	if p.Credentials {
		b.WriteString("    credentials: true,\n")
	}
	switch {
	case p.MaxAge == "0":
		b.WriteString("    maxAge: '0', // as text: the number would be left out\n")
	case p.MaxAge != "":
		fmt.Fprintf(b, "    maxAge: %s,\n", p.MaxAge)
	}
	b.WriteString("  },\n")
}
