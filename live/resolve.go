package live

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/weburl"
)

// A Resolution says where connections to a host and port go instead of where its name leads.
type Resolution struct {
	Host      string // as a URL has it: a domain in lower case and ASCII, an IPv4 address, an IPv6 address in brackets; * for any
	Port      int
	Addresses []netip.Addr // tried in this order
}

// ParseResolve reads a resolution as curl writes it: HOST:PORT:ADDRESS[,ADDRESS]. IPv6 addresses may stand in brackets, and a
// host that is one must.
func ParseResolve(s string) (Resolution, error) {
	bad := func(reason string) (Resolution, error) {
		return Resolution{}, fmt.Errorf("invalid resolution %q: %s", brief(s), reason)
	}
	host, rest, ok := strings.Cut(s, ":")
	if strings.HasPrefix(s, "[") {
		host, rest, ok = strings.Cut(s, "]:")
		host += "]"
	}
	port, list, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 {
		return bad("want HOST:PORT:ADDRESS")
	}
	r := Resolution{Host: host}
	if host != "*" {
		u, err := weburl.Parse("http://"+host, nil)
		if err != nil || strings.ContainsAny(host, `/\?#@`) {
			return bad("not a host before the first colon")
		}
		r.Host = u.Host
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return bad("the port is not a number from 1 to 65535")
	}
	r.Port = int(n)
	for text := range strings.SplitSeq(list, ",") {
		if inner, ok := strings.CutPrefix(text, "["); ok {
			text, ok = strings.CutSuffix(inner, "]")
			if !ok || !strings.Contains(text, ":") {
				return bad("brackets are for an IPv6 address")
			}
		}
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return bad("not an IP address after the port")
		}
		r.Addresses = append(r.Addresses, a)
	}
	return r, nil
}

// isLocalhost reports whether a host is localhost or below it: such names never leave the machine.
//
// https://www.rfc-editor.org/rfc/rfc6761#section-6.3
func isLocalhost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// isLoopback reports whether a host is on this machine, by name or by address.
func isLoopback(host string) bool {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return isLocalhost(host) || err == nil && a.IsLoopback()
}
