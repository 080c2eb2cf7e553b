package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A tree is a work tree as the rules see it. Hidden directories (.ci and .github excepted) and testdata are not in it.
type tree struct {
	root    string // where it is on this machine; empty when it is not
	fsys    fs.FS
	paths   []string // of all files
	dirs    []string
	modules []*module
	files   []*file
}

// A module is what a go.mod says.
type module struct {
	dir, path   string // dir is "." at the root
	inWorkspace bool
	requires    []requirement
	replaces    []int // lines
}

// A requirement is one line of a go.mod.
type requirement struct {
	line          int
	path, comment string
}

// A file is a parsed Go file.
type file struct {
	path, dir string
	module    *module
	fset      *token.FileSet
	syntax    *ast.File
	lines     int
}

func (f *file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f *file) line(pos token.Pos) int { return f.fset.Position(pos).Line }

// importPath is the path of the package that the file belongs to; an external test belongs to what it tests.
func (f *file) importPath() string {
	rel := strings.TrimPrefix(strings.TrimPrefix(f.dir, f.module.dir), "/")
	if f.module.dir == "." {
		rel = f.dir
	}
	return path.Join(f.module.path, rel)
}

// localName is the name by which the file calls an imported package, or "".
func (f *file) localName(importPath string) string {
	for _, spec := range f.syntax.Imports {
		switch {
		case imported(spec) != importPath:
		case spec.Name != nil:
			return spec.Name.Name
		default:
			return path.Base(importPath)
		}
	}
	return ""
}

func imported(spec *ast.ImportSpec) string { return strings.Trim(spec.Path.Value, "`\"") }

func load(fsys fs.FS) (*tree, error) {
	t := &tree{fsys: fsys}
	if err := fs.WalkDir(fsys, ".", t.visit); err != nil {
		return nil, err
	}
	if err := t.readModules(); err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	for _, p := range t.paths {
		if path.Ext(p) != ".go" {
			continue
		}
		source, err := fs.ReadFile(fsys, p)
		if err != nil {
			return nil, err
		}
		syntax, err := parser.ParseFile(fset, p, source, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		f := &file{path: p, dir: path.Dir(p), fset: fset, syntax: syntax, lines: strings.Count(string(source), "\n")}
		if f.module = t.moduleOf(f.dir); f.module == nil {
			return nil, fmt.Errorf("%s is in no module", p)
		}
		t.files = append(t.files, f)
	}
	return t, nil
}

func (t *tree) visit(p string, d fs.DirEntry, err error) error {
	switch name := d.Name(); {
	case err != nil:
		return err
	case !d.IsDir():
		t.paths = append(t.paths, p)
	case name == "testdata", p != "." && name[0] == '.' && name != ".ci" && name != ".github":
		return fs.SkipDir
	default:
		t.dirs = append(t.dirs, p)
	}
	return nil
}

// readModules reads go.work and every go.mod, as far as the rules need them.
func (t *tree) readModules() error {
	work, err := fs.ReadFile(t.fsys, "go.work")
	if err != nil {
		return err
	}
	var uses []string
	for _, d := range directives(string(work)) {
		if d.verb == "use" {
			uses = append(uses, path.Clean(d.fields[0]))
		}
	}
	for _, p := range t.paths {
		if path.Base(p) != "go.mod" {
			continue
		}
		text, err := fs.ReadFile(t.fsys, p)
		if err != nil {
			return err
		}
		m := &module{dir: path.Dir(p), inWorkspace: slices.Contains(uses, path.Dir(p))}
		for _, d := range directives(string(text)) {
			switch d.verb {
			case "module":
				m.path = d.fields[0]
			case "require":
				m.requires = append(m.requires, requirement{line: d.line, path: d.fields[0], comment: d.comment})
			case "replace":
				m.replaces = append(m.replaces, d.line)
			}
		}
		t.modules = append(t.modules, m)
	}
	return nil
}

// A directive is one line of a go.mod or go.work, with the verb of its block.
type directive struct {
	line    int
	verb    string
	fields  []string
	comment string
}

func directives(text string) []directive {
	var list []directive
	block := ""
	line := 0
	for s := range strings.Lines(text) {
		line++
		s, comment, _ := strings.Cut(s, "//")
		fields := strings.Fields(s)
		switch {
		case len(fields) == 0:
		case fields[0] == ")":
			block = ""
		case block != "":
			list = append(list, directive{line, block, fields, strings.TrimSpace(comment)})
		case len(fields) == 2 && fields[1] == "(":
			block = fields[0]
		case len(fields) > 1:
			list = append(list, directive{line, fields[0], fields[1:], strings.TrimSpace(comment)})
		}
	}
	return list
}

// moduleOf returns the innermost module that a directory belongs to.
func (t *tree) moduleOf(dir string) *module {
	var in *module
	for _, m := range t.modules {
		inside := m.dir == "." || dir == m.dir || strings.HasPrefix(dir, m.dir+"/")
		if inside && (in == nil || in.dir == "." || len(m.dir) > len(in.dir)) {
			in = m
		}
	}
	return in
}
