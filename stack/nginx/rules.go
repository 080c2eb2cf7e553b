package nginx

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

func linter() *stack.Linter {
	return &stack.Linter{Example: "site.conf", Language: "nginx", MayBe: mayBe, Is: is, Read: read, Rules: rules(), Layers: layers, Import: imported}
}

// rules lists the rules: what is too open, what headers nginx does not send, what preflights meet, and what values say.
func rules() []stack.LintRule {
	return append(append(append(openRules(), headerRules()...), preflightRules()...), valueRules()...)
}

// mayBe leaves out the files that are certainly of something else.
func mayBe(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, ext := range []string{".template", ".tmpl", ".tpl", ".j2", ".erb", ".example", ".dist", ".bak", ".default"} {
		base = strings.TrimSuffix(base, ext)
	}
	switch path.Ext(base) {
	case "", ".conf", ".nginx", ".inc", ".vhost", ".site", ".cnf", ".cfg":
		return true
	}
	return strings.HasPrefix(base, "nginx") && path.Ext(base) != ".go" && path.Ext(base) != ".md" ||
		strings.Contains(name, "sites-available/") || strings.Contains(name, "sites-enabled/")
}

// What only configuration of nginx has. Apache has its blocks in angle brackets and HAProxy has no semicolons; a Caddyfile has
// neither.
var (
	strongMark = regexp.MustCompile(`(?m)^[ \t]*(add_header|more_set_headers|proxy_pass|fastcgi_pass|uwsgi_pass|proxy_hide_header|server_name|proxy_set_header|try_files)[ \t]+[^;{}\n]*;`)
	blockMark  = regexp.MustCompile(`(?m)^[ \t]*(server|http|location[ \t][^;{}\n]*|map[ \t]+\S+[ \t]+\$\w+)[ \t\r\n]*\{`)
)

// is reports whether a text is configuration of nginx: it has a directive or a block of its.
func is(_ string, text []byte) bool {
	if !strings.Contains(string(text), ";") {
		return false
	}
	return strongMark.Match(text) || blockMark.Match(text)
}

// layers lists where pages are let in, as far as the server behind can do so too.
func layers(subject any) []stack.Layer {
	var list []stack.Layer
	for _, c := range subject.([]*config) {
		for _, b := range c.blocks {
			f := c.headersOf(b).first(header.AllowOrigin)
			if f != nil && !f.replaces && pass(b) != nil && !hides(b, header.AllowOrigin) {
				list = append(list, stack.Layer{At: f.at, Proxies: true})
			}
		}
	}
	return list
}

// configs are what the rules look at.
func configs(p *stack.Pass) []*config { return p.Subject.([]*config) }

// eachLevel calls a function for every block that sets headers of its own, with all that answers from it get.
func eachLevel(p *stack.Pass, look func(c *config, b *statement, h headers)) {
	for _, c := range configs(p) {
		for _, b := range c.blocks {
			if b.has("add_header", "more_set_headers") {
				look(c, b, c.headersOf(b))
			}
		}
	}
}

// eachPlace calls a function for every block that answers requests by itself: those with a location's work to do, and the whole
// of a file that is for somebody's location.
func eachPlace(p *stack.Pass, look func(c *config, b *statement, h headers)) {
	for _, c := range configs(p) {
		for _, b := range c.blocks {
			switch {
			case b.name == "location":
			case b.parent == nil && (b.has("add_header") || pass(b) != nil) && !b.has("http", "server", "location"):
			default:
				continue
			}
			look(c, b, c.headersOf(b))
		}
	}
}

// eachOrigin calls a function for every header that lets pages in, with what it can be. Headers that have the same variable are
// one: what is found in it stands at the same place.
func eachOrigin(p *stack.Pass, look func(h headers, f *field, g granted, credentials bool)) {
	type key struct {
		grantKey
		credentials bool
	}
	for _, c := range configs(p) {
		seen := map[key]bool{}
		for _, b := range c.blocks {
			if !b.has("add_header", "more_set_headers") {
				continue
			}
			h := c.headersOf(b)
			list := h.all(header.AllowOrigin)
			if len(list) == 0 {
				continue
			}
			credentials := c.allowsCredentials(h)
			for _, f := range list {
				k := key{grantKey{server: serverOf(f.from)}, credentials}
				var ok bool
				if k.variable, ok = wholeVariable(f.value.text); ok && k.variable != "http_origin" {
					if seen[k] {
						continue
					}
					seen[k] = true
				}
				look(h, f, c.grants(f.value, f.from), credentials)
			}
		}
	}
}

// eachGrant calls a function for every way in which pages are let in.
func eachGrant(p *stack.Pass, look func(g *grant, credentials bool)) {
	eachOrigin(p, func(_ headers, _ *field, g granted, credentials bool) {
		for i := range g.list {
			look(&g.list[i], credentials)
		}
	})
}

// firstHeader returns the first directive of a block that sets a header.
func firstHeader(b *statement) *statement {
	for _, s := range b.block {
		if s.name == "add_header" || s.name == "more_set_headers" {
			return s
		}
	}
	return nil
}

// isPreflightBranch reports whether an if is for OPTIONS requests: by their method, or by a variable that depends on it.
func (c *config) isPreflightBranch(b *statement) bool {
	if b.name != "if" {
		return false
	}
	is, known := c.branches[b]
	if !known {
		is = c.looksForOptions(b)
		c.branches[b] = is
	}
	return is
}

func (c *config) looksForOptions(b *statement) bool {
	q, ok := conditionOf(b)
	if !ok {
		return false
	}
	if q.variable == "request_method" {
		return isForOptions(q.operator, q.value.text)
	}
	if m := c.maps[q.variable]; m != nil {
		if !strings.Contains(m.arg(0), "request_method") || c.spent(len(m.block)) {
			return false
		}
		for _, entry := range m.block {
			if strings.Contains(strings.ToUpper(entry.name), "OPTIONS") {
				return true
			}
		}
		return false
	}
	for _, s := range c.setsOf(q.variable, b) {
		if s.parent.name == "if" && s.parent != b && c.isMethodTest(s.parent) {
			return true
		}
	}
	return false
}

// isMethodTest reports whether an if asks for OPTIONS itself.
func (c *config) isMethodTest(b *statement) bool {
	q, ok := conditionOf(b)
	return ok && q.variable == "request_method" && isForOptions(q.operator, q.value.text)
}

func isForOptions(operator, value string) bool {
	switch operator {
	case "=":
		return value == "OPTIONS"
	case "~", "~*":
		return strings.Contains(strings.ToUpper(value), "OPTIONS")
	}
	return false
}

// preflightBranches returns the blocks that answer OPTIONS requests for a location by themselves, those of its server included.
func (c *config) preflightBranches(location *statement) []*statement {
	return append(slices.Clip(c.branchesIn(serverOf(location))), c.branchesIn(location)...)
}

func (c *config) branchesIn(b *statement) []*statement {
	if b == nil {
		return nil
	}
	list, known := c.answers[b]
	if !known {
		for _, inner := range b.own("if") {
			if inner.has("return") && c.isPreflightBranch(inner) {
				list = append(list, inner)
			}
		}
		c.answers[b] = list
	}
	return list
}

// grantsAnywhere reports whether a location lets pages in, in itself or in an if of its.
func (c *config) grantsAnywhere(location *statement) bool {
	if c.headersOf(location).first(header.AllowOrigin) != nil {
		return true
	}
	for _, inner := range location.own("if") {
		if c.headersOf(inner).first(header.AllowOrigin) != nil {
			return true
		}
	}
	return false
}
