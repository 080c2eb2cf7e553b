package node

import (
	"fmt"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/javascript"
	"github.com/concors/concors/internal/javascript/syntax"
	"github.com/concors/concors/stack"
)

// runHandlerWithoutOptions looks at files of route handlers. Next.js answers OPTIONS for those that do not, without any header
// of CORS.
func runHandlerWithoutOptions(p *stack.Pass) {
	project := p.Subject.(*Project)
	if entriesSetOrigin(project) {
		return // for paths that may be those of the handlers
	}
	for _, s := range project.Sources {
		var first *javascript.Handler
		answers := false
		for _, h := range s.Handlers {
			answers = answers || h.Method == "OPTIONS"
			if first == nil && needsPermission(h.Method) && handlerSetsOrigin(s, h) {
				first = h
			}
		}
		if first != nil && !answers && project.owns(s) {
			p.Report(at(s, first.At), fmt.Sprintf("pages ask before a %s, and Next.js answers that OPTIONS without CORS headers, so the request is never sent", first.Method),
				"export function OPTIONS too, with the same headers and Access-Control-Allow-Methods")
		}
	}
}

// entriesSetOrigin reports whether headers() of the configuration lets some page in.
func entriesSetOrigin(project *Project) bool {
	for _, s := range project.Sources {
		for _, e := range s.Entries {
			if fieldOf(e, header.AllowOrigin) != nil {
				return true
			}
		}
	}
	return false
}

// handlerSetsOrigin reports whether a handler sets Access-Control-Allow-Origin, itself or by an object of its module.
func handlerSetsOrigin(s *javascript.Source, handler *javascript.Handler) bool {
	if handler.Function == nil {
		return false
	}
	for _, h := range s.Headers {
		if h.Name != header.Lower(header.AllowOrigin) {
			continue
		}
		if handler.Function.Start <= h.At.Start && h.At.End <= handler.Function.End {
			return true
		}
		if h.Function == nil && mentionsName(handler.Function, s.Named(h.At)) {
			return true
		}
	}
	return false
}

// mentionsName reports whether a name stands somewhere in a part of a program.
func mentionsName(n *syntax.Node, name string) bool {
	found := false
	syntax.Walk(n, func(c *syntax.Node) bool {
		found = found || name != "" && c.IsName(name)
		return !found
	})
	return found
}

// fieldOf returns the field of an entry, nil for none; the last, which counts.
func fieldOf(e *javascript.Entry, name string) *javascript.EntryField {
	var found *javascript.EntryField
	for i := range e.Fields {
		if e.Fields[i].Key == header.Lower(name) {
			found = &e.Fields[i]
		}
	}
	return found
}

// runEntryOverwritten looks at headers(): of two entries that match a request, the last one's value is sent.
func runEntryOverwritten(p *stack.Pass) {
	for _, s := range p.Subject.(*Project).Sources {
		last := map[string]*javascript.EntryField{}
		for _, e := range s.Entries {
			field := fieldOf(e, header.AllowOrigin)
			if field == nil || e.Has || e.Source.Text == "" {
				continue
			}
			if before := last[e.Source.Text]; before != nil && before.Value != field.Value {
				p.Report(at(s, before.At), fmt.Sprintf("a later entry for %s has another origin, and the last one is sent to everybody, so pages of this one are not let in", e.Source.Text),
					"tell them apart: has: [{ type: 'header', key: 'origin', value: 'https://app.example.com' }]")
			}
			last[e.Source.Text] = field
		}
	}
}

// entry is a configuration with one entry of headers().
func entry(headers string) string {
	return "module.exports = {\n  async headers() {\n    return [\n      {\n        source: '/api/:path*',\n        headers: [\n" + headers + "        ],\n      },\n    ];\n  },\n};\n"
}

func pair(key, value string) string {
	return fmt.Sprintf("          { key: '%s', value: '%s' },\n", key, value)
}

