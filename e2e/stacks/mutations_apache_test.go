package stacks_test

func apacheMutations() []mutation {
	return []mutation{
		{
			name: "no always", old: `Header always set Access-Control-Allow-Origin`, new: `Header set Access-Control-Allow-Origin`,
			want: "/*: a preflight is allowed",
		},
		{
			name: "no Vary", old: "    Header always merge Vary Origin\n",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "a wildcard without an end", sample: "subdomains", old: `\.)+app\.example$"`, new: `\.)+app\.example"`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "the beginning of an origin is enough", old: "%{HTTP:Origin} =https://app.example [", new: "%{HTTP:Origin} ^https://app.example [",
			want: "/*: GET from https://app.example.stranger.example is refused",
		},
		{
			name: "no OR", old: "[NV,OR]", new: "[NV]",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "the application's header comes through", old: "    Header onsuccess unset Access-Control-Allow-Origin\n",
			want: "/*: one Access-Control-Allow-Origin line",
		},
		{
			name: "403 for preflights", old: "R=204", new: "R=403",
			want: "/*: a preflight is allowed",
		},
		{
			name: "nothing is exposed", old: "    Header always set Access-Control-Expose-Headers \"X-Total-Count, Content-Disposition\" env=CORS_ORIGIN_APP\n",
			want: "/*: response headers are exposed",
		},
		{
			name: "preflights go to the application", old: "    RewriteRule \"^\" - [R=204,L]\n", new: "    RewriteRule \"^\" - [L]\n",
			want: "/*: a preflight for /broken is allowed",
		},
	}
}
