package corpus

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// environment reads what else is known about a page.
func environment(lines []line) (fetch.Page, error) {
	var page fetch.Page
	var seen []string
	for _, l := range lines {
		key, value, err := l.pair()
		if err != nil {
			return page, err
		}
		if key == "cookie" {
			c, err := l.cookie(value)
			if err != nil {
				return page, err
			}
			page.Cookies = append(page.Cookies, c)
			continue
		}
		if slices.Contains(seen, key) {
			return page, l.errorf("%s is given twice", key)
		}
		seen = append(seen, key)
		if err := l.environment(&page, key, value); err != nil {
			return page, err
		}
	}
	return page, nil
}

func (l line) environment(page *fetch.Page, key, value string) error {
	switch key {
	case "top_level_site":
		page.TopLevelSite = value
	case "secure_context":
		if !slices.Contains([]string{"true", "false"}, value) {
			return l.errorf("%s is true or false", key)
		}
		page.SecureContext = fetch.No
		if value == "true" {
			page.SecureContext = fetch.Yes
		}
	case "referrer_policy":
		page.ReferrerPolicy = fetch.ReferrerPolicy(value)
		return l.oneOf(key, value, string(fetch.NoReferrer), string(fetch.NoReferrerWhenDowngrade), string(fetch.ReferrerSameOrigin),
			string(fetch.ReferrerOrigin), string(fetch.StrictOrigin), string(fetch.OriginWhenCrossOrigin),
			string(fetch.StrictOriginWhenCrossOrigin), string(fetch.UnsafeURL))
	case "csp_connect_src":
		page.CSPConnectSrc = strings.Fields(value)
	case "coep":
		page.COEP = fetch.EmbedderPolicy(value)
		return l.oneOf(key, value, string(fetch.COEPUnsafeNone), string(fetch.COEPRequireCORP), string(fetch.COEPCredentialless))
	case "page_address_space":
		page.PageSpace = fetch.AddressSpace(value)
		return l.space(key, value)
	case "target_address_space":
		page.TargetSpace = fetch.AddressSpace(value)
		return l.space(key, value)
	case "local_network_permission":
		page.LocalNetwork = fetch.Permission(value)
		return l.oneOf(key, value, string(fetch.PermissionGranted), string(fetch.PermissionPrompt), string(fetch.PermissionDenied))
	case "hsts":
		page.HSTS = strings.Fields(value)
	case "http_version":
		page.HTTPVersion = value
	case "third_party_cookies":
		page.ThirdPartyCookies = fetch.CookiePolicy(value)
		return l.oneOf(key, value, string(fetch.CookiesAllow), string(fetch.CookiesPartition), string(fetch.CookiesBlock))
	default:
		return l.errorf("unknown key %q of a page", key)
	}
	return nil
}

func (l line) space(key, value string) error {
	return l.oneOf(key, value, string(fetch.SpacePublic), string(fetch.SpaceLocal), string(fetch.SpaceLoopback))
}

// cookie reads a name and attributes.
func (l line) cookie(value string) (fetch.Cookie, error) {
	words, err := l.words(value)
	if err != nil {
		return fetch.Cookie{}, err
	}
	c := fetch.Cookie{Name: words[0].value}
	for _, w := range words[1:] {
		switch {
		case w.key == "" && w.value == "secure":
			c.Secure = true
		case w.key == "" && w.value == "partitioned":
			c.Partitioned = true
		case w.key == "domain":
			c.Domain = w.value
		case w.key == "path":
			c.Path = w.value
		case w.key == "same_site":
			c.SameSite = w.value
			if err := l.oneOf(w.key, w.value, "strict", "lax", "none"); err != nil {
				return c, err
			}
		default:
			return c, l.errorf("unknown attribute %q of a cookie", w.key+w.value)
		}
	}
	return c, nil
}
