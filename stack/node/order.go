package node

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/internal/javascript/syntax"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

func runNotCalled(p *stack.Pass) {
	p.Subject.(*Project).uses(func(s *javascript.Source, _ *javascript.App, _ *javascript.Step, c *javascript.CORS) {
		if !c.Called {
			p.Report(at(s, c.At), "cors makes the middleware and is none itself, so requests get no headers or no answer at all", "call it: cors()")
		}
	})
}

// isWhole reports whether a step is middleware for all that comes after it, under a path.
func isWhole(step *javascript.Step) bool {
	switch step.Verb {
	case "use", "register", "addHook":
		return true
	case "all", "options":
		return false
	}
	return false
}

// covers reports whether middleware at a path is run for requests at another, so far as is known.
func covers(outer, inner string) bool {
	outer = strings.TrimSuffix(strings.TrimSuffix(outer, "*"), "/")
	return outer == "" || inner == outer || strings.HasPrefix(inner, outer+"/") || strings.HasPrefix(inner, outer+"*")
}

func runOrder(p *stack.Pass) {
	project := p.Subject.(*Project)
	if project.Framework == javascript.Fastify {
		return // its hooks are gathered when it starts
	}
	project.apps(func(s *javascript.Source, a *javascript.App) {
		first := -1
		for i, step := range a.Steps {
			if c := step.CORS(); c != nil && isWhole(step) && !step.Conditional && step.PathKnown {
				first = i
				break
			}
		}
		if first < 0 {
			return
		}
		use := a.Steps[first]
		isSome := slices.ContainsFunc(a.Steps[first+1:], isServing)
		for _, step := range a.Steps[:first] {
			if !isServing(step) || step.Function != use.Function || step.Conditional || step.CORS() != nil || !step.PathKnown || !covers(use.Path, step.Path) || isForMachines(step.Path) {
				continue
			}
			severity := report.Error
			if isSome {
				severity = report.Warning // it may be meant so
			}
			line, _ := s.Position(step.At)
			p.ReportAs(severity, at(s, use.Key), fmt.Sprintf("what stands before is answered without CORS headers, and pages cannot read it: line %d", line),
				"put it before the routes")
			return
		}
	})
}

// isServing reports whether a step answers requests: a route, or a router.
func isServing(step *javascript.Step) bool {
	if step.IsRoute() {
		return true
	}
	if step.Verb != "use" && step.Verb != "route" {
		return false
	}
	for _, part := range step.Parts {
		if part.Mount != nil {
			return true
		}
		name := ""
		switch part.At.Kind {
		case syntax.Name:
			name = part.At.Text
		case syntax.Member:
			name = part.At.Key.Text
		}
		name = strings.ToLower(name)
		if part.CORS == nil && part.Guard == nil && (strings.HasSuffix(name, "router") || strings.HasSuffix(name, "routes")) {
			return true
		}
	}
	return false
}

