package policyfile

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/report"
)

// policyName is what a policy can be called.
const policyName = `^[A-Za-z0-9_][A-Za-z0-9_.-]*$`

// isPolicyName is policyName, compiled. It is read-only.
var isPolicyName = regexp.MustCompile(policyName)

// A rawPolicy is a policy as the file has it: what each field says, and where.
type rawPolicy struct {
	at                                      place // of its name
	preset                                  word
	origins, methods                        items
	requestHeaders, responseHeaders         items
	credentials                             flag
	maxAge                                  age
	null, anyOriginCredentials, anyInsecure flag
	suffixes                                items
}

// keys are those of a policy; of an environment's none is required.
func (p *rawPolicy) keys(r *reader, required bool) []key {
	list := func(to *items, what string, most int) func(value) {
		return func(v value) { *to = r.items(v, what, most) }
	}
	is := func(to *flag, what string) func(value) {
		return func(v value) { *to = r.flag(v, what) }
	}
	return []key{
		{name: "origins", required: required, schema: listOf(text(originSchema)), read: list(&p.origins, "an origin", maxOrigins),
			doc: "The origins whose pages may read responses: https://app.example, https://*.app.example (not the apex), https://pr-*.app.example, http://localhost:*, http://localhost:[3000,5173], or \"*\" alone for any."},
		{name: "methods", schema: listOf(text(methodSchema)), read: list(&p.methods, "a method", maxNames),
			doc: "The methods that pages may use beside GET, HEAD and POST, which need no permission. \"*\" is any."},
		{name: "request_headers", schema: listOf(text(headerSchema)), read: list(&p.requestHeaders, "a header name", maxNames),
			doc: "The headers that pages may set. \"*\" is any, without credentials Authorization excepted."},
		{name: "response_headers", schema: listOf(text(headerSchema)), read: list(&p.responseHeaders, "a header name", maxNames),
			doc: "The headers that pages may read beside those that they always may. \"*\" is all, without credentials only."},
		{name: "credentials", schema: boolean(), read: is(&p.credentials, "credentials"),
			doc: "Whether requests may carry cookies, client certificates or HTTP authentication. Default false."},
		{name: "max_age", schema: durationSchema(0), read: func(v value) { p.maxAge = r.age(v) },
			doc: "How long browsers may keep the answer to a preflight: a duration such as 10m or 24h, or whole seconds; 0 forbids it. Without it browsers keep it for 5 seconds."},
		{name: "preset", schema: oneOf(cors.Presets()), read: func(v value) { p.preset = r.preset(v) },
			doc: "A protocol whose methods and headers are added: " + oneOfWords(cors.Presets()) + "."},
		{name: "dangerously_allow_null", schema: boolean(), read: is(&p.null, "dangerously_allow_null"),
			doc: "Allows the origin null, which any page can have by way of a sandboxed frame. Not with credentials."},
		{name: "dangerously_allow_any_origin_with_credentials", schema: boolean(), read: is(&p.anyOriginCredentials, "dangerously_allow_any_origin_with_credentials"),
			doc: "Allows \"*\" with credentials: any site can then read every response as the signed-in user."},
		{name: "dangerously_allow_insecure_origins", schema: boolean(), read: is(&p.anyInsecure, "dangerously_allow_insecure_origins"),
			doc: "Allows http origins with credentials: whoever is on the network can then act as the signed-in user."},
		{name: "dangerously_allow_public_suffixes", schema: listOf(text("")), read: list(&p.suffixes, "a public suffix", maxNames),
			doc: "Public suffixes (vercel.app) below which a wildcard is allowed with credentials: whoever registers a name there can then act as the signed-in user."},
	}
}

func (r *reader) readPolicies(v value) map[string]*rawPolicy {
	policies := map[string]*rawPolicy{}
	if v.node == nil {
		return policies
	}
	ok := r.entries(v, "policies", func(name string, at place, item value) {
		switch {
		case name == None:
			r.add(at, report.Error, "policy-name", "no policy can be called none: on a route it means that there is none", "write another name")
		case !isPolicyName.MatchString(name):
			r.add(at, report.Error, "policy-name", show(name)+" is not a name for a policy: letters, digits, dots, hyphens and underscores", "write another name")
		case len(policies) == maxPolicies:
			r.add(at, report.Error, "too-large", "the file has more than "+strconv.Itoa(maxPolicies)+" policies", "split the file")
		default:
			p := &rawPolicy{at: at}
			policies[name] = p
			if !r.mapping(item, at, "policy "+name, p.keys(r, true)) {
				p.origins.broken = true
			}
		}
	})
	if ok && len(v.node.Content) == 0 {
		r.wrong(v, "missing-key", "add one: app: {origins: [...]}", "there is no policy")
	}
	return policies
}

