package stacks_test

func koaMutations() []mutation {
	return []mutation{
		{
			name: "behind the routes", old: "  app.use(answer);", new: "  setImmediate(() => app.use(answer));",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "every origin is sent back", old: "    origin: oneOf([\n", new: "    origin: (ctx) => ctx.get('Origin'),\n    unused: ([\n",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "a wildcard without an end", sample: "subdomains", old: `\.)+app\.example$/`, new: `\.)+app\.example/`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "no headers on errors", old: "...policies.app }", new: "...policies.app, keepHeadersOnError: false }",
			want: "/*: the error at /missing can be read",
		},
		{
			name: "no Vary on errors", old: "Vary: [vary, Vary, 'Origin']", new: "Vary: [vary, Vary]",
			want: "/*: Vary names Origin for a refused origin on the error at /missing",
		},
		{
			name: "nothing is exposed", old: "    exposeHeaders: ['X-Total-Count', 'Content-Disposition'],\n",
			want: "/*: response headers are exposed",
		},
		{
			name: "another lifetime", old: "maxAge: 7200,", new: "maxAge: 72,",
			want: "/*: Access-Control-Max-Age",
		},
		{
			name: "methods in lower case", old: "'PATCH']", new: "'patch']",
			want: "/*: method PATCH is allowed",
		},
	}
}
