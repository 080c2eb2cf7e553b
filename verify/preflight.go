package verify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
)

// preflightChecks are about preflights as such, whatever they ask for.
func (p *place) preflightChecks() []check {
	method := p.preflightMethod()
	if method == "" {
		return nil
	}
	page := p.origins.inside[0]
	answer := func(a *asker) *fetch.Trace { return a.preflight(page, p.asking(method, p.url()), nil) }
	list := []check{
		p.check("a preflight is allowed", "allowed", func(a *asker) verdict { return wantAllowed(answer(a)) }),
		p.check("a preflight needs no authentication and is not redirected", "a status from 200 to 299", func(a *asker) verdict { return pastAuthentication(answer(a)) }),
		p.check("Access-Control-Max-Age", p.wantMaxAge(), func(a *asker) verdict { return p.maxAge(answer(a)) }),
		p.check("no other method is listed", "none but those of the policy", func(a *asker) verdict { return p.listsNoOtherMethod(answer(a)) }),
		p.check("no other header is listed", "none but those of the policy", func(a *asker) verdict {
			return p.listsNoOtherHeader(a.preflight(page, p.asking(method, p.url(), p.allowedHeaders()...), nil))
		}),
	}
	if p.Takes("OPTIONS") && !p.wantsHeaders {
		list = append(list, p.check("plain OPTIONS is no preflight", "no answer to a preflight, and nothing for a stranger", func(a *asker) verdict { return p.plainOptions(a) }))
	}
	for _, url := range p.errors {
		list = append(list, p.check("a preflight for "+strings.TrimPrefix(url, p.server)+" is allowed", "allowed", func(a *asker) verdict {
			return wantAllowed(a.preflight(page, p.asking(method, url), nil))
		}))
	}
	const most = 3
	for _, outsider := range p.origins.outside[:min(most, len(p.origins.outside))] {
		list = append(list, p.check("a preflight from "+outsider+" is refused", "blocked", func(a *asker) verdict {
			return p.refused(a.preflight(outsider, p.asking(method, p.url(), p.allowedHeaders()...), nil), outsider)
		}))
	}
	return list
}

// pastAuthentication judges the status of a preflight that is allowed.
func pastAuthentication(t *fetch.Trace) verdict {
	res := last(t)
	if 200 <= res.Status && res.Status <= 299 {
		return verdict{pass: true, got: strconv.Itoa(res.Status)}
	}
	v := verdict{got: strconv.Itoa(res.Status), why: "Browsers take only a status from 200 to 299 for a yes.", fix: "answer preflights before authentication and routing, with 204"}
	switch {
	case res.Status == 401, res.Status == 403, res.Status == 407, res.Header.Has("Www-Authenticate"):
		v.why = "A preflight carries no credentials, so one that is asked to authenticate never passes."
	case 300 <= res.Status && res.Status <= 399:
		v.why = "A browser never follows a redirect of a preflight."
	}
	return v
}

// longestKept is how long any browser keeps the answer to a preflight: Firefox, a day.
const longestKept = 24 * time.Hour

func (p *place) wantMaxAge() string {
	switch age := p.config.MaxAge; {
	case age == 0:
		return "none"
	case age == cors.NoPreflightCache:
		return "0"
	default:
		return strconv.Itoa(int(age / time.Second))
	}
}

// maxAge judges how long the answer to a preflight may be kept. Longer than any browser keeps it, all is equal.
func (p *place) maxAge(t *fetch.Trace) verdict {
	value, has := last(t).Header.Get(header.MaxAge)
	seconds, state := header.ExtractDeltaSeconds(last(t).Header, header.MaxAge)
	want := p.wantMaxAge()
	v := verdict{got: cut(value), fix: "send Access-Control-Max-Age: " + want}
	longest := uint64(longestKept / time.Second)
	switch {
	case !has && want == "none", value == want:
		return verdict{pass: true, got: want}
	case want == "none":
		return verdict{pass: true, got: cut(value), warning: "the policy leaves to browsers how long they keep the answer to a preflight, and the server says it"}
	case !has:
		v.got, v.why = "none", "The server does not say how long the answer may be kept, so browsers ask again after 5 seconds."
		return v
	case want == "0" && strings.HasPrefix(value, "-"):
		return verdict{pass: true, got: cut(value), warning: "a negative number is not what the Standard has for it; browsers take it as 0"}
	case state == header.Failure:
		v.why = "It is not a number of seconds, so browsers ask again after 5 seconds."
		return v
	}
	wanted, _ := strconv.ParseUint(want, 10, 64)
	if min(seconds, longest) == min(wanted, longest) && want != "0" {
		return verdict{pass: true, got: cut(value)}
	}
	v.why = "Browsers keep the answer to a preflight for another time than the policy says."
	return v
}

