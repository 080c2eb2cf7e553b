package nginx

import (
	"fmt"
	"path"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of rules.go that is long enough for a file of its own: who is let in that should not be.

const mapReference = "https://nginx.org/en/docs/http/ngx_http_map_module.html#map"

func openRules() []stack.LintRule {
	return []stack.LintRule{{
		Name: "reflected-origin", Title: "the origin of every request is sent back", Kind: stack.TooOpen, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin $http_origin always;
    add_header Access-Control-Allow-Credentials true always;
    add_header Vary Origin always;
    proxy_pass http://backend;
}
`,
		After: `map $http_origin $allowed_origin {
    default "";
    "~^https://app\.example\.com$" $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Vary Origin always;
        proxy_hide_header Access-Control-Allow-Origin;
        proxy_pass http://backend;
    }
}
`,
		Ref: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
		Run: runReflectedOrigin,
	}, {
		Name: "null-origin", Title: "the origin null is let in", Kind: stack.TooOpen, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin null always;
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
		Ref: "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null",
		Run: runNullOrigin,
	}, {
		Name: "pattern-unanchored", Title: "a pattern has no beginning or no end", Kind: stack.TooOpen, Severity: report.Error,
		Before: `location /api/ {
    if ($http_origin ~ "https://app\.example\.com") {
        set $allowed_origin $http_origin;
    }
    add_header Access-Control-Allow-Origin $allowed_origin always;
    add_header Access-Control-Allow-Credentials true always;
    add_header Vary Origin always;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    if ($http_origin ~ "^https://app\.example\.com$") {
        set $allowed_origin $http_origin;
    }
    add_header Access-Control-Allow-Origin $allowed_origin always;
    add_header Access-Control-Allow-Credentials true always;
    add_header Vary Origin always;
    proxy_pass http://backend;
}
`,
		Ref: mapReference,
		Run: runPatternUnanchored,
	}, {
		Name: "pattern-dot", Title: "a dot in a pattern stands for any character", Kind: stack.TooOpen, Severity: report.Error,
		Before: `map $http_origin $allowed_origin {
    "~^https://app.example.com$" $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Vary Origin always;
        proxy_pass http://backend;
    }
}
`,
		After: `map $http_origin $allowed_origin {
    "~^https://app\.example\.com$" $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Vary Origin always;
        proxy_pass http://backend;
    }
}
`,
		Ref: mapReference,
		Run: runPatternDot,
	}, {
		Name: "shared-hosting", Title: "anybody can have a name that a pattern lets in", Kind: stack.TooOpen, Severity: report.Error,
		Before: `map $http_origin $allowed_origin {
    "~^https://[a-z0-9-]+\.vercel\.app$" $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Vary Origin always;
        proxy_pass http://backend;
    }
}
`,
		After: `map $http_origin $allowed_origin {
    "~^https://myapp\.vercel\.app$" $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Vary Origin always;
        proxy_pass http://backend;
    }
}
`,
		Ref: "https://publicsuffix.org/learn/",
		Run: runSharedHosting,
	}, {
		Name: "insecure-origin", Title: "pages of http are let in with credentials", Kind: stack.TooOpen, Severity: report.Warning,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin http://app.example.com always;
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
		Ref: "https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy",
		Run: runInsecureOrigin,
	}, {
		Name: "development-origin", Title: "an origin of development is let in beside those of production", Kind: stack.TooOpen, Severity: report.Warning,
		Before: `map $http_origin $allowed_origin {
    https://app.example.com $http_origin;
    http://localhost:3000 $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Vary Origin always;
        proxy_pass http://backend;
    }
}
`,
		After: `map $http_origin $allowed_origin {
    https://app.example.com $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        add_header Access-Control-Allow-Credentials true always;
        add_header Vary Origin always;
        proxy_pass http://backend;
    }
}
`,
		Ref: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
		Run: runDevelopmentOrigin,
	}}
}

// worse is the severity of letting in whom nobody means: with credentials they read what belongs to the user.
func worse(credentials bool, otherwise report.Severity) report.Severity {
	if credentials {
		return report.Error
	}
	return otherwise
}

// who says what somebody who is let in can do.
func who(credentials bool) string {
	if credentials {
		return "read responses as the signed-in user"
	}
	return "read responses"
}

const namedOrigins = `name the origins in a map of $http_origin, each as "~^https://app\.example\.com$"`

func runReflectedOrigin(p *stack.Pass) {
	eachGrant(p, func(g *grant, credentials bool) {
		if !g.reflects || g.guard.unknown {
			return
		}
		if g.guard.any() {
			p.ReportAs(worse(credentials, report.Info), g.at, "every origin is sent back, so any site can "+who(credentials), namedOrigins)
		}
		for _, q := range g.guard.patterns {
			if q.matcher == nil {
				continue
			}
			if witness, ok := q.matcher.Any(); ok {
				p.ReportAs(worse(credentials, report.Info), q.at, fmt.Sprintf("the pattern matches every origin (%s), so any site can %s", witness, who(credentials)), namedOrigins)
			}
		}
	})
}

// eachMatcher calls a function for every regular expression that lets in some origins, and not all.
func eachMatcher(p *stack.Pass, look func(q *pattern, m *stack.Matcher, credentials bool)) {
	eachGrant(p, func(g *grant, credentials bool) {
		if g.guard.unknown {
			return
		}
		for i := range g.guard.patterns {
			q := &g.guard.patterns[i]
			if q.matcher != nil && !q.matcher.IsAny() {
				look(q, q.matcher, credentials)
			}
		}
	})
}

func runNullOrigin(p *stack.Pass) {
	const fix = "leave null out: no page of yours should have it"
	message := func(credentials bool) string {
		return "null is the origin of sandboxed frames, which any site can make, so any site can " + who(credentials)
	}
	eachGrant(p, func(g *grant, credentials bool) {
		if g.text == "null" {
			p.ReportAs(worse(credentials, report.Warning), g.at, message(credentials), fix)
		}
		for _, q := range g.guard.patterns {
			if g.reflects && !q.isRegexp && q.text == "null" && !g.guard.unknown {
				p.ReportAs(worse(credentials, report.Warning), q.at, message(credentials), fix)
			}
		}
	})
	eachMatcher(p, func(q *pattern, m *stack.Matcher, credentials bool) {
		if m.Match("null") {
			p.ReportAs(worse(credentials, report.Warning), q.at, message(credentials), fix)
		}
	})
}

func runPatternUnanchored(p *stack.Pass) {
	eachMatcher(p, func(q *pattern, m *stack.Matcher, credentials bool) {
		witness, ok := m.Longer()
		fix := "end the pattern with $"
		if !ok {
			witness, ok = m.Prefixed()
			fix = "begin the pattern with ^https:// and let nothing but whole labels stand before the name"
		}
		if ok {
			p.ReportAs(worse(credentials, report.Warning), q.at, fmt.Sprintf("the pattern matches %s too, so whoever has such a name can %s", witness, who(credentials)), fix)
		}
	})
}

func runPatternDot(p *stack.Pass) {
	eachMatcher(p, func(q *pattern, m *stack.Matcher, credentials bool) {
		if witness, ok := m.Undotted(); ok {
			p.ReportAs(worse(credentials, report.Warning), q.at,
				fmt.Sprintf("a dot stands for any character, so the pattern matches %s too, and whoever has such a name can %s", witness, who(credentials)),
				`write \. for a dot`)
		}
	})
}

func runSharedHosting(p *stack.Pass) {
	eachMatcher(p, func(q *pattern, m *stack.Matcher, credentials bool) {
		if witness, suffix, ok := m.SharedHosting(); ok {
			p.ReportAs(worse(credentials, report.Info), q.at,
				fmt.Sprintf("anybody can have a name under %s that the pattern matches, such as %s, and can %s", suffix, witness, who(credentials)),
				"name your own origins there in full")
		}
	})
}

func runInsecureOrigin(p *stack.Pass) {
	tell := func(at stack.Position, witness string) {
		p.Report(at, fmt.Sprintf("whoever is on the network between can put a page on %s, and read responses as the signed-in user", witness), "allow https only")
	}
	isInsecure := func(text string) bool {
		return strings.HasPrefix(text, "http://") && !stack.IsDevelopment(text)
	}
	eachGrant(p, func(g *grant, credentials bool) {
		if !credentials || g.guard.unknown {
			return
		}
		if isInsecure(g.text) && !stack.IsList(g.text) {
			tell(g.at, g.text)
		}
		for _, q := range g.guard.patterns {
			if !q.isRegexp && isInsecure(q.text) {
				tell(q.at, q.text)
			}
		}
	})
	eachMatcher(p, func(q *pattern, m *stack.Matcher, credentials bool) {
		if witness, ok := m.Insecure(); ok && credentials && !stack.IsDevelopment(witness) {
			tell(q.at, witness)
		}
	})
}

// runDevelopmentOrigin looks at what one header lets in together: configuration for development alone has no other origins.
func runDevelopmentOrigin(p *stack.Pass) {
	type place struct {
		at     stack.Position
		origin string
	}
	eachOrigin(p, func(_ headers, _ *field, g granted, credentials bool) {
		severity := report.Info
		if credentials {
			severity = report.Warning
		}
		var found []place
		others := false
		note := func(at stack.Position, text string) {
			if stack.IsDevelopment(text) {
				found = append(found, place{at, text})
			} else if text != "" && text != "null" && text != "*" {
				others = true
			}
		}
		for _, g := range g.list {
			note(g.at, g.text)
			for _, q := range g.guard.patterns {
				if q.matcher != nil {
					for _, member := range q.matcher.Members() {
						note(q.at, member)
					}
				} else if !q.isRegexp {
					note(q.at, q.text)
				}
			}
		}
		for _, f := range found {
			if others && !isForDevelopment(f.at.File) {
				p.ReportAs(severity, f.at, fmt.Sprintf("%s is let in where production is: any program on a user's machine that serves pages there can %s", f.origin, who(severity == report.Warning)),
					"keep it in the configuration for development")
			}
		}
	})
}

// isForDevelopment reports whether a file says by its name that it is for nothing else.
func isForDevelopment(file string) bool {
	name := strings.ToLower(path.Base(file))
	for _, word := range []string{"dev", "local", "test", "staging"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
