package node

import (
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

const (
	fetchCredentials = "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"
	fetchCaches      = "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches"
	fetchPreflight   = "https://fetch.spec.whatwg.org/#cors-preflight-fetch"
	fetchCheck       = "https://fetch.spec.whatwg.org/#concept-cors-check"
	fetchExpose      = "https://fetch.spec.whatwg.org/#http-access-control-expose-headers"
	corsPackage      = "https://github.com/expressjs/cors#configuration-options"
)

// allRules is every rule, without examples.
func allRules() []stack.LintRule {
	return []stack.LintRule{
		{Name: "reflected-origin", Title: "the origin of every request is sent back", Kind: stack.TooOpen, Severity: report.Error,
			Ref: fetchCredentials, Run: runReflectedOrigin},
		{Name: "null-origin", Title: "the origin null is let in", Kind: stack.TooOpen, Severity: report.Error,
			Ref: "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null", Run: runNullOrigin},
		{Name: "pattern-unanchored", Title: "a pattern has no beginning or no end", Kind: stack.TooOpen, Severity: report.Error,
			Ref: corsPackage, Run: runPatternUnanchored},
		{Name: "pattern-dot", Title: "a dot in a pattern stands for any character", Kind: stack.TooOpen, Severity: report.Error,
			Ref: corsPackage, Run: runPatternDot},
		{Name: "shared-hosting", Title: "anybody can have a name that a pattern lets in", Kind: stack.TooOpen, Severity: report.Error,
			Ref: "https://publicsuffix.org/learn/", Run: runSharedHosting},
		{Name: "insecure-origin", Title: "pages of http are let in with credentials", Kind: stack.TooOpen, Severity: report.Warning,
			Ref: "https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy", Run: runInsecureOrigin},
		{Name: "development-origin", Title: "an origin of development is let in beside those of production", Kind: stack.TooOpen, Severity: report.Info,
			Ref: fetchCredentials, Run: runDevelopmentOrigin},

		{Name: "wildcard-credentials", Title: "any origin together with credentials", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: fetchCredentials, Run: runWildcardCredentials},
		{Name: "origin-list", Title: "several origins in one header", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: fetchCheck, Run: runOriginList},
		{Name: "origin-syntax", Title: "a value that no page has as its origin", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: fetchCheck, Run: runOriginSyntax},
		{Name: "credentials-value", Title: "a value of Access-Control-Allow-Credentials other than true", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: fetchCredentials, Run: runCredentialsValue},
		{Name: "method-case", Title: "a method in lower case", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: fetchPreflight, Run: runMethodCase},
		{Name: "wildcard-list-credentials", Title: "a * in a list together with credentials", Kind: stack.WillNotWork, Severity: report.Warning,
			Ref: fetchCredentials, Run: runWildcardListCredentials},
		{Name: "authorization-wildcard", Title: "a * does not stand for Authorization", Kind: stack.WillNotWork, Severity: report.Info,
			Ref: fetchPreflight, Run: runAuthorizationWildcard},
		{Name: "max-age", Title: "a time that browsers do not keep to", Kind: stack.WillNotWork, Severity: report.Info,
			Unshown: "pages work; preflights are only asked more often than is meant",
			Ref:     "https://fetch.spec.whatwg.org/#cors-preflight-cache", Run: runMaxAge},
		{Name: "vary-missing", Title: "answers that depend on the origin do not say so", Kind: stack.WillNotWork, Severity: report.Warning,
			Unshown: "what goes wrong is in a cache between, which has an answer for another page",
			Ref:     fetchCaches, Run: runVaryMissing},

		{Name: "middleware-not-called", Title: "the middleware is given where its result belongs", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: corsPackage, Run: runNotCalled},
		{Name: "middleware-order", Title: "routes stand before the CORS headers", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: corsPackage, Run: runOrder},
		{Name: "preflight-authentication", Title: "preflights are asked to sign in", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: fetchPreflight, Run: runPreflightAuthentication},
		{Name: "preflight-unanswered", Title: "nothing answers preflights", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: "https://github.com/expressjs/cors#enabling-cors-pre-flight", Run: runPreflightUnanswered},
		{Name: "preflight-overruled", Title: "another policy answers the preflight", Kind: stack.WillNotWork, Severity: report.Warning,
			Ref: corsPackage, Run: runPreflightOverruled},
		{Name: "options-branch", Title: "the branch for OPTIONS loses the CORS headers, or alone has them", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: fetchPreflight, Run: runOptionsBranch},
		{Name: "options-path", Title: "a path of Express 4 stops Express 5 at its start", Kind: stack.WillNotWork, Severity: report.Info,
			Unshown: "the server does not start, and says why", Ref: "https://expressjs.com/en/guide/migrating-5.html#path-syntax", Run: runOptionsPath},
		{Name: "methods-missing", Title: "a route has a method that preflights do not allow", Kind: stack.WillNotWork, Severity: report.Warning,
			Ref: fetchPreflight, Run: runMethodsMissing},
		{Name: "path-too-narrow", Title: "the CORS headers are for one path, and not for those below it", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: "https://hono.dev/docs/guides/middleware", Run: runPathTooNarrow},
		{Name: "expose-missing", Title: "a page reads a header that is not exposed", Kind: stack.WillNotWork, Severity: report.Warning,
			Ref: fetchExpose, Run: runExposeMissing},
		{Name: "credentials-missing", Title: "a page sends credentials that the server does not allow", Kind: stack.WillNotWork, Severity: report.Warning,
			Ref: fetchCredentials, Run: runCredentialsMissing},
		{Name: "handler-without-options", Title: "a handler sets CORS headers, and nothing does for its preflight", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: "https://nextjs.org/docs/app/api-reference/file-conventions/route#cors", Run: runHandlerWithoutOptions},
		{Name: "entry-overwritten", Title: "a later entry takes the place of an origin", Kind: stack.WillNotWork, Severity: report.Error,
			Ref: "https://nextjs.org/docs/app/api-reference/config/next-config-js/headers#header-overriding-behavior", Run: runEntryOverwritten},
		{Name: "origin-error", Title: "requests without an origin are answered with an error", Kind: stack.WillNotWork, Severity: report.Warning,
			Unshown: "no page is hurt: browsers send an origin wherever CORS is asked for",
			Ref:     corsPackage, Run: runOriginError},
	}
}
