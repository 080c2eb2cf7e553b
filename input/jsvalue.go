package input

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

	"github.com/concors/concors/cors/weburl"
)

// A jsValue is what is known of the value of an expression: one of the types below.
type jsValue any

type (
	// A jsUnknown is a value that the text does not tell, because of an expression.
	jsUnknown struct{ because ast.Expression }

	jsUndefined struct{}
	jsNull      struct{}
	jsBool      bool
	jsNumber    float64
	jsString    string

	// A jsText is a string of which only that it is one is known.
	jsText struct{ because ast.Expression }

	jsObject struct{ properties []jsProperty }
	jsArray  struct{ elements []jsValue }

	jsURL          struct{ url *weburl.URL }
	jsHeaders      struct{ lines []jsLine }
	jsSearchParams struct {
		text  string
		known bool
	}
	jsForm struct{}
	jsBlob struct {
		kind  jsValue // its type
		data  string
		known bool
	}
	jsBytes struct {
		data  string
		known bool
	}
	jsStream  struct{}
	jsRequest struct{ arguments []ast.Expression }
	jsEncoder struct{} // a TextEncoder
)

// A jsLine is one line of a Headers object, or of what can be made one.
type jsLine struct {
	name, value jsValue
	expr        ast.Expression // where it stands
}

// A jsProperty is a property of an object. Its name is "" and its value unknown when an unknown object was spread there.
type jsProperty struct {
	name  string
	value jsValue
	expr  ast.Expression
}

// get returns a property, or undefined. What an unknown object may have replaced is unknown.
func (o *jsObject) get(name string) jsValue {
	for _, p := range slices.Backward(o.properties) {
		if u, ok := p.value.(jsUnknown); ok && p.name == "" {
			return u
		}
		if p.name == name {
			return p.value
		}
	}
	return jsUndefined{}
}

// set gives a property a value, in the place of an older one of its name.
func (o *jsObject) set(p jsProperty) {
	if i := slices.IndexFunc(o.properties, func(q jsProperty) bool { return q.name == p.name }); i >= 0 && p.name != "" {
		unknownLater := slices.ContainsFunc(o.properties[i:], func(q jsProperty) bool { return q.name == "" })
		if !unknownLater {
			o.properties[i] = p
			return
		}
	}
	o.properties = append(o.properties, p)
}

// maxSteps bounds how much is evaluated for one script. Values that are made of one another grow exponentially.
const maxSteps = 200_000

// A jsReader evaluates what is literal in a script. Nothing runs: what would have to is unknown.
type jsReader struct {
	steps int
	depth int
}

// maxNames is how many names may stand for one another.
const maxNames = 2000

// value evaluates an expression where it stands in a scope.
func (r *jsReader) value(e ast.Expression, scope *jsScope) jsValue {
	r.steps++
	r.depth++
	defer func() { r.depth-- }()
	if r.steps > maxSteps || r.depth > maxNames {
		return jsUnknown{e}
	}
	switch n := unwrap(e).(type) {
	case *ast.StringLiteral:
		r.steps += len(n.Value) / 256
		return jsString(n.Value.String())
	case *ast.NumberLiteral:
		return number(n)
	case *ast.BooleanLiteral:
		return jsBool(n.Value)
	case *ast.NullLiteral:
		return jsNull{}
	case *ast.TemplateLiteral:
		return r.template(n, scope)
	case *ast.Identifier:
		return r.name(n, scope)
	case *ast.BinaryExpression:
		return r.binary(n, scope)
	case *ast.ConditionalExpression:
		switch truth(r.value(n.Test, scope)) {
		case yes:
			return r.value(n.Consequent, scope)
		case no:
			return r.value(n.Alternate, scope)
		}
	case *ast.UnaryExpression:
		return r.unary(n, scope)
	case *ast.AwaitExpression:
		return r.value(n.Argument, scope)
	case *ast.ArrayLiteral:
		return r.array(n, scope)
	case *ast.ObjectLiteral:
		return r.object(n, scope)
	case *ast.DotExpression:
		return r.property(n, r.value(n.Left, scope), n.Identifier.Name.String())
	case *ast.BracketExpression:
		if name, ok := text(r.value(n.Member, scope)); ok {
			return r.property(n, r.value(n.Left, scope), name)
		}
	case *ast.CallExpression:
		return r.call(n, scope)
	case *ast.NewExpression:
		return r.construct(n, scope)
	}
	return jsUnknown{e}
}

// A tristate is a truth value that may not be known.
type tristate int

const (
	perhaps tristate = iota
	yes
	no
)

