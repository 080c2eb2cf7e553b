package hono

import (
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/node"
)

// linter judges servers of Hono.
func linter() *stack.Linter {
	return node.Linter(javascript.Hono, append(openExamples(), examples()...))
}

// use is a server with options of hono/cors.
func use(options string) string {
	return server("app.use('/api/*', cors("+options+"));\n", "app.all('/api/users', (c) => c.json([]));\n")
}

func server(before, routes string) string {
	return `const { serve } = require('@hono/node-server');
const { Hono } = require('hono');
const { cors } = require('hono/cors');

const app = new Hono();
` + before + routes + "serve({ fetch: app.fetch, port: 3000 });\n"
}

func openExamples() []node.Example {
	return []node.Example{
		{Rule: "reflected-origin", Before: use("{ origin: (origin) => origin, credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "null-origin", Before: use("{ origin: ['https://app.example.com', 'null'], credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "pattern-unanchored",
			Before: use("{ origin: (origin) => (origin.endsWith('example.com') ? origin : null), credentials: true }"),
			After:  use("{ origin: (origin) => (/^https:\\/\\/[a-z]+\\.example\\.com$/.test(origin) ? origin : null), credentials: true }")},
		{Rule: "pattern-dot",
			Before: use("{ origin: (origin) => (/^https:\\/\\/app.example.com$/.test(origin) ? origin : null), credentials: true }"),
			After:  use("{ origin: (origin) => (/^https:\\/\\/app\\.example\\.com$/.test(origin) ? origin : null), credentials: true }")},
		{Rule: "shared-hosting",
			Before: use("{ origin: (origin) => (origin.endsWith('.pages.dev') ? origin : null), credentials: true }"),
			After:  use("{ origin: ['https://myapp.pages.dev'], credentials: true }")},
		{Rule: "insecure-origin", Before: use("{ origin: 'http://app.example.com', credentials: true }"), After: use("{ origin: 'https://app.example.com', credentials: true }")},
		{Rule: "development-origin", Before: use("{ origin: ['https://app.example.com', 'http://localhost:3000'], credentials: true }"),
			After: use("{ origin: ['https://app.example.com'], credentials: true }")},
	}
}

func examples() []node.Example {
	return []node.Example{
		{Rule: "wildcard-credentials", Before: use("{ origin: '*', credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "origin-list", Before: use("{ origin: 'https://app.example.com, https://staging.example.com' }"), After: use("{ origin: ['https://app.example.com', 'https://staging.example.com'] }")},
		{Rule: "origin-syntax", Before: use("{ origin: ['https://app.example.com/'] }"), After: use("{ origin: ['https://app.example.com'] }")},
		{Rule: "method-case", Before: use("{ allowMethods: ['get', 'post', 'put'] }"), After: use("{ allowMethods: ['GET', 'POST', 'PUT'] }")},
		{Rule: "wildcard-list-credentials", Before: use("{ origin: ['https://app.example.com'], allowHeaders: ['*'], credentials: true }"),
			After: use("{ origin: ['https://app.example.com'], allowHeaders: ['Content-Type', 'Authorization'], credentials: true }")},
		{Rule: "authorization-wildcard", Before: use("{ origin: '*', allowHeaders: ['*'] }"), After: use("{ origin: '*', allowHeaders: ['Content-Type', 'Authorization'] }")},
		{Rule: "max-age", Before: use("{ origin: '*', maxAge: 7 * 24 * 60 * 60 }"), After: use("{ origin: '*', maxAge: 7200 }")},
		{Rule: "vary-missing",
			Before: byHand("  if (origins.includes(c.req.header('Origin'))) c.header('Access-Control-Allow-Origin', c.req.header('Origin'));\n"),
			After:  byHand("  c.header('Vary', 'Origin');\n  if (origins.includes(c.req.header('Origin'))) c.header('Access-Control-Allow-Origin', c.req.header('Origin'));\n")},
		{Rule: "middleware-order",
			Before: server("", "app.get('/api/users', (c) => c.json([]));\napp.use('/api/*', cors());\n"), After: server("app.use('/api/*', cors());\n", "app.get('/api/users', (c) => c.json([]));\n")},
		{Rule: "preflight-authentication",
			Before: server(auth+"app.use('/api/*', bearerAuth({ token: 't' }));\napp.use('/api/*', cors());\n", "app.get('/api/users', (c) => c.json([]));\n"),
			After:  server(auth+"app.use('/api/*', cors());\napp.use('/api/*', bearerAuth({ token: 't' }));\n", "app.get('/api/users', (c) => c.json([]));\n")},
		{Rule: "preflight-overruled",
			Before: server("app.use(cors({ origin: 'https://www.example.com' }));\napp.use('/api/*', cors({ origin: 'https://app.example.com' }));\n", "app.all('/api/users', (c) => c.json([]));\n"),
			After:  server("app.use('/api/*', cors({ origin: 'https://app.example.com' }));\napp.use('/public/*', cors({ origin: 'https://www.example.com' }));\n", "app.all('/api/users', (c) => c.json([]));\n")},
		{Rule: "methods-missing",
			Before: server("app.use('/api/*', cors({ origin: '*', allowMethods: ['GET', 'POST'] }));\n", "app.delete('/api/users', (c) => c.json([]));\n"),
			After:  server("app.use('/api/*', cors({ origin: '*', allowMethods: ['GET', 'POST', 'DELETE'] }));\n", "app.delete('/api/users', (c) => c.json([]));\n")},
		{Rule: "path-too-narrow",
			Before: server("app.use('/api', cors());\n", "app.get('/api/users', (c) => c.json([]));\n"), After: server("app.use('/api/*', cors());\n", "app.get('/api/users', (c) => c.json([]));\n")},
		{Rule: "expose-missing", Before: page("{ origin: 'https://app.example.com' }", ""), After: page("{ origin: 'https://app.example.com', exposeHeaders: ['X-Total-Count'] }", "")},
		{Rule: "credentials-missing",
			Before: page("{ origin: 'https://app.example.com', exposeHeaders: ['X-Total-Count'] }", ", { credentials: 'include' }"),
			After:  page("{ origin: 'https://app.example.com', exposeHeaders: ['X-Total-Count'], credentials: true }", ", { credentials: 'include' }")},
	}
}

const auth = "const { bearerAuth } = require('hono/bearer-auth');\n"

func byHand(body string) string {
	return server("const origins = ['https://app.example.com', 'https://staging.example.com'];\napp.use(async (c, next) => {\n"+body+"  await next();\n});\n", "app.get('/api/users', (c) => c.json([]));\n")
}

// page is a server and, in the same text, what a page asks of it.
func page(options, init string) string {
	return server("app.use('/api/*', cors("+options+"));\n", "app.get('/api/users', (c) => c.json([], 200, { 'X-Total-Count': '2' }));\n") + `
async function inThePage() {
  const response = await fetch('https://api.example.com/api/users'` + init + `);
  return response.headers.get('X-Total-Count');
}
`
}
