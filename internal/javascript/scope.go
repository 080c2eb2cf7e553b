package javascript

import (
	"slices"
	"strconv"

	"github.com/concors/concors/internal/javascript/syntax"
)

// A file is a tree with what its names stand for.
type file struct {
	root    *syntax.Node
	parents map[*syntax.Node]*syntax.Node
	names   map[*syntax.Node]map[string]*binding // what a part of the program declares
	strange map[*syntax.Node]bool                // objects that something changes after they are written

	// What functions decide, which several places may ask about.
	decisions map[*syntax.Node]*Decision
	guards    map[*syntax.Node]*Decision
}

// The bounds of what is read of a file, beyond those of its syntax. No file that a person wrote comes near.
const (
	maxFound      = 2000 // of each kind of thing
	maxProperties = 1000 // of an object that is looked into
	maxItems      = 1000 // of a list
	maxTests      = 1000 // of a function
	maxText       = 64 << 10
	maxSteps      = 16 // from a name to what it stands for
	maxParts      = 8  // of an expression, one within another
)

// A binding is a declaration of a name.
type binding struct {
	scope  *syntax.Node
	name   *syntax.Node
	value  *syntax.Node // what it is declared with; nil where that is not known
	path   []string     // what of the value it is
	module string       // the module it is imported from
	export string       // what of the module it is
	param  bool
	fixed  bool // nothing else is assigned to it
}

func newFile(root *syntax.Node) *file {
	f := &file{
		root: root, parents: map[*syntax.Node]*syntax.Node{}, names: map[*syntax.Node]map[string]*binding{}, strange: map[*syntax.Node]bool{},
		decisions: map[*syntax.Node]*Decision{}, guards: map[*syntax.Node]*Decision{},
	}
	syntax.Walk(root, func(n *syntax.Node) bool {
		for c := range n.Children() {
			f.parents[c] = n
		}
		f.declare(n)
		return true
	})
	syntax.Walk(root, func(n *syntax.Node) bool {
		f.assign(n)
		return true
	})
	return f
}

// declare notes what a node declares.
func (f *file) declare(n *syntax.Node) {
	switch n.Kind {
	case syntax.Variables:
		scope := f.scopeOf(n, n.Text == "var")
		for _, d := range n.List {
			f.bind(&binding{scope: scope, value: d.Right, fixed: true}, d.Left)
		}
	case syntax.Function:
		if n.Key != nil {
			f.bind(&binding{scope: f.scopeOf(n, false), value: n, fixed: true}, n.Key)
		}
		for _, p := range n.Params {
			f.bind(&binding{scope: n, param: true}, p)
		}
	case syntax.Class:
		if n.Key != nil {
			f.bind(&binding{scope: f.scopeOf(n, false), value: n, fixed: true}, n.Key)
		}
	case syntax.Try:
		if n.Left != nil {
			f.bind(&binding{scope: n}, n.Left)
		}
	case syntax.Import:
		for _, s := range n.List {
			f.bind(&binding{scope: f.root, module: n.Text, export: s.Text, fixed: true}, s.Left)
		}
	}
}

// scopeOf is the part of the program in which something that a node declares is known.
func (f *file) scopeOf(n *syntax.Node, whole bool) *syntax.Node {
	for p := f.parents[n]; p != nil; p = f.parents[p] {
		switch p.Kind {
		case syntax.Function, syntax.Program:
			return p
		case syntax.Block, syntax.Loop, syntax.Switch:
			if !whole {
				return p
			}
		}
	}
	return f.root
}

