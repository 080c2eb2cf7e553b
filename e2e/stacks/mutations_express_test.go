package stacks_test

func expressMutations() []mutation {
	return []mutation{
		{
			name: "behind the routes", old: "app.use(cors(optionsFor));", new: "setImmediate(() => app.use(cors(optionsFor)));",
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
			name: "no Vary without an origin", old: "callback(null, options)", new: "callback(null, req.headers.origin ? options : { origin: false })",
			want: "/*: Vary names Origin without an origin",
		},
		{
			name: "nothing is exposed", old: "    exposedHeaders: ['X-Total-Count', 'Content-Disposition'],\n",
			want: "/*: response headers are exposed",
		},
		{
			name: "403 for preflights", old: "preflightContinue: !preflight", new: "preflightContinue: !preflight, optionsSuccessStatus: 403",
			want: "/*: a preflight is allowed",
		},
		{
			name: "the methods that cors has by itself", sample: "one-origin", old: "methods: ['GET', 'HEAD', 'POST'],",
			want: "/*: method PUT is refused",
		},
		{
			name: "the headers that are asked for", sample: "one-origin", old: "allowedHeaders: [],",
			want: "/*: header x-concors-other is refused",
		},
	}
}
