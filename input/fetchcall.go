package input

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
)

// maxCalls is how many calls of fetch one text may have.
const maxCalls = 1000

// ParseFetch reads the calls of fetch() in a piece of JavaScript, in the order of the text: what "Copy as fetch" of a
// browser gives, or a script as people write it. Nothing is run. The error is an [*Error].
//
// What is literal is known: strings and what is put together from them, objects, and the classes of the platform that
// parts of a request are made of, each also by a name that is bound to it once. What decides (URL, method, names of
// headers, options) must be known, or it is an error that names the expression in the way. Values of headers and contents
// of bodies need not be: a note says which are not.
//
// A copy of a browser has the headers that the browser added to every request; they are taken out again, as [ParseCurl]
// does. In a script, headers are what it sets.
//
// The text is a script, with await where it likes: import and export, and TypeScript, are not read.
func ParseFetch(text string) ([]Call, error) {
	text = strings.ToValidUTF8(strings.TrimPrefix(text, "\ufeff"), "\ufffd")
	if len(text) > MaxCall {
		return nil, &Error{Reason: fmt.Sprintf("the script is larger than %d MiB", MaxCall>>20)}
	}
	if err := scanScript(text); err != nil {
		return nil, err
	}
	program, err := parser.ParseFile(nil, "", scriptStart+text+scriptEnd, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, syntaxError(text, err)
	}
	found := walkScript(program)
	switch {
	case len(found.calls) > maxCalls:
		return nil, &Error{Reason: fmt.Sprintf("the script has more than %d calls of fetch", maxCalls)}
	case len(found.calls) > 0:
	case len(found.others) > 0:
		return nil, &Error{Reason: strings.Join(found.others, " and ") + " is not read: want a call of fetch(), as Copy as fetch gives it"}
	default:
		return nil, &Error{Reason: "the script has no call of fetch(): want one, as Copy as fetch gives it"}
	}
	s := &fetchScript{text: text}
	var calls []Call
	for _, f := range found.calls {
		c, err := s.call(f)
		if err != nil {
			return nil, err
		}
		calls = append(calls, *c)
	}
	if len(found.others) > 0 {
		calls[0].note("Requests that the script makes with " + strings.Join(found.others, " and ") + " are not read.")
	}
	return calls, nil
}

// The text becomes the body of a function in which await is an operator. It stays on its lines.
const (
	scriptStart = "(async function(){"
	scriptEnd   = "\n})()"
)

// syntaxError is the first thing that the parser did not take.
func syntaxError(text string, err error) error {
	line, column, reason := 1, 1, err.Error()
	if list, ok := err.(parser.ErrorList); ok && len(list) > 0 {
		err = list[0]
	}
	if e, ok := err.(*parser.Error); ok {
		line, column, reason = e.Position.Line, e.Position.Column, e.Message
	}
	if line == 1 {
		column = max(column-len(scriptStart), 1)
	}
	if last := 1 + strings.Count(text, "\n"); line > last {
		return &Error{Line: last, Reason: "this is not JavaScript: it ends too early"}
	}
	written := strings.Split(text, "\n")[line-1]
	switch {
	case regexp.MustCompile(`^\s*(import|export)\b`).MatchString(written):
		reason = "import and export are not read: leave these lines out"
	case regexp.MustCompile(`\bfor\s+await\b`).MatchString(written):
		reason = "for await is not read: leave it out"
	case regexp.MustCompile(`\bimport\s*[(.]`).MatchString(written):
		reason = "import() and import.meta are not read: put the value in its place"
	default:
		reason = "this is not JavaScript: " + strings.ToLower(reason[:1]) + reason[1:] + " (TypeScript is not read)"
	}
	return &Error{Line: line, Path: fmt.Sprintf("column %d", column), Reason: shortenLine(reason)}
}

// shortenLine makes one printable line of a text that a parser wrote.
func shortenLine(s string) string {
	quoted := show(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// A fetchScript turns calls of fetch into requests.
type fetchScript struct {
	text   string
	reader jsReader
}

// offset is where a node starts in the text.
func (s *fetchScript) offset(at file.Idx) int {
	return min(max(int(at)-1-len(scriptStart), 0), len(s.text))
}

// fail is an error at an expression, which it names.
func (s *fetchScript) fail(e ast.Expression, reason string) error {
	start, end := s.offset(e.Idx0()), s.offset(e.Idx1())
	source := s.text[start:max(start, end)]
	if call, ok := unwrap(e).(*ast.CallExpression); ok {
		source = s.text[start:max(start, s.offset(call.LeftParenthesis))] + "(...)" // an argument may be a secret
	}
	return scriptError(s.text, start, shortenLine(source), reason)
}

// known returns the string that a part of a request becomes, which must be known.
func (s *fetchScript) known(v jsValue, e ast.Expression, what string) (string, error) {
	if t, ok := text(v); ok {
		return t, nil
	}
	return "", s.fail(cause(v, e), what+" must be known from the text: put the value in its place")
}
