package fetch

import (
	"slices"

	"github.com/concors/concors/cors/header"
)

// WebKitName returns the spelling of a header name that WebKit knows, and whether it knows it. WebKit keeps those names
// before all others, and tells them in this spelling however the script wrote them.
func WebKitName(name string) (known string, ok bool) {
	names := [...]string{
		"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Age", "Authorization",
		"Cache-Control", "Connection", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
		"Content-Location", "Content-Range", "Content-Security-Policy", "Content-Security-Policy-Report-Only", "Content-Type",
		"Cookie", "Cookie2", "Cross-Origin-Embedder-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
		"Date", "DNT", "Default-Style", "ETag", "Expect", "Expires", "Host", "If-Match", "If-Modified-Since", "If-None-Match",
		"If-Range", "If-Unmodified-Since", "Keep-Alive", "Last-Event-ID", "Last-Modified", "Link", "Location", "Origin",
		"Ping-From", "Ping-To", "Pragma", "Purpose", "Range", "Referer", "Referrer-Policy", "Refresh", "Report-To",
		"Reporting-Endpoints", "Server", "Server-Timing", "Service-Worker", "Service-Worker-Allowed",
		"Service-Worker-Navigation-Preload", "Set-Cookie", "SourceMap", "Strict-Transport-Security", "TE",
		"Timing-Allow-Origin", "Trailer", "Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests", "User-Agent", "Vary",
		"Via", "X-Content-Type-Options", "X-DNS-Prefetch-Control", "X-Frame-Options", "X-SourceMap", "X-Temp-Tablet",
		"X-XSS-Protection",
	}
	i := slices.IndexFunc(names[:], func(known string) bool { return header.EqualFold(known, name) })
	if i < 0 {
		return "", false
	}
	return names[i], true
}
