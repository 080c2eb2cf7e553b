package input

import (
	"reflect"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
)

// A jsScope is what a function, a block or the script declares.
type jsScope struct {
	outer    *jsScope
	function *jsScope // the innermost one of a function, where var declares
	names    map[string]*jsBinding
}

// A jsBinding is what a name stands for.
type jsBinding struct {
	scope   *jsScope
	value   ast.Expression // what it is bound to; nil when the text does not tell
	writes  int            // how often it is given a value
	changes []jsChange     // of the object that it is bound to, in the order of the text
}

// A jsChange is an assignment to a property of an object, or a call of a method that changes it.
type jsChange struct {
	at     file.Idx
	scope  *jsScope // where it stands
	direct bool     // it is a statement of its own, among those of that scope
	path   []jsKey  // of what it changes, from the object on
	method string   // append, set or delete; empty for an assignment
	args   []ast.Expression
}

// A jsKey is a step to a property: its name, or an expression for it.
type jsKey struct {
	name string
	expr ast.Expression
}

// lookup returns the binding of a name, or nil.
func (s *jsScope) lookup(name string) *jsBinding {
	for ; s != nil; s = s.outer {
		if b := s.names[name]; b != nil {
			return b
		}
	}
	return nil
}

// A fetchCall is a call of fetch that the script has.
type fetchCall struct {
	call  *ast.CallExpression
	scope *jsScope
}

// A scriptWalker collects calls of fetch and what the names in them stand for.
type scriptWalker struct {
	scope  *jsScope
	direct map[ast.Expression]bool
	calls  []fetchCall
	others []string // other ways to make requests that were seen
	later  []func() // what needs all names declared
}

// walkScript reads a whole script, without running anything.
func walkScript(program *ast.Program) *scriptWalker {
	w := &scriptWalker{direct: map[ast.Expression]bool{}}
	w.enter(true)
	w.statements(program.Body)
	for _, resolve := range w.later {
		resolve()
	}
	slices.SortFunc(w.calls, func(a, b fetchCall) int { return int(a.call.Idx0() - b.call.Idx0()) })
	return w
}

// enter opens a scope, and returns what closes it.
func (w *scriptWalker) enter(function bool) (leave func()) {
	outer := w.scope
	w.scope = &jsScope{outer: outer, names: map[string]*jsBinding{}}
	if w.scope.function = w.scope; !function {
		w.scope.function = outer.function
	}
	return func() { w.scope = outer }
}

// declare gives a name of a pattern to a scope. Only a plain name is known to be bound to the value.
func (w *scriptWalker) declare(scope *jsScope, target ast.Expression, value ast.Expression) {
	switch t := target.(type) {
	case *ast.Identifier:
		name := t.Name.String()
		b := scope.names[name]
		if b == nil {
			b = &jsBinding{scope: scope}
			scope.names[name] = b
		}
		if value != nil {
			b.value = value
			b.writes++
		}
	case *ast.ObjectPattern:
		for _, p := range t.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				w.declareUnknown(scope, &p.Name)
			case *ast.PropertyKeyed:
				w.declareUnknown(scope, p.Value)
			}
		}
		w.declareUnknown(scope, t.Rest)
	case *ast.ArrayPattern:
		for _, e := range t.Elements {
			w.declareUnknown(scope, e)
		}
		w.declareUnknown(scope, t.Rest)
	case *ast.AssignExpression: // a default in a pattern
		w.declareUnknown(scope, t.Left)
	}
}

// declareUnknown gives names to a scope whose values the text does not tell.
func (w *scriptWalker) declareUnknown(scope *jsScope, target ast.Expression) {
	w.declare(scope, target, nil)
	if id, ok := target.(*ast.Identifier); ok {
		scope.names[id.Name.String()].writes += 2
	}
}

func (w *scriptWalker) bindings(scope *jsScope, list []*ast.Binding) {
	for _, b := range list {
		w.declare(scope, b.Target, b.Initializer)
	}
}

// statements reads the statements of a scope.
func (w *scriptWalker) statements(list []ast.Statement) {
	for _, s := range list {
		if e, ok := s.(*ast.ExpressionStatement); ok {
			w.direct[e.Expression] = true
		}
		w.node(reflect.ValueOf(s))
	}
}

