// Package cors is the server's half of CORS: a [Config] states who may call what, [New] makes of it a [Policy] that is safe to
// serve or tells everything that is wrong with it, and [Policy.Decide] answers one request. A [Middleware] serves the answers
// over net/http.
//
// https://fetch.spec.whatwg.org/#http-cors-protocol
package cors
