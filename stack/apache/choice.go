package apache

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: which policy a request is for.

// off is the value of the variable for no policy, which none is called.
const off = "none"

// policyName is the value of the variable for a policy.
func policyName(p *stack.Policy) string {
	if p == nil {
		return off
	}
	return p.Name
}

// choice writes rules that set the variable CORS_POLICY.
func (h *host) choice() string {
	var b strings.Builder
	if h.of.Place("/") == nil {
		b.WriteString(chosen("/", nil))
	}
	// The other way round than places are tried: the last that takes a request counts.
	for i := len(h.of.Places) - 1; i >= 0; i-- {
		p := &h.of.Places[i]
		if h.isSaid(i) {
			continue
		}
		last := p.Rules[len(p.Rules)-1].Policy
		b.WriteString(chosen(p.Path, last))
		for _, r := range p.Rules[:len(p.Rules)-1] {
			if r.Policy != last {
				b.WriteString("RewriteCond %{ENV:CORS_METHOD} " + oneOf(r.Methods) + "\n" + chosen(p.Path, r.Policy))
			}
		}
	}
	text := heading + b.String()
	if h.byMethod() {
		text = `# The method of the request that a preflight asks about.
RewriteRule "^" - [E=CORS_METHOD:%{REQUEST_METHOD}]
RewriteCond %{ENV:CORS_PREFLIGHT} .
RewriteRule "^" - [E=CORS_METHOD:%{HTTP:Access-Control-Request-Method}]

` + text
	}
	return text + `# An ErrorDocument has a path of its own, and is for the page that asked for another.
RewriteCond %{ENV:REDIRECT_CORS_POLICY} (.+)
RewriteRule "^" - [E=CORS_POLICY:%1]
`
}

const heading = "# The policy: the last rule that takes the path counts. Paths are compared decoded, as applications see them. NS is for an\n" +
	"# index file, which is looked up under its own path.\n"

// byMethod reports whether the method of the request that a preflight asks about is in a variable.
func (h *host) byMethod() bool {
	return !h.options.SameOrigin && !h.isOne && slices.ContainsFunc(h.of.Places, func(p stack.Place) bool { return len(p.Rules) > 1 })
}

// chosen is the rule for the policy of a path.
func chosen(path string, p *stack.Policy) string {
	return fmt.Sprintf("RewriteRule %s - [NS,E=CORS_POLICY:%s]\n", paths(path), policyName(p))
}

// isSaid reports whether all requests for a place would have its one policy without it as well.
func (h *host) isSaid(index int) bool {
	rest := stack.Host{Places: h.of.Places[index+1:]}
	outer := []stack.Rule{{}} // nobody answers, and CORS is off
	if p := rest.Place(h.of.Places[index].Path); p != nil {
		outer = p.Rules
	}
	want := outer[0].Policy
	for _, rules := range [][]stack.Rule{outer, h.of.Places[index].Rules} {
		for _, r := range rules {
			if r.Policy != want {
				return false
			}
		}
	}
	return h.of.Places[index].Path != "/" // which is the first thing that is said
}
