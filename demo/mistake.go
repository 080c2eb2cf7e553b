package demo

import (
	"net/http"
	"slices"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// A Mistake is one classic mistake, ready to be made: what the page asks for, and a server that answers as the usual
// culprit does. The last two of a demonstration are none: they show how it is done.
type Mistake struct {
	ID    string // stable; the API makes the mistake below this path
	Title string
	Story string // one sentence: who answers so, and why

	Requests []fetch.Request // what the page asks for, one after another; the last one counts
	Reads    string          // a response header that the page's script reads; empty for none

	Fix      explain.Fix     // in the culprit's own words; zero where nothing is wrong
	Repaired []fetch.Request // what the page asks for once the fix is made; nil where nothing is wrong

	routes map[string]http.HandlerFunc // of the API, by path
}

// origins are the three parties of the demonstration, serialized.
type origins struct {
	page, api string
	cdn       string // where the API redirects to
}

// mistakes lists the mistakes, the common ones first, and then what is right.
func (o origins) mistakes() []Mistake {
	return slices.Concat(o.sharingMistakes(), o.preflightMistakes(), o.responseMistakes(), o.right())
}

// get is a GET by fetch().
func get(url string) []fetch.Request { return []fetch.Request{{URL: url}} }

// put is a PUT by fetch(), which needs a preflight.
func put(url string) []fetch.Request { return []fetch.Request{{URL: url, Method: http.MethodPut}} }
