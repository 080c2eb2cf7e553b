package javascript

import "github.com/concors/concors/internal/javascript/syntax"

// An Origin says which origins are let in. Its zero value is the default of a package, which is every origin.
type Origin struct {
	At    *syntax.Node // nil for the default
	Kind  OriginKind
	Tests []Test
	// Known is false where there may be more than the tests tell.
	Known bool

	Decision *Decision // of a function
}

// OriginKind is the form in which origins are told.
type OriginKind uint8

// The forms.
const (
	AnyOrigin     OriginKind = iota // *, or nothing
	ReflectOrigin                   // whichever asks
	NoOrigin                        // false
	OneOrigin                       // a string, sent to everybody
	ListOrigin                      // those that pass one of the tests
	DecideOrigin                    // a function, of which the decision tells what it does
	UnknownOrigin                   // the file does not tell
)

// A Test is a condition that an origin may pass.
type Test struct {
	At    *syntax.Node
	How   Comparison
	Text  string // the string, or the pattern
	Flags string // of the pattern

	// With is what holds tests together that have to be passed together; nil for a test that is enough.
	With *syntax.Node
}

// Comparison is how an origin is compared.
type Comparison uint8

// The ways. Only the first and the last are made for it.
const (
	Equals Comparison = iota
	Contains
	StartsWith
	EndsWith
	Matches // a regular expression, unanchored as they are
)

// origin reads the option of that name.
func (f *file) origin(n *syntax.Node, pkg string) Origin {
	o := Origin{At: n, Known: true}
	v := f.resolve(n)
	if text, ok := f.text(n); ok && v.Kind != syntax.Keyword {
		o.Kind = OneOrigin
		if text == "*" {
			o.Kind = AnyOrigin
		}
		o.Tests = []Test{{At: n, Text: text}}
		return o
	}
	if value, ok := f.isTrue(v); ok {
		o.Kind = NoOrigin
		if value {
			o.Kind = ReflectOrigin
		}
		return o
	}
	switch v.Kind {
	case syntax.Regexp:
		o.Kind = ListOrigin
		o.Tests = []Test{{At: n, How: Matches, Text: v.Text, Flags: v.Flags}}
		return o
	case syntax.Function:
		o.Kind, o.Decision = DecideOrigin, f.decide(v, pkg)
		o.Tests, o.Known = o.Decision.Tests, !o.Decision.Unknown
		return o
	case syntax.New:
		if v.Left.IsName("RegExp") {
			if t, ok := f.pattern(v); ok {
				o.Kind, o.Tests = ListOrigin, []Test{t}
				return o
			}
		}
	}
	items, complete := f.items(n)
	if len(items) == 0 && !complete {
		o.Kind, o.Known = UnknownOrigin, false
		return o
	}
	o.Kind = ListOrigin
	o.Tests, o.Known = f.tests(items, Equals)
	o.Known = o.Known && complete
	return o
}

// tests makes a test of each element, as far as they are known.
func (f *file) tests(items []*syntax.Node, how Comparison) (list []Test, known bool) {
	known = true
	for _, item := range items {
		if text, ok := f.text(item); ok {
			list = append(list, Test{At: item, How: how, Text: text})
		} else if t, ok := f.pattern(item); ok {
			list = append(list, t)
		} else {
			known = false
		}
	}
	return list, known
}

// pattern reads a regular expression.
func (f *file) pattern(n *syntax.Node) (Test, bool) {
	v := f.resolve(n)
	switch {
	case v.Is(syntax.Regexp):
		return Test{At: n, How: Matches, Text: v.Text, Flags: v.Flags}, true
	case (v.Is(syntax.New) || v.Is(syntax.Call)) && v.Left.IsName("RegExp") && len(v.List) > 0:
		flags := ""
		if len(v.List) > 1 {
			flags, _ = f.text(v.List[1])
		}
		if text, ok := f.text(v.List[0]); ok {
			return Test{At: n, How: Matches, Text: text, Flags: flags}, true
		}
		return f.pattern(v.List[0])
	}
	return Test{}, false
}
