package origin

import (
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/concors/concors/cors/weburl"
)

// placeholder takes the place of a wildcard while the URL parser looks at the rest.
const placeholder = "w"

// longestPattern is how long a pattern may be.
const longestPattern = 1000

// ParsePattern reads a pattern:
//
//   - * : every origin
//   - https://app.example, http://localhost:3000, capacitor://localhost : this origin
//   - https://*.app.example : one label or more before app.example, but not app.example itself
//   - https://pr-*.app.example, https://*-team.app.example : the * stands for one character or more of its label
//   - http://localhost:* : every port, and none
//   - http://localhost:[3000,5173], http://localhost:[3000-3999] : these ports
//
// Everything is as an Origin header has it: lower case, hosts in ASCII, no default port, no slash at the end. The error is a
// [*PatternError], which often knows what was meant.
func ParsePattern(s string) (Pattern, error) {
	if p, ok := exactPattern(s); ok {
		return p, nil
	}
	p, err := parsePattern(s)
	if err == nil {
		return p, nil
	}
	for _, guess := range guesses(s, err) {
		if _, bad := parsePattern(guess); bad == nil && guess != s {
			err.Suggestion = guess
			break
		}
	}
	return Pattern{}, err
}

// exactPattern reads a serialized origin, which is its own pattern and what nearly every pattern is. It leaves to
// [parsePattern], which would read it as the same, what [Parse] does not look into or what is no pattern.
func exactPattern(s string) (Pattern, bool) {
	o, ok := Parse(s)
	if !ok || o.IsOpaque() || hasNoOrigin(o.scheme) || looksLikeRegexp(o.scheme) || strings.Contains(o.host, "xn--") {
		return Pattern{}, false
	}
	p := Pattern{text: s, scheme: o.scheme, before: o.host}
	if port, ok := o.Port(); ok {
		p.ports.ranges = []portRange{{port, port}}
	}
	return p, true
}

func parsePattern(s string) (Pattern, *PatternError) {
	fail := func(reason PatternReason, part string) (Pattern, *PatternError) {
		return Pattern{}, &PatternError{Value: s, Reason: reason, Part: part}
	}
	switch {
	case s == "":
		return fail(PatternEmpty, "")
	case s == "*":
		return Pattern{text: s, any: true}, nil
	case strings.EqualFold(s, "null"):
		return fail(PatternNull, "")
	case len(s) > longestPattern:
		return fail(PatternHost, s[:longestHost]+"...")
	case looksLikeRegexp(s):
		return fail(PatternRegularExpression, "")
	case strings.TrimSpace(s) != s:
		return fail(PatternWhitespace, "")
	case holdsSeveral(s):
		return fail(PatternSeveral, "")
	case strings.ContainsAny(s, " \t\r\n\f"):
		return fail(PatternWhitespace, "")
	}
	scheme, rest, found := strings.Cut(s, "://")
	switch {
	case !found:
		return fail(PatternSchemeMissing, "")
	case strings.Contains(scheme, "*"):
		return fail(PatternSchemeWildcard, "")
	case !isScheme(strings.ToLower(scheme)):
		return fail(PatternScheme, scheme)
	}
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	if strings.Contains(authority, "@") {
		return fail(PatternUserInfo, "")
	}
	host, port, hasPort := cutPorts(authority)
	switch {
	case host == "":
		return fail(PatternHostMissing, "")
	case strings.Count(host, "*") > 1:
		return fail(PatternWildcards, "")
	}
	serialized, isIP, ok := serializedHost(strings.ToLower(scheme), host)
	switch {
	case hasNoOrigin(scheme):
		return fail(PatternOpaqueScheme, scheme)
	case !ok:
		return fail(PatternHost, host)
	case strings.Contains(host[strings.LastIndexByte(host, '.')+1:], "*"):
		return fail(PatternLastLabel, "")
	case !isASCII(host):
		return fail(PatternUnicode, "")
	case scheme != strings.ToLower(scheme) || host != serialized && strings.ToLower(host) == serialized:
		return fail(PatternUpperCase, "")
	case host != serialized && isIP:
		return fail(PatternIP, host)
	case host != serialized:
		return fail(PatternHost, host)
	}
	p := Pattern{text: s, scheme: scheme}
	if !p.parsePorts(port, hasPort) {
		return fail(PatternPort, port)
	}
	if def, ok := weburl.DefaultPort(scheme); ok && hasPort && port == strconv.Itoa(def) {
		return fail(PatternDefaultPort, port)
	}
	if tail != "" {
		return fail(PatternPath, tail)
	}
	p.parseHost(host)
	return p, nil
}

