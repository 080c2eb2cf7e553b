package weburl

import "strings"

// file runs the file state, whose rules for hosts and Windows drive letters no other scheme shares. The caller has set
// the scheme and the empty host.
//
// https://url.spec.whatwg.org/#file-state
// https://url.spec.whatwg.org/#file-slash-state
func (p *parser) file(s string) (reason string) {
	base := p.base
	if base != nil && base.Scheme != "file" {
		base = nil
	}
	slashes := len(s) - len(strings.TrimLeft(s, `/\`))
	switch {
	case slashes >= 2:
		return p.fileHost(s[2:])
	case slashes == 1:
		if base != nil {
			p.url.Host = base.Host
			if !startsWithDriveLetter(s[1:]) && len(base.Path) >= 3 && base.Path[2] == ':' &&
				startsWithDriveLetter(base.Path[1:]) {
				p.url.Path = base.Path[:3]
			}
		}
		p.path(s)
	case base != nil:
		p.url.Host = base.Host
		p.relativePath(s)
	default:
		p.path(s)
	}
	return ""
}

// https://url.spec.whatwg.org/#file-host-state
func (p *parser) fileHost(s string) (reason string) {
	host, rest := s, ""
	if i := strings.IndexAny(s, `/\?#`); i >= 0 {
		host, rest = s[:i], s[i:]
	}
	if isDriveLetter(host) {
		p.path(s) // file://C:/ is a path
		return ""
	}
	if host != "" {
		if host, reason = parseHost(host, true); reason != "" {
			return reason
		}
		if host == "localhost" {
			host = ""
		}
	}
	p.url.Host = host
	p.pathStart(rest)
	return ""
}
