package spec_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/internal/spec"
)

// A source is a Go file.
type source struct{ path, text string }

// coverage is what the comments of the model claim to do.
//
// A function or method whose doc comment has an algorithm's anchor on a line of its own implements that algorithm, alone
// or with others. In its body, a comment line that starts with step numbers claims them for the code below it:
//
//	// 1. One step.
//	// 2-3.1. All steps from 2 to 3.1, in the order of the list in package spec; neither more nor fewer.
//	// 4, 6-7. Several.
//	// UNMODELLED: 8. A step that is left out, and why.
//	// 9. A step that is modelled in part. UNMODELLED: The rest, and why.
type coverage struct {
	algorithms []spec.Algorithm
	ids        map[string]string    // by the name of their constant in package spec
	listed     map[string]token.Pos // where the constant of an id is
	fset       *token.FileSet

	functions map[string]token.Pos // the first that carries an algorithm's anchor
	claims    map[string]map[string]claim
	traces    []trace
	found     []problem
}

// A claim is the comment that claims a step.
type claim struct {
	pos      token.Pos
	modelled bool   // at least in part
	reason   string // why it is left out, or its rest
}

// whole reports whether nothing of the step is left out.
func (c claim) whole() bool { return c.modelled && c.reason == "" }

type problem struct {
	pos  token.Pos
	text string
}

func newCoverage(algorithms []spec.Algorithm, constants source, sources []source) (*coverage, error) {
	c := &coverage{
		algorithms: algorithms,
		ids:        map[string]string{},
		listed:     map[string]token.Pos{},
		fset:       token.NewFileSet(),
		functions:  map[string]token.Pos{},
		claims:     map[string]map[string]claim{},
	}
	for _, a := range algorithms {
		c.claims[a.ID] = map[string]claim{}
	}
	decls, err := parser.ParseFile(c.fset, constants.path, constants.text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	for name, value := range constantsIn(decls) {
		c.ids[name] = literal(value)
		c.listed[c.ids[name]] = value.Pos()
	}
	var files []*ast.File
	for _, s := range sources {
		f, err := parser.ParseFile(c.fset, s.path, s.text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		for fn := range functions(f) {
			c.traces = append(c.traces, c.tracesIn(fn)...)
		}
	}
	for _, f := range files {
		for fn := range functions(f) {
			c.readFunction(f, fn)
		}
	}
	c.checkTraces()
	c.checkComplete()
	return c, nil
}

// functions yields the functions of a file that have a body.
func functions(f *ast.File) iter.Seq[*ast.FuncDecl] {
	return func(yield func(*ast.FuncDecl) bool) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && !yield(fn) {
				return
			}
		}
	}
}

// problems returns a line for each, in the order of the code.
func (c *coverage) problems() []string {
	slices.SortStableFunc(c.found, func(a, b problem) int { return cmp.Compare(a.pos, b.pos) })
	var lines []string
	for _, p := range c.found {
		lines = append(lines, c.at(p.pos)+": "+p.text)
	}
	return lines
}

