package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// A Warning is something that did not decide the fetch, and is about to bite: now in another way, or later.
type Warning struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// The warnings.
const (
	responseHeaderNotExposed   = "response-header-not-exposed"
	exposeHeadersUnparsable    = "expose-headers-unparsable"
	exposeWildcardCredentials  = "expose-wildcard-credentials"
	maxAgeInvalid              = "max-age-invalid"
	maxAgeCapped               = "max-age-capped"
	preflightWildcardNotCached = "preflight-wildcard-not-cached"
	varyOriginMissing          = "vary-origin-missing"
	cookieNotSentMode          = "cookie-not-sent-mode"
	cookieBlockedSameSite      = "cookie-blocked-samesite"
	cookieBlockedThirdParty    = "cookie-blocked-third-party"
	sideEffectDespiteBlock     = "side-effect-despite-block"
	allowHeadersOnActual       = "allow-headers-on-actual"
	exposeHeadersOnPreflight   = "expose-headers-on-preflight"
	nullOriginAllowed          = "null-origin-allowed"
	reflectionWithCredentials  = "reflection-with-credentials"
	headerForbidden            = "header-forbidden"
	noCORSHeaderDropped        = "no-cors-header-dropped"
	opaqueResponse             = "opaque-response"
	lnaUndecided               = "lna-undecided"
)

// WarningIDs lists the warnings in the order of the catalogue. The slice is the caller's.
func WarningIDs() []string {
	return []string{
		headerForbidden, noCORSHeaderDropped, opaqueResponse, responseHeaderNotExposed, exposeHeadersUnparsable,
		exposeWildcardCredentials, maxAgeInvalid, maxAgeCapped, preflightWildcardNotCached, varyOriginMissing, cookieNotSentMode,
		cookieBlockedSameSite, cookieBlockedThirdParty, sideEffectDespiteBlock, allowHeadersOnActual, exposeHeadersOnPreflight,
		nullOriginAllowed, reflectionWithCredentials, lnaUndecided,
	}
}

// warnings looks over a trace, whatever its outcome. Each warning stands there once, in the order of the catalogue.
func warnings(t *fetch.Trace) []Warning {
	w := &warner{t: t}
	w.requestHeaders()
	w.exposure()
	w.preflights()
	w.cookies()
	w.effects()
	w.grants()
	w.localNetwork()
	order := WarningIDs()
	slices.SortStableFunc(w.list, func(a, b Warning) int { return slices.Index(order, a.ID) - slices.Index(order, b.ID) })
	return w.list
}

type warner struct {
	t    *fetch.Trace
	list []Warning
}

// add adds a warning, unless there is one of its kind.
func (w *warner) add(id, format string, args ...any) {
	if !slices.ContainsFunc(w.list, func(other Warning) bool { return other.ID == id }) {
		w.list = append(w.list, Warning{ID: id, Why: fmt.Sprintf(format, args...)})
	}
}

// credentialed reports whether the request was made with credentials mode include, which is what the strict rules ask for.
func (w *warner) credentialed() bool { return w.t.Request != nil && credentialed(w.t) }

// requestHeaders: names that the browser took away from the script.
func (w *warner) requestHeaders() {
	var forbidden, dropped []string
	for _, name := range w.t.Dropped {
		if header.IsForbiddenRequestName(name) || header.IsMethodOverrideName(name) {
			forbidden = append(forbidden, name)
		} else {
			dropped = append(dropped, name)
		}
	}
	if len(forbidden) > 0 {
		w.add(headerForbidden, "The browser owns %s and drops what the script sets, without an error.", list(forbidden))
	}
	if len(dropped) > 0 {
		w.add(noCORSHeaderDropped, "Mode no-cors sends no %s, so the server does not see what the script set.", list(dropped))
	}
}

