package explain

import "github.com/concors/concors/cors/fetch"

// A RecordingResult is what a [Result] says of a recording as a whole.
type RecordingResult struct {
	Creator     string          `json:"creator"`
	SameOrigin  int             `json:"same_origin"`
	Navigations int             `json:"navigations"`
	Other       int             `json:"other"`
	Unplaced    []RequestResult `json:"unplaced"`
	Unmatched   []RequestResult `json:"unmatched_preflights"`
}

// A RecordedResult is what a [FetchResult] says of a request that a browser recorded.
type RecordedResult struct {
	Missing  string    `json:"missing"` // what the recording lacks that would decide; empty for nothing
	Recorded EndResult `json:"recorded"`
}

// An EndResult is what the browser recorded as the end of a request.
type EndResult struct {
	Status  int    `json:"status"`  // 0 when it recorded no response
	Error   string `json:"error"`   // in its own words; empty when it recorded none
	Reached *bool  `json:"reached"` // whether the page got the response; null when the recording does not tell
}

// NewRecordingResult makes the result of a recording in a browser; steps come with it if asked for.
func NewRecordingResult(browser string, r *Recording, steps bool) Result {
	result := NewResult(browser, r.Explanations, steps)
	result.Recording = &RecordingResult{
		Creator: r.Creator, SameOrigin: r.SameOrigin, Navigations: r.Navigations, Other: r.Other,
		Unplaced: append([]RequestResult{}, r.Unplaced...), Unmatched: append([]RequestResult{}, r.Unmatched...),
	}
	return result
}

// newRecordedResult returns nil for an explanation of something that was not recorded by a browser.
func newRecordedResult(e *Explanation) *RecordedResult {
	if e.Recorded == nil {
		return nil
	}
	t := e.Trace
	r := &RecordedResult{
		Recorded: EndResult{Status: e.Recorded.Status, Error: e.Recorded.Error},
	}
	if t.Failure == nil {
		r.Missing = e.Why
	}
	if e.Recorded.Reached != fetch.Unset {
		reached := e.Recorded.Reached == fetch.Yes
		r.Recorded.Reached = &reached
	}
	return r
}
