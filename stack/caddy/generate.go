package caddy

import (
	"fmt"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes one file for a Caddyfile to import: sites where all routes say who answers, and otherwise snippets for a site that
// somebody has already.
func write(site *stack.Site, o stack.Options) ([]stack.File, []report.Finding) {
	w := &writer{stack: Stack(), site: site, options: o}
	w.checkPaths()
	text := ""
	if o.SameOrigin || site.IsComplete() {
		text = w.sites()
	} else {
		text = w.snippet()
	}
	if report.Any(w.findings, report.Error) {
		return nil, w.findings
	}
	if !o.SameOrigin {
		for i := len(site.Policies) - 1; i >= 0; i-- {
			text = policySnippet(site.Policies[i]) + "\n" + text
		}
	}
	text = w.head() + "\n" + upstreamSnippet() + "\n" + text
	return []stack.File{{Path: "concors.caddyfile", Text: strings.TrimRight(text, "\n") + "\n"}}, w.findings
}

// writer is the configuration as it grows.
type writer struct {
	stack    stack.Stack
	site     *stack.Site
	options  stack.Options
	findings []report.Finding
}

// checkPaths refuses paths that no request has: Caddy compares what it has decoded and cleaned. The paths of a policy file are
// decoded ones.
func (w *writer) checkPaths() {
	for _, h := range w.site.Hosts {
		for _, p := range h.Places {
			if strings.Contains(p.Path, "//") {
				need := stack.Need{Feature: stack.PerPath, Where: "the route " + p.Path}
				w.findings = append(w.findings, w.stack.CannotExpress(need, "write the path with one slash, as Caddy cleans it"))
			}
		}
	}
}

// head is the beginning of the file: its mark, and how it is used.
func (w *writer) head() string {
	text := "# " + w.stack.Mark() + "\n"
	switch {
	case w.options.SameOrigin:
		return text + "# Front end and API under one origin, so that there is nothing for CORS to allow. For a Caddyfile:\n#\n#   import concors.caddyfile\n"
	case w.site.IsComplete():
		return text + "# For a Caddyfile:\n#\n#   import concors.caddyfile\n"
	}
	return text + `# For a Caddyfile:
#
#   import concors.caddyfile
#
#   api.example {
#       route {
#           import cors
#           reverse_proxy localhost:3000 {
#               import cors_upstream
#           }
#       }
#   }
#
# In a route directives stay in their order, and what asks for a password comes after the import: a preflight has none. Elsewhere
# Caddy would put basic_auth first.
`
}

// upstreamSnippet drops what the application says of CORS.
func upstreamSnippet() string {
	return `# One owner: with a second Access-Control-Allow-Origin line from the application every browser refuses.
(cors_upstream) {
	header_down -Access-Control-*
}
`
}

// snippet writes what a site imports that somebody has already.
func (w *writer) snippet() string {
	var b strings.Builder
	b.WriteString("(cors) {\n" + w.preflightMatcher("\t"))
	if only, ok := w.site.OnlyPolicy(); ok {
		fmt.Fprintf(&b, "\timport %s\n}\n", snippetName(only))
		return b.String()
	}
	b.WriteString(w.methodVariable("\t", w.site.Hosts...) + "\n\t# The first that takes a request is the one.\n")
	n := 0
	for i := range w.site.Hosts {
		h := &w.site.Hosts[i]
		for j := range h.Places {
			p := &h.Places[j]
			n++
			handle := ""
			if matcher := matcher(h, p); matcher != nil {
				name := fmt.Sprintf("@cors_%d", n)
				writeMatcher(&b, "\t", name, matcher)
				handle = " " + name
			}
			fmt.Fprintf(&b, "\thandle%s {\n%s\t}\n", handle, w.byMethod(p, n, "\t\t", "handle", func(r *stack.Rule, indent string) string {
				if r.Policy == nil {
					return indent + "# CORS is off here.\n"
				}
				return indent + "import " + snippetName(r.Policy) + "\n"
			}))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// matcher is the conditions of a place, nil for every request.
func matcher(h *stack.Host, p *stack.Place) []string {
	var lines []string
	if h.Name != "" {
		lines = append(lines, "host "+h.Name)
	}
	if p.Path != "/" {
		lines = append(lines, "path_regexp "+pathExpression(p.Path))
	}
	return lines
}

// writeMatcher names some conditions, of which a request has to meet all.
func writeMatcher(b *strings.Builder, indent, name string, lines []string) {
	if len(lines) == 1 {
		fmt.Fprintf(b, "%s%s %s\n", indent, name, lines[0])
		return
	}
	fmt.Fprintf(b, "%s%s {\n%s\t%s\n%s}\n", indent, name, indent, strings.Join(lines, "\n"+indent+"\t"), indent)
}
