package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
)

// readChecks are about responses that are no errors: who may read what of them.
func (p *place) readChecks() []check {
	if !p.reads() {
		return nil
	}
	page := p.origins.inside[0]
	list := []check{
		p.check("GET from "+page+" is allowed", "allowed", func(a *asker) verdict {
			return wantAllowed(a.fetch(page, p.request("GET", p.url())))
		}),
	}
	if p.Takes("HEAD") {
		list = append(list, p.check("HEAD from "+page+" is allowed", "allowed", func(a *asker) verdict {
			return wantAllowed(a.fetch(page, p.request("HEAD", p.url())))
		}))
	}
	list = append(list,
		p.check("one Access-Control-Allow-Origin line", "1 line", func(a *asker) verdict { return p.oneLine(a) }),
		p.exposeCheck(p.url(), ""),
		p.check("no other response header is exposed", "none but those of the policy", func(a *asker) verdict { return p.exposesNoOther(a) }),
		p.check("Access-Control-Allow-Credentials on GET", p.wantCredentials(), func(a *asker) verdict {
			return p.credentialsHeader(a.fetch(page, p.request("GET", p.url())))
		}),
	)
	if !p.config.Credentials {
		list = append(list, p.check("GET with credentials is refused", "blocked", func(a *asker) verdict { return p.noCredentials(a) }))
	}
	return list
}

// errorChecks are about error responses, which need the headers too: without them the page gets no status and no reason.
func (p *place) errorChecks() []check {
	if !p.reads() {
		return nil
	}
	page := p.origins.inside[0]
	var list []check
	for _, url := range p.errors {
		path := strings.TrimPrefix(url, p.server)
		list = append(list,
			p.check("the error at "+path+" can be read", "allowed", func(a *asker) verdict {
				t := a.fetch(page, p.request("GET", url))
				v := wantAllowed(t)
				if v.pass && last(t).Status < 400 {
					v.unseen = fmt.Sprintf("%s answered %d, so no error response was seen; name a path that fails with --error-path", path, last(t).Status)
				}
				return v
			}),
			p.check("the error at "+path+" is refused to a stranger", "blocked", func(a *asker) verdict {
				if len(p.origins.outside) == 0 {
					return verdict{pass: true, got: "every origin is allowed"}
				}
				return p.refused(a.fetch(p.origins.outside[0], p.request("GET", url)), p.origins.outside[0])
			}),
			p.exposeCheck(url, " by the error at "+path),
		)
	}
	return list
}

// originChecks are about every origin: those that the policy allows, and those that it refuses.
func (p *place) originChecks() []check {
	var list []check
	get := p.reads()
	method, word := "GET", "GET"
	if !get {
		if method = p.preflightMethod(); method == "" {
			return nil
		}
		word = "a preflight for " + method
	}
	ask := func(a *asker, page string) *fetch.Trace {
		if get {
			return a.fetch(page, p.request("GET", p.url()))
		}
		return a.preflight(page, p.asking(method, p.url()), nil)
	}
	for _, page := range p.origins.inside {
		list = append(list, p.check(word+" from "+page+" is allowed", "allowed", func(a *asker) verdict { return wantAllowed(ask(a, page)) }))
	}
	for _, page := range p.origins.outside {
		list = append(list, p.check(word+" from "+page+" is refused", "blocked", func(a *asker) verdict {
			t := ask(a, page)
			v := p.refused(t, page)
			if v.pass && last(t).Header.Has(header.AllowCredentials) && !last(t).Header.Has(header.AllowOrigin) {
				v.warning = "the response has Access-Control-Allow-Credentials without an allowed origin, which means nothing"
			}
			return v
		}))
	}
	if !get {
		return list
	}
	for _, value := range p.origins.odd {
		list = append(list, p.check("GET with the origin "+value+" is refused", "another Access-Control-Allow-Origin, or none", func(a *asker) verdict { return p.oddOrigin(a, value) }))
	}
	return list
}

// refused judges a fetch of a page that the policy refuses.
func (p *place) refused(t *fetch.Trace, page string) verdict {
	return wantRefused(t, fmt.Sprintf("The policy does not allow the origin %s, and the server lets its pages read the response.", page),
		"compare the whole origin: scheme, host and port, from the first character to the last")
}

// oddOrigin sends an origin that no browser has. That one is allowed is harmless by itself: servers may look origins up without
// regard to case, or parse them. One with the host of a stranger tells of a comparison that has no end.
func (p *place) oddOrigin(a *asker, value string) verdict {
	res := a.ask("GET", p.url(), header.Field{Name: header.Origin, Value: value})
	got, has := res.Header.Get(header.AllowOrigin)
	switch {
	case !has:
		return verdict{pass: true, got: "no Access-Control-Allow-Origin"}
	case got != value && got != "*":
		return verdict{pass: true, got: "Access-Control-Allow-Origin: " + cut(got)}
	case !strings.Contains(value, "@"):
		return verdict{pass: true, got: "Access-Control-Allow-Origin: " + cut(got), warning: "an origin is allowed that is none of the policy as it is written; no browser sends it"}
	}
	return verdict{
		got: "Access-Control-Allow-Origin: " + cut(got), why: fmt.Sprintf("The server allows %s, which only begins like an origin of the policy.", value),
		fix: "compare the whole origin, from the first character to the last",
	}
}

