package cors

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// mostCompared is how many entries are looked through for the nearest one. Whoever sends requests can have them refused, and a
// log asks for each why.
const mostCompared = 500

// longestShown is how many bytes of a request's value a sentence shows.
const longestShown = 200

// Why says in one sentence why the request is refused, with the nearest thing that would be allowed; empty if it is not. It
// is worked out when it is asked for. Bytes of the request are quoted, so it is safe to print.
func (d *Decision) Why() string {
	p := d.policy
	switch d.Refusal {
	case RefusedOrigins:
		return fmt.Sprintf("the request has %d Origin lines, and a browser sends one", len(d.Request.Origin))
	case RefusedNull:
		return "the origin is null, which any page can have by way of a sandboxed frame"
	case RefusedOrigin:
		return p.whyOrigin(d.Request.Origin[0])
	case RefusedMethodInvalid:
		if len(d.Request.RequestMethod) != 1 {
			return fmt.Sprintf("the preflight has %d Access-Control-Request-Method lines, and a browser sends one", len(d.Request.RequestMethod))
		}
		return fmt.Sprintf("the preflight asks for %s, which is not a method", shown(d.Request.RequestMethod[0]))
	case RefusedMethod:
		return p.whyMethod(d.Request.RequestMethod[0])
	case RefusedHeadersLength:
		return "the preflight asks for more headers than a browser ever does"
	case RefusedHeaderInvalid:
		return fmt.Sprintf("the preflight asks for %s, which is not a header name", shown(d.name))
	case RefusedHeader:
		if p.anyHeader {
			return "the preflight asks for Authorization, which * does not cover; it must be named beside it"
		}
		return fmt.Sprintf("the header %s is not allowed; allowed are %s", shown(d.name), listed(p.allowHeaders))
	}
	return ""
}

func (p *Policy) whyOrigin(value string) string {
	o, ok := origin.Parse(value)
	if !ok {
		return fmt.Sprintf("%s is not an origin as browsers write it", shown(value))
	}
	if near, difference := p.nearest(o); near != "" {
		return fmt.Sprintf("the origin %s is not allowed; it differs from %s only in the %s", shown(value), near, difference)
	}
	return fmt.Sprintf("the origin %s is not allowed", shown(value))
}

// nearest finds the first entry of the policy, of as many as are compared, that differs from an origin in one part, and says
// which.
func (p *Policy) nearest(o origin.Origin) (entry, difference string) {
	for _, text := range p.config.Origins[:min(len(p.config.Origins), mostCompared)] {
		pattern, err := origin.ParsePattern(text)
		if err != nil {
			continue
		}
		if part := pattern.NearMiss(o); part != "" {
			return text, part
		}
	}
	return "", ""
}

func (p *Policy) whyMethod(method string) string {
	upper := strings.ToUpper(method)
	if method != upper && (isSafelistedMethod(upper) || slices.Contains(p.methods, upper)) {
		return fmt.Sprintf("the method %s is not allowed; %s is, and methods are compared byte for byte", shown(method), upper)
	}
	all := "GET, HEAD, POST"
	if p.allowMethods != "" {
		all += ", " + p.allowMethods
	}
	return fmt.Sprintf("the method %s is not allowed; allowed are %s", shown(method), all)
}

func listed(joined string) string {
	if joined == "" {
		return "none that need permission"
	}
	return joined
}

func shown(value string) string {
	if len(value) > longestShown {
		value = value[:longestShown] + "..."
	}
	if header.IsToken(value) {
		return value
	}
	if o, ok := origin.Parse(value); ok && !o.IsOpaque() {
		return value
	}
	return fmt.Sprintf("%q", value)
}
