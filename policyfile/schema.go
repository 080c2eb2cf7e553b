package policyfile

import (
	"maps"
	"slices"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/origin"
)

// A schema is a JSON Schema as it is marshalled.
type schema map[string]any

// variable is how JSON Schema recognises a text that has a variable in it.
const variable = `\$\{[A-Za-z_][A-Za-z0-9_]*\}`

// What texts look like that JSON Schema can tell; the program tells more. Each lets variables pass.
const (
	originSchema = `^(\*|[a-z][a-z0-9+.-]*://[^/?#@\\\sA-Z]+|.*` + variable + `.*)$`
	methodSchema = `^([!#$%&'*+.^_|~0-9A-Za-z\x60-]+|.*` + variable + `.*)$`
	headerSchema = methodSchema

	upstreamSchema = `^(https?://|.*\$\{)`
)

// Schema returns the JSON Schema of policy files (draft 2020-12), made from what the reader knows.
func Schema() map[string]any {
	r := new(reader)
	s := object(new(rawFile).keys())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "Concors policy file"
	s["description"] = "Who may call what across origins, which requests that is for, and tests. docs/policy.md of Concors documents it."
	s["$defs"] = schema{
		"policy":       object(new(rawPolicy).keys(r, true)),
		"overlay":      object(new(rawPolicy).keys(r, false)),
		"route":        object(new(rawRoute).keys()),
		"upstream":     object(new(rawUpstream).keys()),
		"health":       object(new(rawHealth).keys()),
		"files":        object(new(rawFiles).keys()),
		"redirect":     object(new(rawRedirect).keys()),
		"forward_auth": object(new(rawForward).keys()),
		"rewrite":      object(new(rawRewrite).keys()),
		"gateway":      object(new(rawGateway).keys()),
		"tls":          object(new(rawTLS).keys()),
		"acme":         object(new(rawACME).keys()),
		"limits":       object(new(Limits).keys(r)),
		"test":         object(new(rawTest).keys()),
		"environment":  object(new(environment).keys(r, nil)),
	}
	return s
}

// object is the schema of a mapping of these keys.
func object(keys []key) schema {
	properties := schema{}
	required := []string{}
	for _, k := range keys {
		with := schema{"description": k.doc}
		maps.Copy(with, k.schema)
		properties[k.name] = with
		if k.required {
			required = append(required, k.name)
		}
	}
	s := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func constant(value any) schema { return schema{"const": value} }

// text is a text, of a pattern if there is one.
func text(pattern string) schema {
	if pattern == "" {
		return schema{"type": "string"}
	}
	return schema{"type": "string", "pattern": pattern}
}

// scalarText is a text that may be a number too.
func scalarText() schema { return schema{"type": []string{"string", "number"}} }

// boolean is true or false, or a variable.
func boolean() schema {
	return schema{"anyOf": []schema{{"type": "boolean"}, text(variable)}}
}

// durationSchema is a duration, or so many seconds at least.
func durationSchema(least int) schema {
	return schema{"anyOf": []schema{
		{"type": "integer", "minimum": least},
		text(`^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^[0-9]+$|` + variable),
	}}
}

// sizeSchema is a number of bytes, or one with a unit.
func sizeSchema() schema {
	return schema{"anyOf": []schema{
		{"type": "integer", "minimum": 1},
		text(`^[0-9]+(B|kB|KB|MB|GB|KiB|MiB|GiB)?$|` + variable),
	}}
}

// countSchema is a whole number from least to most.
func countSchema(least, most int) schema {
	return schema{"anyOf": []schema{{"type": "integer", "minimum": least, "maximum": most}, text(variable)}}
}

// textOrList is a text, or a list of some, each of a pattern if there is one.
func textOrList(pattern string) schema {
	list := listOf(text(pattern))
	list["minItems"] = 1
	return schema{"anyOf": []schema{text(pattern), list}}
}

// orNone is something or the word none.
func orNone(s schema) schema { return schema{"anyOf": []schema{s, constant(None)}} }

// oneOf is one of a few words, or a variable.
func oneOf(words []string) schema {
	return schema{"anyOf": []schema{{"enum": words}, text(variable)}}
}

func listOf(items schema) schema { return schema{"type": "array", "items": items} }

func reference(name string) schema { return schema{"$ref": "#/$defs/" + name} }

// named is a mapping of names to values of a definition; the names have a pattern if there is one.
func named(definition, pattern string) schema {
	s := schema{"type": "object", "additionalProperties": reference(definition)}
	if pattern != "" {
		s["minProperties"] = 1
		s["propertyNames"] = schema{"pattern": pattern, "not": schema{"const": None}}
	}
	return s
}

// example is a value for a key that is missing.
func example(name string) string {
	switch name {
	case "version":
		return "1"
	case "policies":
		return "{app: {origins: [https://app.example]}}"
	case "origins":
		return "[https://app.example]"
	case "path":
		return "/api/"
	case "to":
		return "http://127.0.0.1:3000"
	case "root":
		return "./dist"
	case "url":
		return "http://127.0.0.1:9091/verify"
	case "page":
		return "https://app.example"
	case "request":
		return "GET /api/users"
	case "expect":
		return "allowed"
	}
	return "..."
}

// ruleNames lists the rules of findings about policy files, for the documentation and its test.
func ruleNames() []string {
	rules := []string{
		"access-log", "account-cost", "account-hash", "account-missing", "account-name", "account-open", "acme-invalid",
		"address-invalid", "address-name", "address-open", "address-port", "address-twice", "admin-open", "duplicate-key",
		"empty", "environment-unknown", "files-exposed", "forward-auth", "gateway-routes", "header-change", "header-connection",
		"header-cors", "header-name", "header-origin", "header-value", "header-vary", "health-path", "health-timeout",
		"host-invalid", "missing-key", "path-invalid", "policy-name", "policy-unknown", "proxy-any", "proxy-invalid",
		"redirect-invalid", "redirect-loop", "rewrite-invalid", "route-answers", "route-collision", "route-enforce",
		"route-environment", "route-files", "route-method", "route-policy", "route-shadow", "test-failed", "test-page",
		"test-policy", "test-request", "tls-challenge", "tls-host-private", "tls-hosts", "tls-source", "tls-storage", "too-large",
		"too-many", "unknown-key", "upstream-ca", "upstream-invalid", "upstream-loop", "upstream-schemes", "upstream-twice",
		"variable-invalid", "variable-missing", "version-unknown", "wrong-type", "wrong-value", "yaml-alias", "yaml-boolean",
		"yaml-bracket", "yaml-character", "yaml-documents", "yaml-mapping", "yaml-merge", "yaml-null", "yaml-number",
		"yaml-syntax", "yaml-tab", "yaml-tag",
	}
	for _, reason := range append(cors.Reasons(), cors.WarningReasons()...) {
		rules = append(rules, ruleOf(reason))
	}
	for _, reason := range origin.PatternReasons() {
		rules = append(rules, ruleOf(cors.Reason(reason)))
	}
	slices.Sort(rules)
	return rules
}
