package policyfile

import (
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/concors/concors/cors"
)

// The fields of a policy: set is whether the file has it, at is where its value stands.
type (
	word struct {
		set  bool
		at   place
		text string
	}
	flag struct {
		set bool
		at  place
		is  bool
	}
	age struct {
		set      bool
		at       place
		duration time.Duration
	}
	items struct {
		set    bool
		at     place
		list   []item
		broken bool // some of it could not be read, which was told
	}
	item struct {
		text string
		at   place
	}
)

func (l *items) texts() []string {
	var list []string
	for i := range l.list {
		list = append(list, l.list[i].text)
	}
	return list
}

// items reads a list of texts.
func (r *reader) items(v value, what string, most int) items {
	l := items{set: true, at: v.at}
	ok := r.list(v, "the list of "+plural(what), most, func(one value) {
		text, ok := r.text(one, what)
		if !ok {
			l.broken = true
			return
		}
		l.list = append(l.list, item{text, one.at})
	})
	l.broken = l.broken || !ok
	return l
}

// itemOrItems reads a text, or a list of texts with at least one.
func (r *reader) itemOrItems(v value, what string, most int) items {
	if v.node.Kind == yaml.SequenceNode {
		l := r.items(v, what, most)
		if len(l.list) == 0 && !l.broken {
			r.wrong(v, "wrong-value", "write one, or leave the key out", "the list of %s is empty", plural(what))
			l.broken = true
		}
		return l
	}
	text, ok := r.text(v, what)
	if !ok {
		return items{set: true, at: v.at, broken: true}
	}
	return items{set: true, at: v.at, list: []item{{text, v.at}}}
}

// plural is the word for several of what is read.
func plural(what string) string {
	switch what {
	case "an origin":
		return "origins"
	case "a method":
		return "methods"
	case "a public suffix":
		return "public suffixes"
	case "an address":
		return "addresses"
	case "upstream":
		return "servers"
	case "a proxy":
		return "proxies"
	}
	return "header names"
}

func (r *reader) flag(v value, what string) flag {
	is, ok := r.boolean(v, what)
	return flag{set: ok, at: v.at, is: is}
}

func (r *reader) preset(v value) word {
	text, ok := r.oneOf(v, "preset", cors.Presets())
	return word{set: ok, at: v.at, text: text}
}

// age reads how long browsers keep the answer to a preflight: a duration or whole seconds, 0 included.
func (r *reader) age(v value) age {
	a := age{at: v.at}
	d, ok := r.span(v, "max_age")
	switch {
	case !ok:
	case d < 0:
		r.wrong(v, string(cors.MaxAgeNegative), "write 0 to forbid caching", "max_age is negative")
	case d > longestDuration:
		r.wrong(v, "wrong-value", "write 24h; no browser keeps it for longer", "max_age is longer than ten years")
	case d == 0:
		a.set, a.duration = true, cors.NoPreflightCache
	default:
		a.set, a.duration = true, d
	}
	return a
}
