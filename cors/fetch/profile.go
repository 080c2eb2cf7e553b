package fetch

// Profile is a browser: the Standard plus the switches by which an engine departs from it. [Standard], [Chromium],
// [Firefox] and [WebKit] return the ones that are held to real browsers; the zero value is not a browser.
//
// Each switch stands in the corpus with a case of its own.
type Profile struct {
	Name string // "standard", "chromium", "firefox", "webkit"

	// The request.

	CombineRequestHeaders bool // repeated header lines are judged as one, joined
	TrimsCombined         bool // the space is trimmed that a joined value may end in
	NoTotalSafelistLimit  bool // the rule of 1024 bytes in all is missing
	RepeatsUnsafeNames    bool // a name that is unsafe twice is asked for twice
	CommaUnsafe           bool // a comma in Content-Type makes it unsafe, in a parameter too
	HighBytesUnsafe       bool // a byte from 0x80 on in Accept makes it unsafe
	ClientHintsSafelisted bool // client hints that a script sets count as safelisted, with a value of their grammar
	UserAgentExempt       bool // a User-Agent that script sets needs no preflight
	Range                 RangeRule
	Streams               StreamRule
	ModeFirst             bool // mode same-origin, and no-cors with its redirect mode, are judged before mixed content and the port
	MixedBeforePort       bool // mixed content is judged before a bad port
	UploadNeedsBody       bool // an upload listener forces a preflight only when there is a body

	// The preflight.

	PreflightOrder              PreflightOrder
	WildcardCoversAuthorization bool
	HomePreflightUnchecked      bool // a preflight to the page's own origin passes its CORS check whatever it says
	ForcedMethodListed          bool // a preflight that was forced needs its method listed like any other
	PreflightOriginUntainted    bool // a preflight names the page's origin even when the redirect chain is tainted

	// Redirects.

	LocationFirst         LocationRule
	UnsafeRedirects       []string // schemes that a redirect cannot lead to, which is found before the CORS check
	RedirectErrorLast     bool     // redirect mode error is found after user info in the Location
	JoinsLocations        bool     // several Location lines are one URL
	RedirectNeedsLocation bool     // redirect mode error lets a redirect status without Location pass
	PreflightSticky       bool     // once a chain had unsafe names or a preflight, every later cors hop is preflighted
	PreflightAsFirstMade  bool     // a preflight asks for the headers of the request as it was first made
	DropsClientHints      bool     // client hints that a script set survive only a redirect to the page's own origin
	DeleteBecomesGet      bool     // DELETE becomes GET at a redirect to another origin, whatever its status
	BlocksURLCredentials  bool     // user info in a redirect is refused to all but XMLHttpRequest, whatever the mode
	LateRedirectChecks    bool     // user info and mixed content in a redirect from the page's origin are found after the preflight
	RedirectsCredentialed bool     // a redirect by another origin, in a chain that began at the page's, must pass the check with credentials
	KeepsOrigin           bool     // a request that once carried Origin keeps it at a same-origin redirect
	CrossRedirectHides    bool     // a no-cors request that carries Origin tells null after any redirect to another origin
	OriginIgnoresPolicy   bool     // the referrer policy does not touch the Origin header of a no-cors request

	// The preflight cache.

	MaxAgeCap                  int // seconds
	MaxAge                     MaxAgeRule
	CacheReplaces              bool // one result a URL, replaced whole; the Standard has an entry for each method and name
	CacheStoresRefused         bool // a result is stored before the method and the names are tested
	CacheSplitByCredentials    bool // a credentialed entry does not serve other requests
	CacheLiteralWildcard       bool // "*" is stored as a name like any other
	CacheWildcardAuthorization bool // a cached "*" covers Authorization
	CacheWildcardByRequest     bool // whether "*" is a wildcard is decided by the credentials of the request, not of the answer
	CacheHeadNeedsEntry        bool // HEAD is not exempt when an entry is looked up
	CacheKey                   CacheKeyRule
	CacheClears                ClearRule
	XHRKeepsCacheMode          bool    // a conditional header that XMLHttpRequest sets does not change the cache mode
	CacheBypass                []Cache // cache modes in which a preflight is always made

	// Around CORS.

	StorageAccessOrigin    StorageAccessRule
	ElementOrigin          bool // what an element loads with cors from the page's own origin is asked for with Origin
	WebSocketRedirects     bool // a WebSocket handshake follows redirects
	FontsWithoutCORS       bool // a font is loaded in mode no-cors
	OnlyIfCachedSends      bool // cache mode only-if-cached asks the server when the cache has nothing
	LoopbackIsMixedContent bool // http to a loopback address from an https page is mixed content
	LocalNetworkAccess     bool
	InvalidCORPAllowed     bool // under an embedder policy, a Cross-Origin-Resource-Policy that is none of the three allows
	WildcardExposesAccept  bool // with credentials, Access-Control-Expose-Headers: * shows a response header named Accept
	OpaqueResponseBlocking bool
	UnspecifiedSameSiteLax bool // a cookie without SameSite counts as Lax
	ThirdPartyCookies      CookiePolicy
}

