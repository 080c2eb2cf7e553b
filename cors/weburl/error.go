package weburl

import "fmt"

// Error says why a string is not a URL.
type Error struct {
	Input  string // as it was given to Parse
	Reason string // such as "host is missing"
}

// Error quotes the input, cut short when it is long, and gives the reason.
func (e *Error) Error() string {
	const longest = 200
	if len(e.Input) > longest {
		return fmt.Sprintf("invalid URL %q...: %s", e.Input[:longest], e.Reason)
	}
	return fmt.Sprintf("invalid URL %q: %s", e.Input, e.Reason)
}

// The reasons, each for one way that the parser returns failure.
const (
	reasonNoScheme        = "scheme is missing, and there is no base to resolve it against"
	reasonOpaqueBase      = "the base cannot have relative references"
	reasonNoHost          = "host is missing"
	reasonPort            = "port is not a number from 0 to 65535"
	reasonHostCharacter   = "host holds a character that hosts cannot have"
	reasonHostEncoding    = "host is not UTF-8 once percent-decoded"
	reasonDomain          = "host is not a valid internationalized domain name"
	reasonDomainTooLong   = "internationalized host is too long"
	reasonIPv4            = "host ends in a number but is not an IPv4 address"
	reasonIPv6            = "host is not a valid IPv6 address"
	reasonBracketUnclosed = "IPv6 address has no closing bracket"
)
