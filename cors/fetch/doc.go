// Package fetch is the browser's half of CORS: the Fetch Standard's algorithms as far as they decide whether a page may
// make a request and read the answer, and what is sent on the way.
//
// A [Browser] runs fetches one after another, as a [Profile] says: the Standard, or the Standard with the switches that
// make it Chromium, Firefox or WebKit. Each fetch takes a [Page], a [Request] as a script made it, a [Network] that
// answers, and the time; it yields a [Trace] that tells what was sent, what the page gets, and each step that decided it.
//
// The functions of the algorithms carry the Standard's names, and each step stands in the code once, under its number, as
// modelled or as UNMODELLED; docs/spec.md lists them. The package does no I/O, reads no clock and starts no goroutine.
package fetch