// bind declares the names of a pattern.
func (f *file) bind(b *binding, pattern *syntax.Node) {
	if pattern == nil {
		return
	}
	at := func(key string) *binding {
		part := *b
		part.path = append(append([]string(nil), b.path...), key)
		return &part
	}
	switch pattern.Kind {
	case syntax.Name:
		b.name = pattern
		names := f.names[b.scope]
		if names == nil {
			names = map[string]*binding{}
			f.names[b.scope] = names
		}
		if before := names[pattern.Text]; before != nil {
			before.fixed = false // var a = 1; var a = 2
			return
		}
		names[pattern.Text] = b
	case syntax.Assign: // its default may take the place of the value
		unsure := *b
		unsure.fixed = false
		f.bind(&unsure, pattern.Left)
	case syntax.Object:
		for _, p := range pattern.List {
			if key, ok := keyOf(p); ok {
				f.bind(at(key), p.Right)
			} else if p.Kind == syntax.Spread {
				f.bind(&binding{scope: b.scope}, p.Left)
			}
		}
	case syntax.Array:
		for i, p := range pattern.List {
			f.bind(at(strconv.Itoa(i)), p)
		}
	case syntax.Spread:
		f.bind(&binding{scope: b.scope}, pattern.Left)
	}
}

// assign notes what a node changes of what has been declared.
func (f *file) assign(n *syntax.Node) {
	var target *syntax.Node
	switch {
	case n.Kind == syntax.Assign:
		target = n.Left
	case n.Kind == syntax.Unary && (n.Text == "++" || n.Text == "--" || n.Text == "delete"):
		target = n.Left
	case n.Kind == syntax.Call && n.Left.Is(syntax.Member):
		switch n.Left.Key.Text {
		case "push", "unshift", "splice", "pop", "shift", "sort", "add", "delete", "set", "clear":
			f.change(n.Left.Left)
		case "assign":
			if n.Left.Left.IsName("Object") && len(n.List) > 0 {
				f.change(n.List[0])
			}
		}
		return
	default:
		return
	}
	switch target.Kind {
	case syntax.Name:
		b := f.lookup(target)
		if b == nil || b.name == target {
			return
		}
		if b.value == nil && b.fixed && n.Text == "=" && n.Right != nil {
			b.value = n.Right
		} else {
			b.fixed = false
		}
	case syntax.Member, syntax.Index:
		f.change(target.Left)
	}
}

// change notes that an object or list is not what it was written as.
func (f *file) change(n *syntax.Node) {
	if v := f.resolve(n); v != nil {
		f.strange[v] = true
	}
}

// lookup returns what a name stands for, nil if nothing in the file declares it.
func (f *file) lookup(name *syntax.Node) *binding {
	for p := f.parents[name]; p != nil; p = f.parents[p] {
		if b := f.names[p][name.Text]; b != nil {
			return b
		}
	}
	return nil
}

// resolve returns the expression that a value comes from, as far as the file tells; where it does not, the name itself.
func (f *file) resolve(n *syntax.Node) *syntax.Node {
	for range maxSteps {
		if n == nil {
			return nil
		}
		next := f.step(n)
		if next == nil || next == n {
			return n
		}
		n = next
	}
	return n
}

// step is one step towards what a value comes from, nil if there is none.
func (f *file) step(n *syntax.Node) *syntax.Node {
	switch n.Kind {
	case syntax.Name:
		b := f.lookup(n)
		if b == nil || !b.fixed || b.param || b.value == nil {
			return nil
		}
		value := b.value
		for _, key := range b.path {
			value = f.property(f.flat(value), key)
			if value == nil {
				return nil
			}
		}
		return value
	case syntax.Member:
		if n.Left.Is(syntax.Name) || n.Left.Is(syntax.Member) || n.Left.Is(syntax.Object) {
			return f.property(f.flat(n.Left), n.Key.Text)
		}
	case syntax.Unary:
		if n.Text == "await" {
			return n.Left
		}
	case syntax.Call:
		if n.Left.Is(syntax.Member) && n.Left.Left.IsName("Object") && n.Left.Key.Text == "freeze" && len(n.List) == 1 {
			return n.List[0]
		}
	}
	return nil
}