// node reads whatever the tree is made of: a node that declares or calls is known by its type, of any other the fields
// are read in turn.
func (w *scriptWalker) node(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			w.node(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.node(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			w.visit(v.Interface())
			if w.scoped(v.Interface()) {
				return
			}
			w.node(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			// A DeclarationList repeats declarations that the statements have.
			if field := v.Type().Field(i); field.IsExported() && field.Name != "DeclarationList" && field.Name != "File" {
				w.node(v.Field(i))
			}
		}
	}
}

// scoped reads a node that has a scope of its own, and reports whether it is one.
func (w *scriptWalker) scoped(node any) bool {
	switch n := node.(type) {
	case *ast.FunctionLiteral:
		defer w.enter(true)()
		w.parameters(n.ParameterList)
		w.statements(n.Body.List)
	case *ast.ArrowFunctionLiteral:
		defer w.enter(true)()
		w.parameters(n.ParameterList)
		if block, ok := n.Body.(*ast.BlockStatement); ok {
			w.statements(block.List)
		} else {
			w.node(reflect.ValueOf(n.Body))
		}
	case *ast.BlockStatement:
		defer w.enter(false)()
		w.statements(n.List)
	case *ast.ForStatement, *ast.ForInStatement, *ast.ForOfStatement, *ast.SwitchStatement:
		defer w.enter(false)()
		w.node(reflect.ValueOf(n).Elem())
	case *ast.CatchStatement:
		defer w.enter(false)()
		w.declareUnknown(w.scope, n.Parameter)
		w.statements(n.Body.List)
	default:
		return false
	}
	return true
}

func (w *scriptWalker) parameters(list *ast.ParameterList) {
	for _, b := range list.List {
		w.declareUnknown(w.scope, b.Target)
		w.node(reflect.ValueOf(b.Initializer))
	}
	w.declareUnknown(w.scope, list.Rest)
}

// visit takes from a node what it says about names, and collects calls.
func (w *scriptWalker) visit(node any) {
	switch n := node.(type) {
	case *ast.VariableStatement:
		w.bindings(w.scope.function, n.List)
	case *ast.ForLoopInitializerVarDeclList:
		w.bindings(w.scope.function, n.List)
	case *ast.LexicalDeclaration:
		w.bindings(w.scope, n.List)
	case *ast.ForLoopInitializerLexicalDecl:
		w.bindings(w.scope, n.LexicalDeclaration.List)
	case *ast.ForIntoVar:
		w.declareUnknown(w.scope.function, n.Binding.Target)
	case *ast.ForDeclaration:
		w.declareUnknown(w.scope, n.Target)
	case *ast.ForIntoExpression:
		w.write(n.Expression, nil)
	case *ast.FunctionDeclaration:
		w.declareUnknown(w.scope, n.Function.Name)
	case *ast.ClassDeclaration:
		w.declareUnknown(w.scope, n.Class.Name)
	case *ast.AssignExpression:
		value := n.Right
		if n.Operator != token.ASSIGN || !w.direct[n] {
			value = nil
		}
		w.write(n.Left, value)
		w.change(n, n.Left, "", []ast.Expression{n.Right})
	case *ast.UnaryExpression:
		if n.Operator == token.INCREMENT || n.Operator == token.DECREMENT || n.Operator == token.DELETE {
			w.write(n.Operand, nil)
			w.change(n, n.Operand, "", nil)
		}
	case *ast.CallExpression:
		w.call(n)
	case *ast.NewExpression:
		if isName(n.Callee, "XMLHttpRequest") {
			w.other("XMLHttpRequest")
		}
	}
}

// write says that a name is given another value, which is known only if it is not nil.
func (w *scriptWalker) write(target, value ast.Expression) {
	id, ok := target.(*ast.Identifier)
	if !ok {
		return // a pattern that assigns to names is rare, and so are its names in a call
	}
	scope := w.scope
	w.later = append(w.later, func() {
		b := scope.lookup(id.Name.String())
		if b == nil {
			return
		}
		if b.writes++; value == nil || b.scope != scope {
			b.writes++
		}
		if b.value == nil {
			b.value = value
		}
	})
}

// change says that a property of what a name stands for is given another value.
func (w *scriptWalker) change(node, target ast.Expression, method string, args []ast.Expression) {
	id, path := pathOf(target)
	if id == nil || len(path) == 0 && method == "" {
		return
	}
	c := jsChange{at: node.Idx0(), scope: w.scope, direct: w.direct[node], path: path, method: method, args: args}
	w.later = append(w.later, func() {
		if b := c.scope.lookup(id.Name.String()); b != nil {
			b.changes = append(b.changes, c)
		}
	})
}

// pathOf returns the name that an expression starts with, and the properties that lead on from there.
func pathOf(e ast.Expression) (*ast.Identifier, []jsKey) {
	var path []jsKey
	for {
		switch n := e.(type) {
		case *ast.Identifier:
			slices.Reverse(path)
			return n, path
		case *ast.DotExpression:
			path, e = append(path, jsKey{name: n.Identifier.Name.String()}), n.Left
		case *ast.BracketExpression:
			path, e = append(path, jsKey{expr: n.Member}), n.Left
		case *ast.OptionalChain:
			e = n.Expression
		case *ast.Optional:
			e = n.Expression
		default:
			return nil, nil
		}
	}
}

// call collects a call of fetch, and notices one that changes an object.
func (w *scriptWalker) call(n *ast.CallExpression) {
	callee := unwrap(n.Callee)
	if isFetch(callee) {
		w.calls = append(w.calls, fetchCall{n, w.scope})
		return
	}
	id, path := pathOf(callee)
	switch {
	case id == nil:
	case isName(id, "axios"):
		w.other("axios")
	case len(path) > 0:
		switch method := path[len(path)-1].name; method {
		case "append", "delete", "set":
			w.change(n, callee.(*ast.DotExpression).Left, method, n.ArgumentList)
		case "push", "unshift", "splice", "pop", "shift":
			w.change(n, callee.(*ast.DotExpression).Left, "?", nil)
		case "ajax":
			w.other("jQuery")
		}
	}
}

func (w *scriptWalker) other(name string) {
	if !slices.Contains(w.others, name) {
		w.others = append(w.others, name)
	}
}

// isFetch reports whether a callee is the browser's fetch.
func isFetch(callee ast.Expression) bool {
	if dot, ok := callee.(*ast.DotExpression); ok {
		global := unwrap(dot.Left)
		return dot.Identifier.Name == "fetch" && (isName(global, "window") || isName(global, "globalThis") || isName(global, "self"))
	}
	return isName(callee, "fetch")
}

func isName(e ast.Expression, name string) bool {
	id, ok := e.(*ast.Identifier)
	return ok && id.Name.String() == name
}

// unwrap takes away what optional chaining puts around an expression.
func unwrap(e ast.Expression) ast.Expression {
	for {
		switch n := e.(type) {
		case *ast.OptionalChain:
			e = n.Expression
		case *ast.Optional:
			e = n.Expression
		default:
			return e
		}
	}
}
