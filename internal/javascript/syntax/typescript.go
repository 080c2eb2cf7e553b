package syntax

// isModifier reports whether the token is a word before a parameter, and not the parameter.
func (p *parser) isModifier() bool {
	if p.tok.kind != nameToken || p.tok.escaped {
		return false
	}
	switch p.tok.text {
	case "public", "private", "protected", "readonly", "override":
		t := p.peek()
		return t.isName() && !t.newline && !t.isWord("as") && !t.isWord("satisfies")
	}
	return false
}

// typeStatement reads a statement of TypeScript, or returns nil if the words are none.
func (p *parser) typeStatement(ahead token) *Node {
	n := &Node{Kind: Empty, Start: p.tok.start}
	switch p.tok.text {
	case "interface":
		if !ahead.isName() {
			return nil
		}
		p.next()
		p.next()
		if p.is("<") {
			p.skipAngles()
		}
		if p.skipWord("extends") {
			p.skipTypes()
		}
		if !p.is("{") {
			p.unexpected(`"{"`)
		}
		p.skipBrackets()
	case "type":
		if !ahead.isName() {
			return nil
		}
		p.next()
		p.next()
		if p.is("<") {
			p.skipAngles()
		}
		p.want("=")
		p.skipType()
		p.semicolon()
	case "abstract":
		if !ahead.isWord("class") {
			return nil
		}
		return p.class()
	case "declare":
		if ahead.kind != nameToken {
			return nil
		}
		p.next()
		p.statement() // it is only said to be somewhere
	case "namespace", "module":
		if ahead.kind != stringToken && !ahead.isName() {
			return nil
		}
		p.next()
		p.next()
		for p.skip(".") {
			p.next()
		}
		if p.is("{") {
			return p.block()
		}
		p.semicolon() // declare module "x"
	case "global":
		if !ahead.is("{") {
			return nil
		}
		p.next()
		return p.block()
	default:
		return nil
	}
	return p.node(n)
}

// enum reads an enum as what it is when it runs: a variable with an object.
func (p *parser) enum() *Node {
	n := &Node{Kind: Variables, Start: p.tok.start, Text: "const"}
	p.next()
	d := &Node{Kind: Declarator, Start: p.tok.start, Left: p.key()}
	object := &Node{Kind: Object, Start: p.tok.start}
	p.want("{")
	for !p.is("}") && !p.atEnd() {
		member := &Node{Kind: Property, Start: p.tok.start}
		p.propertyKey(member)
		if p.skip("=") {
			member.Right = p.assignment()
		} else {
			member.Right = &Node{Kind: Bad, Start: member.Start, End: member.Start} // the next number
		}
		object.List = append(object.List, p.node(member))
		if !p.is("}") {
			p.want(",")
		}
	}
	p.want("}")
	d.Right = p.node(object)
	n.List = []*Node{p.node(d)}
	return p.node(n)
}

// skipTypes passes over types with commas between them.
func (p *parser) skipTypes() {
	p.skipType()
	for p.skip(",") {
		p.skipType()
	}
}

// skipType passes over a type. It is read just well enough to know where it ends.
func (p *parser) skipType() {
	p.enter()
	defer p.leave()
	for p.is("|") || p.is("&") {
		p.next()
	}
	for p.err == nil {
		p.skipOperand()
		switch {
		case p.is("|"), p.is("&"):
			p.next()
		case p.isWord("is") && !p.tok.newline:
			p.next()
		case p.isWord("extends") && !p.tok.newline:
			p.next()
			p.skipType()
			if p.is("?") {
				p.next()
				p.skipType()
				p.want(":")
				p.skipType()
			}
			return
		default:
			return
		}
	}
}

// skipOperand passes over a type without what joins types.
func (p *parser) skipOperand() {
	for p.isTypeOperator() {
		p.next()
	}
	switch {
	case p.is("<"):
		p.skipAngles()
		if !p.is("(") {
			p.unexpected(`"("`)
			return
		}
		p.skipOperand()
		return
	case p.is("("):
		p.skipBrackets()
		if p.skip("=>") {
			p.skipType()
			return
		}
	case p.is("["), p.is("{"):
		p.skipBrackets()
	case p.is("`"):
		p.skipTemplate()
	case p.is("-"):
		p.next()
		p.next()
	case p.isWord("import"):
		p.next()
		p.skipBrackets()
	case p.tok.kind == nameToken, p.tok.kind == stringToken, p.tok.kind == numberToken:
		p.next()
	default:
		p.unexpected("a type")
		return
	}
	for p.err == nil {
		switch {
		case p.is("."):
			p.next()
			p.next()
		case p.is("<") && !p.tok.newline:
			p.skipAngles()
		case p.is("[") && !p.tok.newline:
			p.skipBrackets()
		default:
			return
		}
	}
}

