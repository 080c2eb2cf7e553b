package nextjs

import (
	"fmt"
	"strings"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// The variants.
const (
	proxyVariant    = "proxy"
	headersVariant  = "headers"
	handlersVariant = "route-handlers"
)

// useProxy is the nearest thing for what another variant cannot do.
const useProxy = "concors generate nextjs --variant proxy"

// write writes the files of a variant.
func write(site *stack.Site, o stack.Options) ([]stack.File, []report.Finding) {
	s := Stack()
	switch {
	case o.SameOrigin:
		return writeRewrites(&s, site)
	case o.Variant == headersVariant:
		return writeHeaders(&s, site)
	case o.Variant == handlersVariant:
		return writeHandlers(&s, site)
	}
	return writeProxy(&s, site)
}

// writeProxy writes proxy.js.
func writeProxy(s *stack.Stack, site *stack.Site) ([]stack.File, []report.Finding) {
	findings := append(s.RefuseNodeMethods(site), s.RefuseFoldedPaths(site)...)
	if len(findings) > 0 {
		return nil, findings
	}
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
// For the folder that app or pages is in. Before Next.js 16 it is called middleware.js, and its function middleware.
//
// next.config needs skipTrailingSlashRedirect: true. Without it Next.js redirects /api/ to /api before this file is asked, and
// no preflight survives a redirect.
//
` + pageVary + `import { NextResponse } from 'next/server';

`)
	writeDecision(&b, site)
	b.WriteString(`
// There is no matcher: what Next.js answers by itself, as for an unknown path, needs the headers too.
export function proxy(request) {
  const headers = corsHeaders(request);
  if (headers && isPreflight(request)) {
    return new Response(null, { status: 204, headers }); // here, for sign-in would refuse it: it has no credentials
  }
  return NextResponse.next({ headers }); // in place of those that a handler sets itself
}
`)
	return []stack.File{{Path: "proxy.js", Text: b.String()}}, varyFindings(s, site)
}

// pageVary is the comment about what no configuration changes; varyFindings tells it too.
const pageVary = `// In pages, that for unknown paths included, Next.js replaces Vary: let no shared cache keep pages, and end an API with a handler
// for all other paths, app/api/[[...path]]/route.js.
`

// varyFindings tells what becomes of Vary in pages.
func varyFindings(s *stack.Stack, site *stack.Site) []report.Finding {
	for _, p := range site.Policies {
		if !p.IsConstant() {
			return []report.Finding{s.Warn("nextjs-page-vary",
				"Next.js replaces Vary in pages, that for unknown paths included, so a shared cache may give one origin what another one got",
				"answer unknown paths of an API with a handler, such as app/api/[[...path]]/route.js, and let no shared cache keep pages")}
		}
	}
	return nil
}

// writeHandlers writes cors.js, which route handlers are wrapped with.
func writeHandlers(s *stack.Stack, site *stack.Site) ([]stack.File, []report.Finding) {
	findings := append(s.RefuseMethods(site, handlerTakes, useProxy+", for Next.js has no route handler of that name"), s.RefuseFoldedPaths(site)...)
	if len(findings) > 0 {
		return nil, findings
	}
	var b strings.Builder
	b.WriteString("// " + s.Mark() + `
//
//   // app/api/users/route.js
//   import { withCors } from '../../../cors';
//
//   export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = withCors({
//     async GET(request) { ... },
//   });
//
// All seven: by itself Next.js answers OPTIONS, and methods that have no handler, without these headers.
//
// next.config needs skipTrailingSlashRedirect: true. Without it Next.js redirects /api/ to /api before a handler is asked, and
// no preflight survives a redirect.
import { unstable_rethrow } from 'next/navigation';

`)
	writeDecision(&b, site)
	fmt.Fprintf(&b, `
const methods = %s;

async function answer(handlers, request, context) {
  const handler = handlers[request.method] ?? (request.method === 'HEAD' ? handlers.GET : undefined);
  if (!handler) {
    // As Next.js answers by itself.
    const allow = methods.filter((m) => handlers[m] || m === 'OPTIONS' || (m === 'HEAD' && handlers.GET));
    return new Response(null, { status: request.method === 'OPTIONS' ? 204 : 405, headers: { Allow: allow.join(', ') } });
  }
  try {
    return await handler(request, context);
  } catch (error) {
    // Handlers should return redirects and errors: redirect() and notFound() throw, and Next.js answers without these headers.
    unstable_rethrow(error);
    console.error(error);
    return new Response(null, { status: 500 });
  }
}

async function answerWithCors(handlers, request, context) {
  const headers = corsHeaders(request);
  if (headers && isPreflight(request)) {
    return new Response(null, { status: 204, headers });
  }
  const response = await answer(handlers, request, context);
  const copy = new Response(response.body, response); // the headers of Response.redirect() cannot be changed
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (name === 'Vary') {
      copy.headers.append(name, value); // the handler may have one
    } else {
      copy.headers.set(name, value);
    }
  }
  return copy;
}

export function withCors(handlers) {
  const wrapped = (request, context) => answerWithCors(handlers, request, context);
  return Object.fromEntries(methods.map((m) => [m, wrapped]));
}
`, stack.JavaScriptStrings(handlerMethods()))
	return []stack.File{{Path: "cors.js", Text: b.String()}}, []report.Finding{s.Warn("nextjs-no-handler",
		"what has no handler, an unknown path for example, is answered without CORS headers", useProxy)}
}

// handlerMethods are the methods that a route handler can be for.
//
// https://nextjs.org/docs/app/api-reference/file-conventions/route#http-methods
func handlerMethods() []string {
	return []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
}
