package haproxy

import (
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes one file: a frontend with its backends where all routes say who answers, and otherwise rules for a frontend that
// somebody has already.
func write(site *stack.Site, o stack.Options) ([]stack.File, []report.Finding) {
	w := &writer{stack: Stack(), site: site, options: o, backends: map[string]string{}, redirects: map[string]string{}}
	_, w.isOnly = site.OnlyPolicy()
	file := stack.File{Path: "concors-frontend.cfg"}
	if o.SameOrigin || site.IsComplete() {
		file.Path = "concors.cfg"
		file.Text = "# " + w.stack.Mark() + "\n" + w.servers()
	} else {
		file.Text = "# " + w.stack.Mark() + "\n# For a frontend: paste it there, before its other rules. Rules of the same kind are tried in the order of the file.\n\n" +
			w.rules()
	}
	if report.Any(w.findings, report.Error) {
		return nil, w.findings
	}
	file.Text = strings.TrimRight(file.Text, "\n") + "\n"
	return []stack.File{file}, w.findings
}

// writer is the configuration as it grows.
type writer struct {
	stack     stack.Stack
	site      *stack.Site
	options   stack.Options
	isOnly    bool // one policy for every request
	methods   bool // whether the method is needed in a variable
	blocks    []string
	backends  map[string]string // names, by the servers
	redirects map[string]string // names, by the rule
	findings  []report.Finding
}

// rules writes the lines about CORS, and before them what they need. Who answers is chosen before, for it may need it too.
func (w *writer) rules() string {
	text := ""
	if w.needsPath() {
		text += "    # A path that cannot be decoded would be none of those below, and get what is for all others.\n" +
			"    http-request return status 400 if !{ path,url_dec -m found }\n\n"
	}
	if len(w.site.Policies) > 0 && !w.options.SameOrigin {
		text += w.cors() + "\n"
	} else if w.methods {
		text += "    http-request set-var(txn.cors_method) method\n\n"
	}
	return text + dropHeaders()
}

// needsPath reports whether paths are told apart.
func (w *writer) needsPath() bool {
	for _, h := range w.site.Hosts {
		if len(h.Places) != 1 || h.Places[0].Path != "/" {
			return true
		}
	}
	return false
}
