package nginx

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// This file beside the usual four is about what one file of a configuration has to do with the others.

// The bounds of a configuration with all that it includes.
const (
	maxIncludes   = 16        // in each other
	maxEdges      = 1000      // files that one file includes
	maxExpanded   = 500_000   // statements of all configurations
	maxFileLength = 1_000_000 // bytes; what is larger is no configuration that a person wrote
)

// read makes a configuration of each file that no other one includes.
func read(t *stack.Tree) (any, []report.Finding) {
	r := &reader{tree: t, files: map[string][]*statement{}, found: map[string][]string{}, edges: map[string][]string{}}
	included := map[string]bool{}
	for _, name := range t.Own() {
		r.link(name, r.parse(name))
		for _, to := range r.edges[name] {
			included[to] = true
		}
	}
	var list []*config
	read := map[string]bool{}
	// Files that include each other in a circle have none that begins it, so what no other file led to begins for itself.
	for _, circles := range []bool{false, true} {
		for _, name := range t.Own() {
			if !read[name] && (circles || !included[name]) {
				r.follow(name, read)
				list = append(list, r.config(name))
			}
		}
	}
	return list, r.findings
}

// reader reads the files of a project.
type reader struct {
	tree     *stack.Tree
	files    map[string][]*statement // nil for what cannot be read
	found    map[string][]string     // by folder and pattern
	edges    map[string][]string     // from a file to those that it includes
	expanded int
	findings []report.Finding
}

func (r *reader) parse(name string) []*statement {
	list, ok := r.files[name]
	if ok {
		return list
	}
	text, ok := r.tree.Text(name)
	if ok && len(text) <= maxFileLength && bytes.IndexByte(text, 0) < 0 {
		var findings []report.Finding
		list, findings = parse(name, text)
		r.findings = append(r.findings, findings...)
	}
	r.files[name] = list
	return list
}

// link notes which files the statements of a file include.
func (r *reader) link(file string, list []*statement) {
	for _, s := range list {
		if s.name == "include" && !s.isBlock {
			for _, name := range r.find(file, s.arg(0)) {
				if !slices.Contains(r.edges[file], name) && len(r.edges[file]) < maxEdges {
					r.edges[file] = append(r.edges[file], name)
				}
			}
		}
		r.link(file, s.block)
	}
}

// follow marks a file as read, and those that it includes.
func (r *reader) follow(file string, read map[string]bool) {
	if read[file] {
		return
	}
	read[file] = true
	if _, linked := r.edges[file]; !linked {
		r.link(file, r.parse(file))
	}
	for _, name := range r.edges[file] {
		r.follow(name, read)
	}
}

// find returns the files that an include means. On the machine of the server the path begins elsewhere than in the project, so
// the end of the path is looked for: beside the file, and in each folder that it is in.
func (r *reader) find(file, pattern string) []string {
	key := path.Dir(file) + "\x00" + pattern
	list, ok := r.found[key]
	if !ok {
		list = r.search(path.Dir(file), pattern)
		r.found[key] = list
	}
	if i := slices.Index(list, file); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1)
	}
	return list
}

func (r *reader) search(from, pattern string) []string {
	pattern = strings.TrimPrefix(path.Clean(pattern), "/")
	if pattern == "" || pattern == "." || strings.HasPrefix(pattern, "..") {
		return nil
	}
	parts := strings.Split(pattern, "/")
	for i := range parts {
		if i > 0 && i == len(parts)-1 && strings.ContainsAny(parts[i], "*?[") {
			break // without a folder *.conf would be any file
		}
		end := path.Join(parts[i:]...)
		for dir := from; ; dir = path.Dir(dir) {
			if list := r.tree.Match(path.Join(dir, end)); len(list) > 0 {
				return list
			}
			if dir == "." || dir == "/" {
				break
			}
		}
	}
	return nil
}

