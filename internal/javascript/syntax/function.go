package syntax

// function reads a function at its keyword.
func (p *parser) function() *Node {
	n := &Node{Kind: Function, Start: p.tok.start}
	p.next()
	p.skip("*")
	if p.tok.kind == nameToken && !p.is("(") {
		n.Key = p.key()
	}
	p.signature(n)
	return p.node(n)
}

// signature reads parameters and body of a function. In TypeScript the body may be elsewhere.
func (p *parser) signature(n *Node) {
	if p.dialect.TypeScript && p.is("<") {
		p.skipAngles()
	}
	n.Params = p.items()
	if p.dialect.TypeScript && p.skip(":") {
		p.skipType()
	}
	if p.dialect.TypeScript && !p.is("{") {
		p.semicolon()
		return
	}
	p.inside(func() { n.Body = p.block() })
}

// object reads an object, or a pattern that looks like one.
func (p *parser) object() *Node {
	n := &Node{Kind: Object, Start: p.tok.start}
	p.inside(func() {
		p.next()
		for !p.is("}") && !p.atEnd() {
			n.List = append(n.List, p.property())
			if !p.is("}") {
				p.want(",")
			}
		}
	})
	p.want("}")
	return p.node(n)
}

func (p *parser) property() *Node {
	n := &Node{Kind: Property, Start: p.tok.start}
	if p.skip("...") {
		n.Kind, n.Left = Spread, p.assignment()
		return p.node(n)
	}
	async := p.prefixes(n)
	p.propertyKey(n)
	switch {
	case p.is("("), p.is("<"):
		f := &Node{Kind: Function, Start: p.tok.start, Async: async}
		p.signature(f)
		n.Right = p.node(f)
	case p.skip(":"):
		n.Right = p.assignment()
	case n.Key.Kind == Name && !n.Computed:
		value := *n.Key
		n.Right = &value
		if p.skip("=") {
			n.Right = p.node(&Node{Kind: Assign, Start: n.Start, Text: "=", Left: &value, Right: p.assignment()})
		}
	default:
		p.unexpected(`":"`)
	}
	return p.node(n)
}

// prefixes reads what may stand before the key of a method: get, set, async and *.
func (p *parser) prefixes(n *Node) (async bool) {
	for _, word := range []string{"get", "set", "async"} {
		if !p.isWord(word) || !p.peek().startsKey() && !(word == "async" && p.peek().is("*")) {
			continue
		}
		if word == "async" && p.peek().newline {
			continue
		}
		p.next()
		if async = word == "async"; !async {
			n.Text = word
		}
		break
	}
	p.skip("*")
	return async
}

// startsKey reports whether a token is the key of a property, or starts it.
func (t token) startsKey() bool {
	switch t.kind {
	case nameToken, privateToken, stringToken, numberToken:
		return true
	}
	return t.is("[")
}

func (p *parser) propertyKey(n *Node) {
	switch p.tok.kind {
	case nameToken, privateToken:
		n.Key = p.key()
		return
	case stringToken, numberToken:
		n.Key = p.primary()
		return
	}
	if !p.is("[") {
		p.unexpected("the name of a property")
		n.Key = &Node{Kind: Bad, Start: p.tok.start, End: p.tok.start}
		return
	}
	n.Computed = true
	p.inside(func() {
		p.next()
		n.Key = p.assignment()
	})
	p.want("]")
}

// class reads a class at its keyword.
func (p *parser) class() *Node {
	n := &Node{Kind: Class, Start: p.tok.start}
	if p.dialect.TypeScript {
		p.skipWord("abstract")
	}
	if !p.skipWord("class") {
		p.unexpected("a class")
	}
	if p.tok.kind == nameToken && !p.isWord("extends") && !p.isWord("implements") {
		n.Key = p.key()
	}
	if p.dialect.TypeScript && p.is("<") {
		p.skipAngles()
	}
	if p.skipWord("extends") {
		n.Left = p.postfix(p.primary(), true)
	}
	if p.dialect.TypeScript && p.skipWord("implements") {
		p.skipTypes()
	}
	p.inside(func() {
		p.want("{")
		for !p.is("}") && !p.atEnd() {
			if !p.skip(";") {
				n.List = append(n.List, p.member())
			}
		}
	})
	p.want("}")
	return p.node(n)
}

// member reads a member of a class.
func (p *parser) member() *Node {
	n := &Node{Kind: Property, Start: p.tok.start}
	for p.is("@") {
		p.decorator()
	}
	if p.isWord("static") && p.peek().is("{") {
		p.next()
		return p.block()
	}
	for p.isMemberModifier() {
		n.Static = n.Static || p.isWord("static")
		p.next()
	}
	if p.dialect.TypeScript && p.is("[") && p.try(p.indexSignature) {
		return p.node(&Node{Kind: Empty, Start: n.Start})
	}
	async := p.prefixes(n)
	p.propertyKey(n)
	if p.dialect.TypeScript && !p.skip("?") {
		p.skip("!")
	}
	if p.is("(") || p.is("<") {
		f := &Node{Kind: Function, Start: p.tok.start, Async: async}
		p.signature(f)
		n.Right = p.node(f)
		return p.node(n)
	}
	if p.dialect.TypeScript && p.skip(":") {
		p.skipType()
	}
	if p.skip("=") {
		n.Right = p.assignment()
	}
	p.semicolon()
	return p.node(n)
}

// isMemberModifier reports whether the token is a word before a member, and not its name.
func (p *parser) isMemberModifier() bool {
	switch {
	case p.tok.kind != nameToken || p.tok.escaped:
		return false
	case p.tok.text == "static", p.tok.text == "accessor":
	case !p.dialect.TypeScript:
		return false
	default:
		switch p.tok.text {
		case "public", "private", "protected", "readonly", "abstract", "declare", "override":
		default:
			return false
		}
	}
	ahead := p.peek()
	return ahead.startsKey() || ahead.is("*")
}

// decorator passes over a decorator.
func (p *parser) decorator() {
	p.next()
	if p.is("(") {
		p.items()
		return
	}
	p.postfix(p.primary(), true)
}
