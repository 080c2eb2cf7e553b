package node

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

func runWildcardCredentials(p *stack.Pass) {
	grants(p, func(g *grant) {
		if g.any && g.credentials {
			p.Report(at(g.source, g.at), "browsers refuse * for requests with credentials, so pages that are signed in get nothing",
				"name the origins: ['https://app.example.com']")
		}
	})
}

func runOriginList(p *stack.Pass) {
	project := p.Subject.(*Project)
	grants(p, func(g *grant) {
		switch {
		case project.Framework == javascript.Koa && g.use != nil && g.use.Origin.Kind == javascript.ListOrigin:
			p.Report(at(g.source, g.at), "@koa/cors takes no list: it sends every element, and browsers refuse more than one origin",
				"use a function: origin: (ctx) => (origins.includes(ctx.get('Origin')) ? ctx.get('Origin') : '')")
		case g.use != nil && g.use.Origin.Kind != javascript.OneOrigin:
		case stack.IsList(g.text):
			place := g.at
			if g.header != nil {
				place = g.header.Value.At
			}
			p.Report(at(g.source, place), fmt.Sprintf("browsers compare the whole of %q with their one origin, so no page is let in", g.text),
				"give an array, of which the one that asks is sent back")
		}
	})
}

func runOriginSyntax(p *stack.Pass) {
	project := p.Subject.(*Project)
	tell := func(place stack.Position, text, why, instead string) {
		fix := "write the origin as browsers do: https://app.example.com"
		if instead != "" {
			fix = "write " + instead
		}
		p.Report(place, fmt.Sprintf("no page has the origin %q, so none is let in by it: %s", text, why), fix)
	}
	grants(p, func(g *grant) {
		if g.header != nil && g.text != "" && !stack.IsList(g.text) {
			if why, instead := stack.OriginProblem(g.text); why != "" {
				tell(at(g.source, g.header.Value.At), g.text, why, instead)
			}
		}
		for _, t := range g.tests {
			if t.How != javascript.Equals || t.Text == "" || stack.IsList(t.Text) {
				continue
			}
			isOption := g.use != nil && g.use.Origin.Kind != javascript.DecideOrigin
			if t.Text == "*" && isOption && g.use.Origin.Kind == javascript.ListOrigin && project.Framework != javascript.Fastify {
				tell(at(g.source, t.At), "*", "in a list * is an origin like others", "origin: '*' without a list")
				continue
			}
			if isOption && strings.Contains(t.Text, "*") && t.Text != "*" {
				tell(at(g.source, t.At), t.Text, "in a string * stands for nothing", "a regular expression, with ^ and $")
				continue
			}
			if why, instead := stack.OriginProblem(t.Text); why != "" && (isOption || strings.Contains(t.Text, "://")) {
				tell(at(g.source, t.At), t.Text, why, instead)
			}
		}
	})
}

func runCredentialsValue(p *stack.Pass) {
	project := p.Subject.(*Project)
	project.uses(func(s *javascript.Source, _ *javascript.App, _ *javascript.Step, c *javascript.CORS) {
		if c.Package == "cors" && c.Credentials.Text != "" {
			p.Report(at(s, c.Credentials.At), "cors asks for true itself, so a string sends no header, and signed-in pages get nothing", "credentials: true")
		}
	})
	for _, s := range project.Sources {
		if !project.owns(s) {
			continue
		}
		for _, h := range s.Headers {
			if h.Name == header.Lower(header.AllowCredentials) && h.Value.Known && h.Value.Text != "true" && h.Value.Text != "false" {
				p.Report(at(s, h.Value.At), fmt.Sprintf("browsers take nothing but true, so %q lets no credentials through", h.Value.Text), "write 'true'")
			}
		}
	}
}

// lists calls a function for each list of names of middleware.
func lists(p *stack.Pass, look func(s *javascript.Source, c *javascript.CORS, l *javascript.List, name string)) {
	p.Subject.(*Project).uses(func(s *javascript.Source, _ *javascript.App, _ *javascript.Step, c *javascript.CORS) {
		look(s, c, &c.Methods, header.AllowMethods)
		look(s, c, &c.RequestHeaders, header.AllowHeaders)
		look(s, c, &c.ResponseHeaders, header.ExposeHeaders)
	})
}

func runMethodCase(p *stack.Pass) {
	tell := func(place stack.Position, method string) {
		p.Report(place, fmt.Sprintf("browsers compare methods with their case, so %q allows no page to send %s", method, strings.ToUpper(method)), "write "+strings.ToUpper(method))
	}
	lists(p, func(s *javascript.Source, _ *javascript.CORS, l *javascript.List, name string) {
		if name != header.AllowMethods {
			return
		}
		for _, item := range l.Items {
			if needsPermission(item.Text) && stack.MiswrittenMethod(item.Text) != "" || item.Text == "patch" {
				tell(at(s, item.At), item.Text)
			}
		}
	})
	headers(p, header.AllowMethods, func(s *javascript.Source, h *javascript.Header) {
		for item := range strings.SplitSeq(h.Value.Text, ",") {
			if item = strings.TrimSpace(item); needsPermission(item) && stack.MiswrittenMethod(item) != "" || item == "patch" {
				tell(at(s, h.Value.At), item)
			}
		}
	})
}

