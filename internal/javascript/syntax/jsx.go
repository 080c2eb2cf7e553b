package syntax

import (
	"strings"
	"unicode/utf8"
)

// element reads an element of JSX at its <. Behind it goes on text when it is inside of another, and JavaScript when it is
// not.
//
// https://facebook.github.io/jsx/
func (p *parser) element(outermost bool) *Node {
	p.enter()
	defer p.leave()
	n := &Node{Kind: Element, Start: p.tok.start}
	if p.err != nil {
		return n
	}
	p.next()
	if !p.is(">") {
		n.Key = p.elementName()
		if p.dialect.TypeScript && p.is("<") {
			p.skipAngles()
		}
		p.attributes(n)
		if p.is("/") {
			p.next()
			p.closeTag(n, outermost)
			return n
		}
	}
	if !p.is(">") {
		p.unexpected(`">"`)
		return n
	}
	p.content(n)
	if n.Key != nil && p.err == nil {
		if end := p.elementName(); end.Text != n.Key.Text {
			p.fail(end.Start, "the element ends with another name than it starts with")
		}
	}
	p.closeTag(n, outermost)
	return n
}

// closeTag passes over the > that ends an element.
func (p *parser) closeTag(n *Node, outermost bool) {
	if !p.is(">") {
		p.unexpected(`">"`)
		return
	}
	if outermost {
		p.next()
		p.node(n)
		return
	}
	p.last = p.tok.end
	p.node(n)
}

// elementName reads a name, in which hyphens, colons and dots may stand.
func (p *parser) elementName() *Node {
	n := &Node{Kind: Name, Start: p.tok.start}
	end := n.Start
	for end < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[end:])
		if !isNameRune(r, false) && !strings.ContainsRune("-:.", r) {
			break
		}
		end += size
	}
	if end == n.Start || p.tok.kind != nameToken {
		p.unexpected("the name of an element or attribute")
		return n
	}
	n.Text = p.text[n.Start:end]
	p.seek(end)
	return p.node(n)
}

func (p *parser) attributes(n *Node) {
	for !p.is(">") && !p.is("/") && !p.atEnd() {
		a := &Node{Kind: Property, Start: p.tok.start}
		if p.is("{") {
			a.Kind = Spread
			p.inside(func() {
				p.next()
				if !p.skip("...") {
					p.unexpected(`"..."`)
				}
				a.Left = p.assignment()
			})
			p.want("}")
			n.List = append(n.List, p.node(a))
			continue
		}
		a.Key = p.elementName()
		if p.is("=") {
			a.Right = p.attributeValue()
		}
		n.List = append(n.List, p.node(a))
	}
}

// attributeValue reads what stands behind an equals sign. A string has no escapes, and may have several lines.
func (p *parser) attributeValue() *Node {
	start := p.tok.end
	for start < len(p.text) && strings.IndexByte(" \t\r\n", p.text[start]) >= 0 {
		start++
	}
	if start < len(p.text) && (p.text[start] == '"' || p.text[start] == '\'') {
		length := strings.IndexByte(p.text[start+1:], p.text[start])
		if length < 0 {
			p.fail(start, "the string does not end")
			return &Node{Kind: Bad, Start: start}
		}
		s := &Node{Kind: String, Start: start, Text: p.text[start+1:][:length]}
		p.seek(start + length + 2)
		return p.node(s)
	}
	p.next()
	if p.is("<") {
		return p.element(true)
	}
	var value *Node
	p.inside(func() {
		p.want("{")
		value = p.expression()
	})
	p.want("}")
	return value
}

// content reads what stands between the tags of an element, from the > of the first through the </ of the last.
func (p *parser) content(n *Node) {
	at := p.tok.end
	for p.err == nil {
		i := strings.IndexAny(p.text[at:], "<{")
		if i < 0 {
			p.fail(n.Start, "the element does not end")
			return
		}
		p.seek(at + i)
		if p.is("{") {
			p.inside(func() {
				p.next()
				if p.is("}") {
					return // a comment
				}
				p.skip("...")
				n.List = append(n.List, p.expression())
			})
			if !p.is("}") {
				p.unexpected(`"}"`)
			}
		} else {
			// A </ is two tokens here, but <= and << are none of JSX.
			if !p.is("<") {
				p.unexpected("an element")
			}
			if p.peek().is("/") {
				p.next()
				p.next()
				return
			}
			n.List = append(n.List, p.element(false))
		}
		at = p.tok.end
	}
}
