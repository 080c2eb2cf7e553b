package policyfile

import (
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/cors/weburl"
	"github.com/concors/concors/report"
)

// routeAnswer reads who answers, and what happens to a request and its response on the way.
func (r *reader) routeAnswer(raw *rawRoute, route *routeRead) {
	if raw.upstream.node != nil {
		route.Upstream, route.servers = r.upstream(raw.upstream)
	}
	if raw.files.node != nil {
		route.Files, route.filesAt = r.files(raw.files)
	}
	if raw.redirect.node != nil {
		route.Redirect, route.redirectAt = r.redirect(raw.redirect)
	}
	if raw.basicAuth.node != nil {
		route.BasicAuth, route.basicAuthKey = r.basicAuth(raw.basicAuth), raw.basicAuth.key
	}
	if raw.forwardAuth.node != nil {
		route.ForwardAuth = r.forwardAuth(raw.forwardAuth)
	}
	if raw.maxBody.node != nil {
		route.MaxBody = r.size(raw.maxBody, "max_body", 1, 1<<40)
	}
	if raw.compress.node != nil {
		route.Compress, _ = r.boolean(raw.compress, "compress")
	}
	route.RequestChanges = r.headerChanges(raw.setRequest, raw.removeRequest, "request")
	route.ResponseChanges = r.headerChanges(raw.setResponse, raw.removeResponse, "response")
	if raw.rewrite.node != nil {
		route.Rewrite = r.rewrite(raw.rewrite, route.Path)
	}
	r.checkAnswer(raw)
}

// checkAnswer tells when several parts answer, and about keys that mean nothing for what answers.
func (r *reader) checkAnswer(raw *rawRoute) {
	const rule = "route-answers"
	type part struct {
		name string
		v    value
	}
	there := func(parts ...part) []part {
		return slices.DeleteFunc(parts, func(p part) bool { return p.v.node == nil })
	}
	answers := there(part{"upstream", raw.upstream}, part{"files", raw.files}, part{"redirect", raw.redirect})
	if len(answers) > 1 {
		last := slices.MaxFunc(answers, func(a, b part) int { return a.v.key.compare(b.v.key) })
		names := make([]string, len(answers))
		for i := range answers {
			names[i] = answers[i].name
		}
		r.add(last.v.key, report.Error, rule, "the route has "+strings.Join(names, " and ")+", and one of them answers", "leave one of the two out")
		return
	}
	var useless []part
	why, fix := "", "leave it out"
	switch {
	case len(answers) == 0:
		useless = there(part{"websocket", raw.websocket}, part{"upstream_cors", raw.upstreamCORS}, part{"basic_auth", raw.basicAuth},
			part{"forward_auth", raw.forwardAuth}, part{"max_body", raw.maxBody}, part{"compress", raw.compress}, part{"set_request_headers", raw.setRequest},
			part{"remove_request_headers", raw.removeRequest}, part{"set_response_headers", raw.setResponse}, part{"remove_response_headers", raw.removeResponse},
			part{"rewrite", raw.rewrite})
		why, fix = "the route has none of upstream, files and redirect, so nothing answers that it could be about", "add what answers, or leave it out"
	case raw.files.node != nil:
		useless = there(part{"websocket", raw.websocket}, part{"upstream_cors", raw.upstreamCORS})
		why = "files answer, and it is about servers"
	case raw.redirect.node != nil:
		useless = there(part{"websocket", raw.websocket}, part{"upstream_cors", raw.upstreamCORS}, part{"rewrite", raw.rewrite},
			part{"set_request_headers", raw.setRequest}, part{"remove_request_headers", raw.removeRequest})
		why = "a redirect answers, and it is about servers"
	}
	for _, p := range useless {
		r.add(p.v.key, report.Error, rule, p.name+" means nothing here: "+why, fix)
	}
}

// rawFiles is a folder of files as the file has it, where it is more than a name.
type rawFiles struct {
	root, spa, fallback, maxAge value
}

func (raw *rawFiles) keys() []key {
	return []key{
		{name: "root", required: true, schema: text(""), read: raw.root.set,
			doc: "The folder, relative to that of the policy file."},
		{name: "spa", schema: boolean(), read: raw.spa.set,
			doc: "Whether the files are those of a single-page application, whose index.html answers where there is no file. Default false."},
		{name: "fallback", schema: text(""), read: raw.fallback.set,
			doc: "The file below root that answers where there is none."},
		{name: "max_age", schema: durationSchema(1), read: raw.maxAge.set,
			doc: "How long browsers may keep files other than fallback and index files without asking again."},
	}
}

