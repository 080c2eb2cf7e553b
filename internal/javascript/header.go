package javascript

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/javascript/syntax"
)

// A Header is a header field of a response that a file sets without a middleware.
type Header struct {
	At    *syntax.Node // its name
	Name  string       // in lower case
	Value Value

	Function *syntax.Node // in which it stands, or the entry of headers() of Next.js; nil for none
	// Options is set where only a preflight gets it, Skipped where a preflight is answered before.
	Options, Skipped bool
}

// A Value is what a header is set to.
type Value struct {
	At    *syntax.Node
	Text  string
	Known bool // Text is all of it

	// Reflects is set where it is the origin of the request, in any case. Guard says what decides about that; nil where
	// nothing does.
	Reflects bool
	Guard    *Decision
}

// readHeaders reads what is set by hand.
func (f *file) readHeaders(s *Source) {
	syntax.Walk(f.root, func(n *syntax.Node) bool {
		switch n.Kind {
		case syntax.Call:
			if n.Left.Is(syntax.Member) && len(n.List) > 1 && setsHeader(n.Left.Key.Text) {
				if name, ok := f.text(n.List[0]); ok {
					f.header(s, n.List[0], name, n.List[1])
				}
			}
			if n.Left.Is(syntax.Member) && n.Left.Key.Text == "vary" && len(n.List) > 0 {
				f.header(s, n.List[0], header.Vary, n.List[len(n.List)-1])
			}
		case syntax.Property:
			if key, ok := keyOf(n); ok && n.Right != nil && (strings.Contains(key, "-") || key == header.Vary) {
				f.header(s, n.Key, key, n.Right)
			}
		case syntax.Assign:
			if n.Left.Is(syntax.Index) && n.Left.Right.Is(syntax.String) {
				f.header(s, n.Left.Right, n.Left.Right.Text, n.Right)
			}
		case syntax.Array:
			if len(n.List) == 2 && n.List[0].Is(syntax.String) { // of a list of pairs
				f.header(s, n.List[0], n.List[0].Text, n.List[1])
			}
		}
		return true
	})
}

// setsHeader reports whether a method of that name sets a header field to its second argument.
func setsHeader(method string) bool {
	switch method {
	case "set", "setHeader", "header", "append", "appendHeader":
		return true
	}
	return false
}

// header notes a header field if it is one of CORS, or Vary.
func (f *file) header(s *Source, at *syntax.Node, name string, value *syntax.Node) {
	name = strings.ToLower(name)
	isCORS := strings.HasPrefix(name, "access-control-") && !strings.HasPrefix(name, "access-control-request-")
	if !isCORS && name != "vary" || len(s.Headers) >= maxFound || f.isRead(at) {
		return
	}
	h := &Header{At: at, Name: name, Value: f.value(value), Function: f.outermost(at)}
	h.Options, h.Skipped = f.preflights(at)
	s.Headers = append(s.Headers, h)
}

// isRead reports whether a name stands where headers are looked at, or listed for another purpose: options of a proxy or of a
// test.
func (f *file) isRead(at *syntax.Node) bool {
	for p := f.parents[at]; p != nil && p.Kind != syntax.Function; p = f.parents[p] {
		if p.Kind != syntax.Call {
			continue
		}
		name := ""
		switch {
		case p.Left.Is(syntax.Member):
			name = p.Left.Key.Text
		case p.Left.Is(syntax.Name):
			name = p.Left.Text
		}
		switch name {
		case "fetch", "expect", "toEqual", "toMatchObject", "toBe", "describe", "test", "it":
			return true
		}
	}
	return false
}

// outermost is the function around a node that nothing but the module, or a call, holds: the one that answers a request.
func (f *file) outermost(n *syntax.Node) *syntax.Node {
	var found *syntax.Node
	for p := f.around(n); p != nil; p = f.around(p) {
		if found != nil && !f.isRequestIn(p) {
			break
		}
		found = p
	}
	return found
}

// isRequestIn reports whether a function has a request among its parameters, as far as names tell.
func (f *file) isRequestIn(function *syntax.Node) bool {
	return slices.ContainsFunc(function.Params, func(p *syntax.Node) bool {
		return p.Is(syntax.Name) && slices.Contains([]string{"req", "request", "ctx", "c", "context", "event"}, p.Text)
	})
}

