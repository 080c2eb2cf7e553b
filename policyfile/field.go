package policyfile

import (
	"strconv"
	"strings"
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

// plural is the word for several of what is read.
func plural(what string) string {
	switch what {
	case "an origin":
		return "origins"
	case "a method":
		return "methods"
	case "a public suffix":
		return "public suffixes"
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

// longestAge is more than any browser keeps anything, and less than a duration can hold.
const longestAge = 10 * 365 * 24 * time.Hour

// age reads a duration or whole seconds.
func (r *reader) age(v value) age {
	a := age{at: v.at}
	if r.ignored(v) {
		return a
	}
	text, ok := "", v.node.Kind == yaml.ScalarNode && v.node.Tag != "!!null"
	if ok {
		if text, ok = r.expand(v, v.node.Value); !ok {
			return a
		}
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); ok && err == nil {
		text = strconv.FormatInt(max(-1, min(seconds, int64(longestAge/time.Second)+1)), 10) + "s"
	}
	d, err := time.ParseDuration(text)
	switch {
	case !ok || err != nil:
		fix := "write a duration such as 10m or 24h, or a number of seconds"
		if days, err := strconv.Atoi(strings.TrimSuffix(text, "d")); err == nil && strings.HasSuffix(text, "d") && 0 < days && days < 1000 {
			fix = "write " + strconv.Itoa(24*days) + "h"
		}
		r.wrong(v, "wrong-value", fix, "max_age is %s, and has to be a duration or whole seconds", v.shown())
	case d < 0:
		r.wrong(v, string(cors.MaxAgeNegative), "write 0 to forbid caching", "max_age is negative")
	case d > longestAge:
		r.wrong(v, "wrong-value", "write 24h; no browser keeps it for longer", "max_age is longer than ten years")
	case d == 0:
		a.set, a.duration = true, cors.NoPreflightCache
	default:
		a.set, a.duration = true, d
	}
	return a
}
