package nginx

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// The bounds of one file: how deep blocks may stand in each other, and how many statements there may be.
const (
	maxDepth      = 64
	maxStatements = 100_000
)

// A statement is a directive, or a line of a block such as map, where the name is what stands first.
type statement struct {
	name    string
	args    []argument
	isBlock bool
	block   []*statement
	parent  *statement // the block that it stands in; nil for the whole of a configuration
	at      stack.Position
	end     stack.Position // of the block's closing brace

	index map[string][]*statement // of the block, by name; made when first needed
}

// An argument is a parameter of a directive, its quotes and escapes taken away.
type argument struct {
	text string
	at   stack.Position
}

// own returns the statements of a name in a block, those of inner blocks left out.
func (s *statement) own(name string) []*statement {
	if s.index == nil {
		s.index = map[string][]*statement{}
		for _, inner := range s.block {
			s.index[inner.name] = append(s.index[inner.name], inner)
		}
	}
	return s.index[name]
}

// has reports whether a block has a statement of one of the names.
func (s *statement) has(names ...string) bool {
	for _, name := range names {
		if len(s.own(name)) > 0 {
			return true
		}
	}
	return false
}

// arg returns the text of an argument, empty if there is none.
func (s *statement) arg(i int) string {
	if i < 0 || i >= len(s.args) {
		return ""
	}
	return s.args[i].text
}

// within returns the nearest block of a name that a statement stands in, nil for none.
func (s *statement) within(name string) *statement {
	for b := s.parent; b != nil; b = b.parent {
		if b.name == name {
			return b
		}
	}
	return nil
}

// parse reads a file to its end, whatever is wrong with it.
func parse(file string, text []byte) ([]*statement, []report.Finding) {
	p := &parser{lexer: lexer{file: file, text: withoutTemplates(text), line: 1, column: 1}}
	if bytes.HasPrefix(p.text, []byte("\uFEFF")) {
		p.pos += len("\uFEFF")
	}
	return p.statements(nil, 0), p.findings
}

// parser makes statements of tokens.
type parser struct {
	lexer
	findings []report.Finding
	count    int
	held     *token
	ended    bool // it was told that something is not finished before the file ends
}

// most is how many problems of one file are told: after the first few the rest follow from them.
const most = 10

func (p *parser) problem(at stack.Position, format string, args ...any) {
	if len(p.findings) < most {
		p.findings = append(p.findings, unreadable(at, fmt.Sprintf(format, args...)))
	}
}

// unfinished is a problem at the end of a file, of which the innermost is told: those of the blocks around it follow from it.
func (p *parser) unfinished(at stack.Position, format string, args ...any) {
	if !p.ended {
		p.problem(at, format, args...)
	}
	p.ended = true
}

// unreadable is the finding about what nginx would not read either.
func unreadable(at stack.Position, message string) report.Finding {
	return report.Finding{
		Rule: "nginx-syntax", Severity: report.Error, Message: message, Fix: "nginx -t says what nginx makes of it",
		File: at.File, Line: at.Line, Column: at.Column, Reference: "https://nginx.org/en/docs/beginners_guide.html#conf_structure",
	}
}

func (p *parser) next() token {
	if p.held != nil {
		t := *p.held
		p.held = nil
		return t
	}
	t := p.lexer.next()
	switch {
	case t.problem == "":
	case p.pos == len(p.text):
		p.unfinished(t.at, "%s", t.problem)
	default:
		p.problem(t.at, "%s", t.problem)
	}
	return t
}

// statements reads those of a block, up to its brace, or of a file, up to its end.
func (p *parser) statements(parent *statement, depth int) []*statement {
	var list []*statement
	for {
		t := p.next()
		switch t.kind {
		case endOfFile:
			if parent != nil {
				p.unfinished(parent.at, "the block of %s is not closed before the file ends, so nginx does not start", parent.name)
			}
			return list
		case closeBrace:
			if parent == nil {
				p.problem(t.at, `"}" closes no block, so nginx does not start`)
				continue
			}
			parent.end = t.at
			return list
		case semicolon:
			p.problem(t.at, `";" ends no directive, so nginx does not start`)
			continue
		case openBrace:
			p.problem(t.at, `"{" begins a block without a name, so nginx does not start`)
			p.skipBlock()
			continue
		}
		if p.count++; p.count > maxStatements {
			p.problem(t.at, "the file has more than %d directives: the rest is not read", maxStatements)
			p.pos = len(p.text)
			return list
		}
		s := &statement{name: t.text, at: t.at, parent: parent}
		p.finish(s, depth)
		if strings.Trim(s.name, "_") == "" && len(s.args) == 0 && !s.isBlock {
			s.name = "include" // of a template, which can hold anything
		}
		list = append(list, s)
	}
}

