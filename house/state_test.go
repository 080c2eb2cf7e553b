package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// noInit: nothing happens because a package is imported. Caddy demands one init of its modules, so the gateway has one.
func noInit(t *tree, found *problems) {
	for _, f := range t.files {
		allowed := 0
		if f.path == "gateway/gateway.go" {
			allowed = 1
		}
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				if allowed--; allowed < 0 {
					found.add(f.path, f.line(fn.Pos()), "init function")
				}
			}
		}
	}
}

// packageState: a package-level variable is a sentinel error, an embedded file, a compiled regular expression, an
// interface assertion, or says in its comment (or that of its group) that it is read-only or never written; and no code
// of the package assigns to it, whatever its kind. Tests may have flags.
func packageState(t *tree, found *problems) {
	vars := map[string]map[string]bool{} // by directory
	for _, f := range t.files {
		if f.isTest() {
			continue
		}
		for _, d := range f.syntax.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, s := range decl.Specs {
				spec := s.(*ast.ValueSpec)
				for i, name := range spec.Names {
					if name.Name == "_" {
						continue
					}
					if vars[f.dir] == nil {
						vars[f.dir] = map[string]bool{}
					}
					vars[f.dir][name.Name] = true
					var value ast.Expr
					if i < len(spec.Values) {
						value = spec.Values[i]
					}
					if !isFixed(decl, spec, name.Name, value) {
						found.add(f.path, f.line(name.Pos()), "package-level variable %s: state, or a table that does not say it is read-only", name.Name)
					}
				}
			}
		}
	}
	for _, f := range t.files {
		if names := vars[f.dir]; names != nil && !f.isTest() {
			findWrites(f, names, found)
		}
	}
}

func isFixed(decl *ast.GenDecl, spec *ast.ValueSpec, name string, value ast.Expr) bool {
	var comment strings.Builder
	for _, group := range []*ast.CommentGroup{decl.Doc, spec.Doc, spec.Comment} {
		if group == nil {
			continue
		}
		for _, c := range group.List {
			comment.WriteString(c.Text + "\n")
		}
	}
	if regexp.MustCompile(`read-only|never written|//go:embed `).MatchString(comment.String()) {
		return true
	}
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	fn, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := fn.X.(*ast.Ident)
	if !ok {
		return false
	}
	switch pkg.Name + "." + fn.Sel.Name {
	case "errors.New":
		return strings.HasPrefix(name, "Err") || strings.HasPrefix(name, "err")
	case "regexp.MustCompile":
		return true
	}
	return false
}

// findWrites reports assignments to the named variables of the package. Going by names, it takes a local variable of
// the same name for the package's: such shadows are worth renaming anyway.
func findWrites(f *file, names map[string]bool, found *problems) {
	report := func(e ast.Expr) {
		if name := root(e); names[name] {
			found.add(f.path, f.line(e.Pos()), "assignment to package-level variable %s", name)
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					report(e)
				}
			}
		case *ast.IncDecStmt:
			report(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				report(n.Key)
				report(n.Value)
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"clear", "copy", "delete"}, fn.Name) && len(n.Args) > 0 {
				report(n.Args[0])
			}
		}
		return true
	})
}

// root is the name of the variable in which an expression is stored.
func root(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.SliceExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	}
	return ""
}
