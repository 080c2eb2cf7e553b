package input

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of JavaScript. The parser recurses, and it reads the parameters of an arrow function twice, so that arrow
// functions in parameters of arrow functions take it time that doubles with each.
const (
	maxCode       = 256 << 10 // bytes outside strings, templates, regular expressions and comments
	maxBrackets   = 200       // open at a time
	maxArrows     = 1000      // in a row, one the body of another
	maxDeepArrows = 4         // one in the parameters of another
	maxLabels     = 100
)

// scanScript checks the bounds of a script before it is parsed, and that its brackets and quotes match. The parser must
// see every bracket that is seen here and no other, or the bounds would not hold: so where a slash may start a regular
// expression or divide, and it matters, the script is refused.
func scanScript(text string) error {
	s := &scriptScanner{text: text, regexp: true, starts: true, frames: []scriptFrame{{}}}
	for s.at < len(text) {
		if err := s.token(); err != nil {
			return err
		}
		if s.code > maxCode {
			return s.fail(s.at, "", fmt.Sprintf("there is more than %d KiB of code", maxCode>>10))
		}
	}
	if open := s.top(); open.bracket != 0 {
		return s.fail(open.at, string(open.bracket), "the bracket is not closed")
	}
	return nil
}

// A scriptScanner is a position in a script, with what tells how to read on.
type scriptScanner struct {
	text   string
	at     int
	code   int
	labels int
	frames []scriptFrame

	regexp  bool        // a slash would start a regular expression
	unsure  bool        // or it might divide
	closed  scriptFrame // the parentheses that ended right before; the zero frame otherwise
	word    string      // the word that ended right before; "" otherwise
	begins  bool        // a statement may begin right before that word
	starts  bool        // a statement may begin here
	follows bool        // a dot stood before
}

// A scriptFrame is an open bracket.
type scriptFrame struct {
	bracket byte // '(', '[', '{', or '`' for the inside of ${} in a template; 0 for the script itself
	at      int
	head    bool // of if, while, for or with
	arrows  int  // how deep arrow functions nest in the parameters of arrow functions inside
	chain   int  // how many arrow functions are each the body of the one before
}

func (s *scriptScanner) top() *scriptFrame { return &s.frames[len(s.frames)-1] }

func (s *scriptScanner) fail(at int, value, reason string) error {
	return scriptError(s.text, at, value, reason)
}

// scriptError is an error at an offset in a script.
func scriptError(text string, at int, value, reason string) error {
	before := text[:min(at, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return &Error{
		Line:   1 + strings.Count(before, "\n"),
		Path:   fmt.Sprintf("column %d", 1+utf8.RuneCountInString(before[start:])),
		Value:  value,
		Reason: reason,
	}
}

// token reads on by one token, comment or character of whitespace.
func (s *scriptScanner) token() error {
	rest := s.text[s.at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "//"):
		s.at += lineLength(rest)
		return nil
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			return s.fail(s.at, "", "the comment does not end")
		}
		s.at += 2 + end + 2
		return nil
	case c == '\'', c == '"':
		return s.quoted(c)
	case c == '`':
		s.at++
		return s.template(s.at - 1)
	case c == '}' && s.top().bracket == '`':
		open := s.top().at
		s.pop()
		s.at++
		return s.template(open)
	case c == '/' && (s.regexp || s.unsure):
		return s.expression()
	}
	if r, size := utf8.DecodeRuneInString(rest); unicode.IsSpace(r) || r == '\ufeff' {
		s.at += size
		return nil
	}
	if n := wordLength(rest); n > 0 {
		s.setWord(rest[:n])
		s.at, s.code = s.at+n, s.code+n
		return nil
	}
	return s.punctuator(rest)
}

// wordLength is the length of the name, keyword or number that s starts with.
func wordLength(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool {
		switch {
		case r >= utf8.RuneSelf:
			return unicode.IsSpace(r) || r == '\ufeff'
		case r == '_', r == '$', r == '\\', '0' <= r && r <= '9', 'a' <= r|0x20 && r|0x20 <= 'z':
			return false
		}
		return true
	})
	if n < 0 {
		return len(s)
	}
	return n
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

// after says what has just been read: a value, behind which a slash divides, or something behind which one starts a
// regular expression.
func (s *scriptScanner) after(value bool) {
	s.regexp, s.unsure, s.closed, s.word, s.starts, s.follows = !value, false, scriptFrame{}, "", false, false
}

