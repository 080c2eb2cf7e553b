package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
	"github.com/concors/concors/stack/stacktest"
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
	case "haproxy":
		return haproxyMutations()
	case "express":
		return expressMutations()
	case "fastify":
		return fastifyMutations()
	case "hono":
		return honoMutations()
	case "koa":
		return koaMutations()
	}
	return nil
}

// enoughMutations is how many each variant of a stack has at least.
const enoughMutations = 5

// TestMutations: package verify finds each mistake that is made in generated configuration, on the real server, and names it.
// That it finds none without the mistake is for [TestStacks].
func TestMutations(t *testing.T) {
	for _, s := range all.Stacks() {
		if s.Facts.Proof != stack.Proven {
			continue
		}
		for _, v := range s.Facts.Variants {
			list := slices.DeleteFunc(mutationsOf(s.ID), func(m mutation) bool { return m.variant != v.ID })
			if len(list) < enoughMutations {
				t.Errorf("%s %s has %d mutations, want %d", s.ID, v.ID, len(list), enoughMutations)
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
	name := m.sample
	if name == "" {
		name = "several-origins"
	}
	list := samples()
	i := slices.IndexFunc(list, func(s stacktest.Sample) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no policy is named %q", name)
	}
	f, site := load(t, list[i], serve(t, stacks.Application()), t.TempDir())
	files := generate(t, s, site, stack.Options{Variant: m.variant})
	changed := 0
	for i := range files {
		changed += strings.Count(files[i].Text, m.old)
		files[i].Text = strings.ReplaceAll(files[i].Text, m.old, m.new)
	}
	if changed == 0 || m.old == m.new {
		t.Fatalf("nothing was changed: %q is not in the generated files", m.old)
	}
	got := failures(verified(t, f, start(t, s, files)))
	if !slices.Contains(got, m.want) {
		t.Errorf("got failures %q, want %q among them", got, m.want)
	}
}
