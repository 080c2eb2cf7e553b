package devproxy

import (
	"net/http"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
)

// hiding is what a cookie's name gets in front in the browser if it begins with a prefix that browsers know (__Host-,
// __Secure- and those to come): they want such a cookie to be Secure, and to have come over TLS.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-4.1.3
const hiding = "concors"

// isHidden reports whether a name is one that the browser is not to see: it begins with two underscores, or would be taken for
// such a name on the way back.
func isHidden(name string) bool {
	for strings.HasPrefix(name, hiding) {
		name = name[len(hiding):]
	}
	return strings.HasPrefix(name, "__")
}

// cookieToBrowser rewrites a Set-Cookie line so that browsers keep the cookie for the proxy, and send it along with what the page
// asks. It loses Domain, and keeps everything that is not named here.
//
// Page and proxy are of one site where they can be, and both http. Secure, and with it Partitioned and SameSite=None, would
// then keep the cookie out of WebKit, which knows no exception for this machine, and none is needed: Lax goes along. Of two
// sites only SameSite=None does, with Secure; Chromium and Firefox take it of http on loopback.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7
func cookieToBrowser(line string, oneSite bool) string {
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, named := strings.Cut(pair, "=")
	if name = trimSpace(name); named && isHidden(name) {
		pair = hiding + name + "=" + value
	}
	out := []string{pair}
	for attribute := range strings.SplitSeq(attributes, ";") {
		key, value, _ := strings.Cut(attribute, "=")
		switch header.Lower(trimSpace(key)) {
		case "", "domain", "secure":
		case "partitioned":
			if !oneSite {
				out = append(out, attribute)
			}
		case "samesite":
			switch {
			case !oneSite:
			case header.EqualFold(trimSpace(value), "none"):
				out = append(out, " SameSite=Lax")
			default:
				out = append(out, attribute)
			}
		default:
			out = append(out, attribute)
		}
	}
	if !oneSite {
		out = append(out, " Secure", " SameSite=None")
	}
	return strings.Join(out, ";")
}

// cookieToAPI rewrites a Cookie line: hidden names are the API's again.
func cookieToAPI(line string) string {
	if !strings.Contains(line, hiding) {
		return line
	}
	pairs := strings.Split(line, ";")
	for i, pair := range pairs {
		name, value, named := strings.Cut(pair, "=")
		bare := strings.TrimLeft(name, " \t")
		if shown, ok := strings.CutPrefix(bare, hiding); ok && named && isHidden(shown) {
			pairs[i] = name[:len(name)-len(bare)] + shown + "=" + value
		}
	}
	return strings.Join(pairs, ";")
}

func trimSpace(s string) string { return strings.Trim(s, " \t") }

// rewriteCookies rewrites the cookies of a response to a request of a page that calls the proxy self.
func rewriteCookies(h http.Header, page, self origin.Origin) {
	lines := h[header.SetCookie]
	for i, line := range lines {
		lines[i] = cookieToBrowser(line, origin.SameSite(page, self))
	}
}
