package origin

import (
	"slices"
	"strings"
)

// A Pattern stands for a set of origins. It is immutable and safe for concurrent use. The zero value matches nothing;
// make one with [ParsePattern].
type Pattern struct {
	text   string
	any    bool // every origin, null included
	scheme string

	// The host is before, what the wildcard stands for, and after. Without a wildcard it is all in before.
	wildcard      wildcard
	before, after string

	ports portSet
}

// wildcard is what the * in a host stands for.
type wildcard int

const (
	noWildcard     wildcard = iota
	wholeLabels             // one label or more
	partOfOneLabel          // one character or more, and no dot
)

// String returns the pattern as it was written.
func (p Pattern) String() string { return p.text }

// IsAny reports whether the pattern is *, which every origin matches.
func (p Pattern) IsAny() bool { return p.any }

// Exact returns the one origin that the pattern stands for, as an Origin header has it, and whether there is just one.
func (p Pattern) Exact() (serialized string, ok bool) {
	if p.any || p.text == "" || p.wildcard != noWildcard {
		return "", false
	}
	port, ok := p.ports.single()
	switch {
	case !ok:
		return "", false
	case p.hasPortList():
		return New(p.scheme, p.before, port).String(), true
	}
	return p.text, true
}

// hasPortList reports whether the ports are written in brackets, if there is only one too.
func (p *Pattern) hasPortList() bool {
	return len(p.ports.ranges) > 0 && strings.HasSuffix(p.text, "]")
}

// Scheme returns the scheme of every origin that matches; empty for *.
func (p Pattern) Scheme() string { return p.scheme }

// Match reports whether the origin is one of those that the pattern stands for. An opaque origin matches * only. It does
// not allocate.
func (p Pattern) Match(o Origin) bool {
	if p.any {
		return true
	}
	return p.scheme == o.scheme && p.scheme != "" && p.matchHost(o.host) && p.ports.match(o)
}

func (p Pattern) matchHost(host string) bool {
	if p.wildcard == noWildcard {
		return host == p.before
	}
	if len(host) <= len(p.before)+len(p.after) || !strings.HasPrefix(host, p.before) || !strings.HasSuffix(host, p.after) {
		return false
	}
	star := host[len(p.before) : len(host)-len(p.after)]
	return p.wildcard == wholeLabels || strings.IndexByte(star, '.') < 0
}

// IsLoopback reports whether every origin that matches is on the machine of the page: its host is localhost, a name below
// it, or a loopback address.
func (p Pattern) IsLoopback() bool {
	if p.any || p.text == "" {
		return false
	}
	return isLoopback(p.before + p.after)
}

// UnderPublicSuffix returns the public suffix that the wildcard stands directly below, so that anybody who registers a name
// there matches: vercel.app for https://*.vercel.app and for https://my-*.vercel.app. It is false if there is none. A top
// level that the list does not know, such as internal, is nobody's to sell and does not count.
func (p Pattern) UnderPublicSuffix() (suffix string, ok bool) {
	if p.wildcard == noWildcard {
		return "", false
	}
	_, parent, _ := strings.Cut(p.after, ".") // what is right of the wildcard's own label
	return parent, IsPublicSuffix(parent)
}

// A portSet is a set of ports, or every port. The zero value holds the default port of a scheme only.
type portSet struct {
	any    bool
	ranges []portRange
}

// portRange is a range of ports, both ends included.
type portRange struct{ low, high int }

func (s portSet) match(o Origin) bool {
	switch {
	case s.any:
		return true
	case s.ranges == nil:
		return o.port == noPort
	}
	port, ok := o.EffectivePort()
	return ok && slices.ContainsFunc(s.ranges, func(r portRange) bool { return r.low <= port && port <= r.high })
}

// single returns the only port of the set, [noPort] for the default.
func (s portSet) single() (port int, ok bool) {
	switch {
	case s.any, len(s.ranges) > 1, len(s.ranges) == 1 && s.ranges[0].low != s.ranges[0].high:
		return 0, false
	case len(s.ranges) == 1:
		return s.ranges[0].low, true
	}
	return noPort, true
}

// NearMiss names the one part in which an origin differs from those that the pattern stands for: "scheme", "host" or "port";
// empty when it matches, or differs in more. A host counts as near when it is the same but for a leading www., or is the apex of
// a wildcard.
func (p Pattern) NearMiss(o Origin) string {
	if p.any || p.text == "" || o.IsOpaque() {
		return ""
	}
	scheme, host, port := p.scheme == o.scheme, p.matchHost(o.host), p.ports.match(o)
	switch {
	case scheme && host && !port:
		return "port"
	case !scheme && host && (port || p.ports.ranges == nil):
		return "scheme"
	case scheme && port && !host && p.nearHost(o.host):
		return "host"
	}
	return ""
}

func (p Pattern) nearHost(host string) bool {
	if p.wildcard == wholeLabels {
		return p.after == "."+host
	}
	return p.wildcard == noWildcard && (host == "www."+p.before || p.before == "www."+host)
}
