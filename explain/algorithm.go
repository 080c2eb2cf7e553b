package explain

// algorithmName is what the Standard calls an algorithm, by its dfn id.
func algorithmName(id string) string {
	switch id {
	case "dom-request":
		return "Request constructor"
	case "serializing-a-request-origin":
		return "serializing a request origin"
	case "byte-serializing-a-request-origin":
		return "byte-serializing a request origin"
	case "concept-request-tainted-origin":
		return "redirect-taint"
	case "append-a-request-origin-header":
		return "append a request Origin header"
	case "cors-safelisted-request-header":
		return "CORS-safelisted request-header"
	case "cors-unsafe-request-header-names":
		return "CORS-unsafe request-header names"
	case "no-cors-safelisted-request-header":
		return "no-CORS-safelisted request-header"
	case "forbidden-request-header":
		return "forbidden request-header"
	case "extract-header-values":
		return "extract header values"
	case "extract-header-list-values":
		return "extract header list values"
	case "concept-response-location-url":
		return "location URL"
	case "should-be-blocked-due-to-a-bad-port":
		return "should be blocked due to a bad port"
	case "concept-main-fetch":
		return "main fetch"
	case "concept-scheme-fetch":
		return "scheme fetch"
	case "concept-http-fetch":
		return "HTTP fetch"
	case "concept-http-redirect-fetch":
		return "HTTP-redirect fetch"
	case "concept-http-network-or-cache-fetch":
		return "HTTP-network-or-cache fetch"
	case "cors-preflight-fetch-0":
		return "CORS-preflight fetch"
	case "concept-cache-create-entry":
		return "create a new cache entry"
	case "concept-cache-clear":
		return "clear cache entries"
	case "concept-cache-match":
		return "cache entry match"
	case "concept-cache-match-method":
		return "method cache entry match"
	case "concept-cache-match-header":
		return "header-name cache entry match"
	case "concept-cors-check":
		return "CORS check"
	case "concept-tao-check":
		return "TAO check"
	case "cross-origin-resource-policy-check":
		return "cross-origin resource policy check"
	case "cross-origin-resource-policy-internal-check":
		return "cross-origin resource policy internal check"
	}
	return id
}

// stepName names a step: the algorithm and, where it has numbers, the number.
func stepName(algorithm, number string) string {
	if number == "" {
		return algorithmName(algorithm)
	}
	return algorithmName(algorithm) + ", step " + number
}
