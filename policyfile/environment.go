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
}

func (e *environment) keys(r *reader, known map[string]*rawPolicy) []key {
	return []key{
		{name: "policies", schema: named("overlay", ""), read: func(v value) { r.overlays(v, e, known) },
			doc: "The policies that are different, each with the keys that replace its own."},
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
			r.lenient = name != r.options.Env
			r.mapping(item, at, "environment "+name, e.keys(r, known))
			r.lenient = false
			list = append(list, e)
		})
	}
	if env := r.options.Env; env != "" && !slices.ContainsFunc(list, func(e environment) bool { return e.name == env }) {
		names := make([]string, len(list))
		for i := range list {
			names[i] = list[i].name
		}
		fix := "use the file without an environment; it has none"
		if len(names) > 0 {
			fix = "use " + oneOfWords(names)
		}
		at := v.key
		if v.node == nil {
			at = place{1, 1}
		}
		r.add(at, report.Error, "environment-unknown", "the file has no environment "+show(env), fix)
	}
	return list
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
