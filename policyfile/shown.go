package policyfile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/internal/secrets"
)

// kind names the type of a value.
func (v value) kind() string {
	switch v.node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch v.node.Tag {
	case "!!null":
		return "empty"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!timestamp":
		return "a date"
	}
	return "text"
}

// written is a scalar as it is written, unless it may be a secret.
func (v value) written() string {
	if v.secret {
		return secrets.Mask
	}
	return v.node.Value
}

// shown is a value in a sentence.
func (v value) shown() string {
	if v.node.Kind != yaml.ScalarNode || v.node.Tag == "!!null" {
		return v.kind()
	}
	return show(v.written())
}

// longestShown is how many bytes of a value a sentence shows.
const longestShown = 80

// show quotes a value, cut short, without what may be a secret in it.
func show(text string) string {
	text = secrets.InLine(text)
	if len(text) > longestShown {
		cut := longestShown
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "..."
	}
	return strconv.Quote(text)
}

// oneOfWords lists words: a, b or c.
func oneOfWords(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