// needsPermission reports whether a preflight has to allow a method by name.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func needsPermission(method string) bool {
	switch strings.ToUpper(method) {
	case "GET", "HEAD", "POST", "":
		return false
	}
	return true
}

// headers calls a function for each header of a name that is set by hand to something known.
func headers(p *stack.Pass, name string, look func(*javascript.Source, *javascript.Header)) {
	project := p.Subject.(*Project)
	for _, s := range project.Sources {
		if !project.owns(s) {
			continue
		}
		for _, h := range s.Headers {
			if h.Name == header.Lower(name) && h.Value.Known {
				look(s, h)
			}
		}
	}
}

func runWildcardListCredentials(p *stack.Pass) {
	lists(p, func(s *javascript.Source, c *javascript.CORS, l *javascript.List, name string) {
		if !c.Credentials.Known || !c.Credentials.Value {
			return
		}
		for _, item := range l.Items {
			if item.Text == "*" {
				p.Report(at(s, item.At), fmt.Sprintf("with credentials, * in %s is a name like others and stands for nothing, so signed-in pages are refused", name), "list the names")
			}
		}
	})
	for _, name := range []string{header.AllowMethods, header.AllowHeaders, header.ExposeHeaders} {
		headers(p, name, func(s *javascript.Source, h *javascript.Header) {
			if h.Value.Text == "*" && hasCredentials(s, h) {
				p.Report(at(s, h.Value.At), fmt.Sprintf("with credentials, * in %s is a name like others and stands for nothing, so signed-in pages are refused", name), "list the names")
			}
		})
	}
}

func runAuthorizationWildcard(p *stack.Pass) {
	const message = "* does not stand for Authorization, so pages that send a token are refused"
	const fix = "name it too: Authorization, and the others that are sent"
	lists(p, func(s *javascript.Source, c *javascript.CORS, l *javascript.List, name string) {
		if name == header.AllowHeaders && l.Has("*") && l.Known && !l.Has(header.Authorization) && !c.Credentials.Value {
			p.Report(at(s, l.At), message, fix)
		}
	})
	headers(p, header.AllowHeaders, func(s *javascript.Source, h *javascript.Header) {
		if h.Value.Text == "*" && !hasCredentials(s, h) {
			p.Report(at(s, h.Value.At), message, fix)
		}
	})
}

func runMaxAge(p *stack.Pass) {
	p.Subject.(*Project).uses(func(s *javascript.Source, _ *javascript.App, _ *javascript.Step, c *javascript.CORS) {
		if c.MaxAge.At == nil || !c.MaxAge.Known {
			return
		}
		text := strconv.FormatFloat(c.MaxAge.Value, 'f', -1, 64)
		why, _ := stack.MaxAgeProblem(text)
		fix := "maxAge: 7200"
		if why != "" && c.MaxAge.Value >= 1000 && math.Mod(c.MaxAge.Value, 1000) == 0 && c.MaxAge.Value/1000 <= stack.LongestMaxAge {
			fix = fmt.Sprintf("it is in seconds: maxAge: %.0f", c.MaxAge.Value/1000)
		}
		if why != "" {
			p.Report(at(s, c.MaxAge.At), why, fix)
		}
	})
	headers(p, header.MaxAge, func(s *javascript.Source, h *javascript.Header) {
		why, ignored := stack.MaxAgeProblem(h.Value.Text)
		if severity := report.Info; why != "" {
			if ignored {
				severity = report.Warning
			}
			p.ReportAs(severity, at(s, h.Value.At), why, "write '7200'")
		}
	})
}

func runVaryMissing(p *stack.Pass) {
	project := p.Subject.(*Project)
	for _, s := range project.Sources {
		if !project.owns(s) {
			continue
		}
		varies := false
		for _, h := range s.Headers {
			varies = varies || h.Name == "vary" && (!h.Value.Known || strings.Contains(strings.ToLower(h.Value.Text), "origin") || h.Value.Text == "*")
		}
		for _, h := range s.Headers {
			if h.Name == header.Lower(header.AllowOrigin) && h.Value.Reflects && !varies {
				p.Report(at(s, h.At), "a cache on the way may give a page the answer that was meant for another origin, and browsers refuse that",
					"res.vary('Origin'), also where no origin is let in")
			}
		}
	}
}
