package nextjs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: headers() of next.config. Its values are fixed, but for what a
// named group has taken from the request.

// writeHeaders writes next.cors.cjs, which changes a configuration, and the handler of preflights.
func writeHeaders(s *stack.Stack, site *stack.Site) ([]stack.File, []report.Finding) {
	findings := append(s.RefuseNodeMethods(site), s.RefuseFoldedPaths(site)...)
	if findings = append(findings, refusePaths(s, site, useProxy)...); len(findings) > 0 {
		return nil, findings
	}
	list := places(site, func(p *stack.Place) bool { return policyOf(p) != nil }, func(a, b *stack.Place) bool { return policyOf(a) == policyOf(b) })
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
//   // next.config.js, and likewise with import in next.config.mjs and next.config.ts
//   const withCors = require('./next.cors.cjs');
//
//   module.exports = withCors({ ... });
//
// Paths are those below basePath, where there is one. Nothing of it is in a static export (output: 'export'), which has no
// server, or in what rewrites() sends elsewhere.
//
` + pageVary + "'use strict';\n" + disguised(list))
	if slices.ContainsFunc(site.Policies, func(p *stack.Policy) bool { return !p.IsConstant() }) {
		b.WriteString(`
// The group takes the origin for the value ':origin'. Each expression is anchored: Next.js anchors the whole only.
function oneOf(expressions) {
  return { type: 'header', key: 'origin', value: ` + "`(?<origin>${expressions.map((e) => e.source).join('|')})`" + ` };
}
`)
	}
	b.WriteString("\nconst policies = {\n")
	for _, p := range site.Policies {
		writeEntries(&b, p)
	}
	b.WriteString("};\n\n// All that take a request count, so none takes what another is for.\nconst places = [\n")
	for _, p := range list {
		fmt.Fprintf(&b, "  { %s },\n", strings.Join(append(append([]string{"source: " + p.source}, p.where...),
			"policy: policies"+stack.JavaScriptProperty(policyOf(p.of).Name)), ", "))
	}
	b.WriteString(`];

const headers = places.flatMap(({ policy, source, has = [], missing = [] }) => policy.map((entry) => ({
  source,
  has: [...has, ...(entry.has ?? [])],
  missing: [...missing, ...(entry.missing ?? [])],
  headers: entry.headers,
})));

// By itself Next.js answers OPTIONS only where there is a handler. Only preflights have both headers; other OPTIONS requests
// are for the application.
const preflights = places.map(({ source, has = [], missing = [] }) => ({
  source,
  has: [...has, { type: 'header', key: 'origin' }, { type: 'header', key: 'access-control-request-method' }],
  missing,
  destination: '/cors-preflight',
}));

module.exports = function withCors(config = {}) {
  return {
    ...config,
    // By itself Next.js redirects /api/ to /api, without headers, and no preflight survives a redirect.
    skipTrailingSlashRedirect: true,
    async headers() {
      const others = config.headers ? await config.headers() : [];
      return [...others, ...headers]; // the last counts
    },
` + ownRewrites("preflights") + `  };
};
`)
	return []stack.File{
		{Path: "next.cors.cjs", Text: b.String()},
		{Path: "app/cors-preflight/route.js", Text: "// " + s.Mark() + `
//
// next.cors.cjs leads preflights here, and says what is allowed.
export function OPTIONS() {
  return new Response(null, { status: 204 });
}
`},
	}, varyFindings(s, site)
}

// policyOf is the policy of a place, the same for all methods: what depends on the method is refused by the facts.
func policyOf(p *stack.Place) *stack.Policy { return p.Rules[len(p.Rules)-1].Policy }

// ownRewrites is the property rewrites, which puts a list before what the configuration has itself.
func ownRewrites(list string) string {
	return `    async rewrites() {
      const others = config.rewrites ? await config.rewrites() : [];
      const phases = Array.isArray(others) ? { afterFiles: others } : others;
      return { ...phases, beforeFiles: [...` + list + `, ...(phases.beforeFiles ?? [])] };
    },
`
}

// writeEntries writes the entries of a policy, without the source.
func writeEntries(b *strings.Builder, p *stack.Policy) {
	fmt.Fprintf(b, "  %s: [\n", stack.JavaScriptKey(p.Name))
	headers := append(responseHeaders(p), preflightHeaders(p)...)
	if !p.IsConstant() {
		b.WriteString("    // For every origin, and without one: a cache would give the response for one to another.\n")
		writeEntry(b, nil, nil, [][2]string{{"Vary", "Origin"}})
		headers = append([][2]string{{"Access-Control-Allow-Origin", ":origin"}}, headers...)
	}
	writeEntry(b, origins(p), nil, headers)
	if echoesMethod(p) {
		b.WriteString("    // The method that is asked for: with credentials a * would be a method of that name.\n")
		writeEntry(b, []string{"{ type: 'header', key: 'access-control-request-method', value: '(?<method>.+)' }"}, nil,
			[][2]string{{"Access-Control-Allow-Methods", ":method"}})
	}
	if p.AnyRequestHeader {
		b.WriteString("    // The names that are asked for. By the Standard * does not cover Authorization; in some browsers it does.\n")
		var missing []string
		if !p.CoversAuthorization() {
			missing = []string{"{ type: 'header', key: 'access-control-request-headers', value: '(?:.*[, ])?authorization(?:[, ].*)?' }"}
		}
		writeEntry(b, []string{"{ type: 'header', key: 'access-control-request-headers', value: '(?<names>.+)' }"}, missing,
			[][2]string{{"Access-Control-Allow-Headers", ":names"}})
	}
	b.WriteString("  ],\n")
}

// origins is the condition that the origin is allowed, none for a constant policy.
func origins(p *stack.Policy) []string {
	switch {
	case p.IsConstant():
		return nil
	case p.AnyOrigin:
		return []string{"oneOf([/.+/])"}
	}
	var b strings.Builder
	b.WriteString("oneOf([\n")
	for _, o := range p.Origins {
		fmt.Fprintf(&b, "          /%s/,\n", stack.Regexp(o, stack.JavaScript))
	}
	if p.Null {
		b.WriteString("          /^null$/,\n")
	}
	b.WriteString("        ])")
	return []string{b.String()}
}

func writeEntry(b *strings.Builder, has, missing []string, headers [][2]string) {
	b.WriteString("    {\n")
	for _, list := range []struct {
		name  string
		items []string
	}{{"has", has}, {"missing", missing}} {
		if len(list.items) > 0 {
			fmt.Fprintf(b, "      %s: [%s],\n", list.name, strings.Join(list.items, ", "))
		}
	}
	b.WriteString("      headers: [\n")
	for _, h := range headers {
		fmt.Fprintf(b, "        { key: %s, value: %s },\n", stack.JavaScriptString(h[0]), stack.JavaScriptString(h[1]))
	}
	b.WriteString("      ],\n    },\n")
}
