package apache

import (
	"fmt"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes one file with a VirtualHost for each host where all routes say who answers, and otherwise a file for each
// VirtualHost that somebody has already.
func write(site *stack.Site, o stack.Options) ([]stack.File, []report.Finding) {
	w := &writer{stack: Stack(), site: site, options: o, names: variables(site.Policies), balancers: map[string]string{}}
	w.checkPaths()
	var files []stack.File
	if o.SameOrigin || site.IsComplete() {
		files = []stack.File{{Path: "concors.conf", Text: w.servers()}}
	} else {
		files = w.snippets()
	}
	if report.Any(w.findings, report.Error) {
		return nil, w.findings
	}
	return files, w.findings
}

// writer is the configuration as it grows.
type writer struct {
	stack     stack.Stack
	site      *stack.Site
	options   stack.Options
	names     map[*stack.Policy]string // of the variable with the origin that a policy allows
	blocks    []string                 // balancers
	balancers map[string]string        // their names, by the servers
	findings  []report.Finding
}

// variables names the variable of each policy, in capitals as is the custom. Case does not tell policies apart then.
func variables(policies []*stack.Policy) map[*stack.Policy]string {
	names, taken := map[*stack.Policy]string{}, map[string]bool{}
	for _, p := range policies {
		base := "CORS_ORIGIN_" + strings.NewReplacer(".", "_", "-", "_").Replace(strings.ToUpper(p.Name))
		name := base
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s_%d", base, n)
		}
		names[p], taken[name] = name, true
	}
	return names
}

// checkPaths refuses paths that no rule sees.
func (w *writer) checkPaths() {
	for _, h := range w.site.Hosts {
		for _, p := range h.Places {
			if strings.Contains(p.Path, "//") {
				need := stack.Need{Feature: stack.PerPath, Where: "the route " + p.Path}
				w.findings = append(w.findings, w.stack.CannotExpress(need, "write the path with one slash, as Apache normalizes it"))
			}
		}
	}
}

// snippets writes a file for each host, for a VirtualHost that somebody has already.
func (w *writer) snippets() []stack.File {
	var files []stack.File
	for i := range w.site.Hosts {
		h := w.newHost(&w.site.Hosts[i])
		name, where := "concors-vhost.conf", "the VirtualHost"
		if len(w.site.Hosts) > 1 {
			name = fmt.Sprintf("concors-vhost-%d.conf", i+1)
			where = "a VirtualHost that the routes of a host are not for"
		}
		if h.of.Name != "" {
			where = "the VirtualHost " + h.of.Name
		}
		text := "# " + w.stack.Mark() + "\n# For " + where + ": include it there, before other rewrite rules. It needs the modules headers and rewrite.\n" +
			"#\n# Not for a Directory or an .htaccess: rules there run after authentication, which a preflight does not have.\n"
		if !h.isOne {
			text += "# Not beside AllowEncodedSlashes NoDecode: a path could be written in a way that no rule knows.\n"
		}
		files = append(files, stack.File{Path: name, Text: text + "\n" + h.cors()})
	}
	return files
}

// A host is a VirtualHost as it grows.
type host struct {
	*writer
	of    *stack.Host
	only  *stack.Policy // if isOne, the policy of every request; nil where CORS is off
	isOne bool
}

func (w *writer) newHost(of *stack.Host) *host {
	h := &host{writer: w, of: of, isOne: true}
	if place := of.Place("/"); place != nil {
		h.only = place.Rules[0].Policy
	}
	for _, p := range of.Places {
		for _, r := range p.Rules {
			h.isOne = h.isOne && r.Policy == h.only
		}
	}
	return h
}

// indented is text with each line further to the right.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}
