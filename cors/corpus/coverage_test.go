package corpus_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/corpus"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/internal/spec"
)

func TestEveryFailureHasACase(t *testing.T) {
	seen := map[fetch.FailureID]bool{}
	for _, c := range corpus.Cases() {
		for i := range c.Fetches {
			for _, p := range fetch.Profiles() {
				seen[c.Fetches[i].Want(p.Name).Failure] = true
			}
		}
	}
	for _, id := range fetch.FailureIDs() {
		if !seen[id] {
			t.Errorf("no case comes to %s", id)
		}
	}
}

func TestEveryInitiatorHasACase(t *testing.T) {
	seen := map[fetch.Initiator]bool{}
	for _, c := range corpus.Cases() {
		for i := range c.Fetches {
			seen[c.Fetches[i].Request.Initiator] = true
		}
	}
	for _, i := range fetch.Initiators() {
		if !seen[i] {
			t.Errorf("no case is about initiator %s", i)
		}
	}
}

// TestEverySwitchHasACase holds the profiles to the corpus: a switch by which a browser departs from the Standard changes
// what comes of a case when it is turned back, and any other changes it in some browser when it is turned.
func TestEverySwitchHasACase(t *testing.T) {
	cases := corpus.Cases()
	standard := fetch.Standard()
	as := make([][]string, len(fetch.Profiles()))
	for j, profile := range fetch.Profiles() {
		for i := range cases {
			as[j] = append(as[j], strings.Join(problems(&cases[i], profile), "\n"))
		}
	}
	of := reflect.TypeFor[fetch.Profile]()
	for i := range of.NumField() {
		if of.Field(i).Name == "Name" {
			continue
		}
		t.Run(of.Field(i).Name, func(t *testing.T) {
			proved := false
			for j, profile := range fetch.Profiles() {
				for _, value := range alternatives(of.Field(i), i) {
					if reflect.DeepEqual(value.Interface(), reflect.ValueOf(profile).Field(i).Interface()) {
						continue
					}
					turned := profile
					reflect.ValueOf(&turned).Elem().Field(i).Set(value)
					found := changes(cases, turned, as[j])
					proved = proved || found != ""
					back := reflect.DeepEqual(value.Interface(), reflect.ValueOf(standard).Field(i).Interface())
					if back && found == "" {
						t.Errorf("%s: no case changes when it is as in the Standard", profile.Name)
					}
				}
			}
			if !proved {
				t.Errorf("no case changes, whatever it is")
			}
		})
	}
}

// changes returns the first case in which not the same differs from what is wanted as before.
func changes(cases []corpus.Case, profile fetch.Profile, before []string) string {
	for i := range cases {
		if strings.Join(problems(&cases[i], profile), "\n") != before[i] {
			return cases[i].Name
		}
	}
	return ""
}

// alternatives are the values that a switch can have: those of the four profiles and, where it is a yes or no or one of
// several rules, all of them.
func alternatives(field reflect.StructField, index int) []reflect.Value {
	var values []reflect.Value
	add := func(v reflect.Value) {
		if !slices.ContainsFunc(values, func(o reflect.Value) bool { return reflect.DeepEqual(o.Interface(), v.Interface()) }) {
			values = append(values, v)
		}
	}
	for _, p := range fetch.Profiles() {
		add(reflect.ValueOf(p).Field(index))
	}
	if field.Type.Kind() == reflect.Bool {
		add(reflect.ValueOf(true))
		add(reflect.ValueOf(false))
	}
	return values
}

func TestStepsAreTheStandards(t *testing.T) {
	steps := map[string][]string{}
	for _, a := range spec.Algorithms() {
		steps[a.ID] = a.Steps
	}
	unknown := map[string]string{}
	for _, c := range corpus.Cases() {
		for _, profile := range fetch.Profiles() {
			traces, err := c.Run(profile)
			if err != nil {
				continue // TestModel says so
			}
			for _, trace := range traces {
				for _, s := range trace.Steps {
					known, ok := steps[s.Algorithm]
					if !ok || len(known) > 0 && !slices.Contains(known, s.Number) {
						unknown[s.Algorithm+" "+s.Number] = fmt.Sprintf("%s in %s", c.Name, profile.Name)
					}
				}
			}
		}
	}
	for _, step := range slices.Sorted(maps.Keys(unknown)) {
		t.Errorf("the Standard has no step %s: %s", step, unknown[step])
	}
}

func TestDeviationsAreOfCases(t *testing.T) {
	cases := corpus.Cases()
	for _, d := range corpus.Deviations() {
		if !slices.ContainsFunc(cases, func(c corpus.Case) bool { return c.Name == d.Case }) {
			t.Errorf("a deviation of %s, which is no case", d.Case)
		}
	}
}

// TestEachCaseIsItsOwn finds cases that ask the same of the same.
func TestEachCaseIsItsOwn(t *testing.T) {
	seen := map[string]string{}
	for _, c := range corpus.Cases() {
		key := fmt.Sprintf("%v %+v", c.Pages, describe(&c))
		if other, ok := seen[key]; ok {
			t.Errorf("%s is the same as %s", c.Name, other)
		}
		seen[key] = c.Name
	}
}

func describe(c *corpus.Case) string {
	var out string
	for i := range c.Fetches {
		f := &c.Fetches[i]
		request := f.Request
		request.Stored = nil
		out += fmt.Sprintf("%s %d %+v %+v", f.At, f.Page, request, f.Request.Stored)
		for _, p := range fetch.Profiles() {
			out += fmt.Sprintf(" %+v", f.Responses(p.Name))
		}
	}
	return out
}
