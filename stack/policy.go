package stack

import (
	"slices"
	"strconv"
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// A Policy is a policy as a stack writes it down: what its lists say, without what is said twice. It is read-only.
type Policy struct {
	Name string // in the policy file

	AnyOrigin bool
	Origins   []origin.Pattern // none where AnyOrigin is
	Null      bool             // beside Origins

	Credentials bool

	AnyMethod bool
	Methods   []string // that need permission: not GET, HEAD and POST; none where AnyMethod is

	AnyRequestHeader bool
	RequestHeaders   []string // those that are listed, where AnyRequestHeader is too

	AllResponseHeaders bool
	ResponseHeaders    []string // none where AllResponseHeaders is

	MaxAge string // the value of the header; empty for none

	Config cors.Config // all of it as the library has it, for a stack that is made with the library
}

func newPolicy(name string, compiled *cors.Policy) *Policy {
	c := compiled.Config()
	p := &Policy{
		Name: name, Null: c.DangerouslyAllowNull, Credentials: c.Credentials, Config: c,
		AnyMethod: slices.Contains(c.Methods, "*"), AnyRequestHeader: slices.Contains(c.RequestHeaders, "*"),
		AllResponseHeaders: slices.Contains(c.ResponseHeaders, "*"),
	}
	for _, text := range c.Origins {
		pattern, err := origin.ParsePattern(text)
		if err != nil {
			panic("concors: internal error: a policy with an invalid pattern: " + err.Error())
		}
		if pattern.IsAny() {
			p.AnyOrigin = true
		} else if !slices.ContainsFunc(p.Origins, func(o origin.Pattern) bool { return o.String() == text }) {
			p.Origins = append(p.Origins, pattern)
		}
	}
	for _, m := range c.Methods {
		if !p.AnyMethod && m != "GET" && m != "HEAD" && m != "POST" && !slices.Contains(p.Methods, m) {
			p.Methods = append(p.Methods, m)
		}
	}
	p.RequestHeaders = names(c.RequestHeaders)
	if !p.AllResponseHeaders {
		p.ResponseHeaders = names(c.ResponseHeaders)
	}
	switch {
	case c.MaxAge == cors.NoPreflightCache:
		p.MaxAge = "0"
	case c.MaxAge > 0:
		p.MaxAge = strconv.FormatInt(int64(c.MaxAge/time.Second), 10)
	}
	return p
}

// names are the header names of a list, each once.
func names(list []string) []string {
	var out []string
	for _, name := range list {
		if name != "*" && !slices.ContainsFunc(out, func(other string) bool { return header.EqualFold(other, name) }) {
			out = append(out, name)
		}
	}
	return out
}

// IsConstant reports whether every response says the same, whoever asks: * as the allowed origin, and no Vary.
//
// https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
func (p *Policy) IsConstant() bool { return p.AnyOrigin && !p.Credentials }

// CoversAuthorization reports whether a page may send Authorization. By the Standard * does not cover it without credentials;
// some browsers let it, so whoever sends * back must not where this is false.
func (p *Policy) CoversAuthorization() bool {
	return p.AnyRequestHeader && p.Credentials ||
		slices.ContainsFunc(p.RequestHeaders, func(name string) bool { return header.EqualFold(name, header.Authorization) })
}
