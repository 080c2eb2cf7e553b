package javascript

import (
	"slices"
	"strings"

	"github.com/concors/concors/internal/javascript/syntax"
)

// A Framework is what a server is written with.
type Framework string

// The frameworks. An app of NestJS is one of Express, as it is unless it says otherwise.
const (
	Express Framework = "express"
	Fastify Framework = "fastify"
	Hono    Framework = "hono"
	Koa     Framework = "koa"

	// NextJS has no app that a file makes: its handlers and its configuration are found by what they export.
	NextJS Framework = "nextjs"
)

// An App is a server or a router of one.
type App struct {
	Framework Framework
	Router    bool    // something else mounts it
	Here      bool    // it is made in this file; what was done to it elsewhere is not seen otherwise
	Steps     []*Step // in the order of the text
}

// A Step is something that is done to an app: middleware that is used, a route, a plugin.
type Step struct {
	At   *syntax.Node // the call
	Verb string       // use, get, all, options, register, addHook, ...
	Key  *syntax.Node // where the verb stands

	Path string // empty for everything
	// PathKnown is false where the path is not told by the file.
	PathKnown bool

	Parts []Part

	Function    *syntax.Node // that it stands in, nil for none
	Conditional bool         // it may not be run
	Awaited     bool
}

// A Part is one thing that is given to a step. At most one of the pointers is set.
type Part struct {
	At    *syntax.Node
	CORS  *CORS
	Mount *App         // another app
	Guard *Guard       // it turns requests away
	Func  *syntax.Node // a function of this file
}

// A Guard turns requests away that are not signed in.
type Guard struct {
	What string // how to call it in a sentence
	// Preflights is set where it lets preflights for Authorization pass by itself.
	Preflights bool
	// Certain is set where the file shows that it answers; otherwise its name says so.
	Certain bool
}

// IsRoute reports whether a step is a route of one method or more.
func (s *Step) IsRoute() bool {
	switch s.Verb {
	case "get", "head", "post", "put", "patch", "delete", "del", "all", "route":
		return true
	}
	return false
}

// Method is the method of a route, as it stands in a request; empty for all, or none.
func (s *Step) Method() string {
	switch s.Verb {
	case "get", "head", "post", "put", "patch", "delete", "options":
		return strings.ToUpper(s.Verb)
	case "del":
		return "DELETE"
	}
	return ""
}

// CORS returns the middleware of CORS among the parts of a step, nil for none.
func (s *Step) CORS() *CORS {
	for _, p := range s.Parts {
		if p.CORS != nil {
			return p.CORS
		}
	}
	return nil
}

// verbs are what may be done to an app and matters here.
func isVerb(name string) bool {
	switch name {
	case "use", "get", "head", "post", "put", "patch", "delete", "del", "all", "options", "route", "register", "addHook",
		"enableCors", "on", "mount", "basePath", "onError":
		return true
	}
	return false
}

// An appReader finds the apps of a file.
type appReader struct {
	*file
	byNode map[*syntax.Node]*App
	fields map[string]*syntax.Node // what is assigned to this.NAME; nil for more than one
	list   []*App
}

func (f *file) readApps(s *Source) {
	r := &appReader{file: f, byNode: map[*syntax.Node]*App{}, fields: map[string]*syntax.Node{}}
	var calls []*syntax.Node
	syntax.Walk(f.root, func(n *syntax.Node) bool {
		switch {
		case n.Kind == syntax.Assign && n.Left.Is(syntax.Member) && n.Left.Left.Is(syntax.Keyword):
			r.field(n.Left.Key.Text, n.Right)
		case n.Kind == syntax.Class:
			for _, p := range n.List {
				if key, ok := keyOf(p); ok && p.Right != nil && p.Right.Kind != syntax.Function {
					r.field(key, p.Right)
				}
			}
		case n.Kind == syntax.Call && n.Left.Is(syntax.Member) && isVerb(n.Left.Key.Text):
			calls = append(calls, n)
		}
		return true
	})
	slices.SortStableFunc(calls, func(a, b *syntax.Node) int { return a.Left.Key.Start - b.Left.Key.Start })
	for _, n := range calls[:min(len(calls), maxFound)] {
		r.call(n)
	}
	for _, a := range r.list {
		if a.Framework != "" {
			s.Apps = append(s.Apps, a)
		}
	}
}

