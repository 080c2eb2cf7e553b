package policyfile

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/report"
)

// A Route says which requests a policy is for, and who answers them.
type Route struct {
	Host    string      // lower case, without a port; empty for any
	Path    string      // a prefix if it ends in a slash
	Methods []string    // nil for any; GET takes HEAD along
	Headers header.List // lines that the request must have, with these values

	PolicyName string       // empty for none
	Policy     *cors.Policy // nil where CORS is off

	// Environment is the one whose policy this is, empty for that of Options.
	Environment string

	// Shadow is a policy that is evaluated beside the other and changes nothing; nil for none.
	ShadowName string
	Shadow     *cors.Policy

	// Enforce answers requests of pages that the policy refuses with 403, instead of leaving it to browsers.
	Enforce bool

	WebSocket    WebSocket
	UpstreamCORS UpstreamCORS

	// Who answers; at most one is set. Without any the route is for other tools that read the file.
	Upstream *Upstream
	Files    *Files
	Redirect *Redirect

	// What happens to a request on its way, in this order. Preflights do not come to it.
	BasicAuth       []Account    // nil for everybody
	ForwardAuth     *ForwardAuth // nil for everybody
	MaxBody         int64        // bytes; 0 for no limit
	Compress        bool
	RequestChanges  HeaderChanges
	ResponseChanges HeaderChanges
	Rewrite         Rewrite

	at, policyAt place
}

// rawRoute is a route as the file has it.
type rawRoute struct {
	path, host, methods, headers                           value
	policy, environment, shadow, enforce, websocket        value
	upstreamCORS, upstream, files, redirect                value
	basicAuth, forwardAuth, maxBody, compress              value
	setRequest, removeRequest, setResponse, removeResponse value
	rewrite                                                value
}

func (raw *rawRoute) keys() []key {
	headers := schema{"type": "object", "additionalProperties": scalarText()}
	return []key{
		{name: "path", required: true, schema: text(`^(/|.*\$\{)`), read: raw.path.set,
			doc: "The path of the requests: a prefix if it ends in /, otherwise the whole path. The longest wins."},
		{name: "host", schema: text(""), read: raw.host.set,
			doc: "The host of the requests, without a port. Routes with the host win over those without one."},
		{name: "methods", schema: listOf(text(methodSchema)), read: raw.methods.set,
			doc: "The methods of the requests; GET takes HEAD along. Routes that name the method win over those without methods."},
		{name: "headers", schema: headers, read: raw.headers.set,
			doc: "Headers that the requests must have, with these values. Routes that differ only in headers or methods' absence must have one policy, because a preflight does not have the headers."},
		{name: "policy", schema: text(""), read: raw.policy.set,
			doc: "The name of the policy, or none to switch CORS off, which is the default."},
		{name: "environment", schema: text(""), read: raw.environment.set,
			doc: "The name of an environment: policy and shadow are as they are there, whichever environment is used otherwise."},
		{name: "shadow", schema: text(""), read: raw.shadow.set,
			doc: "The name of a policy that is evaluated beside the other and changes nothing; the gateway tells where the two differ."},
		{name: "enforce", schema: boolean(), read: raw.enforce.set,
			doc: "Whether requests of pages that the policy refuses get 403, instead of leaving it to browsers. Default false."},
		{name: "websocket", schema: oneOf(webSockets()), read: raw.websocket.set,
			doc: "check (the default): a WebSocket handshake from an origin that the policy refuses gets 403, for browsers do not guard it; pass: the server decides."},
		{name: "upstream_cors", schema: oneOf(upstreamCORS()), read: raw.upstreamCORS.set,
			doc: "What becomes of the server's own CORS headers: strip (the default) drops and counts them, trust has them in the place of the gateway's, report keeps them where the gateway has none."},
		{name: "upstream", schema: schema{"anyOf": []schema{textOrList(upstreamSchema), reference("upstream")}}, read: raw.upstream.set,
			doc: "The server that answers, or a list of servers, or a mapping that says more about them."},
		{name: "files", schema: schema{"anyOf": []schema{text(""), reference("files")}}, read: raw.files.set,
			doc: "The folder whose files answer, relative to that of the policy file, or a mapping that says more about it."},
		{name: "redirect", schema: schema{"anyOf": []schema{text(""), reference("redirect")}}, read: raw.redirect.set,
			doc: "The URL, or path, that answers with status 308, or a mapping with another status. {path} and {query} stand for those of the request."},
		{name: "basic_auth", schema: schema{"type": "object", "additionalProperties": text(`^\$2[aby]\$|\$\{`), "minProperties": 1}, read: raw.basicAuth.set,
			doc: "Who may use the route: names, and bcrypt hashes of their passwords."},
		{name: "forward_auth", schema: reference("forward_auth"), read: raw.forwardAuth.set,
			doc: "A server that is asked whether a request may pass."},
		{name: "max_body", schema: sizeSchema(), read: raw.maxBody.set,
			doc: "How large the body of a request may be: bytes, or 10MiB and the like."},
		{name: "compress", schema: boolean(), read: raw.compress.set,
			doc: "Whether responses are compressed for clients that understand it. Default false."},
		{name: "set_request_headers", schema: headers, read: raw.setRequest.set,
			doc: "Headers that the server gets, in the place of those of the same names."},
		{name: "remove_request_headers", schema: listOf(text(headerSchema)), read: raw.removeRequest.set,
			doc: "Headers that the server does not get."},
		{name: "set_response_headers", schema: headers, read: raw.setResponse.set,
			doc: "Headers that clients get, in the place of those of the same names. Those of CORS are for the policy to say."},
		{name: "remove_response_headers", schema: listOf(text(headerSchema)), read: raw.removeResponse.set,
			doc: "Headers that clients do not get."},
		{name: "rewrite", schema: reference("rewrite"), read: raw.rewrite.set,
			doc: "How the path is changed that the server sees."},
	}
}

