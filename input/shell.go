package input

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"

	"github.com/concors/concors/cors/header"
)

// An argument is one word of a command line as the program would get it.
type argument struct {
	text string
	line int

	// byBytes says that escapes such as \xe9 spell bytes beyond ASCII, so that text need not be UTF-8.
	byBytes bool
}

// maxNesting is how deep brackets may nest in a text. The parsers recurse, and Go cannot recover from a stack that
// overflows.
const maxNesting = 1000

// shellArguments splits a command line as bash does. Nothing is expanded: what the text alone does not tell is an error.
// It stops at a pipe, since what follows only reads what comes out, and passes over redirections.
func shellArguments(text string) ([]argument, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if depth := nesting(text); depth > maxNesting {
		return nil, &Error{Reason: fmt.Sprintf("brackets nest more than %d deep", maxNesting)}
	}
	s := &shellReader{text: text, line: 1}
	for {
		more, err := s.words()
		if err != nil || !more {
			return s.arguments, err
		}
	}
}

// nesting counts brackets wherever they stand, quoted or not: what comes out is never less than what a parser sees.
func nesting(text string) int {
	depth, deepest := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '(', '[', '{', '`':
			depth++
			deepest = max(deepest, depth)
		case ')', ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return deepest
}

// A shellReader reads words from text, from its start up to the next operator.
type shellReader struct {
	text      string
	line      int // of the start of text
	arguments []argument
}

// words reads up to an operator, and reports whether there is more to read behind it.
func (s *shellReader) words() (more bool, err error) {
	end := 0 // of the last word
	for word, err := range syntax.NewParser(syntax.Variant(syntax.LangBash)).WordsSeq(strings.NewReader(s.text)) {
		if err != nil {
			return s.operator(end, err)
		}
		start := int(word.Pos().Offset())
		if len(s.arguments) > 0 && strings.Contains(strings.ReplaceAll(s.text[end:start], "\\\n", ""), "\n") {
			return false, s.secondCommand(start)
		}
		a, err := s.argument(word)
		if err != nil {
			return false, err
		}
		s.arguments = append(s.arguments, a)
		end = int(word.End().Offset())
	}
	return false, nil
}

// operator deals with what the parser of words does not take.
func (s *shellReader) operator(end int, err error) (more bool, _ error) {
	rest := strings.TrimLeft(strings.ReplaceAll(s.text[end:], "\\\n", "  "), " \t")
	at := len(s.text) - len(rest)
	switch {
	case strings.HasPrefix(rest, "||"), strings.HasPrefix(rest, "&&"), strings.HasPrefix(rest, ";"), strings.HasPrefix(rest, "&"):
		operator := rest[:1]
		if rest = strings.TrimSpace(strings.TrimLeft(rest, "|&;")); rest == "" && operator != "&" {
			return false, nil
		}
		if operator == "&" && !strings.HasPrefix(rest, "curl") {
			return false, s.fail(at, "&", "outside quotes it ends the command: put the URL in quotes")
		}
		return false, s.secondCommand(at)
	case strings.HasPrefix(rest, "|"):
		return false, nil
	}
	if n := redirection(rest); n > 0 {
		return s.skipTarget(at + n)
	}
	reason := "this is not a command line that a shell takes"
	if syntaxError, ok := errors.AsType[syntax.ParseError](err); ok {
		at, reason = min(int(syntaxError.Pos.Offset()), len(s.text)), syntaxError.Text
	} else if language, ok := errors.AsType[syntax.LangError](err); ok {
		at = min(int(language.Pos.Offset()), len(s.text))
	}
	return false, s.fail(at, "", reason)
}

// redirection returns the length of the redirection operator that s starts with.
func redirection(s string) int {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	for _, operator := range []string{"&>>", "&>", ">>", ">&", ">|", ">", "<&", "<<<", "<"} {
		if strings.HasPrefix(s[i:], operator) && !strings.HasPrefix(s[i:], "<<-") {
			return i + len(operator)
		}
	}
	return 0
}

// skipTarget goes on behind the word that a redirection names.
func (s *shellReader) skipTarget(at int) (more bool, _ error) {
	s.line += strings.Count(s.text[:at], "\n")
	s.text = s.text[at:]
	for word, err := range syntax.NewParser(syntax.Variant(syntax.LangBash)).WordsSeq(strings.NewReader(s.text)) {
		if err != nil {
			break
		}
		end := int(word.End().Offset())
		s.line += strings.Count(s.text[:end], "\n")
		s.text = s.text[end:]
		return true, nil
	}
	return false, s.fail(0, "", "a redirection names no file")
}

func (s *shellReader) secondCommand(at int) error {
	return s.fail(at, "", "a second command: give one at a time")
}