// nextExamples are the examples of the rules for Next.js.
func nextExamples() []Example {
	const origin, credentials = header.AllowOrigin, header.AllowCredentials
	app, trusted := pair(origin, "https://app.example.com"), pair(credentials, "true")
	reflecting := func(body string) string {
		return "const origins = ['https://app.example.com', 'https://staging.example.com'];\n\nexport async function GET(request) {\n" + body + "}\n"
	}
	const respond = "  return Response.json([], { headers });\n"
	return []Example{
		{Rule: "reflected-origin",
			Before: reflecting("  const headers = {\n    'Access-Control-Allow-Origin': request.headers.get('origin'),\n    'Access-Control-Allow-Credentials': 'true',\n    Vary: 'Origin',\n  };\n" + respond),
			After:  reflecting("  const origin = request.headers.get('origin');\n  const headers = { Vary: 'Origin' };\n  if (origins.includes(origin)) {\n    headers['Access-Control-Allow-Origin'] = origin;\n    headers['Access-Control-Allow-Credentials'] = 'true';\n  }\n" + respond)},
		{Rule: "null-origin", Before: entry(pair(origin, "null") + trusted), After: entry(app + trusted)},
		{Rule: "insecure-origin", Before: entry(pair(origin, "http://app.example.com") + trusted), After: entry(app + trusted)},
		{Rule: "wildcard-credentials", Before: entry(pair(origin, "*") + trusted), After: entry(app + trusted)},
		{Rule: "origin-list", Before: entry(pair(origin, "https://app.example.com, https://staging.example.com")), After: entry(app)},
		{Rule: "origin-syntax", Before: entry(pair(origin, "https://app.example.com/")), After: entry(app)},
		{Rule: "credentials-value", Before: entry(app + pair(credentials, "yes")), After: entry(app + trusted)},
		{Rule: "method-case", Before: entry(app + pair(header.AllowMethods, "get, put")), After: entry(app + pair(header.AllowMethods, "GET, PUT"))},
		{Rule: "wildcard-list-credentials", Before: entry(app + trusted + pair(header.AllowHeaders, "*")), After: entry(app + trusted + pair(header.AllowHeaders, "Content-Type"))},
		{Rule: "authorization-wildcard", Before: entry(app + pair(header.AllowHeaders, "*")), After: entry(app + pair(header.AllowHeaders, "Content-Type, Authorization"))},
		{Rule: "max-age", Before: entry(app + pair(header.MaxAge, "604800")), After: entry(app + pair(header.MaxAge, "7200"))},
		{Rule: "vary-missing",
			Before: reflecting("  const origin = request.headers.get('origin');\n  const headers = {};\n  if (origins.includes(origin)) headers['Access-Control-Allow-Origin'] = origin;\n" + respond),
			After:  reflecting("  const origin = request.headers.get('origin');\n  const headers = { Vary: 'Origin' };\n  if (origins.includes(origin)) headers['Access-Control-Allow-Origin'] = origin;\n" + respond)},
		{Rule: "handler-without-options",
			Before: "const headers = { 'Access-Control-Allow-Origin': 'https://app.example.com' };\n\nexport async function PUT(request) {\n  return Response.json(await request.json(), { headers });\n}\n",
			After: "const headers = { 'Access-Control-Allow-Origin': 'https://app.example.com', 'Access-Control-Allow-Methods': 'PUT' };\n\nexport async function PUT(request) {\n  return Response.json(await request.json(), { headers });\n}\n\n" +
				"export function OPTIONS() {\n  return new Response(null, { status: 204, headers });\n}\n"},
		{Rule: "entry-overwritten",
			Before: twoEntries("", ""), After: twoEntries("has: [{ type: 'header', key: 'origin', value: 'https://app.example.com' }], ", "has: [{ type: 'header', key: 'origin', value: 'https://staging.example.com' }], ")},
	}
}

// twoEntries is a configuration with an entry for each of two origins.
func twoEntries(first, second string) string {
	one := func(has, origin string) string {
		return "    { source: '/api/:path*', " + has + "headers: [{ key: 'Access-Control-Allow-Origin', value: '" + origin + "' }] },\n"
	}
	return "module.exports = {\n  headers: async () => [\n" + one(first, "https://app.example.com") + one(second, "https://staging.example.com") + "  ],\n};\n"
}
