package stacks_test

import "slices"

func nextjsMutations() []mutation {
	return slices.Concat(nextjsCodeMutations("proxy"), nextjsCodeMutations("route-handlers"), []mutation{
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
	})
}

// nextjsCodeMutations are those of a variant in which a function decides.
func nextjsCodeMutations(variant string) []mutation {
	return []mutation{
		{
			name: "an origin is missing", variant: variant, old: "      'https://app.example',\n", new: "",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "every origin is sent back", variant: variant, old: "  if (!policy.origins.some(", new: "  if (!origin && !policy.origins.some(",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "a wildcard without an end", variant: variant, sample: "subdomains", old: `\.)+app\.example$/`, new: `\.)+app\.example/`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "no Vary", variant: variant, old: "  headers.Vary = 'Origin';\n", new: "",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "nothing is exposed", variant: variant, old: "      'Access-Control-Expose-Headers': 'X-Total-Count, Content-Disposition',\n", new: "",
			want: "/*: response headers are exposed",
		},
		{
			name: "403 for preflights", variant: variant, old: "{ status: 204, headers }", new: "{ status: 403, headers }",
			want: "/*: a preflight is allowed",
		},
	}
}
