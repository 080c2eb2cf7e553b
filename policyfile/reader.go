package policyfile

import (
	"cmp"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/report"
)

// place is where something stands in a file: line and column in characters, 1 for the first of each.
type place struct{ line, column int }

// compare is negative when a place is before another in the file.
func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.line, other.line), cmp.Compare(p.column, other.column))
}

// value is a node of the file, and where it stands: an alias stands where it is written, not where its anchor is.
type value struct {
	node *yaml.Node // nil for none
	at   place
	key  place // of its key; its own where it has none

	secret bool // it may be one, and is not shown
}

// set keeps a value that is read later.
func (v *value) set(to value) { *v = to }

// A reader reads one file and gathers what is wrong with it.
type reader struct {
	file     string
	options  Options
	findings []report.Finding
	told     map[string]bool // findings without their environment
	broken   map[place]bool  // where something is wrong that policies need not tell again
	marked   map[place]rune  // characters that were set aside so that the rest could be parsed
	nodes    int
	compiled int
	problems int // that policies have, those that are told once for several counted each time
	guesses  int // at names of policies
	tooLarge bool
	dropped  bool // more findings than are kept

	unset       *[]unsetVariable // where variables that are not set are kept, within an environment that is not used; nil to tell them
	secretLines map[int]bool     // that are not to be shown
}

// add adds a finding, once.
func (r *reader) add(at place, severity report.Severity, rule, message, fix string) {
	f := report.Finding{
		Rule: rule, Severity: severity, Message: message, Fix: fix, File: r.file, Line: at.line, Column: at.column, Reference: referenceOf(rule),
	}
	id := tellID(at, rule, message)
	switch {
	case r.told[id]:
	case len(r.findings) == maxFindings:
		r.dropped = true
	default:
		if r.told == nil {
			r.told = map[string]bool{}
		}
		r.told[id] = true
		r.findings = append(r.findings, f)
	}
}

// wrong adds an error about a value.
func (r *reader) wrong(v value, rule, fix, message string, args ...any) {
	r.add(v.at, report.Error, rule, fmt.Sprintf(message, args...), fix)
}

// tellIn adds a finding about an environment, empty for the file itself. What is told without it is not told again.
func (r *reader) tellIn(env string, at place, severity report.Severity, rule, message, fix string) {
	if env != "" && !r.isTold(at, rule, message) {
		message += " (in environment " + env + ")"
	}
	r.add(at, severity, rule, message, fix)
}

// sorted returns the findings in the order of the file.
func (r *reader) sorted() []report.Finding {
	for i := range r.findings {
		r.findings[i].Secret = r.secretLines[r.findings[i].Line]
	}
	report.Sort(r.findings)
	if r.dropped {
		r.findings = append(r.findings, report.Finding{
			Rule: "too-many", Severity: report.Error, Message: fmt.Sprintf("there is more: only the first %d are told", maxFindings),
			Fix: "mend these first", File: r.file, Reference: referenceOf("too-many"),
		})
	}
	return append([]report.Finding{}, r.findings...)
}

// of is the value behind an alias, if there is one, unless more is read than a file may hold.
func (r *reader) of(node *yaml.Node) value {
	v := value{node: node, at: place{node.Line, node.Column}}
	v.key = v.at
	for range 8 {
		if v.node.Kind != yaml.AliasNode {
			break
		}
		v.node = v.node.Alias
	}
	if r.nodes++; r.nodes > maxNodes {
		if !r.tooLarge {
			r.tooLarge = true
			r.wrong(v, "too-large", "split the file", "the file holds more than %d values, those behind aliases counted each time", maxNodes)
		}
		v.node = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Style: overflown}
	}
	return v
}

// overflown marks a node that stands for what is not read any more.
const overflown = yaml.Style(1 << 30)

// ignored reports whether nothing is to be said about a value any more, and says what is wrong with any value of whatever type.
func (r *reader) ignored(v value) bool {
	switch {
	case v.node == nil, v.node.Style == overflown:
		return true
	case v.node.Style&yaml.TaggedStyle != 0:
		r.wrong(v, "yaml-tag", "leave the tag out", "the tag %s means nothing here", show(v.node.Tag))
		return true
	}
	return false
}

// A key is one that a mapping may have: its name, what it is for, what its value looks like, and how to read it.
type key struct {
	name     string
	required bool
	doc      string
	schema   schema
	read     func(value)
}

