package house

import (
	"go/ast"
	"path"
	"slices"
	"strings"
)

const (
	program = "github.com/concors/concors"
	library = program + "/cors"
)

// layers is the order of the packages of the library and the program, relative to the program's path. A package may
// import what stands in an earlier line, nothing else of ours. Package house is last: nobody may import it.
func layers() [][]string {
	return [][]string{
		{"cors/header"},
		{"cors/weburl"},
		{"cors/origin"},
		{"cors/internal/spec"},
		{"cors"},
		{"cors/fetch"},
		{"cors/corpus"},
		{"cors/corstest"},
		{"internal/term", "internal/secrets", "internal/spelling", "internal/route", "internal/javascript/syntax"},
		{"internal/javascript"},
		{"report"},
		{"input"},
		{"live"},
		{"policyfile"},
		{"stack"},
		{"stack/node"},
		{"stack/*"},
		{"stack/all"},
		{"explain"},
		{"engine", "status"},
		{"verify", "lint", "audit"},
		{"devproxy", "demo", "web"},
		{"cmd/concors"},
		{"house"},
	}
}

// layerOf returns a package's index in [layers].
func layerOf(importPath string) (int, bool) {
	rel := strings.TrimPrefix(importPath, program+"/")
	list := layers()
	if i := slices.IndexFunc(list, func(l []string) bool { return slices.Contains(l, rel) }); i >= 0 {
		return i, true
	}
	i := slices.IndexFunc(list, func(l []string) bool {
		ok, _ := path.Match(l[0], rel)
		return ok
	})
	return i, i >= 0
}

// importOrder: imports point up the list of layers. Tests may import anything of ours, except that the two halves of the
// library never see each other, tests included.
func importOrder(t *tree, found *problems) {
	for _, f := range t.files {
		from := f.importPath()
		ordered := f.module.path == program || f.module.path == library
		layer, listed := layerOf(from)
		if ordered && !listed {
			found.add(f.path, 1, "package %s is in no layer: give it a place in house", from)
			continue
		}
		for _, spec := range f.syntax.Imports {
			to := imported(spec)
			if to != program && !strings.HasPrefix(to, program+"/") {
				continue
			}
			line := f.line(spec.Pos())
			if from == library && to == library+"/fetch" || from == library+"/fetch" && to == library {
				found.add(f.path, line, "the halves must not meet: %s imports %s", from, to)
				continue
			}
			if !ordered || f.isTest() {
				continue
			}
			if target, ok := layerOf(to); !ok {
				found.add(f.path, line, "%s imports %s, which is in no layer", from, to)
			} else if target >= layer {
				found.add(f.path, line, "imports point up: %s imports %s", from, to)
			}
		}
	}
}

// libraryImports: the library needs the standard library and golang.org/x/net, its tests the standard library only, and
// net/http is for its middleware and its test kit.
func libraryImports(t *tree, found *problems) {
	for _, f := range t.files {
		if f.module.path != library {
			continue
		}
		for _, spec := range f.syntax.Imports {
			to := imported(spec)
			line := f.line(spec.Pos())
			first, _, _ := strings.Cut(to, "/")
			switch {
			case to == library || strings.HasPrefix(to, library+"/"):
			case strings.HasPrefix(to, "golang.org/x/net/") && !f.isTest():
			case strings.Contains(first, "."):
				found.add(f.path, line, "the library cannot import %s", to)
			case to != "net/http" && !strings.HasPrefix(to, "net/http/"), f.isTest():
			case f.path != path.Join(f.module.dir, "middleware.go") && f.importPath() != library+"/corstest":
				found.add(f.path, line, "%s is for middleware.go and corstest", to)
			}
		}
	}
}

// purity: what must give the same answer everywhere, and compile to wasm, does no I/O, reads no clock and starts no
// goroutine. What a middleware adds (the requests, the time that an answer is remembered) is in files of its own; and log/slog
// is allowed, for a value that can be logged does no more than say how.
func purity(t *tree, found *problems) {
	pure := []string{"cors", "cors/header", "cors/weburl", "cors/origin", "cors/internal/spec", "cors/fetch", "stack", "explain"}
	world := []string{"os", "net", "net/http", "syscall", "log", "crypto/rand", "math/rand"} // each with what is below, net excepted
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"}
	serving := []string{"cors/middleware.go", "cors/origincache.go"}
	for _, f := range t.files {
		rel := strings.TrimPrefix(f.importPath(), program+"/")
		isPure := slices.Contains(pure, rel) || strings.HasPrefix(rel, "stack/")
		if f.isTest() || !isPure || slices.Contains(serving, f.path) {
			continue
		}
		for _, spec := range f.syntax.Imports {
			to := imported(spec)
			if slices.ContainsFunc(world, func(w string) bool {
				return to == w || w != "net" && to != "log/slog" && strings.HasPrefix(to, w+"/")
			}) {
				found.add(f.path, f.line(spec.Pos()), "%s is pure: it cannot import %s", rel, to)
			}
		}
		time := f.localName("time")
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				found.add(f.path, f.line(n.Pos()), "%s is pure: it starts no goroutine", rel)
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && time != "" && x.Name == time && slices.Contains(clock, n.Sel.Name) {
					found.add(f.path, f.line(n.Pos()), "%s is pure: it cannot call time.%s", rel, n.Sel.Name)
				}
			}
			return true
		})
	}
}