// A routeRead is a route, and where its parts stand.
type routeRead struct {
	Route
	servers                           []place // of upstream
	filesAt, redirectAt, basicAuthKey place
	key                               place // of the route
}

// readRoutes reads the routes, those that can be looked up.
func (r *reader) readRoutes(v value, compiled *compiled, known []string) []routeRead {
	var routes []routeRead
	if v.node == nil {
		return nil
	}
	r.list(v, "routes", maxRoutes, func(item value) {
		var raw rawRoute
		if !r.mapping(item, item.at, "the route", raw.keys()) {
			return
		}
		route := routeRead{Route: Route{at: item.at, policyAt: item.at}, key: item.at}
		good := r.routeMatch(&raw, &route)
		good = r.routePolicy(&raw, &route, compiled, known) && good
		r.routeAnswer(&raw, &route)
		if good {
			routes = append(routes, route)
		}
	})
	return routes
}

// routeMatch reads which requests a route is for; it reports whether it can be looked up.
func (r *reader) routeMatch(raw *rawRoute, route *routeRead) bool {
	good := raw.path.node != nil
	if raw.path.node != nil {
		route.at = raw.path.at
		text, ok := r.text(raw.path, "path")
		if good = ok && r.checkPath(raw.path, text); good {
			route.Path = text
		}
	}
	if raw.host.node != nil {
		text, ok := r.text(raw.host, "host")
		route.Host = text
		good = ok && r.checkHost(raw.host, text) && good
	}
	if raw.methods.node != nil {
		methods := r.items(raw.methods, "a method", maxMethods)
		good = good && !methods.broken
		for _, m := range methods.list {
			if !header.IsToken(m.text) {
				r.add(m.at, report.Error, "route-method", show(m.text)+" is not a method", "write each method as an entry of its own")
				good = false
			} else if !slices.Contains(route.Methods, m.text) {
				route.Methods = append(route.Methods, m.text)
			}
		}
		if len(methods.list) == 0 && !methods.broken {
			r.wrong(raw.methods, "route-method", "leave the key out for any method", "the list of methods is empty, so the route takes no request")
			good = false
		}
	}
	if raw.headers.node != nil {
		var ok bool
		route.Headers, ok = r.headers(raw.headers, nil)
		good = good && ok
	}
	return good
}

// checkPath tells what is wrong with a path that no request can have.
func (r *reader) checkPath(v value, path string) bool {
	const rule = "path-invalid"
	switch {
	case !strings.HasPrefix(path, "/"):
		r.wrong(v, rule, "write "+quoted("/"+path), "a path begins with a slash")
	case strings.Contains(path, "*"):
		prefix := path[:strings.IndexByte(path, '*')]
		r.wrong(v, rule, "write "+quoted(prefix[:strings.LastIndexByte(prefix, '/')+1])+", which is a prefix", "a path has no wildcards; one that ends in a slash is a prefix")
	case strings.ContainsAny(path, "?#"):
		r.wrong(v, rule, "write "+quoted(path[:strings.IndexAny(path, "?#")]), "a path ends before ? and #")
	case strings.ContainsFunc(path, func(c rune) bool { return c <= ' ' || c == 0x7F || c == '\\' || c > 0x7F }):
		r.wrong(v, rule, "write such characters as browsers do: %20", "no request has such a path: white space, backslashes and characters outside ASCII are encoded in one")
	case slices.ContainsFunc(strings.Split(path, "/"), func(s string) bool { return s == "." || s == ".." }):
		r.wrong(v, rule, "write the path that they lead to", "no request has . or .. in its path")
	default:
		return true
	}
	return false
}

// checkHost tells what is wrong with a host.
func (r *reader) checkHost(v value, host string) bool {
	given := host
	if _, rest, found := strings.Cut(host, "://"); found {
		given = rest
	}
	u, err := weburl.Parse("https://"+given, nil)
	switch {
	case err != nil || u.Host == "":
		r.wrong(v, "host-invalid", "write a host: api.example.com", "%s is not a host", show(host))
	case u.Host != host:
		r.wrong(v, "host-invalid", "write "+quoted(u.Host), "browsers write the host otherwise, and without anything around it")
	default:
		return true
	}
	return false
}