// flat resolves what an object may be, a few names and members far.
func (f *file) flat(n *syntax.Node) *syntax.Node {
	for range maxSteps {
		var next *syntax.Node
		switch {
		case n == nil:
			return nil
		case n.Kind == syntax.Name:
			if b := f.lookup(n); b != nil && b.fixed && !b.param && len(b.path) == 0 {
				next = b.value
			}
		case n.Kind == syntax.Member && n.Left.Is(syntax.Name):
			if b := f.lookup(n.Left); b != nil && b.fixed && !b.param && len(b.path) == 0 {
				next = f.property(b.value, n.Key.Text)
			}
		case n.Kind == syntax.Call, n.Kind == syntax.Unary:
			next = f.step(n)
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// property is the value of a property of an object that is written out, nil if it has none or may have another.
func (f *file) property(object *syntax.Node, key string) *syntax.Node {
	if !object.Is(syntax.Object) || f.strange[object] || len(object.List) > maxProperties {
		return nil
	}
	var found *syntax.Node
	for _, p := range object.List {
		switch name, ok := keyOf(p); {
		case p.Kind == syntax.Spread, !ok:
			found = nil
		case name == key && p.Text == "":
			found = p.Right
		}
	}
	return found
}

// keyOf is the name of a property, unless it is worked out.
func keyOf(p *syntax.Node) (string, bool) {
	if !p.Is(syntax.Property) || p.Key == nil || p.Computed && p.Key.Kind != syntax.String {
		return "", false
	}
	switch p.Key.Kind {
	case syntax.Name, syntax.String, syntax.Number:
		return p.Key.Text, true
	}
	return "", false
}

// function is the function that an expression is, nil if the file does not tell.
func (f *file) function(n *syntax.Node) *syntax.Node {
	if n = f.resolve(n); n.Is(syntax.Function) {
		return n
	}
	return nil
}

// around is the innermost function that a node stands in, nil for none.
func (f *file) around(n *syntax.Node) *syntax.Node {
	for p := f.parents[n]; p != nil; p = f.parents[p] {
		if p.Kind == syntax.Function {
			return p
		}
	}
	return nil
}

// module returns the module that an expression comes from, and what of it, empty for all of it or what it exports by default.
func (f *file) module(n *syntax.Node) (module, export string, ok bool) {
	for range maxSteps {
		if n == nil {
			return "", "", false
		}
		switch n.Kind {
		case syntax.Name:
			b := f.lookup(n)
			switch {
			case b == nil || !b.fixed:
				return "", "", false
			case b.module != "":
				return b.module, join(b.export, export), true
			}
			for i := len(b.path) - 1; i >= 0; i-- {
				export = join(b.path[i], export)
			}
			n = b.value
		case syntax.Member:
			export = join(n.Key.Text, export)
			n = n.Left
		case syntax.Unary:
			if n.Text != "await" {
				return "", "", false
			}
			n = n.Left
		case syntax.Call:
			loads := n.Left.IsName("require") || n.Left.Is(syntax.Keyword) && n.Left.Text == "import"
			if !loads || len(n.List) == 0 || n.List[0].Kind != syntax.String {
				return "", "", false
			}
			return n.List[0].Text, join("", export), true
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// modules are the names of the modules that a file loads.
func (f *file) modules() []string {
	var list []string
	syntax.Walk(f.root, func(n *syntax.Node) bool {
		switch {
		case n.Kind == syntax.Import:
			list = append(list, n.Text)
		case n.Kind == syntax.Export && n.Right != nil:
			list = append(list, n.Right.Text)
		case n.Kind == syntax.Call:
			if module, _, ok := f.module(n); ok {
				list = append(list, module)
			}
		}
		return true
	})
	slices.Sort(list)
	return slices.Compact(list)
}

// join is the name of what a module exports, where its whole and its default are one.
func join(outer, inner string) string {
	if outer == "*" || outer == "default" {
		outer = ""
	}
	switch {
	case inner == "default", inner == "":
		return outer
	case outer == "":
		return inner
	}
	return outer + "." + inner
}
