package input

import "github.com/concors/concors/cors/fetch"

// A Call is a request that a person has as text: a copied cURL line, a fetch() call. What the browser adds by itself is taken
// out of it again, so that Request is what the script asked for.
type Call struct {
	Line    int    // where it stands in the text, 1 for the first
	Page    string // the URL or origin of the page that made it; empty when the text does not tell
	Request fetch.Request
	Body    []byte   // what would be sent; empty when the text does not tell
	Cookie  string   // the Cookie header that the browser sent; empty when the text does not tell
	Notes   []string // what was assumed or left out, a sentence each
}
