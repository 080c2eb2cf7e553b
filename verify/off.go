package verify

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// offChecks are about a place where CORS is off: no response has a header of it.
func (p *place) offChecks() []check {
	var list []check
	const most = 5
	for _, page := range p.origins.outside[:min(most, len(p.origins.outside))] {
		if p.reads() {
			list = append(list, p.check("no CORS headers for GET from "+page, "none", func(a *asker) verdict {
				return noHeaders(a.fetch(page, p.request("GET", p.url())))
			}))
			for _, url := range p.errors {
				list = append(list, p.check("no CORS headers for the error at "+strings.TrimPrefix(url, p.server)+" from "+page, "none", func(a *asker) verdict {
					return noHeaders(a.fetch(page, p.request("GET", url)))
				}))
			}
		}
		method := p.Only
		if method == "" {
			method = "PUT"
		}
		if p.Takes(method) && !never(method) {
			list = append(list, p.check("no CORS headers for a preflight from "+page, "none", func(a *asker) verdict {
				return noHeaders(a.preflight(page, p.asking(method, p.url()), nil))
			}))
		}
	}
	return list
}

func noHeaders(t *fetch.Trace) verdict {
	if names := corsLines(last(t).Header); len(names) > 0 {
		return verdict{got: few(names), why: fmt.Sprintf("The policy is off here, and the response has %s.", few(names)), fix: "send no header of CORS on this route"}
	}
	return verdict{pass: true, got: "none"}
}
