package stacks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"github.com/santhosh-tekuri/jsonschema/v6"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/yaml"

	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/gatewayapi"
)

// TestPublishedHTTPRoute: generated HTTPRoutes are what the Gateway API publishes: its Go types take them, unknown and repeated
// keys refused, and so do the schema and the rules by which an API server judges them.
func TestPublishedHTTPRoute(t *testing.T) {
	p := publishedHTTPRoute(t)
	s := gatewayapi.Stack()
	if got := strings.TrimPrefix(p.version, "v"); got != s.Facts.Tested {
		t.Errorf("got version %s, and the facts say %s", got, s.Facts.Tested)
	}
	taken := 0
	for _, sample := range append(httpRouteSamples(), manyRoutes()) {
		t.Run(sample.Name, func(t *testing.T) {
			f, err := sample.Load("http://users.default.svc:8080", "")
			if err != nil {
				t.Fatal(err)
			}
			site, err := stack.NewSite(f, "")
			if err != nil {
				t.Fatal(err)
			}
			files, findings := stack.Generate(&s, site, stack.Options{})
			if len(files) == 0 {
				t.Skipf("refused: %+v", findings)
			}
			taken++
			for _, document := range documents(files[0].Text) {
				for _, problem := range p.problems(document) {
					t.Error(problem)
				}
			}
		})
	}
	if taken < 7 {
		t.Errorf("got HTTPRoutes for %d samples only", taken)
	}
}

// TestPublishedHTTPRouteRefuses: the check above can fail.
func TestPublishedHTTPRouteRefuses(t *testing.T) {
	p := publishedHTTPRoute(t)
	const good = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: concors}
spec:
  parentRefs: [{name: gateway}]
  rules:
    - matches: [{path: {type: PathPrefix, value: /api}}]
      filters:
        - type: CORS
          cors:
            allowOrigins: ["https://app.example"]
            allowMethods: [GET, PUT]
            maxAge: 60
      backendRefs: [{name: app, port: 80}]
