// Package spec names the edition of the Fetch Standard that the model follows
// and lists its algorithms with their step numbers. Step numbers move with
// editorial commits, so they are written down once, here, and a test holds the
// model's comments to them.
package spec

import "strings"

// Commit is the commit of whatwg/fetch whose numbering the model uses
// (2 July 2026).
const Commit = "586cd2a44c2a865b37c166dc0740f3fb8bb220d6"

// The dfn ids of the algorithms in the model: anchors of the published page.
const (
	RequestConstructor        = "dom-request"
	SerializeRequestOrigin    = "serializing-a-request-origin"
	ByteSerializeOrigin       = "byte-serializing-a-request-origin"
	RedirectTaint             = "concept-request-tainted-origin"
	AppendOrigin              = "append-a-request-origin-header"
	SafelistedRequestHeader   = "cors-safelisted-request-header"
	UnsafeRequestHeaderNames  = "cors-unsafe-request-header-names"
	NoCORSSafelistedHeader    = "no-cors-safelisted-request-header"
	ForbiddenRequestHeader    = "forbidden-request-header"
	ExtractHeaderValues       = "extract-header-values"
	ExtractHeaderListValues   = "extract-header-list-values"
	LocationURL               = "concept-response-location-url"
	BadPort                   = "should-be-blocked-due-to-a-bad-port"
	MainFetch                 = "concept-main-fetch"
	SchemeFetch               = "concept-scheme-fetch"
	HTTPFetch                 = "concept-http-fetch"
	HTTPRedirectFetch         = "concept-http-redirect-fetch"
	HTTPNetworkOrCacheFetch   = "concept-http-network-or-cache-fetch"
	CORSPreflightFetch        = "cors-preflight-fetch-0"
	CreateCacheEntry          = "concept-cache-create-entry"
	CORSCheck                 = "concept-cors-check"
	TAOCheck                  = "concept-tao-check"
	ResourcePolicyCheck       = "cross-origin-resource-policy-check"
	ResourcePolicyInternal    = "cross-origin-resource-policy-internal-check"
	ClearCacheEntries         = "concept-cache-clear"
	CacheEntryMatch           = "concept-cache-match"
	MethodCacheEntryMatch     = "concept-cache-match-method"
	HeaderNameCacheEntryMatch = "concept-cache-match-header"
)

// An Algorithm is one numbered algorithm of the Standard.
type Algorithm struct {
	ID    string   // dfn id
	Name  string   // as the Standard calls it
	Steps []string // every step number, in order; none for an unnumbered one
}

// URL is the address of an algorithm in the published Standard.
func URL(id string) string { return "https://fetch.spec.whatwg.org/#" + id }