// oneLine counts lines on all kinds of responses.
func (p *place) oneLine(a *asker) verdict {
	page := p.origins.inside[0]
	urls := append([]string{p.url()}, p.errors...)
	for _, url := range urls {
		if n := lines(last(a.fetch(page, p.request("GET", url)))); n > 1 {
			return tooMany(n, "GET "+strings.TrimPrefix(url, p.server))
		}
	}
	if method := p.preflightMethod(); method != "" {
		if n := lines(last(a.preflight(page, p.asking(method, p.url()), nil))); n > 1 {
			return tooMany(n, "the preflight for "+method)
		}
	}
	return verdict{pass: true, got: "no more than 1 line"}
}

func lines(res *fetch.Response) int {
	n := 0
	for range res.Header.Values(header.AllowOrigin) {
		n++
	}
	return n
}

func tooMany(n int, what string) verdict {
	return verdict{
		got: fmt.Sprintf("%d lines in answer to %s", n, what), why: "Two of them count as one value that no origin is equal to.",
		fix: "let one of proxy and application send the header, and have the proxy drop the other's",
	}
}

// wantCredentials is what the header has to be.
func (p *place) wantCredentials() string {
	if p.config.Credentials {
		return "true"
	}
	return "none"
}

// credentialsHeader judges Access-Control-Allow-Credentials of a response to an allowed origin.
func (p *place) credentialsHeader(t *fetch.Trace) verdict {
	list := last(t).Header
	got, has := list.Get(header.AllowCredentials)
	allowed, _ := list.Get(header.AllowOrigin)
	switch {
	case !has:
		got = "none"
	case got != "true" && !p.config.Credentials:
		return verdict{pass: true, got: cut(got), warning: "Access-Control-Allow-Credentials means nothing but as true"}
	case !p.config.Credentials && allowed == "*":
		return verdict{pass: true, got: got, warning: "Access-Control-Allow-Credentials beside * means nothing"}
	}
	switch {
	case got == p.wantCredentials():
		return verdict{pass: true, got: got}
	case p.config.Credentials:
		return verdict{got: cut(got), why: "The policy allows credentials, and browsers keep the response from a page that sent them unless the header is true.", fix: "send Access-Control-Allow-Credentials: true"}
	}
	return verdict{got: got, why: "The policy does not allow credentials, and the server does: pages read what it answers to the signed-in user.", fix: "do not send Access-Control-Allow-Credentials"}
}

// noCredentials judges a request with credentials that the policy does not allow.
func (p *place) noCredentials(a *asker) verdict {
	r := p.request("GET", p.url())
	r.Credentials = fetch.CredentialsInclude
	return wantRefused(a.fetch(p.origins.inside[0], r), "The policy does not allow credentials, and the server does: pages read what it answers to the signed-in user.",
		"do not send Access-Control-Allow-Credentials")
}

// exposed are the names that a response exposes, in lower case; all reports whether those are all.
func (p *place) exposed(list header.List) (names []string, all bool) {
	tokens, _, _ := header.ExtractTokens(list, header.ExposeHeaders)
	for _, token := range tokens {
		if token == "*" && !p.config.Credentials {
			all = true
		}
		names = append(names, header.Lower(token))
	}
	return names, all
}

// exposeCheck is that a response exposes what the policy says.
func (p *place) exposeCheck(url, where string) check {
	wanted := policyfile.ExposedOf(&p.config)
	wanted = wanted[:len(wanted)-1]
	any := slices.Contains(p.config.ResponseHeaders, "*")
	want := few(wanted)
	switch {
	case any:
		want = "*"
	case want == "":
		want = "none"
	}
	return p.check("response headers are exposed"+where, want, func(a *asker) verdict {
		t := a.fetch(p.origins.inside[0], p.request("GET", url))
		names, all := p.exposed(last(t).Header)
		missing := slices.DeleteFunc(slices.Clone(wanted), func(name string) bool { return all || slices.Contains(names, name) })
		if any && !all && t.Response != nil && len(t.Response.Hidden) > 0 {
			missing = append(missing, t.Response.Hidden...)
		}
		if len(missing) > 0 {
			return verdict{got: "not " + few(missing), why: "Pages cannot read the headers that Access-Control-Expose-Headers does not name.", fix: "send Access-Control-Expose-Headers: " + want}
		}
		return verdict{pass: true, got: "all of them"}
	})
}

// exposesNoOther judges what is exposed beyond the policy.
func (p *place) exposesNoOther(a *asker) verdict {
	t := a.fetch(p.origins.inside[0], p.request("GET", p.url()))
	if slices.Contains(p.config.ResponseHeaders, "*") {
		return verdict{pass: true, got: "the policy exposes all"}
	}
	names, all := p.exposed(last(t).Header)
	wanted := policyfile.ExposedOf(&p.config)
	more := slices.DeleteFunc(names, func(name string) bool {
		return name == "*" || slices.Contains(wanted, name) || header.IsSafelistedResponseName(name) || header.IsForbiddenResponseName(name)
	})
	if all {
		more = append(more, "*")
	}
	if len(more) > 0 {
		return verdict{got: few(more), why: "Pages can read response headers that the policy does not expose.", fix: "leave them out of Access-Control-Expose-Headers"}
	}
	return verdict{pass: true, got: "none"}
}
