package stacks_test

func nextjsMutations() []mutation {
	return []mutation{
		{
			name: "an origin is missing", variant: "proxy", old: "      'https://app.example',\n", new: "",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "every origin is sent back", variant: "proxy", old: "  if (!policy.origins.some(", new: "  if (!origin && !policy.origins.some(",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "a wildcard without an end", variant: "proxy", sample: "subdomains", old: `\.)+app\.example$/`, new: `\.)+app\.example/`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "no Vary", variant: "proxy", old: "  headers.Vary = 'Origin';\n", new: "",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "nothing is exposed", variant: "proxy", old: "      'Access-Control-Expose-Headers': 'X-Total-Count, Content-Disposition',\n", new: "",
			want: "/*: response headers are exposed",
		},
		{
			name: "403 for preflights", variant: "proxy", old: "{ status: 204, headers }", new: "{ status: 403, headers }",
			want: "/*: a preflight is allowed",
		},
		{
			name: "an origin is missing", variant: "route-handlers", old: "      'https://app.example',\n", new: "",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "every origin is sent back", variant: "route-handlers", old: "  if (!policy.origins.some(", new: "  if (!origin && !policy.origins.some(",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "a wildcard without an end", variant: "route-handlers", sample: "subdomains", old: `\.)+app\.example$/`, new: `\.)+app\.example/`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "no Vary", variant: "route-handlers", old: "  headers.Vary = 'Origin';\n", new: "",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "nothing is exposed", variant: "route-handlers", old: "      'Access-Control-Expose-Headers': 'X-Total-Count, Content-Disposition',\n", new: "",
			want: "/*: response headers are exposed",
		},
		{
			name: "403 for preflights", variant: "route-handlers", old: "{ status: 204, headers }", new: "{ status: 403, headers }",
			want: "/*: a preflight is allowed",
		},
		{
			name: "an origin is missing", variant: "headers", old: `          /^https:\/\/app\.example$/,` + "\n", new: "",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "an origin without an end", variant: "headers", old: `/^https:\/\/app\.example$/`, new: `/^https:\/\/app\.example.*/`,
			want: "/*: GET from https://app.example.stranger.example is refused",
		},
		{
			name: "no Vary", variant: "headers", old: "        { key: 'Vary', value: 'Origin' },\n", new: "        { key: 'X-Vary', value: 'Origin' },\n",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "nothing is exposed", variant: "headers", old: "        { key: 'Access-Control-Expose-Headers', value: 'X-Total-Count, Content-Disposition' },\n", new: "",
			want: "/*: response headers are exposed",
		},
		{
			name: "no credentials", variant: "headers", old: "        { key: 'Access-Control-Allow-Credentials', value: 'true' },\n", new: "",
			want: "/*: Access-Control-Allow-Credentials on GET",
		},
	}
}
