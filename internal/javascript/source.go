// Package javascript reads what JavaScript and TypeScript say about CORS: the middleware that a server has and where it
// stands, the headers that it sets by hand, and what pages ask for.
//
// Nothing is run. What is literal is known, and what is put together from it in the same file; everything else is said to be
// unknown, so that a rule can tell "this is wrong" from "this is not seen". Places are those of the file as it is written.
package javascript

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/internal/javascript/syntax"
)

// A Source is what one file says. It is not changed after [Read], so it may be read concurrently.
type Source struct {
	Name    string
	Modules []string // that it loads, sorted

	Apps     []*App     // servers and routers, in the order in which the file names them
	Headers  []*Header  // of CORS, and Vary, set without a middleware
	Handlers []*Handler // of Next.js: exported functions that are named like methods
	Entries  []*Entry   // of headers() in the configuration of Next.js
	Reads    []*Read    // headers that a page reads of a response
	Asks     []*Ask     // requests of a page that carry credentials

	lines *syntax.Lines
	file  *file
}

// An Error says where a file cannot be read, and why.
type Error struct {
	Line, Column int // from 1; columns are in characters
	Reason       string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// MayBe reports whether a file is one that this package reads, by its name. Declarations, what a minifier wrote, and tests are
// none: servers in tests are wrong on purpose.
func MayBe(name string) bool {
	if _, ok := syntax.DialectOf(name); !ok {
		return false
	}
	folders := strings.Split(name, "/")
	base := folders[len(folders)-1]
	for _, part := range []string{".d.", ".min.", ".test.", ".spec.", ".e2e-spec."} {
		if strings.Contains(base, part) {
			return false
		}
	}
	return !slices.ContainsFunc(folders[:len(folders)-1], func(folder string) bool {
		return folder == "test" || folder == "tests" || folder == "__tests__" || folder == "__mocks__"
	})
}

// Parse reads a file, whose name tells its language; one with another name is read as JavaScript. The error is an [*Error];
// with it comes what stands before the place.
func Parse(name, text string) (*Source, error) {
	text = strings.ToValidUTF8(text, "\ufffd")
	dialect, _ := syntax.DialectOf(name)
	root, err := syntax.Parse(text, dialect)
	s := &Source{Name: name, lines: syntax.NewLines(text)}
	f := newFile(root)
	s.file = f
	s.Modules = f.modules()
	f.readApps(s)
	f.readHeaders(s)
	f.readNext(s)
	f.readPage(s)
	if e, ok := err.(*syntax.Error); ok {
		line, column := s.lines.Position(e.Offset)
		return s, &Error{Line: line, Column: column, Reason: e.Reason}
	}
	return s, nil
}

// Named returns the name of the variable that a node is part of the value of, empty if it has none.
func (s *Source) Named(n *syntax.Node) string {
	for p := s.file.parents[n]; p != nil && p.Kind != syntax.Function; p = s.file.parents[p] {
		if p.Kind == syntax.Declarator && p.Left.Is(syntax.Name) {
			return p.Left.Text
		}
	}
	return ""
}

// Loads reports whether a file loads a module, or a part of it.
func (s *Source) Loads(module string) bool {
	return slices.ContainsFunc(s.Modules, func(m string) bool { return m == module || strings.HasPrefix(m, module+"/") })
}

// Position returns where a node starts: line and column from 1, the column in characters.
func (s *Source) Position(n *syntax.Node) (line, column int) { return s.lines.Position(n.Start) }

// End returns the place right behind a node.
func (s *Source) End(n *syntax.Node) (line, column int) { return s.lines.Position(n.End) }
