package stack

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/concors/concors/cors/origin"
)

// A Matcher is a regular expression that configuration compares origins with. It says of each origin whether it is let in.
type Matcher struct {
	re      *regexp.Regexp
	members []string // origins that it is meant for, as far as its text tells
	dotted  []string // the same, with a letter in place of a dot that any character can stand for
}

// anyCharacter stands, in a text that an expression matches, for one that may be any.
const anyCharacter = "\x00"

// maxExpression is how long an expression may be, and maxMembers how many origins are made of one.
const (
	maxExpression = 4096
	maxMembers    = 64
)

// NewMatcher reads an expression, which may be of PCRE or JavaScript as long as it uses nothing that RE2 lacks. It is false for
// one that cannot be read, and about which nothing can be said.
func NewMatcher(expression string, ignoreCase bool) (*Matcher, bool) {
	if len(expression) > maxExpression {
		return nil, false
	}
	flags := syntax.Perl
	if ignoreCase {
		flags |= syntax.FoldCase
		expression = "(?i)" + expression
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		return nil, false
	}
	tree, err := syntax.Parse(expression, flags)
	if err != nil {
		return nil, false
	}
	m := &Matcher{re: re}
	for _, s := range spell(tree) {
		m.members = append(m.members, asOrigin(strings.ReplaceAll(s, anyCharacter, ".")))
		parts := strings.Split(s, anyCharacter)
		for i := 1; i < len(parts) && len(m.dotted) < maxMembers; i++ {
			m.dotted = append(m.dotted, asOrigin(strings.Join(parts[:i], ".")+"x"+strings.Join(parts[i:], ".")))
		}
	}
	return m, true
}

// Match reports whether an origin is let in.
func (m *Matcher) Match(serialized string) bool { return m.re.MatchString(serialized) }

// Any returns an origin that nobody can have meant, of those that every expression for all origins lets in.
func (m *Matcher) Any() (witness string, ok bool) {
	for _, scheme := range []string{"https://", "http://"} {
		if m.Match(scheme+"evil.example") && m.Match(scheme+"attacker.test:8443") {
			return scheme + "evil.example", true
		}
	}
	return "", false
}

// IsAny reports whether [Matcher.Any] finds one.
func (m *Matcher) IsAny() bool {
	_, ok := m.Any()
	return ok
}

// Longer returns an origin that is let in because the expression does not end where an origin does:
// https://app.example.evil.example.
func (m *Matcher) Longer() (witness string, ok bool) {
	for _, s := range m.members {
		host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://"), ":")
		if host == "" {
			continue
		}
		for _, w := range []string{s + ".evil.example", strings.Replace(s, host, host+".evil.example", 1), strings.Replace(s, host, host+"evil.example", 1)} {
			if m.isStranger(w) {
				return w, true
			}
		}
	}
	return "", false
}

// Prefixed returns an origin that is let in because something else may stand before what is meant: https://evilapp.example.
func (m *Matcher) Prefixed() (witness string, ok bool) {
	for _, s := range m.members {
		scheme, host, _ := strings.Cut(s, "://")
		for _, at := range labels(host) {
			for _, w := range []string{scheme + "://evil" + host[at:], scheme + "://evil-" + host[at:]} {
				if _, isShared := sharedSuffix(hostOf(w)); !isShared && m.isStranger(w) {
					return w, true
				}
			}
		}
	}
	return "", false
}

// labels returns where the labels of a host begin.
func labels(host string) []int {
	list := []int{0}
	for i := range len(host) {
		if host[i] == '.' && len(list) < 8 {
			list = append(list, i+1)
		}
	}
	return list
}

// Undotted returns an origin that is let in because a dot without a backslash is any character: https://appxexample.com.
func (m *Matcher) Undotted() (witness string, ok bool) {
	for _, s := range m.dotted {
		host := hostOf(s)
		// A name without a dot, or below another top level, is nobody's to register.
		if i := strings.LastIndexByte(host, '.'); i >= 0 && !strings.Contains(host[i:], "x") && m.isStranger(s) {
			return s, true
		}
	}
	return "", false
}

