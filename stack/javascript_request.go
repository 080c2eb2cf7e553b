package stack

import (
	"fmt"
	"strings"
)

// JavaScriptRequest is how a framework names what a policy is chosen by. Its methods write functions that are the same in every
// framework; in them Name is the request, and the other texts are expressions with it.
type JavaScriptRequest struct {
	Name   string                   // req
	Method string                   // req.method
	Header func(name string) string // the value of a header, by its name in lower case: undefined or '' without it
	Host   string                   // without a port
	Path   string                   // as the framework's router sees it, decoded unless Folded

	// Folded says that the router takes paths that differ in case or in a slash at the end for one. Path is decoded here then.
	Folded bool
}

// IsPreflight is the function isPreflight(req).
func (r JavaScriptRequest) IsPreflight() string {
	return fmt.Sprintf("function isPreflight(%s) {\n  return %s === 'OPTIONS' && %s !== undefined && %s !== undefined;\n}\n",
		r.Name, r.Method, r.Header("origin"), r.Header("access-control-request-method"))
}

// Routes is the function policyFor(req, method) and what it needs. It returns the constant off, which the caller writes, or a
// property of the constant policies.
func (r JavaScriptRequest) Routes(site *Site) string {
	var b strings.Builder
	b.WriteString("// The first that takes a request counts.\nconst routes = [\n")
	for _, h := range site.Hosts {
		for _, p := range h.Places {
			for _, rule := range p.Rules {
				b.WriteString("  { ")
				if h.Name != "" {
					fmt.Fprintf(&b, "host: %s, ", JavaScriptString(h.Name))
				}
				path := p.Path
				if r.Folded {
					path = strings.ToLower(path)
				}
				fmt.Fprintf(&b, "path: %s, ", JavaScriptString(path))
				if rule.Methods != nil {
					fmt.Fprintf(&b, "methods: %s, ", JavaScriptStrings(rule.Methods))
				}
				policy := "off"
				if rule.Policy != nil {
					policy = "policies" + JavaScriptProperty(rule.Policy.Name)
				}
				fmt.Fprintf(&b, "policy: %s },\n", policy)
			}
		}
	}
	b.WriteString("];\n\n")
	path := r.Path
	if r.Folded {
		path = "pathOf(" + r.Name + ")"
		fmt.Fprintf(&b, `// Paths are compared as the router does: whatever their case, and with or without a slash at the end. Otherwise a route that
// is off could be had by another spelling.
function takesPath(route, path) {
  return path === route.path || (route.path.endsWith('/') ? path.startsWith(route.path) : path === route.path + '/');
}

function pathOf(%[1]s) {
  try {
    return decodeURIComponent(%[2]s).toLowerCase();
  } catch {
    return %[2]s.toLowerCase();
  }
}
`, r.Name, r.Path)
	} else {
		b.WriteString(`function takesPath(route, path) {
  return path === route.path || (route.path.endsWith('/') && path.startsWith(route.path));
}
`)
	}
	fmt.Fprintf(&b, `
function policyFor(%s, method) {
  const path = %s;
  const host = %s.toLowerCase();
  const route = routes.find((r) => (r.host === undefined || r.host === host) && takesPath(r, path) &&
    (r.methods === undefined || r.methods.includes(method)));
  return route ? route.policy : off;
}
`, r.Name, path, r.Host)
	return b.String()
}

// JavaScriptAsked are the options of a framework that may depend on what a preflight asks for.
type JavaScriptAsked struct {
	Methods   string // its name; '' as the value stands for the method that is asked for. Empty where the framework does it
	Headers   string // its name
	NoHeaders string // the value with which no header may be sent
}

// Asked is the statements that complete the constant options for a preflight, if the constant preflight is true. They are empty
// where nothing depends on it. Policies with an own way for headers, AnyRequestHeader without CoversAuthorization, have the
// property anyButAuthorization.
func (r JavaScriptRequest) Asked(a JavaScriptAsked, policies []*Policy) string {
	method, names := false, false
	for _, p := range policies {
		method = method || p.AnyMethod && p.Credentials
		names = names || p.AnyRequestHeader && !p.CoversAuthorization()
	}
	text := ""
	if method && a.Methods != "" {
		text += fmt.Sprintf("  if (preflight && options.%[1]s === '') {\n"+
			"    options.%[1]s = %[2]s; // with credentials a * would be a method of that name\n  }\n",
			a.Methods, r.Header("access-control-request-method"))
	}
	if names {
		text += fmt.Sprintf("  // In some browsers * covers Authorization, and the names that are asked for always do.\n"+
			"  if (preflight && options.anyButAuthorization && /(^|[, \\t])authorization([, \\t]|$)/i.test(%s)) {\n"+
			"    options.%s = %s;\n  }\n", r.Header("access-control-request-headers"), a.Headers, a.NoHeaders)
	}
	return text
}

// JavaScriptOrigins is the origins of a policy as items of an array, each on a line, with regular expressions for patterns.
func JavaScriptOrigins(p *Policy, indent string) string {
	var b strings.Builder
	for _, o := range p.Origins {
		if text, ok := o.Exact(); ok {
			fmt.Fprintf(&b, "%s%s,\n", indent, JavaScriptString(text))
		} else {
			fmt.Fprintf(&b, "%s/%s/,\n", indent, Regexp(o, JavaScript))
		}
	}
	if p.Null {
		fmt.Fprintf(&b, "%s'null',\n", indent)
	}
	return b.String()
}

// NodeHeader is the value of a header of a request of Node.js, for [JavaScriptRequest].
func NodeHeader(request string) func(name string) string {
	return func(name string) string {
		return request + ".headers" + JavaScriptProperty(name)
	}
}
