package policyfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// A DiffResult is what two files allow differently, as concors diff --json prints it; docs/json.md documents it.
type DiffResult struct {
	Wider    bool     `json:"wider"`    // somebody may do what was not allowed before
	Narrower bool     `json:"narrower"` // somebody may not do any more what was
	Changes  []Change `json:"changes"`

	old, new string
}

// A Change is what some origins gain, or lose.
type Change struct {
	Change  string   `json:"change"`  // gain or loss
	Where   []string `json:"where"`   // the routes (host, methods and path), or the policies of files without routes
	Origins []string `json:"origins"` // patterns all of whose probes have the change, and single origins
	Access  Access   `json:"access"`  // what is gained or lost
	Text    string   `json:"text"`    // in a sentence
	Proof   Proof    `json:"proof"`
}

// Access is what a page may do, or a part of it.
type Access struct {
	Read            bool     `json:"read"`             // read responses at all
	Credentials     bool     `json:"credentials"`      // with cookies and the like
	Methods         []string `json:"methods"`          // CONCORS-OTHER stands for those that are not listed
	RequestHeaders  []string `json:"request_headers"`  // x-concors-other stands for those that are not listed
	ResponseHeaders []string `json:"response_headers"` // likewise
}

// A Proof is one request that the two files answer differently.
type Proof struct {
	Origin         string `json:"origin"`
	Method         string `json:"method"`
	Header         string `json:"header"` // that the request has; empty for none
	Credentials    bool   `json:"credentials"`
	ResponseHeader string `json:"response_header"` // that the page reads; empty for none
	Old            string `json:"old"`             // allowed or blocked
	New            string `json:"new"`
}

// The kinds of change.
const (
	gain = "gain"
	loss = "loss"
)

// Diff compares what two files allow: at each route of either, by the policies of their routes; and for files without routes,
// and policies that no route uses, by the names of the policies. What is compared are decisions, on the probes of every origin
// pattern of both files, with every method and header of both: two files that say the same in other words do not differ.
func Diff(old, new *File) *DiffResult {
	d := &DiffResult{Changes: []Change{}, old: old.Name, new: new.Name}
	var compared []spot
	names := map[string][]string{}
	for _, s := range spots(old, new) {
		if names[s.id()] == nil {
			compared = append(compared, s)
		}
		names[s.id()] = append(names[s.id()], s.name)
	}
	for i := range compared {
		d.Changes = append(d.Changes, compared[i].changes(names[compared[i].id()])...)
	}
	for _, c := range d.Changes {
		d.Wider = d.Wider || c.Change == gain
		d.Narrower = d.Narrower || c.Change == loss
	}
	return d
}

// changes compares the two policies; where they are compared has several names.
func (s *spot) changes(where []string) []Change {
	var configs []*cors.Config
	for _, p := range []*cors.Policy{s.old, s.new} {
		if p != nil {
			c := p.Config()
			configs = append(configs, &c)
		}
	}
	a := axes{only: s.only, methods: methodsOf(configs...), headers: headersOf(configs...), exposed: exposedOf(configs...)}
	a.methods = slices.DeleteFunc(a.methods, func(m string) bool { return slices.Contains(s.but, m) || s.only != "" && m != s.only })
	probes := probesOf(configs)
	byKey := map[string]*Change{}
	members := map[string][]string{} // origins by change
	var order []string
	for _, o := range probes.all {
		before, after := a.access(s.old, o), a.access(s.new, o)
		for _, kind := range []string{gain, loss} {
			more, less := &after, &before
			if kind == loss {
				more, less = less, more
			}
			given := more.without(less)
			if given.isNothing() {
				continue
			}
			key := kind + fmt.Sprint(given)
			if byKey[key] == nil {
				order = append(order, key)
				byKey[key] = &Change{Change: kind, Where: where, Access: given, Proof: a.proof(kind, &given, o)}
			}
			members[key] = append(members[key], o)
		}
	}
	var list []Change
	for _, key := range order {
		c := byKey[key]
		c.Origins = probes.named(members[key])
		c.Text = c.sentence(len(members[key]) < len(probes.all))
		list = append(list, *c)
	}
	return list
}

// axes are what beside the origin is varied.
type axes struct {
	only                      string // the one method that comes here; empty for any
	methods, headers, exposed []string
}

