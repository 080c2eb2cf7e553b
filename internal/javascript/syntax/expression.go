package syntax

// expression reads expressions with commas between them.
func (p *parser) expression() *Node {
	n := p.assignment()
	if !p.is(",") {
		return n
	}
	list := []*Node{n}
	for p.skip(",") {
		list = append(list, p.assignment())
	}
	return p.node(&Node{Kind: Sequence, Start: n.Start, List: list})
}

// assignment reads an expression up to a comma. A pattern is read as the array or object that it looks like.
func (p *parser) assignment() *Node {
	p.enter()
	defer p.leave()
	left := p.choice()
	if isArrow(left) || !p.isAssignment() {
		return left
	}
	n := &Node{Kind: Assign, Start: left.Start, Left: left, Text: p.tok.text}
	p.next()
	n.Right = p.assignment()
	return p.node(n)
}

// isArrow reports whether a node is an arrow function, behind which an expression ends.
func isArrow(n *Node) bool { return n.Kind == Function && n.Arrow && !n.Parens }

// isAssignment reports whether the token is an operator that assigns.
func (p *parser) isAssignment() bool {
	p.greater()
	if p.tok.kind != punctuatorToken {
		return false
	}
	switch p.tok.text {
	case "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "??=":
		return true
	}
	return false
}

// greater makes one operator of a > and what follows it.
func (p *parser) greater() {
	if !p.is(">") {
		return
	}
	n := longest(p.text[p.tok.start:], ">>>=", ">>>", ">>=", ">>", ">=")
	p.tok.text = p.text[p.tok.start : p.tok.start+n]
	p.tok.end = p.tok.start + n
	p.at, p.end = p.tok.end, p.tok.end
}

// choice reads a ? b : c, or what may stand before the question mark.
func (p *parser) choice() *Node {
	test := p.binary(1)
	if isArrow(test) || !p.is("?") {
		return test
	}
	if p.dialect.TypeScript {
		if t := p.peek(); t.is(")") || t.is(",") || t.is(":") || t.is("=") {
			return test // an optional parameter
		}
	}
	n := &Node{Kind: Conditional, Start: test.Start, Test: test}
	p.next()
	noIn, conditional := p.noIn, p.conditional
	p.noIn, p.conditional = false, true
	n.Left = p.assignment()
	p.noIn, p.conditional = noIn, conditional
	p.want(":")
	n.Right = p.assignment()
	return p.node(n)
}

// precedence is how strongly the operator at the token binds, 0 if it is none.
//
// https://tc39.es/ecma262/#prod-ShortCircuitExpression
func (p *parser) precedence() int {
	if p.tok.kind == nameToken && !p.tok.escaped {
		switch p.tok.text {
		case "instanceof":
			return 8
		case "in":
			if !p.noIn {
				return 8
			}
		}
		return 0
	}
	p.greater()
	if p.tok.kind != punctuatorToken {
		return 0
	}
	switch p.tok.text {
	case "??":
		return 1
	case "||":
		return 2
	case "&&":
		return 3
	case "|":
		return 4
	case "^":
		return 5
	case "&":
		return 6
	case "==", "!=", "===", "!==":
		return 7
	case "<", ">", "<=", ">=":
		return 8
	case "<<", ">>", ">>>":
		return 9
	case "+", "-":
		return 10
	case "*", "/", "%":
		return 11
	case "**":
		return 12
	}
	return 0
}

// binary reads operands and the operators between them that bind at least so strongly.
func (p *parser) binary(least int) *Node {
	left := p.unary()
	for !isArrow(left) && p.err == nil {
		if p.dialect.TypeScript && !p.tok.newline && (p.isWord("as") || p.isWord("satisfies")) && least <= 8 {
			p.next()
			p.skipType()
			continue
		}
		strength := p.precedence()
		if strength == 0 || strength < least {
			break
		}
		n := &Node{Kind: Binary, Start: left.Start, Left: left, Text: p.tok.text}
		p.next()
		if strength < 12 {
			strength++
		}
		p.enter()
		n.Right = p.binary(strength)
		p.leave()
		left = p.node(n)
	}
	return left
}

// unary reads an operand with the operators before it.
func (p *parser) unary() *Node {
	p.enter()
	defer p.leave()
	start := p.tok.start
	switch {
	case p.is("!"), p.is("~"), p.is("+"), p.is("-"), p.is("++"), p.is("--"),
		p.isWord("typeof"), p.isWord("void"), p.isWord("delete"):
		n := &Node{Kind: Unary, Start: start, Text: p.tok.text}
		p.next()
		n.Left = p.unary()
		return p.node(n)
	case p.isWord("await") && !p.isPlainName():
		n := &Node{Kind: Unary, Start: start, Text: "await"}
		p.next()
		n.Left = p.unary()
		return p.node(n)
	case p.isWord("yield") && !p.isPlainName():
		return p.yield()
	case p.is("<") && p.dialect.TypeScript && !p.startsElement():
		return p.typeBefore()
	}
	return p.postfix(p.primary(), true)
}

