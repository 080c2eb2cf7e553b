package nginx

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of rules.go that is long enough for a file of its own: headers that answers do not have, or have twice.

const addHeaderReference = "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"

func headerRules() []stack.LintRule {
	return []stack.LintRule{{
		Name: "nginx-always-missing", Title: "without always, errors have no CORS headers", Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    proxy_pass http://backend;
}
`,
		Ref: addHeaderReference,
		Run: runAlwaysMissing,
	}, {
		Name: "nginx-add-header-inheritance", Title: "a block with an add_header of its own drops the CORS headers around it",
		Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `server {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    location /api/ {
        add_header Cache-Control no-store;
        proxy_pass http://backend;
    }
}
`,
		After: `server {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    location /api/ {
        add_header Access-Control-Allow-Origin https://app.example.com always;
        add_header Cache-Control no-store;
        proxy_pass http://backend;
    }
}
`,
		Ref: addHeaderReference,
		Run: runInheritance,
	}, {
		Name: "nginx-header-context", Title: "headers are set where nginx takes no such directive", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `server {
    if ($request_method = OPTIONS) {
        add_header Access-Control-Allow-Origin https://app.example.com;
        return 204;
    }
}
`,
		After: `server {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    if ($request_method = OPTIONS) {
        return 204;
    }
}
`,
		Ref:     addHeaderReference,
		Unshown: "nginx does not start with it, so there is nobody to ask",
		Run:     runHeaderContext,
	}, {
		Name: "nginx-error-page", Title: "an error page is answered by a location without CORS headers", Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `server {
    location /api/ {
        add_header Access-Control-Allow-Origin https://app.example.com always;
        error_page 502 504 @failed;
        proxy_pass http://backend;
    }
    location @failed {
        return 502 '{"error": "try again"}';
    }
}
`,
		After: `server {
    location /api/ {
        add_header Access-Control-Allow-Origin https://app.example.com always;
        error_page 502 504 @failed;
        proxy_pass http://backend;
    }
    location @failed {
        add_header Access-Control-Allow-Origin https://app.example.com always;
        return 502 '{"error": "try again"}';
    }
}
`,
		Ref: "https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page",
		Run: runErrorPage,
	}, {
		Name: "allow-origin-twice", Title: "answers have a header twice that there can be only once", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Origin https://admin.example.com always;
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
		Ref: "https://fetch.spec.whatwg.org/#concept-cors-check",
		Run: runTwice,
	}, {
		Name: "upstream-headers", Title: "the server behind may send the same headers again", Kind: stack.WillNotWork, Severity: report.Info,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    proxy_hide_header Access-Control-Allow-Origin;
    add_header Access-Control-Allow-Origin https://app.example.com always;
    proxy_pass http://backend;
}
`,
		Ref: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header",
		Run: runUpstreamHeaders,
	}, {
		Name: "vary-missing", Title: "answers that depend on the origin do not say so", Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `map $http_origin $allowed_origin {
    https://app.example.com $http_origin;
    https://admin.example.com $http_origin;
}
server {
    location /api/ {
        add_header Access-Control-Allow-Origin $allowed_origin always;
        proxy_pass http://backend;
    }
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
		Ref:     "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",
		Unshown: "it breaks in a cache, which the model of a browser does not have",
		Run:     runVaryMissing,
	}}
}

// passesOn returns the directive by which requests in a block are handed on, those of an if by its location.
func passesOn(b *statement) *statement {
	if p := pass(b); p != nil {
		return p
	}
	if b.name == "if" && b.parent != nil && !b.has("return") {
		return pass(b.parent)
	}
	return nil
}

func runAlwaysMissing(p *stack.Pass) {
	for _, c := range configs(p) {
		for _, b := range c.blocks {
			if passesOn(b) == nil || c.isPreflightBranch(b) {
				continue
			}
			h := c.headersOf(b)
			origin := h.first(header.AllowOrigin)
			switch {
			case origin == nil || origin.replaces:
			case !origin.always:
				p.Report(origin.at, "errors (4xx, 5xx) have no Access-Control-Allow-Origin, so a page gets a network error instead of the status and the text",
					`write "always" before the semicolon`)
			default:
				if f := h.first(header.AllowCredentials); f != nil && !f.always && !f.replaces {
					p.Report(f.at, "errors (4xx, 5xx) have no Access-Control-Allow-Credentials, so a page that sends cookies gets a network error instead of the status",
						`write "always" before the semicolon`)
				}
			}
		}
	}
}

func runInheritance(p *stack.Pass) {
	for _, c := range configs(p) {
		for _, b := range c.blocks {
			if b.parent == nil || c.isPreflightBranch(b) || b.name == "limit_except" {
				continue
			}
			h, outer := c.headersOf(b), c.headersOf(b.parent)
			lost := outer.first(header.AllowOrigin)
			if !b.has("add_header") || lost == nil || h.first(header.AllowOrigin) != nil || !h.whole {
				continue
			}
			severity := report.Warning
			if passesOn(b) == nil {
				severity = report.Info // files, perhaps, that no page reads
			}
			p.ReportAs(severity, firstHeader(b).at,
				fmt.Sprintf("a block with an add_header of its own inherits none, so answers of this one have no %s (set in line %d), and pages cannot read them", header.AllowOrigin, lost.at.Line),
				"repeat the CORS headers here, or include them in both blocks from one file")
		}
	}
}

func runHeaderContext(p *stack.Pass) {
	for _, c := range configs(p) {
		for _, b := range c.blocks {
			inServer := b.name == "if" && b.parent != nil && b.parent.name == "server"
			if !inServer && b.name != "limit_except" {
				continue
			}
			where := "an if outside of a location"
			if b.name == "limit_except" {
				where = "limit_except"
			}
			for _, s := range b.own("add_header") {
				if isCORS(header.Lower(s.arg(0))) {
					p.Report(s.at, "nginx does not start with an add_header in "+where, "set headers in the server or in the location, and only return in the if")
					break
				}
			}
		}
	}
}

func runErrorPage(p *stack.Pass) {
	type inheritance struct{ pages, server *statement }
	targets := map[*statement]map[string]*statement{} // of servers: their locations, by path or name
	seen := map[inheritance]bool{}
	eachPlace(p, func(c *config, b *statement, h headers) {
		f := h.first(header.AllowOrigin)
		server := serverOf(b)
		if f == nil || !f.always || pass(b) == nil || server == nil {
			return
		}
		if targets[server] == nil {
			targets[server] = locationsOf(server)
		}
		outer := b // as with add_header, the nearest block counts
		for outer != nil && !outer.has("error_page") {
			outer = outer.parent
		}
		if outer == nil || seen[inheritance{outer, server}] {
			return
		}
		seen[inheritance{outer, server}] = true
		for _, s := range outer.own("error_page") {
			target := s.arg(len(s.args) - 1)
			location := targets[server][target]
			if location == nil {
				continue
			}
			if other := c.headersOf(location); other.whole && other.first(header.AllowOrigin) == nil {
				p.Report(s.at, fmt.Sprintf("the error is answered by the location %s (line %d), which sets no %s, so pages get a network error instead", target, location.at.Line, header.AllowOrigin),
					"repeat the CORS headers in the location of the error page, with always")
			}
		}
	})
}

// locationsOf returns the locations of a server that are for just one path or name, by that.
func locationsOf(server *statement) map[string]*statement {
	found := map[string]*statement{}
	for _, l := range server.own("location") {
		if len(l.args) == 1 || l.arg(0) == "=" {
			found[l.arg(len(l.args)-1)] = l
		}
	}
	return found
}

func runTwice(p *stack.Pass) {
	eachLevel(p, func(c *config, b *statement, h headers) {
		for _, name := range []string{header.AllowOrigin, header.AllowCredentials} {
			var sure []*field
			for _, f := range h.all(name) {
				if f.value.text != "" && (!strings.Contains(f.value.text, "$") || strings.EqualFold(f.value.text, "$http_origin")) {
					sure = append(sure, f)
				}
			}
			if len(sure) > 1 {
				p.Report(sure[1].at, fmt.Sprintf("answers have two lines of %s (the other is in line %d), which browsers read as one value that nothing matches", name, sure[0].at.Line),
					"set the header once; several origins need a map of $http_origin")
			}
		}
	})
}

func runUpstreamHeaders(p *stack.Pass) {
	told := map[*statement]bool{}
	eachPlace(p, func(c *config, b *statement, h headers) {
		f := h.first(header.AllowOrigin)
		behind := pass(b)
		if f == nil || f.replaces || behind == nil || hides(b, header.AllowOrigin) {
			return
		}
		server := serverOf(b)
		if told[server] {
			return
		}
		told[server] = true
		directive := strings.TrimSuffix(behind.name, "_pass") + "_hide_header"
		p.Report(f.at, fmt.Sprintf("if what answers behind %s sets %s too, answers have it twice, and every browser refuses them", behind.name, header.AllowOrigin),
			fmt.Sprintf("write %s %s; beside it, and the same for the other CORS headers", directive, header.AllowOrigin))
	})
}

func runVaryMissing(p *stack.Pass) {
	eachLevel(p, func(c *config, b *statement, h headers) {
		f := h.first(header.AllowOrigin)
		if f == nil || f.from != b || !h.whole || c.isPreflightBranch(b) || variesByOrigin(h) {
			return
		}
		if g := c.grants(f.value, f.from); g.known && g.depends {
			p.Report(f.at, "the answer depends on the origin and does not say so, so a cache gives one site the answer for another, and its page is refused",
				"write add_header Vary Origin always; beside it")
		}
	})
}

func variesByOrigin(h headers) bool {
	for _, f := range h.all(header.Vary) {
		if strings.Contains(f.value.text, "$") {
			return true // by a map, which is more than this looks into
		}
		for item := range strings.SplitSeq(f.value.text, ",") {
			if item = strings.TrimSpace(item); item == "*" || strings.EqualFold(item, header.Origin) {
				return true
			}
		}
	}
	return false
}