// exposedOf are the response headers that policies know in lower case, sorted, and one that they do not.
func exposedOf(configs ...*cors.Config) []string {
	var list []string
	for _, c := range configs {
		for _, name := range c.ResponseHeaders {
			if name = header.Lower(name); name != "*" && !slices.Contains(list, name) && !header.IsSafelistedResponseName(name) && !header.IsForbiddenResponseName(name) {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return append(list, otherHeader)
}

// access asks a policy what a page of an origin may do.
func (a *axes) access(p *cors.Policy, origin string) Access {
	given := Access{Methods: []string{}, RequestHeaders: []string{}, ResponseHeaders: []string{}}
	if p == nil {
		return given
	}
	d := p.Decide(cors.Request{Method: "GET", Origin: []string{origin}})
	if !d.Allowed() || a.only != "" && !allows(p, origin, a.only, "") {
		return given
	}
	list := d.Header()
	given.Read = true
	given.Credentials = list.Has(header.AllowCredentials)
	for _, m := range a.methods {
		if allows(p, origin, m, "") {
			given.Methods = append(given.Methods, m)
		}
	}
	for _, name := range a.headers {
		if name != "" && allows(p, origin, "", name) {
			given.RequestHeaders = append(given.RequestHeaders, name)
		}
	}
	value, _ := list.Get(header.ExposeHeaders)
	shown := strings.Split(header.Lower(value), ", ")
	for _, name := range a.exposed {
		if slices.Contains(shown, name) || slices.Contains(shown, "*") && !given.Credentials {
			given.ResponseHeaders = append(given.ResponseHeaders, name)
		}
	}
	return given
}

// without is what is in an access and not in another.
func (a *Access) without(less *Access) Access {
	minus := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
	}
	return Access{
		Read: a.Read && !less.Read, Credentials: a.Credentials && !less.Credentials, Methods: minus(a.Methods, less.Methods),
		RequestHeaders: minus(a.RequestHeaders, less.RequestHeaders), ResponseHeaders: minus(a.ResponseHeaders, less.ResponseHeaders),
	}
}

func (a *Access) isNothing() bool {
	return !a.Read && !a.Credentials && len(a.Methods)+len(a.RequestHeaders)+len(a.ResponseHeaders) == 0
}

// proof is a request of an origin that needs what is given.
func (a *axes) proof(kind string, given *Access, origin string) Proof {
	proof := Proof{Origin: origin, Method: "GET", Credentials: given.Credentials, Old: "blocked", New: "allowed"}
	if a.only != "" {
		proof.Method = a.only
	}
	switch {
	case given.Read, given.Credentials:
	case len(given.Methods) > 0:
		proof.Method = given.Methods[0]
	case len(given.RequestHeaders) > 0:
		proof.Header = given.RequestHeaders[0]
	default:
		proof.ResponseHeader = given.ResponseHeaders[0]
	}
	if kind == loss {
		proof.Old, proof.New = proof.New, proof.Old
	}
	return proof
}

// probes are the origins to ask about, and which pattern each is of.
type probes struct {
	all      []string
	patterns []string
	inside   map[string][]string // by pattern
}

// probesOf makes the probes of every pattern of policies, and a few origins that nobody names.
func probesOf(configs []*cors.Config) *probes {
	p := &probes{inside: map[string][]string{}}
	seen := map[string]bool{}
	add := func(o string) {
		if !seen[o] {
			seen[o] = true
			p.all = append(p.all, o)
		}
	}
	var later []string
	for _, c := range configs {
		for _, text := range c.Origins {
			pattern, err := origin.ParsePattern(text)
			if err != nil || p.inside[text] != nil {
				continue
			}
			inside, outside := pattern.Probes()
			p.inside[text] = inside
			p.patterns = append(p.patterns, text)
			for _, o := range inside {
				add(o)
			}
			later = append(later, outside...)
		}
	}
	for _, o := range append(later, stranger, "http://stranger.example", "null") {
		add(o)
	}
	return p
}

// named are the patterns all of whose probes are among the origins, and the origins that are of none of these.
func (p *probes) named(origins []string) []string {
	var list []string
	var covers []origin.Pattern
	changed := map[string]bool{}
	for _, o := range origins {
		changed[o] = true
	}
	for _, text := range p.patterns {
		inside := p.inside[text]
		if len(inside) == 0 || slices.ContainsFunc(inside, func(o string) bool { return !changed[o] }) {
			continue
		}
		pattern, err := origin.ParsePattern(text)
		if err != nil {
			continue
		}
		list = append(list, text)
		covers = append(covers, pattern)
	}
	covered := origin.NewSet(covers)
	for _, text := range origins {
		if !covered.Has(text) {
			list = append(list, text)
		}
	}
	return list
}
