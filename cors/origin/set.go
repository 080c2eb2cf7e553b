package origin

import "strings"

// A Set is a set of patterns, arranged for looking up origins. It is immutable and safe for concurrent use. The zero value
// holds nothing.
type Set struct {
	any      bool
	few      []string // exact origins, while they are few
	many     map[string]struct{}
	patterns map[string][]Pattern // with a wildcard, by what follows it; or with several ports, by host
}

// fewOrigins is how many exact origins are compared one by one: beyond it a hash is quicker.
const fewOrigins = 8

// NewSet returns the set of the patterns' origins.
func NewSet(patterns []Pattern) Set {
	var s Set
	var exact []string
	for _, p := range patterns {
		switch text, ok := p.Exact(); {
		case p.any:
			s.any = true
		case ok:
			exact = append(exact, text)
		case p.text != "":
			if s.patterns == nil {
				s.patterns = map[string][]Pattern{}
			}
			s.patterns[p.key()] = append(s.patterns[p.key()], p)
		}
	}
	if len(exact) <= fewOrigins {
		s.few = exact
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
	if _, ok := s.many[value]; ok {
		return true
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
