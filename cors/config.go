package cors

import "time"

// NoPreflightCache as the MaxAge of a [Config] tells browsers not to keep the answer to a preflight at all.
const NoPreflightCache time.Duration = -1

// A Config states who may call what. The zero value allows no origin, which is an error; [New] checks everything.
//
// Some combinations are refused because they give a hostile page what it should not have. Where you must have one
// nevertheless, a field whose name begins with Dangerously allows it.
type Config struct {
	// Origins that may read responses. At least one is needed.
	//
	//	permitted                               | prohibited
	//	https://app.example                     | app.example, https://app.example/, https://App.example
	//	https://app.example:8443                | https://app.example:443 (the default port)
	//	http://localhost:3000                   | localhost:3000
	//	http://localhost:*, http://localhost:[3000,5173], http://localhost:[3000-3999]
	//	https://*.app.example (not the apex)    | *.app.example, https://*
	//	https://pr-*.app.example                | https://*.*.app.example, regular expressions
	//	capacitor://localhost                   | file://, null
	//	* (alone, and without Credentials)      | * beside others
	//
	// A wildcard directly below a public suffix (https://*.vercel.app) and an http origin that is not on the loopback
	// interface are prohibited with Credentials.
	Origins []string

	// Methods that pages may use. Nil means GET, HEAD and POST, which browsers never ask for: they are always allowed. The
	// value * means any method.
	//
	//	permitted           | prohibited
	//	PUT, DELETE, QUERY  | put (browsers send PUT), CONNECT, TRACE, TRACK, "PUT, DELETE"
	Methods []string

	// RequestHeaders are names of headers that pages may set, in any case. Nil means none but those that need no
	// permission. The value * means any name; without Credentials, Authorization is not among them and must be named
	// beside it.
	//
	//	permitted                    | prohibited
	//	Content-Type, Authorization  | "Content-Type, Authorization", X Id
	RequestHeaders []string

	// ResponseHeaders are names of headers that pages may read, in any case, beside the seven that they always may
	// (Cache-Control, Content-Language, Content-Length, Content-Type, Expires, Last-Modified, Pragma). The value * means
	// all, and is prohibited with Credentials.
	ResponseHeaders []string

	// Credentials allows requests that carry cookies, client certificates or HTTP authentication.
	Credentials bool

	// MaxAge is how long a browser may keep the answer to a preflight, in whole seconds. 0 leaves it to the browser, which
	// keeps it for 5 seconds; [NoPreflightCache] forbids it. Browsers keep it for a day at most, some for 10 minutes.
	MaxAge time.Duration

	// DangerouslyAllowNull allows the origin null too, which any page can have by putting itself in a sandboxed frame. It
	// is prohibited with Credentials.
	DangerouslyAllowNull bool

	// DangerouslyAllowAnyOriginWithCredentials allows * with Credentials: any site can then read every response as the
	// signed-in user.
	DangerouslyAllowAnyOriginWithCredentials bool

	// DangerouslyAllowInsecureOrigins allows http origins with Credentials: whoever is on the network can then act as the
	// signed-in user.
	DangerouslyAllowInsecureOrigins bool

	// DangerouslyAllowPublicSuffixes names public suffixes (vercel.app) below which a wildcard is allowed with
	// Credentials: whoever registers a name there can then act as the signed-in user.
	DangerouslyAllowPublicSuffixes []string
}
