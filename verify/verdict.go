package verify

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// A verdict is what came of a check.
type verdict struct {
	pass     bool
	got      string
	why, fix string       // of a failure, unless the trace tells it
	trace    *fetch.Trace // whose failure is why; nil for none
	warning  string       // of a check that passed: what the server does otherwise, and harms nobody
	unseen   string       // why it could not be seen, though nothing failed
}

// isAllowed reports whether a page gets what it asked for, or would if the request were sent. A redirect that its page may
// see is an answer like any other: it is not followed.
func isAllowed(t *fetch.Trace) bool {
	return t.Outcome == fetch.Allowed || t.Outcome == fetch.Unsent || t.Outcome == fetch.Opaque
}

// wantAllowed judges a fetch that has to be allowed.
func wantAllowed(t *fetch.Trace) verdict {
	switch {
	case t.Outcome == fetch.Opaque:
		return verdict{pass: true, got: "allowed", warning: "the answer is a redirect, which a page's browser follows and which is not followed here"}
	case isAllowed(t):
		return verdict{pass: true, got: "allowed"}
	}
	v := verdict{got: "blocked", trace: t}
	if t.Failure != nil {
		v.got += ": " + string(t.Failure.ID)
	}
	return v
}

// wantRefused judges a fetch that has to be refused; what tells how it was allowed, and what to do.
func wantRefused(t *fetch.Trace, why, fix string) verdict {
	if !isAllowed(t) {
		return verdict{pass: true, got: "blocked"}
	}
	return verdict{got: "allowed, by " + granted(last(t).Header), why: why, fix: fix}
}

// granted are the lines of a response that allow something.
func granted(list header.List) string {
	var shown []string
	for _, f := range list {
		if lower := header.Lower(f.Name); strings.HasPrefix(lower, "access-control-allow-") {
			shown = append(shown, f.Name+": "+cut(f.Value))
		}
	}
	if len(shown) == 0 {
		return "no header"
	}
	return strings.Join(shown, ", ")
}

// corsLines are the names of a response's headers that are of the CORS protocol, in lower case.
func corsLines(list header.List) []string {
	var names []string
	for _, f := range list {
		if lower := header.Lower(f.Name); strings.HasPrefix(lower, "access-control-") {
			names = append(names, lower)
		}
	}
	return names
}

// last is the last response of a fetch; empty when there is none.
func last(t *fetch.Trace) *fetch.Response {
	for i := len(t.Sent) - 1; i >= 0; i-- {
		if t.Sent[i].Response.Status != 0 {
			return &t.Sent[i].Response
		}
	}
	return &fetch.Response{}
}

// longestShown is how many bytes of a value that a server sent are shown.
const longestShown = 500

// cut shortens what a server sent.
func cut(s string) string {
	if len(s) > longestShown {
		return s[:longestShown] + "..."
	}
	return s
}

// few lists words; many are counted.
func few(words []string) string {
	const most = 8
	if len(words) > most {
		return strings.Join(words[:most], ", ") + fmt.Sprintf(" and %d more", len(words)-most)
	}
	return strings.Join(words, ", ")
}
