package nginx

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// This file beside the usual four is about who is let in: what a value of Access-Control-Allow-Origin can be, by way of maps,
// set and if.

// A grant is one way in which Access-Control-Allow-Origin gets a value.
type grant struct {
	text     string // the value; empty where the request's origin is sent back
	reflects bool
	at       stack.Position // of the value
	guard    guard          // which origins get it
}

// A guard is a condition on the origin of a request. The zero value is met by every request.
type guard struct {
	unknown  bool      // it depends on what cannot be told
	patterns []pattern // one of them has to match, unless there is none
}

// A pattern is a text that an origin is compared with, or a regular expression.
type pattern struct {
	text       string
	isRegexp   bool
	ignoreCase bool // of a regular expression
	at         stack.Position

	// matcher is of a regular expression; nil for one that cannot be read, of which nothing is said.
	matcher *stack.Matcher
}

func expression(text string, ignoreCase bool, at stack.Position) pattern {
	p := pattern{text: text, isRegexp: true, ignoreCase: ignoreCase, at: at}
	if m, ok := stack.NewMatcher(text, ignoreCase); ok {
		p.matcher = m
	}
	return p
}

// any reports whether every request meets the guard.
func (g guard) any() bool { return !g.unknown && len(g.patterns) == 0 }

// The bounds of what variables are looked into: how many are followed, one from the other; how many ways in a header can have;
// and how many lines of maps and set are looked at in a whole configuration. Beyond them all is unknown.
const (
	maxChase  = 8
	maxGrants = 10_000
	maxSteps  = 5_000_000
)

// spent counts lines that are looked at, and reports whether there were too many.
func (c *config) spent(lines int) bool {
	c.steps += lines + 1
	return c.steps > maxSteps
}

// granted is what a value of Access-Control-Allow-Origin can be.
type granted struct {
	list    []grant // empty values are none
	known   bool
	depends bool // on the origin of the request
}

// grantKey tells values apart that can be something else: variables depend on the server at most.
type grantKey struct {
	variable string
	server   *statement
}

// grants returns what a value can be in a block.
func (c *config) grants(value argument, in *statement) granted {
	name, ok := wholeVariable(value.text)
	key := grantKey{name, serverOf(in)}
	if g, known := c.granted[key]; ok && known {
		return g
	}
	var g granted
	g.list, g.known = c.chase(value, in, 0)
	for i := range g.list {
		at := &g.list[i]
		g.depends = g.depends || at.reflects || !at.guard.any() && !at.guard.unknown
	}
	if ok && name != "http_origin" {
		c.granted[key] = g
	}
	return g
}

func (c *config) chase(value argument, in *statement, depth int) (list []grant, known bool) {
	if value.text == "" {
		return nil, true
	}
	if stack.IsPlaceholder(value.text) && !strings.Contains(value.text, "$") {
		return nil, false
	}
	if !strings.Contains(value.text, "$") {
		return []grant{{text: value.text, at: value.at, guard: c.guardOf(in, depth)}}, true
	}
	name, ok := wholeVariable(value.text)
	switch {
	case !ok, depth > maxChase:
		return nil, false
	case name == "http_origin":
		return []grant{{reflects: true, at: value.at, guard: c.guardOf(in, depth)}}, true
	case c.maps[name] != nil:
		return c.mapGrants(c.maps[name], depth+1)
	}
	sets := c.setsOf(name, in)
	for _, s := range sets {
		if len(s.args) < 2 {
			continue
		}
		more, ok := c.chase(s.args[1], s.parent, depth+1)
		if !ok || len(list)+len(more) > maxGrants {
			return nil, false
		}
		list = append(list, more...)
	}
	return list, len(sets) > 0
}

