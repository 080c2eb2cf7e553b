package origin

import (
	"strconv"
	"strings"

	"github.com/concors/concors/cors/weburl"
)

// guesses are what a text that is no pattern may have been meant to be, the likeliest first. Whether they are patterns is
// not checked.
func guesses(s string, problem *PatternError) []string {
	switch problem.Reason {
	case PatternEmpty, PatternNull, PatternSchemeWildcard, PatternOpaqueScheme, PatternWildcards, PatternHostMissing:
		return nil
	case PatternSeveral:
		return entries(s)[:1]
	case PatternRegularExpression:
		return []string{withoutRegexp(s)}
	}
	s = strings.TrimSpace(s)
	if problem.Reason == PatternSchemeMissing || strings.HasPrefix(s, "//") {
		s = strings.TrimLeft(s, "/")
		if host, _, _ := cutPorts(s); isLoopback(strings.ToLower(host)) {
			return []string{tidied("http://" + s)}
		}
		return []string{tidied("https://" + s)}
	}
	return []string{tidied(s)}
}

// tidied is a text as an Origin header would have it: what a URL parser makes of it, without what follows the port. Ports that
// are no single one stay as they are.
func tidied(s string) string {
	scheme, rest, _ := strings.Cut(s, "://")
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	host, port, found := cutPorts(rest)
	scheme = strings.ToLower(scheme)
	// A wildcard's label of its own passes the parser as it is; within a label in another script it cannot.
	star := strings.HasPrefix(host, "*.")
	u, err := weburl.Parse(scheme+"://"+strings.Replace(host, "*", placeholder, 1), nil)
	if err != nil {
		return ""
	}
	out := u.Host
	switch i := strings.IndexByte(host, '*'); {
	case star:
		out = "*" + strings.TrimPrefix(out, placeholder)
	case i >= 0 && isASCII(host) && len(out) == len(host): // the parser has left all in its place
		out = out[:i] + "*" + out[i+1:]
	case i >= 0:
		return ""
	}
	def, hasDefault := weburl.DefaultPort(scheme)
	if isDefault := hasDefault && port == strconv.Itoa(def); found && port != "" && !isDefault {
		out += ":" + port
	}
	return scheme + "://" + out
}

// withoutRegexp is a regular expression for origins as the pattern that it stands for, where it is simple enough.
func withoutRegexp(s string) string {
	s = strings.Trim(s, "/")
	s = strings.TrimSuffix(strings.TrimPrefix(s, "^"), "$")
	s = strings.NewReplacer(`\/`, "/", `\.`, ".", `https?`, "https", `(.*\.)?`, "*.", `(.+\.)?`, "*.", ".*", "*", ".+", "*", `[^.]+`, "*", `[a-z0-9-]+`, "*", `[\w-]+`, "*", `\w+`, "*", `\d+`, "*").Replace(s)
	s = strings.NewReplacer("(*)", "*", "(*.)", "*.", "**", "*").Replace(s)
	return s
}
