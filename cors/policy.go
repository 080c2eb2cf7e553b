package cors

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// A Policy is a [Config] that was found good, compiled. It is immutable and safe for concurrent use; make one with [New]. The
// zero value allows nobody.
type Policy struct {
	config   Config // the Policy's own
	warnings []Problem

	origins     origin.Set
	null        bool
	credentials bool

	anyMethod bool
	methods   []string // beside GET, HEAD and POST

	anyHeader     bool
	authorization bool       // covered
	names         [][]string // lower case, by length

	// The values of the response headers, joined; empty for a header that is not sent.
	allowMethods, allowHeaders, exposeHeaders, maxAge string
}

// New checks a Config and compiles it. The error is a [*ConfigError] with everything that is wrong. The Config is not kept.
func New(c Config) (*Policy, error) {
	found := new(problems)
	p := &Policy{config: c.clone(), credentials: c.Credentials, null: c.DangerouslyAllowNull}
	p.compileOrigins(&p.config, found)
	p.compileMethods(&p.config, found)
	p.compileRequestHeaders(&p.config, found)
	p.compileResponseHeaders(&p.config, found)
	p.compileMaxAge(&p.config, found)
	if len(found.errors) > 0 {
		return nil, &ConfigError{Problems: found.errors, Warnings: found.warnings}
	}
	p.warnings = found.warnings
	return p, nil
}

// Config returns what the policy was made from. It is the caller's.
func (p *Policy) Config() Config { return p.config.clone() }

// Warnings returns what is allowed and is likely to surprise, in the order of the fields. The slice is the caller's.
func (p *Policy) Warnings() []Problem { return slices.Clone(p.warnings) }

func (c *Config) clone() Config {
	out := *c
	out.Origins, out.Methods = slices.Clone(c.Origins), slices.Clone(c.Methods)
	out.RequestHeaders, out.ResponseHeaders = slices.Clone(c.RequestHeaders), slices.Clone(c.ResponseHeaders)
	out.DangerouslyAllowPublicSuffixes = slices.Clone(c.DangerouslyAllowPublicSuffixes)
	return out
}

func (p *Policy) compileOrigins(c *Config, found *problems) {
	const field = "Origins"
	if len(c.Origins) == 0 && !c.DangerouslyAllowNull {
		found.refuse(field, -1, "", OriginsMissing, advice{fix: "name at least one"}, "no origin is allowed")
	}
	if c.DangerouslyAllowNull && c.Credentials {
		found.refuse("DangerouslyAllowNull", -1, "", NullCredentials, advice{fix: "leave one of the two out"}, "null with Credentials gives every page of the world, by way of a sandboxed frame, the signed-in user's data")
	}
	patterns := make([]origin.Pattern, 0, len(c.Origins))
	for i, text := range c.Origins {
		pattern, err := origin.ParsePattern(text)
		if e, ok := errors.AsType[*origin.PatternError](err); ok {
			found.pattern(i, e)
			continue
		}
		patterns = append(patterns, pattern)
		p.checkOrigin(c, found, i, pattern)
	}
	for i, suffix := range c.DangerouslyAllowPublicSuffixes {
		if !origin.IsPublicSuffix(suffix) {
			found.refuse("DangerouslyAllowPublicSuffixes", i, suffix, DangerNotPublicSuffix, advice{fix: "leave it out, only public suffixes need it"}, "it is not on the public suffix list")
		}
	}
	p.origins = origin.NewSet(patterns)
}

