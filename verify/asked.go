package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
)

// methodChecks are about every method that the policy knows, and those that pages use most.
func (p *place) methodChecks() []check {
	page := p.origins.inside[0]
	methods := policyfile.MethodsOf(&p.config)
	for _, m := range []string{"PUT", "PATCH", "DELETE"} {
		if !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
	}
	var list []check
	for _, m := range methods {
		if !p.Takes(m) || never(m) {
			continue
		}
		if policyfile.Allows(p.Policy, page, m, "") {
			list = append(list, p.check("method "+m+" is allowed", "allowed", func(a *asker) verdict {
				return wantAllowed(a.preflight(page, p.asking(m, p.url()), nil))
			}))
			continue
		}
		list = append(list, p.check("method "+m+" is refused", "blocked", func(a *asker) verdict {
			return wantRefused(a.preflight(page, p.asking(m, p.url()), nil), fmt.Sprintf("The policy does not allow the method %s, and the server does.", m),
				"list the methods of the policy in Access-Control-Allow-Methods, and no others")
		}))
	}
	return list
}

// headerChecks are about every request header that the policy knows, alone and together.
func (p *place) headerChecks() []check {
	method := p.headerMethod()
	if method == "" {
		return nil
	}
	page, all := p.origins.inside[0], p.allowedHeaders()
	var list []check
	for _, name := range policyfile.HeadersOf(&p.config) {
		switch {
		case name == "" || header.IsForbiddenRequestName(name):
		case policyfile.Allows(p.Policy, page, method, name):
			list = append(list, p.check("header "+name+" is allowed", "allowed", func(a *asker) verdict {
				return wantAllowed(a.preflight(page, p.asking(method, p.url(), name), nil))
			}))
		default:
			list = append(list, p.check("header "+name+" is refused", "blocked", func(a *asker) verdict {
				return p.headerRefused(a.preflight(page, p.asking(method, p.url(), name), nil), name)
			}))
			if len(all) > 0 {
				list = append(list, p.check("header "+name+" is refused among others", "blocked", func(a *asker) verdict {
					return p.headerRefused(a.preflight(page, p.asking(method, p.url(), append(slices.Clone(all), name)...), nil), name)
				}))
			}
		}
	}
	if len(all) > 1 {
		list = append(list, p.check("all headers together are allowed", "allowed", func(a *asker) verdict {
			return wantAllowed(a.preflight(page, p.asking(method, p.url(), all...), nil))
		}))
	}
	return list
}

func (p *place) headerRefused(t *fetch.Trace, name string) verdict {
	return wantRefused(t, fmt.Sprintf("The policy does not allow the header %s, and the server does.", name),
		"list the headers of the policy in Access-Control-Allow-Headers, and no others")
}

// headerMethod is the method of requests that are made for their headers: GET where that is sent here.
func (p *place) headerMethod() string {
	if p.Takes("GET") {
		return "GET"
	}
	return p.preflightMethod()
}

// allowedHeaders are those that pages can set and the policy names; of a policy that allows any, two of them at least.
func (p *place) allowedHeaders() []string {
	names := policyfile.HeadersOf(&p.config)
	if slices.Contains(p.config.RequestHeaders, "*") {
		names = append(names, "x-concors-sample")
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return name == "" || header.IsForbiddenRequestName(name) || !policyfile.Allows(p.Policy, p.origins.inside[0], "", name)
	})
}

// spellingChecks are about preflights as a proxy may pass them on. Browsers send names in lower case, sorted and on one line; a
// server that counts on what no proxy changes, the order and the case, harms nobody; nor does one that allows any name, by sending
// back those of one line.
func (p *place) spellingChecks() []check {
	names, method := p.allowedHeaders(), p.headerMethod()
	if len(names) == 0 || method == "" {
		return nil
	}
	page := p.origins.inside[0]
	ask := func(a *asker, spell spelling) verdict {
		return wantAllowed(a.preflight(page, p.asking(method, p.url(), names...), spell))
	}
	harmless := func(what string, spell spelling) func(*asker) verdict {
		return func(a *asker) verdict {
			v := ask(a, spell)
			if plain := ask(a, func(names []string) []string { return []string{strings.Join(names, ",")} }); plain.pass && !v.pass {
				return verdict{pass: true, got: v.got, warning: "a preflight whose names are " + what + " is refused; no browser sends one"}
			}
			return v
		}
	}
	list := []check{
		p.check("headers in upper case are allowed", "allowed", harmless("in upper case", func(names []string) []string {
			return []string{strings.ToUpper(strings.Join(names, ","))}
		})),
	}
	if len(names) < 2 {
		return list
	}
	several := func(names []string) []string { return names }
	onLines := func(a *asker) verdict { return ask(a, several) }
	if slices.Contains(p.config.RequestHeaders, "*") {
		onLines = harmless("on several lines", several) // many servers that send back what is asked for see one line of it
	}
	list = append(list,
		p.check("headers in another order are allowed", "allowed", harmless("in another order", func(names []string) []string {
			names = slices.Clone(names)
			slices.Reverse(names)
			return []string{strings.Join(names, ",")}
		})),
		p.check("headers with spaces are allowed", "allowed", func(a *asker) verdict {
			return ask(a, func(names []string) []string { return []string{strings.Join(names, ", ")} })
		}),
		p.check("headers on several lines are allowed", "allowed", onLines),
	)
	if policyfile.Allows(p.Policy, page, "", policyfile.OtherHeader) {
		return list
	}
	return append(list, p.check("header "+policyfile.OtherHeader+" is refused on a line of its own", "blocked", func(a *asker) verdict {
		asked := append(slices.Clone(names), policyfile.OtherHeader)
		t := a.preflight(page, p.asking(method, p.url(), asked...), several)
		return p.headerRefused(t, policyfile.OtherHeader)
	}))
}
