package header

// Field names that the CORS protocol or the browser's side of it reads or writes, in their usual spelling.
const (
	Accept                    = "Accept"
	AcceptLanguage            = "Accept-Language"
	AllowCredentials          = "Access-Control-Allow-Credentials"
	AllowHeaders              = "Access-Control-Allow-Headers"
	AllowMethods              = "Access-Control-Allow-Methods"
	AllowOrigin               = "Access-Control-Allow-Origin"
	AllowPrivateNetwork       = "Access-Control-Allow-Private-Network"
	Authorization             = "Authorization"
	CacheControl              = "Cache-Control"
	ContentEncoding           = "Content-Encoding"
	ContentLanguage           = "Content-Language"
	ContentLength             = "Content-Length"
	ContentLocation           = "Content-Location"
	ContentType               = "Content-Type"
	ContentTypeOptions        = "X-Content-Type-Options"
	Cookie                    = "Cookie"
	CrossOriginEmbedderPolicy = "Cross-Origin-Embedder-Policy"
	CrossOriginResourcePolicy = "Cross-Origin-Resource-Policy"
	ExposeHeaders             = "Access-Control-Expose-Headers"
	Host                      = "Host"
	IfMatch                   = "If-Match"
	IfModifiedSince           = "If-Modified-Since"
	IfNoneMatch               = "If-None-Match"
	IfRange                   = "If-Range"
	IfUnmodifiedSince         = "If-Unmodified-Since"
	Location                  = "Location"
	MaxAge                    = "Access-Control-Max-Age"
	Origin                    = "Origin"
	Pragma                    = "Pragma"
	Range                     = "Range"
	Referer                   = "Referer"
	ReferrerPolicy            = "Referrer-Policy"
	RequestHeaders            = "Access-Control-Request-Headers"
	RequestMethod             = "Access-Control-Request-Method"
	RequestPrivateNetwork     = "Access-Control-Request-Private-Network"
	SecFetchDest              = "Sec-Fetch-Dest"
	SecFetchMode              = "Sec-Fetch-Mode"
	SecFetchSite              = "Sec-Fetch-Site"
	SetCookie                 = "Set-Cookie"
	TimingAllowOrigin         = "Timing-Allow-Origin"
	UserAgent                 = "User-Agent"
	Vary                      = "Vary"
)

// ResponseNames lists the headers by which a server takes part in the CORS protocol, those of answers to preflights
// included.
//
// https://fetch.spec.whatwg.org/#http-responses
func ResponseNames() [6]string {
	return [...]string{AllowOrigin, AllowCredentials, AllowMethods, AllowHeaders, MaxAge, ExposeHeaders}
}

// IsForbiddenRequestName reports whether the browser reserves the name for itself, so that a script's attempt to set it
// is dropped without an error: the fixed names and every name that starts with proxy- or sec-.
//
// The names whose value decides (X-HTTP-Method-Override and its kin) are not in this set; see [IsMethodOverrideName].
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func IsForbiddenRequestName(name string) bool {
	if hasPrefixFold(name, "proxy-") || hasPrefixFold(name, "sec-") {
		return true
	}
	var buf [longestName]byte
	switch string(lowerInto(&buf, name)) {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
		"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	}
	return false
}

// IsMethodOverrideName reports whether the name is one of the three whose value is forbidden when it names a forbidden
// method. Judging the value is the caller's part.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func IsMethodOverrideName(name string) bool {
	var buf [longestName]byte
	switch string(lowerInto(&buf, name)) {
	case "x-http-method", "x-http-method-override", "x-method-override":
		return true
	}
	return false
}

// IsSafelistedRequestName reports whether a header of this name can be CORS-safelisted at all. Whether it is depends on
// its value, which this function does not see.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func IsSafelistedRequestName(name string) bool {
	return IsNoCORSSafelistedName(name) || EqualFold(name, Range)
}

// IsNoCORSSafelistedName reports whether a script may set a header of this name on a request whose mode is no-cors,
// value permitting.
//
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name
func IsNoCORSSafelistedName(name string) bool {
	var buf [longestName]byte
	switch string(lowerInto(&buf, name)) {
	case "accept", "accept-language", "content-language", "content-type":
		return true
	}
	return false
}

// IsSafelistedResponseName reports whether a page may read a response header of this name without the server exposing it.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func IsSafelistedResponseName(name string) bool {
	var buf [longestName]byte
	switch string(lowerInto(&buf, name)) {
	case "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma":
		return true
	}
	return false
}

// IsForbiddenResponseName reports whether a page can never read a response header of this name, exposed or not.
//
// https://fetch.spec.whatwg.org/#forbidden-response-header-name
func IsForbiddenResponseName(name string) bool {
	return EqualFold(name, SetCookie) || EqualFold(name, "Set-Cookie2")
}

// IsRequestBodyName reports whether the name describes a request's body, so that a redirect that drops the body drops
// the header with it.
//
// https://fetch.spec.whatwg.org/#request-body-header-name
func IsRequestBodyName(name string) bool {
	var buf [longestName]byte
	switch string(lowerInto(&buf, name)) {
	case "content-encoding", "content-language", "content-location", "content-type":
		return true
	}
	return false
}

// longestName is the length of the longest name in any of the sets, access-control-request-headers.
const longestName = len(RequestHeaders)

// lowerInto writes the lower-cased name to buf, or returns nothing when the name is too long to be in any set.
func lowerInto(buf *[longestName]byte, name string) []byte {
	if len(name) > len(buf) {
		return nil
	}
	for i := range len(name) {
		buf[i] = lowerByte(name[i])
	}
	return buf[:len(name)]
}

// hasPrefixFold reports whether s starts with prefix, which is in lower case.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && EqualFold(s[:len(prefix)], prefix)
}
