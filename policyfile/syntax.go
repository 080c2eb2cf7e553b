package policyfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/internal/secrets"
	"github.com/concors/concors/report"
)

// maxMarked is how many characters are set aside so that what follows them can be parsed too, and maxParsed how many bytes are
// parsed for that.
const (
	maxMarked = 20
	maxParsed = 2 * MaxSize
)

// setAside takes the place of a character that cannot begin a value while the rest is parsed. It belongs to no script.
const setAside = '\uE000'

// parse reads the one document of a file. Where a value begins with a character that YAML has for itself, that is told, and the rest is
// read as if it were quoted. Without a document the value has no node, which was told.
func (r *reader) parse(data []byte) value {
	text, ok := r.readable(data)
	if !ok {
		return value{}
	}
	lines := strings.Split(text, "\n")
	r.marked = map[place]rune{}
	for {
		node, err := document(strings.Join(lines, "\n"))
		if err == nil {
			return r.only(node)
		}
		at, again := r.syntax(err, lines)
		if !again || len(r.marked) == maxMarked || (len(r.marked)+2)*len(text) > maxParsed {
			return value{}
		}
		line := []rune(lines[at.line-1])
		r.marked[at] = line[at.column-1]
		line[at.column-1] = setAside
		lines[at.line-1] = string(line)
	}
}

// errDocuments is a file with more than one document.
type errDocuments struct{ line int }

func (e *errDocuments) Error() string { return fmt.Sprintf("line %d: a second document", e.line) }

// document parses one document; nil is an empty one.
func document(text string) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
		return &first, nil
	case err != nil:
		return nil, err
	}
	return nil, &errDocuments{second.Line}
}

// only is the value of the document.
func (r *reader) only(document *yaml.Node) value {
	if document == nil || len(document.Content) == 0 || document.Content[0].Tag == "!!null" {
		r.add(place{1, 1}, report.Error, "empty", "the file is empty", "write version: 1, and policies with at least one policy")
		return value{}
	}
	return r.of(document.Content[0])
}

// isMarked reports whether a character of a scalar was set aside, which was told.
func (r *reader) isMarked(v value) bool {
	_, ok := r.marked[place{v.node.Line, v.node.Column}]
	return ok
}

// unmarked is the text of a scalar as it was written.
func (r *reader) unmarked(v value) string {
	c, ok := r.marked[place{v.node.Line, v.node.Column}]
	if !ok {
		return v.node.Value
	}
	return strings.Replace(v.node.Value, string(setAside), string(c), 1)
}

// readable checks the bytes, so that lines and columns are what everybody else takes them for.
func (r *reader) readable(data []byte) (string, bool) {
	if len(data) > MaxSize {
		r.add(place{1, 1}, report.Error, "too-large", fmt.Sprintf("the file is larger than %d MiB", MaxSize>>20), "split the file")
		return "", false
	}
	text := string(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))
	text = strings.ReplaceAll(text, "\r\n", "\n")
	at := place{1, 1}
	for i, c := range text {
		why := ""
		switch {
		case c == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			why = "a byte that is not UTF-8"
		case c == '\n', c == '\t', ' ' <= c && c < 0x7F:
		case c < ' ', 0x7F <= c && c <= 0x9F, c == '\u2028', c == '\u2029', c == '\uFEFF', c == '\uFFFE', c == '\uFFFF', c == setAside:
			why = fmt.Sprintf("the character %U, which cannot be seen", c)
		}
		if why != "" {
			r.add(at, report.Error, "yaml-character", "the file holds "+why, "save the file as UTF-8; inside double quotes write such a character as \\uXXXX")
			return "", false
		}
		if at.column++; c == '\n' {
			at = place{at.line + 1, 1}
		}
	}
	return text, true
}

