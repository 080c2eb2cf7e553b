package node

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// onlyUse is the one use of middleware in a project, whose options are all known; false if there are none or several.
func onlyUse(project *Project) (source *javascript.Source, use *javascript.CORS, ok bool) {
	count := 0
	project.uses(func(s *javascript.Source, _ *javascript.App, _ *javascript.Step, c *javascript.CORS) {
		source, use = s, c
		count++
	})
	return source, use, count == 1 && use.Called && use.Known
}

func runExposeMissing(p *stack.Pass) {
	project := p.Subject.(*Project)
	source, use, ok := onlyUse(project)
	if !ok || !use.ResponseHeaders.Known && use.ResponseHeaders.At != nil || use.ResponseHeaders.Has("*") {
		return
	}
	seen := map[string]bool{}
	for _, s := range project.Sources {
		for _, r := range s.Reads {
			if header.IsSafelistedResponseName(r.Name) || use.ResponseHeaders.Has(r.Name) || seen[r.Name] || strings.HasPrefix(r.Name, "access-control-") || r.Name == "set-cookie" {
				continue
			}
			seen[r.Name] = true
			place := use.At
			if use.ResponseHeaders.At != nil {
				place = use.ResponseHeaders.At
			}
			line, _ := s.Position(r.At)
			p.Report(at(source, place), fmt.Sprintf("%s, line %d, reads %q of a response, and a page of another origin gets null for it", s.Name, line, r.Name),
				fmt.Sprintf("exposedHeaders: ['%s']", r.Name))
		}
	}
}

func runCredentialsMissing(p *stack.Pass) {
	project := p.Subject.(*Project)
	source, use, ok := onlyUse(project)
	if !ok || use.Credentials.At != nil && (!use.Credentials.Known || use.Credentials.Value || use.Credentials.Text != "") {
		return
	}
	for _, s := range project.Sources {
		for _, ask := range s.Asks {
			if strings.HasPrefix(ask.URL, "/") && !strings.HasPrefix(ask.URL, "//") {
				continue // of the page's own origin
			}
			severity := report.Warning
			if ask.URL == "" {
				severity = report.Info // which server it asks is not told
			}
			line, _ := s.Position(ask.At)
			p.ReportAs(severity, at(source, use.At), fmt.Sprintf("%s, line %d, sends credentials, and browsers give a page nothing of an answer that does not allow them", s.Name, line),
				"credentials: true, with the origins named")
			return
		}
	}
}
