package policyfile

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/internal/spelling"
	"github.com/concors/concors/report"
)

// yaml11Boolean returns what a word without quotes means to old YAML, where it means true or false. Those that read YAML 1.2 take
// most of them for text, and so the same file would have two meanings.
//
// https://yaml.org/type/bool.html
func yaml11Boolean(n *yaml.Node) (is, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Style != 0 {
		return false, false
	}
	switch n.Value {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE":
		return true, true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE":
		return false, true
	}
	return false, false
}

func isYAML11Boolean(n *yaml.Node) bool {
	_, ok := yaml11Boolean(n)
	return ok
}

// sexagesimal is what old YAML reads as a number of base 60, or nearly. It is read-only.
//
// https://yaml.org/type/int.html
var sexagesimal = regexp.MustCompile(`^[0-9]+(:[0-9]+)+$`)

// trapped tells about a value that YAML takes for something else than the text that it looks like.
func (r *reader) trapped(v value, what string) bool {
	n := v.node
	switch {
	case n.Kind == yaml.MappingNode:
		if len(n.Content) != 2 || n.Content[0].Kind != yaml.ScalarNode || n.Content[1].Kind != yaml.ScalarNode {
			return false
		}
		separator := ": "
		if n.Content[1].Value == "" {
			separator = ""
		} else if strings.HasPrefix(n.Content[1].Value, "//") {
			separator = ":" // a URL that was broken
		}
		r.wrong(v, "yaml-mapping", v.inQuotes(n.Content[0].Value+separator+n.Content[1].Value), "%s is a mapping to YAML, because a colon with a space or nothing behind it ends a key; as text, quote it", what)
	case n.Kind != yaml.ScalarNode || n.Style != 0:
		return false
	case n.Tag == "!!null" && n.Value == "":
		r.wrong(v, "wrong-type", "write it, or leave it out", "%s is empty, and has to be text", what)
	case n.Tag == "!!null":
		fix := "write " + quoted(n.Value)
		if strings.HasPrefix(what, "an origin") {
			fix = "write dangerously_allow_null: true if pages of origin null are meant; in the list, " + quoted(n.Value) + " would be refused"
		}
		r.wrong(v, "yaml-null", fix, "%s without quotes is YAML's word for nothing; as text, quote it", n.Value)
	case isYAML11Boolean(n):
		r.trapBoolean(v)
	case n.Tag == "!!int", n.Tag == "!!float", n.Tag == "!!timestamp", sexagesimal.MatchString(n.Value):
		r.wrong(v, "yaml-number", v.inQuotes(n.Value), "%s without quotes is a number or a date to some readers of YAML; as text, quote it", v.written())
	default:
		return false
	}
	return true
}

func (r *reader) trapBoolean(v value) {
	is := "false"
	if yes, _ := yaml11Boolean(v.node); yes {
		is = "true"
	}
	r.wrong(v, "yaml-boolean", "write "+quoted(v.node.Value), "%s without quotes is %s to some readers of YAML; as text, quote it", v.node.Value, is)
}

// inQuotes says to write a text in quotes, without it where it may be a secret.
func (v value) inQuotes(text string) string {
	if v.secret {
		return quoteIt
	}
	return "write " + quoted(text)
}

// quoteIt is what to do about a text that is not shown.
const quoteIt = "write it in double quotes"

// quoted is a text as YAML takes it for text, whatever is in it.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// nearestOr is the word that may have been meant, or another.
func nearestOr(text string, words []string, other string) string {
	if near := spelling.Nearest(text, words); near != "" {
		return near
	}
	return other
}

// unknownKey tells about a key, and returns the one that may have been meant.
func (r *reader) unknownKey(name string, at place, what string, keys []key) (meant string) {
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = keys[i].name
	}
	fix := "leave it out, or write one of " + strings.Join(names, ", ")
	if meant = spelling.Nearest(name, names); meant != "" {
		fix = "write " + meant
	}
	r.add(at, report.Error, "unknown-key", "unknown key "+show(name)+" in "+what, fix)
	return meant
}
