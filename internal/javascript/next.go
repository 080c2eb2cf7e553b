package javascript

import (
	"slices"
	"strings"

	"github.com/concors/concors/internal/javascript/syntax"
)

// A Handler is an exported function that Next.js calls for one method.
type Handler struct {
	At     *syntax.Node // its name
	Method string
	// Function is nil where it is not in the file.
	Function *syntax.Node
}

// An Entry is an element of the list that headers() returns in the configuration of Next.js.
type Entry struct {
	At     *syntax.Node
	Source Text
	Has    bool // it is for some requests only
	Fields []EntryField
}

// An EntryField is a header field of an [Entry].
type EntryField struct {
	At    *syntax.Node // its value
	Key   string       // in lower case
	Value string
	Known bool
}

// readNext reads what Next.js looks for in a file.
func (f *file) readNext(s *Source) {
	for _, n := range f.root.List {
		if n.Kind == syntax.Export && n.Text == "" {
			f.readHandlers(s, n)
		}
	}
	syntax.Walk(f.root, func(n *syntax.Node) bool {
		if n.Kind == syntax.Object {
			f.readEntry(s, n)
		}
		return true
	})
}

func (f *file) readHandlers(s *Source, n *syntax.Node) {
	add := func(name, value *syntax.Node) {
		if name.Is(syntax.Name) && isMethodName(name.Text) {
			s.Handlers = append(s.Handlers, &Handler{At: name, Method: name.Text, Function: f.function(value)})
		}
	}
	switch {
	case n.Left.Is(syntax.Function):
		add(n.Left.Key, n.Left)
	case n.Left.Is(syntax.Variables):
		for _, d := range n.Left.List {
			add(d.Left, d.Right)
			if d.Left.Is(syntax.Object) { // export const { GET, POST } = handlers
				for _, p := range d.Left.List {
					add(p.Right, nil)
				}
			}
		}
	}
	for _, spec := range n.List {
		add(&syntax.Node{Kind: syntax.Name, Start: spec.Start, End: spec.End, Text: spec.Text}, spec.Left)
	}
}

func isMethodName(name string) bool {
	return slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, name)
}

// readEntry reads {source, headers: [{key, value}]}.
func (f *file) readEntry(s *Source, n *syntax.Node) {
	source, list := f.property(n, "source"), f.property(n, "headers")
	if source == nil || list == nil || len(s.Entries) >= maxFound {
		return
	}
	e := &Entry{At: n, Source: Text{At: source}, Has: f.property(n, "has") != nil || f.property(n, "missing") != nil}
	e.Source.Text, _ = f.text(source)
	items, _ := f.items(list)
	for _, item := range items {
		o := f.resolve(item)
		key, value := f.property(o, "key"), f.property(o, "value")
		name, ok := f.text(key)
		if !ok || value == nil {
			continue
		}
		field := EntryField{At: value, Key: strings.ToLower(name)}
		field.Value, field.Known = f.text(value)
		e.Fields = append(e.Fields, field)
		if strings.HasPrefix(field.Key, "access-control-") || field.Key == "vary" {
			s.Headers = append(s.Headers, &Header{
				At: key, Name: field.Key, Function: n, Value: Value{At: value, Text: field.Value, Known: field.Known},
			})
		}
	}
	s.Entries = append(s.Entries, e)
}
