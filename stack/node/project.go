// Package node has what the linters of the frameworks for Node.js share: how a project is read, and the rules. What differs
// between frameworks are the examples, and which rules there are.
package node

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/internal/javascript/syntax"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A Project is what the files of a project say to one framework. It is the subject of the rules.
type Project struct {
	Framework javascript.Framework
	Sources   []*javascript.Source

	tree *stack.Tree
}

// An Example is what a rule fires on, and what it does not, as a server of one framework.
type Example struct {
	Rule          string
	Before, After string
}

// Linter returns the linter of a framework with the rules that have examples. It panics if an example is of no rule.
func Linter(framework javascript.Framework, examples []Example) *stack.Linter {
	l := &stack.Linter{
		Example: "server.js", Language: "js",
		MayBe:  javascript.MayBe,
		Is:     func(_ string, text []byte) bool { return mentions(framework, text) || isPage(text) },
		Read:   func(t *stack.Tree) (any, []report.Finding) { return read(framework, t) },
		Layers: layers,
	}
	rules := map[string]stack.LintRule{}
	for _, r := range allRules() {
		rules[r.Name] = r
	}
	for _, e := range examples {
		r, ok := rules[e.Rule]
		if !ok {
			panic("concors: internal error: there is no rule " + e.Rule)
		}
		r.Before, r.After = e.Before, e.After
		l.Rules = append(l.Rules, r)
	}
	return l
}

// NextJS returns the linter of Next.js: headers() of its configuration, its handlers, and what stands before them.
func NextJS() *stack.Linter {
	l := Linter(javascript.NextJS, nextExamples())
	for i := range l.Rules {
		if l.Rules[i].Kind == stack.WillNotWork && l.Rules[i].Unshown == "" {
			l.Rules[i].Unshown = "a project is built for minutes; the set-up nextjs/headers of the tests shows what becomes of such headers"
		}
	}
	return l
}

// mentions reports whether a text can be of a server of a framework.
func mentions(framework javascript.Framework, text []byte) bool {
	for _, word := range words(framework) {
		if bytes.Contains(text, []byte(word)) {
			return true
		}
	}
	return false
}

func words(framework javascript.Framework) []string {
	switch framework {
	case javascript.Express:
		return []string{`'express'`, `"express"`, `'cors'`, `"cors"`, `@nestjs/core`, `'http'`, `"http"`, `node:http`, `Access-Control-Allow-`, `access-control-allow-`}
	case javascript.Fastify:
		return []string{`'fastify'`, `"fastify"`, `@fastify/cors`}
	case javascript.Hono:
		return []string{`'hono'`, `"hono"`, `hono/cors`, `hono/quick`, `hono/tiny`, `@hono/zod-openapi`}
	case javascript.Koa:
		return []string{`'koa'`, `"koa"`, `@koa/cors`, `koa-router`, `@koa/router`}
	case javascript.NextJS:
		return []string{`Access-Control-Allow-`, `access-control-allow-`}
	}
	return nil
}

// isPage reports whether a text may be of a page that reads headers, or makes requests with credentials.
func isPage(text []byte) bool {
	return bytes.Contains(text, []byte("headers.get(")) || bytes.Contains(text, []byte("headers[")) ||
		bytes.Contains(text, []byte("withCredentials")) || bytes.Contains(text, []byte("credentials:"))
}

// read reads the files of a project.
func read(framework javascript.Framework, t *stack.Tree) (*Project, []report.Finding) {
	p := &Project{Framework: framework, tree: t}
	var findings []report.Finding
	for _, name := range t.Own() {
		text, ok := t.Text(name)
		if !ok {
			continue
		}
		source, err := javascript.Parse(name, string(text))
		if e, isPlace := err.(*javascript.Error); isPlace && mentions(framework, text) {
			findings = append(findings, report.Finding{
				Rule: "javascript-syntax", Severity: report.Warning,
				Message: "this cannot be read, so what follows is not judged: " + e.Reason, Fix: "see what node --check or tsc says of it",
				File: name, Line: e.Line, Column: e.Column, Reference: "https://tc39.es/ecma262/",
			})
		}
		p.Sources = append(p.Sources, source)
	}
	return p, findings
}

