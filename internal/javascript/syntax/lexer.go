package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	endToken  tokenKind = iota
	nameToken           // a name or keyword
	privateToken
	stringToken
	numberToken
	punctuatorToken // a backtick too: the parser reads templates, regular expressions and the text of JSX
)

// A token is a piece of the text.
type token struct {
	kind       tokenKind
	text       string // a name without escapes; the value of a string; a number or punctuator as written
	start, end int
	newline    bool // it is the first of its line
	escaped    bool // a name with an escape: never a keyword
}

func (t token) is(s string) bool { return t.kind == punctuatorToken && t.text == s }

func (t token) isWord(s string) bool { return t.kind == nameToken && t.text == s && !t.escaped }

// isName reports whether a token can name a variable.
func (t token) isName() bool { return t.kind == nameToken && (t.escaped || !reserved(t.text)) }

// reserved reports whether a word is a keyword everywhere. Words that are so in places only are not.
//
// https://tc39.es/ecma262/#prod-ReservedWord
func reserved(word string) bool {
	switch word {
	case "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum",
		"export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "new", "null",
		"return", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with":
		return true
	}
	return false
}

// A lexer is a place in a text.
type lexer struct {
	text string
	at   int
	last int // where the token before the current one ended
	end  int // where the current one ends
}

// skipHead passes over a byte order mark and the line that names an interpreter.
func (l *lexer) skipHead() {
	if strings.HasPrefix(l.text, "\ufeff") {
		l.at = len("\ufeff")
	}
	if strings.HasPrefix(l.text[l.at:], "#!") {
		l.at += lineLength(l.text[l.at:])
	}
}

// lineLength is how far it is to the end of the line.
//
// https://tc39.es/ecma262/#sec-line-terminators
func lineLength(s string) int {
	if i := strings.IndexAny(s, "\n\r\u2028\u2029"); i >= 0 {
		return i
	}
	return len(s)
}

// token reads a token; where that cannot be done it says why.
func (l *lexer) token() (t token, reason string) {
	newline, reason := l.space()
	if reason != "" {
		return token{}, reason
	}
	t = token{newline: newline, start: l.at}
	l.last = l.end
	defer func() {
		t.end, l.end = l.at, l.at
	}()
	if l.at >= len(l.text) {
		return t, ""
	}
	rest := l.text[l.at:]
	c := rest[0]
	switch {
	case c == '"', c == '\'':
		t.kind = stringToken
		t.text, reason = l.quoted(c)
		return t, reason
	case '0' <= c && c <= '9', c == '.' && len(rest) > 1 && '0' <= rest[1] && rest[1] <= '9':
		n := numberLength(rest)
		l.at += n
		t.kind, t.text = numberToken, rest[:n]
		return t, ""
	case c == '#':
		l.at++
		name, _, n := l.name()
		if n == 0 {
			return t, "got \"#\", want a private name behind it"
		}
		t.kind, t.text = privateToken, "#"+name
		return t, ""
	}
	if name, escaped, n := l.name(); n > 0 {
		t.kind, t.text, t.escaped = nameToken, name, escaped
		return t, ""
	}
	n := punctuatorLength(rest)
	if n == 0 {
		return t, "there is no such character in JavaScript"
	}
	l.at += n
	t.kind, t.text = punctuatorToken, rest[:n]
	return t, ""
}

// space passes over whitespace and comments, and reports whether a line ended there.
func (l *lexer) space() (newline bool, reason string) {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch c := rest[0]; {
		case c == '\n', c == '\r':
			newline = true
			l.at++
			continue
		case c == ' ', c == '\t', c == '\v', c == '\f':
			l.at++
			continue
		case strings.HasPrefix(rest, "//"):
			l.at += lineLength(rest)
			continue
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return newline, "the comment does not end"
			}
			newline = newline || lineLength(rest[:end+2]) < end+2
			l.at += 2 + end + 2
			continue
		case c < utf8.RuneSelf:
			return newline, ""
		}
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == '\u2028', r == '\u2029':
			newline = true
		case r != '\ufeff' && !unicode.Is(unicode.Zs, r):
			return newline, ""
		}
		l.at += size
	}
	return newline, ""
}

// punctuatorLength is how long the punctuator is that s starts with; 0 for none. A > is always one alone, for it may end
// the arguments of a type; [parser.greater] puts operators together.
func punctuatorLength(s string) int {
	switch s[0] {
	case '(', ')', '[', ']', '{', '}', ';', ',', ':', '~', '`', '@', '>':
		return 1
	case '.':
		if strings.HasPrefix(s, "...") {
			return 3
		}
		return 1
	case '?':
		switch {
		case strings.HasPrefix(s, "??="):
			return 3
		case strings.HasPrefix(s, "??"):
			return 2
		case strings.HasPrefix(s, "?.") && (len(s) == 2 || s[2] < '0' || s[2] > '9'):
			return 2
		}
		return 1
	case '=':
		return longest(s, "===", "==", "=>")
	case '!':
		return longest(s, "!==", "!=")
	case '<':
		return longest(s, "<<=", "<<", "<=")
	case '*':
		return longest(s, "**=", "**", "*=")
	case '&':
		return longest(s, "&&=", "&&", "&=")
	case '|':
		return longest(s, "||=", "||", "|=")
	case '+':
		return longest(s, "++", "+=")
	case '-':
		return longest(s, "--", "-=")
	case '/':
		return longest(s, "/=")
	case '%':
		return longest(s, "%=")
	case '^':
		return longest(s, "^=")
	}
	return 0
}

func longest(s string, candidates ...string) int {
	for _, c := range candidates {
		if strings.HasPrefix(s, c) {
			return len(c)
		}
	}
	return 1
}