// field notes what a field of an object is.
func (r *appReader) field(name string, value *syntax.Node) {
	if _, twice := r.fields[name]; twice {
		value = nil
	}
	r.fields[name] = value
}

// call reads a call that may be a step of an app.
func (r *appReader) call(n *syntax.Node) {
	verb := n.Left.Key.Text
	base, path, known := r.base(n.Left.Left)
	app := r.app(base)
	if app == nil {
		return
	}
	step := &Step{At: n, Verb: verb, Key: n.Left.Key, Path: path, PathKnown: known, Function: r.around(n)}
	step.Awaited = isAwait(r.parents[n])
	step.Conditional = r.isConditional(n, step.Function)
	args := n.List
	switch {
	case verb == "basePath", verb == "route" && app.Framework == Express:
		return // what is done to it has the path
	case verb == "enableCors":
		c := r.cors("cors", n, args)
		step.Parts = []Part{{At: n, CORS: c}}
	case verb == "register":
		r.register(step, args)
	case verb == "addHook":
		if len(args) == 2 {
			step.Path, _ = r.text(args[0])
			step.Parts = r.parts(args[1:], false)
		}
	default:
		if len(args) > 0 {
			if text, ok := r.paths(args[0]); ok {
				step.Path += text
				args = args[1:]
			} else if !r.isMiddleware(args[0]) && (len(args) > 1 || step.IsRoute()) {
				step.PathKnown = false
				args = args[1:]
			}
		}
		step.Parts = r.parts(args, false)
	}
	if app.Framework == "" {
		if c := step.CORS(); c != nil {
			app.Framework = frameworkOf(c.Package)
		}
	}
	app.Steps = append(app.Steps, step)
}

func isAwait(n *syntax.Node) bool { return n.Is(syntax.Unary) && n.Text == "await" }

// isConditional reports whether something between a node and the function around it decides whether the node is run.
func (f *file) isConditional(n, function *syntax.Node) bool {
	for p := f.parents[n]; p != nil && p != function; n, p = p, f.parents[p] {
		switch p.Kind {
		case syntax.If, syntax.Conditional:
			if n != p.Test {
				return true
			}
		case syntax.Binary:
			if n == p.Right && (p.Text == "&&" || p.Text == "||" || p.Text == "??") {
				return true
			}
		case syntax.Loop, syntax.Case, syntax.Try:
			return true
		}
	}
	return false
}

// base is what a chain of calls is done to, and the path that the chain has put before what follows.
func (r *appReader) base(n *syntax.Node) (base *syntax.Node, path string, known bool) {
	known = true
	for n.Is(syntax.Call) && n.Left.Is(syntax.Member) && isVerb(n.Left.Key.Text) {
		if verb := n.Left.Key.Text; len(n.List) > 0 && (verb == "basePath" || verb == "route" && len(n.List) == 1) {
			text, ok := r.paths(n.List[0])
			path, known = text+path, known && ok
		}
		n = n.Left.Left
	}
	if v := r.resolve(n); v.Is(syntax.Call) && v != n && v.Left.Is(syntax.Member) && v.Left.Key.Text == "basePath" {
		inner, before, ok := r.base(v)
		return inner, before + path, known && ok
	}
	return n, path, known
}

// app is the app that an expression is, nil if it is none. A parameter may be one, and so may what another file exports.
func (r *appReader) app(n *syntax.Node) *App {
	if n.Is(syntax.Member) && n.Left.Is(syntax.Keyword) && n.Left.Text == "this" {
		n = r.fields[n.Key.Text]
	}
	v := r.resolve(n)
	if v == nil {
		return nil
	}
	for v.Is(syntax.Call) && v.Left.Is(syntax.Member) && isVerb(v.Left.Key.Text) {
		v = r.resolve(v.Left.Left) // const app = new Hono().use(...)
	}
	if a := r.byNode[v]; a != nil {
		return a
	}
	if framework, router := r.creates(v); framework != "" {
		return r.add(v, &App{Framework: framework, Router: router, Here: true})
	}
	if v.Kind != syntax.Name {
		return nil
	}
	b := r.lookup(v)
	switch {
	case b == nil:
		return nil
	case r.byNode[b.name] != nil:
		return r.byNode[b.name]
	case b.param, strings.HasPrefix(b.module, "."):
		return r.add(b.name, &App{})
	}
	return nil
}

