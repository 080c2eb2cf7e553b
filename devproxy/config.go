package devproxy

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// parseAPI reads the origin of the API. A path would have to be put before every other one, and taken off again in cookies and
// redirects; pages have it in their own URLs.
func parseAPI(text string) (origin.Origin, error) {
	u, err := weburl.Parse(text, nil)
	switch {
	case err != nil:
		return origin.Origin{}, fmt.Errorf("invalid API %q: want its origin, such as https://api.example.com", text)
	case u.HasCredentials():
		return origin.Origin{}, errors.New("invalid API: a user name or a password in the URL is for the page to send")
	case u.Scheme != "http" && u.Scheme != "https":
		return origin.Origin{}, fmt.Errorf("invalid API %q: scheme %s is not http or https", text, u.Scheme)
	case u.Path != "/" || u.HasQuery || u.HasFragment:
		return origin.Origin{}, fmt.Errorf("invalid API %q: want the origin alone, %s; pages send the path", text, origin.Of(u))
	}
	return origin.Of(u), nil
}

// parsePages reads the origins of the pages, and makes the policy that grants them everything.
func parsePages(list []string) ([]origin.Origin, *cors.Policy, error) {
	var bad []error
	var pages []origin.Origin
	if len(list) == 0 {
		bad = append(bad, errors.New("no page is given: want the origin of at least one"))
	}
	for _, text := range list {
		page, ok := origin.Parse(text)
		switch {
		case ok && !page.IsOpaque():
			pages = append(pages, page)
		case ok:
			bad = append(bad, fmt.Errorf("invalid page %q: any sandboxed frame has this origin", text))
		default:
			bad = append(bad, fmt.Errorf("invalid page %q: want its origin, such as %s", text, guess(text)))
		}
	}
	if len(bad) > 0 {
		return nil, nil, errors.Join(bad...)
	}
	policy, err := cors.New(cors.Config{
		Origins:        list,
		Methods:        []string{"*"},
		RequestHeaders: []string{"*"},
		Credentials:    true,
		MaxAge:         cors.NoPreflightCache, // or requests would come whose preflight nobody saw
	})
	if config, ok := errors.AsType[*cors.ConfigError](err); ok {
		for _, problem := range config.Problems {
			bad = append(bad, fmt.Errorf("invalid page %q: %s", problem.Value, problem.Why))
		}
		return nil, nil, errors.Join(bad...)
	}
	return pages, policy, err
}

// guess is the origin that may have been meant.
func guess(text string) string {
	if u, err := weburl.Parse(text, nil); err == nil && u.HasHost && u.Host != "" && !origin.Of(u).IsOpaque() {
		return origin.Of(u).String()
	}
	return "http://localhost:5173"
}

// parseListen reads the address to listen on, and refuses all that others can reach.
func parseListen(text string) (string, error) {
	if text == "" {
		text = DefaultListen
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", fmt.Errorf("invalid address %q: want a loopback address and a port, such as %s", text, DefaultListen)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || port != strconv.FormatUint(n, 10) {
		return "", fmt.Errorf("invalid address %q: port %q is not a number up to 65535", text, port)
	}
	if strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.IsLoopback() || ip.Zone() != "" {
		return "", fmt.Errorf("invalid address %q: a development proxy listens on loopback alone, such as %s", text, DefaultListen)
	}
	return net.JoinHostPort(ip.Unmap().String(), port), nil
}

// notItself refuses an API that is the proxy.
func notItself(api origin.Origin, listen string) error {
	host, port, _ := net.SplitHostPort(listen)
	if at, _ := api.EffectivePort(); strconv.Itoa(at) == port && leadsTo(api.Host(), net.ParseIP(host)) {
		return fmt.Errorf("invalid API %q: the proxy itself listens there", api)
	}
	return nil
}

// leadsTo reports whether browsers take a host for the loopback address ip: the address itself, or a name below localhost.
func leadsTo(host string, ip net.IP) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	return ip.Equal(net.ParseIP(strings.Trim(host, "[]")))
}
