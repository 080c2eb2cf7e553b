package javascript

import "github.com/concors/concors/internal/javascript/syntax"

// A Decision is what a function makes of an origin.
type Decision struct {
	Function *syntax.Node
	Tests    []Test
	// Unknown is set where something that the file does not tell takes part.
	Unknown bool

	// Always is set where it lets in everything that comes.
	Always bool

	Allows    []*syntax.Node // where it lets in
	Constants []Text         // what it lets in instead of the origin that asks
	Refuses   []*syntax.Node // where it refuses
	Errors    []*syntax.Node // where it refuses by an error
	// Missing is set where a request without an origin is told apart.
	Missing bool
}

// A judge looks at how a function decides about an origin.
type judge struct {
	*file
	*Decision
	isOrigin func(*syntax.Node) bool // whether an expression is the origin, as it came
	callback *syntax.Node            // the parameter that takes the answer; nil where it is returned
}

// decide judges a function that is an option of a package.
func (f *file) decide(function *syntax.Node, pkg string) *Decision {
	if d := f.decisions[function]; d != nil {
		return d
	}
	j := &judge{file: f, Decision: &Decision{Function: function}}
	f.decisions[function] = j.Decision
	if len(function.Params) == 0 {
		j.isOrigin = func(*syntax.Node) bool { return false }
	} else if first := function.Params[0]; pkg == "@koa/cors" {
		j.isOrigin = f.isRequestOrigin
	} else {
		j.isOrigin = func(n *syntax.Node) bool { return f.isParameter(n, first) }
		if len(function.Params) > 1 && (pkg == "cors" || pkg == "@fastify/cors") {
			j.callback = function.Params[1]
		}
	}
	j.look(function.Body)
	if j.callback != nil {
		j.lookAtCalls(function.Body)
	} else {
		j.lookAtReturns(function)
	}
	answers := len(j.Allows) + len(j.Refuses) + len(j.Errors)
	j.Always = len(j.Allows) == answers && answers > 0 && len(j.Constants) == 0 && j.endsWell(function.Body)
	return j.Decision
}

// isParameter reports whether a name is that of a parameter.
func (f *file) isParameter(n, param *syntax.Node) bool {
	if !n.Is(syntax.Name) || !param.Is(syntax.Name) {
		return false
	}
	b := f.lookup(n)
	return b != nil && b.name == param
}

// derived reports whether an expression is the origin or made of it.
func (j *judge) derived(n *syntax.Node) bool {
	for range maxSteps {
		if n == nil {
			return false
		}
		if j.isOrigin(n) {
			return true
		}
		switch n.Kind {
		case syntax.Name:
			b := j.lookup(n)
			if b == nil || b.param || !b.fixed || len(b.path) > 0 {
				return false
			}
			n = b.value
		case syntax.Binary:
			if n.Text != "||" && n.Text != "??" && n.Text != "&&" {
				return false
			}
			if n.Text == "&&" {
				n = n.Right
			} else {
				n = n.Left
			}
		case syntax.Call:
			switch {
			case n.Left.Is(syntax.Member) && (n.Left.Key.Text == "toLowerCase" || n.Left.Key.Text == "trim" || n.Left.Key.Text == "toString"):
				n = n.Left.Left
			case n.Left.IsName("String") && len(n.List) == 1:
				n = n.List[0]
			default:
				return false
			}
		case syntax.Template:
			if len(n.List) != 1 || n.Left != nil || n.Strings[0] != "" || n.Strings[len(n.Strings)-1] != "" {
				return false
			}
			n = n.List[0]
		default:
			return false
		}
	}
	return false
}

// mentions reports whether the origin takes part in an expression.
func (j *judge) mentions(n *syntax.Node) bool {
	found := false
	syntax.Walk(n, func(c *syntax.Node) bool {
		found = found || j.derived(c)
		return !found
	})
	return found
}

// look collects the comparisons in a part of the program.
func (j *judge) look(n *syntax.Node) {
	syntax.Walk(n, func(c *syntax.Node) bool {
		switch c.Kind {
		case syntax.Binary:
			j.comparison(c)
		case syntax.Unary:
			j.Missing = j.Missing || c.Text == "!" && j.derived(c.Left)
		case syntax.Switch:
			if j.derived(c.Test) {
				for _, branch := range c.List {
					if branch.Test != nil {
						j.add(Equals, branch.Test, c)
					}
				}
			}
		case syntax.Index:
			if j.derived(c.Right) {
				j.Unknown = true // a table
			}
		case syntax.Call, syntax.New:
			j.call(c)
		}
		return true
	})
}

