package origin

import (
	"strconv"

	"github.com/concors/concors/cors/weburl"
)

// Origin is a tuple origin or an opaque one. It is a value, safe for concurrent use.
//
// The zero value is an opaque origin without an identity: the origin behind a null that came over the wire. It is the
// same origin as nothing, not even itself. Origins can be compared with == and be map keys, with one difference to
// [SameOrigin]: two zero values are == and not same-origin.
type Origin struct {
	text   string // the serialization of a tuple; empty if opaque
	scheme string
	host   string
	port   int
	opaque *identity
}

// identity makes one opaque origin differ from another by its address. It has a size, or all would share one.
type identity struct{ _ byte }

// NewOpaque returns an opaque origin that is the same origin as itself and as nothing else.
//
// https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque
func NewOpaque() Origin { return Origin{opaque: new(identity)} }

// New returns the tuple origin of parts that a URL parser made: a lower-case scheme, a host in its serialized form (an
// IPv6 address in brackets), and a port or -1. The scheme's default port is dropped. Nothing is checked; [FromURL] takes
// text.
//
// https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-tuple
func New(scheme, host string, port int) Origin {
	if def, ok := weburl.DefaultPort(scheme); ok && port == def {
		port = noPort
	}
	text := scheme + "://" + host
	if port >= 0 {
		text += ":" + strconv.Itoa(port)
	}
	return tuple(text, len(scheme), len(host), port)
}

const noPort = -1

// tuple cuts scheme and host out of the serialization, so that all three share their storage.
func tuple(text string, scheme, host, port int) Origin {
	start := scheme + len("://")
	return Origin{text: text, scheme: text[:scheme], host: text[start : start+host], port: port}
}

// IsOpaque reports whether the origin is opaque.
func (o Origin) IsOpaque() bool { return o.text == "" }

// Scheme returns the scheme in lower case, without the colon; empty if the origin is opaque.
func (o Origin) Scheme() string { return o.scheme }

// Host returns the host as it is serialized, an IPv6 address in brackets; empty if the origin is opaque.
func (o Origin) Host() string { return o.host }

// Port returns the port, if the origin has one. It has none where the scheme's default applies.
func (o Origin) Port() (port int, ok bool) {
	if o.IsOpaque() || o.port < 0 {
		return 0, false
	}
	return o.port, true
}

// EffectivePort returns the port or, where there is none, the scheme's default. It is false if there is neither.
func (o Origin) EffectivePort() (port int, ok bool) {
	if port, ok = o.Port(); ok {
		return port, true
	}
	return weburl.DefaultPort(o.scheme)
}

// String serializes the origin as an Origin header has it: null if it is opaque. It does not allocate.
//
// https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
func (o Origin) String() string {
	if o.IsOpaque() {
		return "null"
	}
	return o.text
}

// SameOrigin reports whether a page of one origin may treat the other as its own: tuples with equal parts, or one and
// the same opaque origin.
//
// https://html.spec.whatwg.org/multipage/browsers.html#same-origin
func SameOrigin(a, b Origin) bool {
	if a.IsOpaque() || b.IsOpaque() {
		return a.opaque != nil && a.opaque == b.opaque
	}
	return a.text == b.text
}

// Parts says which parts of two origins differ; the zero value says none.
type Parts struct {
	Scheme, Host, Port bool
}

// Difference returns the parts in which the origins differ. Ports are compared as the origins have them: https://a.example
// and http://a.example differ in the scheme only, for neither has a port. An opaque origin has no parts: all differ,
// unless both are the same one.
func Difference(a, b Origin) Parts {
	if SameOrigin(a, b) {
		return Parts{}
	}
	if a.IsOpaque() || b.IsOpaque() {
		return Parts{Scheme: true, Host: true, Port: true}
	}
	return Parts{Scheme: a.scheme != b.scheme, Host: a.host != b.host, Port: a.port != b.port}
}
