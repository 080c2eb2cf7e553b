package syntax

// statement reads a statement, or one of the declarations that are their likes.
func (p *parser) statement() *Node {
	p.enter()
	defer p.leave()
	start := p.tok.start
	switch {
	case p.is("{"):
		return p.block()
	case p.is(";"):
		p.next()
		return p.node(&Node{Kind: Empty, Start: start})
	case p.is("@"):
		for p.is("@") {
			p.decorator()
		}
		return p.statement()
	case p.tok.kind != nameToken || p.tok.escaped:
		return p.plain()
	case !reserved(p.tok.text):
		return p.contextual()
	}
	switch p.tok.text {
	case "var", "const":
		if p.dialect.TypeScript && p.peek().isWord("enum") {
			p.next()
			return p.enum()
		}
		return p.declaration()
	case "function":
		return p.function()
	case "class":
		return p.class()
	case "if":
		return p.ifStatement()
	case "for", "while", "do", "with":
		return p.loop()
	case "return", "throw":
		return p.leaving()
	case "break", "continue", "debugger":
		n := &Node{Kind: Jump, Start: start, Text: p.tok.text}
		p.next()
		if p.tok.isName() && !p.tok.newline {
			p.next()
		}
		p.semicolon()
		return p.node(n)
	case "switch":
		return p.switchStatement()
	case "try":
		return p.tryStatement()
	case "import":
		if t := p.peek(); !t.is("(") && !t.is(".") {
			return p.importStatement()
		}
	case "export":
		return p.export()
	case "enum":
		if p.dialect.TypeScript {
			return p.enum()
		}
	}
	return p.plain()
}

// contextual reads a statement that starts with a word which is a keyword in places only.
func (p *parser) contextual() *Node {
	ahead := p.peek()
	switch p.tok.text {
	case "let":
		if ahead.isName() || ahead.is("[") || ahead.is("{") {
			return p.declaration()
		}
	case "using":
		if ahead.isName() && !ahead.newline && !ahead.isWord("of") {
			return p.declaration()
		}
	case "await":
		if ahead.isWord("using") && !ahead.newline {
			var n *Node
			if p.try(func() bool {
				p.next()
				if !p.peek().isName() {
					return false
				}
				n = p.declaration()
				return true
			}) {
				return n
			}
		}
	case "async":
		if ahead.isWord("function") && !ahead.newline {
			return p.async()
		}
	}
	if p.dialect.TypeScript && !ahead.newline {
		if n := p.typeStatement(ahead); n != nil {
			return n
		}
	}
	if ahead.is(":") {
		p.next()
		p.next()
		return p.statement()
	}
	return p.plain()
}

// plain reads an expression as a statement.
func (p *parser) plain() *Node {
	n := &Node{Kind: Statement, Start: p.tok.start, Left: p.expression()}
	p.semicolon()
	return p.node(n)
}

// semicolon passes over the end of a statement, which need not be written.
//
// https://tc39.es/ecma262/#sec-automatic-semicolon-insertion
func (p *parser) semicolon() {
	if !p.skip(";") && !p.tok.newline && !p.is("}") && !p.atEnd() {
		p.unexpected("the end of the statement")
	}
}

// block reads statements in braces.
func (p *parser) block() *Node {
	n := &Node{Kind: Block, Start: p.tok.start}
	p.want("{")
	for !p.is("}") && !p.atEnd() {
		n.List = append(n.List, p.statement())
	}
	p.want("}")
	return p.node(n)
}

// declaration reads variables up to their semicolon.
func (p *parser) declaration() *Node {
	n := p.variables()
	p.semicolon()
	return p.node(n)
}

