package vite

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// write writes vite.api.js, which options of the server are taken from.
func write(site *stack.Site, _ stack.Options) ([]stack.File, []report.Finding) {
	s := Stack()
	var findings []report.Finding
	places := site.Hosts[len(site.Hosts)-1].Places // the only host: the facts refuse others
	for i := range places {
		findings = append(findings, check(&s, &places[i])...)
	}
	if len(findings) > 0 {
		return nil, findings
	}
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
// Front end and API under one origin while developing, so that there is nothing for CORS to allow.
//
//   // vite.config.js
//   import { withApi } from './vite.api.js';
//
//   export default defineConfig({ server: { ...withApi }, preview: { ...withApi } });

// What an API says to other origins is not for those of the development server.
function dropCors(proxy) {
  proxy.on('proxyRes', (response) => {
    for (const name of Object.keys(response.headers)) {
      if (name.startsWith('access-control-')) {
        delete response.headers[name];
      }
    }
  });
}

export const withApi = {
  // By itself Vite answers every OPTIONS request, those for the API too, and lets any page of this machine read your source.
  cors: false,
  // Expressions: a plain /api would take /apiary too. The first that takes a request counts.
  proxy: {
`)
	for i := range places {
		if r, _ := places[i].Answer(); isAPI(&places[i], r) && !isPart(places, i, r) {
			writeServer(&b, expression(places, i), r.Upstream)
		}
	}
	b.WriteString("  },\n};\n")
	return []stack.File{{Path: "vite.api.js", Text: b.String()}}, nil
}

// isAPI reports whether another server answers in a place. What is at / is the front end, which Vite serves.
func isAPI(p *stack.Place, r *policyfile.Route) bool {
	return p.Path != "/" && r != nil && r.Upstream != nil
}

// isPart reports whether the place around one would send its requests to the same server.
func isPart(places []stack.Place, at int, r *policyfile.Route) bool {
	rest := stack.Host{Places: places[at+1:]}
	outer := rest.Place(places[at].Path)
	if outer == nil {
		return false
	}
	around, _ := outer.Answer()
	return isAPI(outer, around) && stack.SameAnswer(r, around) && r.Upstream.OwnHost == around.Upstream.OwnHost
}

// expression is the regular expression for a place, without what is inside of it and Vite's own. It is applied to path and
// query.
func expression(places []stack.Place, at int) string {
	p := &places[at]
	if !strings.HasSuffix(p.Path, "/") {
		return "^" + regexp.QuoteMeta(p.Path) + "(?:[?]|$)"
	}
	var without []string
	for i := range places[:at] {
		q := &places[i]
		if r, _ := q.Answer(); !strings.HasPrefix(q.Path, p.Path) || isAPI(q, r) {
			continue
		}
		item := regexp.QuoteMeta(q.Path[len(p.Path):])
		if !strings.HasSuffix(q.Path, "/") {
			item += "(?:[?]|$)"
		}
		without = append(without, item)
	}
	text := "^" + regexp.QuoteMeta(p.Path)
	if len(without) > 0 {
		text += "(?!" + strings.Join(without, "|") + ")"
	}
	return text
}

func writeServer(b *strings.Builder, expression string, u *policyfile.Upstream) {
	fmt.Fprintf(b, "    %s: {\n      target: %s,\n", stack.JavaScriptString(expression), stack.JavaScriptString(strings.TrimSuffix(u.To[0], "/")))
	if u.OwnHost {
		b.WriteString("      changeOrigin: true, // which is about Host, not Origin\n")
	}
	b.WriteString("      ws: true,\n      configure: dropCors,\n    },\n")
}

// check refuses what the proxy cannot do about a place.
func check(s *stack.Stack, p *stack.Place) []report.Finding {
	r, ok := p.Answer()
	if !ok {
		need := stack.Need{Feature: stack.PerMethod, Where: "the route " + p.Path}
		return []report.Finding{s.CannotExpress(need, "let one server answer all methods of a path")}
	}
	var findings []report.Finding
	refuse := func(is bool, what, fix string) {
		if is {
			findings = append(findings, report.Finding{Rule: "not-generated", Severity: report.Error,
				Message: fmt.Sprintf("the proxy of Vite has no word for %s, which the route %s has", what, p.Path), Fix: fix, Reference: s.Facts.Links[0]})
		}
	}
	if strings.Trim(strings.ToLower(p.Path), "abcdefghijklmnopqrstuvwxyz0123456789-._~/") != "" {
		refuse(true, "other characters than letters, digits and -._~", "name a path without them: Vite compares paths as they are sent")
	}
	if r == nil || p.Path == "/" {
		return findings
	}
	refuse(r.Redirect != nil, "a redirect", "leave the route out, or let the API redirect")
	if u := r.Upstream; u != nil {
		refuse(len(u.To) > 1, "several servers", "name one, or what stands in front of them")
		refuse(u.CA != "", "a certificate authority", "leave ca out, and give Node.js the file in NODE_EXTRA_CA_CERTS")
	}
	return findings
}