// finish reads what follows the name of a statement.
func (p *parser) finish(s *statement, depth int) {
	for {
		switch t := p.next(); t.kind {
		case parameter:
			s.args = append(s.args, argument{t.text, t.at})
		case semicolon:
			return
		case openBrace:
			s.isBlock = true
			switch {
			case strings.HasSuffix(s.name, "_by_lua_block"):
				if !p.skipLua() {
					p.unfinished(s.at, "the block of %s is not closed before the file ends, so nginx does not start", s.name)
				}
			case depth >= maxDepth:
				p.problem(t.at, "blocks stand more than %d deep in each other: this one is not read", maxDepth)
				p.skipBlock()
			default:
				s.block = p.statements(s, depth+1)
			}
			return
		case closeBrace:
			p.problem(t.at, `%s has no ";" before "}", so nginx does not start`, s.name)
			p.held = &t
			return
		case endOfFile:
			p.unfinished(s.at, `%s has no ";" before the file ends, so nginx does not start`, s.name)
			p.held = &t
			return
		}
	}
}

// skipBlock leaves out a block whose brace was read.
func (p *parser) skipBlock() {
	for depth := 1; depth > 0; {
		switch p.next().kind {
		case openBrace:
			depth++
		case closeBrace:
			depth--
		case endOfFile:
			return
		}
	}
}

// withoutTemplates replaces what a template language would fill in, keeping every place: {{ a value }} by a variable that nothing
// sets, or by a directive where it has a line for itself, and {% what is no value %} by spaces. A mark that is not closed on its
// line stays.
func withoutTemplates(text []byte) []byte {
	if !bytes.Contains(text, []byte("{{")) && !bytes.Contains(text, []byte("{%")) && !bytes.Contains(text, []byte("<%")) {
		return text
	}
	text = bytes.Clone(text)
	for _, mark := range []struct {
		open, shut string
		fill       byte
	}{{"{{", "}}", '_'}, {"{%", "%}", ' '}, {"<%=", "%>", '_'}, {"<%", "%>", ' '}} {
		for from := 0; ; {
			i := bytes.Index(text[from:], []byte(mark.open))
			if i < 0 {
				break
			}
			start := from + i
			from = start + len(mark.open)
			line := text[start:]
			if n := bytes.IndexByte(line, '\n'); n >= 0 {
				line = line[:n]
			}
			if end := bytes.Index(line, []byte(mark.shut)); end >= 0 {
				from = start + end + len(mark.shut)
				for j := start; j < from; j++ {
					text[j] = mark.fill
				}
				switch {
				case mark.fill == ' ':
				case isAlone(text, start, from):
					text[from-1] = ';'
				default:
					text[start] = '$'
				}
			}
		}
	}
	return text
}

// isAlone reports whether nothing else stands on the line of a part of a text.
func isAlone(text []byte, start, end int) bool {
	before, after := text[:start], text[end:]
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	if i := bytes.IndexByte(after, '\n'); i >= 0 {
		after = after[:i]
	}
	return len(bytes.TrimSpace(before)) == 0 && len(bytes.TrimSpace(after)) == 0
}

type tokenKind int

const (
	endOfFile tokenKind = iota
	parameter
	semicolon
	openBrace
	closeBrace
)

type token struct {
	kind    tokenKind
	text    string
	at      stack.Position
	problem string // what is wrong with it; it stands for what was meant
}

// lexer reads tokens as nginx does, whose own reader is the only description of the grammar: ngx_conf_read_token. A brace within
// a word is a part of it when it closes, or follows a dollar sign; quotes count only at the beginning of a word.
type lexer struct {
	file         string
	text         []byte
	pos          int
	line, column int
}

func (l *lexer) at() stack.Position {
	return stack.Position{File: l.file, Line: l.line, Column: l.column}
}