// exposure: what script cannot read of a response that it got.
func (w *warner) exposure() {
	t := w.t
	if t.Response == nil {
		return
	}
	switch t.Response.Type {
	case "opaque":
		if t.CORSNoneReason == fetch.NoneNoCORS && fetchesByScript(t) {
			w.add(opaqueResponse, "The request works, but its response is opaque: status 0, no headers and no body for the script. Mode no-cors only hides the error.")
		}
		return
	case "cors":
	default:
		return
	}
	names, state, bad := header.ExtractTokens(t.Response.Header, header.ExposeHeaders)
	value, _ := t.Response.Header.Get(header.ExposeHeaders)
	switch {
	case state == header.Failure:
		w.add(exposeHeadersUnparsable, "Access-Control-Expose-Headers has %s, which is not a header name, so it exposes nothing at all.", quoted(latin1(bad)))
	case slices.Contains(names, "*") && w.credentialed():
		w.add(exposeWildcardCredentials, "Access-Control-Expose-Headers is %s, but the request carries credentials, and then * is only the name of a header: it exposes nothing.", quoted(latin1(value)))
	}
	var hidden []string
	for _, name := range t.Response.Hidden {
		if wantedByScript(name) || name == "etag" && uploads(t) {
			hidden = append(hidden, name)
		}
	}
	if len(hidden) > 0 {
		w.add(responseHeaderNotExposed, "The response has %s, which the script cannot read: the server does not list %s in Access-Control-Expose-Headers.", list(hidden), themOrIt(hidden))
	}
}

// fetchesByScript reports whether a script asked for the response, and so may want to read it.
func fetchesByScript(t *fetch.Trace) bool {
	return t.Request.Initiator == "" || t.Request.Initiator == fetch.InitiatorFetch
}

// uploads reports whether the request changed something, so that its ETag is the new version's.
func uploads(t *fetch.Trace) bool {
	last := lastRequest(t)
	return last != nil && last.Method != "GET" && last.Method != "HEAD"
}

// lastRequest is the last request that was sent and is no preflight; nil where the HTTP cache had the response.
func lastRequest(t *fetch.Trace) *fetch.Sent {
	for i := len(t.Sent) - 1; i >= 0; i-- {
		if t.Sent[i].Kind == fetch.KindRequest {
			return &t.Sent[i]
		}
	}
	return nil
}

