package nextjs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: the functions that decide, which are the same in proxy.js and
// around route handlers.

// request is how Next.js names what a policy is chosen by.
func request() stack.JavaScriptRequest {
	return stack.JavaScriptRequest{
		Name: "request", Method: "request.method", Folded: true,
		Header: func(name string) string { return "request.headers.get(" + stack.JavaScriptString(name) + ")" },
		Host:   "(request.headers.get('host') ?? '').replace(/:[0-9]+$/, '')",
		Path:   "new URL(request.url).pathname",
	}
}

// handlerTakes reports whether a route handler can be for a method.
func handlerTakes(m string) bool { return slices.Contains(handlerMethods(), m) }

// writeDecision writes the policies, isPreflight and corsHeaders.
func writeDecision(b *strings.Builder, site *stack.Site) {
	if len(site.Policies) > 0 {
		b.WriteString("const policies = {\n")
		for _, p := range site.Policies {
			writePolicy(b, p)
		}
		b.WriteString("};\n\n")
	}
	only, one := site.OnlyPolicy()
	if !one {
		b.WriteString("const off = {};\n\n")
		if len(site.Hosts) > 1 {
			b.WriteString("// The host is that of the header, since request.url has the one that Next.js listens on.\n//\n")
		}
		b.WriteString(request().Routes(site) + "\n")
	}
	b.WriteString(`// Other OPTIONS requests are for the application.
function isPreflight(request) {
  return request.method === 'OPTIONS' && request.headers.has('origin') && request.headers.has('access-control-request-method');
}

// corsHeaders is what the policy puts into a response.
function corsHeaders(request) {
  const preflight = isPreflight(request);
`)
	if one {
		fmt.Fprintf(b, "  const policy = policies%s;\n", stack.JavaScriptProperty(only.Name))
	} else {
		b.WriteString(`  const policy = policyFor(request, preflight ? request.headers.get('access-control-request-method') : request.method);
  if (policy === off) {
    return undefined;
  }
`)
	}
	b.WriteString("  const headers = {};\n")
	writeOriginCheck(b, site.Policies)
	b.WriteString("  Object.assign(headers, policy.headers, preflight ? policy.preflight : undefined);\n")
	writeAsked(b, site.Policies)
	b.WriteString("  return headers;\n}\n")
}

// writeOriginCheck writes the statements that end corsHeaders for an origin that is refused.
func writeOriginCheck(b *strings.Builder, policies []*stack.Policy) {
	lists, constants := 0, 0
	for _, p := range policies {
		if p.IsConstant() {
			constants++
		} else {
			lists++
		}
	}
	if lists == 0 {
		return
	}
	text := `// For every origin, and without one: a cache would give the response for one to another.
headers.Vary = 'Origin';
const origin = request.headers.get('origin') ?? '';
if (!policy.origins.some((o) => (o instanceof RegExp ? o.test(origin) : o === origin))) {
  return headers;
}
headers['Access-Control-Allow-Origin'] = origin;
`
	indent := "  "
	if constants > 0 {
		b.WriteString("  if (policy.origins) {\n")
		indent = "    "
	}
	for line := range strings.Lines(text) {
		b.WriteString(indent + line)
	}
	if constants > 0 {
		b.WriteString("  }\n")
	}
}

// writeAsked writes the statements for what depends on what a preflight asks for.
func writeAsked(b *strings.Builder, policies []*stack.Policy) {
	if slices.ContainsFunc(policies, echoesMethod) {
		b.WriteString(`  if (preflight && policy.anyMethod) {
    // The one that is asked for: with credentials a * would be a method of that name.
    headers['Access-Control-Allow-Methods'] = request.headers.get('access-control-request-method');
  }
`)
	}
	if !slices.ContainsFunc(policies, func(p *stack.Policy) bool { return p.AnyRequestHeader }) {
		return
	}
	condition := "names"
	if slices.ContainsFunc(policies, func(p *stack.Policy) bool { return p.AnyRequestHeader && !p.CoversAuthorization() }) {
		condition = "names && !(policy.anyButAuthorization && /(^|[, \\t])authorization([, \\t]|$)/i.test(names))"
	}
	fmt.Fprintf(b, `  if (preflight && policy.anyHeader) {
    // Those that are asked for. By the Standard * does not cover Authorization; in some browsers it does.
    const names = request.headers.get('access-control-request-headers');
    if (%s) {
      headers['Access-Control-Allow-Headers'] = names;
    }
  }
`, condition)
}

// echoesMethod reports whether the method that a preflight asks for is sent back.
func echoesMethod(p *stack.Policy) bool { return p.AnyMethod && p.Credentials }

func writePolicy(b *strings.Builder, p *stack.Policy) {
	fmt.Fprintf(b, "  %s: {\n", stack.JavaScriptKey(p.Name))
	switch {
	case p.IsConstant():
	case p.AnyOrigin:
		b.WriteString("    origins: [/./], // any, which is sent back: with credentials a * would not count\n")
	default:
		b.WriteString("    origins: [\n" + stack.JavaScriptOrigins(p, "      ") + "    ],\n")
	}
	if echoesMethod(p) {
		b.WriteString("    anyMethod: true,\n")
	}
	if p.AnyRequestHeader {
		b.WriteString("    anyHeader: true,\n")
		if !p.CoversAuthorization() {
			b.WriteString("    anyButAuthorization: true,\n")
		}
	}
	writeObject(b, "headers", responseHeaders(p))
	writeObject(b, "preflight", preflightHeaders(p))
	b.WriteString("  },\n")
}

func writeObject(b *strings.Builder, name string, headers [][2]string) {
	if len(headers) == 0 {
		return
	}
	fmt.Fprintf(b, "    %s: {\n", name)
	for _, h := range headers {
		fmt.Fprintf(b, "      %s: %s,\n", stack.JavaScriptString(h[0]), stack.JavaScriptString(h[1]))
	}
	b.WriteString("    },\n")
}

// responseHeaders are the headers that every response to an allowed origin has, and a constant policy every response.
func responseHeaders(p *stack.Policy) [][2]string {
	var list [][2]string
	if p.IsConstant() {
		list = append(list, [2]string{"Access-Control-Allow-Origin", "*"})
	}
	if p.Credentials {
		list = append(list, [2]string{"Access-Control-Allow-Credentials", "true"})
	}
	if p.AllResponseHeaders {
		list = append(list, [2]string{"Access-Control-Expose-Headers", "*"})
	} else if len(p.ResponseHeaders) > 0 {
		list = append(list, [2]string{"Access-Control-Expose-Headers", strings.Join(p.ResponseHeaders, ", ")})
	}
	return list
}

// preflightHeaders are those that a preflight needs beside them, whatever it asks for.
func preflightHeaders(p *stack.Policy) [][2]string {
	var list [][2]string
	switch {
	case p.AnyMethod && !p.Credentials:
		list = append(list, [2]string{"Access-Control-Allow-Methods", "*"})
	case len(p.Methods) > 0: // GET, HEAD and POST need no permission
		list = append(list, [2]string{"Access-Control-Allow-Methods", strings.Join(p.Methods, ", ")})
	}
	if !p.AnyRequestHeader && len(p.RequestHeaders) > 0 {
		list = append(list, [2]string{"Access-Control-Allow-Headers", strings.Join(p.RequestHeaders, ", ")})
	}
	if p.MaxAge != "" {
		list = append(list, [2]string{"Access-Control-Max-Age", p.MaxAge})
	}
	return list
}