// isTypeOperator reports whether the token is a word before a type, and not a type.
func (p *parser) isTypeOperator() bool {
	if p.tok.kind != nameToken || p.tok.escaped {
		return false
	}
	switch p.tok.text {
	case "keyof", "unique", "readonly", "infer", "asserts", "abstract", "typeof", "new":
	default:
		return false
	}
	t := p.peek()
	switch t.kind {
	case nameToken:
		return !t.newline && !t.isWord("is") && !t.isWord("extends") && !t.isWord("as")
	case stringToken, numberToken:
		return true
	}
	return t.is("(") || t.is("[") && !t.newline || t.is("{") && !t.newline || t.is("<") && p.isWord("new")
}

// skipBrackets passes over brackets and all that is in them.
func (p *parser) skipBrackets() {
	start := p.tok.start
	open := 0
	for !p.atEnd() {
		switch {
		case p.is("("), p.is("["), p.is("{"):
			open++
		case p.is(")"), p.is("]"), p.is("}"):
			open--
		case p.is("`"):
			p.skipTemplate()
			continue
		}
		p.next()
		if open <= 0 {
			return
		}
	}
	p.fail(start, "the bracket is not closed")
}

// skipAngles passes over the parameters or arguments of a type.
func (p *parser) skipAngles() {
	if !p.angles() {
		p.unexpected(`">"`)
	}
}

// angles passes over a < and what belongs to it, and reports whether all that is in it can be part of a type.
func (p *parser) angles() bool {
	open := 0
	for !p.atEnd() {
		switch p.tok.kind {
		case punctuatorToken:
			switch p.tok.text {
			case "<":
				open++
			case "<<":
				open += 2
			case ">":
				if open--; open == 0 {
					p.next()
					return true
				}
			case "(", "[", "{":
				p.skipBrackets()
				continue
			case "`":
				p.skipTemplate()
				continue
			case ",", ".", "...", "|", "&", "=>", "?", ":", "=", "-", "@":
			default:
				return false
			}
		case privateToken:
			return false
		}
		p.next()
	}
	return false
}

// typeArguments passes over the arguments of a type behind a value, and reports whether they are that, and not two
// comparisons.
func (p *parser) typeArguments() bool {
	if !p.angles() {
		return false
	}
	switch p.tok.kind {
	case endToken:
		return true
	case punctuatorToken:
		switch p.tok.text {
		case "[", "<", ">", "+", "-", "++", "--", "!", "~", "@", "/":
			return p.tok.newline
		case "{":
			return true // the body of a class that extends
		}
		return true
	case nameToken:
		switch p.tok.text {
		case "implements", "as", "satisfies", "in", "instanceof", "of":
			return true
		}
	}
	return p.tok.newline
}

// typeBefore reads a value with a type in angles before it: a function with parameters of types, or a cast.
func (p *parser) typeBefore() *Node {
	p.skipAngles()
	return p.unary()
}

// indexSignature passes over [name: type]: type in a class.
func (p *parser) indexSignature() bool {
	p.next()
	if !p.tok.isName() {
		return false
	}
	p.next()
	if !p.skip(":") {
		return false
	}
	p.skipType()
	p.want("]")
	if p.skip(":") {
		p.skipType()
	}
	p.semicolon()
	return true
}

// startsElement reports whether a < starts JSX, and not a function with parameters of types.
func (p *parser) startsElement() bool {
	if !p.dialect.JSX {
		return false
	}
	ahead := p.lexer
	name, _ := ahead.token()
	if name.kind != nameToken {
		return true
	}
	if name.isWord("const") {
		return false
	}
	next, _ := ahead.token()
	return !next.is(",") && !next.isWord("extends") && !next.is("=")
}
