package stack

// A Feature is something that a policy or its routes may ask of a stack. The values are stable.
type Feature string

// The features.
const (
	ManyOrigins          Feature = "many-origins"
	SubdomainPattern     Feature = "subdomain-pattern"
	PartialLabelPattern  Feature = "partial-label-pattern"
	AnyPort              Feature = "any-port"
	PortList             Feature = "port-list"
	CustomScheme         Feature = "custom-scheme"
	AnyOrigin            Feature = "any-origin"
	AnyOriginCredentials Feature = "any-origin-credentials"
	Null                 Feature = "null"
	Credentials          Feature = "credentials"
	Methods              Feature = "methods"
	AnyMethod            Feature = "any-method"
	RequestHeaders       Feature = "request-headers"
	AnyRequestHeader     Feature = "any-request-header"
	ResponseHeaders      Feature = "response-headers"
	AllResponseHeaders   Feature = "all-response-headers"
	MaxAge               Feature = "max-age"
	NoPreflightCache     Feature = "no-preflight-cache"
	Off                  Feature = "off"
	PerPath              Feature = "per-path"
	PerHost              Feature = "per-host"
	PerMethod            Feature = "per-method"
	PerHeader            Feature = "per-header"
	SameOrigin           Feature = "same-origin"
)

// Features lists them, in the order in which tables have them. The slice is the caller's.
func Features() []Feature {
	return []Feature{
		ManyOrigins, SubdomainPattern, PartialLabelPattern, AnyPort, PortList, CustomScheme, AnyOrigin, AnyOriginCredentials, Null,
		Credentials, Methods, AnyMethod, RequestHeaders, AnyRequestHeader, ResponseHeaders, AllResponseHeaders, MaxAge,
		NoPreflightCache, Off, PerPath, PerHost, PerMethod, PerHeader, SameOrigin,
	}
}

// About says in a few words what the feature is, to stand after "cannot express"; empty for an unknown one.
func (f Feature) About() string {
	switch f {
	case ManyOrigins:
		return "several origins"
	case SubdomainPattern:
		return "any subdomain (https://*.app.example)"
	case PartialLabelPattern:
		return "a part of a label (https://pr-*.app.example)"
	case AnyPort:
		return "any port (http://localhost:*)"
	case PortList:
		return "some ports (http://localhost:[3000-3999])"
	case CustomScheme:
		return "a scheme other than http and https (capacitor://localhost)"
	case AnyOrigin:
		return "any origin (*)"
	case AnyOriginCredentials:
		return "any origin with credentials"
	case Null:
		return "the origin null"
	case Credentials:
		return "credentials"
	case Methods:
		return "methods by name"
	case AnyMethod:
		return "any method (*)"
	case RequestHeaders:
		return "request headers by name"
	case AnyRequestHeader:
		return "any request header (*)"
	case ResponseHeaders:
		return "response headers by name"
	case AllResponseHeaders:
		return "all response headers (*)"
	case MaxAge:
		return "how long the answer to a preflight is kept (max_age)"
	case NoPreflightCache:
		return "that the answer to a preflight is not kept (max_age: 0)"
	case Off:
		return "no CORS on some routes (policy: none)"
	case PerPath:
		return "policies by path"
	case PerHost:
		return "policies by host"
	case PerMethod:
		return "policies by method"
	case PerHeader:
		return "routes by header"
	case SameOrigin:
		return "front end and API under one origin (--same-origin)"
	}
	return ""
}