func (r *appReader) add(key *syntax.Node, a *App) *App {
	r.byNode[key] = a
	r.list = append(r.list, a)
	return a
}

// creates tells what an expression makes an app of.
func (r *appReader) creates(n *syntax.Node) (framework Framework, router bool) {
	if n.Kind != syntax.Call && n.Kind != syntax.New {
		return "", false
	}
	module, export, ok := r.module(n.Left)
	if !ok {
		return "", false
	}
	switch module + " " + export {
	case "express ", "@nestjs/core NestFactory.create":
		return Express, false
	case "express Router":
		return Express, true
	case "fastify ", "fastify fastify":
		return Fastify, false
	case "hono Hono", "@hono/zod-openapi OpenAPIHono", "hono/quick Hono", "hono/tiny Hono":
		return Hono, false
	case "koa ":
		return Koa, false
	case "@koa/router ", "@koa/router Router", "koa-router ":
		return Koa, true
	}
	return "", false
}

// frameworkOf is the framework that a package of CORS is for.
func frameworkOf(pkg string) Framework {
	switch pkg {
	case "cors":
		return Express
	case "@fastify/cors":
		return Fastify
	case "hono/cors":
		return Hono
	case "@koa/cors":
		return Koa
	}
	return ""
}

// paths reads the path of a step; of several, the first.
func (r *appReader) paths(n *syntax.Node) (string, bool) {
	if v := r.resolve(n); v.Is(syntax.Array) && len(v.List) > 0 && r.resolve(v.List[0]).Is(syntax.String) {
		n = v.List[0]
	}
	return r.text(n)
}

// isMiddleware reports whether an expression is certainly not a path.
func (r *appReader) isMiddleware(n *syntax.Node) bool {
	v := r.resolve(n)
	switch v.Kind {
	case syntax.Function, syntax.Call, syntax.Array:
		return true
	case syntax.Regexp, syntax.Template, syntax.Binary:
		return false
	}
	return true
}

// register reads a plugin of Fastify.
func (r *appReader) register(step *Step, args []*syntax.Node) {
	if len(args) == 0 {
		return
	}
	if len(args) > 1 {
		if o := r.resolve(args[1]); o.Is(syntax.Object) {
			step.Path, _ = r.text(r.property(o, "prefix"))
		}
	}
	if module, export, ok := r.module(args[0]); ok && isCORSPackage(module, export) {
		step.Parts = []Part{{At: args[0], CORS: r.cors(module, args[0], args[1:])}}
		return
	}
	step.Parts = r.parts(args[:1], false)
}

// parts reads what is given to a step.
func (r *appReader) parts(args []*syntax.Node, nested bool) []Part {
	var list []Part
	for _, arg := range args {
		if v := r.resolve(arg); v.Is(syntax.Array) && !nested {
			list = append(list, r.parts(v.List, true)...)
			continue
		}
		list = append(list, r.part(arg))
	}
	return list
}

func (r *appReader) part(arg *syntax.Node) Part {
	p := Part{At: arg}
	v := r.resolve(arg)
	if module, export, ok := r.module(arg); ok && isCORSPackage(module, export) {
		p.CORS = r.cors(module, arg, nil)
		p.CORS.Called = false
		return p
	}
	if v.Kind == syntax.Call {
		if module, export, ok := r.module(v.Left); ok && isCORSPackage(module, export) {
			p.CORS = r.cors(module, v, v.List)
			return p
		}
		if v.Left.Is(syntax.Member) && (v.Left.Key.Text == "routes" || v.Left.Key.Text == "middleware") {
			if a := r.app(v.Left.Left); a != nil {
				p.Mount = a
				return p
			}
		}
	}
	if v.Kind == syntax.Function {
		p.Func = v
		if r.turnsAway(v) {
			p.Guard = &Guard{What: "a check of who asks", Certain: true}
			p.Func = nil
		}
		return p
	}
	if p.Guard = r.guard(arg, v); p.Guard != nil {
		return p
	}
	if a := r.byNode[v]; a != nil {
		p.Mount = a
	}
	return p
}