func (s *shellReader) fail(at int, value, reason string) error {
	return &Error{Line: s.line + strings.Count(s.text[:at], "\n"), Value: value, Reason: reason}
}

// argument puts a word together from its quoted and unquoted parts.
func (s *shellReader) argument(word *syntax.Word) (argument, error) {
	a := argument{line: s.line + int(word.Pos().Line()) - 1}
	var b strings.Builder
	if split := *word; len(split.Parts) > 0 {
		if split.Parts = append([]syntax.WordPart(nil), word.Parts...); syntax.SplitBraces(&split) {
			return a, s.unknowable(word, "braces outside quotes make several words: put them in quotes")
		}
	}
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			b.WriteString(unescape(part.Value, ""))
		case *syntax.SglQuoted:
			if !part.Dollar {
				b.WriteString(part.Value)
				continue
			}
			text, byBytes := ansiC(part.Value)
			b.WriteString(text)
			a.byBytes = a.byBytes || byBytes
		case *syntax.DblQuoted:
			for _, inner := range part.Parts {
				lit, ok := inner.(*syntax.Lit)
				if !ok {
					return a, s.substitution(inner)
				}
				b.WriteString(unescape(lit.Value, "\"\\$`"))
			}
		default:
			return a, s.substitution(part)
		}
	}
	a.text = b.String()
	return a, nil
}

// substitution is the error for a part whose value depends on where the line is run.
func (s *shellReader) substitution(part syntax.WordPart) error {
	switch part.(type) {
	case *syntax.ParamExp:
		return s.unknowable(part, "the value of a shell variable is not known here: put it in its place")
	case *syntax.CmdSubst:
		return s.unknowable(part, "what a command prints is not known here: put it in its place")
	}
	return s.unknowable(part, "what a shell makes of this is not known here")
}

func (s *shellReader) unknowable(node syntax.Node, reason string) error {
	start, end := int(node.Pos().Offset()), int(node.End().Offset())
	return s.fail(start, show(s.text[start:min(end, len(s.text))]), reason)
}

// unescape takes out the backslashes that escape something: before any character, or only before one of the given ones.
//
// https://www.gnu.org/software/bash/manual/html_node/Quoting.html
func unescape(s, escapable string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (escapable == "" || strings.IndexByte(escapable, s[i+1]) >= 0) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// ansiC decodes the inside of $'...'. Surrogates that Firefox writes as a pair make one character. NUL, which would end
// the word in bash, is kept: the browser sent it.
//
// https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html
func ansiC(s string) (text string, byBytes bool) {
	var b []byte
	for len(s) > 0 {
		before, rest, found := strings.Cut(s, `\`)
		b = append(b, before...)
		if s = rest; !found || s == "" {
			break
		}
		c := s[0]
		s = s[1:]
		switch c {
		case '\\', '\'', '"', '?':
			b = append(b, c)
		case 'a', 'b', 'e', 'E', 'f', 'n', 'r', 't', 'v':
			b = append(b, map[byte]byte{'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11}[c])
		case 'c':
			if s != "" {
				b = append(b, s[0]&0x1F)
				s = s[1:]
			}
		case 'x':
			n, value := digits(s, 16, 2)
			if n == 0 {
				b = append(b, `\x`...)
				continue
			}
			s = s[n:]
			b, byBytes = append(b, byte(value)), byBytes || value >= utf8.RuneSelf
		case '0', '1', '2', '3', '4', '5', '6', '7':
			s = string(c) + s
			n, value := digits(s, 8, 3)
			s = s[n:]
			b, byBytes = append(b, byte(value)), byBytes || byte(value) >= utf8.RuneSelf
		case 'u', 'U':
			n, value := digits(s, 16, map[byte]int{'u': 4, 'U': 8}[c])
			if n == 0 {
				b = append(b, '\\', c)
				continue
			}
			s = s[n:]
			if utf16.IsSurrogate(rune(value)) && strings.HasPrefix(s, `\u`) {
				if n, low := digits(s[2:], 16, 4); utf16.DecodeRune(rune(value), rune(low)) != utf8.RuneError {
					s, value = s[2+n:], uint32(utf16.DecodeRune(rune(value), rune(low)))
				}
			}
			b = utf8.AppendRune(b, rune(value))
		default:
			b = append(b, '\\', c)
		}
	}
	return string(b), byBytes
}

// digits reads at most so many digits of a base, and returns how many there are and their value.
func digits(s string, base uint32, most int) (n int, value uint32) {
	for n < most && n < len(s) {
		i := strings.IndexByte("0123456789abcdef", header.Lower(s[n : n+1])[0])
		if i < 0 || uint32(i) >= base {
			break
		}
		value = value*base + uint32(i)
		n++
	}
	return n, value
}