// value reads what a header is set to.
func (f *file) value(n *syntax.Node) Value {
	v := Value{At: n}
	if v.Text, v.Known = f.text(n); v.Known {
		return v
	}
	j := &judge{file: f, Decision: &Decision{}, isOrigin: f.isRequestOrigin}
	var parts func(n *syntax.Node, depth int)
	parts = func(n *syntax.Node, depth int) {
		switch {
		case n == nil || depth == 0:
		case j.derived(n):
			v.Reflects = true
		case n.Kind == syntax.Conditional, n.Kind == syntax.Binary:
			parts(n.Left, depth-1)
			parts(n.Right, depth-1)
		case n.Kind == syntax.Name:
			if to := f.resolve(n); to != n {
				parts(to, depth-1)
			}
		}
	}
	parts(n, 8)
	if v.Reflects {
		v.Guard = f.guardOf(n)
	}
	return v
}

// guardOf is what decides, in the function around a node, whether an origin is sent back; nil if nothing does.
func (f *file) guardOf(n *syntax.Node) *Decision {
	function := f.outermost(n)
	if function == nil {
		return &Decision{Unknown: true} // a constant of the module: where it is used is not seen
	}
	d, ok := f.guards[function]
	if !ok {
		j := &judge{file: f, Decision: &Decision{Function: function}, isOrigin: f.isRequestOrigin}
		j.look(function)
		if d = j.Decision; len(d.Tests) == 0 && !d.Unknown {
			d = nil
		}
		f.guards[function] = d
	}
	return d
}

// isRequestOrigin reports whether an expression is the header Origin of a request.
func (f *file) isRequestOrigin(n *syntax.Node) bool {
	switch n.Kind {
	case syntax.Name:
		b := f.lookup(n)
		if b == nil || !b.fixed || b.value == nil || len(b.path) == 0 {
			return false
		}
		last := b.path[len(b.path)-1]
		if !strings.EqualFold(last, "origin") {
			return false
		}
		return len(b.path) > 1 && isHeaders(b.path[len(b.path)-2]) || b.value.Is(syntax.Member) && isHeaders(b.value.Key.Text)
	case syntax.Member:
		return strings.EqualFold(n.Key.Text, "origin") && n.Left.Is(syntax.Member) && isHeaders(n.Left.Key.Text)
	case syntax.Index:
		text, ok := f.text(n.Right)
		return ok && strings.EqualFold(text, "origin") && n.Left.Is(syntax.Member) && isHeaders(n.Left.Key.Text)
	case syntax.Call:
		if !n.Left.Is(syntax.Member) || len(n.List) != 1 {
			return false
		}
		switch n.Left.Key.Text {
		case "get", "header", "getHeader":
			text, ok := f.text(n.List[0])
			return ok && strings.EqualFold(text, "origin")
		}
	}
	return false
}

func isHeaders(name string) bool { return name == "headers" || name == "header" }

// preflights tells whether a node is in a branch for OPTIONS, and whether one before it has answered and left.
func (f *file) preflights(n *syntax.Node) (only, skipped bool) {
	for c, p := n, f.parents[n]; p != nil; c, p = p, f.parents[p] {
		switch p.Kind {
		case syntax.If:
			if c == p.Left && f.isOptions(p.Test) {
				only = true
			}
		case syntax.Conditional, syntax.Binary:
			if p.Kind == syntax.Binary && p.Text != "&&" {
				break
			}
			test := p.Test
			if p.Kind == syntax.Binary {
				test = p.Left
			}
			if c != test && c != p.Left == (p.Kind == syntax.Binary) && f.isOptions(test) {
				only = true
			}
		case syntax.Case:
			if text, ok := f.text(p.Test); p.Test != nil && ok && strings.EqualFold(text, "OPTIONS") {
				only = true
			}
		case syntax.Block, syntax.Program:
			for _, s := range p.List {
				if s == c {
					break
				}
				if s.Kind == syntax.If && f.isOptions(s.Test) && leaves(s.Left) {
					skipped = true
				}
			}
		case syntax.Function:
			return only, skipped
		}
	}
	return only, skipped
}

// isOptions reports whether a test is that the method is OPTIONS.
func (f *file) isOptions(n *syntax.Node) bool {
	found := false
	syntax.Walk(n, func(c *syntax.Node) bool {
		if c.Kind == syntax.Binary && (c.Text == "===" || c.Text == "==") {
			for _, side := range []*syntax.Node{c.Left, c.Right} {
				text, ok := f.text(side)
				found = found || ok && strings.EqualFold(text, "OPTIONS")
			}
		}
		return !found && c.Kind != syntax.Function
	})
	return found
}

// leaves reports whether a statement ends the function.
func leaves(n *syntax.Node) bool {
	switch {
	case n == nil:
		return false
	case n.Kind == syntax.Return, n.Kind == syntax.Throw:
		return true
	case n.Kind == syntax.Block:
		return len(n.List) > 0 && leaves(n.List[len(n.List)-1])
	}
	return false
}
