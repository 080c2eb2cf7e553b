package policyfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/report"
)

// headers reads names and values of headers. Each, if there is one, is told of every name.
func (r *reader) headers(v value, each func(name string, at place)) (header.List, bool) {
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
		if each != nil {
			each(name, at)
		}
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

// headerNames reads a list of names of headers, each once.
func (r *reader) headerNames(v value) []item {
	var list []item
	for _, one := range r.items(v, "a header name", maxNames).list {
		switch {
		case !header.IsToken(one.text) || strings.Contains(one.text, "*"):
			r.add(one.at, report.Error, "header-name", show(one.text)+" is not a header name", "write each header as an entry of its own; there are no wildcards")
		case slices.ContainsFunc(list, func(there item) bool { return header.EqualFold(there.text, one.text) }):
			r.add(one.at, report.Error, "header-name", show(one.text)+" stands there twice: the case of names means nothing", "write each header once, by its name")
		default:
			list = append(list, one)
		}
	}
	return list
}

// headerChanges reads what is changed in requests or responses; message says in which. Values may be secrets.
func (r *reader) headerChanges(set, remove value, message string) HeaderChanges {
	var c HeaderChanges
	if set.node != nil {
		r.hide(set)
		c.Set, _ = r.headers(set, func(name string, at place) { r.checkChange(at, name, "set", message) })
	}
	if remove.node != nil {
		for _, name := range r.headerNames(remove) {
			c.Remove = append(c.Remove, name.text)
			if !c.Set.Has(name.text) {
				r.checkChange(name.at, name.text, "remove", message)
			} else {
				r.add(name.at, report.Error, "header-change", show(name.text)+" is set and removed", "leave one of the two out; what is set takes the place of what is there")
			}
		}
	}
	return c
}

// checkChange tells about headers that cannot be changed, or had better not.
func (r *reader) checkChange(at place, name, change, message string) {
	lower := header.Lower(name)
	switch {
	case message == "response" && strings.HasPrefix(lower, "access-control-"):
		r.add(at, report.Error, "header-cors", show(name)+" is for the policy to say", "leave it out, and write what pages may do into the policy")
	case isConnectionHeader(name):
		r.add(at, report.Error, "header-connection", show(name)+" is about a connection or the form of a message, which is the gateway's", "leave it out")
	case message == "request" && lower == "host":
		r.add(at, report.Error, "header-connection", "Host says where a request goes", "write own_host: true in upstream, for servers to see their own")
	case message == "response" && lower == "vary":
		r.add(at, report.Error, "header-vary", "without what the server says in Vary, caches give one client the answer to another", "leave it out; the gateway adds what CORS needs to it")
	case message == "request" && lower == "origin" && change == "set":
		r.add(at, report.Warning, "header-origin", "the server takes every page for one of this origin, so that it cannot refuse a request that a stranger's page makes as the signed-in user", "leave it out, and let the server allow the origins of its pages")
	}
}

// isConnectionHeader reports whether a header is about the connection or the form of the message, not about what is sent.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
func isConnectionHeader(name string) bool {
	switch header.Lower(name) {
	case "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade":
		return true
	}
	return false
}

// rawRewrite is a change of the path as the file has it.
type rawRewrite struct {
	strip, add value
}

func (raw *rawRewrite) keys() []key {
	return []key{
		{name: "strip", schema: text(`^/|\$\{`), read: raw.strip.set,
			doc: "What is taken from the beginning of the path: whole segments, such as /api."},
		{name: "add", schema: text(`^/|\$\{`), read: raw.add.set,
			doc: "What is put at the beginning of the path then, such as /v1."},
	}
}

// rewrite reads how the path is changed that the server sees.
func (r *reader) rewrite(v value, path string) Rewrite {
	var raw rawRewrite
	if !r.mapping(v, v.at, "rewrite", raw.keys()) {
		return Rewrite{}
	}
	const rule = "rewrite-invalid"
	read := func(v value, what string) string {
		if v.node == nil {
			return ""
		}
		text, ok := r.text(v, what)
		if !ok || !r.checkTarget(v, text, rule) {
			return ""
		}
		if strings.HasSuffix(text, "/") || strings.ContainsAny(text, "?{}") {
			fix := "write " + quoted(strings.TrimRight(text, "/"))
			if strings.TrimRight(text, "/") == "" || strings.ContainsAny(text, "?{}") {
				fix = "leave it out, or write a path such as /api"
			}
			r.wrong(v, rule, fix, "%s is whole segments of a path: no slash at its end, no query, no braces", what)
			return ""
		}
		return text
	}
	w := Rewrite{Strip: read(raw.strip, "strip"), Add: read(raw.add, "add")}
	switch {
	case raw.strip.node == nil && raw.add.node == nil:
		r.wrong(v, rule, "add strip or add, or leave rewrite out", "rewrite says neither what to strip nor what to add")
	case w.Strip != "" && path != "" && path != w.Strip && !strings.HasPrefix(path, w.Strip+"/"):
		r.wrong(raw.strip, rule, "write the beginning of path "+quoted(path), "the route takes requests whose path does not begin with %s", show(w.Strip))
	case w.Strip != "" && w.Strip == w.Add:
		r.wrong(raw.add, rule, "leave rewrite out", "rewrite puts back what it strips")
	}
	return w
}
