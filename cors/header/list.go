package header

import (
	"iter"
	"slices"
	"strings"
)

// Field is one header line. The name keeps the case it was given.
type Field struct {
	Name, Value string
}

// List is an ordered header list. Look-ups ignore the case of ASCII letters; nothing is checked: a caller that takes
// names and values from outside checks them with [IsToken] and [IsValue]. The zero value is an empty list ready to use.
// A List is not safe for concurrent use while one of its pointer methods runs.
//
// https://fetch.spec.whatwg.org/#concept-header-list
type List []Field

// Has reports whether the list has a line of this name.
//
// https://fetch.spec.whatwg.org/#header-list-contains
func (l List) Has(name string) bool { return l.index(name) >= 0 }

// Get returns the values of all lines of this name, joined with comma and space, and whether there is any line at all.
// It allocates only when there are two or more.
//
// https://fetch.spec.whatwg.org/#concept-header-list-get
func (l List) Get(name string) (value string, ok bool) {
	first := l.index(name)
	if first < 0 {
		return "", false
	}
	size, lines := len(l[first].Value), 1
	for _, f := range l[first+1:] {
		if EqualFold(f.Name, name) {
			size += len(", ") + len(f.Value)
			lines++
		}
	}
	if lines == 1 {
		return l[first].Value, true
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteString(l[first].Value)
	for _, f := range l[first+1:] {
		if EqualFold(f.Name, name) {
			b.WriteString(", ")
			b.WriteString(f.Value)
		}
	}
	return b.String(), true
}

// Values yields the value of each line of this name, in order and unjoined.
func (l List) Values(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range l {
			if EqualFold(f.Name, name) && !yield(f.Value) {
				return
			}
		}
	}
}

// Clone returns a copy that shares no storage with l; nil stays nil.
func (l List) Clone() List { return slices.Clone(l) }

// Append adds a line at the end. If the list has the name already, the new line takes the spelling of the first one, as
// the Standard has it.
//
// https://fetch.spec.whatwg.org/#concept-header-list-append
func (l *List) Append(name, value string) {
	if i := l.index(name); i >= 0 {
		name = (*l)[i].Name
	}
	*l = append(*l, Field{name, value})
}

// Set gives the first line of this name the value and deletes the others; without one, it adds a line at the end. A
// line that was there keeps its spelling.
//
// https://fetch.spec.whatwg.org/#concept-header-list-set
func (l *List) Set(name, value string) {
	i := l.index(name)
	if i < 0 {
		*l = append(*l, Field{name, value})
		return
	}
	(*l)[i].Value = value
	rest := slices.DeleteFunc((*l)[i+1:], func(f Field) bool { return EqualFold(f.Name, name) })
	*l = (*l)[:i+1+len(rest)]
}

// Delete removes every line of this name.
//
// https://fetch.spec.whatwg.org/#concept-header-list-delete
func (l *List) Delete(name string) {
	*l = slices.DeleteFunc(*l, func(f Field) bool { return EqualFold(f.Name, name) })
}

// Combine appends the value, after comma and space, to the first line of this name; without one, it adds a line at the
// end. It is what XMLHttpRequest's setRequestHeader does.
//
// https://fetch.spec.whatwg.org/#concept-header-list-combine
func (l *List) Combine(name, value string) {
	if i := l.index(name); i >= 0 {
		(*l)[i].Value += ", " + value
		return
	}
	*l = append(*l, Field{name, value})
}

func (l List) index(name string) int {
	return slices.IndexFunc(l, func(f Field) bool { return EqualFold(f.Name, name) })
}
