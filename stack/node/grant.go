package node

import (
	"regexp"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/internal/javascript/syntax"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A grant is one place that lets origins in: an option of middleware, or a header that is set by hand.
type grant struct {
	source      *javascript.Source
	at          *syntax.Node
	credentials bool // certainly

	any, reflects bool
	text          string // the one origin that is sent to everybody
	tests         []javascript.Test
	use           *javascript.CORS   // nil for a header
	header        *javascript.Header // nil for middleware
}

// grants calls a function for each place that lets origins in, as far as the file tells what it does.
func grants(p *stack.Pass, look func(*grant)) {
	project := p.Subject.(*Project)
	project.uses(func(s *javascript.Source, _ *javascript.App, _ *javascript.Step, c *javascript.CORS) {
		if g := grantOf(project.Framework, s, c); g != nil {
			look(g)
		}
	})
	for _, s := range project.Sources {
		if !project.owns(s) {
			continue
		}
		for _, h := range s.Headers {
			if h.Name != header.Lower(header.AllowOrigin) {
				continue
			}
			g := &grant{source: s, at: h.At, header: h, text: h.Value.Text, any: h.Value.Text == "*", credentials: hasCredentials(s, h)}
			switch {
			case h.Value.Reflects && h.Value.Guard == nil:
				g.reflects = true
			case h.Value.Reflects && !h.Value.Guard.Unknown:
				g.tests = h.Value.Guard.Tests
			case !h.Value.Known:
				continue
			}
			look(g)
		}
	}
}

// grantOf reads a use of middleware, nil if the file does not tell what it does.
func grantOf(framework javascript.Framework, s *javascript.Source, c *javascript.CORS) *grant {
	if !c.Called || !c.Known && c.Origin.At == nil {
		return nil
	}
	g := &grant{source: s, at: c.At, use: c, credentials: c.Credentials.Known && c.Credentials.Value}
	if c.Origin.At != nil {
		g.at = c.Origin.At
	}
	switch o := &c.Origin; o.Kind {
	case javascript.AnyOrigin:
		g.any = true
		if framework == javascript.Koa && g.credentials {
			g.any, g.reflects = false, true
		}
	case javascript.ReflectOrigin:
		g.reflects = true
	case javascript.OneOrigin:
		g.text, g.tests = o.Tests[0].Text, o.Tests
	case javascript.ListOrigin:
		g.tests = o.Tests
	case javascript.DecideOrigin:
		switch {
		case o.Decision.Always:
			g.reflects = true
		case o.Decision.Unknown:
			return nil
		default:
			g.tests = o.Decision.Tests
		}
	default:
		return nil
	}
	return g
}

// hasCredentials reports whether the function around a header, or the list that it stands in, sets credentials to true too.
func hasCredentials(s *javascript.Source, h *javascript.Header) bool {
	return slices.ContainsFunc(s.Headers, func(other *javascript.Header) bool {
		return other.Name == header.Lower(header.AllowCredentials) && other.Value.Text == "true" && other.Function == h.Function
	})
}

// matcher makes an expression of a test that is not for one origin; false for one that is, or that cannot be read.
func matcher(t *javascript.Test) (*stack.Matcher, bool) {
	text := regexp.QuoteMeta(t.Text)
	switch t.How {
	case javascript.Equals:
		return nil, false
	case javascript.Matches:
		return stack.NewMatcher(t.Text, strings.Contains(t.Flags, "i"))
	case javascript.StartsWith:
		text = "^" + text
	case javascript.EndsWith:
		text += "$"
		if strings.HasPrefix(t.Text, ".") {
			text = ".+" + text // a label stands before a dot
		}
	}
	if len(t.Text) < 3 {
		return nil, false
	}
	return stack.NewMatcher(text, false)
}

// passes reports whether an origin passes a test.
func passes(t *javascript.Test, origin string) bool {
	if t.How == javascript.Equals {
		return t.Text == origin
	}
	m, ok := matcher(t)
	return ok && m.Match(origin)
}

// lets reports whether an origin that passes one test is let in: it must pass those too that go with it.
func (g *grant) lets(t *javascript.Test, origin string) bool {
	for i := range g.tests {
		if other := &g.tests[i]; t.With != nil && other.With == t.With && !passes(other, origin) {
			return false
		}
	}
	return true
}

// patterns calls a function for every test that lets in some origins, and not all.
func patterns(p *stack.Pass, look func(*grant, *javascript.Test, *stack.Matcher)) {
	grants(p, func(g *grant) {
		if g.reflects {
			return
		}
		for i := range g.tests {
			t := &g.tests[i]
			if m, ok := matcher(t); ok {
				if witness, any := m.Any(); !any || !g.lets(t, witness) {
					look(g, t, m)
				}
			}
		}
	})
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
