package policyfile_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/policyfile"
)

// compiled is the schema, as a validator of another house reads it. It checks the schema against its meta-schema.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(policyfile.Schema())
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("concors.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("concors.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// instance is a policy file as JSON.
func instance(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := yaml.Load([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSchemaTakesValidFiles(t *testing.T) {
	schema := compiled(t)
	paths, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(instance(t, string(data))); err != nil {
				t.Error(err)
			}
		})
	}
}

// What the schema refuses, the program refuses as well.
func TestSchemaRefusesMistakes(t *testing.T) {
	schema := compiled(t)
	const policy = "version: 1\npolicies:\n  app:\n    origins: [https://app.example]\n"
	for _, row := range []struct{ name, text string }{
		{"no version", "policies: {app: {origins: [https://app.example]}}"},
		{"another version", "version: 2\npolicies: {app: {origins: [https://app.example]}}"},
		{"no policies", "version: 1"},
		{"an unknown key", policy + "route: []"},
		{"an unknown key of a policy", policy + "    orgins: []"},
		{"no origins", "version: 1\npolicies: {app: {}}"},
		{"none for a name", "version: 1\npolicies: {none: {origins: [https://app.example]}}"},
		{"a name with a space", "version: 1\npolicies: {a b: {origins: [https://app.example]}}"},
		{"a text for a list", "version: 1\npolicies: {app: {origins: https://app.example}}"},
		{"null for an origin", "version: 1\npolicies: {app: {origins: [null]}}"},
		{"an origin with a path", "version: 1\npolicies: {app: {origins: [https://app.example/]}}"},
		{"an origin without a scheme", "version: 1\npolicies: {app: {origins: [app.example]}}"},
		{"an origin in upper case", "version: 1\npolicies: {app: {origins: [https://App.example]}}"},
		{"several methods in one", policy + "    methods: [\"PUT, DELETE\"]"},
		{"a text for credentials", policy + "    credentials: \"true\""},
		{"an age in words", policy + "    max_age: soon"},
		{"a negative age", policy + "    max_age: -1"},
		{"an unknown preset", policy + "    preset: soap"},
		{"a route without a path", policy + "routes: [{policy: app}]"},
		{"a path without a slash", policy + "routes: [{path: api}]"},
		{"an upstream without a scheme", policy + "routes: [{path: /, upstream: \"127.0.0.1:3000\"}]"},
		{"a test without expectation", policy + "tests: [{name: a, page: https://a.example, request: GET /}]"},
		{"a test that expects something else", policy + "tests: [{name: a, page: https://a.example, request: GET /, expect: maybe}]"},
		{"a request without a path", policy + "tests: [{name: a, page: https://a.example, request: GET, expect: allowed}]"},
		{"routes in an environment", policy + "environments: {dev: {routes: []}}"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := schema.Validate(instance(t, row.text)); err == nil {
				t.Error("the schema takes it")
			}
			if f, _ := load(row.text, ""); f != nil {
				t.Error("the program takes it")
			}
		})
	}
}

// Every key has a description.
func TestSchemaDescribes(t *testing.T) {
	data, err := json.Marshal(policyfile.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties map[string]struct{ Description string }
		Defs       map[string]struct {
			Properties map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	n := 0
	check := func(where string, properties map[string]struct{ Description string }) {
		for name, p := range properties {
			if n++; p.Description == "" {
				t.Errorf("%s %s has no description", where, name)
			}
		}
	}
	check("file", s.Properties)
	for name, d := range s.Defs {
		check(name, d.Properties)
	}
	if n < 40 {
		t.Errorf("got %d keys, want all of them", n)
	}
}
