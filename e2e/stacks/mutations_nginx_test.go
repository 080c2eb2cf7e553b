package stacks_test

func nginxMutations() []mutation {
	return []mutation{
		{
			name: "no always", old: "$cors_policy_app_origin always;", new: "$cors_policy_app_origin;",
			want: "/*: the error at /missing can be read",
		},
		{
			name: "no always for Vary", old: "$cors_vary always;", new: "$cors_vary;",
			want: "/*: Vary names Origin for an allowed origin on the error at /missing",
		},
		{
			name: "no Vary", old: "        add_header Vary $cors_vary always;\n",
			want: "/*: Vary names Origin for a refused origin",
		},
		{
			name: "a pattern without an end", old: `"~^https://app\.example$"`, new: `"~^https://app\.example"`,
			want: "/*: GET from https://app.example.stranger.example is refused",
		},
		{
			name: "a dot that matches anything", old: `staging\.app\.example`, new: `staging.app.example`,
			want: "/*: GET from https://stagingxapp.example is refused",
		},
		{
			name: "a wildcard without an end", sample: "subdomains", old: `\.)+app\.example$"`, new: `\.)+app\.example"`,
			want: "/*: GET from https://sample.app.example.stranger.example is refused",
		},
		{
			name: "every origin is sent back", old: "map $http_origin $cors_policy_app_origin {\n    default \"\";", new: "map $http_origin $cors_policy_app_origin {\n    default $http_origin;",
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "the application's header comes through", old: "    proxy_hide_header Access-Control-Allow-Origin;\n",
			want: "/*: one Access-Control-Allow-Origin line",
		},
		{
			name: "an add_header in the if", old: "            return 204;", new: "            add_header Content-Type text/plain;\n            return 204;",
			want: "/*: a preflight is allowed",
		},
		{
			name: "403 for preflights", old: "return 204;", new: "return 403;",
			want: "/*: a preflight is allowed",
		},
		{
			name: "nothing is exposed", old: "        add_header Access-Control-Expose-Headers $cors_policy_app_expose always;\n",
			want: "/*: response headers are exposed",
		},
	}
}
