package input

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// environment is what a scenario says about the page beyond its URL; it becomes part of the page once both are known.
type environment struct {
	fetch.Page
	secure, secureGiven bool
}

func (e *environment) apply(p *fetch.Page) {
	e.Page.Origin, e.Page.URL = p.Origin, p.URL
	if e.secureGiven {
		e.Page.SecureContext = fetch.No
		if e.secure {
			e.Page.SecureContext = fetch.Yes
		}
	}
	*p = e.Page
}

func (d *decoder) environment(e *environment) error {
	spaces := []fetch.AddressSpace{fetch.SpacePublic, fetch.SpaceLocal, fetch.SpaceLoopback}
	_, err := d.object(
		field{"top_level_site", func() error { return d.site(&e.TopLevelSite) }},
		field{"secure_context", func() error { e.secureGiven = true; return d.bool(&e.secure)() }},
		field{"referrer_policy", oneOf(d, &e.ReferrerPolicy, []fetch.ReferrerPolicy{
			fetch.NoReferrer, fetch.NoReferrerWhenDowngrade, fetch.ReferrerSameOrigin, fetch.ReferrerOrigin, fetch.StrictOrigin,
			fetch.OriginWhenCrossOrigin, fetch.StrictOriginWhenCrossOrigin, fetch.UnsafeURL,
		})},
		field{"csp_connect_src", func() error { return d.sources(&e.CSPConnectSrc) }},
		field{"coep", oneOf(d, &e.COEP, []fetch.EmbedderPolicy{fetch.COEPUnsafeNone, fetch.COEPRequireCORP, fetch.COEPCredentialless})},
		field{"page_address_space", oneOf(d, &e.PageSpace, spaces)},
		field{"target_address_space", oneOf(d, &e.TargetSpace, spaces)},
		field{"local_network_permission", oneOf(d, &e.LocalNetwork, []fetch.Permission{
			fetch.PermissionGranted, fetch.PermissionPrompt, fetch.PermissionDenied,
		})},
		field{"hsts", func() error { return d.texts("a list of hosts", &e.HSTS) }},
		field{"http_version", func() error { return d.httpVersion(&e.HTTPVersion) }},
		field{"cookies", func() error { return d.cookies(&e.Cookies) }},
		field{"third_party_cookies", oneOf(d, &e.ThirdPartyCookies, []fetch.CookiePolicy{
			fetch.CookiesAllow, fetch.CookiesPartition, fetch.CookiesBlock,
		})},
	)
	return err
}

// site reads a site, or any URL of it.
func (d *decoder) site(to *string) error {
	s, err := d.text()
	if err != nil {
		return err
	}
	o, err := origin.FromURL(s)
	if err != nil {
		return d.fail(showURL(s), "want a site such as https://example.com: "+reason(err))
	}
	*to = o.Site()
	return nil
}

// sources reads a source list: one string as the header has it, the name of the directive included or not, or a list of
// its expressions. An empty one allows nothing.
func (d *decoder) sources(to *[]string) error {
	const want = "want a source list: a string, or a list of strings"
	token, err := d.token()
	if err != nil {
		return err
	}
	*to = []string{}
	switch v := token.(type) {
	case string:
		words := strings.Fields(v)
		if len(words) > 0 && strings.EqualFold(words[0], "connect-src") {
			words = words[1:]
		}
		*to = append(*to, words...)
		return nil
	case json.Delim:
		if v == '[' {
			return d.texts("", to)
		}
	}
	return d.fail(show(token), want)
}

// texts reads a list of strings; without a name for it, the bracket that opens it has been read already.
func (d *decoder) texts(what string, to *[]string) error {
	read := func() error {
		s, err := d.text()
		*to = append(*to, s)
		return err
	}
	if what == "" {
		return d.elements(read)
	}
	return d.list(what, read)
}

// httpVersion reads the version of HTTP, as a string or as a number.
func (d *decoder) httpVersion(to *string) error {
	const want = "1.0, 1.1, 2 or 3"
	token, err := d.scalar(want)
	if err != nil {
		return err
	}
	var version string
	switch v := token.(type) {
	case string:
		version = v
	case json.Number:
		version = string(v)
	}
	if !slices.Contains([]string{"1.0", "1.1", "2", "3"}, version) {
		return d.fail(show(token), "want "+want)
	}
	*to = version
	return nil
}

func (d *decoder) cookies(to *[]fetch.Cookie) error {
	return d.list("a list of cookies", func() error {
		var c fetch.Cookie
		seen, err := d.object(
			field{"name", func() (err error) { c.Name, err = d.text(); return err }},
			field{"domain", func() (err error) { c.Domain, err = d.text(); return err }},
			field{"path", func() (err error) { c.Path, err = d.text(); return err }},
			field{"secure", d.bool(&c.Secure)},
			field{"same_site", func() error { return d.sameSite(&c.SameSite) }},
			field{"partitioned", d.bool(&c.Partitioned)},
		)
		if err == nil && !slices.Contains(seen, "name") {
			err = d.missing("name")
		}
		*to = append(*to, c)
		return err
	})
}

// sameSite reads a SameSite attribute, in any case.
func (d *decoder) sameSite(to *string) error {
	s, err := d.text()
	if err != nil {
		return err
	}
	*to = strings.ToLower(s)
	if !slices.Contains([]string{"strict", "lax", "none", ""}, *to) {
		return d.fail(show(s), "want one of strict, lax, none")
	}
	return nil
}

// reason is why a URL does not parse, without the URL.
func reason(err error) string {
	if e, ok := errors.AsType[*weburl.Error](err); ok {
		return e.Reason
	}
	return err.Error()
}