func (s *scriptScanner) setWord(word string) {
	property, begins := s.follows, s.starts
	s.after(true)
	s.word, s.begins = word, begins
	if property {
		return
	}
	switch word {
	case "break", "case", "continue", "debugger", "delete", "extends", "in", "instanceof", "new", "return", "throw", "typeof", "void":
		s.regexp = true
	case "do", "else", "finally", "try":
		s.regexp, s.starts = true, true
	case "async", "await", "class", "const", "default", "enum", "export", "function", "get", "import", "let", "of", "set",
		"static", "var", "yield":
		s.unsure = true
	}
	if strings.Contains(word, `\`) {
		s.unsure = true // it may spell a keyword
	}
}

// quoted reads a string.
func (s *scriptScanner) quoted(quote byte) error {
	start := s.at
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case '\\':
			if s.at++; strings.HasPrefix(s.text[min(s.at, len(s.text)):], "\r\n") {
				s.at++
			}
		case quote:
			s.at++
			s.after(true)
			return nil
		case '\n', '\r':
			return s.fail(start, "", "the string does not end on its line")
		}
	}
	return s.fail(start, "", "the string does not end")
}

// template reads the text of a template, up to its end or to a ${.
func (s *scriptScanner) template(start int) error {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '\\':
			s.at++
		case c == '`':
			s.at++
			s.after(true)
			return nil
		case c == '$' && strings.HasPrefix(s.text[s.at:], "${"):
			s.at += 2
			return s.push('`', start, false)
		}
	}
	return s.fail(start, "", "the template does not end")
}

// expression reads a regular expression. Where it is not sure to be one, it must read the same as a division.
func (s *scriptScanner) expression() error {
	rest, unsure := s.text[s.at:], s.unsure
	body := expressionBody(rest[1:])
	s.after(true)
	switch {
	case body < 0 && unsure:
		s.at, s.code, s.regexp = s.at+1, s.code+1, true // it divides
		return nil
	case body < 0:
		return s.fail(s.at, "", "the regular expression does not end on its line")
	}
	next := rest[1+body+1:]
	if unsure && (strings.ContainsAny(rest[1:1+body], "()[]{}'\"`=\\") || strings.HasPrefix(next, "/") || strings.HasPrefix(next, "*")) {
		return s.fail(s.at, "", "a slash that may divide or start a regular expression: put parentheses around it")
	}
	s.at, s.code, s.unsure = len(s.text)-len(next), s.code+body, unsure
	if !unsure {
		s.at += wordLength(next) // its flags
	}
	return nil
}

// expressionBody returns how far it is to the slash that ends a regular expression, or -1 when none does on the line.
func expressionBody(s string) int {
	class := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '\n', '\r':
			return -1
		case '/':
			if !class {
				return i
			}
		case '\xE2':
			if strings.HasPrefix(s[i:], "\u2028") || strings.HasPrefix(s[i:], "\u2029") {
				return -1
			}
		}
	}
	return -1
}

// punctuator reads a bracket or what else is no word.
func (s *scriptScanner) punctuator(rest string) error {
	closed, word, begins := s.closed, s.word, s.begins
	n := 1
	for _, long := range []string{"=>", "++", "--", "?."} {
		if strings.HasPrefix(rest, long) {
			n = len(long)
		}
	}
	at := s.at
	s.at, s.code = s.at+n, s.code+n
	switch p := rest[:n]; p {
	case "(", "[", "{":
		head := p == "(" && (word == "if" || word == "while" || word == "for" || word == "with")
		return s.push(p[0], at, head)
	case ")", "]", "}":
		return s.close(at, p[0])
	case "=>":
		s.after(false)
		top := s.top()
		if top.chain++; top.chain > maxArrows {
			return s.fail(at, "", fmt.Sprintf("more than %d arrow functions in a row", maxArrows))
		}
		if closed.bracket == '(' {
			if top.arrows = max(top.arrows, closed.arrows+1); top.arrows > maxDeepArrows {
				return s.fail(closed.at, "", fmt.Sprintf("arrow functions nest more than %d deep in parameters", maxDeepArrows))
			}
		}
	case "++", "--":
		s.after(true)
		s.unsure = true
	case ".", "?.":
		s.after(false)
		s.follows = true
	case ":":
		s.after(false)
		s.starts = true
		if word != "" && begins {
			if s.labels++; s.labels > maxLabels {
				return s.fail(at, "", fmt.Sprintf("there are more than %d labels", maxLabels))
			}
		}
	case ";", ",":
		s.after(false)
		s.starts = p == ";"
		s.top().chain = 0
	default:
		s.after(false)
	}
	return nil
}

// push opens a bracket.
func (s *scriptScanner) push(bracket byte, at int, head bool) error {
	if len(s.frames) > maxBrackets {
		return s.fail(at, "", fmt.Sprintf("brackets nest more than %d deep", maxBrackets))
	}
	s.frames = append(s.frames, scriptFrame{bracket: bracket, at: at, head: head})
	s.after(false)
	return nil
}

// close ends a bracket.
func (s *scriptScanner) close(at int, bracket byte) error {
	open := *s.top()
	if want := map[byte]byte{')': '(', ']': '[', '}': '{'}[bracket]; open.bracket != want {
		return s.fail(at, string(bracket), "no such bracket is open")
	}
	s.pop()
	s.after(true)
	switch bracket {
	case ')':
		s.closed, s.regexp, s.starts = open, open.head, open.head
	case '}':
		s.unsure, s.starts = true, true
	}
	return nil
}

// pop drops the innermost bracket. What nests inside it nests in what is around it.
func (s *scriptScanner) pop() {
	inner := s.top().arrows
	s.frames = s.frames[:len(s.frames)-1]
	s.top().arrows = max(s.top().arrows, inner)
}