// PreflightOrder is the order in which a preflight response is judged; it decides which of several failures is told.
type PreflightOrder int

// The orders.
const (
	OrderStandard PreflightOrder = iota // CORS check, status, both lists parse, method, Authorization, names
	OrderChromium                       // redirect, CORS check, status, lists, method, names in the order of the header list
	OrderFirefox                        // CORS check, redirect, status, methods parse, method, headers parse, names
	OrderWebKit                         // redirect, status, CORS check, methods parse, headers parse, method, names
)

// MaxAgeRule is how Access-Control-Max-Age is read.
type MaxAgeRule int

// The rules.
const (
	MaxAgeStandard MaxAgeRule = iota // digits on one line, else 5 seconds
	MaxAgeInteger                    // an integer with a sign, negative means not at all; else 5 seconds
	MaxAgeDigits                     // digits; empty means 5 seconds, anything else not at all
)

// RangeRule is what makes a Range header safelisted.
type RangeRule int

// The rules.
const (
	RangeStandard RangeRule = iota
	RangeInt64              // numbers fit in 64 bits
	RangeLenient            // the same, and the unit in any case, a plus sign before a number
)

// CacheKeyRule is which origin the preflight cache is keyed by.
type CacheKeyRule int

// The rules.
const (
	KeySerialized    CacheKeyRule = iota // the bytes of the request's origin: all that are null share
	KeyTuple                             // the page's origin; nothing is kept for an opaque page or a tainted chain
	KeyInitiator                         // the page's origin, opaque ones told apart, whatever redirects did
	KeyRequestOrigin                     // the page's origin, or one of its own for a tainted chain
)

// StorageAccessRule says when a credentialed no-cors request to the top-level page's site carries Origin because another
// site's frame makes it.
type StorageAccessRule int

// The rules.
const (
	StorageAccessUntold     StorageAccessRule = iota // never
	StorageAccessSite                                // when the site is the top-level page's
	StorageAccessSchemeless                          // when it is but for its scheme
)

// StreamRule is what becomes of a ReadableStream as a body.
type StreamRule int

// The rules.
const (
	StreamsSent       StreamRule = iota
	StreamsBecomeText            // it is turned into a string
	StreamsRefused               // the call throws
)

// LocationRule is when a redirect's Location is read.
type LocationRule int

// The rules.
const (
	LocationInTurn              LocationRule = iota // after the CORS check, to be followed
	LocationBeforeCheck                             // an invalid one fails before the CORS check, in every redirect mode
	LocationBeforeCheckToFollow                     // the same in redirect mode follow only, where mixed content and connect-src are judged too
)

// ClearRule is when a failed request removes what the preflight cache holds for its URL.
type ClearRule int

// The rules.
const (
	ClearAfterPreflight ClearRule = iota // when a fetch that called for a preflight fails
	ClearAlways                          // when any cross-origin request fails, but for redirect mode error
	ClearNever
)

// Standard is the Fetch Standard to the letter, with no limit on max age.
func Standard() Profile {
	return Profile{
		Name:              "standard",
		MaxAgeCap:         1<<31 - 1,
		ThirdPartyCookies: CookiesAllow,
	}
}