// step goes on by a byte. Columns count characters.
func (l *lexer) step() {
	switch c := l.text[l.pos]; {
	case c == '\n':
		l.line++
		l.column = 1
	case utf8.RuneStart(c):
		l.column++
	}
	l.pos++
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func (l *lexer) next() token {
	for l.pos < len(l.text) && (isSpace(l.text[l.pos]) || l.text[l.pos] == '#') {
		if l.text[l.pos] == '#' {
			for l.pos < len(l.text) && l.text[l.pos] != '\n' {
				l.step()
			}
			continue
		}
		l.step()
	}
	t := token{at: l.at()}
	if l.pos == len(l.text) {
		return t
	}
	switch c := l.text[l.pos]; c {
	case ';':
		t.kind = semicolon
	case '{':
		t.kind = openBrace
	case '}':
		t.kind = closeBrace
	case '"', '\'':
		l.quoted(&t, c)
		return t
	default:
		l.bare(&t)
		return t
	}
	l.step()
	return t
}

// quoted reads a word in quotes.
func (l *lexer) quoted(t *token, quote byte) {
	t.kind = parameter
	l.step()
	start := l.pos
	for l.pos < len(l.text) && l.text[l.pos] != quote {
		if l.text[l.pos] == '\\' && l.pos+1 < len(l.text) {
			l.step()
		}
		l.step()
	}
	t.text = unescaped(l.text[start:l.pos])
	if l.pos == len(l.text) {
		t.problem = "the quote is not closed before the file ends, so nginx does not start"
		return
	}
	l.step()
	if l.pos < len(l.text) {
		if c := l.text[l.pos]; !isSpace(c) && c != ';' && c != '{' && c != ')' {
			t.problem = fmt.Sprintf("%q follows a closing quote without a space, so nginx does not start", c)
		}
	}
}

// bare reads a word without quotes.
func (l *lexer) bare(t *token) {
	t.kind = parameter
	start := l.pos
	for l.pos < len(l.text) {
		c := l.text[l.pos]
		if isSpace(c) || c == ';' || c == '{' {
			break
		}
		more := l.pos+1 < len(l.text)
		if c == '\\' && more || c == '$' && more && l.text[l.pos+1] == '{' {
			l.step()
		}
		l.step()
	}
	t.text = unescaped(l.text[start:l.pos])
}

// unescaped replaces the escapes that nginx knows. A backslash before anything else stays, as patterns need it.
func unescaped(text []byte) string {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text)
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if j := strings.IndexByte(`"'\trn`, text[i+1]); j >= 0 {
				b.WriteByte("\"'\\\t\r\n"[j])
				i++
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// skipLua leaves out a block of Lua whose brace was read: braces in its texts and comments are not the block's. It reports
// whether the block is closed.
func (l *lexer) skipLua() bool {
	for depth := 1; l.pos < len(l.text); {
		rest := l.text[l.pos:]
		switch c := rest[0]; {
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				l.step()
				return true
			}
		case c == '"', c == '\'':
			l.skipLuaText(c)
			continue
		case c == '[':
			if l.skipLuaLong() {
				continue
			}
		case bytes.HasPrefix(rest, []byte("--")):
			l.step()
			l.step()
			if !l.skipLuaLong() {
				for l.pos < len(l.text) && l.text[l.pos] != '\n' {
					l.step()
				}
			}
			continue
		}
		l.step()
	}
	return false
}

// skipLuaText leaves out a text in quotes, which ends with its line at the latest.
func (l *lexer) skipLuaText(quote byte) {
	for l.step(); l.pos < len(l.text) && l.text[l.pos] != '\n'; l.step() {
		switch c := l.text[l.pos]; {
		case c == quote:
			l.step()
			return
		case c == '\\' && l.pos+1 < len(l.text):
			l.step()
		}
	}
}

// skipLuaLong leaves out a text in long brackets, if one begins here.
func (l *lexer) skipLuaLong() bool {
	rest := l.text[l.pos:]
	if len(rest) == 0 || rest[0] != '[' {
		return false
	}
	level := 1
	for level < len(rest) && rest[level] == '=' {
		level++
	}
	if level == len(rest) || rest[level] != '[' {
		return false
	}
	end := bytes.Index(rest, []byte("]"+strings.Repeat("=", level-1)+"]"))
	if end < 0 {
		end = len(rest)
	} else {
		end += level + 1
	}
	for range end {
		l.step()
	}
	return true
}
