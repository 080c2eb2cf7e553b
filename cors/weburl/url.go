package weburl

import (
	"strconv"
	"strings"
)

// URL is a parsed URL, every component as the URL Standard serializes it: ASCII, percent-encoded, hosts in their A-label
// or canonical IP form. Parse makes it; the zero value is not a URL, and nothing checks one made by hand. Methods do not
// modify it, so a URL that nobody writes to may be shared.
//
// https://url.spec.whatwg.org/#concept-url
type URL struct {
	Scheme   string // lower case, without the colon
	Username string
	Password string

	// Host is a domain, an IPv4 address, an IPv6 address in brackets, an opaque host (schemes that are not special) or
	// the empty host. HasHost tells the empty host from none.
	Host    string
	HasHost bool

	Port int // -1 if none; the scheme's default port counts as none

	// Path is the whole path, with its leading slash, or the opaque path (mailto:, data:) without one. It can be empty
	// only when the scheme is not special.
	Path       string
	OpaquePath bool

	Query    string // without the question mark
	HasQuery bool

	Fragment    string // without the number sign
	HasFragment bool
}

// IsSpecial reports whether the scheme is one of the six that the Standard gives hosts, default ports and tolerance for
// backslashes: ftp, file, http, https, ws and wss.
//
// https://url.spec.whatwg.org/#is-special
func (u *URL) IsSpecial() bool { return isSpecial(u.Scheme) }

// HasCredentials reports whether the username or the password is not empty. https://@a.example/ has none.
//
// https://url.spec.whatwg.org/#include-credentials
func (u *URL) HasCredentials() bool { return u.Username != "" || u.Password != "" }

// RequestTarget returns the path and, after a question mark, the query: what an HTTP request line carries.
func (u *URL) RequestTarget() string {
	if !u.HasQuery {
		return u.Path
	}
	return u.Path + "?" + u.Query
}

// String serializes the URL; parsing the outcome gives an equal URL.
//
// https://url.spec.whatwg.org/#concept-url-serializer
func (u *URL) String() string {
	s := u.appendTo(make([]byte, 0, u.size()))
	if u.HasFragment {
		s = append(s, '#')
		s = append(s, u.Fragment...)
	}
	return string(s)
}

// WithoutFragment serializes the URL leaving its fragment out: what leaves the browser.
//
// https://url.spec.whatwg.org/#url-serializer-exclude-fragment
func (u *URL) WithoutFragment() string { return string(u.appendTo(make([]byte, 0, u.size()))) }

func (u *URL) size() int {
	const punctuation = len(":///.:@:65535?#")
	return punctuation + len(u.Scheme) + len(u.Username) + len(u.Password) + len(u.Host) + len(u.Path) + len(u.Query) +
		len(u.Fragment)
}

// appendTo appends everything but the fragment.
func (u *URL) appendTo(s []byte) []byte {
	s = append(s, u.Scheme...)
	s = append(s, ':')
	switch {
	case u.HasHost:
		s = append(s, "//"...)
		if u.HasCredentials() {
			s = append(s, u.Username...)
			if u.Password != "" {
				s = append(s, ':')
				s = append(s, u.Password...)
			}
			s = append(s, '@')
		}
		s = append(s, u.Host...)
		if u.Port >= 0 {
			s = append(s, ':')
			s = strconv.AppendInt(s, int64(u.Port), 10)
		}
	case !u.OpaquePath && strings.HasPrefix(u.Path, "//"):
		s = append(s, "/."...) // or the path would come back as a host
	}
	s = append(s, u.Path...)
	if u.HasQuery {
		s = append(s, '?')
		s = append(s, u.Query...)
	}
	return s
}

// DefaultPort returns the port that a special scheme implies. File has none, and neither has any scheme that is not
// special. The scheme is compared in lower case.
//
// https://url.spec.whatwg.org/#default-port
func DefaultPort(scheme string) (port int, ok bool) {
	switch scheme {
	case "http", "ws":
		return 80, true
	case "https", "wss":
		return 443, true
	case "ftp":
		return 21, true
	}
	return 0, false
}

func isSpecial(scheme string) bool {
	switch scheme {
	case "http", "https", "ws", "wss", "ftp", "file":
		return true
	}
	return false
}