// mapping reads a mapping of known keys. At is where the finding about a missing key belongs. It reports whether there is a
// mapping at all.
func (r *reader) mapping(v value, at place, what string, keys []key) bool {
	seen := map[string]bool{} // or misspelt, which was told
	ok := r.entries(v, what, func(name string, at place, item value) {
		seen[name] = true
		for i := range keys {
			if keys[i].name == name {
				keys[i].read(item)
				return
			}
		}
		seen[r.unknownKey(name, at, what, keys)] = true
	})
	for i := range keys {
		if ok && keys[i].required && !seen[keys[i].name] {
			r.add(at, report.Error, "missing-key", fmt.Sprintf("%s has no %s", what, keys[i].name), "add "+keys[i].name+": "+example(keys[i].name))
		}
	}
	return ok
}

// entries reads a mapping, each key once. It reports whether there is a mapping.
func (r *reader) entries(v value, what string, read func(name string, at place, item value)) bool {
	if r.ignored(v) {
		return false
	}
	if v.node.Kind != yaml.MappingNode {
		r.wrong(v, "wrong-type", "write key: value, each on a line of its own", "%s is %s, and has to be a mapping of keys to values", what, v.kind())
		return false
	}
	first := map[string]int{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		name, item := r.of(v.node.Content[i]), r.of(v.node.Content[i+1])
		item.key = name.at
		if r.ignored(name) {
			continue
		}
		text := r.unmarked(name)
		switch {
		case name.node.Kind != yaml.ScalarNode || v.node.Content[i].Kind == yaml.AliasNode:
			r.wrong(name, "wrong-type", "write a word for the key", "%s has %s for a key, and a key is text", what, name.kind())
		case text == "<<" && name.node.Style == 0:
			r.wrong(name, "yaml-merge", "write the keys out, or use an alias for a whole value", "merging with << is not understood")
		case first[text] > 0:
			r.wrong(name, "duplicate-key", "leave one of the two out", "%s stands in line %d already, and a key stands once", show(text), first[text])
		case isYAML11Boolean(name.node):
			first[text] = name.at.line
			r.trapBoolean(name)
		default:
			first[text] = name.at.line
			if !r.isMarked(name) {
				read(text, name.at, item)
			}
		}
	}
	return true
}

// list reads a list of at most so many items. It reports whether there is a list, and all of it was read.
func (r *reader) list(v value, what string, most int, read func(item value)) bool {
	if r.ignored(v) {
		return false
	}
	if v.node.Kind != yaml.SequenceNode {
		if r.isMarked(v) {
			return false // it was told already that it is not what it looks like
		}
		fix := "write a list: [...], or an item on each line with - before it"
		if v.node.Kind == yaml.ScalarNode && v.node.Tag == "!!str" {
			fix = "write a list: [" + strconv.Quote(r.unmarked(v)) + "]"
		}
		r.wrong(v, "wrong-type", fix, "%s is %s, and has to be a list", what, v.kind())
		return false
	}
	for i, node := range v.node.Content {
		item := r.of(node)
		if i == most {
			r.wrong(item, "too-large", "split it", "%s has more than %d items", what, most)
			return false
		}
		read(item)
	}
	return true
}

// text reads a text and puts the values of variables into it. It reports whether there is one; if not, that was told.
func (r *reader) text(v value, what string) (string, bool) {
	if r.ignored(v) || r.trapped(v, what) {
		return "", false
	}
	if v.node.Kind != yaml.ScalarNode || v.node.Tag != "!!str" {
		r.wrong(v, "wrong-type", "write one text", "%s is %s, and has to be text", what, v.kind())
		return "", false
	}
	return r.expand(v, r.unmarked(v))
}

// boolean reads true or false.
func (r *reader) boolean(v value, what string) (is, ok bool) {
	if r.ignored(v) {
		return false, false
	}
	text, ok := "", v.node.Kind == yaml.ScalarNode && v.node.Style == 0
	if ok {
		if text, ok = r.expand(v, v.node.Value); !ok {
			return false, false
		}
	}
	if !ok || text != "true" && text != "false" {
		rule, why, fix := "wrong-type", "", "write true or false"
		if word, is := yaml11Boolean(v.node); is {
			rule, why, fix = "yaml-boolean", ": only old YAML takes it for one", "write "+strconv.FormatBool(word)
		}
		r.wrong(v, rule, fix, "%s is %s, and has to be true or false%s", what, v.shown(), why)
		return false, false
	}
	return text == "true", true
}

// oneOf reads one of a few words.
func (r *reader) oneOf(v value, what string, words []string) (string, bool) {
	text, ok := r.text(v, what)
	if !ok {
		return "", false
	}
	for _, word := range words {
		if text == word {
			return text, true
		}
	}
	r.wrong(v, "wrong-value", "write "+nearestOr(text, words, words[0]), "%s is %s, and has to be %s", what, show(text), oneOfWords(words))
	return "", false
}