func (p *Policy) checkOrigin(c *Config, found *problems, i int, pattern origin.Pattern) {
	const field = "Origins"
	text := pattern.String()
	switch suffix, public := pattern.UnderPublicSuffix(); {
	case pattern.IsAny():
		if len(c.Origins) > 1 {
			found.refuse(field, i, text, AnyOriginBesideOthers, advice{fix: "leave it out or leave it alone"}, "it allows every origin, so the entries beside it mean nothing")
		}
		if c.Credentials && !c.DangerouslyAllowAnyOriginWithCredentials {
			found.refuse(field, i, text, AnyOriginCredentials, advice{fix: "name the origins"}, "with Credentials it lets any site read every response as the signed-in user")
		}
	case isNeverOrigin(pattern.Scheme()):
		found.warn(field, i, text, WarnOriginNeverMatches, advice{fix: "name the origin of the page; one that opens a WebSocket has the origin of its own URL"}, "no page has an origin of scheme %s, so it never matches", pattern.Scheme())
	case public && c.Credentials && !slices.Contains(c.DangerouslyAllowPublicSuffixes, suffix):
		found.refuse(field, i, text, PublicSuffix, advice{fix: "name the origins, or wildcard a domain of your own"}, "anybody can register a name below %s, and with Credentials act as the signed-in user", suffix)
	case public && !c.Credentials:
		found.warn(field, i, text, WarnPublicSuffix, advice{fix: "name the origins, or wildcard a domain of your own"}, "anybody can register a name below %s", suffix)
	case c.Credentials && pattern.Scheme() == "http" && !pattern.IsLoopback() && !c.DangerouslyAllowInsecureOrigins:
		found.refuse(field, i, text, InsecureOrigin, advice{suggestion: "https" + strings.TrimPrefix(text, "http")}, "whoever is on the network can speak for an http origin, and with Credentials act as the signed-in user")
	}
}

// isNeverOrigin reports whether a scheme is one of URLs that a page can fetch or open, and never has itself.
func isNeverOrigin(scheme string) bool {
	switch scheme {
	case "ws", "wss", "ftp", "mailto", "ssh", "git":
		return true
	}
	return false
}

func (p *Policy) compileMethods(c *Config, found *problems) {
	const field = "Methods"
	for i, method := range c.Methods {
		upper := strings.ToUpper(method)
		switch {
		case method == "*":
			p.anyMethod = true
			if c.Credentials {
				found.warn(field, i, method, WarnAnyMethodCredentials, advice{fix: "name the methods, so that the answer says what is allowed"}, "browsers take * for a method's name when the request carries credentials, so the method that is asked for is sent back instead")
			}
		case !header.IsToken(method):
			found.refuse(field, i, method, MethodNotToken, advice{fix: "write each as an entry of its own", suggestion: firstWord(upper)}, "it is not a method")
		case upper == "CONNECT", upper == "TRACE", upper == "TRACK":
			found.refuse(field, i, method, MethodForbidden, advice{fix: "leave it out"}, "browsers never send it")
		case method != upper && isNormalized(upper):
			found.refuse(field, i, method, MethodNormalized, advice{suggestion: upper}, "browsers send %s, and compare byte for byte", upper)
		case method != upper:
			found.warn(field, i, method, WarnMethodCase, advice{suggestion: upper}, "methods are compared byte for byte: this is not %s", upper)
			p.addMethod(method)
		default:
			p.addMethod(method)
		}
	}
	p.allowMethods = strings.Join(p.methods, ", ")
}

// addMethod adds a method that browsers ask for.
func (p *Policy) addMethod(method string) {
	if !isSafelistedMethod(method) && !slices.Contains(p.methods, method) {
		p.methods = append(p.methods, method)
	}
}

// isSafelistedMethod reports whether a method needs no permission.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func isSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// isNormalized reports whether browsers turn the method into upper case by themselves.
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func isNormalized(upper string) bool {
	return isSafelistedMethod(upper) || upper == "DELETE" || upper == "OPTIONS" || upper == "PUT"
}

// firstWord is the first token of a list that stands in one string.
func firstWord(s string) string {
	words := strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
	if len(words) < 2 || !header.IsToken(words[0]) {
		return ""
	}
	return words[0]
}

