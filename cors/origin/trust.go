package origin

import "strings"

// IsPotentiallyTrustworthy reports whether data from the origin can be thought to arrive unaltered: encrypted, from this
// machine, or part of the browser. Opaque origins are not.
//
// https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
func (o Origin) IsPotentiallyTrustworthy() bool {
	switch o.scheme {
	case "":
		return false
	case "https", "wss", "file":
		return true
	}
	return isExtension(o.scheme) || isLoopback(o.host)
}

// isLoopback reports whether the host is one that never leaves the machine.
func isLoopback(host string) bool {
	if host == "[::1]" || strings.HasPrefix(host, "127.") && isIPv4(host) {
		return true
	}
	host = strings.TrimSuffix(host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