// config is the policy for the library, with what its preset adds at the ends of the lists.
func (p *rawPolicy) config() cors.Config {
	c := cors.Config{
		Origins: p.origins.texts(), Methods: p.methods.texts(), RequestHeaders: p.requestHeaders.texts(), ResponseHeaders: p.responseHeaders.texts(),
		Credentials: p.credentials.is, MaxAge: p.maxAge.duration,
		DangerouslyAllowNull: p.null.is, DangerouslyAllowAnyOriginWithCredentials: p.anyOriginCredentials.is,
		DangerouslyAllowInsecureOrigins: p.anyInsecure.is, DangerouslyAllowPublicSuffixes: p.suffixes.texts(),
	}
	if more, ok := cors.Preset(p.preset.text); ok {
		c.Methods = with(c.Methods, more.Methods, func(a, b string) bool { return a == b })
		c.RequestHeaders = with(c.RequestHeaders, more.RequestHeaders, header.EqualFold)
		c.ResponseHeaders = with(c.ResponseHeaders, more.ResponseHeaders, header.EqualFold)
	}
	return c
}

// with is a list with those of another that it lacks; a list that has everything lacks none.
func with(list, more []string, equal func(a, b string) bool) []string {
	for _, text := range more {
		if !slices.ContainsFunc(list, func(there string) bool { return there == "*" || equal(there, text) }) {
			list = append(list, text)
		}
	}
	return list
}

// compiled are the policies of a file, and what is different in its environments.
type compiled struct {
	used         string // the name of the environment that is used, empty for none
	policies     map[string]*cors.Policy
	environments []environment
	overlays     map[string]map[string]*cors.Policy // by environment
}

// in is a policy as an environment has it, empty for the one that is used. It is nil when there is none of the name, or something
// is wrong with it.
func (c *compiled) in(env, name string) *cors.Policy {
	if env == "" {
		env = c.used
	}
	if p, ok := c.overlays[env][name]; ok {
		return p
	}
	return c.policies[name]
}

// compile makes the policies, those of every environment too: what is wrong in one that is not used is wrong all the same.
func (r *reader) compile(policies map[string]*rawPolicy, environments []environment) *compiled {
	r.broken = map[place]bool{}
	for i := range r.findings {
		r.broken[place{r.findings[i].Line, r.findings[i].Column}] = true
	}
	c := &compiled{used: r.options.Env, policies: map[string]*cors.Policy{}, environments: environments, overlays: map[string]map[string]*cors.Policy{}}
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		c.policies[name] = r.compileOne(policies[name], "")
	}
	for i := range environments {
		e := &environments[i]
		overlay := map[string]*cors.Policy{}
		for _, name := range slices.Sorted(maps.Keys(e.policies)) {
			overlay[name] = r.compileOne(policies[name].over(e.policies[name]), e.name)
		}
		c.overlays[e.name] = overlay
	}
	return c
}

// compileOne makes a policy and tells what is wrong with it and what is likely to surprise; nil when something is wrong.
func (r *reader) compileOne(raw *rawPolicy, env string) *cors.Policy {
	if r.tooLarge || r.dropped {
		return nil // that was told, and there is no end of what else could be
	}
	c := raw.config()
	r.compiled += len(c.Origins) + len(c.Methods) + len(c.RequestHeaders) + len(c.ResponseHeaders)
	if r.compiled > maxCompiled {
		r.add(raw.at, report.Error, "too-large", "the policies of all environments together have too many entries", "split the file")
		return nil
	}
	p, err := cors.New(c)
	warnings := []cors.Problem(nil)
	if e, ok := errors.AsType[*cors.ConfigError](err); ok {
		r.problems += len(e.Problems)
		for i := range e.Problems {
			r.problem(raw, &e.Problems[i], report.Error, env)
		}
		warnings = e.Warnings
	} else {
		warnings = p.Warnings()
	}
	for i := range warnings {
		r.problem(raw, &warnings[i], report.Warning, env)
	}
	if r.problems += len(warnings); r.problems > maxProblems {
		r.dropped = true // policies that share a list by an alias share its problems, which are told once
	}
	return p
}
