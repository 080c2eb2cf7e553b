package policyfile

import (
	"maps"
	"slices"
	"strconv"

	"github.com/concors/concors/report"
)

// An environment is what is different in one.
type environment struct {
	name     string
	policies map[string]*rawPolicy
	gateway  *rawGateway     // nil for that of the file
	unset    []unsetVariable // in policies, when it is not the one that is used
}

func (e *environment) keys(r *reader, known map[string]*rawPolicy) []key {
	return []key{
		{name: "policies", schema: named("overlay", ""), read: func(v value) { r.overlays(v, e, known) },
			doc: "The policies that are different, each with the keys that replace its own."},
		{name: "gateway", schema: reference("gateway"), read: func(v value) { r.overlayGateway(v, e) },
			doc: "What is different about serving: the keys that replace those of the file's gateway."},
	}
}

func (r *reader) readEnvironments(v value, known map[string]*rawPolicy) []environment {
	var list []environment
	if v.node != nil {
		r.entries(v, "environments", func(name string, at place, item value) {
			if len(list) == maxEnvironments {
				r.add(at, report.Error, "too-large", "the file has more than "+strconv.Itoa(maxEnvironments)+" environments", "split the file")
				return
			}
			e := environment{name: name, policies: map[string]*rawPolicy{}}
			if name != r.options.Env {
				r.unset = &e.unset
			}
			r.mapping(item, at, "environment "+name, e.keys(r, known))
			r.unset = nil
			list = append(list, e)
		})
	}
	if env := r.options.Env; env != "" && !slices.ContainsFunc(list, func(e environment) bool { return e.name == env }) {
		at := v.key
		if v.node == nil {
			at = place{1, 1}
		}
		fix := "use the file without an environment; it has none"
		if len(list) > 0 {
			fix = "use " + oneOfWords(namesOf(list))
		}
		r.unknownEnvironment(at, env, fix)
	}
	return list
}

func (r *reader) unknownEnvironment(at place, name, fix string) {
	r.add(at, report.Error, "environment-unknown", "the file has no environment "+show(name), fix)
}

func namesOf(list []environment) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].name
	}
	return names
}

// overlayGateway reads what is different about serving in an environment.
func (r *reader) overlayGateway(v value, e *environment) {
	e.gateway = new(rawGateway)
	r.mapping(v, v.key, "the gateway", e.gateway.keys())
}

// useEnvironment tells what was let pass because nobody used the environment. It reports whether there is one of the name.
func (r *reader) useEnvironment(v value, name string, c *compiled) bool {
	i := slices.IndexFunc(c.environments, func(e environment) bool { return e.name == name })
	if i < 0 {
		fix := "leave it out; the file has none"
		if len(c.environments) > 0 {
			fix = "write " + oneOfWords(namesOf(c.environments))
		}
		r.unknownEnvironment(v.at, name, fix)
		return false
	}
	for _, u := range c.environments[i].unset {
		r.missing(u)
	}
	c.environments[i].unset = nil
	return true
}

// overlays reads the policies of an environment.
func (r *reader) overlays(v value, e *environment, known map[string]*rawPolicy) {
	r.entries(v, "policies", func(name string, at place, item value) {
		if known[name] == nil {
			r.unknownPolicy(at, name, slices.Sorted(maps.Keys(known)))
			return
		}
		p := &rawPolicy{at: at}
		e.policies[name] = p
		r.mapping(item, at, "policy "+name, p.keys(r, false))
	})
}

// over is a policy with the fields of another in the place of its own.
func (p rawPolicy) over(with *rawPolicy) *rawPolicy {
	for _, f := range []struct{ to, from *items }{
		{&p.origins, &with.origins}, {&p.methods, &with.methods}, {&p.requestHeaders, &with.requestHeaders},
		{&p.responseHeaders, &with.responseHeaders}, {&p.suffixes, &with.suffixes},
	} {
		if f.from.set {
			*f.to = *f.from
		}
	}
	for _, f := range []struct{ to, from *flag }{
		{&p.credentials, &with.credentials}, {&p.null, &with.null}, {&p.anyOriginCredentials, &with.anyOriginCredentials},
		{&p.anyInsecure, &with.anyInsecure},
	} {
		if f.from.set {
			*f.to = *f.from
		}
	}
	if with.maxAge.set {
		p.maxAge = with.maxAge
	}
	if with.preset.set {
		p.preset = with.preset
	}
	return &p
}
