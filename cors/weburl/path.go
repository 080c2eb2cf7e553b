package weburl

import "strings"

// path runs the path state on s, which starts with the slash that led here, if one did. It appends to the path that the
// URL has, at least one segment.
//
// https://url.spec.whatwg.org/#path-state
func (p *parser) path(s string) {
	path, rest := s, ""
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		path, rest = s[:i], s[i:]
	}
	if p.url.Path == "" && p.isPlainPath(path) {
		p.url.Path = path
	} else {
		p.segments(path)
	}
	p.queryAndFragment(rest)
}

// isPlainPath reports whether the path is serialized as it is written. It may say no to a path that is.
func (p *parser) isPlainPath(path string) bool {
	if path == "" || path[0] != '/' || p.url.Scheme == "file" {
		return false
	}
	for i := range len(path) {
		c := path[i]
		if pathSet.has(c) || c == '\\' || (c == '.' || c == '%') && path[i-1] == '/' {
			return false
		}
	}
	return true
}

// segments appends the segments of path one by one, resolving those that are dots.
func (p *parser) segments(path string) {
	if path != "" && p.isSlash(path[0]) {
		path = path[1:]
	}
	b := make([]byte, 0, len(p.url.Path)+len(path)+16)
	b = append(b, p.url.Path...)
	for more := true; more; {
		end := strings.IndexByte(path, '/')
		if p.special {
			end = strings.IndexAny(path, `/\`)
		}
		segment := path
		if more = end >= 0; more {
			segment, path = path[:end], path[end+1:]
		}
		switch {
		case isDoubleDot(segment):
			b = b[:shortened(p.url.Scheme, b)]
			if !more {
				b = append(b, '/')
			}
		case isSingleDot(segment):
			if !more {
				b = append(b, '/')
			}
		case p.url.Scheme == "file" && len(b) == 0 && isDriveLetter(segment):
			b = append(b, '/', segment[0], ':')
		default:
			b = append(b, '/')
			b = appendEncoded(b, segment, &pathSet)
		}
	}
	p.url.Path = string(b)
}

// shortened returns the length of the path without its last segment. A file's drive letter stays.
//
// https://url.spec.whatwg.org/#shorten-a-urls-path
func shortened[S string | []byte](scheme string, path S) int {
	if scheme == "file" && len(path) == len("/C:") && isAlpha(path[1]) && path[2] == ':' {
		return len(path)
	}
	n := len(path)
	for n > 0 {
		n--
		if path[n] == '/' {
			break
		}
	}
	return n
}

// https://url.spec.whatwg.org/#single-dot-path-segment
func isSingleDot(segment string) bool {
	return len(segment) <= len("%2e") && segment != "" && skipDot(segment) == ""
}

// https://url.spec.whatwg.org/#double-dot-path-segment
func isDoubleDot(segment string) bool {
	return len(segment) <= len("%2e%2e") && len(segment) >= 2 && isSingleDot(skipDot(segment))
}

// skipDot removes one dot, plain or percent-encoded, from the front of the segment if it is there.
func skipDot(segment string) string {
	switch {
	case strings.HasPrefix(segment, "."):
		return segment[1:]
	case strings.HasPrefix(segment, "%2e"), strings.HasPrefix(segment, "%2E"):
		return segment[3:]
	}
	return segment
}

// isDriveLetter reports whether the segment is a Windows drive letter, normalized or not.
//
// https://url.spec.whatwg.org/#windows-drive-letter
func isDriveLetter(segment string) bool {
	return len(segment) == 2 && isAlpha(segment[0]) && (segment[1] == ':' || segment[1] == '|')
}

// startsWithDriveLetter reports whether a Windows drive letter is the whole first segment of s.
//
// https://url.spec.whatwg.org/#start-with-a-windows-drive-letter
func startsWithDriveLetter(s string) bool {
	return len(s) >= 2 && isDriveLetter(s[:2]) && (len(s) == 2 || strings.IndexByte(`/\?#`, s[2]) >= 0)
}
