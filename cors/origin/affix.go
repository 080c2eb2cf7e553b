package origin

import "strings"

// An affix is a pattern as a prefix and a suffix of a serialized origin: all is given but what the wildcard stands for. Only
// that has to be looked at to know whether a value is an origin and matches.
type affix struct {
	prefix, suffix string
	labels         bool // the wildcard stands for labels, not for a part of one
	first, last    bool // its first, last character is that of a label
	longest        int  // what it can stand for
}

// affix returns the pattern as an affix, which it is unless several ports match, or nothing does: a pattern may have a host that
// [Parse] does not read.
func (p *Pattern) affix() (a affix, ok bool) {
	if p.wildcard == noWildcard || p.ports.any || p.hasPortList() {
		return affix{}, false
	}
	prefix, suffix, _ := strings.Cut(p.text, "*")
	if _, ok := Parse(prefix + placeholder + suffix); !ok {
		return affix{}, false
	}
	return affix{
		prefix: prefix, suffix: suffix, labels: p.wildcard == wholeLabels,
		first: p.before == "" || strings.HasSuffix(p.before, "."), last: strings.HasPrefix(p.after, "."),
		longest: longestHost - len(p.before) - len(p.after),
	}, true
}

// match reports whether the value is a serialized origin that the pattern stands for, as [Parse] and [Pattern.Match] do.
func (a *affix) match(value string) bool {
	n := len(value) - len(a.prefix) - len(a.suffix)
	if n < 1 || n > a.longest || !strings.HasSuffix(value, a.suffix) || !strings.HasPrefix(value, a.prefix) {
		return false
	}
	star := value[len(a.prefix) : len(a.prefix)+n]
	if a.first && star[0] == '-' || a.last && star[n-1] == '-' {
		return false
	}
	for i := range len(star) {
		switch c := star[i]; {
		case isLower(c), isDigit(c), c == '-':
		case c != '.' || !a.labels || i == 0 || i == n-1 || !isLabelEnd(star[i-1]) || !isLabelEnd(star[i+1]):
			return false
		}
	}
	return true
}

// isLabelEnd reports whether a label may begin or end with the character, if it is one of a label at all.
func isLabelEnd(c byte) bool { return c != '-' && c != '.' }
