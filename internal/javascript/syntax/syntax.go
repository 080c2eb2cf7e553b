// Package syntax reads JavaScript, TypeScript and JSX into a tree whose nodes keep their place in the text.
//
// It reads to be read by tools, not to be run. Of TypeScript the types are passed over; what the languages forbid but can
// still be understood is taken (a second declaration of a name, a break outside of a loop). What it cannot understand is an
// error with its place. The text may be hostile: sizes, nesting and time are bounded, and nothing panics.
package syntax

import (
	"fmt"
	"path"
	"strings"
)

// The bounds.
const (
	// MaxText is how long a text may be, in bytes. What people write is far below; what bundlers write is not for reading.
	MaxText = 1 << 20

	maxNesting = 1000 // calls of the parser inside one another
	maxDepth   = 4000 // nodes inside one another: a chain of calls is a tree as deep as it is long
)

// A Dialect is what a text may contain beside JavaScript. The zero value is JavaScript alone.
type Dialect struct {
	TypeScript bool
	JSX        bool
}

// DialectOf returns the dialect that the name of a file tells, and whether it is one of a file that this package reads.
// JavaScript may always contain JSX, as bundlers have it.
func DialectOf(name string) (Dialect, bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".js", ".jsx", ".mjs", ".cjs":
		return Dialect{JSX: true}, true
	case ".ts", ".mts", ".cts":
		return Dialect{TypeScript: true}, true
	case ".tsx":
		return Dialect{TypeScript: true, JSX: true}, true
	}
	return Dialect{}, false
}

// An Error says what of a text could not be read.
type Error struct {
	Offset int // in bytes
	Reason string
}

func (e *Error) Error() string { return e.Reason }

// Parse reads a text. The error is an [*Error]; with it comes the tree of what stands before.
func Parse(text string, d Dialect) (*Node, error) {
	root := &Node{Kind: Program, End: len(text)}
	if len(text) > MaxText {
		return root, &Error{Reason: fmt.Sprintf("the file is larger than %d MiB", MaxText>>20)}
	}
	p := &parser{lexer: lexer{text: text}, dialect: d, effort: len(text) + 1000}
	p.skipHead()
	p.next()
	for !p.atEnd() {
		if s := p.statement(); p.err == nil {
			root.List = append(root.List, s)
		}
	}
	if p.err != nil {
		return root, p.err
	}
	return root, nil
}

// A parser reads by recursive descent, one token ahead. After the first error every token is the end of the text, so all
// loops end. It is a value: a copy is a place to come back to.
type parser struct {
	lexer
	dialect Dialect
	tok     token
	err     *Error
	nesting int
	effort  int // how many tokens may still be read: where two readings are tried, some are read more than once

	noIn        bool // in is no operator: the head of a for
	conditional bool // a colon may belong to the ? before
}

// fail records the first thing that cannot be read.
func (p *parser) fail(offset int, reason string) {
	if p.err == nil {
		p.err = &Error{Offset: min(offset, len(p.text)), Reason: reason}
	}
	p.tok = token{kind: endToken, start: p.tok.start, end: p.tok.start}
}

// unexpected fails at the token.
func (p *parser) unexpected(want string) {
	found := "the end of the file"
	switch p.tok.kind {
	case endToken:
	case stringToken:
		found = "a string"
	default:
		found = fmt.Sprintf("%q", shorten(p.text[p.tok.start:p.tok.end]))
	}
	p.fail(p.tok.start, "got "+found+", want "+want)
}

// shorten keeps an error on a line.
func shorten(s string) string {
	const most = 20
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// next goes to the next token.
func (p *parser) next() {
	if p.err != nil {
		return
	}
	if p.effort--; p.effort < 0 {
		p.fail(p.at, "this can be read in too many ways")
		return
	}
	t, reason := p.lexer.token()
	if reason != "" {
		p.fail(p.at, reason)
		return
	}
	p.tok = t
}

// peek is the token after this one.
func (p *parser) peek() token {
	ahead := p.lexer
	t, _ := ahead.token()
	return t
}

func (p *parser) atEnd() bool { return p.tok.kind == endToken }

// is reports whether the token is a punctuator.
func (p *parser) is(s string) bool { return p.tok.is(s) }

// isWord reports whether the token is a name or keyword, written without escapes.
func (p *parser) isWord(s string) bool { return p.tok.isWord(s) }

// skip passes over a punctuator if it is there.
func (p *parser) skip(s string) bool {
	if !p.is(s) {
		return false
	}
	p.next()
	return true
}

// skipWord passes over a word if it is there.
func (p *parser) skipWord(s string) bool {
	if !p.isWord(s) {
		return false
	}
	p.next()
	return true
}

// want passes over a punctuator that must be there.
func (p *parser) want(s string) {
	if !p.skip(s) {
		p.unexpected(fmt.Sprintf("%q", s))
	}
}

// enter goes a level deeper; leave undoes it.
func (p *parser) enter() {
	if p.nesting++; p.nesting > maxNesting {
		p.fail(p.tok.start, "this nests too deep")
	}
}

func (p *parser) leave() { p.nesting-- }

// try reads one of two readings: when f does not succeed, nothing has been read.
func (p *parser) try(f func() bool) bool {
	before := *p
	if f() && p.err == nil {
		return true
	}
	effort := p.effort
	*p = before
	if p.effort = effort; effort < 0 {
		p.fail(p.tok.start, "this can be read in too many ways")
	}
	return false
}

// inside reads what stands in brackets, where no colon and no in belongs to the outside.
func (p *parser) inside(f func()) {
	noIn, conditional := p.noIn, p.conditional
	p.noIn, p.conditional = false, false
	f()
	p.noIn, p.conditional = noIn, conditional
}

// node ends a node where the last token ended.
func (p *parser) node(n *Node) *Node {
	n.End = max(p.last, n.Start)
	for child := range n.Children() {
		n.depth = max(n.depth, child.depth+1)
	}
	if n.depth > maxDepth {
		p.fail(n.Start, "this nests too deep")
	}
	return n
}
