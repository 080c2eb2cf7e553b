package koa

import (
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/node"
)

// linter judges servers of Koa.
func linter() *stack.Linter {
	return node.Linter(javascript.Koa, append(openExamples(), examples()...))
}

// use is a server with options of @koa/cors.
func use(options string) string { return server("app.use(cors(" + options + "));\n" + answer) }

func server(uses string) string {
	return `const Koa = require('koa');
const cors = require('@koa/cors');

const app = new Koa();
` + uses + "app.listen(3000);\n"
}

const answer = `app.use((ctx) => {
  ctx.body = [];
});
`

const named = "{ origin: 'https://app.example.com', credentials: true }"

func openExamples() []node.Example {
	return []node.Example{
		{Rule: "reflected-origin", Before: use("{ credentials: true }"), After: use(named)},
		{Rule: "null-origin",
			Before: use("{ origin: (ctx) => (['https://app.example.com', 'null'].includes(ctx.get('Origin')) ? ctx.get('Origin') : ''), credentials: true }"),
			After:  use("{ origin: (ctx) => (['https://app.example.com'].includes(ctx.get('Origin')) ? ctx.get('Origin') : ''), credentials: true }")},
		{Rule: "pattern-unanchored",
			Before: use("{ origin: (ctx) => (ctx.get('Origin').includes('example.com') ? ctx.get('Origin') : ''), credentials: true }"), After: use(named)},
		{Rule: "pattern-dot",
			Before: use("{ origin: (ctx) => (/^https:\\/\\/app.example.com$/.test(ctx.get('Origin')) ? ctx.get('Origin') : ''), credentials: true }"),
			After:  use("{ origin: (ctx) => (/^https:\\/\\/app\\.example\\.com$/.test(ctx.get('Origin')) ? ctx.get('Origin') : ''), credentials: true }")},
		{Rule: "shared-hosting",
			Before: use("{ origin: (ctx) => (ctx.get('Origin').endsWith('.web.app') ? ctx.get('Origin') : ''), credentials: true }"),
			After:  use("{ origin: 'https://myapp.web.app', credentials: true }")},
		{Rule: "insecure-origin", Before: use("{ origin: 'http://app.example.com', credentials: true }"), After: use(named)},
		{Rule: "development-origin",
			Before: use("{\n  origin(ctx) {\n    const origin = ctx.get('Origin');\n    return ['https://app.example.com', 'http://localhost:3000'].includes(origin) ? origin : '';\n  },\n  credentials: true,\n}"), After: use(named)},
	}
}

func examples() []node.Example {
	return []node.Example{
		{Rule: "origin-list", Before: use("{ origin: ['https://app.example.com', 'https://staging.example.com'] }"),
			After: use("{ origin: (ctx) => (['https://app.example.com', 'https://staging.example.com'].includes(ctx.get('Origin')) ? ctx.get('Origin') : '') }")},
		{Rule: "origin-syntax", Before: use("{ origin: 'https://app.example.com/' }"), After: use("{ origin: 'https://app.example.com' }")},
		{Rule: "method-case", Before: use("{ allowMethods: ['get', 'post', 'put'] }"), After: use("{ allowMethods: ['GET', 'POST', 'PUT'] }")},
		{Rule: "wildcard-list-credentials", Before: use("{ origin: 'https://app.example.com', allowHeaders: '*', credentials: true }"), After: use(named)},
		{Rule: "authorization-wildcard", Before: use("{ allowHeaders: '*' }"), After: use("{ allowHeaders: ['Content-Type', 'Authorization'] }")},
		{Rule: "max-age", Before: use("{ maxAge: 24 * 60 * 60 * 1000 }"), After: use("{ maxAge: 24 * 60 * 60 }")},
		{Rule: "vary-missing",
			Before: byHand("  if (origins.includes(ctx.get('Origin'))) ctx.set('Access-Control-Allow-Origin', ctx.get('Origin'));\n"),
			After:  byHand("  ctx.vary('Origin');\n  if (origins.includes(ctx.get('Origin'))) ctx.set('Access-Control-Allow-Origin', ctx.get('Origin'));\n")},
		{Rule: "middleware-not-called", Before: server("app.use(cors);\n" + answer), After: server("app.use(cors());\n" + answer)},
		{Rule: "middleware-order",
			Before: server(router + "app.use(router.routes());\napp.use(cors());\n"), After: server(router + "app.use(cors());\napp.use(router.routes());\n")},
		{Rule: "preflight-authentication",
			Before: server("app.use(signedIn);\napp.use(cors());\n" + answer + signedIn), After: server("app.use(cors());\napp.use(signedIn);\n" + answer + signedIn)},
		{Rule: "methods-missing",
			Before: server("app.use(cors({ allowMethods: ['GET', 'POST'] }));\n" + deletes), After: server("app.use(cors({ allowMethods: ['GET', 'POST', 'DELETE'] }));\n" + deletes)},
		{Rule: "expose-missing", Before: page("{ origin: 'https://app.example.com' }", ""), After: page("{ origin: 'https://app.example.com', exposeHeaders: ['X-Total-Count'] }", "")},
		{Rule: "credentials-missing",
			Before: page("{ origin: 'https://app.example.com', exposeHeaders: ['X-Total-Count'] }", ", { credentials: 'include' }"),
			After:  page("{ origin: 'https://app.example.com', exposeHeaders: ['X-Total-Count'], credentials: true }", ", { credentials: 'include' }")},
	}
}

const signedIn = `
async function signedIn(ctx, next) {
  if (ctx.get('Authorization') !== 'Bearer t') ctx.throw(401);
  await next();
}
`

const router = `const Router = require('@koa/router');
const router = new Router();
router.get('/api/users', (ctx) => {
  ctx.body = [];
});
`

const deletes = `const Router = require('@koa/router');
const router = new Router();
router.delete('/api/users', (ctx) => {
  ctx.body = [];
});
app.use(router.routes());
`

func byHand(body string) string {
	return server("const origins = ['https://app.example.com', 'https://staging.example.com'];\napp.use(async (ctx, next) => {\n" + body + "  await next();\n});\n" + answer)
}

// page is a server and, in the same text, what a page asks of it.
func page(options, init string) string {
	return server("app.use(cors("+options+"));\napp.use((ctx) => {\n  ctx.set('X-Total-Count', '2');\n  ctx.body = [];\n});\n") + `
async function inThePage() {
  const response = await fetch('https://api.example.com/api/users'` + init + `);
  return response.headers.get('X-Total-Count');
}
`
}