// isForMachines reports whether a path is one that no page of another origin asks for.
func isForMachines(path string) bool {
	path = strings.ToLower(path)
	for _, part := range []string{"health", "ready", "live", "metrics", "ping", "status", "favicon", "robots", "webhook", "hooks", "callback", "docs"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return path == "/" || path == "*"
}

func runPreflightAuthentication(p *stack.Pass) {
	project := p.Subject.(*Project)
	project.apps(func(s *javascript.Source, a *javascript.App) {
		for i, use := range a.Steps {
			if c := use.CORS(); c == nil || !isWhole(use) || use.Conditional || !use.PathKnown {
				continue
			}
			for j, step := range a.Steps {
				if step.Function != use.Function || step.Conditional || !step.PathKnown || !isWhole(step) || !covers(use.Path, step.Path) && !covers(step.Path, use.Path) {
					continue
				}
				if project.Framework == javascript.Fastify {
					// A plugin is loaded when it is waited for, or else when the application starts; a hook is there at once.
					if step.Verb != "addHook" || step.Path != "onRequest" || use.Awaited && j > i {
						continue
					}
				} else if j > i {
					continue
				}
				tellGuard(p, s, step)
			}
			return
		}
	})
}

// tellGuard reports a step that turns preflights away.
func tellGuard(p *stack.Pass, s *javascript.Source, step *javascript.Step) {
	for _, part := range step.Parts {
		g := part.Guard
		switch {
		case g == nil:
		case !g.Certain:
			p.ReportAs(report.Info, at(s, part.At), fmt.Sprintf("if %s turns away who is not signed in, it turns every preflight away, which carries no credentials", g.What),
				"put the CORS middleware first")
		case g.Preflights:
			p.ReportAs(report.Warning, at(s, part.At), fmt.Sprintf("%s answers 401 before there are CORS headers, so pages see a failed fetch in place of the status", g.What),
				"put the CORS middleware first")
		default:
			p.Report(at(s, part.At), fmt.Sprintf("%s comes before the CORS headers: preflights carry no credentials, so each is refused, and every page with it", g.What),
				"put the CORS middleware first")
		}
	}
}

func runPreflightUnanswered(p *stack.Pass) {
	project := p.Subject.(*Project)
	project.apps(func(s *javascript.Source, a *javascript.App) {
		if !a.Here || a.Router || project.Framework != javascript.Express {
			return // what is around it may answer
		}
		if slices.ContainsFunc(s.Headers, func(h *javascript.Header) bool { return h.Options }) {
			return
		}
		for _, step := range a.Steps {
			if isWhole(step) && (step.CORS() != nil || setsByHand(s, step) || hasUnknown(step)) {
				return
			}
		}
		for _, step := range a.Steps {
			method := step.Method()
			if method == "OPTIONS" || !needsPermission(method) || !step.PathKnown || step.CORS() == nil && !setsByHand(s, step) {
				continue
			}
			answered := slices.ContainsFunc(a.Steps, func(o *javascript.Step) bool {
				return (o.Verb == "options" || o.Verb == "all") && (!o.PathKnown || o.Path == step.Path || strings.Contains(o.Path, "*") || o.Path == "")
			})
			if !answered {
				p.Report(at(s, step.Key), fmt.Sprintf("pages ask before a %s, and that OPTIONS gets no CORS headers here, so the request is never sent", method),
					fmt.Sprintf("app.options('%s', cors()), or app.use(cors()) before all routes", step.Path))
			}
		}
	})
}

// setsByHand reports whether a function of a step sets Access-Control-Allow-Origin.
func setsByHand(s *javascript.Source, step *javascript.Step) bool {
	for _, part := range step.Parts {
		if part.Func == nil {
			continue
		}
		for _, h := range s.Headers {
			if h.Name == header.Lower(header.AllowOrigin) && part.Func.Start <= h.At.Start && h.At.End <= part.Func.End {
				return true
			}
		}
	}
	return false
}

// hasUnknown reports whether something that is not seen, and is no well-known name, is among the parts of a step.
func hasUnknown(step *javascript.Step) bool {
	return slices.ContainsFunc(step.Parts, func(part javascript.Part) bool {
		return part.Func == nil && part.CORS == nil && part.Mount == nil && part.Guard == nil &&
			(part.At.Kind == syntax.Name && strings.Contains(strings.ToLower(part.At.Text), "cors") ||
				part.At.Kind == syntax.Call && strings.Contains(strings.ToLower(part.At.Left.Text), "cors"))
	})
}

func runPreflightOverruled(p *stack.Pass) {
	project := p.Subject.(*Project)
	if project.Framework == javascript.Fastify {
		return
	}
	project.apps(func(s *javascript.Source, a *javascript.App) {
		var first *javascript.Step
		for _, step := range a.Steps {
			c := step.CORS()
			if c == nil || !isWhole(step) || step.Conditional || !step.PathKnown || !c.Called {
				continue
			}
			if first == nil {
				if c.Known {
					first = step
				}
				continue
			}
			if c.Given && step.Function == first.Function && covers(first.Path, step.Path) && first.CORS().At != c.At {
				line, _ := s.Position(first.At)
				p.Report(at(s, step.Key), fmt.Sprintf("the middleware of line %d answers every preflight before this is asked, so this policy counts for the request alone", line),
					"put the one for the longer path first, and let the other leave that path out")
			}
		}
	})
}

func runOptionsBranch(p *stack.Pass) {
	project := p.Subject.(*Project)
	for _, s := range project.Sources {
		if !project.owns(s) {
			continue
		}
		uses := slices.ContainsFunc(s.Apps, func(a *javascript.App) bool {
			return slices.ContainsFunc(a.Steps, func(step *javascript.Step) bool { return step.CORS() != nil })
		})
		if uses {
			continue
		}
		seen := map[*syntax.Node]bool{}
		for _, h := range s.Headers {
			if h.Name != header.Lower(header.AllowOrigin) || h.Function == nil || seen[h.Function] {
				continue
			}
			seen[h.Function] = true
			skipped, only, elsewhere := true, true, false
			for _, other := range s.Headers {
				if other.Name != h.Name {
					continue
				}
				if other.Function != h.Function {
					elsewhere = true
					continue
				}
				skipped, only = skipped && other.Skipped, only && other.Options
			}
			switch {
			case elsewhere:
			case skipped:
				p.Report(at(s, h.At), "the branch for OPTIONS is left before this, so preflights get no CORS headers, and what needs one is never sent",
					"set the headers before the branch")
			case only:
				p.Report(at(s, h.At), "the answer to the preflight alone has CORS headers, so the request is sent and pages cannot read the answer",
					"set the headers before the branch")
			}
		}
	}
}

func runOptionsPath(p *stack.Pass) {
	project := p.Subject.(*Project)
	project.apps(func(s *javascript.Source, a *javascript.App) {
		for _, step := range a.Steps {
			if step.Verb != "options" || step.Path != "*" && step.Path != "/*" {
				continue
			}
			severity := report.Info
			fix := "app.options('/{*any}', cors()), or nothing, since app.use(cors()) answers preflights"
			switch version := project.major(s.Name, "express"); {
			case version >= 5:
				severity = report.Error
			case version > 0:
				continue
			}
			p.ReportAs(severity, at(s, step.Key), fmt.Sprintf("Express 5 takes no path %q and does not start with it", step.Path), fix)
		}
	})
}

// A route is a step that answers requests, of an app or of one that it mounts.
type route struct {
	step  *javascript.Step
	path  string
	known bool // the path is the whole
}

// routes are the routes of an app, those of routers in the same file included.
func routes(a *javascript.App) []route {
	const most = 10_000 // steps; a router may be mounted again and again
	var list []route
	looked := 0
	var add func(a *javascript.App, path string, known bool, depth int)
	add = func(a *javascript.App, path string, known bool, depth int) {
		for _, step := range a.Steps {
			if looked++; looked > most {
				return
			}
			mounts := false
			for _, part := range step.Parts {
				if part.Mount != nil && part.Mount != a && depth > 0 {
					mounts = true
					add(part.Mount, strings.TrimSuffix(path, "/")+strings.TrimSuffix(step.Path, "/"), known && step.PathKnown, depth-1)
				}
			}
			if !mounts && step.IsRoute() {
				list = append(list, route{step: step, path: strings.TrimSuffix(path, "/") + step.Path, known: known && step.PathKnown})
			}
		}
	}
	add(a, "", true, 3)
	return list
}

func runMethodsMissing(p *stack.Pass) {
	project := p.Subject.(*Project)
	project.apps(func(s *javascript.Source, a *javascript.App) {
		var use *javascript.Step
		count := 0
		for _, step := range a.Steps {
			if step.CORS() != nil {
				use = step
				count++
			}
		}
		if count != 1 || !isWhole(use) {
			return
		}
		c := use.CORS()
		allowed, place := c.Methods, c.Methods.At
		if place == nil {
			if project.Framework != javascript.Fastify || !c.Known || before10(project.major(s.Name, "@fastify/cors")) {
				return
			}
			allowed, place = javascript.List{Known: true}, c.At
		}
		if !allowed.Known || allowed.Has("*") {
			return
		}
		for _, r := range routes(a) {
			method := r.step.Method()
			if method == "OPTIONS" || !needsPermission(method) || allowed.Has(method) || r.known && !covers(use.Path, r.path) {
				continue
			}
			line, _ := s.Position(r.step.At)
			what := "methods does not have"
			if c.Methods.At == nil {
				what = "without methods @fastify/cors allows GET, HEAD and POST, not"
			}
			p.Report(at(s, place), fmt.Sprintf("%s %s, so pages cannot use the route of line %d", what, method, line),
				fmt.Sprintf("methods: [..., '%s']", method))
			return
		}
	})
}

// before10 reports whether a version of @fastify/cors allows all methods by default.
func before10(version int) bool { return version > 0 && version < 10 }

func runPathTooNarrow(p *stack.Pass) {
	project := p.Subject.(*Project)
	if project.Framework != javascript.Hono {
		return
	}
	project.apps(func(s *javascript.Source, a *javascript.App) {
		for _, use := range a.Steps {
			if use.CORS() == nil || use.Verb != "use" || !use.PathKnown || use.Path == "" || use.Path == "/" || strings.ContainsAny(use.Path, "*:") {
				continue
			}
			for _, r := range routes(a) {
				if r.known && strings.HasPrefix(r.path, strings.TrimSuffix(use.Path, "/")+"/") {
					line, _ := s.Position(r.step.At)
					p.Report(at(s, use.Key), fmt.Sprintf("Hono takes %q for this path alone, so what is below it has no CORS headers, such as line %d", use.Path, line),
						fmt.Sprintf("app.use('%s/*', cors())", strings.TrimSuffix(use.Path, "/")))
					break
				}
			}
		}
	})
}

func runOriginError(p *stack.Pass) {
	p.Subject.(*Project).uses(func(s *javascript.Source, _ *javascript.App, _ *javascript.Step, c *javascript.CORS) {
		d := c.Origin.Decision
		if d != nil && !d.Unknown && len(d.Errors) > 0 && !d.Missing && !passesUndefined(d) && c.Package != "@koa/cors" && c.Package != "hono/cors" {
			p.Report(at(s, d.Errors[0]), "requests without an Origin header, such as health checks and those of other servers, are answered with 500",
				"let in what has no origin: if (!origin || ...), and refuse by callback(null, false)")
		}
	})
}

// passesUndefined reports whether a test may be for a missing origin.
func passesUndefined(d *javascript.Decision) bool {
	return slices.ContainsFunc(d.Tests, func(t javascript.Test) bool { return t.Text == "" || t.Text == "undefined" })
}
