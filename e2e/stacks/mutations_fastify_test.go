package stacks_test

func fastifyMutations() []mutation {
	return []mutation{
		{
			name: "in a context of its own", old: "await app.register(cors, { delegator: optionsFor });", new: "await app.register(async (inner) => inner.register(cors, { delegator: optionsFor }));",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "every origin is sent back", old: "    origin: [\n", new: "    origin: true,\n    unused: [\n",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "a wildcard without an end", sample: "subdomains", old: `\.)+app\.example$/`, new: `\.)+app\.example/`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "Vary is replaced", old: "delegator: optionsFor });", new: "delegator: optionsFor });\n  app.addHook('onSend', async (_req, reply) => { reply.header('Vary', 'Accept-Encoding'); });",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "no credentials", old: "    credentials: true,\n",
			want: "/*: Access-Control-Allow-Credentials on GET",
		},
		{
			name: "403 for preflights", old: "...policies.app, preflight", new: "...policies.app, preflight, optionsSuccessStatus: 403",
			want: "/*: a preflight is allowed",
		},
		{
			name: "another lifetime", old: "maxAge: 7200,", new: "maxAge: 72,",
			want: "/*: Access-Control-Max-Age",
		},
	}
}