// owns reports whether headers that a file sets by hand are for the rules of the project's framework. Those of a file that
// loads none are for Express, whose request and response are those of Node.js; those of Next.js are known by what they export or where they are.
func (p *Project) owns(s *javascript.Source) bool {
	framework := javascript.Express
	switch {
	case s.Loads("next"), len(s.Handlers) > 0, len(s.Entries) > 0, isNextName(s.Name):
		framework = javascript.NextJS
	case s.Loads("fastify"), s.Loads("@fastify/cors"):
		framework = javascript.Fastify
	case s.Loads("hono"), s.Loads("@hono/zod-openapi"):
		framework = javascript.Hono
	case s.Loads("koa"), s.Loads("@koa/cors"), s.Loads("@koa/router"):
		framework = javascript.Koa
	}
	return p.Framework == framework
}

// isNextName reports whether a file is where Next.js looks for handlers or its configuration.
func isNextName(name string) bool {
	base := path.Base(name)
	return strings.Contains("/"+name, "/pages/api/") || strings.HasPrefix(base, "next.config.")
}

// at is the place of a node.
func at(s *javascript.Source, n *syntax.Node) stack.Position {
	line, column := s.Position(n)
	return stack.Position{File: s.Name, Line: line, Column: column}
}

// major returns the major version of a package that the project asks for, 0 if it does not say: what the nearest package.json
// above a file has.
func (p *Project) major(file, pkg string) int {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if text, ok := p.tree.Text(path.Join(dir, "package.json")); ok {
			var manifest struct{ Dependencies, DevDependencies map[string]string }
			if err := json.Unmarshal(text, &manifest); err == nil {
				for _, list := range []map[string]string{manifest.Dependencies, manifest.DevDependencies} {
					if v := firstNumber(list[pkg]); v > 0 {
						return v
					}
				}
			}
		}
		if dir == "." || dir == "/" {
			return 0
		}
	}
}

// firstNumber is the first number of a range of versions: 5 of ^5.1.0.
func firstNumber(version string) int {
	version = strings.TrimLeft(version, "^~>=v ")
	n := 0
	for i := 0; i < len(version) && i < 4 && version[i] >= '0' && version[i] <= '9'; i++ {
		n = n*10 + int(version[i]-'0')
	}
	return n
}

// layers are the places where pages are let in: uses of middleware, and headers that are set by hand.
func layers(subject any) []stack.Layer {
	p := subject.(*Project)
	var list []stack.Layer
	p.uses(func(s *javascript.Source, _ *javascript.App, step *javascript.Step, c *javascript.CORS) {
		if c.Called && c.Origin.Kind != javascript.NoOrigin {
			list = append(list, stack.Layer{At: at(s, step.Key)})
		}
	})
	for _, s := range p.Sources {
		if !p.owns(s) {
			continue
		}
		for _, h := range s.Headers {
			if h.Name == header.Lower(header.AllowOrigin) {
				list = append(list, stack.Layer{At: at(s, h.At)})
			}
		}
	}
	return list
}

// apps calls a function for each app of the framework.
func (p *Project) apps(look func(*javascript.Source, *javascript.App)) {
	for _, s := range p.Sources {
		for _, a := range s.Apps {
			if a.Framework == p.Framework {
				look(s, a)
			}
		}
	}
}

// uses calls a function for each use of middleware for CORS.
func (p *Project) uses(look func(*javascript.Source, *javascript.App, *javascript.Step, *javascript.CORS)) {
	p.apps(func(s *javascript.Source, a *javascript.App) {
		for _, step := range a.Steps {
			if c := step.CORS(); c != nil {
				look(s, a, step, c)
			}
		}
	})
}
