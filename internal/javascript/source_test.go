package javascript_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/internal/javascript"
)

func parse(t *testing.T, text string) *javascript.Source {
	t.Helper()
	s, err := javascript.Parse("server.ts", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// showTests writes tests as text.
func showTests(tests []javascript.Test) string {
	var list []string
	for _, c := range tests {
		list = append(list, fmt.Sprintf("%s%s%s", []string{"=", "~", "^", "$", "/"}[c.How], c.Text, c.Flags))
	}
	return strings.Join(list, " ")
}

func TestOrigin(t *testing.T) {
	for _, row := range []struct {
		name, before, option string
		kind                 javascript.OriginKind
		tests                string
		known                bool
	}{
		{"any", "", "'*'", javascript.AnyOrigin, "=*", true},
		{"true", "", "true", javascript.ReflectOrigin, "", true},
		{"false", "", "false", javascript.NoOrigin, "", true},
		{"one", "const o = `https://${h}`; const h = 'a.example';", "o", javascript.OneOrigin, "=https://a.example", true},
		{"pattern", "", `/a\.example$/i`, javascript.ListOrigin, `/a\.example$i`, true},
		{"pattern that is made", "", `new RegExp('^https://a' + '$')`, javascript.ListOrigin, "/^https://a$", true},
		{"list", "const more = ['https://b.example'] as const;", "['https://a.example', /c/, ...more]", javascript.ListOrigin, "=https://a.example /c =https://b.example", true},
		{"list with something unknown", "", "['https://a.example', process.env.ORIGIN]", javascript.ListOrigin, "=https://a.example", false},
		{"list that grows", "const list = ['https://a.example']; list.push(process.env.ORIGIN);", "list", javascript.ListOrigin, "=https://a.example", false},
		{"list in a string", "", "'https://a.example, https://b.example'.split(',').map((s) => s.trim())", javascript.ListOrigin, "=https://a.example =https://b.example", true},
		{"list in an object", "const config = { cors: { origins: ['https://a.example'] } };", "config.cors.origins", javascript.ListOrigin, "=https://a.example", true},
		{"one of two", "", "production ? ['https://a.example'] : ['http://localhost:1']", javascript.ListOrigin, "=https://a.example =http://localhost:1", false},
		{"environment", "", "process.env.ORIGIN", javascript.UnknownOrigin, "", false},
		{"shadowed", "const o = 'https://a.example'; function f(o) { app.use(cors({ origin: o })) }", "", javascript.UnknownOrigin, "", false},
		{"reassigned", "let o = 'https://a.example'; o = process.env.ORIGIN;", "o", javascript.UnknownOrigin, "", false},
		{"circular", "const a = b; const b = a;", "a", javascript.UnknownOrigin, "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := "import express from 'express'; import cors from 'cors'; const app = express();\n" + row.before + "\n"
			if row.option != "" {
				text += "app.use(cors({ origin: " + row.option + " }));\n"
			}
			s := parse(t, text)
			if len(s.Apps) != 1 || len(s.Apps[0].Steps) != 1 || s.Apps[0].Steps[0].CORS() == nil {
				t.Fatalf("got %d apps, want one with a use of cors", len(s.Apps))
			}
			o := s.Apps[0].Steps[0].CORS().Origin
			if o.Kind != row.kind || showTests(o.Tests) != row.tests || o.Known != row.known {
				t.Errorf("got kind %d, tests %q, known %t; want %d, %q, %t", o.Kind, showTests(o.Tests), o.Known, row.kind, row.tests, row.known)
			}
		})
	}
}

func TestDecision(t *testing.T) {
	for _, row := range []struct {
		name, function  string
		tests           string
		always, unknown bool
	}{
		{"yes", "(origin, cb) => cb(null, true)", "", true, false},
		{"the origin", "(origin, cb) => { console.log(origin); cb(null, origin); }", "", true, false},
		{"yes after all", "(o, cb) => { if (['https://a.example'].includes(o)) { cb(null, true) } else { console.warn(o); cb(null, true) } }", "=https://a.example", true, false},
		{"no", "(o, cb) => cb(null, false)", "", false, false},
		{"a list", "(o, cb) => { if (!o || list.includes(o)) return cb(null, true); cb(new Error('no')) }", "=https://a.example =https://b.example", false, false},
		{"a list, in one", "(o, cb) => cb(null, list.indexOf(o) !== -1)", "=https://a.example =https://b.example", false, false},
		{"a set", "(o, cb) => cb(null, set.has(o))", "=https://a.example =https://b.example", false, false},
		{"some of a list", "(o, cb) => cb(null, list.some((l) => l === o))", "=https://a.example =https://b.example", false, false},
		{"some ends", "(o, cb) => cb(null, list.some((l) => o.endsWith(l)))", "$https://a.example $https://b.example", false, false},
		{"a pattern", "(o, cb) => cb(null, /a/.test(o) || o.match(/b/i) !== null)", "/a /bi", false, false},
		{"a switch", "(o, cb) => { switch (o) { case 'https://a.example': return cb(null, true); default: cb(null, false) } }", "=https://a.example", false, false},
		{"parts", "(o, cb) => cb(null, o.includes('a') || o.startsWith('b') || o.indexOf('c') === 0)", "~a ^b ^c", false, false},
		{"a name for it", "(o, cb) => { const lower = (o ?? '').toLowerCase(); cb(null, lower === 'https://a.example') }", "=https://a.example", false, false},
		{"something else", "(o, cb) => { if (isAllowed(o)) cb(null, true); else cb(null, false) }", "", false, true},
		{"a table", "(o, cb) => cb(null, table[o])", "", false, true},
		{"nobody", "() => {}", "", false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := parse(t, "import express from 'express'; import cors from 'cors'; const app = express();\n"+
				"const list = ['https://a.example', 'https://b.example']; const set = new Set(list);\napp.use(cors({ origin: "+row.function+" }));\n")
			d := s.Apps[0].Steps[0].CORS().Origin.Decision
			if d == nil || showTests(d.Tests) != row.tests || d.Always != row.always || d.Unknown != row.unknown {
				t.Errorf("got %+v with tests %q, want %q, always %t, unknown %t", d, showTests(d.Tests), row.tests, row.always, row.unknown)
			}
		})
	}
}

