package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/concors/concors/internal/javascript/syntax"
)

// show writes a tree as text, short enough to be compared.
func show(n *syntax.Node) string {
	if n == nil {
		return "-"
	}
	var list []string
	add := func(nodes ...*syntax.Node) {
		for _, c := range nodes {
			list = append(list, show(c))
		}
	}
	name := ""
	switch n.Kind {
	case syntax.Program:
		add(n.List...)
		return strings.Join(list, "; ")
	case syntax.Name, syntax.PrivateName, syntax.Number, syntax.Keyword:
		return n.Text
	case syntax.String:
		return fmt.Sprintf("%q", n.Text)
	case syntax.Regexp:
		return "/" + n.Text + "/" + n.Flags
	case syntax.Template:
		return fmt.Sprintf("template(%s%q %s)", show(n.Left), n.Strings, showAll(n.List))
	case syntax.Array:
		name = "array"
	case syntax.Hole, syntax.Empty:
		return "empty"
	case syntax.Object:
		name = "object"
	case syntax.Property:
		if n.Text != "" {
			name = n.Text + " "
		}
		if n.Static {
			name += "static "
		}
		return name + show(n.Key) + ": " + show(n.Right)
	case syntax.Spread:
		return "..." + show(n.Left)
	case syntax.Function:
		name = "function"
		if n.Arrow {
			name = "arrow"
		}
		if n.Async {
			name = "async " + name
		}
		if n.Key != nil {
			name += " " + n.Key.Text
		}
		return name + "(" + showAll(n.Params) + ") " + show(n.Body)
	case syntax.Class:
		return "class " + show(n.Key) + " extends " + show(n.Left) + " {" + showAll(n.List) + "}"
	case syntax.Call:
		return show(n.Left) + "(" + showAll(n.List) + ")"
	case syntax.New:
		return "new " + show(n.Left) + "(" + showAll(n.List) + ")"
	case syntax.Member:
		return show(n.Left) + "." + show(n.Key)
	case syntax.Index:
		return show(n.Left) + "[" + show(n.Right) + "]"
	case syntax.Unary:
		return "(" + n.Text + " " + show(n.Left) + ")"
	case syntax.Binary, syntax.Assign:
		return "(" + show(n.Left) + " " + n.Text + " " + show(n.Right) + ")"
	case syntax.Conditional:
		return "(" + show(n.Test) + " ? " + show(n.Left) + " : " + show(n.Right) + ")"
	case syntax.Sequence:
		name = "sequence"
	case syntax.Element:
		return "<" + show(n.Key) + " " + showAll(n.List) + ">"
	case syntax.Block:
		return "{" + showAll(n.List) + "}"
	case syntax.Variables:
		return n.Text + " " + showAll(n.List)
	case syntax.Declarator:
		return show(n.Left) + " = " + show(n.Right)
	case syntax.Statement:
		return show(n.Left)
	case syntax.Return:
		return "return " + show(n.Left)
	case syntax.Throw:
		return "throw " + show(n.Left)
	case syntax.Jump:
		return n.Text
	case syntax.If:
		return "if " + show(n.Test) + " " + show(n.Left) + " else " + show(n.Right)
	case syntax.Loop:
		return "loop (" + showAll(n.List) + ") " + show(n.Body)
	case syntax.Switch:
		return "switch " + show(n.Test) + " " + showAll(n.List)
	case syntax.Case:
		return "case " + show(n.Test) + " {" + showAll(n.List) + "}"
	case syntax.Try:
		return "try " + show(n.Body) + " catch(" + show(n.Left) + ") " + show(n.Right) + " finally " + show(n.Last)
	case syntax.Import:
		return "import " + n.Text + " {" + showAll(n.List) + "}"
	case syntax.Export:
		return "export " + n.Text + " " + show(n.Left) + " {" + showAll(n.List) + "} " + show(n.Right)
	case syntax.Specifier:
		return n.Text + " as " + show(n.Left)
	case syntax.Bad:
		return "bad"
	}
	add(n.List...)
	return name + "(" + strings.Join(list, ", ") + ")"
}

func showAll(list []*syntax.Node) string {
	var out []string
	for _, n := range list {
		out = append(out, show(n))
	}
	return strings.Join(out, ", ")
}

