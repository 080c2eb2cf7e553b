package explain

import (
	"fmt"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/input"
)

// Unknown is the outcome of a recorded fetch when neither the model nor the browser that recorded it tells another: the
// recording lacks what would decide.
const Unknown fetch.Outcome = "unknown"

// A Recording is a browser's recording, explained. It is the caller's.
type Recording struct {
	Creator      string          // what made the recording, with its version; empty when it does not say
	Explanations []Explanation   // of the cross-origin requests, in order
	SameOrigin   int             // requests to the page's own origin
	Navigations  int             // entries that loaded a document
	Other        int             // entries that went to no server
	Unplaced     []RequestResult // requests whose page the recording does not tell
	Unmatched    []RequestResult // preflights whose request it does not have; the method is the one they ask for
}

// HAR runs the cross-origin requests of a recording in a browser of the profile, each by itself, with the answers that were
// recorded, and explains them. An [Explanation] then has Recorded and Notes.
//
// A preflight that the profile needs and the recording does not have counts as passed if the request was sent: the browser
// must have known the answer. Where an answer is missing that would decide, the outcome is what the browser recorded, or
// [Unknown], and Why tells what is missing; there is no Failure then.
func HAR(h *input.HAR, p fetch.Profile, showSecrets bool) *Recording {
	r := &Recording{Creator: h.Creator, Navigations: h.Navigations, Other: h.Other}
	request := func(method, url string) RequestResult {
		if !showSecrets {
			url = maskURL(url)
		}
		return RequestResult{method, url}
	}
	for i := range h.Fetches {
		f := &h.Fetches[i]
		switch {
		case f.Page == nil:
			r.Unplaced = append(r.Unplaced, request(f.Request.Method, f.Request.URL))
		case f.CrossOrigin():
			r.Explanations = append(r.Explanations, recordedFetch(f, h.Browser, p, showSecrets))
		default:
			r.SameOrigin++
		}
	}
	for _, u := range h.Unmatched {
		r.Unmatched = append(r.Unmatched, request(u.Method, u.URL))
	}
	return r
}

// recordedFetch explains one fetch of a recording that a browser made.
func recordedFetch(f *input.RecordedFetch, recorder string, p fetch.Profile, showSecrets bool) Explanation {
	own := attempt(f, &f.Request, p)
	var notes []string
	if f.MaybeCredentialed {
		own, notes = own.orCredentialed(f, p)
	}
	var e Explanation
	if own.complete() {
		e = own.explained(own.jobs, p, showSecrets)[0]
	} else {
		own.stopped.Outcome = byRecord(f)
		e = Explanation{Trace: masked(own.stopped, showSecrets), Why: own.net.missing(f)}
	}
	e.Recorded = &f.End
	e.Notes = append(append(e.Notes, f.Notes...), notes...)
	if own.net.assumed != nil {
		e.Notes = append(e.Notes, "The recording has no preflight for this request, which needs one: the browser still knew the answer to an earlier one, or it was not recorded. It counts as passed.")
	}
	if own.complete() && !agrees(e.Trace, &f.End) {
		e.Notes = append(e.Notes, disagreement(&f.End, recorder, p.Name))
	}
	return e
}

// A trial is a recorded fetch, run with the request that it may have been.
type trial struct {
	*run
	jobs []job
	net  *byHop
}

func attempt(f *input.RecordedFetch, request *fetch.Request, p fetch.Profile) *trial {
	t := &trial{jobs: []job{{page: f.Page, request: request, network: func() network { return &byHop{hops: f.Hops} }}}}
	t.run = do(t.jobs, p, nil)
	t.net = t.networks[0].(*byHop)
	return t
}

// complete reports whether the recording has every answer.
func (t *trial) complete() bool { return t.stopped == nil }

// left reports whether the trial went on to a URL that the recording has nothing of.
func (t *trial) left() bool { return !t.complete() && t.net.asked.Hop >= len(t.net.hops) }

// end is the trace as far as it goes.
func (t *trial) end() *fetch.Trace {
	if t.stopped != nil {
		return t.stopped
	}
	return t.traces[0]
}

