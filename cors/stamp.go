package cors

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
)

// Stamp sets the headers of the decision on a response, as [Decision.Header] lists them: fields is an http.Header, whose keys
// are in canonical form. Whatever it has of the names by which servers take part in the CORS protocol goes; to Vary the names
// that it lacks are added. The lines are private to the response, except that they share their texts.
func (d *Decision) Stamp(fields map[string][]string) {
	if len(fields) > 0 {
		for _, name := range header.ResponseNames() {
			delete(fields, name)
		}
	}
	s := served{d.policy, d.policy.constant()}
	switch {
	case d.Kind == Preflight:
		s.stampPreflight(fields, d)
	case d.Kind == Actual && d.Allowed():
		s.stamp(fields, d.Request.Origin)
	default:
		s.stamp(fields, nil)
	}
}

// served is a policy, with what is asked for each request worked out.
type served struct {
	*Policy
	constantAnswer bool
}

// stamp sets the headers of the response to a request that is no preflight. The origin is the lines of the request's Origin
// header if the policy allows it, and nil otherwise. The values are private to the response: a handler may change them.
func (s *served) stamp(h map[string][]string, lines []string) {
	if len(h) > 0 { // those of a middleware around this one
		delete(h, header.AllowOrigin)
		delete(h, header.AllowCredentials)
		delete(h, header.ExposeHeaders)
	}
	if lines == nil && !s.constantAnswer {
		addVary(h, new([1]string)[:])
		return
	}
	values := new([4]string) // in one piece: allocating is a fifth of the work
	if s.constantAnswer {
		values[0] = "*"
	} else {
		values[0] = lines[0]
		addVary(h, values[1:2:2])
	}
	h[header.AllowOrigin] = values[0:1:1]
	if s.credentials {
		values[2] = "true"
		h[header.AllowCredentials] = values[2:3:3]
	}
	if s.exposeHeaders != "" {
		values[3] = s.exposeHeaders
		h[header.ExposeHeaders] = values[3:4:4]
	}
}

// addVary adds Origin to Vary; the slice, of one line, takes it if there is none yet.
func addVary(h map[string][]string, slot []string) {
	slot[0] = header.Origin
	if len(h) > 0 {
		slot = extendVary(h[header.Vary], slot)
	}
	h[header.Vary] = slot
}

// extendVary returns the lines of Vary with those to be added, unless they say so already.
func extendVary(there, added []string) []string {
	for _, line := range there {
		for name := range strings.SplitSeq(line, ",") {
			if name = trimSpace(name); name == "*" || header.EqualFold(name, header.Origin) {
				return there
			}
		}
	}
	if len(there) == 0 {
		return added
	}
	return append(there[:len(there):len(there)], added...)
}

// stampPreflight sets the headers of the answer to a preflight. Its lines are private too: a handler around this one may
// change them.
func (s *served) stampPreflight(h map[string][]string, d *Decision) {
	if !d.Allowed() {
		addLine(h, header.Vary, new([1]string)[:], preflightVary)
		return
	}
	values := new([6]string)
	addLine(h, header.Vary, values[0:1:1], preflightVary)
	values[1] = "*"
	if !s.constantAnswer {
		values[1] = d.Request.Origin[0]
	}
	h[header.AllowOrigin] = values[1:2:2]
	if s.credentials {
		values[2] = "true"
		h[header.AllowCredentials] = values[2:3:3]
	}
	if methods := d.allowMethods(); methods != "" {
		values[3] = methods
		h[header.AllowMethods] = values[3:4:4]
	}
	switch asked := d.Request.RequestHeaders; {
	case s.anyHeader && len(asked) > 0:
		h[header.AllowHeaders] = slices.Clone(asked)
	case !s.anyHeader && s.allowHeaders != "":
		values[4] = s.allowHeaders
		h[header.AllowHeaders] = values[4:5:5]
	}
	if s.maxAge != "" {
		values[5] = s.maxAge
		h[header.MaxAge] = values[5:6:6]
	}
}

// addLine adds a line to those of a header; the slice, of one line, takes it if there is none yet.
func addLine(h map[string][]string, name string, slot []string, value string) {
	slot[0] = value
	if len(h) > 0 {
		if there := h[name]; len(there) > 0 {
			slot = append(there[:len(there):len(there)], value)
		}
	}
	h[name] = slot
}
