package verify

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// varyChecks are about caches: where the answer depends on the origin, each answer has to say so, those without an origin too,
// or a cache gives one page the answer for another.
//
// https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
func (p *place) varyChecks() []check {
	if !p.reads() {
		return nil
	}
	var list []check
	for i, url := range append([]string{p.url()}, p.errors...) {
		where := ""
		if i > 0 {
			where = " on the error at " + strings.TrimPrefix(url, p.server)
		}
		for _, a := range p.answers() {
			list = append(list, p.check("Vary names Origin "+a.name+where, "Vary: Origin, if the answer depends on it", func(asker *asker) verdict { return p.varies(asker, url, a.name) }))
		}
	}
	return list
}

// An answered is one way to ask for a URL.
type answered struct {
	name string
	get  func(a *asker, url string) *fetch.Response
}

// answers are the ways in which answers can differ.
func (p *place) answers() []answered {
	from := func(page string) func(*asker, string) *fetch.Response {
		return func(a *asker, url string) *fetch.Response { return last(a.fetch(page, p.request("GET", url))) }
	}
	list := []answered{
		{"for an allowed origin", from(p.origins.inside[0])},
		{"without an origin", func(a *asker, url string) *fetch.Response {
			res := a.ask("GET", url)
			return &res
		}},
	}
	if len(p.origins.outside) > 0 {
		list = append(list, answered{"for a refused origin", from(p.origins.outside[0])})
	}
	return list
}

// varies judges one of the answers; the others tell whether it depends on the origin.
func (p *place) varies(a *asker, url, name string) verdict {
	var judged *fetch.Response
	said := map[string]bool{}
	for _, other := range p.answers() {
		res := other.get(a, url)
		said[says(res.Header)] = true
		if other.name == name {
			judged = res
		}
	}
	if len(p.origins.inside) > 1 {
		said[says(last(a.fetch(p.origins.inside[1], p.request("GET", url))).Header)] = true
	}
	value, has := judged.Header.Get(header.Vary)
	got := "Vary: " + cut(value)
	if !has {
		got = "no Vary"
	}
	if len(said) == 1 {
		return verdict{pass: true, got: got + ", and the same answer to everybody"}
	}
	for name := range strings.SplitSeq(value, ",") {
		if name = header.Normalize(name); name == "*" || header.EqualFold(name, header.Origin) {
			return verdict{pass: true, got: got}
		}
	}
	return verdict{
		got: got, why: "The answer depends on the Origin of the request and does not say so: a cache can give it to a page of another origin.",
		fix: "add Origin to Vary on every response, errors and those to requests without Origin included",
	}
}

// says is what a response says about who may read it.
func says(list header.List) string {
	var b strings.Builder
	for _, name := range []string{header.AllowOrigin, header.AllowCredentials, header.ExposeHeaders} {
		value, has := list.Get(name)
		b.WriteString(value)
		if has {
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}