// isPlainName reports whether await or yield is a name here, as old programs have it.
func (p *parser) isPlainName() bool {
	t := p.peek()
	return t.is("=>") || t.is("=") || t.is(".") || t.is(":") && p.tok.text == "await"
}

func (p *parser) yield() *Node {
	n := &Node{Kind: Unary, Start: p.tok.start, Text: "yield"}
	p.next()
	switch {
	case p.tok.newline, p.atEnd(), p.is(")"), p.is("]"), p.is("}"), p.is(","), p.is(";"), p.is(":"):
		return p.node(n)
	}
	p.skip("*")
	n.Left = p.assignment()
	return p.node(n)
}

// postfix reads what follows a value: members, calls, templates.
func (p *parser) postfix(n *Node, calls bool) *Node {
	for !isArrow(n) && p.err == nil {
		start := n.Start
		switch {
		case p.is("."), p.is("?."):
			optional := p.is("?.")
			p.next()
			switch {
			case optional && (p.is("(") || p.is("[") || p.is("`")):
				continue
			case p.tok.kind != nameToken && p.tok.kind != privateToken:
				p.unexpected("a name")
			}
			n = p.node(&Node{Kind: Member, Start: start, Left: n, Key: p.key()})
		case p.is("["):
			index := &Node{Kind: Index, Start: start, Left: n}
			p.inside(func() {
				p.next()
				index.Right = p.expression()
			})
			p.want("]")
			n = p.node(index)
		case p.is("(") && calls:
			n = p.call(n)
		case p.is("`"):
			n = p.template(n)
		case p.is("!") && p.dialect.TypeScript && !p.tok.newline:
			p.next()
		case (p.is("<") || p.is("<<")) && p.dialect.TypeScript:
			if !p.try(p.typeArguments) {
				return n
			}
		case (p.is("++") || p.is("--")) && !p.tok.newline:
			update := &Node{Kind: Unary, Start: start, Text: p.tok.text, Left: n}
			p.next()
			return p.node(update)
		default:
			return n
		}
	}
	return n
}

// key reads a name where any word is one.
func (p *parser) key() *Node {
	n := &Node{Kind: Name, Start: p.tok.start, Text: p.tok.text}
	if p.tok.kind == privateToken {
		n.Kind = PrivateName
	}
	p.next()
	return p.node(n)
}

// call reads the arguments of a call. What looks like a call of async may be an arrow function.
func (p *parser) call(callee *Node) *Node {
	n := &Node{Kind: Call, Start: callee.Start, Left: callee, List: p.items()}
	if callee.IsName("async") && !callee.Parens {
		if f := p.arrow(n.List, callee.Start); f != nil {
			f.Async = true
			return f
		}
	}
	return p.node(n)
}

// items reads a list in parentheses: arguments, parameters, or what turns out to be one or the other.
func (p *parser) items() []*Node {
	var list []*Node
	p.inside(func() {
		p.want("(")
		for !p.is(")") && !p.atEnd() {
			list = append(list, p.item())
			if !p.skip(",") {
				break
			}
		}
	})
	p.want(")")
	return list
}

// item reads an argument or a parameter with what TypeScript puts around it.
func (p *parser) item() *Node {
	p.enter()
	defer p.leave()
	start := p.tok.start
	for p.is("@") {
		p.decorator()
	}
	if p.dialect.TypeScript {
		for p.isModifier() {
			p.next()
		}
	}
	var n *Node
	if p.skip("...") {
		n = p.node(&Node{Kind: Spread, Start: start, Left: p.assignment()})
	} else {
		n = p.assignment()
	}
	if !p.dialect.TypeScript {
		return n
	}
	p.skip("?")
	if p.skip(":") {
		p.skipType()
		if p.skip("=") {
			n = p.node(&Node{Kind: Assign, Start: n.Start, Text: "=", Left: n, Right: p.assignment()})
		}
	}
	return n
}

// arrow reads the rest of an arrow function behind its parameters, or returns nil if it is none.
func (p *parser) arrow(params []*Node, start int) *Node {
	n := &Node{Kind: Function, Start: start, Arrow: true, Params: params}
	switch {
	case p.is("=>") && !p.tok.newline:
		p.next()
		n.Body = p.arrowBody()
		return p.node(n)
	case p.is(":") && p.dialect.TypeScript && !p.tok.newline:
		read := p.try(func() bool {
			p.next()
			p.skipType()
			if !p.skip("=>") {
				return false
			}
			if !p.conditional {
				return true
			}
			// Behind a ?, the colon may be the one of the choice; then none is left.
			n.Body = p.arrowBody()
			return p.is(":")
		})
		if !read {
			return nil
		}
		if !p.conditional {
			n.Body = p.arrowBody()
		}
		return p.node(n)
	}
	return nil
}

