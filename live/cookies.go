package live

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// cookies are the ones that were given, and those that came on the way.
type cookies struct {
	given []string // each name=value, for the host of the first URL

	// A jar for each rule of when its cookies go along, since a jar does not tell the attributes of what it gives out. A cookie
	// is in one of them.
	jars [3]*cookiejar.Jar

	laxByDefault bool               // a cookie without SameSite counts as Lax
	thirdParty   fetch.CookiePolicy // what becomes of those of other sites
	partitions   bool               // Partitioned ones are kept all the same
	onLoopback   bool               // a Secure cookie is good over http on loopback
}

// The jars.
const (
	jarNone   = iota // goes along from anywhere
	jarLax           // only within the site, or with a safe top-level navigation
	jarStrict        // only within the site
)

// A visit is what about a request decides which cookies go along and are kept.
type visit struct {
	at         *hop
	first      *hop
	thirdParty bool // another site than the page's
	crossSite  bool // for SameSite; redirects may count
	topLevel   bool // a navigation of the page itself
	safe       bool // by its method
}

// visit describes a request for its cookies.
func (n *Network) visit(sent *fetch.Sent, at *hop) visit {
	third := n.chain.isThirdParty()
	return visit{
		at: at, first: n.chain.first(), thirdParty: third,
		crossSite: third || n.engine.redirectsCount && n.chain.isCrossSiteTainted(),
		topLevel:  n.isTopLevelNavigation(),
		safe:      isSafe(sent),
	}
}

func newCookies(page *fetch.Page, e *engine, given string) *cookies {
	c := &cookies{
		laxByDefault: e.profile.UnspecifiedSameSiteLax,
		thirdParty:   page.ThirdPartyCookies,
		partitions:   e.partitions,
		onLoopback:   !e.profile.LoopbackIsMixedContent,
	}
	if c.thirdParty == "" {
		c.thirdParty = e.profile.ThirdPartyCookies
	}
	for pair := range strings.SplitSeq(given, ";") {
		if pair = strings.Trim(pair, " \t"); pair != "" {
			c.given = append(c.given, pair)
		}
	}
	for i := range c.jars {
		c.jars[i], _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // it has no error to return
	}
	return c
}

// header is the value of the Cookie header; empty for none.
//
// https://www.rfc-editor.org/rfc/rfc6265#section-5.4
func (c *cookies) header(v visit) string {
	var pairs []string
	if v.at.url.Host == v.first.url.Host {
		pairs = slices.Clone(c.given)
	}
	u := c.jarURL(v)
	for i, jar := range c.jars {
		if v.crossSite && (i == jarStrict || i == jarLax && !(v.topLevel && v.safe)) {
			continue
		}
		for _, cookie := range jar.Cookies(u) {
			pairs = append(pairs, join(cookie.Name, cookie.Value))
		}
	}
	return strings.Join(pairs, "; ")
}

// jarURL is the URL as a jar is asked about it.
func (c *cookies) jarURL(v visit) *url.URL {
	u := &url.URL{Scheme: v.at.url.Scheme, Host: v.at.url.Host, Path: v.at.url.Path}
	if c.onLoopback && v.at.origin.IsPotentiallyTrustworthy() {
		u.Scheme = "https" // all that a jar takes from it is whether Secure is met
	}
	return u
}

// store keeps the cookies that a response sets, as far as a browser would.
//
// https://www.rfc-editor.org/rfc/rfc6265#section-5.3
func (c *cookies) store(res *fetch.Response, v visit) {
	for line := range res.Header.Values(header.SetCookie) {
		cookie, ok := parseCookie(line)
		if !ok {
			continue
		}
		jar := c.jarFor(cookie)
		if !c.takes(cookie, jar, v) {
			continue
		}
		u := c.jarURL(v)
		if v.at.url.Host == v.first.url.Host {
			c.given = slices.DeleteFunc(c.given, func(pair string) bool {
				name, _, _ := strings.Cut(pair, "=")
				return name == cookie.Name
			})
		}
		for i := range c.jars {
			if i != jar {
				gone := *cookie
				gone.MaxAge = -1
				c.jars[i].SetCookies(u, []*http.Cookie{&gone})
			}
		}
		c.jars[jar].SetCookies(u, []*http.Cookie{cookie})
	}
}

// jarFor returns the jar of a cookie's SameSite attribute.
func (c *cookies) jarFor(cookie *http.Cookie) int {
	switch {
	case cookie.SameSite == http.SameSiteStrictMode:
		return jarStrict
	case cookie.SameSite == http.SameSiteLaxMode, cookie.SameSite != http.SameSiteNoneMode && c.laxByDefault:
		return jarLax
	}
	return jarNone
}

// takes reports whether a browser keeps a cookie.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7
func (c *cookies) takes(cookie *http.Cookie, jar int, v visit) bool {
	const longest = 4096 // bytes of name and value
	name := header.Lower(cookie.Name)
	switch {
	case len(cookie.Name)+len(cookie.Value) > longest:
		return false
	case cookie.Secure && c.jarURL(v).Scheme != "https":
		return false
	case !cookie.Secure && (cookie.SameSite == http.SameSiteNoneMode || cookie.Partitioned):
		return false
	case !cookie.Secure && (strings.HasPrefix(name, "__secure-") || strings.HasPrefix(name, "__host-")):
		return false
	case strings.HasPrefix(name, "__host-") && (cookie.Domain != "" || cookie.Path != "/"):
		return false
	case v.topLevel:
		return true
	case v.crossSite && jar != jarNone:
		return false
	case v.thirdParty && c.thirdParty == fetch.CookiesBlock:
		return cookie.Partitioned && c.partitions
	}
	return true
}

// parseCookie reads a Set-Cookie line. What browsers take as name and value is more than net/http does, so that it is left
// with the attributes.
//
// https://www.rfc-editor.org/rfc/rfc6265#section-5.2
func parseCookie(line string) (*http.Cookie, bool) {
	if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return nil, false
	}
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, named := strings.Cut(pair, "=")
	if !named {
		name, value = "", name
	}
	name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
	cookie, err := http.ParseSetCookie("n=v;" + attributes)
	if err != nil || name == "" && value == "" {
		return nil, false
	}
	cookie.Name, cookie.Value = name, value
	return cookie, true
}

// join is a cookie as a Cookie header has it; one without a name is its value alone.
func join(name, value string) string {
	if name == "" {
		return value
	}
	return name + "=" + value
}
