// Package header holds what the Fetch and HTTP Standards say about header fields as far as CORS needs it: field names,
// the ordered header list, the grammar of list-valued fields, and the sets of names that the CORS protocol treats
// specially.
//
// Everything works on bytes. Case is folded for ASCII letters only, whitespace is the Standard's HTTP whitespace, and no
// function looks at a value's meaning beyond its grammar. All functions are pure, safe for concurrent use, and take time
// linear in their input, however hostile it is.
package header
