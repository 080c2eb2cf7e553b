package policyfile

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/internal/spelling"
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
	path, host, methods, headers, policy, upstream, files value
}

func (raw *rawRoute) keys() []key {
	return []key{
		{name: "path", required: true, schema: text(`^(/|.*\$\{)`), read: raw.path.set,
			doc: "The path of the requests: a prefix if it ends in /, otherwise the whole path. The longest wins."},
		{name: "host", schema: text(""), read: raw.host.set,
			doc: "The host of the requests, without a port. Routes with the host win over those without one."},
		{name: "methods", schema: listOf(text(methodSchema)), read: raw.methods.set,
			doc: "The methods of the requests; GET takes HEAD along. Routes that name the method win over those without methods."},
		{name: "headers", schema: schema{"type": "object", "additionalProperties": scalarText()}, read: raw.headers.set,
			doc: "Headers that the requests must have, with these values. Routes that differ only in headers or methods' absence must have one policy, because a preflight does not have the headers."},
		{name: "policy", schema: text(""), read: raw.policy.set,
			doc: "The name of the policy, or none to switch CORS off, which is the default."},
		{name: "upstream", schema: text(`^(https?://|.*\$\{)`), read: raw.upstream.set,
			doc: "The server that answers: http or https, a host, and a port. It sees the path unchanged."},
		{name: "files", schema: text(""), read: raw.files.set,
			doc: "The folder whose files answer, relative to that of the policy file."},
	}
}

func (r *reader) readRoutes(v value, f *File, known []string) []Route {
	var routes []Route
	if v.node == nil {
		return nil
	}
	r.list(v, "routes", maxRoutes, func(item value) {
		var raw rawRoute
		if !r.mapping(item, item.at, "the route", raw.keys()) {
			return
		}
		if route, ok := r.route(&raw, item.at, f, known); ok {
			routes = append(routes, route)
		}
	})
	return routes
}

// route makes a route of what the file says; it reports whether the route can be looked up.
func (r *reader) route(raw *rawRoute, at place, f *File, known []string) (Route, bool) {
	route := Route{at: at, policyAt: at}
	good := raw.path.node != nil
	check := func(v value, what string, use func(string) bool) {
		if v.node == nil {
			return
		}
		text, ok := r.text(v, what)
		good = ok && use(text) && good
	}
	check(raw.path, "path", func(text string) bool {
		route.at, route.Path = raw.path.at, text
		return r.checkPath(raw.path, text)
	})
	check(raw.host, "host", func(text string) bool {
		route.Host = text
		return r.checkHost(raw.host, text)
	})
	if raw.methods.node != nil {
		methods := r.items(raw.methods, "a method", maxNames)
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
		route.Headers, ok = r.headers(raw.headers)
		good = good && ok
	}
	check(raw.policy, "policy", func(text string) bool {
		route.policyAt = raw.policy.at
		switch {
		case text == None:
			return true
		case !slices.Contains(known, text):
			r.unknownPolicy(raw.policy.at, text, append([]string{None}, known...))
			return false
		}
		route.PolicyName, route.Policy = text, f.Policies[text]
		return true
	})
	check(raw.upstream, "upstream", func(text string) bool {
		route.Upstream = &Upstream{To: []string{text}}
		r.checkUpstream(raw.upstream, text)
		return true
	})
	check(raw.files, "files", func(text string) bool {
		if text == "" {
			r.wrong(raw.files, "route-files", "write . for the folder of the policy file", "files is empty")
		}
		route.Files = &Files{Root: text}
		if !filepath.IsAbs(text) {
			route.Files.Root = filepath.Join(filepath.Dir(r.file), text)
		}
		return true
	})
	if raw.upstream.node != nil && raw.files.node != nil {
		later := raw.files
		if later.key.line < raw.upstream.key.line {
			later = raw.upstream
		}
		r.add(later.key, report.Error, "route-answers", "the route has upstream and files, and one of them answers", "leave one of the two out")
	}
	return route, good
}

func (r *reader) unknownPolicy(at place, name string, known []string) {
	fix := "use one that there is, or write the policy"
	if len(known) > 0 && len(known) < 10 {
		fix = "write " + oneOfWords(known)
	}
	lower := map[string]string{} // guesses are made among words in lower case
	var words []string
	for _, k := range known {
		words = append(words, header.Lower(k))
		lower[header.Lower(k)] = k
	}
	if near := spelling.Nearest(name, words); near != "" {
		fix = "write " + lower[near]
	}
	r.add(at, report.Error, "policy-unknown", "there is no policy "+show(name), fix)
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

// checkUpstream tells what is wrong with the address of a server. What stands before the host may be a secret and is not shown.
func (r *reader) checkUpstream(v value, text string) {
	const rule = "upstream-invalid"
	u, err := weburl.Parse(text, nil)
	switch {
	case !strings.Contains(text, "://"):
		r.wrong(v, rule, "write http:// or https:// before it", "upstream has no scheme")
	case err != nil || u.Host == "":
		r.wrong(v, rule, "write scheme, host and port: http://127.0.0.1:3000", "upstream is not a URL with a host")
	case u.Scheme != "http" && u.Scheme != "https":
		r.wrong(v, rule, "write http:// or https://", "upstream is of scheme %s, and has to be of http or https", u.Scheme)
	case strings.Contains(text, "@"):
		r.wrong(v, rule, "leave them out; let the server trust the network, or add the header behind the gateway", "upstream has a user name or a password")
	case strings.ContainsAny(text, "?#"):
		r.wrong(v, rule, "write it without", "upstream has a query or a fragment, and requests have their own")
	case u.Path != "" && u.Path != "/":
		r.wrong(v, rule, "write scheme, host and port only", "upstream has a path, and the server sees that of the request unchanged")
	}
}

// headers reads names and values of headers.
func (r *reader) headers(v value) (header.List, bool) {
	var list header.List
	good := true
	ok := r.entries(v, "headers", func(name string, at place, item value) {
		if len(list) == maxNames {
			r.add(at, report.Error, "too-large", "there are more than "+strconv.Itoa(maxNames)+" headers", "leave some out")
			good = false
			return
		}
		if !header.IsToken(name) || list.Has(name) {
			why := " is not a header name"
			if list.Has(name) {
				why = " stands there twice: the case of names means nothing"
			}
			r.add(at, report.Error, "header-name", show(name)+why, "write each header once, by its name")
			good = false
			return
		}
		value, ok := r.headerValue(item, name)
		good = good && ok
		list.Append(name, value)
	})
	return list, good && ok
}

// headerValue reads the value of a header, for which a number needs no quotes. It is never shown: it may be a secret.
func (r *reader) headerValue(v value, name string) (string, bool) {
	what := "the value of " + name
	v.secret = true
	if v.node != nil && v.node.Style == 0 && (v.node.Tag == "!!int" || v.node.Tag == "!!float") {
		return v.node.Value, true
	}
	text, ok := r.text(v, what)
	if !ok {
		return "", false
	}
	if !header.IsValue(text) || strings.ContainsFunc(text, func(c rune) bool { return c > 0xFF }) {
		r.wrong(v, "header-value", "leave out what cannot be in it", "%s is not one that a header can have: no line breaks, no white space at the ends, no character beyond U+00FF", what)
		return "", false
	}
	return text, true
}
