// Package origin holds the origins that browsers compare: tuples of scheme, host and port, and opaque origins, which
// serialize as null.
//
// There are two ways in. [Of] and [FromURL] take a URL, whatever a browser would accept, and give its origin. [Parse]
// takes the value of an Origin header and accepts only what a browser would have serialized. A third, [New], trusts its
// caller.
//
// https://html.spec.whatwg.org/multipage/browsers.html#concept-origin
package origin