func (p *parser) arrowBody() *Node {
	if !p.is("{") {
		return p.assignment()
	}
	var body *Node
	p.inside(func() { body = p.block() })
	return body
}

// primary reads a value.
func (p *parser) primary() *Node {
	n := &Node{Start: p.tok.start, Text: p.tok.text}
	switch p.tok.kind {
	case stringToken:
		n.Kind = String
	case numberToken:
		n.Kind = Number
	case privateToken:
		n.Kind = PrivateName // #x in object
	case nameToken:
		return p.word()
	case punctuatorToken:
		return p.bracketed()
	default:
		p.unexpected("an expression")
		return n
	}
	p.next()
	return p.node(n)
}

// word reads a value that starts with a name or keyword.
func (p *parser) word() *Node {
	n := &Node{Kind: Keyword, Start: p.tok.start, Text: p.tok.text}
	if p.tok.isName() {
		n.Kind = Name
		if p.isWord("async") {
			if f := p.async(); f != nil {
				return f
			}
		}
		p.next()
		p.node(n)
		if p.is("=>") && !p.tok.newline {
			return p.arrow([]*Node{n}, n.Start)
		}
		return n
	}
	switch p.tok.text {
	case "function":
		return p.function()
	case "class":
		return p.class()
	case "new":
		return p.construct()
	case "this", "super", "null", "true", "false":
		p.next()
		return p.node(n)
	case "import":
		p.next()
		if p.is(".") {
			p.next()
			n.Text = "import." + p.tok.text // meta, or defer and source, which are called
			p.next()
		}
		return p.node(n)
	}
	p.unexpected("an expression")
	return &Node{Kind: Bad, Start: n.Start}
}

// async reads a function with async before it, unless it has parentheses only, or is none.
func (p *parser) async() *Node {
	start, ahead := p.tok.start, p.peek()
	switch {
	case ahead.newline:
		return nil
	case ahead.isWord("function"):
		p.next()
		n := p.function()
		n.Start, n.Async = start, true
		return n
	case ahead.isName():
		if p.dialect.TypeScript && (ahead.isWord("as") || ahead.isWord("satisfies")) {
			return nil
		}
		var n *Node
		if p.try(func() bool {
			p.next()
			param := p.key()
			if n = p.arrow([]*Node{param}, start); n != nil {
				n.Async = true
			}
			return n != nil
		}) {
			return n
		}
	}
	return nil
}

// bracketed reads a value that starts with a punctuator.
func (p *parser) bracketed() *Node {
	start := p.tok.start
	switch p.tok.text {
	case "(":
		list := p.items()
		if f := p.arrow(list, start); f != nil {
			return f
		}
		switch len(list) {
		case 0:
			p.unexpected(`"=>"`)
			return &Node{Kind: Bad, Start: start}
		case 1:
			list[0].Parens = true
			return list[0]
		}
		return p.node(&Node{Kind: Sequence, Start: start, List: list, Parens: true})
	case "[":
		return p.array()
	case "{":
		return p.object()
	case "`":
		return p.template(nil)
	case "/", "/=":
		return p.regexp()
	case "@":
		for p.is("@") {
			p.decorator()
		}
		return p.class()
	case "<":
		if p.dialect.JSX {
			return p.element(true)
		}
	}
	p.unexpected("an expression")
	return &Node{Kind: Bad, Start: start}
}

func (p *parser) array() *Node {
	n := &Node{Kind: Array, Start: p.tok.start}
	p.inside(func() {
		p.next()
		for !p.is("]") && !p.atEnd() {
			if p.is(",") {
				n.List = append(n.List, &Node{Kind: Hole, Start: p.tok.start, End: p.tok.start})
				p.next()
				continue
			}
			n.List = append(n.List, p.item())
			if !p.is("]") {
				p.want(",")
			}
		}
	})
	p.want("]")
	return p.node(n)
}

// construct reads an expression with new.
func (p *parser) construct() *Node {
	p.enter()
	defer p.leave()
	n := &Node{Kind: New, Start: p.tok.start}
	p.next()
	if p.is(".") {
		p.next()
		n.Kind, n.Text = Keyword, "new."+p.tok.text
		p.next()
		return p.node(n)
	}
	if p.isWord("new") {
		n.Left = p.construct()
	} else {
		n.Left = p.postfix(p.primary(), false)
	}
	if p.is("(") {
		n.List = p.items()
	}
	return p.node(n)
}
