package syntax

// importStatement reads an import at its keyword.
func (p *parser) importStatement() *Node {
	n := &Node{Kind: Import, Start: p.tok.start}
	p.next()
	if p.tok.kind == stringToken {
		p.from(n)
		return p.node(n)
	}
	types := p.skipTypeWord()
	if t := p.peek(); p.isWord("defer") && t.is("*") || p.isWord("source") && t.isName() && !t.isWord("from") {
		p.next()
	}
	if p.tok.isName() {
		local := p.key()
		n.List = append(n.List, p.node(&Node{Kind: Specifier, Start: local.Start, Text: "default", Left: local}))
		if p.dialect.TypeScript && p.skip("=") {
			p.importEquals(n)
			return p.typesOnly(n, types)
		}
		p.skip(",")
	}
	switch {
	case p.is("*"):
		s := &Node{Kind: Specifier, Start: p.tok.start, Text: "*"}
		p.next()
		if !p.skipWord("as") {
			p.unexpected(`"as"`)
		}
		s.Left = p.key()
		n.List = append(n.List, p.node(s))
	case p.is("{"):
		n.List = append(n.List, p.specifiers()...)
	}
	if !p.skipWord("from") {
		p.unexpected(`"from"`)
	}
	p.from(n)
	return p.typesOnly(n, types)
}

// typesOnly leaves out what imports or exports types.
func (p *parser) typesOnly(n *Node, types bool) *Node {
	if types {
		return p.node(&Node{Kind: Empty, Start: n.Start})
	}
	return p.node(n)
}

// importEquals reads what stands behind import x =: a call of require, or a name within a namespace.
func (p *parser) importEquals(n *Node) {
	value := p.assignment()
	n.Flags = "="
	if value.Kind == Call && value.Left.IsName("require") && len(value.List) == 1 && value.List[0].Kind == String {
		n.Text = value.List[0].Text
	} else {
		n.Kind = Empty
	}
	p.semicolon()
}

// from reads the name of a module up to the end of its statement.
func (p *parser) from(n *Node) {
	if p.tok.kind != stringToken {
		p.unexpected("the name of a module")
		return
	}
	module := p.primary()
	if n.Kind == Import {
		n.Text = module.Text
	} else {
		n.Right = module
	}
	if (p.isWord("with") || p.isWord("assert")) && p.peek().is("{") {
		p.next()
		p.object()
	}
	p.semicolon()
}

// skipTypeWord passes over the word type before names that are types.
func (p *parser) skipTypeWord() bool {
	if !p.dialect.TypeScript || !p.isWord("type") {
		return false
	}
	t := p.peek()
	if t.is("{") || t.is("*") || t.isName() && !t.isWord("from") {
		p.next()
		return true
	}
	return false
}

// specifiers reads a list in braces of an import or export. Left is the name inside, Text the one outside.
func (p *parser) specifiers() []*Node {
	var list []*Node
	p.want("{")
	for !p.is("}") && !p.atEnd() {
		start := p.tok.start
		types := false
		if p.dialect.TypeScript && p.isWord("type") {
			if t := p.peek(); t.kind == nameToken && !t.isWord("as") || t.kind == stringToken {
				p.next()
				types = true
			}
		}
		first := p.specifierName()
		second := first
		if p.skipWord("as") {
			second = p.specifierName()
		}
		if !types {
			list = append(list, p.node(&Node{Kind: Specifier, Start: start, Text: first.Text, Left: second}))
		}
		if !p.is("}") {
			p.want(",")
		}
	}
	p.want("}")
	return list
}

func (p *parser) specifierName() *Node {
	if p.tok.kind == nameToken {
		return p.key()
	}
	if p.tok.kind != stringToken {
		p.unexpected("a name")
		return &Node{Kind: Bad, Start: p.tok.start, End: p.tok.start}
	}
	return p.primary()
}

// export reads an export at its keyword.
func (p *parser) export() *Node {
	n := &Node{Kind: Export, Start: p.tok.start}
	p.next()
	types := p.exportsTypes()
	switch {
	case p.is("*"):
		p.next()
		s := &Node{Kind: Specifier, Start: n.Start, Text: "*"}
		if p.skipWord("as") {
			s.Text = p.specifierName().Text
		}
		n.List = append(n.List, p.node(s))
		if !p.skipWord("from") {
			p.unexpected(`"from"`)
		}
		p.from(n)
	case p.is("{"):
		for _, s := range p.specifiers() {
			s.Text, s.Left = s.Left.Text, &Node{Kind: Name, Start: s.Start, End: s.Start + len(s.Text), Text: s.Text}
			n.List = append(n.List, s)
		}
		if p.skipWord("from") {
			p.from(n)
		} else {
			p.semicolon()
		}
	case p.skipWord("default"):
		n.Text = "default"
		p.exportDefault(n)
	case p.dialect.TypeScript && p.skip("="):
		n.Text = "="
		n.Left = p.expression()
		p.semicolon()
	case p.dialect.TypeScript && p.isWord("as") && p.peek().isWord("namespace"):
		p.next()
		p.next()
		p.next()
		p.semicolon()
		return p.node(&Node{Kind: Empty, Start: n.Start})
	default:
		n.Left = p.statement()
	}
	return p.typesOnly(n, types)
}

// exportsTypes passes over the word type before a list of types.
func (p *parser) exportsTypes() bool {
	if !p.dialect.TypeScript || !p.isWord("type") {
		return false
	}
	if t := p.peek(); !t.is("{") && !t.is("*") {
		return false
	}
	p.next()
	return true
}

func (p *parser) exportDefault(n *Node) {
	ahead := p.peek()
	switch {
	case p.isWord("function"):
		n.Left = p.function()
	case p.isWord("class"), p.is("@"), p.dialect.TypeScript && p.isWord("abstract") && ahead.isWord("class"):
		for p.is("@") {
			p.decorator()
		}
		n.Left = p.class()
	case p.isWord("async") && ahead.isWord("function") && !ahead.newline:
		n.Left = p.async()
	case p.dialect.TypeScript && p.isWord("interface") && ahead.isName():
		n.Left = p.typeStatement(ahead)
	default:
		n.Left = p.assignment()
		p.semicolon()
	}
}