// truth returns what a value is as a condition.
//
// https://tc39.es/ecma262/#sec-toboolean
func truth(v jsValue) tristate {
	falsy := false
	switch v := v.(type) {
	case jsUnknown, jsText:
		return perhaps
	case jsUndefined, jsNull:
		falsy = true
	case jsBool:
		falsy = !bool(v)
	case jsNumber:
		falsy = v == 0 || math.IsNaN(float64(v))
	case jsString:
		falsy = v == ""
	}
	if falsy {
		return no
	}
	return yes
}

func number(n *ast.NumberLiteral) jsValue {
	switch v := n.Value.(type) {
	case int64:
		return jsNumber(v)
	case float64:
		return jsNumber(v)
	}
	return jsUnknown{n}
}

// text returns the string that a value becomes where a string is wanted.
//
// https://tc39.es/ecma262/#sec-tostring
func text(v jsValue) (string, bool) {
	switch v := v.(type) {
	case jsString:
		return string(v), true
	case jsUndefined:
		return "undefined", true
	case jsNull:
		return "null", true
	case jsBool:
		return strconv.FormatBool(bool(v)), true
	case jsNumber:
		if f := float64(v); f == math.Trunc(f) && math.Abs(f) < 1e15 {
			return strconv.FormatInt(int64(f), 10), true
		}
		return strconv.FormatFloat(float64(v), 'g', -1, 64), true
	case *jsURL:
		return v.url.String(), true
	case *jsSearchParams:
		return v.text, v.known
	case *jsObject:
		return "[object Object]", true
	case jsForm:
		return "[object FormData]", true
	case *jsArray:
		parts := make([]string, len(v.elements))
		for i, e := range v.elements {
			switch e.(type) {
			case *jsArray, jsUndefined, jsNull:
				return "", len(v.elements) == 0 // rare, and nested arrays may be deep
			}
			var ok bool
			if parts[i], ok = text(e); !ok {
				return "", false
			}
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

// cause returns the expression because of which a value is not known.
func cause(v jsValue, otherwise ast.Expression) ast.Expression {
	switch v := v.(type) {
	case jsUnknown:
		return v.because
	case jsText:
		return v.because
	}
	return otherwise
}

// join concatenates strings that values become. Only the first expression that is in the way counts.
func (r *jsReader) join(values []jsValue, e ast.Expression) jsValue {
	var b strings.Builder
	for _, v := range values {
		s, ok := text(v)
		if !ok {
			return jsText{cause(v, e)}
		}
		if b.Len()+len(s) > MaxCall {
			return jsText{e}
		}
		b.WriteString(s)
		r.steps += len(s) / 256
	}
	return jsString(b.String())
}

func (r *jsReader) template(n *ast.TemplateLiteral, scope *jsScope) jsValue {
	if n.Tag != nil {
		return jsUnknown{n}
	}
	var values []jsValue
	for i, e := range n.Elements {
		r.steps += len(e.Parsed) / 256
		values = append(values, jsString(e.Parsed.String()))
		if i < len(n.Expressions) {
			values = append(values, r.value(n.Expressions[i], scope))
		}
	}
	return r.join(values, n)
}

// name evaluates a name: what it is bound to, with the changes that come before its use.
func (r *jsReader) name(n *ast.Identifier, scope *jsScope) jsValue {
	b := scope.lookup(n.Name.String())
	switch {
	case b == nil && n.Name == "undefined":
		return jsUndefined{}
	case b == nil && n.Name == "NaN":
		return jsNumber(math.NaN())
	case b == nil, b.value == nil, b.writes != 1:
		return jsUnknown{n}
	}
	v := r.value(b.value, b.scope)
	for _, c := range b.changes {
		switch {
		case isPrimitive(v):
		case !c.direct || c.scope != b.scope:
			return r.changed(v, n)
		case c.at < n.Idx:
			if !r.apply(v, c) {
				return r.changed(v, n)
			}
		}
	}
	return v
}

// changed is a value of which only the type is known any more, if that.
func (r *jsReader) changed(v jsValue, e ast.Expression) jsValue {
	switch v := v.(type) {
	case jsForm:
		return v
	case *jsSearchParams:
		return &jsSearchParams{}
	}
	return jsUnknown{e}
}

func isPrimitive(v jsValue) bool {
	switch v.(type) {
	case jsUndefined, jsNull, jsBool, jsNumber, jsString, jsText:
		return true
	}
	return false
}

func (r *jsReader) binary(n *ast.BinaryExpression, scope *jsScope) jsValue {
	left := r.value(n.Left, scope)
	switch n.Operator {
	case token.LOGICAL_OR, token.LOGICAL_AND:
		t := truth(left)
		if t == perhaps {
			return jsUnknown{cause(left, n)}
		}
		if (t == yes) == (n.Operator == token.LOGICAL_OR) {
			return left
		}
		return r.value(n.Right, scope)
	case token.COALESCE:
		switch left.(type) {
		case jsUnknown:
			return left
		case jsNull, jsUndefined:
			return r.value(n.Right, scope)
		}
		return left
	case token.PLUS:
		right := r.value(n.Right, scope)
		a, aIsNumber := left.(jsNumber)
		b, bIsNumber := right.(jsNumber)
		if aIsNumber && bIsNumber {
			return a + b
		}
		_, aIsText := left.(jsString)
		_, bIsText := right.(jsString)
		if !aIsText && !bIsText {
			if u, ok := left.(jsUnknown); ok {
				return u
			}
			if u, ok := right.(jsUnknown); ok {
				return u
			}
		}
		return r.join([]jsValue{left, right}, n)
	}
	return jsUnknown{n}
}

func (r *jsReader) unary(n *ast.UnaryExpression, scope *jsScope) jsValue {
	v := r.value(n.Operand, scope)
	switch n.Operator {
	case token.NOT:
		switch truth(v) {
		case yes:
			return jsBool(false)
		case no:
			return jsBool(true)
		}
	case token.MINUS:
		if f, ok := v.(jsNumber); ok {
			return -f
		}
	case token.VOID:
		return jsUndefined{}
	}
	return jsUnknown{n}
}

func (r *jsReader) array(n *ast.ArrayLiteral, scope *jsScope) jsValue {
	a := &jsArray{}
	for _, e := range n.Value {
		if e == nil {
			a.elements = append(a.elements, jsUndefined{})
			continue
		}
		spread, ok := e.(*ast.SpreadElement)
		if !ok {
			a.elements = append(a.elements, r.value(e, scope))
			continue
		}
		inner, ok := r.value(spread.Expression, scope).(*jsArray)
		if !ok {
			return jsUnknown{spread.Expression}
		}
		if r.steps += len(inner.elements); r.steps > maxSteps {
			return jsUnknown{n}
		}
		a.elements = append(a.elements, inner.elements...)
	}
	return a
}

func (r *jsReader) object(n *ast.ObjectLiteral, scope *jsScope) jsValue {
	o := &jsObject{}
	for _, p := range n.Value {
		switch p := p.(type) {
		case *ast.PropertyShort:
			r.steps += 1 + len(o.properties)/16
			o.set(jsProperty{p.Name.Name.String(), r.value(&p.Name, scope), &p.Name})
		case *ast.PropertyKeyed:
			r.keyed(o, p, scope)
		case *ast.SpreadElement:
			r.spread(o, p.Expression, scope)
		}
		if r.steps > maxSteps {
			return jsUnknown{n}
		}
	}
	return o
}

func (r *jsReader) keyed(o *jsObject, p *ast.PropertyKeyed, scope *jsScope) {
	name, ok := text(r.value(p.Key, scope))
	if !p.Computed {
		if id, isID := p.Key.(*ast.Identifier); isID {
			name, ok = id.Name.String(), true
		}
	}
	switch {
	case !ok:
		o.properties = append(o.properties, jsProperty{value: jsUnknown{p.Key}, expr: p.Key})
	case p.Kind != ast.PropertyKindValue:
		o.set(jsProperty{name, jsUnknown{p.Value}, p.Value})
	default:
		r.steps += len(o.properties) / 16
		o.set(jsProperty{name, r.value(p.Value, scope), p.Value})
	}
}

// spread copies the properties of an object into another. What has none adds none.
func (r *jsReader) spread(o *jsObject, e ast.Expression, scope *jsScope) {
	switch v := r.value(e, scope).(type) {
	case *jsObject:
		r.steps += len(v.properties) * (1 + len(o.properties)/16)
		for _, p := range v.properties {
			if r.steps > maxSteps {
				return
			}
			o.set(p)
		}
	case jsUndefined, jsNull, jsBool, jsNumber, *jsHeaders, *jsSearchParams, jsForm, *jsURL:
	default:
		o.properties = append(o.properties, jsProperty{value: jsUnknown{cause(v, e)}, expr: e})
	}
}

// property evaluates a property of a value.
func (r *jsReader) property(e ast.Expression, v jsValue, name string) jsValue {
	switch v := v.(type) {
	case jsUnknown:
		return jsUnknown{e}
	case *jsObject:
		return v.get(name)
	case *jsArray:
		if i, err := strconv.Atoi(name); err == nil && 0 <= i && i < len(v.elements) {
			return v.elements[i]
		}
	case *jsURL:
		if s, ok := v.part(name); ok {
			return jsString(s)
		}
	}
	return jsUnknown{e}
}

// formEncode encodes a string as URLSearchParams does.
//
// https://url.spec.whatwg.org/#urlencoded-serializing
func formEncode(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(s), "%2A", "*"), "~", "%7E")
}
