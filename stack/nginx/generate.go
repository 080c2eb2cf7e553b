package nginx

import (
	"fmt"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes one file for the http block. Where all routes say who answers it has a server for each host; otherwise maps
// only, and there is a file for each location.
func write(site *stack.Site, o stack.Options) ([]stack.File, []report.Finding) {
	w := newWriter(site, o)
	w.findings = w.stack.RefuseMethods(site, takesMethod, "name methods in upper case; nginx answers others with 400")
	w.checkPaths()
	if o.SameOrigin || site.IsComplete() {
		w.servers()
	} else {
		w.snippets()
	}
	if report.Any(w.findings, report.Error) {
		return nil, w.findings
	}
	text := w.head(w.use()) + w.maps() + strings.Join(w.blocks, "\n")
	return append([]stack.File{{Path: "concors.conf", Text: strings.TrimRight(text, "\n") + "\n"}}, w.files...), w.findings
}

// writer is the configuration as it grows.
type writer struct {
	stack    stack.Stack
	site     *stack.Site
	options  stack.Options
	names    map[*stack.Policy]string // of a policy in variables
	policies []*stack.Policy          // whose maps are needed
	methods  bool                     // whether a map of the method is
	choices  []string                 // maps that choose by method
	blocks   []string                 // upstreams and servers
	pools    map[string]string        // of upstreams, by their servers
	chosen   int                      // how many places choose by method
	files    []stack.File
	findings []report.Finding
}

func newWriter(site *stack.Site, o stack.Options) *writer {
	w := &writer{stack: Stack(), site: site, options: o, names: map[*stack.Policy]string{}, pools: map[string]string{}}
	taken := map[string]bool{}
	for _, p := range site.Policies {
		name := variableName(p.Name)
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s_%d", variableName(p.Name), n)
		}
		taken[name] = true
		w.names[p] = "cors_policy_" + name
		if !o.SameOrigin {
			w.policies = append(w.policies, p)
		}
	}
	return w
}

// variableName is a name as a part of one that a variable can have. Case does not count there.
func variableName(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '_'
	}, strings.ToLower(s))
}

// takesMethod reports whether nginx reads a method.
func takesMethod(m string) bool { return strings.Trim(m, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == "" }

// checkPaths refuses paths that no location takes: nginx compares what it has decoded and normalized. The paths of a policy
// file are decoded ones.
func (w *writer) checkPaths() {
	for _, h := range w.site.Hosts {
		for _, p := range h.Places {
			if strings.Contains(p.Path, "//") {
				need := stack.Need{Feature: stack.PerPath, Where: "the route " + p.Path}
				w.findings = append(w.findings, w.stack.CannotExpress(need, "write the path with one slash, as nginx normalizes it"))
			}
		}
	}
}

// head is the beginning of a file: its mark, and how it is used.
func (w *writer) head(use string) string {
	return "# " + w.stack.Mark() + "\n" + use + "\n"
}

func (w *writer) use() string {
	if w.options.SameOrigin {
		return "# Front end and API under one origin, so that there is nothing for CORS to allow. For the http block.\n"
	}
	return "# For the http block: include it there, or put it into conf.d.\n"
}

// snippets writes a file for each location, for servers that somebody has already.
func (w *writer) snippets() {
	total := 0
	for _, h := range w.site.Hosts {
		total += len(h.Places)
	}
	for _, h := range w.site.Hosts {
		for i := range h.Places {
			p := &h.Places[i]
			name := "concors-location.conf"
			if total > 1 {
				name = fmt.Sprintf("concors-location-%d.conf", len(w.files)+1)
			}
			where := "any location"
			if total > 1 || p.Path != "/" {
				where = "location " + p.Path
			}
			if h.Name != "" {
				where += " of the server " + h.Name
			}
			text := w.head("# For " + where + ": include it there, before rewrite and proxy_pass. The maps are in concors.conf.\n#\n" +
				"# A limit_except there has to name OPTIONS, or nginx refuses preflights before it comes to this.\n" +
				"# A location that has an add_header or a proxy_hide_header of its own would lose those of its server, so all stand here.\n")
			text += hideHeaders("") + "\n" + w.headers(p, "")
			w.files = append(w.files, stack.File{Path: name, Text: text})
		}
	}
}
