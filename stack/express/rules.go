package express

import (
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/node"
)

// linter judges servers of Express and of Node.js alone.
func linter() *stack.Linter {
	return node.Linter(javascript.Express, append(openExamples(), examples()...))
}

// use is a server with options of the cors package.
func use(options string) string {
	return `const express = require('express');
const cors = require('cors');

const app = express();
app.use(cors(` + options + `));
app.all('/api/users', (req, res) => res.json([]));
app.listen(3000);
`
}

// hand is a server that sets headers in a function.
func hand(body string) string {
	return `const express = require('express');

const origins = ['https://app.example.com', 'https://staging.example.com'];
const app = express();
app.use((req, res, next) => {
` + body + `});
app.all('/api/users', (req, res) => res.json([]));
app.listen(3000);
`
}

func openExamples() []node.Example {
	return []node.Example{
		{Rule: "reflected-origin", Before: use("{ origin: true, credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "null-origin", Before: use("{ origin: ['https://app.example.com', 'null'], credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "pattern-unanchored", Before: use(`{ origin: /https:\/\/app\.example\.com/, credentials: true }`), After: use(`{ origin: /^https:\/\/app\.example\.com$/, credentials: true }`)},
		{Rule: "pattern-dot", Before: use(`{ origin: /^https:\/\/app.example.com$/, credentials: true }`), After: use(`{ origin: /^https:\/\/app\.example\.com$/, credentials: true }`)},
		{Rule: "shared-hosting", Before: use(`{ origin: /^https:\/\/[a-z0-9-]+\.vercel\.app$/, credentials: true }`), After: use(`{ origin: ['https://myapp.vercel.app'], credentials: true }`)},
		{Rule: "insecure-origin", Before: use("{ origin: ['http://app.example.com'], credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "development-origin", Before: use("{ origin: ['https://app.example.com', 'http://localhost:3000'], credentials: true }"),
			After: use("{\n  origin: ['https://app.example.com'].concat(process.env.NODE_ENV === 'production' ? [] : ['http://localhost:3000']),\n  credentials: true,\n}")},
	}
}

func examples() []node.Example {
	return []node.Example{
		{Rule: "wildcard-credentials", Before: use("{ credentials: true }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "origin-list", Before: use("{ origin: 'https://app.example.com, https://staging.example.com' }"), After: use("{ origin: ['https://app.example.com', 'https://staging.example.com'] }")},
		{Rule: "origin-syntax", Before: use("{ origin: ['https://app.example.com/'] }"), After: use("{ origin: ['https://app.example.com'] }")},
		{Rule: "credentials-value", Before: use("{ origin: ['https://app.example.com'], credentials: 'true' }"), After: use("{ origin: ['https://app.example.com'], credentials: true }")},
		{Rule: "method-case", Before: use("{ methods: ['get', 'post', 'put'] }"), After: use("{ methods: ['GET', 'POST', 'PUT'] }")},
		{Rule: "wildcard-list-credentials", Before: use("{ origin: ['https://app.example.com'], allowedHeaders: '*', credentials: true }"),
			After: use("{ origin: ['https://app.example.com'], allowedHeaders: ['Content-Type', 'Authorization'], credentials: true }")},
		{Rule: "authorization-wildcard", Before: use("{ allowedHeaders: '*' }"), After: use("{ allowedHeaders: ['Content-Type', 'Authorization'] }")},
		{Rule: "max-age", Before: use("{ maxAge: 24 * 60 * 60 * 1000 }"), After: use("{ maxAge: 24 * 60 * 60 }")},
		{Rule: "vary-missing",
			Before: hand("  if (origins.includes(req.headers.origin)) res.set('Access-Control-Allow-Origin', req.headers.origin);\n  next();\n"),
			After:  hand("  res.vary('Origin');\n  if (origins.includes(req.headers.origin)) res.set('Access-Control-Allow-Origin', req.headers.origin);\n  next();\n")},
		{Rule: "middleware-not-called",
			Before: "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.use(cors);\napp.get('/api/users', (req, res) => res.json([]));\napp.listen(3000);\n",
			After:  "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.use(cors());\napp.get('/api/users', (req, res) => res.json([]));\napp.listen(3000);\n"},
		{Rule: "middleware-order",
			Before: "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.get('/api/users', (req, res) => res.json([]));\napp.use(cors());\napp.listen(3000);\n",
			After:  "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.use(cors());\napp.get('/api/users', (req, res) => res.json([]));\napp.listen(3000);\n"},
		{Rule: "preflight-authentication",
			Before: guarded("app.use(signedIn);\napp.use(cors());\n"), After: guarded("app.use(cors());\napp.use(signedIn);\n")},
		{Rule: "preflight-unanswered",
			Before: "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.put('/api/users', cors(), (req, res) => res.json([]));\napp.listen(3000);\n",
			After:  "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.options('/api/users', cors());\napp.put('/api/users', cors(), (req, res) => res.json([]));\napp.listen(3000);\n"},
		{Rule: "preflight-overruled",
			Before: two("app.use(cors({ origin: 'https://www.example.com' }));\napp.use('/api', cors({ origin: 'https://app.example.com' }));\n"),
			After:  two("app.use('/api', cors({ origin: 'https://app.example.com' }));\napp.use('/public', cors({ origin: 'https://www.example.com' }));\n")},
		{Rule: "options-branch",
			Before: hand("  if (req.method === 'OPTIONS') return res.sendStatus(204);\n  res.set('Access-Control-Allow-Origin', '*');\n  next();\n"),
			After: hand("  res.set('Access-Control-Allow-Origin', '*');\n  if (req.method !== 'OPTIONS') return next();\n" +
				"  res.set('Access-Control-Allow-Methods', 'GET, PUT, DELETE');\n  res.set('Access-Control-Allow-Headers', 'Authorization, Content-Type');\n  res.sendStatus(204);\n")},
		{Rule: "options-path",
			Before: "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.options('*', cors());\napp.use(cors());\napp.get('/api/users', (req, res) => res.json([]));\napp.listen(3000);\n",
			After:  "const express = require('express');\nconst cors = require('cors');\n\nconst app = express();\napp.options('/{*any}', cors());\napp.use(cors());\napp.get('/api/users', (req, res) => res.json([]));\napp.listen(3000);\n"},
		{Rule: "methods-missing",
			Before: methods("{ methods: ['GET', 'POST'] }"), After: methods("{ methods: ['GET', 'POST', 'DELETE'] }")},
		{Rule: "expose-missing",
			Before: page("{ origin: 'https://app.example.com' }", ""), After: page("{ origin: 'https://app.example.com', exposedHeaders: ['X-Total-Count'] }", "")},
		{Rule: "credentials-missing",
			Before: page("{ origin: 'https://app.example.com', exposedHeaders: ['X-Total-Count'] }", ", { credentials: 'include' }"),
			After:  page("{ origin: 'https://app.example.com', exposedHeaders: ['X-Total-Count'], credentials: true }", ", { credentials: 'include' }")},
		{Rule: "origin-error",
			Before: use("{\n  origin(origin, callback) {\n    if (origin === 'https://app.example.com') callback(null, true);\n    else callback(new Error('not allowed'));\n  },\n}"),
			After:  use("{\n  origin(origin, callback) {\n    callback(null, origin === 'https://app.example.com');\n  },\n}")},
	}
}

func guarded(order string) string {
	return `const express = require('express');
const cors = require('cors');

function signedIn(req, res, next) {
  if (req.headers.authorization !== 'Bearer t') return res.sendStatus(401);
  next();
}
const app = express();
` + order + `app.get('/api/users', (req, res) => res.json([]));
app.listen(3000);
`
}

func two(uses string) string {
	return `const express = require('express');
const cors = require('cors');

const app = express();
` + uses + `app.all('/api/users', (req, res) => res.json([]));
app.listen(3000);
`
}

func methods(options string) string {
	return `const express = require('express');
const cors = require('cors');

const app = express();
app.use(cors(` + options + `));
app.delete('/api/users', (req, res) => res.json([]));
app.listen(3000);
`
}

// page is a server and, in the same text, what a page asks of it.
func page(options, init string) string {
	return `const express = require('express');
const cors = require('cors');

const app = express();
app.use(cors(` + options + `));
app.get('/api/users', (req, res) => res.set('X-Total-Count', '2').json([]));
app.listen(3000);

async function inThePage() {
  const response = await fetch('https://api.example.com/api/users'` + init + `);
  return response.headers.get('X-Total-Count');
}
`
}
