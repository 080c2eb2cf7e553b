package stacktest

import (
	"fmt"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// A Sample is a policy file that every stack is held to. In its text ${UPSTREAM} stands for the origin of the application, and
// ${FILES} for a folder with index.html.
type Sample struct {
	Name string
	Text string
}

// Samples returns policy files that together use every feature, except those that are [Unusual]. The slice is the caller's.
func Samples() []Sample {
	return []Sample{
		{"one-origin", everything(`
    origins: [https://app.example]
`)},
		{"several-origins", everything(`
    origins: [https://app.example, https://staging.app.example, "https://app.example:8443", http://localhost:3000]
    methods: [GET, POST, PUT, DELETE, PATCH]
    request_headers: [Content-Type, Authorization, X-Request-Id]
    response_headers: [X-Total-Count, Content-Disposition]
    credentials: true
    max_age: 2h
`)},
		{"subdomains", everything(`
    origins: ["https://*.app.example", "https://*.deep.app.example:8443"]
    methods: [PUT]
    credentials: true
    max_age: 600
`)},
		{"partial-labels", everything(`
    origins: ["https://pr-*.app.example", "https://*-team.app.example", "https://a*z.app.example", "https://preview.*.app.example"]
    request_headers: [X-One]
`)},
		{"any-port", everything(`
    origins: ["http://localhost:*", "https://*.app.example:*", "http://127.0.0.1:*", "http://[::1]:*"]
    methods: [DELETE]
`)},
		{"port-lists", everything(`
    origins: ["http://localhost:[3000,5173]", "https://dev.app.example:[3000-3999,8443]", "http://web.localhost:[75-85]"]
    response_headers: [ETag]
`)},
		{"custom-schemes", everything(`
    origins: [capacitor://localhost, ionic://localhost, app-x://main]
    credentials: true
    request_headers: [Authorization]
`)},
		{"public", everything(`
    origins: ["*"]
    methods: ["*"]
    request_headers: ["*"]
    response_headers: ["*"]
    max_age: 24h
`)},
		{"public-authorization", everything(`
    origins: ["*"]
    methods: [PUT]
    request_headers: ["*", Authorization]
`)},
		{"any-with-credentials", everything(`
    origins: ["*"]
    methods: ["*"]
    request_headers: ["*"]
    response_headers: [X-Total-Count]
    credentials: true
    dangerously_allow_any_origin_with_credentials: true
`)},
		{"null", everything(`
    origins: [https://app.example]
    dangerously_allow_null: true
    methods: [PUT]
    request_headers: [Content-Type]
`)},
		{"not-cached", everything(`
    origins: [https://app.example]
    methods: [PROPFIND]
    max_age: 0
`)},
		{"paths", `version: 1
policies:
  app:
    origins: [https://app.example]
    methods: [PUT]
    request_headers: [Content-Type]
    response_headers: [X-Total-Count]
    credentials: true
    max_age: 1h
  public:
    origins: ["*"]
    response_headers: [ETag]
routes:
  - {path: /api/, policy: app, upstream: "${UPSTREAM}"}
  - {path: /api/private/, policy: none, upstream: "${UPSTREAM}"}
  - {path: /api/status, policy: public, upstream: "${UPSTREAM}"}
  - {path: /, policy: public, upstream: "${UPSTREAM}"}
`},
		{"off-by-default", `version: 1
policies:
  app.v1:
    origins: ["https://*.app.example"]
    methods: [DELETE]
routes:
  - {path: /v1/, policy: app.v1, upstream: "${UPSTREAM}"}
  - {path: /, upstream: "${UPSTREAM}"}
`},
	}
}

// Unusual returns policy files for features that few stacks have a word for.
func Unusual() []Sample {
	return []Sample{
		{"hosts", `version: 1
policies:
  app:
    origins: [https://app.example]
    credentials: true
  other:
    origins: [https://other.example]
    methods: [PUT]
routes:
  - {host: one.localhost, path: /, policy: app, upstream: "${UPSTREAM}"}
  - {host: two.localhost, path: /, policy: other, upstream: "${UPSTREAM}"}
  - {path: /api/, policy: other, upstream: "${UPSTREAM}"}
`},
		{"one-host", `version: 1
policies:
  app:
    origins: [https://app.example]
routes:
  - {host: one.localhost, path: /, policy: app, upstream: "${UPSTREAM}"}
`},
		{"methods", `version: 1
policies:
  read:
    origins: ["*"]
    response_headers: [ETag]
  write:
    origins: [https://admin.example]
    methods: [PUT, DELETE]
    request_headers: [Content-Type]
    credentials: true
    max_age: 5m
routes:
  - {path: /api/, methods: [GET], policy: read, upstream: "${UPSTREAM}"}
  - {path: /api/, methods: [PUT, DELETE], policy: write, upstream: "${UPSTREAM}"}
  - {path: /, policy: none, upstream: "${UPSTREAM}"}
`},
		{"headers", `version: 1
policies:
  app:
    origins: [https://app.example]
routes:
  - {path: /, headers: {X-Tenant: a}, policy: app, upstream: "${UPSTREAM}"}
`},
	}
}

// SameOrigin returns a policy file for front end and API under one origin. The front end is the folder of ${FILES} if the stack
// serves files, and otherwise what ${FILES} is the origin of.
func SameOrigin(servesFiles bool) Sample {
	answer := "upstream"
	if servesFiles {
		answer = "files"
	}
	return Sample{"same-origin", `version: 1
policies:
  app:
    origins: [https://app.example]
routes:
  - {path: /api/, policy: app, upstream: "${UPSTREAM}"}
  - {path: /, ` + answer + `: "${FILES}"}
`}
}

// Hostile returns policy files whose values would be configuration, if they were not quoted. A stack may refuse them, too.
func Hostile() []Sample {
	return []Sample{
		{"hostile-addresses", everything(`
    origins: ["http://[::1]:3000", "http://[2001:db8::1]"]
`)},
		{"hostile-methods", everything(`
    origins: [https://app.example]
    methods: ["PU'T", "$METHOD", "a|b", patch]
`)},
		{"hostile", `version: 1
policies:
  a.b-c:
    origins: [https://app.example]
    methods: [PUT]
    request_headers: ["X-It's", "X-$host", "X-` + "`" + `id` + "`" + `"]
    response_headers: ["X-$uri", "X-'!#%&*+^|~"]
  __proto__:
    origins: [https://other.example]
routes:
  - {path: "/it's/", policy: a.b-c, upstream: "${UPSTREAM}"}
  - {path: "/quote\"/", policy: a.b-c, upstream: "${UPSTREAM}"}
  - {path: "/$host/;}/", policy: a.b-c, upstream: "${UPSTREAM}"}
  - {path: "/a%20b%22/", policy: __proto__, upstream: "${UPSTREAM}"}
  - {path: "/c/{x}", policy: __proto__, upstream: "${UPSTREAM}"}
  - {path: /, upstream: "${UPSTREAM}"}
`},
	}
}

// everything is a file with a single policy, for all that an application serves.
func everything(policy string) string {
	return "version: 1\npolicies:\n  app:" + policy + "routes:\n  - {path: /, policy: app, upstream: \"${UPSTREAM}\"}\n"
}

// Load reads the sample. The error has the first of what is wrong with it.
func (s Sample) Load(upstream, files string) (*policyfile.File, error) {
	values := map[string]string{"UPSTREAM": upstream, "FILES": files}
	lookup := func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	f, findings := policyfile.Load(s.Name+".yaml", []byte(s.Text), policyfile.Options{LookupEnv: lookup})
	if f == nil {
		for _, finding := range findings {
			if finding.Severity == report.Error {
				return nil, fmt.Errorf("sample %s, line %d: %s", s.Name, finding.Line, finding.Message)
			}
		}
	}
	return f, nil
}