// Chromium is Chromium, as observed in version 156.
func Chromium() Profile {
	return Profile{
		Name:                        "chromium",
		CombineRequestHeaders:       true,
		TrimsCombined:               true,
		ClientHintsSafelisted:       true,
		UserAgentExempt:             true,
		ModeFirst:                   true,
		Range:                       RangeInt64,
		UploadNeedsBody:             true,
		LocationFirst:               LocationBeforeCheck,
		RedirectErrorLast:           true,
		RedirectNeedsLocation:       true,
		DropsClientHints:            true,
		BlocksURLCredentials:        true,
		CrossRedirectHides:          true,
		OriginIgnoresPolicy:         true,
		PreflightOrder:              OrderChromium,
		WildcardCoversAuthorization: true,
		ForcedMethodListed:          true,
		MaxAgeCap:                   7200,
		MaxAge:                      MaxAgeInteger,
		CacheReplaces:               true,
		CacheKey:                    KeyTuple,
		CacheClears:                 ClearNever,
		CacheBypass:                 []Cache{CacheNoStore, CacheReload, CacheNoCache},
		StorageAccessOrigin:         StorageAccessSite,
		ElementOrigin:               true,
		LocalNetworkAccess:          true,
		OpaqueResponseBlocking:      true,
		UnspecifiedSameSiteLax:      true,
		ThirdPartyCookies:           CookiesAllow,
	}
}

// Firefox is Firefox, as observed in version 153.
func Firefox() Profile {
	return Profile{
		Name:                        "firefox",
		NoTotalSafelistLimit:        true,
		RepeatsUnsafeNames:          true,
		Streams:                     StreamsBecomeText,
		ModeFirst:                   true,
		CommaUnsafe:                 true,
		HighBytesUnsafe:             true,
		Range:                       RangeInt64,
		PreflightOrder:              OrderFirefox,
		WildcardCoversAuthorization: true,
		HomePreflightUnchecked:      true,
		ForcedMethodListed:          true,
		PreflightOriginUntainted:    true,
		LocationFirst:               LocationBeforeCheckToFollow,
		UnsafeRedirects:             []string{"about", "data", "file", "ws", "wss"},
		InvalidCORPAllowed:          true,
		XHRKeepsCacheMode:           true,
		PreflightSticky:             true,
		MaxAgeCap:                   86400,
		MaxAge:                      MaxAgeDigits,
		CacheSplitByCredentials:     true,
		CacheLiteralWildcard:        true,
		CacheHeadNeedsEntry:         true,
		CacheKey:                    KeyInitiator,
		CacheClears:                 ClearAlways,
		CacheBypass:                 []Cache{CacheNoStore, CacheReload},
		StorageAccessOrigin:         StorageAccessSchemeless,
		LocalNetworkAccess:          true,
		OpaqueResponseBlocking:      true,
		ThirdPartyCookies:           CookiesPartition,
	}
}

// WebKit is WebKitGTK, as observed in version 2.50. Its network layer is not Safari's: what it does at redirects may be
// its own.
func WebKit() Profile {
	return Profile{
		Name:                        "webkit",
		CombineRequestHeaders:       true,
		Range:                       RangeLenient,
		Streams:                     StreamsRefused,
		ModeFirst:                   true,
		MixedBeforePort:             true,
		PreflightOrder:              OrderWebKit,
		WildcardCoversAuthorization: true,
		ForcedMethodListed:          true,
		PreflightSticky:             true,
		JoinsLocations:              true,
		UnsafeRedirects:             []string{"ftp"},
		RedirectNeedsLocation:       true,
		PreflightAsFirstMade:        true,
		DeleteBecomesGet:            true,
		RedirectsCredentialed:       true,
		KeepsOrigin:                 true,
		LateRedirectChecks:          true,
		MaxAgeCap:                   600,
		MaxAge:                      MaxAgeInteger,
		CacheReplaces:               true,
		CacheStoresRefused:          true,
		CacheWildcardByRequest:      true,
		CacheWildcardAuthorization:  true,
		CacheKey:                    KeyRequestOrigin,
		CacheClears:                 ClearNever,
		ElementOrigin:               true,
		WebSocketRedirects:          true,
		FontsWithoutCORS:            true,
		OnlyIfCachedSends:           true,
		LoopbackIsMixedContent:      true,
		WildcardExposesAccept:       true,
		ThirdPartyCookies:           CookiesBlock,
	}
}

// Profiles returns the four profiles, the Standard first. The slice is the caller's.
func Profiles() []Profile { return []Profile{Standard(), Chromium(), Firefox(), WebKit()} }