// Algorithms lists the algorithms of the model. The slice is the caller's.
func Algorithms() []Algorithm {
	list := []Algorithm{
		{RequestConstructor, "Request constructor", numbers(`1 2 3 4 5 5.1 5.2 5.3 5.4 5.5 6 6.1 6.2 6.3 7 8 9 10 11 12 13
			13.1 13.2 13.3 13.4 13.5 13.6 13.7 13.8 14 14.1 14.2 14.3 14.3.1 14.3.2 14.3.3 14.3.4 15 16 17 18 19 20 21 22 23 24
			25 25.1 25.2 25.3 25.4 26 27 27.1 27.2 28 29 30 31 32 32.1 32.2 33 33.1 33.2 33.3 33.4 33.5 34 35 36 37 37.1 37.2
			37.3 37.4 38 39 39.1 39.2 39.3 40 41 41.1 41.2 42`)},
		{SerializeRequestOrigin, "serializing a request origin", numbers("1 2 3")},
		{ByteSerializeOrigin, "byte-serializing a request origin", nil},
		{RedirectTaint, "redirect-taint", numbers("1 2 3 4 4.1 4.2 4.3 4.4 5")},
		{AppendOrigin, "append a request `Origin` header", numbers("1 2 3 4 4.1 4.2")},
		{SafelistedRequestHeader, "CORS-safelisted request-header", numbers("1 2 3")},
		{UnsafeRequestHeaderNames, "CORS-unsafe request-header names", numbers("1 2 3 4 4.1 4.2 5 6")},
		{NoCORSSafelistedHeader, "no-CORS-safelisted request-header", numbers("1 2")},
		{ForbiddenRequestHeader, "forbidden request-header", numbers("1 2 3 3.1 3.2 4")},
		{ExtractHeaderValues, "extract header values", numbers("1 2")},
		{ExtractHeaderListValues, "extract header list values", numbers("1 2 3 4 4.1 4.2 4.3 5")},
		{LocationURL, "location URL", numbers("1 2 3 4 5")},
		{BadPort, "should be blocked due to a bad port", numbers("1 2 3")},
		{MainFetch, "main fetch", numbers(`1 2 3 4 5 6 7 8 9 10 11 12 13 14 14.1 14.1.1 14.1.2 14.1.3 14.2 15 16 17 18 19 20
			21 22 23 23.1 23.2 23.3 23.3.1 23.3.2 23.3.3 23.4 24`)},
		{SchemeFetch, "scheme fetch", numbers("1 2 3 4")},
		{HTTPFetch, "HTTP fetch", numbers(`1 2 3 3.1 3.2 3.2.1 3.2.2 3.2.2.1 3.2.2.2 3.2.2.3 3.2.3 3.2.4 3.3 3.4 3.5 3.5.1
			3.5.2 3.5.3 3.5.4 3.5.5 3.5.6 3.5.7 3.6 4 4.1 4.1.1 4.1.2 4.2 4.3 4.4 4.5 5 6 6.1 6.2 6.3 7`)},
		{HTTPRedirectFetch, "HTTP-redirect fetch", numbers(`1 2 3 4 5 6 7 8 9 10 11 12 12.1 12.2 13 14 15 16 17 18 19 20 21
			21.1 21.2 22`)},
		{HTTPNetworkOrCacheFetch, "HTTP-network-or-cache fetch", numbers(`1 2 3 4 5 6 7 8 8.1 8.2 8.2.1 8.2.2 8.2.3 8.3 8.4
			8.5 8.6 8.7 8.8 8.9 8.10 8.10.1 8.10.2 8.10.3 8.10.4 8.10.4.1 8.10.4.2 8.10.5 8.11 8.11.1 8.11.2 8.12 8.13 8.14
			8.15 8.15.1 8.15.2 8.16 8.17 8.18 8.18.1 8.18.2 8.19 8.20 8.21 8.21.1 8.21.2 8.21.2.1 8.21.2.2 8.21.2.3 8.21.2.4
			8.22 8.23 8.24 8.25 8.26 8.26.1 8.26.2 8.26.2.1 8.26.2.1.1 8.26.2.1.2 8.26.2.1.3 8.26.2.1.4 8.26.2.1.5 8.26.2.1.6
			8.26.2.1.7 8.26.2.2 8.26.2.2.1 8.26.2.2.2 8.26.2.2.2.1 8.26.2.2.2.2 8.26.2.2.3 9 10 11 11.1 11.2 11.3 11.4 11.4.1
			11.4.2 11.4.3 11.5 11.5.1 11.5.2 12 13 14 15 15.1 15.2 15.2.1 15.2.2 15.3 15.3.1 15.3.2 15.3.3 15.3.4 15.4 16 16.1
			16.2 16.3 16.4 16.5 17 17.1 17.2 18 19`)},
		{CORSPreflightFetch, "CORS-preflight fetch", numbers(`1 2 3 4 5 5.1 5.2 6 7 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 7.9 7.10
			7.11 7.12 7.13 7.14 7.15 7.16 8`)},
		{CreateCacheEntry, "create a new cache entry", numbers("1 2")},
		{ClearCacheEntries, "clear cache entries", nil},
		{CacheEntryMatch, "cache entry match", nil},
		{MethodCacheEntryMatch, "method cache entry match", nil},
		{HeaderNameCacheEntryMatch, "header-name cache entry match", nil},
		{CORSCheck, "CORS check", numbers("1 2 3 4 5 6 7 8")},
		{TAOCheck, "TAO check", numbers("1 2 3 4 5 6 7 8")},
		{ResourcePolicyCheck, "cross-origin resource policy check", numbers("1 2 3 4 5 6 7")},
		{ResourcePolicyInternal, "cross-origin resource policy internal check", numbers("1 2 3 4 5")},
	}
	return list
}

func numbers(s string) []string { return strings.Fields(s) }
