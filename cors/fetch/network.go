package fetch

import (
	"errors"
	"fmt"
)

// Network answers what the browser sends. An error means that the answer cannot be known, and ends the evaluation; a
// connection that fails is a [Response] with an Error.
type Network interface {
	// Do answers one request. It must not keep or change it.
	Do(*Sent) (Response, error)
}

// ErrNoResponse is the error of a [Recorded] network that has no response left.
var ErrNoResponse = errors.New("no recorded response is left")

// Recorded is a [Network] of responses in the order in which the browser sends requests. It is not safe for concurrent
// use.
type Recorded struct {
	Responses []Response
	next      int
}

// Do returns the next response, or an error that wraps [ErrNoResponse] and names the request.
func (r *Recorded) Do(sent *Sent) (Response, error) {
	if r.next == len(r.Responses) {
		return Response{}, fmt.Errorf("%s %s (%s, response %d): %w", sent.Method, sent.URL, sent.Kind, r.next+1, ErrNoResponse)
	}
	r.next++
	return r.Responses[r.next-1], nil
}

// Unused returns how many responses were not asked for.
func (r *Recorded) Unused() int { return len(r.Responses) - r.next }
