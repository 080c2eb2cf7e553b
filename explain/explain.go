package explain

import (
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/input"
)

// An Explanation is one fetch, explained. It is the caller's.
type Explanation struct {
	Trace    *fetch.Trace
	Why      string    // one or two sentences; empty when nothing failed and nothing is missing
	Console  Console   // what each engine would print; all empty when nothing failed
	Answered [][]Layer // which layers touched the response to each of the trace's requests
	Warnings []Warning
	Fixes    []Fix
	Unused   int // recorded responses that were not asked for

	Notes []string // what was assumed, or is to be known of the connection, a sentence each

	// Message is what the explanation is made from, when that is a message; nil otherwise. The trace then has what the
	// message tells and no more: nothing sent, no steps, and no page (nil) when its origin is not told.
	Message *ConsoleMessage

	Recorded *input.End // what the browser recorded as the end; nil when there is no recording
}

// Console holds the line that each engine prints for a fetch, frame included; empty when it prints none, which also is so
// when the engine would not fail, or would send a request that no response is known for.
type Console struct {
	Chromium string `json:"chromium"`
	Firefox  string `json:"firefox"`
	WebKit   string `json:"webkit"`
}

// Of explains a trace. The engines are traces of the same fetch in the profiles of engines, in any order and as many as
// there are; they give the console lines.
func Of(t *fetch.Trace, engines ...*fetch.Trace) Explanation {
	e := Explanation{Trace: t, Answered: answeredBy(t), Warnings: warnings(t)}
	if t.Failure == nil {
		return e
	}
	var layers []Layer
	if i := failing(t); i >= 0 {
		layers = e.Answered[i]
	}
	e.Why = withStatus(whyWith(t.Failure, layers), t.Failure, layers)
	e.Fixes = fixes(t)
	for _, engine := range engines {
		switch engine.Browser {
		case chromium:
			e.Console.Chromium = ConsoleLine(engine)
		case firefox:
			e.Console.Firefox = ConsoleLine(engine)
		case webkit:
			e.Console.WebKit = ConsoleLine(engine)
		}
	}
	return e
}

// The names of the profiles that are engines.
const (
	chromium = "chromium"
	firefox  = "firefox"
	webkit   = "webkit"
)
