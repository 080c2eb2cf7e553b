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

// headers are what answers from a block are given.
type headers struct {
	fields []field
	whole  bool // nothing that is not in the project can change them
}

// first returns the first field of a name, nil if there is none.
func (h headers) first(name string) *field {
	for i := range h.fields {
		if h.fields[i].name == header.Lower(name) {
			return &h.fields[i]
		}
	}
	return nil
}

// all returns the fields of a name.
func (h headers) all(name string) []*field {
	var list []*field
	for i := range h.fields {
		if h.fields[i].name == header.Lower(name) {
			list = append(list, &h.fields[i])
		}
	}
	return list
}

// isCORS reports whether there is any header of CORS.
func (h headers) isCORS() bool {
	return slices.ContainsFunc(h.fields, func(f field) bool { return strings.HasPrefix(f.name, "access-control-") })
}

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
	h := headers{whole: !hidesMore(b)}
	for _, s := range b.own("add_header") {
		if f, ok := addedField(s, b); ok {
			h.fields = append(h.fields, f)
		}
	}
	inherits := !b.has("add_header")
	for _, s := range b.own("add_header_inherit") {
		switch s.arg(0) {
		case "merge":
			inherits = true
		case "off":
			inherits = false
		}
	}
	more := moreFields(b)
	for _, f := range outer.fields {
		// more_set_headers of an outer block count in addition, those of add_header instead.
		if inherits || f.replaces {
			if !f.replaces || !slices.ContainsFunc(more, func(m field) bool { return m.name == f.name }) {
				h.fields = append(h.fields, f)
			}
		}
	}
	if inherits {
		h.whole = h.whole && outer.whole
	}
	h.fields = append(h.fields, more...)
	c.known[b] = h
	return h
}

// hidesMore reports whether a block includes a file that is not in the project and may set headers.
func hidesMore(b *statement) bool {
	return slices.ContainsFunc(b.own("include"), func(s *statement) bool { return !holdsNoHeaders(s.arg(0)) })
}

func addedField(s, b *statement) (field, bool) {
	if len(s.args) < 2 {
		return field{}, false
	}
	return field{
		name: header.Lower(s.arg(0)), value: s.args[1], always: s.arg(2) == "always", at: s.at, from: b,
	}, true
}

// moreFields returns what more_set_headers sets: a module that many add, and that replaces instead of adding.
func moreFields(b *statement) []field {
	var list []field
	for _, s := range b.own("more_set_headers") {
		always := true
		for i := 0; i < len(s.args); i++ {
			text := s.args[i].text
			switch text {
			case "-s", "-t": // only for these statuses, or types
				i++
				always = false
				continue
			case "-a", "-r":
				continue
			}
			name, value, ok := strings.Cut(text, ":")
			if !ok {
				continue
			}
			list = append(list, field{
				name: header.Lower(strings.TrimSpace(name)), value: argument{strings.TrimSpace(value), s.args[i].at},
				always: always, replaces: true, at: s.at, from: b,
			})
		}
	}
	return list
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