`
	for _, row := range []struct{ name, old, new, want string }{
		{"as it is", "", "", ""},
		{"an unknown key", "allowOrigins", "allowedOrigins", "unknown field"},
		{"a key twice", "            maxAge: 60\n", "            maxAge: 60\n            maxAge: 60\n", "already set"},
		{"no lifetime", "maxAge: 60", "maxAge: 0", "minimum"},
		{"a pattern in a label", "https://app.example", "https://pr-*.app.example", "pattern"},
		{"an unknown method", "PUT", "PURGE", "value must be one of"},
		{"any origin beside another", `["https://app.example"]`, `["https://app.example", "*"]`, "AllowOrigins cannot contain '*' alongside other origins"},
		{"the wrong filter", "type: CORS", "type: RequestMirror", "filter.cors must be nil"},
		{"a path with two slashes", "value: /api", "value: /api//v1", "must not contain '//'"},
		{"the same origin twice", `["https://app.example"]`, `["https://app.example", "https://app.example"]`, "twice"},
		{"a Service without a port", ", port: 80", "", "Must have port for Service reference"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := strings.Join(p.problems(strings.Replace(good, row.old, row.new, 1)), "\n")
			if row.want == "" && got != "" || !strings.Contains(got, row.want) {
				t.Errorf("got problems %q, want one with %q", got, row.want)
			}
		})
	}
}

// documents are the parts of a YAML file.
func documents(text string) []string { return strings.Split(text, "\n---\n") }

// readHTTPRoutes decodes the HTTPRoutes of a file, strictly.
func readHTTPRoutes(t *testing.T, text string) []gatewayv1.HTTPRoute {
	t.Helper()
	var list []gatewayv1.HTTPRoute
	for _, document := range documents(text) {
		var route gatewayv1.HTTPRoute
		if err := yaml.UnmarshalStrict([]byte(document), &route); err != nil {
			t.Fatal(err)
		}
		list = append(list, route)
	}
	return list
}

// A published resource is the definition by which an API server judges objects.
type published struct {
	version  string         // of the module that it is in
	schema   map[string]any // structural, with rules
	checker  *jsonschema.Schema
	rules    *cel.Env
	programs map[string]cel.Program // by rule
}

// publishedHTTPRoute reads the definition of HTTPRoute from the module that has its types.
func publishedHTTPRoute(t *testing.T) *published {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}\n{{.Dir}}", "sigs.k8s.io/gateway-api").Output()
	if err != nil {
		t.Fatal(err)
	}
	version, dir, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	text, err := os.ReadFile(filepath.Join(dir, "config", "crd", "standard", "gateway.networking.k8s.io_httproutes.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var definition struct {
		Spec struct {
			Versions []struct {
				Name   string
				Schema struct{ OpenAPIV3Schema map[string]any }
			}
		}
	}
	if err := yaml.Unmarshal(text, &definition); err != nil {
		t.Fatal(err)
	}
	p := &published{version: version, programs: map[string]cel.Program{}}
	if p.rules, err = cel.NewEnv(cel.Variable("self", cel.DynType)); err != nil {
		t.Fatal(err)
	}
	for _, v := range definition.Spec.Versions {
		if v.Name == "v1" {
			p.schema = v.Schema.OpenAPIV3Schema
		}
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("httproute.json", p.schema); err != nil {
		t.Fatal(err)
	}
	if p.checker, err = c.Compile("httproute.json"); err != nil {
		t.Fatal(err)
	}
	return p
}

// problems are what is wrong with an object.
func (p *published) problems(document string) []string {
	var route gatewayv1.HTTPRoute
	if err := yaml.UnmarshalStrict([]byte(document), &route); err != nil {
		return []string{err.Error()}
	}
	text, err := yaml.YAMLToJSON([]byte(document))
	if err != nil {
		return []string{err.Error()}
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return []string{err.Error()}
	}
	value = withDefaults(p.schema, value)
	if err := p.checker.Validate(value); err != nil {
		return []string{err.Error()}
	}
	var found []string
	p.judge(p.schema, value, "", func(at, problem string) { found = append(found, at+": "+problem) })
	return found
}

// withDefaults fills in what the schema has for what is missing, as an API server does before it judges.
func withDefaults(schema map[string]any, value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, sub := range properties(schema) {
			if _, ok := v[name]; !ok && sub["default"] != nil {
				v[name] = sub["default"]
			}
			if one, ok := v[name]; ok {
				v[name] = withDefaults(sub, one)
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i := range v {
			v[i] = withDefaults(items, v[i])
		}
	}
	return value
}

func properties(schema map[string]any) map[string]map[string]any {
	list := map[string]map[string]any{}
	of, _ := schema["properties"].(map[string]any)
	for name, sub := range of {
		list[name], _ = sub.(map[string]any)
	}
	return list
}

// judge applies what the schema says in the extensions of Kubernetes: rules in CEL, and lists that are sets.
//
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
func (p *published) judge(schema map[string]any, value any, at string, tell func(at, problem string)) {
	rules, _ := schema["x-kubernetes-validations"].([]any)
	for _, r := range rules {
		rule, _ := r.(map[string]any)
		if ok, err := p.holds(fmt.Sprint(rule["rule"]), value); err != nil {
			tell(at, err.Error())
		} else if !ok {
			tell(at, fmt.Sprint(rule["message"]))
		}
	}
	switch v := value.(type) {
	case map[string]any:
		for name, sub := range properties(schema) {
			if one, ok := v[name]; ok {
				p.judge(sub, one, at+"."+name, tell)
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, one := range v {
			if schema["x-kubernetes-list-type"] == "set" && slices.Contains(v[:i], one) {
				tell(at, fmt.Sprintf("%v is there twice", one))
			}
			p.judge(items, one, fmt.Sprintf("%s[%d]", at, i), tell)
		}
	}
}

// holds evaluates a rule for a value.
func (p *published) holds(rule string, self any) (bool, error) {
	program := p.programs[rule]
	if program == nil {
		ast, issues := p.rules.Compile(rule)
		if err := issues.Err(); err != nil {
			return false, err
		}
		var err error
		if program, err = p.rules.Program(ast); err != nil {
			return false, err
		}
		p.programs[rule] = program
	}
	result, _, err := program.Eval(map[string]any{"self": escaped(self)})
	if err != nil {
		return false, err
	}
	return result.Value() == true, nil
}

// escaped is a value with the names that rules have for keys which are words of CEL.
func escaped(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, one := range v {
			if name == "namespace" {
				name = "__namespace__"
			}
			out[name] = escaped(one)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = escaped(v[i])
		}
		return out
	}
	return value
}
