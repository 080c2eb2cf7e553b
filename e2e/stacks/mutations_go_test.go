package stacks_test

func goMutations() []mutation {
	return []mutation{
		{
			name: "an origin is missing", old: `"https://app.example",`, new: "",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "a stranger is allowed", old: `"https://app.example",`, new: `"https://app.example", "https://stranger.example",`,
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "nothing is exposed", old: "\t\tResponseHeaders: []string{\"X-Total-Count\", \"Content-Disposition\"},\n", new: "",
			want: "/*: response headers are exposed",
		},
		{
			name: "no credentials", old: "Credentials:     true", new: "Credentials:     false",
			want: "/*: Access-Control-Allow-Credentials on GET",
		},
		{
			name: "around preflights only", old: "return cors.NewMiddleware(policy).Wrap(next)",
			new:  "with := cors.NewMiddleware(policy).Wrap(next)\n\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\n\t\tif r.Method == http.MethodOptions {\n\t\t\twith.ServeHTTP(w, r)\n\t\t\treturn\n\t\t}\n\t\tnext.ServeHTTP(w, r)\n\t})",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "preflights go on", old: "return cors.NewMiddleware(policy).Wrap(next)",
			new:  "with := cors.NewMiddleware(policy).Wrap(next)\n\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\n\t\tif r.Method == http.MethodOptions {\n\t\t\tnext.ServeHTTP(w, r)\n\t\t\treturn\n\t\t}\n\t\twith.ServeHTTP(w, r)\n\t})",
			want: "/*: a preflight is allowed",
		},
	}
}

func goRSMutations() []mutation {
	return []mutation{
		{
			name: "an origin is missing", old: `"https://app.example",`, new: "",
			want: "/*: GET from https://app.example is allowed",
		},
		{
			name: "a stranger is allowed", old: `"https://app.example",`, new: `"https://app.example", "https://stranger.example",`,
			want: "/*: GET from https://stranger.example is refused",
		},
		{
			name: "nothing is exposed", old: "\t\t\tExposedHeaders:   []string{\"X-Total-Count\", \"Content-Disposition\"},\n", new: "",
			want: "/*: response headers are exposed",
		},
		{
			name: "no credentials", old: "AllowCredentials: true", new: "AllowCredentials: false",
			want: "/*: Access-Control-Allow-Credentials on GET",
		},
		{
			name: "no Vary without an origin", old: "\t\t\tp.stampPlain(w.Header())\n", new: "",
			want: "/*: Vary names Origin without an origin",
		},
		{
			name: "a status that is not ok", old: "\t\t\tAllowCredentials: true,\n", new: "\t\t\tAllowCredentials: true,\n\t\t\tOptionsSuccessStatus: 403,\n",
			want: "/*: a preflight is allowed",
		},
	}
}
