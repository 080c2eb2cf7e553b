package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/concors/concors/report"
)

// sarifSchema is what the standard requires of the objects that are written here; the whole of its schema is not ours to copy.
const sarifSchema = `{
  "type": "object", "required": ["version", "runs"], "additionalProperties": false,
  "properties": {
    "$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"},
    "runs": {"type": "array", "items": {
      "type": "object", "required": ["tool"], "additionalProperties": false,
      "properties": {
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "tool": {"type": "object", "required": ["driver"], "additionalProperties": false, "properties": {"driver": {
          "type": "object", "required": ["name"], "additionalProperties": false,
          "properties": {
            "name": {"type": "string"}, "version": {"type": "string"}, "informationUri": {"type": "string", "format": "uri"},
            "rules": {"type": "array", "uniqueItems": true, "items": {
              "type": "object", "required": ["id"], "additionalProperties": false,
              "properties": {
                "id": {"type": "string"}, "helpUri": {"type": "string", "format": "uri"},
                "shortDescription": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
                "defaultConfiguration": {"type": "object", "properties": {"level": {"enum": ["none", "note", "warning", "error"]}}}
              }}}
          }}}},
        "results": {"type": "array", "items": {
          "type": "object", "required": ["message"], "additionalProperties": false,
          "properties": {
            "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": -1},
            "level": {"enum": ["none", "note", "warning", "error"]},
            "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
            "locations": {"type": "array", "uniqueItems": true, "items": {"type": "object", "additionalProperties": false, "properties": {
              "physicalLocation": {"type": "object", "required": ["artifactLocation"], "additionalProperties": false, "properties": {
                "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": {"type": "string", "format": "uri-reference"}}},
                "region": {"type": "object", "additionalProperties": false, "properties": {
                  "startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1}}}
              }}}}}
          }}}
      }}}
  }
}`

func TestWriteSARIF(t *testing.T) {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(sarifSchema)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	tool := report.Tool{Name: "Concors", Version: "1.0", URI: "https://concors.example", Rules: []report.RuleInfo{
		{ID: "a-rule", Title: "one", Severity: report.Info, Reference: "https://concors.example/a"},
		{ID: "a-rule", Title: "the same of another stack", Severity: report.Error, Reference: "https://concors.example/b"},
	}}
	findings := []report.Finding{
		{Rule: "b-rule", Severity: report.Error, Message: "it breaks", Fix: "mend it", File: "sub dir/ä.conf", Line: 3, Column: 5, Reference: "https://concors.example/c"},
		{Rule: "a-rule", Severity: report.Info, Message: "no place", Reference: "https://concors.example/a"},
		{Rule: "a-rule", Severity: report.Warning, Message: "a file", File: "a.conf", Reference: "https://concors.example/a"},
	}
	for _, list := range [][]report.Finding{findings, nil} {
		var b bytes.Buffer
		if err := report.WriteSARIF(&b, tool, list); err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(value); err != nil {
			t.Errorf("%v\n%s", err, b.String())
		}
		var log struct {
			Runs []struct {
				Tool struct {
					Driver struct{ Rules []struct{ ID string } }
				}
				Results []struct {
					RuleID    string
					RuleIndex int
					Level     string
				}
			}
		}
		if err := json.Unmarshal(b.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		levels := ""
		for _, r := range log.Runs[0].Results {
			if rule := log.Runs[0].Tool.Driver.Rules[r.RuleIndex]; rule.ID != r.RuleID {
				t.Errorf("got rule %q at the index of %q", rule.ID, r.RuleID)
			}
			levels += r.Level + " "
		}
		if want := map[bool]string{true: "", false: "error note warning "}[list == nil]; levels != want {
			t.Errorf("got levels %q, want %q", levels, want)
		}
	}
}
