package devproxy

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// A refusal is why a request is not passed on.
type refusal struct {
	status int
	why    string // a sentence for whoever sent it
}

// refuse looks for a reason not to take a request at all; nil if there is none.
func (p *Proxy) refuse(r *http.Request) *refusal {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	switch {
	case err != nil || !remote.Addr().Unmap().IsLoopback():
		return &refusal{http.StatusForbidden, "This proxy takes requests of this machine alone."}
	case r.Method == http.MethodConnect:
		return &refusal{http.StatusMethodNotAllowed, "This is a proxy for one API, and opens no tunnels."}
	case r.URL.IsAbs() || r.URL.Host != "" || !strings.HasPrefix(r.RequestURI, "/"):
		return &refusal{http.StatusBadRequest, "This is a proxy for one API: ask for a path, not for a URL."}
	case !p.isOwnHost(own(r)):
		return &refusal{http.StatusMisdirectedRequest, fmt.Sprintf("This is a proxy for developing, and goes by the names of this machine alone: call %s.", p.BaseURL())}
	}
	if who := p.stranger(r); who != "" {
		return &refusal{http.StatusForbidden, fmt.Sprintf("This proxy is for pages of %s, and the request is of %s.", p.pageNames(), who)}
	}
	return nil
}

func (p *Proxy) pageNames() string {
	names := make([]string, len(p.pages))
	for i, page := range p.pages {
		names[i] = page.String()
	}
	return strings.Join(names, ", ")
}

// isOwnHost reports whether a request calls the proxy by a name of its own. Any site can have a name of its own lead to this machine, and
// its page would then be of one origin with what answers here.
func (p *Proxy) isOwnHost(self origin.Origin) bool {
	address := p.address.(*net.TCPAddr)
	if port, ok := self.EffectivePort(); !ok || port != address.Port {
		return false
	}
	host := self.Host()
	if host == "localhost" || address.IP.Equal(net.ParseIP(strings.Trim(host, "[]"))) {
		return true
	}
	return strings.HasSuffix(host, ".localhost") && slices.ContainsFunc(p.pages, func(page origin.Origin) bool { return page.Host() == host })
}

// own is the proxy's origin, by the name that a request calls it; an opaque one if that is no name.
func own(r *http.Request) origin.Origin {
	u, err := weburl.Parse("http://"+r.Host, nil)
	if err != nil || u.HasCredentials() || u.Path != "/" || u.HasQuery || u.HasFragment {
		return origin.Origin{}
	}
	return origin.Of(u)
}

// stranger names who made a request, if that is neither one of the pages nor a document of the API itself that came by the
// proxy; empty otherwise. Origin tells; browsers leave it out of what pages get without asking for more than to show it, and
// then Sec-Fetch-Site and Referer do.
//
// A browser that follows a link, or somebody's words, has no page that could read the answer; and sign-in by way of another
// host comes back so. What no browser sent has none of the three.
func (p *Proxy) stranger(r *http.Request) string {
	self := own(r)
	known := func(o origin.Origin) bool { return slices.Contains(p.pages, o) || origin.SameOrigin(o, self) }
	if lines := r.Header.Values(header.Origin); len(lines) > 0 {
		o, ok := origin.Parse(lines[0])
		if len(lines) == 1 && ok && !o.IsOpaque() && known(o) {
			return ""
		}
		return quotedOrigin(strings.Join(lines, ", "))
	}
	if isSafe(r.Method) && r.Header.Get(header.SecFetchMode) == "navigate" && r.Header.Get(header.SecFetchDest) == "document" {
		return ""
	}
	if referer := r.Header.Get(header.Referer); referer != "" {
		u, err := weburl.Parse(referer, nil)
		if err == nil && known(origin.Of(u)) {
			return ""
		}
		if err == nil {
			return quotedOrigin(origin.Of(u).String())
		}
		return "a page that does not tell its origin"
	}
	switch r.Header.Get(header.SecFetchSite) {
	case "", "none", "same-origin":
		return ""
	}
	return "a page that does not tell its origin"
}

// quotedOrigin is an origin in a sentence, whatever its bytes are.
func quotedOrigin(value string) string {
	const most = 200
	if o, ok := origin.Parse(value); ok {
		return o.String()
	}
	return strconv.QuoteToASCII(value[:min(len(value), most)])
}

// isSafe reports whether a method is one that changes nothing on a server, and carries no body.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
func isSafe(method string) bool { return method == http.MethodGet || method == http.MethodHead }