func (p *parser) variables() *Node {
	n := &Node{Kind: Variables, Start: p.tok.start, Text: p.tok.text}
	p.next()
	for {
		d := &Node{Kind: Declarator, Start: p.tok.start}
		switch {
		case p.is("["):
			d.Left = p.array()
		case p.is("{"):
			d.Left = p.object()
		case p.tok.isName():
			d.Left = p.key()
		default:
			p.unexpected("the name of a variable")
			return n
		}
		if p.dialect.TypeScript {
			p.skip("!")
			if p.skip(":") {
				p.skipType()
			}
		}
		if p.skip("=") {
			d.Right = p.assignment()
		}
		n.List = append(n.List, p.node(d))
		if !p.skip(",") {
			return p.node(n)
		}
	}
}

// head reads an expression in parentheses.
func (p *parser) head() *Node {
	var n *Node
	p.inside(func() {
		p.want("(")
		n = p.expression()
	})
	p.want(")")
	return n
}

func (p *parser) ifStatement() *Node {
	n := &Node{Kind: If, Start: p.tok.start}
	p.next()
	n.Test = p.head()
	n.Left = p.statement()
	if p.skipWord("else") {
		n.Right = p.statement()
	}
	return p.node(n)
}

func (p *parser) loop() *Node {
	n := &Node{Kind: Loop, Start: p.tok.start}
	word := p.tok.text
	p.next()
	switch word {
	case "do":
		n.Body = p.statement()
		if !p.skipWord("while") {
			p.unexpected(`"while"`)
		}
		n.List = append(n.List, p.head())
		p.skip(";")
		return p.node(n)
	case "for":
		p.skipWord("await")
		p.inside(func() { n.List = p.forHead() })
	default:
		n.List = append(n.List, p.head())
	}
	n.Body = p.statement()
	return p.node(n)
}

func (p *parser) forHead() []*Node {
	var list []*Node
	p.want("(")
	p.noIn = true
	ahead := p.peek()
	switch {
	case p.is(";"):
	case p.isWord("var"), p.isWord("const"),
		p.isWord("let") && (ahead.isName() || ahead.is("[") || ahead.is("{")),
		p.isWord("using") && ahead.isName() && !ahead.isWord("of"):
		list = append(list, p.variables())
	default:
		list = append(list, p.expression())
	}
	p.noIn = false
	if p.skipWord("of") || p.skipWord("in") {
		list = append(list, p.expression())
		p.want(")")
		return list
	}
	for _, end := range []string{";", ")"} {
		p.want(";")
		if !p.is(end) && !p.atEnd() {
			list = append(list, p.expression())
		}
	}
	p.want(")")
	return list
}

// leaving reads a return or throw.
func (p *parser) leaving() *Node {
	n := &Node{Kind: Return, Start: p.tok.start}
	if p.isWord("throw") {
		n.Kind = Throw
	}
	p.next()
	if !p.tok.newline && !p.is(";") && !p.is("}") && !p.atEnd() {
		n.Left = p.expression()
	}
	p.semicolon()
	return p.node(n)
}

func (p *parser) switchStatement() *Node {
	n := &Node{Kind: Switch, Start: p.tok.start}
	p.next()
	n.Test = p.head()
	p.want("{")
	for !p.is("}") && !p.atEnd() {
		c := &Node{Kind: Case, Start: p.tok.start}
		switch {
		case p.skipWord("default"):
		case p.skipWord("case"):
			conditional := p.conditional
			p.conditional = true // the colon is the one of the case
			c.Test = p.expression()
			p.conditional = conditional
		default:
			p.unexpected(`"case"`)
		}
		p.want(":")
		for !p.is("}") && !p.isWord("case") && !p.isWord("default") && !p.atEnd() {
			c.List = append(c.List, p.statement())
		}
		n.List = append(n.List, p.node(c))
	}
	p.want("}")
	return p.node(n)
}

func (p *parser) tryStatement() *Node {
	n := &Node{Kind: Try, Start: p.tok.start}
	p.next()
	n.Body = p.block()
	if p.skipWord("catch") {
		if p.is("(") {
			if list := p.items(); len(list) > 0 {
				n.Left = list[0]
			}
		}
		n.Right = p.block()
	}
	if p.skipWord("finally") {
		n.Last = p.block()
	}
	return p.node(n)
}
