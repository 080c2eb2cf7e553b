package stack

import (
	"path"
	"slices"
)

// A Tree is the files of a project that a linter may read, by names with slashes. Nothing else can be reached through it. It is
// not safe for concurrent use.
type Tree struct {
	own   []string
	all   []string // sorted
	dirs  map[string][]string
	read  func(name string) ([]byte, error)
	texts map[string][]byte // nil for what could not be read
}

// NewTree returns a tree: the files that are the stack's own, and all files of the project, those included. Read returns the
// text of one; its errors are the caller's to report.
func NewTree(own, all []string, read func(name string) ([]byte, error)) *Tree {
	t := &Tree{own: slices.Clone(own), all: slices.Clone(all), dirs: map[string][]string{}, read: read, texts: map[string][]byte{}}
	slices.Sort(t.own)
	slices.Sort(t.all)
	for _, name := range t.all {
		dir := path.Dir(name)
		t.dirs[dir] = append(t.dirs[dir], name)
	}
	return t
}

// Own returns the files that are the stack's, sorted. The slice is the tree's.
func (t *Tree) Own() []string { return t.own }

// Text returns the text of a file of the project. It is false for a file that is not in it or cannot be read. The slice is the
// tree's.
func (t *Tree) Text(name string) ([]byte, bool) {
	if text, ok := t.texts[name]; ok {
		return text, text != nil
	}
	var text []byte
	if _, ok := slices.BinarySearch(t.all, name); ok {
		if read, err := t.read(name); err == nil {
			text = append([]byte{}, read...)
		}
	}
	t.texts[name] = text
	return text, text != nil
}

// Match returns the files whose names match a pattern, sorted: in its last element *, ? and [ stand for characters, as in
// [path.Match]. A pattern that has them elsewhere, or is malformed, matches nothing.
func (t *Tree) Match(pattern string) []string {
	dir, base := path.Dir(pattern), path.Base(pattern)
	var list []string
	for _, name := range t.dirs[dir] {
		if ok, err := path.Match(base, path.Base(name)); ok && err == nil {
			list = append(list, name)
		}
	}
	return list
}
