package policyfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/report"
)

// problem tells what the library says about a policy, at the very place that it is about and in the words of the file.
func (r *reader) problem(p *rawPolicy, problem *cors.Problem, severity report.Severity, env string) {
	if r.dropped {
		return
	}
	if problem.Reason == cors.OriginsMissing && (!p.origins.set || p.origins.broken) {
		return // that the list is missing, or what is wrong in it, was told
	}
	at, key := p.placeOf(problem)
	if r.broken[at] {
		return // one mistake is told once
	}
	subject := key
	if problem.Index >= 0 {
		subject = show(problem.Value)
	}
	why, fix := inFileWords(problem.Why), inFileWords(problem.Fix)
	switch {
	case problem.Field == "MaxAge":
		why = strings.Replace(why, problem.Value, shortDuration(problem.Value), 1)
		fix = "write " + shortDuration(problem.Suggestion)
	case problem.Suggestion != "" && fix != "":
		fix += ", such as " + quoted(problem.Suggestion)
	case problem.Suggestion != "":
		fix = "write " + quoted(problem.Suggestion)
	}
	r.tellIn(env, at, severity, ruleOf(problem.Reason), subject+": "+why, fix)
}

// shortDuration is a duration as a person writes it: 48h for 48h0m0s.
func shortDuration(s string) string {
	if short, ok := strings.CutSuffix(s, "m0s"); ok {
		s = short + "m"
	}
	if short, ok := strings.CutSuffix(s, "h0m"); ok {
		s = short + "h"
	}
	return s
}

// placeOf is where the value stands that a problem is about, and the key of the field.
func (p *rawPolicy) placeOf(problem *cors.Problem) (at place, key string) {
	list := func(l *items, key string) (place, string) {
		switch {
		case problem.Index >= len(l.list):
			return p.preset.at, key // what the preset adds stands behind the policy's own
		case problem.Index >= 0:
			return l.list[problem.Index].at, key
		case l.set:
			return l.at, key
		}
		return p.at, key
	}
	is := func(f *flag, key string) (place, string) {
		if f.set {
			return f.at, key
		}
		return p.at, key
	}
	switch problem.Field {
	case "Origins":
		return list(&p.origins, "origins")
	case "Methods":
		return list(&p.methods, "methods")
	case "RequestHeaders":
		return list(&p.requestHeaders, "request_headers")
	case "ResponseHeaders":
		return list(&p.responseHeaders, "response_headers")
	case "Credentials":
		return is(&p.credentials, "credentials")
	case "MaxAge":
		return p.maxAge.at, "max_age"
	case "DangerouslyAllowNull":
		return is(&p.null, "dangerously_allow_null")
	case "DangerouslyAllowAnyOriginWithCredentials":
		return is(&p.anyOriginCredentials, "dangerously_allow_any_origin_with_credentials")
	case "DangerouslyAllowInsecureOrigins":
		return is(&p.anyInsecure, "dangerously_allow_insecure_origins")
	case "DangerouslyAllowPublicSuffixes":
		return list(&p.suffixes, "dangerously_allow_public_suffixes")
	}
	return p.at, problem.Field
}

// inFileWords says what the library says with the keys of the file. Values of the file are no part of it where a word of
// Go's is.
func inFileWords(text string) string {
	return strings.NewReplacer("Credentials", "credentials", "NoPreflightCache", "0").Replace(text)
}

// ruleOf is the name of a rule; the reasons of origin patterns are words too short to stand alone.
func ruleOf(reason cors.Reason) string {
	if slices.Contains(origin.PatternReasons(), origin.PatternReason(reason)) {
		return "origin-" + string(reason)
	}
	return string(reason)
}

// referenceOf is where to read on about a rule.
func referenceOf(rule string) string {
	const docs = "https://github.com/concors/concors/blob/main/docs/policy.md#"
	switch cors.Reason(rule) {
	case cors.AnyOriginCredentials, cors.ExposeAllCredentials, cors.WarnAnyMethodCredentials, cors.WarnAnyHeaderCredentials:
		return "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"
	case cors.PublicSuffix, cors.WarnPublicSuffix, cors.DangerNotPublicSuffix:
		return "https://publicsuffix.org/list/"
	case cors.InsecureOrigin:
		return "https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy"
	case cors.NullCredentials:
		return "https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque"
	case cors.MethodNotToken, cors.HeaderNotToken:
		return "https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2"
	case cors.MethodForbidden:
		return "https://fetch.spec.whatwg.org/#forbidden-method"
	case cors.MethodNormalized, cors.WarnMethodCase:
		return "https://fetch.spec.whatwg.org/#concept-method-normalize"
	case cors.WarnHeaderForbidden:
		return "https://fetch.spec.whatwg.org/#forbidden-request-header"
	case cors.WarnExposeForbidden:
		return "https://fetch.spec.whatwg.org/#forbidden-response-header-name"
	case cors.WarnHeaderOfResponse, cors.WarnAuthorizationNotCovered, cors.WarnMaxAgeCapped, cors.MaxAgeNegative, cors.MaxAgeFraction:
		return "https://fetch.spec.whatwg.org/#http-responses"
	}
	section, _, _ := strings.Cut(rule, "-")
	switch section {
	case "origin", "origins", "any", "max":
		return docs + "policies"
	case "route", "path", "host":
		return docs + "routes"
	case "upstream", "health", "files", "redirect", "account", "forward", "header", "rewrite":
		return docs + "answers"
	case "gateway", "address", "admin", "tls", "acme", "proxy", "access":
		return docs + "gateway"
	case "test":
		return docs + "tests"
	case "environment", "variable":
		return docs + "environments-and-variables"
	case "yaml":
		return docs + "yaml"
	}
	return docs + "the-file"
}

// isTold reports whether there is a finding like this already.
func (r *reader) isTold(at place, rule, message string) bool {
	return r.told[tellID(at, rule, message)]
}

func tellID(at place, rule, message string) string {
	return strconv.Itoa(at.line) + ":" + strconv.Itoa(at.column) + " " + rule + " " + message
}