func (p *Policy) compileRequestHeaders(c *Config, found *problems) {
	const field = "RequestHeaders"
	var listed []string
	any := slices.Index(c.RequestHeaders, "*")
	for i, name := range c.RequestHeaders {
		lower := header.Lower(name)
		switch {
		case name == "*":
			continue
		case !header.IsToken(name):
			found.refuse(field, i, name, HeaderNotToken, advice{fix: "write each as an entry of its own", suggestion: firstWord(name)}, "it is not a header name")
			continue
		case header.IsForbiddenRequestName(name):
			found.warn(field, i, name, WarnHeaderForbidden, advice{fix: "leave it out"}, "browsers do not let a page set it, and never ask for it")
		case strings.HasPrefix(lower, "access-control-"):
			found.warn(field, i, name, WarnHeaderOfResponse, advice{fix: "leave it out"}, "it is a header of the CORS protocol itself, which no page sets")
		}
		if !p.hasName(lower) {
			listed = append(listed, lower)
			for len(p.names) <= len(lower) {
				p.names = append(p.names, nil)
			}
			p.names[len(lower)] = append(p.names[len(lower)], lower)
		}
	}
	p.authorization = p.hasName(header.Authorization)
	if any >= 0 {
		p.anyHeader = true
		switch {
		case c.Credentials:
			p.authorization = true
			found.warn(field, any, "*", WarnAnyHeaderCredentials, advice{fix: "name the headers, so that the answer says what is allowed"}, "browsers take * for a header's name when the request carries credentials, so the names that are asked for are sent back instead")
		case !p.authorization:
			found.warn(field, any, "*", WarnAuthorizationNotCovered, advice{fix: "name it beside *, if pages are to send it"}, "it does not cover Authorization")
		}
	}
	slices.Sort(listed)
	p.allowHeaders = strings.Join(listed, ", ")
}

func (p *Policy) compileResponseHeaders(c *Config, found *problems) {
	const field = "ResponseHeaders"
	var listed []string
	for i, name := range c.ResponseHeaders {
		switch {
		case name == "*" && c.Credentials:
			found.refuse(field, i, name, ExposeAllCredentials, advice{fix: "name the headers"}, "browsers take * for a header's name when the request carries credentials, so it would expose nothing")
		case !header.IsToken(name):
			found.refuse(field, i, name, HeaderNotToken, advice{fix: "write each as an entry of its own", suggestion: firstWord(name)}, "it is not a header name")
		case header.IsForbiddenResponseName(name):
			found.warn(field, i, name, WarnExposeForbidden, advice{fix: "leave it out"}, "no page can ever read it")
		case !slices.ContainsFunc(listed, func(other string) bool { return header.EqualFold(other, name) }):
			listed = append(listed, name)
		}
	}
	p.exposeHeaders = strings.Join(listed, ", ")
}

func (p *Policy) compileMaxAge(c *Config, found *problems) {
	const field, longest = "MaxAge", 24 * time.Hour // Firefox's bound, the largest
	switch {
	case c.MaxAge == 0:
	case c.MaxAge == NoPreflightCache:
		p.maxAge = "0"
	case c.MaxAge < 0:
		found.refuse(field, -1, c.MaxAge.String(), MaxAgeNegative, advice{fix: "to forbid caching use NoPreflightCache"}, "%v is negative", c.MaxAge)
	case c.MaxAge%time.Second != 0:
		found.refuse(field, -1, c.MaxAge.String(), MaxAgeFraction, advice{suggestion: c.MaxAge.Round(time.Second).String()}, "%v is not in whole seconds", c.MaxAge)
	default:
		p.maxAge = strconv.FormatInt(int64(c.MaxAge/time.Second), 10)
		if c.MaxAge > longest {
			found.warn(field, -1, c.MaxAge.String(), WarnMaxAgeCapped, advice{suggestion: longest.String()}, "%v is longer than any browser keeps the answer: Firefox for a day, Chromium for two hours, Safari for ten minutes", c.MaxAge)
		}
	}
}
