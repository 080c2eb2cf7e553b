package nginx

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// This file beside the usual four is about which headers an answer gets, which nginx decides by where directives stand.

// A field is a header that a block gives to answers.
type field struct {
	name     string // in lower case
	value    argument
	always   bool // for errors too
	replaces bool // what the server behind sends under that name
	at       stack.Position
	from     *statement // the block that the directive stands in
}

// maxFields is how many headers of CORS a block can have; nobody sets more.
const maxFields = 64

// headers are what answers from a block are given, of the headers that browsers and caches decide by.
type headers struct {
	fields []*field // shared with other blocks
	whole  bool     // nothing that is not in the project can change them
}

// first returns the first field of a name, nil if there is none.
func (h headers) first(name string) *field {
	for _, f := range h.fields {
		if f.name == header.Lower(name) {
			return f
		}
	}
	return nil
}

// all returns the fields of a name.
func (h headers) all(name string) []*field {
	var list []*field
	for _, f := range h.fields {
		if f.name == header.Lower(name) {
			list = append(list, f)
		}
	}
	return list
}

// isCORS reports whether there is any header of CORS.
func (h headers) isCORS() bool {
	return slices.ContainsFunc(h.fields, func(f *field) bool { return isCORS(f.name) })
}

func isCORS(lower string) bool { return strings.HasPrefix(lower, "access-control-") }

// headersOf returns what answers from a block are given.
//
// A block that has an add_header of its own inherits none.
// https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header
func (c *config) headersOf(b *statement) headers {
	if b == nil {
		return headers{whole: true}
	}
	if h, ok := c.known[b]; ok {
		return h
	}
	outer := c.headersOf(b.parent)
	inherits := !b.has("add_header")
	for _, s := range b.own("add_header_inherit") {
		switch s.arg(0) {
		case "merge":
			inherits = true
		case "off":
			inherits = false
		}
	}
	h := headers{whole: !hidesMore(b) && (outer.whole || !inherits)}
	own := ownFields(b)
	switch {
	case len(own) == 0 && inherits:
		h.fields = outer.fields
	default:
		for _, f := range outer.fields {
			// more_set_headers of an outer block count in addition, unless they are set anew; those of add_header do not.
			if f.replaces && !slices.ContainsFunc(own, func(o *field) bool { return o.replaces && o.name == f.name }) || !f.replaces && inherits {
				own = append(own, f)
			}
		}
		h.fields = own[:min(len(own), maxFields)]
	}
	c.known[b] = h
	return h
}

// ownFields returns what a block sets itself.
func ownFields(b *statement) []*field {
	var list []*field
	add := func(f field) {
		if f.name = header.Lower(f.name); (isCORS(f.name) || f.name == "vary") && len(list) < maxFields {
			f.from = b
			list = append(list, &f)
		}
	}
	for _, s := range b.own("add_header") {
		if len(s.args) > 1 {
			add(field{name: s.arg(0), value: s.args[1], always: s.arg(2) == "always", at: s.at})
		}
	}
	for _, s := range b.own("more_set_headers") {
		addMore(s, add)
	}
	return list
}

// hidesMore reports whether a block includes a file that is not in the project and may set headers.
func hidesMore(b *statement) bool {
	return slices.ContainsFunc(b.own("include"), func(s *statement) bool { return !holdsNoHeaders(s.arg(0)) })
}

// addMore adds what a more_set_headers sets: a module that many add, and that replaces instead of adding.
func addMore(s *statement, add func(field)) {
	always := true
	for i := 0; i < len(s.args); i++ {
		switch s.args[i].text {
		case "-s", "-t": // only for these statuses, or types
			i++
			always = false
			continue
		case "-a", "-r":
			continue
		}
		if name, value, ok := strings.Cut(s.args[i].text, ":"); ok {
			add(field{
				name: strings.TrimSpace(name), value: argument{strings.TrimSpace(value), s.args[i].at},
				always: always, replaces: true, at: s.at,
			})
		}
	}
}

// passes are the directives by which a block hands requests to a server behind.
func passes() []string {
	return []string{"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"}
}

// pass returns the directive by which a location hands requests on, nil if it does not.
func pass(b *statement) *statement {
	for _, name := range passes() {
		if list := b.own(name); len(list) > 0 {
			return list[0]
		}
	}
	return nil
}

// hides reports whether a location drops a header that the server behind sends. As with add_header, a block that hides one
// inherits none.
func hides(b *statement, name string) bool {
	p := pass(b)
	if p == nil {
		return false
	}
	directive := strings.TrimSuffix(p.name, "_pass") + "_hide_header"
	for ; b != nil; b = b.parent {
		if list := b.own(directive); len(list) > 0 {
			return slices.ContainsFunc(list, func(s *statement) bool { return header.Lower(s.arg(0)) == header.Lower(name) })
		}
	}
	return false
}
