package node

import (
	"fmt"
	"strings"

	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

const nameOrigins = "list the origins in full: ['https://app.example.com']"

func runReflectedOrigin(p *stack.Pass) {
	grants(p, func(g *grant) {
		if !g.credentials {
			return // as open as *, which is how public things are meant to be
		}
		if g.reflects {
			message := "every origin is sent back, so any site can " + who(true)
			if g.use != nil && g.use.Origin.Kind == javascript.AnyOrigin {
				message = "with credentials @koa/cors sends every origin back in place of *, so any site can " + who(true)
			}
			p.Report(at(g.source, g.at), message, nameOrigins)
			return
		}
		for i := range g.tests {
			t := &g.tests[i]
			if m, ok := matcher(t); ok {
				if witness, ok := m.Any(); ok && g.lets(t, witness) {
					p.Report(at(g.source, t.At), fmt.Sprintf("every origin passes this (%s), so any site can %s", witness, who(true)), nameOrigins)
				}
			}
		}
	})
}

func runNullOrigin(p *stack.Pass) {
	grants(p, func(g *grant) {
		if g.reflects {
			return
		}
		tell := func(place stack.Position) {
			p.ReportAs(worse(g.credentials, report.Warning), place,
				"null is the origin of sandboxed frames, which any site can make, so any site can "+who(g.credentials),
				"leave null out: no page of yours should have it")
		}
		if g.header != nil && g.text == "null" {
			tell(at(g.source, g.header.Value.At))
		}
		for i := range g.tests {
			t := &g.tests[i]
			m, isPattern := matcher(t)
			if t.How == javascript.Equals && t.Text == "null" && g.lets(t, "null") {
				tell(at(g.source, t.At))
			} else if isPattern && m.Match("null") && g.lets(t, "null") {
				if _, any := m.Any(); !any {
					tell(at(g.source, t.At))
				}
			}
		}
	})
}

func runPatternUnanchored(p *stack.Pass) {
	patterns(p, func(g *grant, t *javascript.Test, m *stack.Matcher) {
		witness, ok := m.Longer()
		fix := "end the pattern with $"
		if !ok || !g.lets(t, witness) {
			witness, ok = m.Prefixed()
			fix = `begin the pattern with ^https:\/\/ and let nothing but whole labels stand before the name`
		}
		if !ok || !g.lets(t, witness) {
			return
		}
		what := "the pattern matches"
		if t.How != javascript.Matches {
			what, fix = "this part of an origin is found in", "compare whole origins: ['https://app.example.com'].includes(origin)"
		}
		p.ReportAs(worse(g.credentials, report.Warning), at(g.source, t.At),
			fmt.Sprintf("%s %s too, so whoever has such a name can %s", what, witness, who(g.credentials)), fix)
	})
}

func runPatternDot(p *stack.Pass) {
	patterns(p, func(g *grant, t *javascript.Test, m *stack.Matcher) {
		if witness, ok := m.Undotted(); ok && t.How == javascript.Matches && g.lets(t, witness) {
			p.ReportAs(worse(g.credentials, report.Warning), at(g.source, t.At),
				fmt.Sprintf("a dot stands for any character, so the pattern matches %s too, and whoever has such a name can %s", witness, who(g.credentials)),
				`write \. for a dot`)
		}
	})
}

func runSharedHosting(p *stack.Pass) {
	patterns(p, func(g *grant, t *javascript.Test, m *stack.Matcher) {
		if witness, suffix, ok := m.SharedHosting(); ok && g.lets(t, witness) {
			p.ReportAs(worse(g.credentials, report.Info), at(g.source, t.At),
				fmt.Sprintf("anybody can have a name under %s that passes this, such as %s, and can %s", suffix, witness, who(g.credentials)),
				"name your own origins there in full")
		}
	})
}

func runInsecureOrigin(p *stack.Pass) {
	grants(p, func(g *grant) {
		if !g.credentials || g.reflects {
			return
		}
		tell := func(place stack.Position, witness string) {
			p.Report(place, fmt.Sprintf("whoever is on the network between can put a page on %s, and read responses as the signed-in user", witness), "allow https only")
		}
		if g.header != nil && isInsecure(g.text) {
			tell(at(g.source, g.header.Value.At), g.text)
		}
		for i := range g.tests {
			t := &g.tests[i]
			if m, ok := matcher(t); ok {
				if witness, ok := m.Insecure(); ok && isInsecure(witness) && g.lets(t, witness) {
					tell(at(g.source, t.At), witness)
				}
			} else if t.How == javascript.Equals && isInsecure(t.Text) {
				tell(at(g.source, t.At), t.Text)
			}
		}
	})
}

// isInsecure reports whether an origin is of http and not of development.
func isInsecure(text string) bool {
	return strings.HasPrefix(text, "http://") && !stack.IsDevelopment(text) && !stack.IsList(text)
}

func runDevelopmentOrigin(p *stack.Pass) {
	grants(p, func(g *grant) {
		if !g.credentials || g.use == nil || !g.use.Origin.Known {
			return // more origins may come from elsewhere, as they do where the environment decides
		}
		production := false
		for _, t := range g.tests {
			production = production || t.How != javascript.Equals || t.Text != "null" && !stack.IsDevelopment(t.Text)
		}
		for _, t := range g.tests {
			if production && t.How == javascript.Equals && stack.IsDevelopment(t.Text) {
				p.Report(at(g.source, t.At),
					fmt.Sprintf("whatever runs at %s on a user's own machine can read responses of production as the signed-in user", t.Text),
					"allow it where NODE_ENV is not production only")
			}
		}
	})
}
