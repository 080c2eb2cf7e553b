package nginx

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of rules.go that is long enough for a file of its own: what becomes of preflights.

const (
	ifReference        = "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if"
	preflightReference = "https://fetch.spec.whatwg.org/#cors-preflight-fetch"
)

func preflightRules() []stack.LintRule {
	return []stack.LintRule{{
		Name: "nginx-options-branch", Title: "the branch for OPTIONS loses the CORS headers", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    if ($request_method = OPTIONS) {
        add_header Access-Control-Allow-Methods "GET, POST, PUT";
        return 204;
    }
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, POST, PUT";
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		Ref: ifReference,
		Run: runOptionsBranch,
	}, {
		Name: "preflight-status", Title: "preflights are answered with an error or a redirect", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT" always;
    if ($request_method = OPTIONS) {
        return 405;
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
		Ref: preflightReference,
		Run: runPreflightStatus,
	}, {
		Name: "nginx-limit-except", Title: "limit_except refuses preflights", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT" always;
    limit_except GET PUT {
        deny all;
    }
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT" always;
    limit_except GET PUT OPTIONS {
        deny all;
    }
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		Ref: "https://nginx.org/en/docs/http/ngx_http_core_module.html#limit_except",
		Run: runLimitExcept,
	}, {
		Name: "nginx-rewrite-break", Title: "a break ends the location before it looks at OPTIONS", Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `location /api/ {
    rewrite ^/api/(.*)$ /$1 break;
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT" always;
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
    rewrite ^/api/(.*)$ /$1 break;
    proxy_pass http://backend;
}
`,
		Ref: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#break",
		Run: runRewriteBreak,
	}, {
		Name: "preflight-authentication", Title: "preflights are asked for a password", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /api/ {
    auth_basic "private";
    auth_basic_user_file users;
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Headers Authorization always;
    proxy_pass http://backend;
}
`,
		After: `location /api/ {
    auth_basic "private";
    auth_basic_user_file users;
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Headers Authorization always;
    if ($request_method = OPTIONS) {
        return 204;
    }
    proxy_pass http://backend;
}
`,
		Ref: preflightReference,
		Run: runPreflightAuthentication,
	}, {
		Name: "preflight-unanswered", Title: "nothing answers preflights", Kind: stack.WillNotWork, Severity: report.Error,
		Before: `location /data/ {
    root .;
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Headers X-Requested-With always;
}
`,
		After: `location /data/ {
    root .;
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Headers X-Requested-With always;
    if ($request_method = OPTIONS) {
        return 204;
    }
}
`,
		Ref: preflightReference,
		Run: runPreflightUnanswered,
	}, {
		Name: "nginx-method-branches", Title: "only some methods have a branch that sets the CORS headers", Kind: stack.WillNotWork, Severity: report.Warning,
		Before: `location /api/ {
    if ($request_method = OPTIONS) {
        add_header Access-Control-Allow-Origin https://app.example.com;
        add_header Access-Control-Allow-Methods "GET, PUT";
        return 204;
    }
    if ($request_method = GET) {
        add_header Access-Control-Allow-Origin https://app.example.com always;
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
		Ref: ifReference,
		Run: runMethodBranches,
	}}
}

func runOptionsBranch(p *stack.Pass) {
	for _, c := range configs(p) {
		for _, b := range c.blocks {
			if !c.isPreflightBranch(b) || b.parent == nil || !returnsSuccess(b) {
				continue
			}
			h := c.headersOf(b)
			if h.first(header.AllowOrigin) != nil || !h.whole || !h.isCORS() && !c.meansCORS(b.parent) {
				continue
			}
			at, why := b.at, "nothing outside of it counts"
			if s := firstHeader(b); s != nil {
				at, why = s.at, "a block with an add_header of its own inherits none"
			} else if c.headersOf(b.parent).first(header.AllowOrigin) == nil {
				why = "headers of another block do not count here"
			}
			p.Report(at, fmt.Sprintf("answers to preflights have no %s, because %s, so browsers refuse every request that needs one", header.AllowOrigin, why),
				"set the headers in the location, and only return in the if")
		}
	}
}

// meansCORS reports whether pages are let in by a block, or by what is in it.
func (c *config) meansCORS(b *statement) bool {
	if b.name == "location" {
		return c.grantsAnywhere(b)
	}
	for _, inner := range c.blocks {
		if inner.name == "location" && inner.within(b.name) == b && c.grantsAnywhere(inner) {
			return true
		}
	}
	return c.headersOf(b).first(header.AllowOrigin) != nil
}

// returnsSuccess reports whether a block returns an answer by itself that a preflight can have.
func returnsSuccess(b *statement) bool {
	status, ok := returned(b)
	return ok && status >= 200 && status <= 299
}

// returned is the status that a block returns. A URL or a text alone is a redirect or 200; a variable is no status.
func returned(b *statement) (status int, ok bool) {
	list := b.own("return")
	if len(list) == 0 {
		return 0, false
	}
	text := list[0].arg(0)
	status, err := strconv.Atoi(text)
	switch {
	case err == nil:
		return status, true
	case strings.HasPrefix(text, "http://"), strings.HasPrefix(text, "https://"):
		return 302, true
	}
	return 0, false
}

func runPreflightStatus(p *stack.Pass) {
	eachPlace(p, func(c *config, b *statement, h headers) {
		if !c.grantsAnywhere(b) || !expectsPreflights(h) {
			return
		}
		for _, branch := range c.preflightBranches(b) {
			if status, ok := returned(branch); ok && (status < 200 || status > 299) {
				p.Report(branch.own("return")[0].at, fmt.Sprintf("preflights get %d, and browsers want a status of 200 to 299, so they refuse every request that needs one", status), "return 204")
			}
		}
	})
}

// expectsPreflights reports whether headers are set that only an answer to a preflight needs.
func expectsPreflights(h headers) bool {
	return h.first(header.AllowMethods) != nil || h.first(header.AllowHeaders) != nil || h.first(header.MaxAge) != nil
}

func runLimitExcept(p *stack.Pass) {
	eachPlace(p, func(c *config, b *statement, h headers) {
		if !c.grantsAnywhere(b) {
			return
		}
		for _, s := range b.own("limit_except") {
			if slices.ContainsFunc(s.args, func(a argument) bool { return strings.EqualFold(a.text, "OPTIONS") }) {
				continue
			}
			for _, deny := range s.own("deny") {
				if deny.arg(0) == "all" && !s.has("allow") {
					p.Report(s.at, "preflights get 403, even where an if returns for them, so browsers refuse every request that needs one", "write OPTIONS beside the other methods")
				}
			}
		}
	})
}

func runRewriteBreak(p *stack.Pass) {
	eachPlace(p, func(c *config, b *statement, _ headers) {
		if !c.grantsAnywhere(b) {
			return
		}
		var ended *statement
		for _, s := range b.block {
			switch {
			case s.name == "break", s.name == "rewrite" && s.arg(2) == "break":
				if ended == nil {
					ended = s
				}
			case ended != nil && s.name == "if" && s.has("return") && c.isPreflightBranch(s):
				p.Report(ended.at, fmt.Sprintf("after break nginx leaves out the if in line %d, so preflights go on to what is behind, and fail unless it answers them", s.at.Line),
					"put the if for OPTIONS first")
			}
		}
	})
}

func runPreflightAuthentication(p *stack.Pass) {
	eachPlace(p, func(c *config, b *statement, h headers) {
		if h.first(header.AllowOrigin) == nil || !expectsPreflights(h) || len(c.preflightBranches(b)) > 0 {
			return
		}
		if s := authentication(b); s != nil {
			severity := report.Error
			if s.name == "auth_request" {
				severity = report.Warning // which may let OPTIONS through
			}
			p.ReportAs(severity, s.at, "browsers send no credentials with a preflight, so it gets 401, and every request that needs one is refused",
				"answer preflights first: if ($request_method = OPTIONS) { return 204; }")
		}
	})
}

// authentication returns the directive that has requests in a block say who they are from, nil if there is none.
func authentication(b *statement) *statement {
	if satisfy := inForce(b, "satisfy"); satisfy != nil && satisfy.arg(0) == "any" {
		return nil
	}
	for _, name := range []string{"auth_basic", "auth_jwt", "auth_request"} {
		if s := inForce(b, name); s != nil && s.arg(0) != "off" {
			return s
		}
	}
	return nil
}

// inForce returns the directive of a name that counts in a block: its own, or that of the nearest block around it.
func inForce(b *statement, name string) *statement {
	for ; b != nil; b = b.parent {
		if list := b.own(name); len(list) > 0 {
			return list[0]
		}
	}
	return nil
}

func runPreflightUnanswered(p *stack.Pass) {
	eachPlace(p, func(c *config, b *statement, h headers) {
		f := h.first(header.AllowOrigin)
		if f == nil || !expectsPreflights(h) || b.parent == nil || len(c.preflightBranches(b)) > 0 || answersByItself(b) || authentication(b) != nil {
			return
		}
		const fix = "write if ($request_method = OPTIONS) { return 204; } in the location"
		if pass(b) == nil {
			p.Report(f.at, "nginx answers OPTIONS on files with 405, so browsers refuse every request that needs a preflight", fix)
			return
		}
		p.ReportAs(report.Info, f.at, "preflights go on to what is behind, and fail unless it answers OPTIONS with a status of 200 to 299", fix)
	})
}

// answersByItself reports whether a block answers every method, or hands requests to what is not looked into here.
func answersByItself(b *statement) bool {
	return slices.ContainsFunc(b.block, func(s *statement) bool {
		switch s.name {
		case "return", "rewrite", "include", "location", "stub_status", "js_content", "perl", "dav_methods", "echo":
			return s.name != "include" || !holdsNoHeaders(s.arg(0))
		case "try_files":
			return strings.HasPrefix(s.arg(len(s.args)-1), "@")
		case "if":
			return s.has("return") && !isUnrelated(s)
		}
		return strings.Contains(s.name, "_by_lua") || strings.HasSuffix(s.name, "_pass") && pass(b) == nil
	})
}

// isUnrelated reports whether an if asks for something other than the method, by a variable that nginx has itself.
func isUnrelated(b *statement) bool {
	q, ok := conditionOf(b)
	return !ok || strings.HasPrefix(q.variable, "http_") || q.variable == "request_uri" || q.variable == "host" || q.variable == "scheme"
}

func runMethodBranches(p *stack.Pass) {
	eachPlace(p, func(c *config, b *statement, h headers) {
		if h.first(header.AllowOrigin) != nil || !h.whole || pass(b) == nil {
			return
		}
		var covered, allowed []string
		var branch *statement
		for _, inner := range b.own("if") {
			q, ok := conditionOf(inner)
			of := c.headersOf(inner)
			switch {
			case !ok || of.first(header.AllowOrigin) == nil:
			case c.isPreflightBranch(inner):
				branch = inner
				if f := of.first(header.AllowMethods); f != nil && !strings.Contains(f.value.text, "$") {
					allowed = strings.FieldsFunc(f.value.text, func(c rune) bool { return c == ',' || c == ' ' })
				}
			case q.variable == "request_method" && q.operator == "=":
				covered = append(covered, q.value.text)
			case q.variable == "request_method":
				covered = append(covered, strings.FieldsFunc(q.value.text, func(c rune) bool { return !('A' <= c && c <= 'Z') })...)
			default:
				return // another condition, which may be met by any method
			}
		}
		if branch == nil || len(covered) == 0 {
			return
		}
		for _, method := range allowed {
			if method != "*" && method != "OPTIONS" && method != "HEAD" && !slices.Contains(covered, method) {
				p.Report(branch.at, fmt.Sprintf("preflights allow %s, and answers to it have no %s, so pages cannot read them", method, header.AllowOrigin), "set the headers in the location, for all methods")
			}
		}
	})
}