func (j *judge) comparison(n *syntax.Node) {
	if n.Text != "===" && n.Text != "==" && n.Text != "!==" && n.Text != "!=" {
		return
	}
	for _, side := range [2][2]*syntax.Node{{n.Left, n.Right}, {n.Right, n.Left}} {
		if !j.derived(side[0]) {
			continue
		}
		other := side[1]
		if other.IsName("undefined") || other.Is(syntax.Keyword) && other.Text == "null" {
			j.Missing = true
			return
		}
		j.add(Equals, other, n)
		return
	}
}

// add adds a test against an expression, which may be an element of a list that a function looks through. Where is the
// expression that tests.
func (j *judge) add(how Comparison, n, where *syntax.Node) {
	list := j.element(n)
	if list == nil {
		list = []*syntax.Node{n}
	}
	j.addAll(how, list, where)
}

func (j *judge) addAll(how Comparison, list []*syntax.Node, where *syntax.Node) {
	tests, known := j.tests(list, how)
	j.Unknown = j.Unknown || !known
	with := j.together(where)
	for i := range tests {
		tests[i].With = with
	}
	if len(j.Tests)+len(tests) > maxTests {
		j.Unknown = true
		return
	}
	j.Tests = append(j.Tests, tests...)
}

// together is the outermost && that an expression is a part of, nil for none.
func (j *judge) together(n *syntax.Node) *syntax.Node {
	var found *syntax.Node
	for p := j.parents[n]; p != nil; p = j.parents[p] {
		switch {
		case p.Kind == syntax.Binary && p.Text == "&&" && !j.derived(p.Left) && !(p.Left.Is(syntax.Unary) && j.derived(p.Left.Left)):
			found = p
		case p.Kind == syntax.Binary, p.Kind == syntax.Unary, p.Kind == syntax.Call:
		case p.Kind == syntax.Function && p.Arrow && j.parents[p].Is(syntax.Call):
		default:
			return found
		}
	}
	return found
}

// element returns the list that a parameter goes through: allowed.some((o) => ...).
func (j *judge) element(n *syntax.Node) []*syntax.Node {
	if !n.Is(syntax.Name) {
		return nil
	}
	b := j.lookup(n)
	if b == nil || !b.param || len(b.scope.Params) == 0 || b.scope.Params[0] != b.name {
		return nil
	}
	call := j.parents[b.scope]
	if !call.Is(syntax.Call) || !call.Left.Is(syntax.Member) || len(call.List) == 0 || call.List[0] != b.scope {
		return nil
	}
	switch call.Left.Key.Text {
	case "some", "find", "findIndex", "filter":
	default:
		return nil
	}
	list, complete := j.items(call.Left.Left)
	j.Unknown = j.Unknown || !complete
	return list
}

// call looks at a call in which the origin takes part.
func (j *judge) call(n *syntax.Node) {
	if n.Left.Is(syntax.Member) {
		name := n.Left.Key.Text
		if tellsOnly(name) {
			return
		}
		if j.derived(n.Left.Left) {
			j.askOrigin(n, name)
			return
		}
		if len(n.List) > 0 && j.derived(n.List[0]) {
			switch name {
			case "includes", "has", "indexOf":
				items, complete := j.items(n.Left.Left)
				j.Unknown = j.Unknown || !complete
				j.addAll(Equals, items, n)
				return
			case "test", "exec":
				j.add(Matches, n.Left.Left, n)
				return
			}
		}
	}
	if j.isCallback(n) || n.Kind == syntax.New && n.Left.IsName("Error") {
		return
	}
	for _, arg := range n.List {
		if j.derived(arg) {
			j.Unknown = true
		}
	}
}

// tellsOnly reports whether a method of that name passes on what it is given, and decides nothing.
func tellsOnly(method string) bool {
	switch method {
	case "log", "warn", "error", "info", "debug", "trace", "status", "writeHead", "json", "next":
		return true
	}
	return setsHeader(method)
}

