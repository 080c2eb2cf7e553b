// Package weburl parses URLs as browsers do: by the basic URL parser of the WHATWG URL Standard, not by RFC 3986.
//
// The two differ where CORS cares most. A browser turns https://BÜCHER.example\@evil.example, http://0x7f.1/ and
// https:/a.example into something else than net/url does, and the origin it compares is the origin of what it made of
// them.
//
// Only what network code needs is here: the parser without a state override and always in UTF-8, the serializer, and the
// few questions asked of a URL afterwards. Validation errors, which browsers only log, are not reported.
//
// Hosts are mapped with the Unicode tables of golang.org/x/net/idna. Characters that Unicode gained since those tables
// were made are refused in hosts, though a newer browser may know them.
//
// https://url.spec.whatwg.org/
package weburl
