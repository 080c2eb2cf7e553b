package fastify

import (
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/node"
)

// linter judges servers of Fastify.
func linter() *stack.Linter {
	return node.Linter(javascript.Fastify, append(openExamples(), examples()...))
}

// use is a server with options of @fastify/cors.
func use(options string) string {
	return server("app.register(require('@fastify/cors'), "+options+");\n", "app.post('/api/users', async () => []);\napp.get('/api/users', async () => []);\n")
}

func server(before, routes string) string {
	return "const app = require('fastify')();\n\n" + before + routes + "app.listen({ port: 3000 });\n"
}

func openExamples() []node.Example {
	return []node.Example{
		{Rule: "reflected-origin", Before: use("{ origin: true, credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "null-origin", Before: use("{ origin: ['https://app.example.com', 'null'], credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "pattern-unanchored", Before: use(`{ origin: /example\.com$/, credentials: true }`), After: use(`{ origin: /^https:\/\/app\.example\.com$/, credentials: true }`)},
		{Rule: "pattern-dot", Before: use(`{ origin: /^https:\/\/app.example.com$/, credentials: true }`), After: use(`{ origin: /^https:\/\/app\.example\.com$/, credentials: true }`)},
		{Rule: "shared-hosting", Before: use(`{ origin: /^https:\/\/[a-z0-9-]+\.netlify\.app$/, credentials: true }`), After: use(`{ origin: ['https://myapp.netlify.app'], credentials: true }`)},
		{Rule: "insecure-origin", Before: use("{ origin: ['http://app.example.com'], credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "development-origin", Before: use("{ origin: ['https://app.example.com', 'http://localhost:3000'], credentials: true }"),
			After: use("{ origin: ['https://app.example.com'], credentials: true }")},
	}
}

func examples() []node.Example {
	return []node.Example{
		{Rule: "wildcard-credentials", Before: use("{ credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "origin-list", Before: use("{ origin: 'https://app.example.com, https://staging.example.com' }"), After: use("{ origin: ['https://app.example.com', 'https://staging.example.com'] }")},
		{Rule: "origin-syntax", Before: use("{ origin: ['https://app.example.com/'] }"), After: use("{ origin: ['https://app.example.com'] }")},
		{Rule: "method-case", Before: deletes("{ methods: ['get', 'post', 'delete'] }"), After: deletes("{ methods: ['GET', 'POST', 'DELETE'] }")},
		{Rule: "wildcard-list-credentials", Before: use("{ origin: ['https://app.example.com'], allowedHeaders: '*', credentials: true }"),
			After: use("{ origin: ['https://app.example.com'], allowedHeaders: ['Content-Type', 'Authorization'], credentials: true }")},
		{Rule: "authorization-wildcard", Before: use("{ allowedHeaders: '*' }"), After: use("{ allowedHeaders: ['Content-Type', 'Authorization'] }")},
		{Rule: "max-age", Before: use("{ maxAge: 24 * 60 * 60 * 1000 }"), After: use("{ maxAge: 24 * 60 * 60 }")},
		{Rule: "vary-missing",
			Before: byHand("  if (origins.includes(request.headers.origin)) reply.header('Access-Control-Allow-Origin', request.headers.origin);\n"),
			After:  byHand("  reply.header('Vary', 'Origin');\n  if (origins.includes(request.headers.origin)) reply.header('Access-Control-Allow-Origin', request.headers.origin);\n")},
		{Rule: "preflight-authentication",
			Before: server(signedIn+"app.addHook('onRequest', signedIn);\napp.register(require('@fastify/cors'));\n", "app.get('/api/users', async () => []);\n"),
			After:  server(signedIn+"app.register(require('@fastify/cors')).after(() => app.addHook('onRequest', signedIn));\n", "app.get('/api/users', async () => []);\n")},
		{Rule: "methods-missing", Before: deletes("{ origin: ['https://app.example.com'] }"), After: deletes("{ origin: ['https://app.example.com'], methods: ['GET', 'HEAD', 'POST', 'DELETE'] }")},
		{Rule: "expose-missing", Before: page("{ origin: 'https://app.example.com' }", ""), After: page("{ origin: 'https://app.example.com', exposedHeaders: ['X-Total-Count'] }", "")},
		{Rule: "credentials-missing",
			Before: page("{ origin: 'https://app.example.com', exposedHeaders: ['X-Total-Count'] }", ", { credentials: 'include' }"),
			After:  page("{ origin: 'https://app.example.com', exposedHeaders: ['X-Total-Count'], credentials: true }", ", { credentials: 'include' }")},
		{Rule: "origin-error",
			Before: use("{\n  origin(origin, callback) {\n    if (origin === 'https://app.example.com') callback(null, true);\n    else callback(new Error('not allowed'), false);\n  },\n}"),
			After:  use("{\n  origin(origin, callback) {\n    callback(null, origin === 'https://app.example.com');\n  },\n}")},
	}
}

const signedIn = `async function signedIn(request, reply) {
  if (request.headers.authorization !== 'Bearer t') return reply.code(401).send();
}
`

func byHand(body string) string {
	return server("const origins = ['https://app.example.com', 'https://staging.example.com'];\napp.addHook('onRequest', async (request, reply) => {\n"+body+"});\n", "app.get('/api/users', async () => []);\n")
}

func deletes(options string) string {
	return server("app.register(require('@fastify/cors'), "+options+");\n", "app.delete('/api/users', async () => []);\n")
}

// page is a server and, in the same text, what a page asks of it.
func page(options, init string) string {
	return server("app.register(require('@fastify/cors'), "+options+");\n", "app.get('/api/users', async (request, reply) => reply.header('X-Total-Count', '2').send([]));\n") + `
async function inThePage() {
  const response = await fetch('https://api.example.com/api/users'` + init + `);
  return response.headers.get('X-Total-Count');
}
`
}