// wantedByScript reports whether a hidden response header, in lower case, is one that a script may look for. What steers
// caches, browsers and connections is not.
func wantedByScript(name string) bool {
	for _, prefix := range []string{"access-control-", "cross-origin-", "sec-", "cf-", "x-amz-cf-", "x-xss-", "x-frame-", "proxy-"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	switch name {
	case "accept-ch", "accept-ranges", "age", "alt-svc", "connection", "content-encoding", "content-security-policy",
		"content-security-policy-report-only", "critical-ch", "date", "etag", "expect-ct", "keep-alive", "nel", "origin-agent-cluster",
		"permissions-policy", "priority", "referrer-policy", "report-to", "reporting-endpoints", "server", "server-timing",
		"set-cookie", "set-cookie2", "strict-transport-security", "timing-allow-origin", "trailer", "transfer-encoding", "upgrade",
		"vary", "via", "www-authenticate", "x-cache", "x-content-type-options", "x-dns-prefetch-control", "x-powered-by", "x-served-by",
		"x-timer":
		return false
	}
	return true
}

// preflights: answers to preflights that work, and not as they were meant.
func (w *warner) preflights() {
	for i := range w.t.Sent {
		s := &w.t.Sent[i]
		if s.Kind != fetch.KindPreflight || s.Response.Error != "" {
			continue
		}
		h := s.Response.Header
		if h.Has(header.ExposeHeaders) {
			w.add(exposeHeadersOnPreflight, "Access-Control-Expose-Headers stands on the answer to the preflight, where it has no effect; it belongs on the response itself.")
		}
		if w.t.Failure != nil && w.t.Failure.On == fetch.OnPreflight && i == len(w.t.Sent)-1 {
			continue // nothing is cached
		}
		w.maxAge(h)
		methods, _, _ := header.ExtractTokens(h, header.AllowMethods)
		names, _, _ := header.ExtractTokens(h, header.AllowHeaders)
		if !w.credentialed() && (slices.Contains(methods, "*") || slices.Contains(names, "*")) {
			w.add(preflightWildcardNotCached, "The answer to the preflight says *, which Firefox never reuses: it sends a preflight before each such request.")
		}
	}
}

// maxAge looks at how long a preflight's answer may be kept.
func (w *warner) maxAge(h header.List) {
	seconds, state := header.ExtractDeltaSeconds(h, header.MaxAge)
	value, _ := h.Get(header.MaxAge)
	switch {
	case state == header.Failure:
		w.add(maxAgeInvalid, "Access-Control-Max-Age is %s, which is not a number of seconds: Firefox keeps no answer at all, and the others keep it for 5 seconds or less.", quoted(latin1(value)))
	case state == header.Extracted && seconds > 600:
		var capped []string
		for _, p := range []fetch.Profile{fetch.Firefox(), fetch.Chromium(), fetch.WebKit()} {
			if seconds > uint64(p.MaxAgeCap) {
				capped = append(capped, browserName(p.Name)+" "+strconv.Itoa(p.MaxAgeCap))
			}
		}
		w.add(maxAgeCapped, "Access-Control-Max-Age is %d seconds, and browsers keep the answer for less: %s.", seconds, list(capped))
	}
}

// cookies: cookies that the page has and the request does not carry.
func (w *warner) cookies() {
	for _, c := range w.t.Cookies {
		if c.Sent {
			continue
		}
		name := quoted(c.Name)
		switch c.Reason {
		case fetch.CookieMode:
			w.add(cookieNotSentMode, "The cookie %s is not sent: a cross-origin request carries cookies only with credentials: include.", name)
		case fetch.CookieSameSite:
			w.add(cookieBlockedSameSite, "The cookie %s is not sent: the request is cross-site, and its SameSite attribute keeps it back.", name)
		case fetch.CookieThirdParty:
			w.add(cookieBlockedThirdParty, "The cookie %s is not sent: the browser blocks or partitions third-party cookies.", name)
		}
	}
}

// effects: requests that the server acted on although the page does not see the response.
func (w *warner) effects() {
	t := w.t
	if t.Outcome != fetch.Blocked {
		return
	}
	for _, s := range t.Sent {
		if s.Kind == fetch.KindRequest && s.Response.Error == "" && s.Method != "GET" && s.Method != "HEAD" && s.Method != "OPTIONS" {
			w.add(sideEffectDespiteBlock, "The page does not see the response, but the server got the %s request and may have acted on it: CORS keeps nobody from sending.", short(s.Method))
			return
		}
	}
}

// grants: what the responses allow, and to whom.
func (w *warner) grants() {
	for i := range w.t.Sent {
		s := &w.t.Sent[i]
		if s.Response.Error != "" {
			continue
		}
		h := s.Response.Header
		if s.Kind == fetch.KindRequest {
			w.misplaced(h)
		}
		allowed, ok := h.Get(header.AllowOrigin)
		if !ok {
			continue
		}
		credentials, _ := h.Get(header.AllowCredentials)
		named, _ := s.Header.Get(header.Origin)
		switch {
		case allowed == "null":
			w.add(nullOriginAllowed, "The server allows the origin null, which every sandboxed frame and every data: page has, whoever made it.")
		case allowed == "*", named == "", allowed != named:
			continue
		}
		// A preflight's answer is not cached by HTTP; it counts where it is all there is of the server.
		if (s.Kind == fetch.KindRequest || i == len(w.t.Sent)-1) && !varies(h) {
			w.add(varyOriginMissing, "The server allows %s, and nothing tells caches that the answer depends on Origin: a cache may give this one to another origin.", short(latin1(allowed)))
		}
		if credentials == "true" && allowed == "null" {
			w.add(reflectionWithCredentials, "The server answers the origin null with that origin and with credentials: if it does so for any origin, any site can read this response as the signed-in user.")
		}
	}
}

// misplaced: headers on the response itself that count on a preflight only.
func (w *warner) misplaced(h header.List) {
	var names []string
	for _, name := range []string{header.AllowMethods, header.AllowHeaders, header.MaxAge} {
		if h.Has(name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		w.add(allowHeadersOnActual, "The response itself has %s, which count on the answer to a preflight only; here browsers ignore them.", list(names))
	}
}

// varies reports whether Vary names Origin, or everything.
func varies(h header.List) bool {
	value, _ := h.Get(header.Vary)
	for name := range strings.SplitSeq(value, ",") {
		if name = strings.Trim(name, " \t"); name == "*" || header.EqualFold(name, header.Origin) {
			return true
		}
	}
	return false
}

// browserName is the name of a profile, as it is written.
func browserName(profile string) string {
	switch profile {
	case chromium:
		return "Chromium"
	case firefox:
		return "Firefox"
	case webkit:
		return "WebKit"
	}
	return "the Standard"
}

// list names things in a sentence.
func list(names []string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = short(name)
	}
	if len(shown) < 2 {
		return strings.Join(shown, "")
	}
	return strings.Join(shown[:len(shown)-1], ", ") + " and " + shown[len(shown)-1]
}

func themOrIt(names []string) string {
	if len(names) == 1 {
		return "it"
	}
	return "them"
}