// askOrigin looks at a method of the origin.
func (j *judge) askOrigin(n *syntax.Node, name string) {
	if len(n.List) == 0 {
		return
	}
	switch name {
	case "includes":
		j.add(Contains, n.List[0], n)
	case "indexOf", "search":
		how := Contains
		if p := j.parents[n]; p.Is(syntax.Binary) && p.Right.Is(syntax.Number) && p.Right.Text == "0" && (p.Text == "===" || p.Text == "==") {
			how = StartsWith
		}
		j.add(how, n.List[0], n)
	case "startsWith":
		j.add(StartsWith, n.List[0], n)
	case "endsWith":
		j.add(EndsWith, n.List[0], n)
	case "match":
		j.add(Matches, n.List[0], n)
	case "replace", "split", "slice", "substring", "substr":
		j.Unknown = true
	}
}

// isCallback reports whether a call hands over the answer.
func (j *judge) isCallback(n *syntax.Node) bool {
	return n.Kind == syntax.Call && j.callback != nil && j.isParameter(n.Left, j.callback)
}

// lookAtCalls sorts the answers that a callback is given.
func (j *judge) lookAtCalls(body *syntax.Node) {
	syntax.Walk(body, func(n *syntax.Node) bool {
		if !j.isCallback(n) {
			return true
		}
		if len(n.List) > 0 && !n.List[0].IsName("undefined") && !isNull(n.List[0]) {
			if n.List[0].Is(syntax.New) || n.List[0].Is(syntax.Call) {
				j.Errors = append(j.Errors, n)
			} else {
				j.Unknown = true
				j.Refuses = append(j.Refuses, n)
			}
			return true
		}
		if len(n.List) < 2 {
			j.Refuses = append(j.Refuses, n)
			return true
		}
		j.answer(n, n.List[1])
		return true
	})
}

func isNull(n *syntax.Node) bool { return n.Is(syntax.Keyword) && n.Text == "null" }

// lookAtReturns sorts the answers that a function returns.
func (j *judge) lookAtReturns(function *syntax.Node) {
	if function.Body != nil && function.Body.Kind != syntax.Block {
		j.answer(function.Body, function.Body)
		return
	}
	syntax.Walk(function.Body, func(n *syntax.Node) bool {
		if n.Kind == syntax.Function {
			return false
		}
		if n.Kind == syntax.Return {
			if n.Left == nil {
				j.Refuses = append(j.Refuses, n)
			} else {
				j.answer(n, n.Left)
			}
		}
		if n.Kind == syntax.Throw || n.Kind == syntax.Call && n.Left.Is(syntax.Member) && n.Left.Key.Text == "throw" {
			j.Errors = append(j.Errors, n)
		}
		return true
	})
}

// answer sorts one answer.
func (j *judge) answer(at, value *syntax.Node) {
	for value.Is(syntax.Conditional) || value.Is(syntax.Binary) && (value.Text == "||" || value.Text == "??") && !j.derived(value) {
		first := value.Left
		j.answer(at, first)
		value = value.Right
	}
	yes, known := j.isTrue(value)
	text, isText := j.text(value)
	switch {
	case j.derived(value), known && yes:
		j.Allows = append(j.Allows, at)
	case known, isNull(value), value.IsName("undefined"), isText && text == "":
		j.Refuses = append(j.Refuses, at)
	case isText:
		j.Constants = append(j.Constants, Text{At: value, Text: text})
		j.Allows = append(j.Allows, at)
	default: // a test, or something that is not seen: either may refuse
		j.Unknown = j.Unknown || !j.mentions(value)
		j.Refuses = append(j.Refuses, at)
	}
}

// endsWell reports whether a function comes to let in when nothing ends it before.
func (j *judge) endsWell(n *syntax.Node) bool {
	switch {
	case n == nil:
		return false
	case n.Kind == syntax.Block:
		return len(n.List) > 0 && j.endsWell(n.List[len(n.List)-1])
	case n.Kind == syntax.If:
		return j.endsWell(n.Left) && j.endsWell(n.Right)
	case n.Kind == syntax.Statement:
		return j.endsWell(n.Left)
	case n.Kind == syntax.Return && n.Left != nil:
		return j.isAllow(n) || j.endsWell(n.Left)
	}
	return j.isAllow(n)
}

func (j *judge) isAllow(n *syntax.Node) bool {
	for _, a := range j.Allows {
		if a == n {
			return true
		}
	}
	return false
}
