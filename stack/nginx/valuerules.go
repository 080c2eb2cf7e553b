package nginx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of rules.go that is long enough for a file of its own: what browsers make of the values.

const corsCheckReference = "https://fetch.spec.whatwg.org/#concept-cors-check"

func valueRules() []stack.LintRule {
	return []stack.LintRule{{
		Name: "wildcard-credentials", Title: "any origin together with credentials", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin * always;
    add_header Access-Control-Allow-Credentials true always;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Credentials true always;
    proxy_pass http://backend;
}
`,
		Ref: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
		Run: runWildcardCredentials,
	}, {
		Name: "origin-list", Title: "several origins in one header", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin "https://app.example.com, https://admin.example.com" always;
    proxy_pass http://backend;
}
`,
		After: `map $http_origin $allowed_origin {
    https://app.example.com $http_origin;
    https://admin.example.com $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Vary Origin always;
        proxy_pass http://backend;
    }
}
`,
		Ref: corsCheckReference,
		Run: runOriginList,
	}, {
		Name: "origin-syntax", Title: "a value that no page has as its origin", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com/ always;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    proxy_pass http://backend;
}
`,
		Ref: corsCheckReference,
		Run: runOriginSyntax,
	}, {
		Name: "credentials-value", Title: "a value of Access-Control-Allow-Credentials other than true", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Credentials True always;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Credentials true always;
    proxy_pass http://backend;
}
`,
		Ref: corsCheckReference,
		Run: runCredentialsValue,
	}, {
		Name: "list-syntax", Title: "a list that browsers cannot read", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET PUT DELETE" always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT, DELETE" always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		Ref: "https://fetch.spec.whatwg.org/#extract-header-list-values",
		Run: runListSyntax,
	}, {
		Name: "method-case", Title: "a method in lower case", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "get, put" always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT" always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		Ref: "https://fetch.spec.whatwg.org/#concept-method-normalize",
		Run: runMethodCase,
	}, {
		Name: "wildcard-list-credentials", Title: "a * in a list together with credentials", Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Credentials true always;
    add_header Access-Control-Allow-Headers * always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Credentials true always;
    add_header Access-Control-Allow-Headers "Content-Type, Authorization" always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		Ref: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
		Run: runWildcardList,
	}, {
		Name: "authorization-wildcard", Title: "a * does not stand for Authorization", Kind: stack.WillNotWork, Severity: report.Info,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin * always;
    add_header Access-Control-Allow-Headers * always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin * always;
    add_header Access-Control-Allow-Headers "*, Authorization" always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		Ref: "https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name",
		Run: runAuthorizationWildcard,
	}, {
		Name: "max-age", Title: "a time that browsers do not keep to", Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Max-Age 1d always;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Max-Age 7200 always;
    proxy_pass http://backend;
}
`,
		Ref:     "https://fetch.spec.whatwg.org/#http-access-control-max-age",
		Unshown: "every request works, after a preflight of its own",
		Run:     runMaxAge,
	}}
}

// eachField calls a function for every header of a name whose value is written out, with all that is sent beside it.
func eachField(p *stack.Pass, name string, look func(c *config, f *field, h headers)) {
	eachLevel(p, func(c *config, b *statement, h headers) {
		for _, f := range h.all(name) {
			if f.from == b && !strings.Contains(f.value.text, "$") && !stack.IsPlaceholder(f.value.text) {
				look(c, f, h)
			}
		}
	})
}

// runWildcardCredentials looks at what is always sent. Where maps choose, they may well choose between the two.
func runWildcardCredentials(p *stack.Pass) {
	eachOrigin(p, func(h headers, _ *field, g granted, _ bool) {
		credentials := slices.ContainsFunc(h.all(header.AllowCredentials), func(f *field) bool { return f.value.text == "true" })
		if g.known && credentials && len(g.list) > 0 && !slices.ContainsFunc(g.list, func(g grant) bool { return g.text != "*" }) {
			p.Report(g.list[0].at, "with credentials browsers take no *, so every page that sends cookies is refused", namedOrigins)
		}
	})
}

func runOriginList(p *stack.Pass) {
	eachGrant(p, func(g *grant, _ bool) {
		if stack.IsList(g.text) {
			p.Report(g.at, "browsers compare the whole value with one origin, so no page is ever let in by a list", namedOrigins)
		}
	})
}

func runOriginSyntax(p *stack.Pass) {
	tell := func(at stack.Position, text string) {
		if stack.IsList(text) || stack.IsPlaceholder(text) {
			return // the first of which is another rule's
		}
		why, instead := stack.OriginProblem(text)
		if why == "" {
			return
		}
		fix := "write an origin: https://app.example.com"
		switch {
		case instead != "":
			fix = "write " + instead
		case strings.Contains(text, "*"):
			fix = namedOrigins
		}
		p.Report(at, fmt.Sprintf("%q is no page's origin, because %s, so it lets nobody in", text, why), fix)
	}
	eachGrant(p, func(g *grant, _ bool) {
		if g.text != "" {
			tell(g.at, g.text)
		}
		for _, q := range g.guard.patterns {
			if !q.isRegexp && q.text != "" && !g.guard.unknown {
				tell(q.at, strings.ToLower(q.text)) // maps compare without regard to case
			}
		}
	})
}

func runCredentialsValue(p *stack.Pass) {
	eachField(p, header.AllowCredentials, func(_ *config, f *field, _ headers) {
		if f.value.text != "" && f.value.text != "true" && f.value.text != "false" {
			p.Report(f.value.at, fmt.Sprintf("browsers take no other value than true, in lower case, so with %q every page that sends cookies is refused", f.value.text), "write true")
		}
	})
}

func runListSyntax(p *stack.Pass) {
	for _, name := range []string{header.AllowMethods, header.AllowHeaders, header.ExposeHeaders} {
		eachField(p, name, func(_ *config, f *field, _ headers) {
			if why := stack.ListProblem(f.value.text); why != "" {
				p.Report(f.value.at, why, "put commas between the names, and nothing else")
			}
		})
	}
}

func runMethodCase(p *stack.Pass) {
	eachField(p, header.AllowMethods, func(_ *config, f *field, _ headers) {
		if m := stack.MiswrittenMethod(f.value.text); m != "" {
			p.Report(f.value.at, fmt.Sprintf("browsers send %s and compare byte for byte, so %q allows nothing", strings.ToUpper(m), m), "write methods in upper case")
		}
	})
}

func runWildcardList(p *stack.Pass) {
	for _, name := range []string{header.AllowMethods, header.AllowHeaders, header.ExposeHeaders} {
		eachField(p, name, func(c *config, f *field, h headers) {
			if f.value.text == "*" && c.allowsCredentials(h) {
				p.Report(f.value.at, fmt.Sprintf("with credentials browsers take * in %s for a name, so a page that sends cookies gets none of what it stands for", f.name), "write the names out")
			}
		})
	}
}

func runAuthorizationWildcard(p *stack.Pass) {
	eachField(p, header.AllowHeaders, func(c *config, f *field, h headers) {
		if f.value.text == "*" && !c.allowsCredentials(h) {
			p.Report(f.value.at, "* does not stand for Authorization, so a page that sends a token is refused, in some browsers now and in others later", `write "*, Authorization" if pages send it`)
		}
	})
}

func runMaxAge(p *stack.Pass) {
	eachField(p, header.MaxAge, func(_ *config, f *field, _ headers) {
		why, isIgnored := stack.MaxAgeProblem(f.value.text)
		switch {
		case why == "":
		case isIgnored:
			p.Report(f.value.at, why, "write seconds: 7200")
		default:
			p.ReportAs(report.Info, f.value.at, why, "write 86400 at most")
		}
	})
}
