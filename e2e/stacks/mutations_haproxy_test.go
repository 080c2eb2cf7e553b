package stacks_test

func haproxyMutations() []mutation {
	return []mutation{
		{
			name: "the beginning of an origin is enough", old: "-m str https://app.example\n", new: "-m beg https://app.example\n",
			want: "/*: GET from https://app.example.stranger.example is refused",
		},
		{
			name: "a wildcard without an end", sample: "subdomains", old: `\.)+app\.example$'`, new: `\.)+app\.example'`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "every origin is sent back", old: " if cors-origin-app\n", new: " if { req.fhdr(Origin) -m found }\n",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "no Vary", old: "    http-after-response add-header Vary Origin\n",
			want: "/*: Vary names Origin without an origin",
		},
		{
			name: "nothing on answers of its own", old: "http-after-response set-header Access-Control-Allow-Origin", new: "http-response set-header Access-Control-Allow-Origin",
			want: "/*: a preflight is allowed",
		},
		{
			name: "the application's header comes through", sample: "one-origin", old: "    http-response del-header Access-Control-Allow-Origin\n",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "403 for preflights", old: "return status 204 hdr", new: "return status 403 hdr",
			want: "/*: a preflight is allowed",
		},
		{
			name: "no lifetime", old: " hdr Access-Control-Max-Age 7200",
			want: "/*: Access-Control-Max-Age",
		},
		{
			name: "no credentials", old: "    http-after-response set-header Access-Control-Allow-Credentials true if cors-allowed\n",
			want: "/*: Access-Control-Allow-Credentials on GET",
		},
	}
}