// listsNoOtherMethod judges Access-Control-Allow-Methods beyond the policy.
func (p *place) listsNoOtherMethod(t *fetch.Trace) verdict {
	if slices.Contains(p.config.Methods, "*") {
		return verdict{pass: true, got: "the policy allows any"}
	}
	tokens, _, _ := header.ExtractTokens(last(t).Header, header.AllowMethods)
	var more []string
	options := false
	for _, m := range tokens {
		switch {
		case m != "*" && policyfile.Allows(p.Policy, p.origins.inside[0], m, ""):
		case m != "*" && !p.Takes(m) || never(m):
		case m == "OPTIONS":
			options = true
		default:
			more = append(more, m)
		}
	}
	switch {
	case len(more) > 0:
		return verdict{got: few(more), why: "Pages may use methods that the policy does not allow.", fix: "leave them out of Access-Control-Allow-Methods"}
	case options:
		return verdict{pass: true, got: "OPTIONS", warning: "OPTIONS is listed, which is for pages that send it themselves; preflights need no permission"}
	}
	return verdict{pass: true, got: "none"}
}

// never reports whether a method is one that no page can use.
func never(method string) bool {
	switch strings.ToUpper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}

// listsNoOtherHeader judges Access-Control-Allow-Headers beyond the policy.
func (p *place) listsNoOtherHeader(t *fetch.Trace) verdict {
	tokens, _, _ := header.ExtractTokens(last(t).Header, header.AllowHeaders)
	var more, odd []string
	for _, name := range tokens {
		switch {
		case name == "*":
			if !slices.Contains(p.config.RequestHeaders, "*") {
				more = append(more, name)
			}
		case policyfile.Allows(p.Policy, p.origins.inside[0], "", name), header.IsForbiddenRequestName(name):
		case header.IsSafelistedRequestName(name) && !header.EqualFold(name, header.ContentType):
			odd = append(odd, name) // pages may set it anyhow, but for values that are out of the ordinary
		case strings.HasPrefix(header.Lower(name), "access-control-"):
			odd = append(odd, name)
		default:
			more = append(more, name)
		}
	}
	switch {
	case len(more) > 0:
		return verdict{got: few(more), why: "Pages may set headers that the policy does not allow.", fix: "leave them out of Access-Control-Allow-Headers"}
	case len(odd) > 0:
		return verdict{pass: true, got: few(odd), warning: "headers are listed that hardly need permission"}
	}
	return verdict{pass: true, got: "none"}
}

// plainOptions sends OPTIONS that is no preflight: it belongs to the application.
func (p *place) plainOptions(a *asker) verdict {
	if outside := p.origins.outside; len(outside) > 0 {
		res := a.ask("OPTIONS", p.url(), header.Field{Name: header.Origin, Value: outside[0]})
		if got, _ := res.Header.Get(header.AllowOrigin); got == "*" || got == outside[0] {
			return verdict{
				got: "Access-Control-Allow-Origin: " + cut(got), why: fmt.Sprintf("The policy does not allow the origin %s, and the answer to plain OPTIONS does.", outside[0]),
				fix: "answer OPTIONS by the same comparison of origins as every other method",
			}
		}
	}
	res := a.ask("OPTIONS", p.url(), header.Field{Name: header.Origin, Value: p.origins.inside[0]})
	for _, name := range corsLines(res.Header) {
		switch name {
		case "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age":
			return verdict{pass: true, got: name, warning: "OPTIONS without Access-Control-Request-Method is answered as a preflight, so the application never sees it"}
		}
	}
	return verdict{pass: true, got: fmt.Sprintf("status %d, not as a preflight", res.Status)}
}