// hasNoOrigin reports whether the pages of a scheme have no origin but an opaque one.
func hasNoOrigin(scheme string) bool {
	switch scheme {
	case "file", "data", "blob", "about", "javascript":
		return true
	}
	return false
}

// parseHost splits the host at its wildcard.
func (p *Pattern) parseHost(host string) {
	var found bool
	p.before, p.after, found = strings.Cut(host, "*")
	switch {
	case !found:
	case p.before == "" && strings.HasPrefix(p.after, "."):
		p.wildcard = wholeLabels
	default:
		p.wildcard = partOfOneLabel
	}
}

// parsePorts reads what stands after the colon.
func (p *Pattern) parsePorts(s string, there bool) bool {
	if !there {
		return true
	}
	if s == "*" {
		p.ports.any = true
		return true
	}
	list, found := strings.CutPrefix(s, "[")
	if found {
		if list, found = strings.CutSuffix(list, "]"); !found {
			return false
		}
	} else if strings.ContainsAny(s, ",-") {
		return false
	}
	for item := range strings.SplitSeq(list, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(item), "-")
		from, ok := parsePort(low)
		to := from
		if ok && isRange {
			to, ok = parsePort(high)
		}
		if !ok || from > to {
			return false
		}
		p.ports.ranges = append(p.ports.ranges, portRange{from, to})
	}
	return true
}

// cutPorts separates the host from what stands after its colon.
func cutPorts(authority string) (host, port string, found bool) {
	if strings.HasPrefix(authority, "[") {
		i := strings.IndexByte(authority, ']')
		if i < 0 {
			return authority, "", false
		}
		port, found = strings.CutPrefix(authority[i+1:], ":")
		if !found && authority[i+1:] != "" {
			return authority, "", false
		}
		return authority[:i+1], port, found
	}
	return strings.Cut(authority, ":")
}

// serializedHost is the host as a browser would write it, and whether it is one at all.
func serializedHost(scheme, host string) (serialized string, isIP, ok bool) {
	u, err := weburl.Parse(scheme+"://"+strings.Replace(host, "*", placeholder, 1), nil)
	if err != nil || u.Host == "" {
		return "", false, false
	}
	serialized = u.Host
	isIP = serialized[0] == '[' || isIPv4(serialized)
	if i := strings.IndexByte(host, '*'); i >= 0 {
		if isIP || !isASCII(host) {
			return strings.Replace(host, "*", placeholder, 1), isIP, !isIP
		}
		if len(serialized) != len(host) {
			return serialized, false, true
		}
		serialized = serialized[:i] + "*" + serialized[i+1:]
	}
	return serialized, isIP, true
}

// looksLikeRegexp reports whether a text has what only a regular expression has.
func looksLikeRegexp(s string) bool {
	if strings.ContainsAny(s, "^$()|+{}") || strings.Contains(s, ".*") && !strings.Contains(s, "://") {
		return true
	}
	return strings.Contains(s, `\.`) || strings.Contains(s, `\/`) || strings.Contains(s, "://.*") || strings.Contains(s, "[^") ||
		strings.Contains(s, "[a-z") || strings.Contains(s, "[0-9") || strings.Contains(s, "]*") || strings.Contains(s, "]+")
}

// holdsSeveral reports whether a text is a list of origins.
func holdsSeveral(s string) bool {
	return len(entries(s)) > 1
}

// entries are the parts of a list that is separated by commas, semicolons or white space; commas in the brackets of ports do
// not count.
func entries(s string) []string {
	depth := 0
	return strings.FieldsFunc(s, func(c rune) bool {
		switch c {
		case '[':
			depth++
		case ']':
			depth--
		case ',', ';', ' ', '\t', '\n', '\r':
			return depth <= 0
		}
		return false
	})
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// IsPublicSuffix reports whether anybody can register names directly below a domain, its private section included. A top
// level that the list does not know does not count.
func IsPublicSuffix(domain string) bool {
	suffix, managed := publicsuffix.PublicSuffix(domain)
	return suffix == domain && domain != "" && (managed || strings.Contains(suffix, "."))
}
