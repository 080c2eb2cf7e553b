package house

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// packageDocs: every package says what it is for.
func packageDocs(t *tree, found *problems) {
	first := map[string]*file{} // by directory; a test file only where there is nothing else
	documented := map[string]bool{}
	for _, f := range t.files {
		if !f.module.inWorkspace {
			continue
		}
		if old := first[f.dir]; old == nil || old.isTest() && !f.isTest() {
			first[f.dir] = f
		}
	}
	for _, f := range t.files {
		if doc := f.syntax.Doc.Text(); doc != "" && first[f.dir] != nil && (!f.isTest() || first[f.dir].isTest()) {
			name := f.syntax.Name.Name
			documented[f.dir] = documented[f.dir] || name == "main" || strings.HasPrefix(doc, "Package "+name+" ")
		}
	}
	for _, dir := range t.dirs {
		if f := first[dir]; f != nil && !documented[dir] {
			found.add(f.path, 1, `no comment "Package %s ..." in %s`, f.syntax.Name.Name, dir)
		}
	}
}

// exportedDocs: every exported name of the library has a doc comment. A group of constants or variables may share one.
func exportedDocs(t *tree, found *problems) {
	for _, f := range t.files {
		if f.module.path != library || f.isTest() {
			continue
		}
		missing := func(n *ast.Ident) { found.add(f.path, f.line(n.Pos()), "%s has no doc comment", n.Name) }
		for _, d := range f.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && isExportedReceiver(d.Recv) && d.Doc.Text() == "" {
					missing(d.Name)
				}
			case *ast.GenDecl:
				shared := d.Doc.Text() != ""
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						if s.Name.IsExported() && s.Doc.Text() == "" && (!shared || d.Lparen.IsValid()) {
							missing(s.Name)
						}
					case *ast.ValueSpec:
						i := slices.IndexFunc(s.Names, (*ast.Ident).IsExported)
						if i >= 0 && !shared && s.Doc.Text() == "" && s.Comment.Text() == "" {
							missing(s.Names[i])
						}
					}
				}
			}
		}
	}
}

// isExportedReceiver reports whether a function with this receiver list can be seen from outside.
func isExportedReceiver(recv *ast.FieldList) bool {
	if recv == nil {
		return true
	}
	e := recv.List[0].Type
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	switch generic := e.(type) {
	case *ast.IndexExpr:
		e = generic.X
	case *ast.IndexListExpr:
		e = generic.X
	}
	name, ok := e.(*ast.Ident)
	return ok && name.IsExported()
}

// tags: four tags and no other; nothing to do is left inside the model; a difference names the browser; only the model
// leaves out steps.
func tags(t *tree, found *problems) {
	var (
		foreign = regexp.MustCompile(`^(FIXME|XXX|HACK|NOTE|BUG|OPTIMIZE)\b`)
		todo    = regexp.MustCompile(`\bTODO\b(: )?`)
		engine  = regexp.MustCompile(`Chromium|Firefox|WebKit|Safari`)
	)
	for _, f := range t.files {
		inModel := f.dir == "cors/fetch" || f.dir == "cors/header"
		for _, group := range f.syntax.Comments {
			for i, c := range group.List {
				text := commentText(c)
				line := f.line(c.Pos())
				if m := foreign.FindString(text); m != "" {
					found.add(f.path, line, "tag %s: the tags are NB, DIFFERS, UNMODELLED and TODO", m)
				}
				for _, m := range todo.FindAllString(text, -1) {
					switch {
					case inModel:
						found.add(f.path, line, "the model has something left TODO")
					case !strings.HasSuffix(m, ": "):
						found.add(f.path, line, `write "TODO: " and what`)
					}
				}
				if strings.Contains(text, "UNMODELLED:") && !inModel && f.dir != "cors/internal/spec" {
					found.add(f.path, line, "only a step of the model can be UNMODELLED")
				}
				if strings.Contains(text, "DIFFERS:") && !engine.MatchString(remark(group.List[i:])) {
					found.add(f.path, line, "DIFFERS names no browser")
				}
			}
		}
	}
}

// remark is the text that belongs to a tag in the first of the lines: up to an empty line or the next difference.
func remark(lines []*ast.Comment) string {
	text := commentText(lines[0])
	for _, c := range lines[1:] {
		next := commentText(c)
		if next == "" || strings.Contains(next, "DIFFERS:") {
			break
		}
		text += " " + next
	}
	return text
}

func commentText(c *ast.Comment) string { return strings.TrimSpace(strings.TrimPrefix(c.Text, "//")) }
