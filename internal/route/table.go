// Package route looks up which of many routes a request is for.
package route

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
)

// A Match says which requests a route takes.
type Match struct {
	Host    string      // lower case, without a port, at most 255 bytes; empty for any
	Path    string      // a prefix if it ends in a slash, otherwise the whole path
	Methods []string    // nil for any; GET takes HEAD along
	Headers header.List // lines that the request must have, with these values
}

// A Table finds the route of a request. It is immutable and safe for concurrent use; make one with [NewTable]. The zero value
// has no routes.
type Table struct {
	hosts map[string]*node
	any   *node // of routes without a host
}

// longestHost is the length of the longest host that is looked up: no name of the DNS is longer.
const longestHost = 255

// node is a place in the tree of paths: what comes after the slashes and names that led here.
type node struct {
	parent   *node
	children map[string]*node   // by the name before the next slash
	exact    map[string][]entry // routes of whole paths, by what is left after the last slash
	prefix   []entry            // routes of everything from here on, in the order in which they are tried
}

// entry is a route where the host and the path are found.
type entry struct {
	index   int
	methods []string
	headers header.List // names in canonical form
}

// NewTable arranges routes. Of two that take the same requests the first wins.
func NewTable(matches []Match) *Table {
	t := &Table{hosts: map[string]*node{}}
	for i := range matches {
		m := &matches[i]
		root := t.any
		if m.Host != "" {
			root = t.hosts[m.Host]
		}
		if root == nil {
			root = new(node)
			if m.Host == "" {
				t.any = root
			} else {
				t.hosts[m.Host] = root
			}
		}
		root.add(m.Path, entryOf(i, m))
	}
	return t
}

func entryOf(index int, m *Match) entry {
	e := entry{index: index, methods: slices.Clone(m.Methods)}
	for _, f := range m.Headers {
		e.headers.Append(http.CanonicalHeaderKey(f.Name), f.Value)
	}
	return e
}

// add puts an entry at a path, behind those that are more specific or came before.
func (n *node) add(path string, e entry) {
	for {
		name, rest, found := strings.Cut(path, "/")
		if !found {
			break
		}
		child := n.children[name]
		if child == nil {
			child = &node{parent: n}
			if n.children == nil {
				n.children = map[string]*node{}
			}
			n.children[name] = child
		}
		n, path = child, rest
	}
	if path == "" && n.parent != nil {
		n.prefix = insert(n.prefix, e)
		return
	}
	if n.exact == nil {
		n.exact = map[string][]entry{}
	}
	n.exact[path] = insert(n.exact[path], e)
}

func insert(list []entry, e entry) []entry {
	list = append(list, e)
	slices.SortStableFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(len(b.methods), 0)-cmp.Compare(len(a.methods), 0), cmp.Compare(len(b.headers), len(a.headers)))
	})
	return list
}

// Find returns the index of the route of a request, or -1: by its host (a port is ignored), by the path, of which the longest
// wins, by the method, and at last by its headers. For a preflight the method is the one that it asks for, and the headers are
// nil: they are not looked at then.
//
// It allocates nothing. The time depends on the length of the path up to where no route goes on, and on how many routes have one
// host and path; not on how many there are beside.
func (t *Table) Find(host, path, method string, h http.Header) int {
	var buf [longestHost]byte
	if name := lowerHost(&buf, host); len(name) > 0 {
		if root := t.hosts[string(name)]; root != nil {
			if index, found := root.find(path, method, h); found {
				return index
			}
		}
	}
	if t.any != nil {
		if index, found := t.any.find(path, method, h); found {
			return index
		}
	}
	return -1
}

// lowerHost is a Host header's host in lower case, without its port; empty for one that is longer than any.
func lowerHost(buf *[longestHost]byte, host string) []byte {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	if len(host) > len(buf) {
		return nil
	}
	n := copy(buf[:], host)
	for i, c := range buf[:n] {
		if 'A' <= c && c <= 'Z' {
			buf[i] = c + 'a' - 'A'
		}
	}
	return buf[:n]
}

// find walks down the path as far as routes go, and back up to the longest that takes the request. It reports whether a path
// has a route for the method: one that is less specific is no way around the headers that this one asks for.
func (n *node) find(path, method string, h http.Header) (index int, found bool) {
	for {
		i := strings.IndexByte(path, '/')
		if i < 0 {
			if index, found = first(n.exact[path], method, h); found {
				return index, true
			}
			break
		}
		child := n.children[path[:i]]
		if child == nil {
			break
		}
		n, path = child, path[i+1:]
	}
	for ; n != nil; n = n.parent {
		if index, found = first(n.prefix, method, h); found {
			return index, true
		}
	}
	return -1, false
}

// first finds the first of the routes of one host and path that takes the request, and reports whether any takes the method.
func first(list []entry, method string, h http.Header) (index int, found bool) {
	for i := range list {
		e := &list[i]
		if !e.takes(method) {
			continue
		}
		if found = true; h == nil || e.wants(h) {
			return e.index, true
		}
	}
	return -1, found
}

func (e *entry) takes(method string) bool {
	return e.methods == nil || slices.Contains(e.methods, method) || method == "HEAD" && slices.Contains(e.methods, "GET")
}

func (e *entry) wants(h http.Header) bool {
	for i := range e.headers {
		if !slices.Contains(h[e.headers[i].Name], e.headers[i].Value) {
			return false
		}
	}
	return true
}
