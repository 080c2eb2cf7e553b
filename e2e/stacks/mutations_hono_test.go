package stacks_test

func honoMutations() []mutation {
	return []mutation{
		{
			name: "behind the routes", old: "  app.use(answer);", new: "  setImmediate(() => app.use(answer));",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "every origin is sent back", old: "    origin: [\n", new: "    origin: (origin) => origin,\n    unused: [\n",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "a wildcard without an end", sample: "subdomains", old: `\.)+app\.example$/`, new: `\.)+app\.example/`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "no Vary without an origin", old: "  const preflight = isPreflight(c);\n", new: "  const preflight = isPreflight(c);\n  if (!c.req.header('origin')) return next();\n",
			want: "/*: Vary names Origin without an origin",
		},
		{
			name: "nothing is exposed", old: "    exposeHeaders: ['X-Total-Count', 'Content-Disposition'],\n",
			want: "/*: response headers are exposed",
		},
		{
			name: "no credentials", old: "    credentials: true,\n",
			want: "/*: Access-Control-Allow-Credentials on GET",
		},
		{
			name: "403 for preflights", old: "  return cors(options)(c, next);\n", new: "  const res = await cors(options)(c, next);\n  return preflight ? new Response(null, { status: 403, headers: res.headers }) : res;\n",
			want: "/*: a preflight is allowed",
		},
	}
}
