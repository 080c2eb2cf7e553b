package policyfile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/internal/route"
	"github.com/concors/concors/report"
)

// The bounds of a policy file.
const (
	MaxSize         = 16 << 20  // bytes
	maxNodes        = 1_000_000 // values that are read, those behind aliases each time
	maxFindings     = 1000
	maxProblems     = 20_000 // of policies
	maxGuesses      = 50     // at names of policies that there are not
	maxPolicies     = 1000
	maxEnvironments = 20
	maxOrigins      = 100_000   // of one policy
	maxNames        = 1000      // methods or headers of one policy, headers of a test
	maxCompiled     = 1_000_000 // entries of all policies, those of environments included
	maxRoutes       = 1000
	maxMethods      = 100 // of one route
	maxTests        = 1000
)

// None is what a route has for a policy to switch CORS off; no policy has this name.
const None = "none"

// Options say how to read a file. The zero value has no environment and no variables.
type Options struct {
	// Env names the environment of the file to use, empty for none.
	Env string

	// LookupEnv finds the value of a variable; [os.LookupEnv] does. Nil finds none.
	LookupEnv func(name string) (value string, ok bool)
}

// A File is a policy file that was found good. It is read-only and safe for concurrent use.
type File struct {
	Name     string                  // as it was given
	Policies map[string]*cors.Policy // by name; at least one
	Routes   []Route                 // in the order of the file
	Tests    []Test                  // in the order of the file
	Gateway  Gateway                 // how the gateway serves the routes

	table *route.Table // of Routes
}

// Load reads a file. Name is what findings call it; relative paths in the file are relative to its folder. The findings are
// in the order of the file; if one of them is an error, there is no File.
func Load(name string, data []byte, o Options) (*File, []report.Finding) {
	if o.LookupEnv == nil {
		o.LookupEnv = func(string) (string, bool) { return "", false }
	}
	r := &reader{file: name, options: o}
	var f *File
	if root := r.parse(data); root.node != nil {
		f = r.readFile(root)
	}
	findings := r.sorted()
	if report.Any(findings, report.Error) {
		return nil, findings
	}
	return f, findings
}

// Policy returns a policy by its name, or without a name the only one. The error names those that there are.
func (f *File) Policy(name string) (*cors.Policy, error) {
	names := slices.Sorted(maps.Keys(f.Policies))
	switch p := f.Policies[name]; {
	case p != nil:
		return p, nil
	case name != "":
		return nil, fmt.Errorf("no policy %q: there are %s", name, strings.Join(names, ", "))
	case len(names) == 1:
		return f.Policies[names[0]], nil
	}
	return nil, errors.New("which policy? there are " + strings.Join(names, ", "))
}

// rawFile is a file as it is read, before what its keys say is put together: they come in any order.
type rawFile struct {
	version, policies, routes, gateway, tests, environments value
}

func (f *rawFile) keys() []key {
	return []key{
		{name: "version", required: true, schema: constant(1), read: f.version.set,
			doc: "The version of the format: 1."},
		{name: "policies", required: true, schema: named("policy", policyName), read: f.policies.set,
			doc: "The policies, by name. A name is letters, digits, dots, hyphens and underscores; none is not one."},
		{name: "routes", schema: listOf(reference("route")), read: f.routes.set,
			doc: "Which requests a policy is for, and who answers them."},
		{name: "gateway", schema: reference("gateway"), read: f.gateway.set,
			doc: "How the gateway serves the routes: addresses, certificates, limits."},
		{name: "tests", schema: listOf(reference("test")), read: f.tests.set,
			doc: "What pages may do and may not. They run in memory against the policies of the routes or, without routes, against the only policy."},
		{name: "environments", schema: named("environment", ""), read: f.environments.set,
			doc: "By name, what is different there. One is used when --env names it."},
	}
}

// readFile reads the top level, and everything below in an order in which each part knows those that it names.
func (r *reader) readFile(root value) *File {
	var raw rawFile
	if !r.mapping(root, root.at, "the file", raw.keys()) {
		return nil
	}
	r.readVersion(raw.version)
	f := &File{Name: r.file, Policies: map[string]*cors.Policy{}}
	policies := r.readPolicies(raw.policies)
	environments := r.readEnvironments(raw.environments, policies)
	compiled := r.compile(policies, environments)
	known := slices.Sorted(maps.Keys(policies))
	for _, name := range known {
		f.Policies[name] = compiled.in("", name)
	}
	routes := r.readRoutes(raw.routes, compiled, known)
	for i := range routes {
		f.Routes = append(f.Routes, routes[i].Route)
	}
	r.checkRoutes(f.Routes)
	f.table = tableOf(f.Routes)
	served := r.readServing(raw.gateway, environments)
	f.Gateway = served[0].Gateway
	r.checkTogether(f, routes, served)
	if raw.gateway.node != nil {
		r.checkAnswered(raw.gateway.key, routes)
	}
	f.Tests = r.readTests(raw.tests, f, known)
	return f
}

func (r *reader) readVersion(v value) {
	switch {
	case v.node == nil:
	case v.node.Tag != "!!int" || v.node.Value != "1":
		r.wrong(v, "version-unknown", "write version: 1", "this program reads version 1 of the format, not %s", v.shown())
	}
}