// SharedHosting returns an origin that is let in because anybody can have a name directly below a suffix such as vercel.app, in
// the private section of the list of public suffixes.
func (m *Matcher) SharedHosting() (witness, suffix string, ok bool) {
	for _, s := range m.members {
		host := hostOf(s)
		suffix, isShared := sharedSuffix(host)
		if host == suffix || !isShared {
			continue
		}
		first := strings.TrimSuffix(host, "."+suffix)
		first = first[strings.LastIndexByte(first, '.')+1:]
		for _, name := range []string{"evil", first + "-evil", "evil-" + first, strings.TrimSuffix(first, "x") + "evil", "evil" + strings.TrimPrefix(first, "x")} {
			w := "https://" + name + "." + suffix
			if name != first && m.Match(w) && isOrigin(w) {
				return w, suffix, true
			}
		}
	}
	return "", "", false
}

// sharedSuffix returns the suffix below which the owner of a host lets others have names.
func sharedSuffix(host string) (suffix string, ok bool) {
	suffix, icann := publicsuffix.PublicSuffix(host)
	return suffix, !icann && strings.Contains(suffix, ".")
}

// Insecure returns an origin of http that is let in and is not on the user's own machine.
func (m *Matcher) Insecure() (witness string, ok bool) {
	for _, s := range m.members {
		_, rest, _ := strings.Cut(s, "://")
		w := "http://" + rest
		if p, err := origin.ParsePattern(w); err == nil && !p.IsLoopback() && m.Match(w) {
			return w, true
		}
	}
	return "", false
}

// Members returns origins that the expression seems to be meant for. They are made of its text, and each is let in.
func (m *Matcher) Members() []string {
	var list []string
	for _, s := range m.members {
		if m.Match(s) && isOrigin(s) {
			list = append(list, s)
		}
	}
	return list
}

// isStranger reports whether an origin is let in although its domain belongs to nobody who is meant.
func (m *Matcher) isStranger(s string) bool {
	if !isOrigin(s) || !m.Match(s) {
		return false
	}
	owner := ownerOf(hostOf(s))
	for _, member := range m.members {
		if ownerOf(hostOf(member)) == owner {
			return false
		}
	}
	return true
}

func isOrigin(s string) bool {
	o, ok := origin.Parse(s)
	return ok && !o.IsOpaque()
}

func hostOf(serialized string) string {
	_, host, _ := strings.Cut(serialized, "://")
	host, _, _ = strings.Cut(host, ":")
	return host
}

// ownerOf is the part of a host that somebody has registered; the host itself where there is no such part.
func ownerOf(host string) string {
	if owner, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return owner
	}
	return host
}

// asOrigin completes a text that an expression without a beginning matches.
func asOrigin(s string) string {
	s = strings.ToLower(strings.TrimSuffix(s, "/"))
	if !strings.Contains(s, "://") {
		s = "https://" + strings.TrimPrefix(strings.TrimPrefix(s, "//"), ".")
	}
	return s
}

// spell returns texts that an expression matches, one for each of its alternatives as far as there is room, each as short as
// can be but for repetitions, which are taken once.
func spell(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{anyCharacter}
	case syntax.OpCharClass:
		return []string{string(letterOf(re.Rune))}
	case syntax.OpCapture:
		return spell(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		if sub := re.Sub[0]; sub.Op == syntax.OpAnyChar || sub.Op == syntax.OpAnyCharNotNL {
			return []string{strings.Repeat("x", max(1, min(re.Min, 8)))}
		}
		return repeat(spell(re.Sub[0]), max(1, min(re.Min, 8)))
	case syntax.OpQuest:
		if re.Sub[0].Op == syntax.OpLiteral {
			return []string{string(re.Sub[0].Rune), ""} // https? above all
		}
		return limit(append([]string{""}, spell(re.Sub[0])...))
	case syntax.OpConcat:
		list := []string{""}
		for _, sub := range re.Sub {
			var longer []string
			for _, end := range spell(sub) {
				for _, begin := range list[:min(len(list), maxMembers-len(longer))] {
					longer = append(longer, begin+end)
				}
			}
			list = longer
		}
		return list
	case syntax.OpAlternate:
		var list []string
		for _, sub := range re.Sub {
			list = append(list, spell(sub)...)
		}
		return limit(list)
	}
	return []string{""}
}

func repeat(list []string, times int) []string {
	for i, s := range list {
		list[i] = strings.Repeat(s, times)
	}
	return list
}

func limit(list []string) []string { return list[:min(len(list), maxMembers)] }

// letterOf is a character of a class, one that hosts have if there is any.
func letterOf(ranges []rune) rune {
	for _, c := range "xaz0:/.-" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= c && c <= ranges[i+1] {
				return c
			}
		}
	}
	if len(ranges) == 0 {
		return 'x'
	}
	return ranges[0]
}