// wholeVariable returns the variable of a text that is nothing else.
func wholeVariable(text string) (string, bool) {
	rest, ok := strings.CutPrefix(text, "$")
	if inner, braced := strings.CutPrefix(rest, "{"); braced {
		rest, ok = strings.CutSuffix(inner, "}")
	}
	return strings.ToLower(rest), ok && rest != "" && strings.Trim(strings.ToLower(rest), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// setsOf returns where a variable is set for a block: in the same server.
func (c *config) setsOf(name string, in *statement) []*statement {
	server := serverOf(in)
	var list []*statement
	if c.spent(len(c.sets[name])) {
		return nil
	}
	for _, s := range c.sets[name] {
		if server == nil || serverOf(s) == server {
			list = append(list, s)
		}
	}
	return list
}

func serverOf(s *statement) *statement {
	for ; s != nil; s = s.parent {
		if s.name == "server" {
			return s
		}
	}
	return nil
}

// mapGrants returns what a map makes of the origin.
func (c *config) mapGrants(m *statement, depth int) (list []grant, known bool) {
	if c.spent(len(m.block)) {
		return nil, false
	}
	for _, entry := range m.block {
		if len(entry.args) == 0 {
			continue // hostnames, volatile
		}
		if entry.name == "include" {
			return nil, false
		}
		g := c.entryGuard(m, entry, depth)
		more, ok := c.chase(entry.args[0], nil, depth)
		if !ok || len(list)+len(more) > maxGrants {
			return nil, false
		}
		for _, inner := range more {
			if inner.guard.any() {
				inner.guard = g
			}
			list = append(list, inner)
		}
	}
	return list, true
}

// entryGuard returns which origins a line of a map is for.
func (c *config) entryGuard(m, entry *statement, depth int) guard {
	source, ok := wholeVariable(m.arg(0))
	if !ok || depth > maxChase {
		return guard{unknown: true}
	}
	isDefault := entry.name == "default"
	if source == "http_origin" {
		if isDefault {
			return guard{}
		}
		return guard{patterns: []pattern{mapPattern(entry)}}
	}
	if isDefault {
		// What is left over of another map: whoever it has a value for that no other line names.
		return c.guardFor(source, m, func(value string) bool { return len(m.own(value)) == 0 }, depth+1)
	}
	p := mapPattern(entry)
	if p.isRegexp {
		return guard{unknown: true}
	}
	return c.guardFor(source, m, func(value string) bool { return strings.EqualFold(value, p.text) }, depth+1)
}

// mapPattern is the left side of a line of a map. Texts are compared without regard to case.
//
// https://nginx.org/en/docs/http/ngx_http_map_module.html#map
func mapPattern(entry *statement) pattern {
	text := entry.name
	switch {
	case strings.HasPrefix(text, "~*"):
		return expression(text[2:], true, entry.at)
	case strings.HasPrefix(text, "~"):
		return expression(text[1:], false, entry.at)
	}
	return pattern{text: strings.TrimPrefix(text, `\`), at: entry.at}
}

// guardFor returns for which origins a variable has a value that is wanted.
func (c *config) guardFor(name string, in *statement, wanted func(string) bool, depth int) guard {
	if depth > maxChase || c.maps[name] != nil && c.spent(len(c.maps[name].block)) {
		return guard{unknown: true}
	}
	var g guard
	found := false
	include := func(more guard) {
		switch {
		case more.unknown:
			g.unknown = true
		case more.any() || found && g.any():
			g.patterns = nil
		case len(g.patterns)+len(more.patterns) > maxGrants:
			g.unknown = true
		default:
			g.patterns = append(g.patterns, more.patterns...)
		}
		found = true
	}
	if m := c.maps[name]; m != nil {
		for _, entry := range m.block {
			if entry.name == "include" || strings.Contains(entry.arg(0), "$") {
				return guard{unknown: true}
			}
			if len(entry.args) > 0 && wanted(entry.arg(0)) {
				include(c.entryGuard(m, entry, depth))
			}
		}
	} else {
		for _, s := range c.setsOf(name, in) {
			if strings.Contains(s.arg(1), "$") {
				return guard{unknown: true}
			}
			if wanted(s.arg(1)) {
				include(c.guardOf(s.parent, depth))
			}
		}
	}
	if !found {
		return guard{unknown: true}
	}
	return g
}

// guardOf returns which origins reach a block through the if that it stands in.
func (c *config) guardOf(b *statement, depth int) guard {
	for ; b != nil; b = b.parent {
		if b.name != "if" {
			continue
		}
		q, ok := conditionOf(b)
		if !ok {
			return guard{unknown: true}
		}
		switch {
		case q.variable == "http_origin":
			switch q.operator {
			case "":
				return guard{}
			case "=":
				return guard{patterns: []pattern{{text: q.value.text, at: q.value.at}}}
			case "~", "~*":
				return guard{patterns: []pattern{expression(q.value.text, q.operator == "~*", q.value.at)}}
			}
			return guard{unknown: true}
		case q.variable == "request_method":
			continue // says nothing of the origin
		case q.operator == "=":
			return c.guardFor(q.variable, b, func(value string) bool { return value == q.value.text }, depth+1)
		case q.operator == "":
			return c.guardFor(q.variable, b, func(value string) bool { return value != "" && value != "0" }, depth+1)
		default:
			return guard{unknown: true}
		}
	}
	return guard{}
}

// A condition is what stands between the brackets of an if.
type condition struct {
	variable string // in lower case, without the dollar sign; of -f and its like there is none
	operator string // empty where the variable stands alone
	value    argument
}

// conditionOf reads the condition of an if. It is false for what compares no variable.
//
// https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if
func conditionOf(b *statement) (condition, bool) {
	words := slices.Clone(b.args)
	if len(words) == 0 {
		return condition{}, false
	}
	if first, ok := strings.CutPrefix(words[0].text, "("); ok {
		words[0].text = first
		words[0].at.Column++
		if first == "" {
			words = words[1:]
		}
	}
	if n := len(words); n > 0 {
		words[n-1].text = strings.TrimSuffix(words[n-1].text, ")")
		if words[n-1].text == "" && n != 3 {
			words = words[:n-1]
		}
	}
	if len(words) == 0 {
		return condition{}, false
	}
	name, ok := wholeVariable(words[0].text)
	if !ok {
		return condition{}, false
	}
	switch len(words) {
	case 1:
		return condition{variable: name}, true
	case 3:
		return condition{name, words[1].text, words[2]}, true
	}
	return condition{}, false
}

// values returns what a text can be, in a block; it is false where that cannot be told.
func (c *config) values(value argument, in *statement, depth int) (list []string, known bool) {
	if !strings.Contains(value.text, "$") {
		return []string{value.text}, true
	}
	name, ok := wholeVariable(value.text)
	if !ok || depth > maxChase {
		return nil, false
	}
	if m := c.maps[name]; m != nil {
		if c.spent(len(m.block)) {
			return nil, false
		}
		for _, entry := range m.block {
			if entry.name == "include" {
				return nil, false
			}
			if len(entry.args) > 0 {
				more, ok := c.values(entry.args[0], nil, depth+1)
				if !ok {
					return nil, false
				}
				list = union(list, more)
			}
		}
		return list, true
	}
	sets := c.setsOf(name, in)
	for _, s := range sets {
		if len(s.args) > 1 {
			more, ok := c.values(s.args[1], s.parent, depth+1)
			if !ok {
				return nil, false
			}
			list = union(list, more)
		}
	}
	return list, len(sets) > 0
}

// maxValues is how many values are told apart; whether credentials are allowed has two.
const maxValues = 16

// union adds the values that are not there yet.
func union(list, more []string) []string {
	for _, v := range more {
		if len(list) < maxValues && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// allowsCredentials reports whether answers with these headers can allow credentials.
func (c *config) allowsCredentials(h headers) bool {
	for _, f := range h.all(header.AllowCredentials) {
		values, _ := c.values(f.value, f.from, 0)
		for _, v := range values {
			if v == "true" {
				return true
			}
		}
	}
	return false
}