// A config is a configuration: a file that no other one includes, with the others in their places.
type config struct {
	root   *statement
	blocks []*statement          // every block that can have headers of its own, outer before inner, the root first
	maps   map[string]*statement // by the variable that they make, in lower case without the dollar sign
	sets   map[string][]*statement

	// What was worked out already.
	known    map[*statement]headers
	granted  map[grantKey]granted
	branches map[*statement]bool         // whether an if is for preflights
	answers  map[*statement][]*statement // the branches for preflights in a block
	steps    int                         // see maxSteps
}

func (r *reader) config(file string) *config {
	root := &statement{isBlock: true, at: stack.Position{File: file, Line: 1, Column: 1}}
	root.block = r.expand(r.files[file], root, []string{file})
	c := &config{root: root, maps: map[string]*statement{}, sets: map[string][]*statement{},
		known: map[*statement]headers{}, granted: map[grantKey]granted{}, branches: map[*statement]bool{}, answers: map[*statement][]*statement{}}
	c.add(root)
	return c
}

// add lists what is in a block by its kind.
func (c *config) add(b *statement) {
	c.blocks = append(c.blocks, b)
	for _, s := range b.block {
		switch s.name {
		case "map":
			if s.isBlock && len(s.args) == 2 {
				c.maps[variable(s.arg(1))] = s
			}
		case "set":
			name := variable(s.arg(0))
			c.sets[name] = append(c.sets[name], s)
		case "http", "server", "location", "if", "limit_except":
			if s.isBlock {
				c.add(s)
			}
		}
	}
}

// variable is the name of a variable, from how it is written: case does not count.
func variable(text string) string {
	text = strings.ToLower(strings.TrimPrefix(text, "$"))
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		text = strings.TrimSuffix(inner, "}")
	}
	return text
}

// expand copies statements, with those of other files where they are included. An include that leads to no file stays.
func (r *reader) expand(list []*statement, parent *statement, files []string) []*statement {
	var out []*statement
	for _, s := range list {
		if r.expanded++; r.expanded > maxExpanded {
			if r.expanded == maxExpanded+1 {
				r.findings = append(r.findings, unreadable(s.at, fmt.Sprintf("with all that is included there are more than %d directives: the rest is not read", maxExpanded)))
			}
			return out
		}
		if s.name == "include" && !s.isBlock {
			if more, ok := r.include(s, parent, files); ok {
				out = append(out, more...)
				continue
			}
		}
		copied := *s
		copied.parent, copied.index = parent, nil
		copied.block = r.expand(s.block, &copied, files)
		out = append(out, &copied)
	}
	return out
}

// include returns what an include stands for; it is false where that is not in the project.
func (r *reader) include(s, parent *statement, files []string) (list []*statement, ok bool) {
	names := r.find(files[len(files)-1], s.arg(0))
	for _, name := range names {
		switch {
		case slices.Contains(files, name):
			r.findings = append(r.findings, unreadable(s.at, fmt.Sprintf("%q includes itself, by way of %q, so nginx does not start", name, s.arg(0))))
			continue
		case len(files) > maxIncludes:
			r.findings = append(r.findings, unreadable(s.at, fmt.Sprintf("files are included more than %d deep in each other: %q is not read", maxIncludes, name)))
			continue
		}
		list = append(list, r.expand(r.parse(name), parent, append(slices.Clip(files), name))...)
	}
	return list, len(names) > 0
}

// holdsNoHeaders reports whether a file that is not in the project is one of those that come with nginx or a certificate, in
// which nobody sets headers.
func holdsNoHeaders(include string) bool {
	switch base := path.Base(include); base {
	case "mime.types", "fastcgi_params", "fastcgi.conf", "fastcgi-php.conf", "uwsgi_params", "scgi_params", "proxy_params", "koi-utf", "koi-win", "win-utf",
		"options-ssl-nginx.conf", "ssl-params.conf", "ssl.conf":
		return true
	default:
		return strings.Contains(include, "modules-enabled/") || strings.HasPrefix(base, "ssl-") || strings.HasPrefix(base, "snakeoil")
	}
}
