package weburl

import (
	"strings"
	"unicode/utf8"
)

// Parse parses s, relative to base unless base is nil. The error is always an [*Error].
//
// Bytes that are not UTF-8 are read as U+FFFD, the replacement character, as they would be in any text that a browser
// decodes.
//
// https://url.spec.whatwg.org/#concept-basic-url-parser
func Parse(s string, base *URL) (*URL, error) {
	p := parser{url: &URL{Port: -1}, base: base}
	if reason := p.schemeStart(clean(s)); reason != "" {
		return nil, &Error{Input: s, Reason: reason}
	}
	return p.url, nil
}

// parser holds what the states share. Each state is a method that takes the input from its pointer on, and ends in the
// call of the next state; all but the ones that cannot fail return the reason for failure, or nothing.
type parser struct {
	url     *URL
	base    *URL // may be nil
	special bool // of url's scheme
}

// clean makes the input what the state machine starts with.
func clean(s string) string {
	for s != "" && s[0] <= ' ' {
		s = s[1:]
	}
	for s != "" && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	ascii, newline := true, false
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
		newline = newline || s[i] == '\t' || s[i] == '\n' || s[i] == '\r'
	}
	if !ascii {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if newline {
		b := make([]byte, 0, len(s))
		for i := range len(s) {
			if s[i] != '\t' && s[i] != '\n' && s[i] != '\r' {
				b = append(b, s[i])
			}
		}
		s = string(b)
	}
	return s
}

// isSlash reports whether c separates segments: a backslash does where the scheme is special.
func (p *parser) isSlash(c byte) bool { return c == '/' || c == '\\' && p.special }

func (p *parser) setScheme(scheme string) {
	p.url.Scheme = scheme
	p.special = isSpecial(scheme)
}

// schemeStart looks for a scheme and decides which kind of URL follows it.
//
// https://url.spec.whatwg.org/#scheme-start-state
// https://url.spec.whatwg.org/#scheme-state
func (p *parser) schemeStart(s string) (reason string) {
	scheme, rest, ok := cutScheme(s)
	if !ok {
		return p.noScheme(s)
	}
	p.setScheme(scheme)
	switch {
	case scheme == "file":
		p.url.HasHost = true
		return p.file(rest)
	case p.special && p.base != nil && p.base.Scheme == scheme && !strings.HasPrefix(rest, "//"):
		return p.relative(rest) // NB: https:path is relative to an https base, and absolute to any other
	case p.special:
		return p.authority(skipSlashes(rest))
	case strings.HasPrefix(rest, "//"):
		return p.authority(rest[2:])
	case strings.HasPrefix(rest, "/"):
		p.path(rest)
	default:
		p.opaquePath(rest)
	}
	return ""
}

