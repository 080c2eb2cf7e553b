package syntax

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// name reads a name, whose escapes it takes out. n is its length, 0 for none.
func (l *lexer) name() (name string, escaped bool, n int) {
	start := l.at
	var b strings.Builder
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		c := rest[0]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == '$', '0' <= c && c <= '9' && l.at > start:
			l.at++
			continue
		case c == '\\' && strings.HasPrefix(rest, `\u`):
			r, size := escapedRune(rest[1:])
			if size == 0 || !isNameRune(r, b.Len() == 0 && !escaped && l.at == start) {
				break
			}
			if !escaped {
				escaped = true
				b.WriteString(l.text[start:l.at])
			} else {
				b.WriteString(l.text[n:l.at])
			}
			b.WriteRune(r)
			l.at += 1 + size
			n = l.at
			continue
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(rest)
			if r == utf8.RuneError && size == 1 || !isNameRune(r, l.at == start) {
				break
			}
			l.at += size
			continue
		}
		break
	}
	if !escaped {
		return l.text[start:l.at], false, l.at - start
	}
	b.WriteString(l.text[n:l.at])
	return b.String(), true, l.at - start
}

// isNameRune reports whether a character may be part of a name, or its first.
//
// https://tc39.es/ecma262/#prod-IdentifierName
func isNameRune(r rune, first bool) bool {
	switch {
	case r == '_', r == '$', unicode.IsLetter(r), unicode.Is(unicode.Nl, r):
		return true
	case first:
		return false
	}
	return unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || unicode.Is(unicode.Pc, r) ||
		r == '\u200c' || r == '\u200d'
}

// escapedRune reads u0041 or u{41}, and returns its length, 0 if it is neither.
func escapedRune(s string) (r rune, size int) {
	digits, size := "", 0
	if strings.HasPrefix(s, "u{") {
		end := strings.IndexByte(s, '}')
		if end < 0 || end > 2+8 {
			return 0, 0
		}
		digits, size = s[2:end], end+1
	} else if len(s) >= 5 {
		digits, size = s[1:5], 5
	}
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || v > unicode.MaxRune {
		return 0, 0
	}
	return rune(v), size
}

// quoted reads a string, up to its quote.
func (l *lexer) quoted(quote byte) (value, reason string) {
	l.at++
	start := l.at
	for l.at < len(l.text) {
		switch c := l.text[l.at]; c {
		case quote:
			l.at++
			return cook(l.text[start : l.at-1]), ""
		case '\n', '\r':
			return "", "the string does not end on its line"
		case '\\':
			l.at++
			if strings.HasPrefix(l.text[l.at:], "\r\n") {
				l.at++
			}
		}
		l.at++
	}
	l.at = len(l.text)
	return "", "the string does not end"
}

// cook takes the escapes out of the text of a string or template. Half of a surrogate pair becomes U+FFFD.
//
// https://tc39.es/ecma262/#sec-static-semantics-sv
func cook(s string) string {
	i := strings.IndexAny(s, "\\\r")
	if i < 0 {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	b := []byte(s[:i])
	for i < len(s) {
		c := s[i]
		i++
		switch {
		case c == '\r': // in a template, where a line ends in \n
			if strings.HasPrefix(s[i:], "\n") {
				i++
			}
			b = append(b, '\n')
			continue
		case c != '\\' || i == len(s):
			b = append(b, c)
			continue
		}
		c = s[i]
		i++
		switch c {
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'v':
			b = append(b, '\v')
		case '0':
			b = append(b, 0)
		case '\r':
			if strings.HasPrefix(s[i:], "\n") {
				i++
			}
		case '\n':
		case 'x':
			if v, err := strconv.ParseUint(s[i:min(i+2, len(s))], 16, 8); err == nil && i+2 <= len(s) {
				b = utf8.AppendRune(b, rune(v))
				i += 2
			}
		case 'u':
			r, size := escapedRune(s[i-1:])
			if size == 0 {
				break
			}
			i += size - 1
			if utf16.IsSurrogate(r) && strings.HasPrefix(s[i:], `\u`) {
				if low, size := escapedRune(s[i+1:]); size > 0 && utf16.DecodeRune(r, low) != utf8.RuneError {
					r = utf16.DecodeRune(r, low)
					i += 1 + size
				}
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, c) // the rest of its bytes follows
		}
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// numberLength is how long the number is that s starts with.
func numberLength(s string) int {
	if len(s) > 1 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		return wordLength(s)
	}
	i, dot := 0, false
	for i < len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', c == '_':
		case c == '.' && !dot:
			dot = true
		case c|0x20 == 'e':
			dot = true
			if i+1 < len(s) && (s[i+1] == '+' || s[i+1] == '-') {
				i++
			}
		case c == 'n':
			return i + 1
		default:
			return i
		}
		i++
	}
	return i
}

func wordLength(s string) int {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return i
		}
	}
	return len(s)
}

// regexp reads a regular expression at the token, a slash.
func (p *parser) regexp() *Node {
	n := &Node{Kind: Regexp, Start: p.tok.start}
	class := false
	for i := n.Start + 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '\n', c == '\r':
			i = len(p.text)
		case c == '/' && !class:
			n.Text = p.text[n.Start+1 : i]
			n.Flags = p.text[i+1:][:wordLength(p.text[i+1:])]
			p.seek(i + 1 + len(n.Flags))
			return p.node(n)
		}
	}
	p.fail(n.Start, "the regular expression does not end on its line")
	return n
}

// seek goes to the token at an offset, where what the parser has read by itself ends.
func (p *parser) seek(offset int) {
	p.at, p.end = offset, offset
	p.next()
}

// template reads a template at the token, a backtick.
func (p *parser) template(tag *Node) *Node {
	n := &Node{Kind: Template, Start: p.tok.start, Left: tag}
	if tag != nil {
		n.Start = tag.Start
	}
	p.templateOf(n, func() { n.List = append(n.List, p.expression()) })
	return n
}

// skipTemplate passes over a type that is written as a template.
func (p *parser) skipTemplate() { p.templateOf(&Node{Kind: Template, Start: p.tok.start}, p.skipType) }

// templateOf reads a template, and what stands between its texts with read.
func (p *parser) templateOf(n *Node, read func()) {
	p.enter()
	defer p.leave()
	quote, start := p.tok.start, p.tok.end
	for i := start; i < len(p.text) && p.err == nil; {
		switch c := p.text[i]; {
		case c == '\\':
			i += 2
		case c == '`':
			n.Strings = append(n.Strings, cook(p.text[start:i]))
			p.seek(i + 1)
			p.node(n)
			return
		case c == '$' && strings.HasPrefix(p.text[i:], "${"):
			n.Strings = append(n.Strings, cook(p.text[start:i]))
			p.seek(i + 2)
			p.inside(read)
			if !p.is("}") {
				p.unexpected(`"}"`)
				return
			}
			start = p.tok.end
			i = start
		default:
			i++
		}
	}
	p.fail(quote, "the template does not end")
}