// fits is the rank of a trial that comes to what the browser recorded.
const fits = 3

// rank orders trials by how well they fit what the browser recorded.
func (t *trial) rank(end *input.End) int {
	switch {
	case !t.complete():
		return 1
	case end.Reached == fetch.Unset:
		return 2
	case agrees(t.end(), end):
		return fits
	}
	return 0
}

// orCredentialed looks at the same request with credentials, which the recording may hide, and returns the trial that fits what
// the browser recorded, with a note where that matters.
func (t *trial) orCredentialed(f *input.RecordedFetch, p fetch.Profile) (*trial, []string) {
	request := f.Request
	request.Credentials = fetch.CredentialsInclude
	other := attempt(f, &request, p)
	// A redirect that was not followed may be so for the page's redirect mode, and other errors are not CORS's.
	only := !t.left() && (f.End.Error == "" || f.End.Error == "net::ERR_FAILED")
	switch mine, theirs := t.rank(&f.End), other.rank(&f.End); {
	case theirs == fits && mine < fits && only:
		return other, []string{"The recording does not tell whether cookies were allowed to go along. It is assumed, since only then the request comes to what the browser recorded."}
	case theirs < mine, f.End.Reached == fetch.No && !only, !other.complete(), verdict(t.end()) == verdict(other.end()):
		return t, nil
	}
	result := "the outcome is " + verdict(other.end())
	if t.end().Outcome == other.end().Outcome && other.end().Failure != nil {
		result = "the cause is " + string(other.end().Failure.ID)
	}
	return t, []string{"The recording does not tell whether cookies were allowed to go along. If they were (credentials: \"include\"), " + result + "."}
}

// verdict is an outcome with its cause.
func verdict(t *fetch.Trace) string {
	if t.Failure == nil {
		return string(t.Outcome)
	}
	return fmt.Sprintf("%s: %s", t.Outcome, t.Failure.ID)
}

// byRecord is the outcome of a fetch as the browser recorded it.
func byRecord(f *input.RecordedFetch) fetch.Outcome {
	switch {
	case f.End.Reached == fetch.No:
		return fetch.Blocked
	case f.End.Reached == fetch.Yes && f.Request.Mode == fetch.ModeNoCORS:
		return fetch.Opaque
	case f.End.Reached == fetch.Yes:
		return fetch.Allowed
	}
	return Unknown
}

// agrees reports whether a trace comes to nothing else than what the browser recorded, as far as that tells. What an element
// makes of the type of a response is decided later, and not recorded.
func agrees(t *fetch.Trace, end *input.End) bool {
	if f := t.Failure; f != nil && (f.ID == fetch.MIMEBlocked || f.ID == fetch.NosniffBlocked) {
		return true
	}
	reached := t.Outcome == fetch.Allowed || t.Outcome == fetch.Opaque
	return end.Reached == fetch.Unset || reached == (end.Reached == fetch.Yes)
}

func disagreement(end *input.End, recorder, profile string) string {
	text := "The recording disagrees: the browser let the page have the response."
	if end.Reached == fetch.No {
		text = "The recording disagrees: the browser recorded " + short(endText(end)) + ", and nothing that it recorded of the exchange explains that."
	}
	if recorder != "" && recorder != profile {
		text += fmt.Sprintf(" It was made by %s, and judged here by the rules of %s.", displayName(recorder), displayName(profile))
	}
	return text
}

// endText is what the browser recorded as the end of a fetch.
func endText(end *input.End) string {
	switch {
	case end.Status == 0 && end.Error == "":
		return "no response"
	case end.Status == 0:
		return end.Error
	case end.Error == "":
		return fmt.Sprintf("status %d", end.Status)
	}
	return fmt.Sprintf("status %d and %s", end.Status, end.Error)
}

// displayName is a profile's name in a sentence.
func displayName(profile string) string {
	switch profile {
	case chromium:
		return "Chromium"
	case firefox:
		return "Firefox"
	case webkit:
		return "WebKit"
	}
	return "the Standard"
}