// cutScheme splits s after its scheme, which it returns in lower case and without the colon.
func cutScheme(s string) (scheme, rest string, ok bool) {
	if s == "" || !isAlpha(s[0]) {
		return "", "", false
	}
	lower := true
	for i := range len(s) {
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z':
			lower = false
		case 'a' <= c && c <= 'z', isDigit(c), c == '+', c == '-', c == '.':
		case c == ':':
			scheme = s[:i]
			if !lower {
				scheme = strings.ToLower(scheme)
			}
			return scheme, s[i+1:], true
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// skipSlashes removes every slash and backslash from the front of s.
//
// https://url.spec.whatwg.org/#special-authority-ignore-slashes-state
func skipSlashes(s string) string { return strings.TrimLeft(s, `/\`) }

// https://url.spec.whatwg.org/#no-scheme-state
func (p *parser) noScheme(s string) (reason string) {
	switch {
	case p.base == nil:
		return reasonNoScheme
	case p.base.OpaquePath:
		if !strings.HasPrefix(s, "#") {
			return reasonOpaqueBase
		}
		p.setScheme(p.base.Scheme)
		p.url.OpaquePath = true
		p.copyPathAndQuery()
		p.queryAndFragment(s)
		return ""
	case p.base.Scheme == "file":
		p.setScheme("file")
		p.url.HasHost = true
		return p.file(s)
	}
	p.setScheme(p.base.Scheme)
	return p.relative(s)
}

// https://url.spec.whatwg.org/#relative-state
// https://url.spec.whatwg.org/#relative-slash-state
func (p *parser) relative(s string) (reason string) {
	if s != "" && p.isSlash(s[0]) {
		switch {
		case len(s) > 1 && p.special && p.isSlash(s[1]):
			return p.authority(skipSlashes(s))
		case len(s) > 1 && s[1] == '/':
			return p.authority(s[2:])
		}
		p.copyAuthority()
		p.path(s)
		return ""
	}
	p.copyAuthority()
	p.relativePath(s)
	return ""
}

// relativePath continues a reference that has neither a host nor a leading slash of its own.
func (p *parser) relativePath(s string) {
	p.copyPathAndQuery()
	if s == "" || s[0] == '?' || s[0] == '#' {
		p.queryAndFragment(s)
		return
	}
	p.url.Query, p.url.HasQuery = "", false
	if p.url.Scheme == "file" && startsWithDriveLetter(s) {
		p.url.Path = ""
	} else {
		p.url.Path = p.url.Path[:shortened(p.url.Scheme, p.url.Path)]
	}
	p.path(s)
}

func (p *parser) copyAuthority() {
	p.url.Username, p.url.Password = p.base.Username, p.base.Password
	p.url.Host, p.url.HasHost, p.url.Port = p.base.Host, p.base.HasHost, p.base.Port
}

func (p *parser) copyPathAndQuery() {
	p.url.Path = p.base.Path
	p.url.Query, p.url.HasQuery = p.base.Query, p.base.HasQuery
}

// authority reads credentials, host and port, which end where the path, query or fragment starts.
//
// https://url.spec.whatwg.org/#authority-state
// https://url.spec.whatwg.org/#host-state
func (p *parser) authority(s string) (reason string) {
	authority, rest := s, ""
	for i := range len(s) {
		if c := s[i]; p.isSlash(c) || c == '?' || c == '#' {
			authority, rest = s[:i], s[i:]
			break
		}
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		username, password, _ := strings.Cut(authority[:at], ":")
		p.url.Username = encode(username, &userinfoSet)
		p.url.Password = encode(password, &userinfoSet)
		if authority = authority[at+1:]; authority == "" {
			return reasonNoHost
		}
	}
	host, port, hasPort := cutPort(authority)
	if host == "" && (p.special || hasPort) {
		return reasonNoHost
	}
	if p.url.Host, reason = parseHost(host, p.special); reason != "" {
		return reason
	}
	p.url.HasHost = true
	if hasPort {
		if reason = p.port(port); reason != "" {
			return reason
		}
	}
	p.pathStart(rest)
	return ""
}

// cutPort splits the authority at its first colon outside brackets.
func cutPort(authority string) (host, port string, ok bool) {
	inside := false
	for i := range len(authority) {
		switch authority[i] {
		case '[':
			inside = true
		case ']':
			inside = false
		case ':':
			if !inside {
				return authority[:i], authority[i+1:], true
			}
		}
	}
	return authority, "", false
}

// port sets the port, unless it is missing or the scheme's default.
//
// https://url.spec.whatwg.org/#port-state
func (p *parser) port(s string) (reason string) {
	port := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return reasonPort
		}
		if port = port*10 + int(s[i]-'0'); port > 65535 {
			return reasonPort
		}
	}
	if def, ok := DefaultPort(p.url.Scheme); s != "" && !(ok && port == def) {
		p.url.Port = port
	}
	return ""
}

// pathStart continues after the authority.
//
// https://url.spec.whatwg.org/#path-start-state
func (p *parser) pathStart(s string) {
	if !p.special && (s == "" || s[0] == '?' || s[0] == '#') {
		p.queryAndFragment(s)
		return
	}
	p.path(s)
}

// https://url.spec.whatwg.org/#cannot-be-a-base-url-path-state
func (p *parser) opaquePath(s string) {
	rest := ""
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s, rest = s[:i], s[i:]
	}
	p.url.OpaquePath = true
	if rest != "" && strings.HasSuffix(s, " ") {
		// Or a script that removes the query and fragment would leave a path that cannot be parsed again.
		p.url.Path = encode(s[:len(s)-1], &c0ControlSet) + "%20"
	} else {
		p.url.Path = encode(s, &c0ControlSet)
	}
	p.queryAndFragment(rest)
}

// queryAndFragment takes what is left when the path has ended: nothing, or something that starts with ? or #.
//
// https://url.spec.whatwg.org/#query-state
// https://url.spec.whatwg.org/#fragment-state
func (p *parser) queryAndFragment(s string) {
	query, fragment, hasFragment := strings.Cut(s, "#")
	if query != "" {
		set := &querySet
		if p.special {
			set = &specialQuerySet
		}
		p.url.Query, p.url.HasQuery = encode(query[1:], set), true
	}
	if hasFragment {
		p.url.Fragment, p.url.HasFragment = encode(fragment, &fragmentSet), true
	}
}
