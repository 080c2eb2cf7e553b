package policyfile_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/policyfile"
)

// docs/policy.md names every key, every preset and every rule, and what it shows is valid.
func TestDocumentation(t *testing.T) {
	data, err := os.ReadFile("../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, name := range append(policyfile.RuleNames(), cors.Presets()...) {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("docs/policy.md does not name %s", name)
		}
	}
	schema, err := json.Marshal(policyfile.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(schema, &s); err != nil {
		t.Fatal(err)
	}
	keys := s.Properties
	for _, d := range s.Defs {
		for name := range d.Properties {
			keys[name] = nil
		}
	}
	for name := range keys {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("docs/policy.md does not name the key %s", name)
		}
	}
	shown := regexp.MustCompile("(?s)```yaml\n(version.*?)```").FindStringSubmatch(text)
	if shown == nil {
		t.Fatal("docs/policy.md shows no file")
	}
	c, _ := policyfile.Check("concors.yaml", []byte(shown[1]), policyfile.Options{})
	if !c.Valid || len(c.Findings) > 0 || len(c.Tests) == 0 {
		t.Errorf("the file that it shows: %+v", c)
	}
	sections := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(text, -1) {
		sections[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = true
	}
	for _, rule := range policyfile.RuleNames() {
		if _, section, ours := strings.Cut(policyfile.ReferenceOf(rule), "docs/policy.md#"); ours && !sections[section] {
			t.Errorf("%s refers to the section %s, which is not there", rule, section)
		}
	}
}