// syntax tells what the parser says, and where. Again is true when the character there can be set aside, and the rest be read.
func (r *reader) syntax(err error, lines []string) (at place, again bool) {
	if e, ok := errors.AsType[*errDocuments](err); ok {
		r.add(place{e.line, 1}, report.Error, "yaml-documents", "a second document begins here, and a file holds one", "leave out the line ---, or use two files")
		return place{}, false
	}
	e, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		r.add(place{1, 1}, report.Error, "yaml-syntax", "not YAML: "+err.Error(), "see the reference")
		return place{}, false
	}
	begin, at := place{e.ContextMark.Line, e.ContextMark.Column}, place{e.Mark.Line, e.Mark.Column}
	if begin.line == 0 {
		begin = at
	}
	if last := strings.TrimRight(strings.Join(lines, "\n"), " \n"); at.line > strings.Count(last, "\n")+1 {
		at = begin // the end of the file tells nobody anything
	}
	at.line = max(min(at.line, len(lines)), 1)
	at.column = max(min(at.column, utf8.RuneCountInString(lines[at.line-1])+1), 1)
	secret := isWithin(lines, begin.line, "basic_auth")
	if secret || isWithin(lines, at.line, "basic_auth") {
		r.hideLine(begin.line)
		r.hideLine(at.line)
	}
	switch c := charAt(lines, begin); {
	case c == '*' && (strings.Contains(e.ContextMsg, "alias") || strings.Contains(e.Message, "unknown anchor")):
		word := wordAt(lines, begin)
		fix := quoteWord(word)
		if strings.HasPrefix(word, "*.") {
			fix = "write " + quoted("https://"+word)
		}
		if secret {
			word, fix = secrets.Mask, quoteIt
		}
		r.add(begin, report.Error, "yaml-alias", fmt.Sprintf("%s without quotes is an alias to YAML, a name for something else in the file; as text, quote it", show(word)), fix)
		return begin, true
	case strings.ContainsRune("@`%", c) && strings.Contains(e.Message, "cannot start any token"):
		fix := quoteWord(wordAt(lines, begin))
		if secret {
			fix = quoteIt
		}
		r.add(begin, report.Error, "yaml-character", fmt.Sprintf("a value that begins with %c has to be in quotes", c), fix)
		return begin, true
	}
	switch c := charAt(lines, at); {
	case c == '\t' && strings.Contains(e.Message, "cannot start any token"):
		r.add(at, report.Error, "yaml-tab", "a tab cannot indent", "indent with spaces")
	case (c == '[' || c == '{') && strings.Contains(e.Message, "did not find expected ',' or"):
		r.add(at, report.Error, "yaml-bracket", fmt.Sprintf("%c within a list in brackets begins a list or a mapping of its own; as text, quote the whole value", c), "put the value in double quotes")
	case strings.Contains(e.Message, "mapping values are not allowed"):
		r.add(at, report.Error, "yaml-syntax", "a colon with a space behind it begins a value, and none can begin here", "put the text that has the colon in double quotes, or mend the indentation")
	case strings.Contains(e.Message, "exceeded max depth"):
		r.add(at, report.Error, "too-large", "the file is nested too deep", "nest less")
	default:
		r.add(at, report.Error, "yaml-syntax", "not YAML: "+parserWords(e), "mend this line, or the one before")
	}
	return place{}, false
}

// parserWords is what the parser says, as one sentence.
func parserWords(e *yaml.LoadError) string {
	if e.ContextMsg == "" {
		return e.Message
	}
	if e.ContextMark.Line == 0 || e.ContextMark.Line == e.Mark.Line {
		return e.ContextMsg + ": " + e.Message
	}
	return fmt.Sprintf("%s that begins in line %d: %s", e.ContextMsg, e.ContextMark.Line, e.Message)
}

// charAt is the character of a place, 0 where there is none.
func charAt(lines []string, at place) rune {
	if at.line < 1 || at.line > len(lines) || at.column < 1 {
		return 0
	}
	for _, c := range lines[at.line-1] {
		if at.column--; at.column == 0 {
			return c
		}
	}
	return 0
}

// quoteWord says to write a word in quotes. One of asterisks is masked, or as good as.
func quoteWord(word string) string {
	if len(word) > 1 && strings.Trim(word, "*") == "" {
		return quoteIt
	}
	return "write " + quoted(word)
}

// wordAt is what begins at a place and ends where a value without quotes may end, masked if it may be a secret.
func wordAt(lines []string, at place) string {
	if charAt(lines, at) == 0 {
		return ""
	}
	rest := string([]rune(secrets.InLine(lines[at.line-1]))[at.column-1:])
	if end := strings.IndexAny(rest, " ,]}"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// isWithin reports whether a line is that of a key, or below it, as far as indentation tells in a file that cannot be parsed.
func isWithin(lines []string, line int, key string) bool {
	indent := -1 // of what the line is below so far
	for i := min(line, len(lines)) - 1; i >= 0; i-- {
		text := strings.TrimLeft(lines[i], " ")
		if text == "" {
			continue
		}
		if own := len(lines[i]) - len(text); indent < 0 || own < indent {
			if strings.Contains(text, key) {
				return true
			}
			if indent = own; indent == 0 {
				break
			}
		}
	}
	return false
}
