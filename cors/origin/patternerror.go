package origin

import "fmt"

// A PatternError says why a text is no pattern, and which one may have been meant.
type PatternError struct {
	Value      string
	Reason     PatternReason
	Part       string // of the value, where one part is at fault
	Suggestion string // a valid pattern; empty where nothing is likely
}

// Error is one line with the value, the reason and the suggestion.
func (e *PatternError) Error() string {
	s := fmt.Sprintf("invalid origin pattern %q: %s", e.Value, e.Why())
	if e.Suggestion != "" {
		s += fmt.Sprintf("; did you mean %q?", e.Suggestion)
	}
	return s
}

// Why is the reason in words, without the value and the suggestion.
func (e *PatternError) Why() string { return e.Reason.text(e.Part) }

// PatternReason names one way in which a text is no pattern. The reasons are stable.
type PatternReason string

// The reasons.
const (
	PatternEmpty             PatternReason = "empty"
	PatternNull              PatternReason = "null"
	PatternRegularExpression PatternReason = "regular-expression"
	PatternSeveral           PatternReason = "several-origins"
	PatternWhitespace        PatternReason = "whitespace"
	PatternSchemeMissing     PatternReason = "scheme-missing"
	PatternScheme            PatternReason = "scheme-invalid"
	PatternSchemeWildcard    PatternReason = "scheme-wildcard"
	PatternOpaqueScheme      PatternReason = "scheme-without-origin"
	PatternUserInfo          PatternReason = "user-info"
	PatternPath              PatternReason = "path"
	PatternHostMissing       PatternReason = "host-missing"
	PatternHost              PatternReason = "host-invalid"
	PatternIP                PatternReason = "ip-form"
	PatternUnicode           PatternReason = "unicode-host"
	PatternUpperCase         PatternReason = "upper-case"
	PatternWildcards         PatternReason = "several-wildcards"
	PatternLastLabel         PatternReason = "wildcard-top-level"
	PatternPort              PatternReason = "port-invalid"
	PatternDefaultPort       PatternReason = "default-port"
)

// PatternReasons lists the reasons. The slice is the caller's.
func PatternReasons() []PatternReason {
	return []PatternReason{
		PatternEmpty, PatternNull, PatternRegularExpression, PatternSeveral, PatternWhitespace, PatternSchemeMissing,
		PatternScheme, PatternSchemeWildcard, PatternOpaqueScheme, PatternUserInfo, PatternPath, PatternHostMissing, PatternHost,
		PatternIP, PatternUnicode, PatternUpperCase, PatternWildcards, PatternLastLabel, PatternPort, PatternDefaultPort,
	}
}

// text is the reason in words.
func (r PatternReason) text(part string) string {
	switch r {
	case PatternEmpty:
		return "it is empty"
	case PatternNull:
		return "null is the origin of every sandboxed frame, whoever made it"
	case PatternRegularExpression:
		return "regular expressions are not understood; * stands for labels, or for a part of one"
	case PatternSeveral:
		return "it holds several origins; write each as an entry of its own"
	case PatternWhitespace:
		return "it holds white space"
	case PatternSchemeMissing:
		return "the scheme is missing"
	case PatternScheme:
		return fmt.Sprintf("%q is not a scheme", part)
	case PatternSchemeWildcard:
		return "a scheme cannot have a wildcard; write an entry for each scheme"
	case PatternOpaqueScheme:
		return fmt.Sprintf("pages of scheme %s have the origin null", part)
	case PatternUserInfo:
		return "an origin has no user name and no password"
	case PatternPath:
		return fmt.Sprintf("an origin ends after the host and the port; %q follows", part)
	case PatternHostMissing:
		return "the host is missing"
	case PatternHost:
		return fmt.Sprintf("%q is not a host", part)
	case PatternIP:
		return fmt.Sprintf("browsers write the address %s in another form", part)
	case PatternUnicode:
		return "browsers write the host in ASCII"
	case PatternUpperCase:
		return "origins are lower case, and are compared byte for byte"
	case PatternWildcards:
		return "a host can have one wildcard only"
	case PatternLastLabel:
		return "the last label of a host cannot have a wildcard"
	case PatternPort:
		return fmt.Sprintf("%q is not a port from 0 to 65535, nor *, nor a list such as [3000,5173] or [3000-3999]", part)
	case PatternDefaultPort:
		return fmt.Sprintf("%s is the default port of the scheme, and browsers leave it out", part)
	}
	return string(r)
}