func TestSteps(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"express", "const app = require('express')(); const r = require('express').Router(); r.get('/x', h); app.use('/api', r); app.route('/y').get(h).put(h); if (a) app.use(cors())",
			"express: get /x; express: use /api mount; get /y; put /y; use  unknown?"},
		{"hono", "import { Hono } from 'hono'; import { cors } from 'hono/cors'; const app = new Hono().basePath('/v1'); app.use('*', cors()).get('/x', (c) => c.text(''))",
			"hono: use /v1* cors; get /v1/x"},
		{"fastify", "import Fastify from 'fastify'; const app = Fastify(); await app.register(import('@fastify/cors'), { origin: true }); app.register(async (child) => { child.get('/x', h) }, { prefix: '/p' })",
			"fastify: register  cors awaited; register /p"},
		{"koa", "const Koa = require('koa'); const Router = require('@koa/router'); const app = new Koa(), r = new Router(); r.del('/x', h); app.use(r.routes())",
			"koa: del /x; koa: use  mount"},
		{"a parameter", "import cors from 'cors'; export default (server) => { server.use(cors()); }", "express: use  cors"},
		{"a field", "import express from 'express'; import cors from 'cors'; class S { constructor() { this.app = express(); this.app.use(cors()); } }", "express: use  cors"},
		{"a guard", "import express from 'express'; const app = express(); app.use((req, res, next) => { if (!req.user) return res.status(401).end(); next(); })", "express: use  guard"},
		{"no app", "import axios from 'axios'; axios.get('/x'); new Map().get('a'); db.use('x')", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := showApps(parse(t, row.text)); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func showApps(s *javascript.Source) string {
	var apps []string
	for _, a := range s.Apps {
		var steps []string
		for _, step := range a.Steps {
			line := step.Verb + " " + step.Path
			for _, p := range step.Parts {
				switch {
				case p.CORS != nil:
					line += " cors"
				case p.Mount != nil:
					line += " mount"
				case p.Guard != nil:
					line += " guard"
				}
			}
			if step.Conditional {
				line += " unknown?"
			}
			if step.Awaited {
				line += " awaited"
			}
			steps = append(steps, line)
		}
		apps = append(apps, string(a.Framework)+": "+strings.Join(steps, "; "))
	}
	return strings.Join(apps, "; ")
}

func TestHeaders(t *testing.T) {
	s := parse(t, `export default function handler(req, res) {
  const { origin } = req.headers;
  if (req.method === 'OPTIONS') {
    res.setHeader('Access-Control-Allow-Methods', 'GET');
    return res.end();
  }
  res.setHeader('Access-Control-Allow-Origin', origin ?? '*');
  return new Response('', { headers: { 'access-control-allow-origin': allowed.includes(origin) ? origin : '', Vary: 'Origin' } });
}
const forwarded = fetch('/', { headers: { 'Access-Control-Allow-Origin': '*' } });
`)
	var got []string
	for _, h := range s.Headers {
		line, column := s.Position(h.At)
		got = append(got, fmt.Sprintf("%d:%d %s %q options=%t skipped=%t reflects=%t", line, column, h.Name, h.Value.Text, h.Options, h.Skipped, h.Value.Reflects))
	}
	want := []string{
		`4:19 access-control-allow-methods "GET" options=true skipped=false reflects=false`,
		`7:17 access-control-allow-origin "" options=false skipped=true reflects=true`,
		`8:40 access-control-allow-origin "" options=false skipped=true reflects=true`,
		`8:111 vary "Origin" options=false skipped=true reflects=false`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestNext(t *testing.T) {
	s := parse(t, `export const GET = async () => new Response();
export async function PUT() {}
const remove = () => {};
export { remove as DELETE };
export const { POST } = handlers;
const cors = [{ key: 'Access-Control-Allow-Origin', value: 'https://a.example' }, { key: 'X-Other', value: process.env.X }];
module.exports = { async headers() { return [{ source: '/api/:path*', has: [{ type: 'host' }], headers: cors }]; } };
`)
	var methods []string
	for _, h := range s.Handlers {
		methods = append(methods, fmt.Sprint(h.Method, h.Function != nil))
	}
	if got := strings.Join(methods, " "); got != "GETtrue PUTtrue DELETEtrue POSTfalse" {
		t.Errorf("got handlers %s", got)
	}
	if len(s.Entries) != 1 || s.Entries[0].Source.Text != "/api/:path*" || !s.Entries[0].Has || len(s.Entries[0].Fields) != 2 ||
		s.Entries[0].Fields[0].Value != "https://a.example" || s.Entries[0].Fields[1].Known {
		t.Errorf("got entries %+v", s.Entries)
	}
}

func TestPage(t *testing.T) {
	s := parse(t, `const api = axios.create({ baseURL: 'https://api.example.com', withCredentials: true });
const res = await fetch('/api', { credentials: 'include' });
const total = res.headers.get('X-Total-Count');
api.get('/').then((response) => response.headers['x-page']);
xhr.withCredentials = true;
const token = req.headers.get('x-not-mine');
`)
	var reads, asks []string
	for _, r := range s.Reads {
		reads = append(reads, r.Name)
	}
	for _, a := range s.Asks {
		asks = append(asks, a.URL)
	}
	if got := strings.Join(reads, " "); got != "x-total-count x-page" {
		t.Errorf("got reads %q", got)
	}
	if got := strings.Join(asks, " "); got != "https://api.example.com /api " {
		t.Errorf("got asks %q", got)
	}
}

func TestMayBe(t *testing.T) {
	for name, want := range map[string]bool{
		"server.js": true, "src/app.tsx": true, "api/index.mts": true, "latest/contest.ts": true, "a.d.ts": false, "a.min.js": false, "app.test.ts": false,
		"test/app.js": false, "src/__tests__/app.js": false, "app.go": false, "README.md": false,
	} {
		if got := javascript.MayBe(name); got != want {
			t.Errorf("%s: got %t, want %t", name, got, want)
		}
	}
}

func TestError(t *testing.T) {
	s, err := javascript.Parse("a.js", "const app = require('express')();\napp.use(require('cors')());\n  é = ;")
	e, ok := err.(*javascript.Error)
	if !ok || e.Line != 3 || e.Column != 7 || len(s.Apps) != 1 {
		t.Errorf("got %v and %d apps, want an error in line 3, column 7, and the app before it", err, len(s.Apps))
	}
}

// Whatever a file repeats, reading it takes a time that is bounded by its size.
func TestTime(t *testing.T) {
	const start = "const app = require('express')(); const cors = require('cors');\n"
	const o = "const list = ['a']; const o = { a: 1 };\n"
	for _, piece := range []string{
		"var a; a = 1;", "{ let a; a = 1 }", "app.use(cors({ origin: (o, c) => c(null, list.includes(o)) }));",
		"app.use('/a', app);", "app.get('/a', (r, s) => s.set('Access-Control-Allow-Origin', r.headers.origin));",
		"f({ 'Access-Control-Allow-Origin': a, Vary: b });", "f(o.a + o.a);", "const a = a.b + a;", "list.push(list);", "x = x + x;", "x.headers.get(x);",
	} {
		began := time.Now()
		text := start + o + "function g(r, s) {" + strings.Repeat(piece, (64<<10)/len(piece)) + "}"
		if _, err := javascript.Parse("a.js", text); err != nil {
			t.Errorf("%s: %v", piece, err)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: it took %s", piece, took)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("import cors from 'cors'; const app = require('express')(); app.use(cors({ origin: (o, cb) => cb(null, [/a/].some((r) => r.test(o))) }));")
	f.Add("export const GET = () => new Response('', { headers: { 'Access-Control-Allow-Origin': req.headers.origin || '*' } });")
	f.Add("const { a: { b } } = c; const c = { a }; const a = { b: a.b, ...c };")
	f.Add("class A { app = new Hono().basePath('/x').use(cors({ origin: ['a', ...b].concat(c).filter(Boolean) })) }")
	f.Fuzz(func(t *testing.T, text string) {
		s, _ := javascript.Parse("a.tsx", text)
		for _, h := range s.Headers {
			if line, column := s.Position(h.At); line < 1 || column < 1 {
				t.Errorf("got %d:%d for a header", line, column)
			}
		}
	})
}