func (c *coverage) at(pos token.Pos) string {
	p := c.fset.Position(pos)
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

func (c *coverage) problem(pos token.Pos, format string, args ...any) {
	c.found = append(c.found, problem{pos, fmt.Sprintf(format, args...)})
}

// readFunction takes over the claims of a function that carries an anchor.
func (c *coverage) readFunction(f *ast.File, fn *ast.FuncDecl) {
	anchored := c.anchors(fn.Doc)
	for _, a := range anchored {
		if _, ok := c.functions[a.ID]; !ok {
			c.functions[a.ID] = fn.Pos()
		}
	}
	if len(anchored) == 0 {
		return
	}
	type group struct {
		comments *ast.CommentGroup
		claims   []stepClaim
	}
	var groups []group
	for _, comments := range f.Comments {
		if comments.Pos() < fn.Body.Pos() || comments.End() > fn.Body.End() {
			continue
		}
		if claims := stepClaims(comments); len(claims) > 0 {
			groups = append(groups, group{comments, claims})
		}
	}
	if len(groups) > 0 && len(anchored) > 1 {
		c.problem(groups[0].comments.Pos(), "a step of which algorithm? The function carries several anchors")
		return
	}
	for i, g := range groups {
		end := fn.Body.End()
		if i+1 < len(groups) {
			end = groups[i+1].comments.Pos()
		}
		for _, sc := range g.claims {
			numbers := c.claim(anchored[0], sc)
			if !sc.modelled && sc.reason == "" {
				c.problem(sc.pos, "step %s is left out without a reason", sc.list)
				continue
			}
			if !sc.whole() && !c.saysUnmodelled(anchored[0], sc, numbers, g.comments.End(), end) {
				c.problem(sc.pos, "no call of unmodelled says that step %s is left out", sc.list)
			}
		}
	}
}

// anchors returns the algorithms whose addresses stand in a doc comment, each on a line of its own.
func (c *coverage) anchors(doc *ast.CommentGroup) []spec.Algorithm {
	var list []spec.Algorithm
	for line := range strings.Lines(doc.Text()) {
		for _, a := range c.algorithms {
			if strings.TrimSpace(line) == spec.URL(a.ID) {
				list = append(list, a)
			}
		}
	}
	return list
}

// A stepClaim is one claiming line of a comment, with the lines that go on with it.
type stepClaim struct {
	claim
	list string // of step numbers and ranges
}

const (
	stepNumber = `\d+(?:\.\d+)*`
	stepRange  = stepNumber + `(?:-` + stepNumber + `)?`
)

func stepClaims(comments *ast.CommentGroup) []stepClaim {
	pattern := regexp.MustCompile(`^(UNMODELLED: )?(` + stepRange + `(?:, ` + stepRange + `)*)\.(?: (.*))?$`)
	var list []stepClaim
	for _, line := range comments.List {
		text := strings.TrimSpace(strings.TrimPrefix(line.Text, "//"))
		m := pattern.FindStringSubmatch(text)
		switch {
		case m != nil:
			list = append(list, stepClaim{claim{line.Pos(), m[1] == "", m[3]}, m[2]})
		case len(list) > 0:
			last := &list[len(list)-1]
			last.reason = strings.TrimSpace(last.reason + " " + text)
		}
	}
	for i := range list {
		if list[i].modelled {
			_, list[i].reason, _ = strings.Cut(list[i].reason, "UNMODELLED: ")
		}
	}
	return list
}

// claim books the steps of a claim and returns their numbers.
func (c *coverage) claim(a spec.Algorithm, sc stepClaim) []string {
	var numbers []string
	for item := range strings.SplitSeq(sc.list, ", ") {
		first, last, isRange := strings.Cut(item, "-")
		if !isRange {
			last = first
		}
		i, j := slices.Index(a.Steps, first), slices.Index(a.Steps, last)
		switch {
		case i < 0:
			c.problem(sc.pos, "%s has no step %s", a.Name, first)
		case j < 0:
			c.problem(sc.pos, "%s has no step %s", a.Name, last)
		case i > j:
			c.problem(sc.pos, "%s is no range of steps", item)
		default:
			numbers = append(numbers, a.Steps[i:j+1]...)
		}
	}
	for _, n := range numbers {
		earlier, ok := c.claims[a.ID][n]
		switch {
		case !ok:
			c.claims[a.ID][n] = sc.claim
		case earlier.pos != sc.pos: // a list may name a step both by itself and in a range
			c.problem(sc.pos, "step %s of %s is claimed already, at %s", n, a.Name, c.at(earlier.pos))
		}
	}
	return numbers
}

// saysUnmodelled reports whether a call of unmodelled, as far as can be seen for one of the claim's steps, stands between
// the given positions. What is left out of a step may also be said wherever the step goes on.
func (c *coverage) saysUnmodelled(a spec.Algorithm, sc stepClaim, numbers []string, from, to token.Pos) bool {
	return slices.ContainsFunc(c.traces, func(t trace) bool {
		if t.method != "unmodelled" {
			return false
		}
		right := t.known && t.algorithm == a.ID && slices.Contains(numbers, t.number)
		here := from <= t.pos && t.pos < to
		return here && (right || !t.known) || right && sc.modelled
	})
}

// A trace is a call that writes a step into the trace.
type trace struct {
	pos               token.Pos
	method            string
	algorithm, number string
	known             bool // both are constants
}

// tracesIn returns a function's calls of step, passed, fail and unmodelled.
func (c *coverage) tracesIn(fn *ast.FuncDecl) []trace {
	constants := constantsIn(fn.Body)
	resolve := func(e ast.Expr) ast.Expr {
		if name, ok := e.(*ast.Ident); ok && constants[name.Name] != nil {
			return constants[name.Name]
		}
		return e
	}
	var list []trace
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"step", "passed", "fail", "unmodelled"}, method.Sel.Name) {
			return true
		}
		t := trace{pos: call.Pos(), method: method.Sel.Name}
		if alg, ok := resolve(call.Args[0]).(*ast.SelectorExpr); ok {
			t.algorithm = c.ids[alg.Sel.Name]
		}
		if number, ok := resolve(call.Args[1]).(*ast.BasicLit); ok {
			t.number = literal(number)
			t.known = t.algorithm != ""
		}
		list = append(list, t)
		return true
	})
	return list
}

// checkTraces compares the numbers in traces with the list and with what the comments claim.
func (c *coverage) checkTraces() {
	for _, t := range c.traces {
		i := slices.IndexFunc(c.algorithms, func(a spec.Algorithm) bool { return a.ID == t.algorithm })
		if !t.known || i < 0 {
			continue
		}
		a := c.algorithms[i]
		claim, claimed := c.claims[a.ID][t.number]
		switch {
		case len(a.Steps) == 0 && t.number == "":
		case !slices.Contains(a.Steps, t.number):
			c.problem(t.pos, "%s has no step %s", a.Name, cmp.Or(t.number, `""`))
		case t.method == "unmodelled" && claimed && claim.whole():
			c.problem(t.pos, "the trace leaves out step %s of %s, its comment does not say UNMODELLED", t.number, a.Name)
		}
	}
}

// checkComplete looks for algorithms without a function and for steps that nothing claims.
func (c *coverage) checkComplete() {
	for _, a := range c.algorithms {
		pos, ok := c.functions[a.ID]
		if !ok {
			c.problem(c.listed[a.ID], "no function carries the anchor of %s, %s", a.Name, spec.URL(a.ID))
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(a.Steps), func(n string) bool {
			_, claimed := c.claims[a.ID][n]
			return claimed
		})
		switch len(missing) {
		case 0:
		case 1:
			c.problem(pos, "step %s of %s is missing", missing[0], a.Name)
		default:
			c.problem(pos, "steps %s of %s are missing", ranges(a.Steps, missing), a.Name)
		}
	}
}

// constantsIn returns the values of the constants that are declared below a node.
func constantsIn(n ast.Node) map[string]ast.Expr {
	constants := map[string]ast.Expr{}
	ast.Inspect(n, func(n ast.Node) bool {
		if decl, ok := n.(*ast.GenDecl); ok && decl.Tok == token.CONST {
			for _, s := range decl.Specs {
				spec := s.(*ast.ValueSpec)
				for i, v := range spec.Values {
					constants[spec.Names[i].Name] = v
				}
			}
		}
		return true
	})
	return constants
}

// literal returns the value of a string literal.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}
