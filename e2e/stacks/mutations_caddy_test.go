package stacks_test

func caddyMutations() []mutation {
	return []mutation{
		{
			name: "no Vary", old: "\theader +Vary Origin\n", new: "",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "every origin is sent back", old: "default refused", new: "default allowed",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "a wildcard without an end", sample: "subdomains", old: `\.)+app\.example$`, new: `\.)+app\.example`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "the application's headers come through", old: "\t\t\timport cors_upstream\n", new: "",
			want: "/*: one Access-Control-Allow-Origin line",
		},
		{
			name: "403 for preflights", old: "respond 204", new: "respond 403",
			want: "/*: a preflight is allowed",
		},
		{
			name: "nothing is exposed", old: "\t\tAccess-Control-Expose-Headers \"X-Total-Count, Content-Disposition\"\n", new: "",
			want: "/*: response headers are exposed",
		},
		{
			name: "no credentials", old: "\t\tAccess-Control-Allow-Credentials true\n", new: "",
			want: "/*: Access-Control-Allow-Credentials on GET",
		},
	}
}
