package gateway

import (
	"net/http"
	"strings"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// isWebSocket reports whether a request asks to become a WebSocket, in whatever version of HTTP.
func isWebSocket(r *http.Request) bool {
	if r.Method == http.MethodConnect {
		return isExtendedConnect(r)
	}
	for _, line := range r.Header["Upgrade"] {
		for name := range strings.SplitSeq(line, ",") {
			if header.EqualFold(strings.Trim(name, " \t"), "websocket") {
				return true
			}
		}
	}
	return false
}

// isExtendedConnect reports whether a CONNECT is the handshake of a WebSocket. Go's HTTP/2 server has the protocol among the
// fields, the HTTP/3 server of Caddy in the request's Proto.
//
// https://www.rfc-editor.org/rfc/rfc8441#section-5
// https://www.rfc-editor.org/rfc/rfc9220#section-3
func isExtendedConnect(r *http.Request) bool {
	if protocol := r.Header[":protocol"]; len(protocol) > 0 {
		return header.EqualFold(protocol[0], "websocket")
	}
	return header.EqualFold(r.Proto, "websocket")
}

// isOwnPage reports whether a WebSocket handshake is of a page of the server's own origin. Not every browser says so in
// Sec-Fetch-Site, and what the others say of ws and http is not to be relied on, so host and port decide; and where the
// connection is encrypted the page has to be too. Where it is not, something in front may have decrypted it.
func isOwnPage(d *cors.Decision, r *http.Request) bool {
	if len(d.Request.Origin) != 1 {
		return false
	}
	scheme, host, ok := strings.Cut(d.Request.Origin[0], "://")
	return ok && header.EqualFold(host, r.Host) && (r.TLS == nil || scheme == "https")
}
