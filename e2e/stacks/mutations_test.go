package stacks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
	"github.com/concors/concors/stack/stacktest"
	"github.com/concors/concors/verify"
)

// A mutation breaks what is generated for a stack in one way.
type mutation struct {
	name     string
	variant  string // of the stack; empty where there is only one
	sample   string // the policy; empty for several-origins
	old, new string // what stands there, wherever it does, and what comes instead
	want     string // the check of package verify that fails
}

// mutationsOf are the mutations of a stack.
func mutationsOf(id string) []mutation {
	switch id {
	case "nginx":
		return nginxMutations()
	case "apache":
		return apacheMutations()
	case "haproxy":
		return haproxyMutations()
	case "caddy":
		return caddyMutations()
	case "express":
		return expressMutations()
	case "fastify":
		return fastifyMutations()
	case "hono":
		return honoMutations()
	case "koa":
		return koaMutations()
	case "nextjs":
		return nextjsMutations()
	case "go":
		return goMutations()
	case "go-rs-cors":
		return goRSMutations()
	}
	return nil
}

// enoughMutations is how many each variant of a stack has at least.
const enoughMutations = 5

// TestMutations: package verify finds each mistake that is made in generated configuration, on the real server, and names it.
// That it finds none without the mistake is for [TestStacks].
func TestMutations(t *testing.T) {
	for _, s := range all.Stacks() {
		if s.Facts.Proof != stack.Proven || s.Facts.OnlySameOrigin != "" {
			continue
		}
		for _, v := range s.Facts.Variants {
			list := mutationsOfVariant(&s, &v)
			if len(list) < enoughMutations {
				t.Errorf("%s %s has %d mutations, want %d", s.ID, v.ID, len(list), enoughMutations)
			}
			if stacks.IsSlow(&s) {
				t.Run(s.ID+"/"+v.ID, func(t *testing.T) { testMutationsTogether(t, &s, &v, list) })
				continue
			}
			for _, m := range list {
				t.Run(strings.ReplaceAll(s.ID+"/"+v.ID+"/"+m.name, "//", "/"), func(t *testing.T) {
					t.Parallel()
					testMutation(t, &s, &m)
				})
			}
		}
	}
}

func testMutation(t *testing.T, s *stack.Stack, m *mutation) {
	f, files := m.apply(t, s, serve(t, stacks.Application()))
	m.check(t, verified(t, f, start(t, s, files)))
}

// testMutationsTogether is testMutation for all mutations of a variant, on the server that [startTogether] starts.
func testMutationsTogether(t *testing.T, s *stack.Stack, v *stack.Variant, list []mutation) {
	running, _ := startTogether(t, s, v)
	for i := range list {
		t.Run(list[i].name, func(t *testing.T) {
			f, _ := list[i].apply(t, s, nowhere)
			list[i].check(t, verified(t, f, siteOf(t, running, mutationSite(i))))
		})
	}
}

// mutationSite names the site of a mutation of a variant on its server.
func mutationSite(i int) string { return fmt.Sprintf("mutation-%d", i) }

// mutationsOfVariant are those of one variant of a stack.
func mutationsOfVariant(s *stack.Stack, v *stack.Variant) []mutation {
	return slices.DeleteFunc(mutationsOf(s.ID), func(m mutation) bool { return m.variant != v.ID })
}

// apply generates the files for the policy of the mutation, and breaks them.
func (m *mutation) apply(t *testing.T, s *stack.Stack, application string) (*policyfile.File, []stack.File) {
	t.Helper()
	name := m.sample
	if name == "" {
		name = "several-origins"
	}
	list := samples()
	i := slices.IndexFunc(list, func(s stacktest.Sample) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no policy is named %q", name)
	}
	f, site := load(t, list[i], application, t.TempDir())
	files := generate(t, s, site, stack.Options{Variant: m.variant})
	changed := 0
	for i := range files {
		changed += strings.Count(files[i].Text, m.old)
		files[i].Text = strings.ReplaceAll(files[i].Text, m.old, m.new)
	}
	if changed == 0 || m.old == m.new {
		t.Fatalf("%s: nothing was changed: %q is not in the generated files", m.name, m.old)
	}
	return f, files
}

// check wants the check that the mutation is about among those that fail.
func (m *mutation) check(t *testing.T, results []*verify.Result) {
	t.Helper()
	if got := failures(results); !slices.Contains(got, m.want) {
		t.Errorf("got failures %q, want %q among them", got, m.want)
	}
}