// files reads a folder whose files answer a route: its name, or a mapping. The place is that of the name.
func (r *reader) files(v value) (*Files, place) {
	if r.ignored(v) {
		return nil, v.at
	}
	const rule = "route-files"
	var raw rawFiles
	if v.node.Kind != yaml.MappingNode {
		raw.root = v
	} else if !r.mapping(v, v.at, "files", raw.keys()) {
		return nil, v.at
	}
	f := new(Files)
	what := "files"
	if raw.root.at != v.at {
		what = "root"
	}
	if raw.root.node != nil {
		text, ok := r.text(raw.root, what)
		switch {
		case !ok:
		case text == "":
			r.wrong(raw.root, rule, "write the name of a folder: ./dist", "%s is empty", what)
		default:
			f.Root = r.relative(text)
		}
	}
	if raw.spa.node != nil {
		if is, _ := r.boolean(raw.spa, "spa"); is {
			f.Fallback = "index.html"
		}
	}
	if raw.fallback.node != nil {
		text, ok := r.text(raw.fallback, "fallback")
		clean := strings.TrimLeft(text, "/")
		switch {
		case !ok:
		case f.Fallback != "":
			r.add(raw.fallback.key, report.Error, rule, "spa is true, which says that the fallback is index.html", "leave one of the two out")
		case text != clean && filepath.IsLocal(clean):
			r.wrong(raw.fallback, rule, "write "+quoted(clean), "fallback is below root, and does not begin with a slash")
		case !filepath.IsLocal(text) || strings.HasSuffix(text, "/") || text == ".":
			r.wrong(raw.fallback, rule, "write the name of a file below root: index.html", "fallback is %s, which is not a file below root", show(text))
		default:
			f.Fallback = text
		}
	}
	if raw.maxAge.node != nil {
		f.MaxAge = r.duration(raw.maxAge, "max_age")
		if f.MaxAge%1e9 != 0 {
			r.wrong(raw.maxAge, "wrong-value", "write whole seconds", "max_age has a fraction of a second, which Cache-Control cannot say")
		}
	}
	return f, raw.root.at
}

// rawRedirect is a redirect as the file has it, where it is more than a URL.
type rawRedirect struct {
	to, status value
}

func (raw *rawRedirect) keys() []key {
	return []key{
		{name: "to", required: true, schema: text(""), read: raw.to.set,
			doc: "The URL, or a path that begins with a slash; {path} and {query} stand for those of the request."},
		{name: "status", schema: schema{"anyOf": []schema{{"enum": redirectStatuses()}, text(variable)}}, read: raw.status.set,
			doc: "301, 302, 303, 307 or 308. Default 308: for good, and with the same method."},
	}
}

func redirectStatuses() []int { return []int{301, 302, 303, 307, 308} }

// redirect reads another URL that answers a route: itself, or a mapping. The place is that of the URL.
func (r *reader) redirect(v value) (*Redirect, place) {
	if r.ignored(v) {
		return nil, v.at
	}
	var raw rawRedirect
	if !v.isMapping() {
		raw.to = v
	} else if !r.mapping(v, v.at, "redirect", raw.keys()) {
		return nil, v.at
	}
	d := &Redirect{Status: 308}
	if raw.to.node != nil {
		if text, ok := r.text(raw.to, "redirect"); ok && r.checkRedirect(raw.to, text) {
			d.To = text
		}
	}
	if raw.status.node != nil {
		d.Status = r.number(raw.status, "status", 301, 308)
		if d.Status != 0 && !slices.Contains(redirectStatuses(), d.Status) {
			r.wrong(raw.status, "redirect-invalid", "write 308 (for good) or 307 (for now), which keep the method, or 303, which makes it GET", "status is %d, with which browsers go nowhere", d.Status)
		}
	}
	return d, raw.to.at
}

// The words of a redirect that stand for parts of the request.
const (
	pathWord  = "{path}"
	queryWord = "{query}"
)

// checkRedirect tells what is wrong with where a redirect leads.
func (r *reader) checkRedirect(v value, to string) bool {
	const (
		rule = "redirect-invalid"
		base = "http://host.invalid"

		path, query = "/concors-path", "concors-query" // no redirect has these
	)
	full := filled(to, path, query)
	if strings.HasPrefix(to, "/") {
		full = base + full
	}
	u, err := weburl.Parse(full, nil)
	rest := filled(to, "", "")
	switch {
	case to == "":
		r.wrong(v, rule, "write a URL or a path", "redirect is empty")
	case strings.ContainsAny(rest, "{}"):
		r.wrong(v, rule, "write {path} or {query}, or %7B and %7D for braces themselves", "redirect has braces around something else than path or query")
	case strings.HasPrefix(to, pathWord), strings.HasPrefix(to, "/"+pathWord):
		r.wrong(v, rule, "write another path before it, or scheme and host", "redirect leads to where the request already is, or to any host whose name a path begins with")
	case strings.HasPrefix(to, "//"), strings.HasPrefix(to, `/\`):
		r.wrong(v, rule, "write one slash, or https:// and the host", "what follows two slashes is a host")
	case strings.Contains(to, "/"+pathWord):
		r.wrong(v, rule, "write "+quoted(strings.ReplaceAll(to, "/"+pathWord, pathWord)), "{path} begins with a slash, so that there would be two")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		r.wrong(v, rule, "write a URL of http or https, or a path that begins with a slash", "redirect is neither a URL with a host nor a path")
	case strings.ContainsAny(hostPart(to), "{}@"):
		r.wrong(v, rule, "write the host; {path} begins with a slash", "redirect has something else than a host and a port between // and /")
	case u.String() != full && u.String() != full+"/":
		better := strings.NewReplacer(path, pathWord, query, queryWord, base, "").Replace(u.String())
		r.wrong(v, rule, "write "+quoted(better), "browsers write the URL otherwise")
	default:
		return true
	}
	return false
}

// filled is a redirect for a request.
func filled(to, path, query string) string {
	return strings.NewReplacer(pathWord, path, queryWord, query).Replace(to)
}

// hostPart is what stands between the two slashes of a URL and the path, which {path} begins.
func hostPart(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimSuffix(rest, pathWord)
}
