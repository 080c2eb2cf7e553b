package cors

import "github.com/concors/concors/cors/header"

// The bounds of Access-Control-Request-Headers. No browser comes near them: it asks once for each header of a request that
// is itself bounded.
const (
	mostHeaderBytes = 16 << 10
	mostHeaderLines = 64
)

// refusedHeader judges the lines of Access-Control-Request-Headers: names in any order and case, separated by commas, with
// white space around them or nothing between two commas. It returns the first name that is refused.
func (p *Policy) refusedHeader(lines []string) (name string, refusal Refusal) {
	if len(lines) > mostHeaderLines {
		return "", RefusedHeadersLength
	}
	left := mostHeaderBytes
	for _, line := range lines {
		if left -= len(line); left < 0 {
			return "", RefusedHeadersLength
		}
		for start := 0; start <= len(line); {
			end := start
			for end < len(line) && line[end] != ',' {
				end++
			}
			if name = trimSpace(line[start:end]); name != "" {
				if refusal = p.refusedName(name); refusal != "" {
					return name, refusal
				}
			}
			start = end + 1
		}
	}
	return "", ""
}

// refusedName judges one name.
func (p *Policy) refusedName(name string) Refusal {
	switch {
	case p.hasName(name):
		return ""
	case !header.IsToken(name):
		return RefusedHeaderInvalid
	case p.anyHeader && (p.authorization || !header.EqualFold(name, header.Authorization)):
		return ""
	}
	return RefusedHeader
}

// hasName reports whether a name is listed, whatever its case. Few names are of one length, and longer ones than any are not
// looked at.
func (p *Policy) hasName(name string) bool {
	if len(name) >= len(p.names) {
		return false
	}
	for _, listed := range p.names[len(name)] {
		if listed == name || header.EqualFold(listed, name) {
			return true
		}
	}
	return false
}

// trimSpace trims optional white space.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.3
func trimSpace(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}
