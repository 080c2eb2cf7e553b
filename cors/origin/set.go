package origin

import (
	"slices"
	"strings"
)

// A Set is a set of patterns, arranged for looking up origins. It is immutable and safe for concurrent use. The zero value
// holds nothing.
type Set struct {
	any      bool
	few      []string             // exact origins, while they are few
	many     map[string]struct{}  // exact origins otherwise
	affixes  []affix              // patterns that only leave a part of the host open, while they are few
	patterns map[string][]Pattern // the others, by the end of every host that matches
}

// How many are compared one by one: with more, a hash is quicker, for which patterns have to be parsed first.
const (
	fewOrigins  = 3
	fewPatterns = 16
)

// NewSet returns the set of the patterns' origins.
func NewSet(patterns []Pattern) Set {
	var s Set
	exact := make([]string, 0, len(patterns))
	for i := range patterns {
		p := &patterns[i]
		if p.any {
			s.any = true
		} else if text, ok := p.Exact(); ok {
			exact = append(exact, text)
		} else if a, ok := p.affix(); ok && len(s.affixes) < fewPatterns {
			s.affixes = append(s.affixes, a)
		} else if p.text != "" {
			if s.patterns == nil {
				s.patterns = map[string][]Pattern{}
			}
			s.patterns[p.key()] = append(s.patterns[p.key()], *p)
		}
	}
	if len(exact) <= fewOrigins {
		s.few = slices.Clone(exact)
		return s
	}
	s.many = make(map[string]struct{}, len(exact))
	for _, text := range exact {
		s.many[text] = struct{}{}
	}
	return s
}

// key is the end of every host that matches, from a dot or the beginning of the host on.
func (p Pattern) key() string {
	if p.wildcard == noWildcard {
		return p.before
	}
	return p.after[strings.IndexByte(p.after, '.'):]
}

// IsAny reports whether every origin is in the set.
func (s *Set) IsAny() bool { return s.any }

// Has reports whether the value of an Origin header names an origin of the set. A value that is no serialized origin is in no
// set but that of all, and null is neither. It does not allocate.
func (s *Set) Has(value string) bool {
	if s.any {
		return true
	}
	for _, text := range s.few {
		if text == value {
			return true
		}
	}
	if s.many != nil {
		if _, ok := s.many[value]; ok {
			return true
		}
	}
	for i := range s.affixes {
		if s.affixes[i].match(value) {
			return true
		}
	}
	if s.patterns == nil {
		return false
	}
	o, ok := Parse(value)
	return ok && s.matchesPattern(o)
}

// matchesPattern asks only the patterns that the end of the host leads to.
func (s *Set) matchesPattern(o Origin) bool {
	for end := o.host; end != ""; {
		for _, p := range s.patterns[end] {
			if p.Match(o) {
				return true
			}
		}
		i := strings.IndexByte(end[1:], '.')
		if i < 0 {
			return false
		}
		end = end[1+i:]
	}
	return false
}
