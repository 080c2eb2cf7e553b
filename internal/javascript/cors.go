package javascript

import (
	"strings"

	"github.com/concors/concors/internal/javascript/syntax"
)

// A CORS is a use of middleware for CORS.
type CORS struct {
	At      *syntax.Node
	Package string // cors, @fastify/cors, hono/cors, @koa/cors
	Called  bool   // it is called with options; where it must be and is not, it does nothing
	Given   bool   // there are options

	// Known is false where options may be set that are not seen.
	Known bool

	Origin      Origin
	Credentials Flag

	Methods, RequestHeaders, ResponseHeaders List
	MaxAge                                   Number
}

// A Flag is an option that is true or false. At is nil where it is not set.
type Flag struct {
	At    *syntax.Node
	Value bool
	Known bool
	Text  string // the string that stands in its place
}

// A List is an option with names. At is nil where it is not set.
type List struct {
	At    *syntax.Node
	Items []Text
	Known bool // these are all
}

// Has reports whether a list has a name, in whatever case.
func (l *List) Has(name string) bool {
	for _, item := range l.Items {
		if strings.EqualFold(item.Text, name) {
			return true
		}
	}
	return false
}

// A Number is an option with a number. At is nil where it is not set.
type Number struct {
	At    *syntax.Node
	Value float64
	Known bool
}

// isCORSPackage reports whether what a module exports is middleware for CORS.
func isCORSPackage(module, export string) bool {
	switch module {
	case "cors", "@fastify/cors", "@koa/cors":
		return export == ""
	case "hono/cors":
		return export == "cors"
	}
	return false
}

// cors reads the options of a package.
func (f *file) cors(pkg string, at *syntax.Node, args []*syntax.Node) *CORS {
	c := &CORS{At: at, Package: pkg, Called: true, Known: true}
	if len(args) == 0 {
		return c
	}
	c.Given = true
	options := f.resolve(args[0])
	if !options.Is(syntax.Object) {
		c.Known = false
		return c
	}
	f.options(c, options, 4)
	return c
}

// options reads an object of options, and those that are spread into it.
func (f *file) options(c *CORS, object *syntax.Node, depth int) {
	if f.strange[object] || depth == 0 {
		c.Known = false
		return
	}
	for _, p := range object.List {
		if p.Kind == syntax.Spread {
			if inner := f.resolve(p.Left); inner.Is(syntax.Object) {
				f.options(c, inner, depth-1)
			} else {
				c.Known = false
			}
			continue
		}
		key, ok := keyOf(p)
		if !ok {
			c.Known = false
			continue
		}
		value := p.Right
		switch key {
		case "origin":
			c.Origin = f.origin(value, c.Package)
		case "credentials":
			c.Credentials = f.flag(value)
		case "methods", "allowMethods":
			c.Methods = f.list(value)
		case "allowedHeaders", "allowHeaders":
			c.RequestHeaders = f.list(value)
		case "exposedHeaders", "exposeHeaders":
			c.ResponseHeaders = f.list(value)
		case "maxAge":
			v, ok := f.number(value)
			if !ok {
				if n, also := number(f.known(value)); also {
					v, ok = n, true
				}
			}
			c.MaxAge = Number{At: value, Value: v, Known: ok}
		case "delegator":
			c.Known = false
		}
	}
}

// known is the string that an expression is, empty if that is not known.
func (f *file) known(n *syntax.Node) string {
	s, _ := f.text(n)
	return s
}

func (f *file) flag(n *syntax.Node) Flag {
	value, known := f.isTrue(n)
	flag := Flag{At: n, Value: value, Known: known}
	if v := f.resolve(n); v.Is(syntax.String) {
		flag.Text = v.Text
	}
	return flag
}

// list reads names: an array of them, or one string with commas.
func (f *file) list(n *syntax.Node) List {
	l := List{At: n, Known: true}
	if text, ok := f.text(n); ok {
		for item := range strings.SplitSeq(text, ",") {
			l.Items = append(l.Items, Text{At: n, Text: strings.TrimSpace(item)})
		}
		return l
	}
	items, complete := f.items(n)
	l.Known = complete
	for _, item := range items {
		text, ok := f.text(item)
		if !ok {
			l.Known = false
			continue
		}
		for part := range strings.SplitSeq(text, ",") {
			l.Items = append(l.Items, Text{At: item, Text: strings.TrimSpace(part)})
		}
	}
	return l
}