func TestParse(t *testing.T) {
	js, ts := syntax.Dialect{JSX: true}, syntax.Dialect{TypeScript: true}
	tsx := syntax.Dialect{TypeScript: true, JSX: true}
	for _, row := range []struct {
		name    string
		dialect syntax.Dialect
		text    string
		want    string
	}{
		{"nothing", js, "", ""},
		{"interpreter and mark", js, "\ufeff#!/usr/bin/env node\na", "a"},
		{"precedence", js, "a + b * c ** d ** e - f", "((a + (b * (c ** (d ** e)))) - f)"},
		{"shifts", js, "a >> b >>> c > d >= e", "((((a >> b) >>> c) > d) >= e)"},
		{"assignments", js, "a = b ||= c >>>= d", "(a = (b ||= (c >>>= d)))"},
		{"choice", js, "a ? b : c ? d : e", "(a ? b : (c ? d : e))"},
		{"optional chain", js, "a?.b?.[c]?.(d)", "a.b[c](d)"},
		{"choice of a number", js, "a?.5:1", "(a ? .5 : 1)"},
		{"unary", js, "typeof -a; !await b", "(typeof (- a)); (! (await b))"},
		{"semicolons", js, "a\nb\n++c\nreturn\nd", "a; b; (++ c); return -; d"},
		{"call over lines", js, "a\n(b)", "a(b)"},
		{"strings", js, `'a\'\x41\u{1F600}\u0042\
b'`, "\"a'A\U0001F600Bb\""},
		{"surrogates", js, `"\ud83d\ude00 \ud83d"`, "\"\U0001F600 \uFFFD\""},
		{"template", js, "`a${`b${c}`}d`", `template(-["a" "d"] template(-["b" ""] c))`},
		{"tag", js, "a.b`c`", `template(a.b["c"] )`},
		{"regular expression", js, `a = /[/]\/"/gi; b / c / d`, `(a = /[/]\/"/gi); ((b / c) / d)`},
		{"regular expression in a call", js, `a(/x/, b)`, `a(/x/, b)`},
		{"object", js, "({a, b: 1, 'c-d': 2, [e]: 3, f() {}, get g() {}, async *h() {}, ...i, get: 1, async: 2})",
			`object(a: a, b: 1, "c-d": 2, e: 3, f: function() {}, get g: function() {}, h: async function() {}, ...i, get: 1, async: 2)`},
		{"array", js, "[a, , ...b,]", "array(a, empty, ...b)"},
		{"arrows", js, "a => b; (a, {b}, [c] = [], ...d) => {}; async a => b; async (a) => b; () => ({})",
			"arrow(a) b; arrow(a, object(b: b), (array(c) = array()), ...d) {}; async arrow(a) b; async arrow(a) b; arrow() object()"},
		{"arrow in a choice", js, "a ? (b) : c => d", "(a ? b : arrow(c) d)"},
		{"async as a name", js, "async(a); async = 1; async\nb", "async(a); (async = 1); async; b"},
		{"functions", js, "function a(b = 1, ...c) { return b }\nasync function* d() { yield* e; for await (const f of g) h }",
			"function a((b = 1), ...c) {return b}; async function d() {(yield e), loop (const f = -, g) h}"},
		{"class", js, "class A extends b.C { static x = 1; #y; static { z() } async m() {} get p() { return 1 } static async *q() {} constructor() { super() } 'quoted'() {} }",
			`class A extends b.C {static x: 1, #y: -, {z()}, m: async function() {}, get p: function() {return 1}, static q: async function() {}, constructor: function() {super()}, "quoted": function() {}}`},
		{"new", js, "new A; new a.B(c).d(); new (e())(); new new F()()", "new A(); new a.B(c).d(); new e()(); new new F()()"},
		{"loops", js, "for (;;) a; for (let i = 0, n = b; i < n; i++) d; for (e in f) g; for (const [h] of i) j; while (k) l; do m; while (n) o",
			"loop () a; loop (let i = 0, n = b, (i < n), (++ i)) d; loop (e, f) g; loop (const array(h) = -, i) j; loop (k) l; loop (n) m; o"},
		{"branches", js, "if (a) b; else if (c) d; switch (e) { case 'f': g; break; default: h }", `if a b else if c d else -; switch e case "f" {g, break}, case - {h}`},
		{"try", js, "try { a } catch { b } finally { c }\ntry { d } catch ({e}) { f }", "try {a} catch(-) {b} finally {c}; try {d} catch(object(e: e)) {f} finally -"},
		{"labels", js, "a: for (;;) break a", "loop () break"},
		{"imports", js, "import a, {b as c, default as d, 'e-f' as g} from 'h'; import * as i from \"j\" with { type: 'json' }; import 'k'; import('l'); import.meta.url",
			`import h {default as a, b as c, default as d, e-f as g}; import j {* as i}; import k {}; import("l"); import.meta.url`},
		{"exports", js, "export const a = 1; export {b as c, d as default}; export default async function () {}\nexport * from 'e'; export * as f from 'g'; export {h} from 'i'",
			`export  const a = 1 {} -; export  - {c as b, default as d} -; export default async function() {} {} -; export  - {* as -} "e"; export  - {f as -} "g"; export  - {h as h} "i"`},
		{"top-level await", js, "const a = await b; await c.d(e)", "const a = (await b); (await c.d(e))"},
		{"escaped names", js, `\u0061b = c\u{64}`, "(ab = cd)"},
		{"elements", js, "a = <div className=\"x\" {...b} on={c}>don't {d} <e.f/>{/* nothing */}</div>", `(a = <div className: "x", ...b, on: c, d, <e.f >>)`},
		{"fragment", js, "() => <>a</>", "arrow() <- >"},
		{"less than in JavaScript", js, "a < b > (c)", "((a < b) > c)"},
		{"types", ts, "const a: Array<{b: string}> = [] as const; let c!: d | undefined; e as unknown as F<G>; h satisfies I; j!.k",
			"const a = array(); let c = -; e; h; j.k"},
		{"generic calls", ts, "a<b>(c); new Map<string, Array<number>>(); d < e && f > g; h<i>`j`", "a(c); new Map(); ((d < e) && (f > g)); template(h[\"j\"] )"},
		{"functions with types", ts, "function a<T extends {}>(this: B, c?: string, d: E = {f: 1}, ...g: H[]): c is string { return 1 }\nfunction i(): void;",
			"function a(this, c, (d = object(f: 1)), ...g) {return 1}; function i() -"},
		{"arrows with types", ts, "(a: B, c?): d => e; <T>(f: T) => g; async <T,>(h: T): Promise<T> => i; (j: k) => l ? m : n",
			"arrow(a, c) e; arrow(f) g; async arrow(h) i; arrow(j) (l ? m : n)"},
		{"arrow with a type in a choice", ts, "a ? (b): C => d : e; f ? (g) : h", "(a ? arrow(b) d : e); (f ? g : h)"},
		{"type statements", ts, "interface A<T> extends B<T>, C { d(): void }\ntype E<F> = F extends infer G ? { [k in keyof G]?: `x${string}` } : (h: number) => asserts h is I;\ndeclare module 'j' { export const k: L }\ndeclare const m: N; type = 1; o",
			"empty; empty; empty; empty; (type = 1); o"},
		{"enum and namespace", ts, "enum A { B = 'c', D }\nconst enum E { F }\nnamespace g.h { export const i = 1 }",
			`const A = object(B: "c", D: bad); const E = object(F: bad); {export  const i = 1 {} -}`},
		{"class with types", ts, "@Injectable() export abstract class A<T> extends B<T> implements C, D<T> { private readonly e: F = 1; constructor(@Inject() private g: H, public i?: J) { super() } abstract k(): void; [l: string]: any; m?(): n; declare o: p; static q!: r }",
			"export  class A extends B {e: 1, constructor: function(g, i) {super()}, k: function() -, empty, m: function() -, o: -, static q: -} {} -"},
		{"imports of types", ts, "import type { A } from 'b'; import { type C, d } from 'e'; import f = require('g'); export type { H }; export = i; import type from 'j'",
			`empty; import e {d as d}; import g {default as f}; empty; export = i {} -; import j {default as type}`},
		{"casts", ts, "<any>a; <B>(c)", "a; c"},
		{"elements with types", tsx, "const a = <B<string> c={<T,>(d: T) => d}>e</B>; const f = <T,>(g: T) => <h/>", "const a = <B c: arrow(d) d>; const f = arrow(g) <h >"},
	} {
		t.Run(row.name, func(t *testing.T) {
			root, err := syntax.Parse(row.text, row.dialect)
			if err != nil {
				t.Fatalf("at %d: %v", err.(*syntax.Error).Offset, err)
			}
			if got := show(root); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, row := range []struct {
		name   string
		text   string
		offset int
		want   string
	}{
		{"a string without end", "a\n'b", 4, "the string does not end"},
		{"a string over lines", "'a\nb'", 2, "the string does not end on its line"},
		{"a comment without end", "a /* b", 2, "the comment does not end"},
		{"a template without end", "a`b", 1, "the template does not end"},
		{"a regular expression without end", "a = /b\n/", 4, "the regular expression does not end on its line"},
		{"a bracket without end", "a(b", 3, `got the end of the file, want ")"`},
		{"two values", "a b", 2, `got "b", want the end of the statement`},
		{"no value", "a = ;", 4, `got ";", want an expression`},
		{"another end", "<a></b>", 5, "the element ends with another name than it starts with"},
		{"an element without end", "<a>", 0, "the element does not end"},
		{"an odd character", "a = \x01", 4, "there is no such character in JavaScript"},
		{"brackets", strings.Repeat("(", 5000), 0, "this nests too deep"},
		{"operators", strings.Repeat("!", 5000), 0, "this nests too deep"},
		{"blocks", strings.Repeat("{", 5000), 0, "this nests too deep"},
		{"templates", strings.Repeat("`${", 5000), 0, "this nests too deep"},
		{"elements", strings.Repeat("<a>", 5000), 0, "this nests too deep"},
		{"new", strings.Repeat("new ", 5000), 0, "this nests too deep"},
		{"else if", strings.Repeat("if (a) b; else ", 5000), 0, "this nests too deep"},
		{"a chain", "a" + strings.Repeat(".b", 5000), 0, "this nests too deep"},
		{"a sum", "a" + strings.Repeat(" + b", 5000), 0, "this nests too deep"},
		{"a large file", strings.Repeat(";", syntax.MaxText+1), 0, "the file is larger than 1 MiB"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := syntax.Parse(row.text, syntax.Dialect{JSX: true})
			e, ok := err.(*syntax.Error)
			if !ok || e.Reason != row.want || row.offset > 0 && e.Offset != row.offset {
				t.Errorf("got %+v, want %q at %d", e, row.want, row.offset)
			}
		})
	}
}

// Two readings of a text are tried in places, one inside the other. All of it is bounded.
func TestEffort(t *testing.T) {
	for _, piece := range []string{"a<", "(a:", "a?(b):", "<T>(", "a<b,", "async (a:", "x as (", "a ? (b) : c => ", "(a)=>", "`${", "({a=", "[a?", "for(", "case(a):", "@a("} {
		_, _ = syntax.Parse(strings.Repeat(piece, (64<<10)/len(piece)), syntax.Dialect{TypeScript: true})
	}
}

func TestPosition(t *testing.T) {
	l := syntax.NewLines("a\nbé👍c\n\n")
	for _, row := range []struct{ offset, line, column int }{
		{-1, 1, 1}, {0, 1, 1}, {1, 1, 2}, {2, 2, 1}, {3, 2, 2}, {5, 2, 3}, {9, 2, 4}, {10, 2, 5}, {11, 3, 1}, {12, 4, 1}, {99, 4, 1},
	} {
		if line, column := l.Position(row.offset); line != row.line || column != row.column {
			t.Errorf("offset %d: got %d:%d, want %d:%d", row.offset, line, column, row.line, row.column)
		}
	}
}

// Whatever the text, every node lies within its parent, and nothing panics.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a", "import a from 'b'", "(a: b): c => d", "<a b={c}>d</a>", "`a${b}`", "class A<T> { b?: c }", "a<b>(c)", "/[/]/g", "enum A { b = 1 }", "\\u0061"} {
		f.Add(s, true, true)
		f.Add(s, false, true)
	}
	f.Fuzz(func(t *testing.T, text string, typeScript, jsx bool) {
		root, err := syntax.Parse(text, syntax.Dialect{TypeScript: typeScript, JSX: jsx})
		if e, ok := err.(*syntax.Error); ok && (e.Offset < 0 || e.Offset > len(text) || e.Reason == "") {
			t.Errorf("got an error at %d of %d: %q", e.Offset, len(text), e.Reason)
		}
		if err != nil {
			return
		}
		syntax.Walk(root, func(n *syntax.Node) bool {
			if n.Start < 0 || n.End < n.Start || n.End > len(text) {
				t.Fatalf("a node of kind %d is at %d to %d of %d", n.Kind, n.Start, n.End, len(text))
			}
			return true
		})
	})
}
