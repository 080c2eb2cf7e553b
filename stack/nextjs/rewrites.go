package nextjs

import (
	"fmt"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: rewrites() of next.config, for front end and API under one
// origin. The front end is the application.

// writeRewrites writes next.rewrites.cjs, which changes a configuration.
func writeRewrites(s *stack.Stack, site *stack.Site) ([]stack.File, []report.Finding) {
	findings := append(refusePaths(s, site, "name paths without them"), s.RefuseFoldedPaths(site)...)
	for _, h := range site.Hosts {
		for i := range h.Places {
			findings = append(findings, checkAnswer(s, &h.Places[i])...)
		}
	}
	if len(findings) > 0 {
		return nil, findings
	}
	list := places(site, func(p *stack.Place) bool { return server(p) != "" }, func(a, b *stack.Place) bool { return server(a) == server(b) })
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
// Front end and API under one origin, so that there is nothing for CORS to allow.
//
//   // next.config.js, and likewise with import in next.config.mjs and next.config.ts
//   const withApi = require('./next.rewrites.cjs');
//
//   module.exports = withApi({ ... });
//
// Paths are those below basePath, where there is one. Build again after a change: the servers are written down then. The API is
// told its own name as Host, and the name that was asked for in X-Forwarded-Host.
'use strict';
` + disguised(list) + "\nconst api = [\n")
	for _, p := range list {
		path, isPrefix := strings.CutSuffix(p.of.Path, "/")
		if isPrefix {
			path += "/:path"
		}
		fmt.Fprintf(&b, "  { %s },\n", strings.Join(append(append([]string{"source: " + p.source}, p.where...),
			"destination: "+stack.JavaScriptString(server(p.of)+path)), ", "))
	}
	b.WriteString(`];

module.exports = function withApi(config = {}) {
  return {
    ...config,
    // By itself Next.js redirects /api/users/ to /api/users, which an API may redirect back.
    skipTrailingSlashRedirect: true,
` + ownRewrites("api") + `  };
};
`)
	return []stack.File{{Path: "next.rewrites.cjs", Text: b.String()}}, []report.Finding{s.Warn("nextjs-rewrite-headers",
		"Next.js passes on the CORS headers of the API, so pages of other origins still get what it allows them", "switch CORS off in the API")}
}

// server is the origin of what answers in a place, empty where that is the application itself.
func server(p *stack.Place) string {
	if r, _ := p.Answer(); r != nil && r.Upstream != nil && p.Path != "/" {
		return strings.TrimSuffix(r.Upstream.To[0], "/")
	}
	return ""
}

// checkAnswer refuses what rewrites cannot do about a place.
func checkAnswer(s *stack.Stack, p *stack.Place) []report.Finding {
	r, ok := p.Answer()
	if !ok {
		need := stack.Need{Feature: stack.PerMethod, Where: "the route " + p.Path}
		return []report.Finding{s.CannotExpress(need, "let one server answer all methods of a path")}
	}
	var findings []report.Finding
	refuse := func(is bool, what, fix string) {
		if is {
			findings = append(findings, report.Finding{Rule: "not-generated", Severity: report.Error,
				Message: fmt.Sprintf("rewrites of Next.js have no word for %s, which the route %s has", what, p.Path), Fix: fix, Reference: s.Facts.Links[3]})
		}
	}
	if r == nil || p.Path == "/" {
		return nil
	}
	refuse(r.Redirect != nil, "a redirect", "write it into redirects() yourself")
	if u := r.Upstream; u != nil {
		refuse(len(u.To) > 1, "several servers", "name one, or what stands in front of them")
		refuse(strings.Contains(u.To[0], "["), "an address of IPv6", "name the server by its name")
		refuse(u.CA != "", "a certificate authority", "leave ca out, and give Node.js the file in NODE_EXTRA_CA_CERTS")
	}
	return findings
}
