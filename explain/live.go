package explain

import (
	"github.com/concors/concors/cors/fetch"
)

// Fetch makes one fetch in a browser of the profile over a network that answers, and explains it. The network is asked once:
// where the fetch fails, the engines get the same answers for their console lines. The error is the network's.
func Fetch(page *fetch.Page, request *fetch.Request, p fetch.Profile, net fetch.Network, showSecrets bool) (Explanation, error) {
	watched := &watched{Network: net}
	jobs := []job{{page: page, request: request, network: watched.next}}
	own := do(jobs, p, nil)
	if own.stopped != nil {
		return Explanation{}, watched.err
	}
	return own.explained(jobs, p, showSecrets)[0], nil
}

// watched is a network whose answers are kept for the browsers after the first.
type watched struct {
	fetch.Network
	begun   bool
	answers []fetch.Response
	asked   fetch.Sent
	err     error
}

// next is the network itself for the first browser, and its answers for any other.
func (w *watched) next() network {
	if w.begun {
		return &ordered{Recorded: fetch.Recorded{Responses: w.answers}}
	}
	w.begun = true
	return w
}

// Do asks the network.
func (w *watched) Do(sent *fetch.Sent) (fetch.Response, error) {
	w.asked = *sent
	res, err := w.Network.Do(sent)
	if err != nil {
		w.err = err
		return res, err
	}
	w.answers = append(w.answers, res)
	return res, nil
}

func (w *watched) last() *fetch.Sent   { return &w.asked }
func (*watched) unused() int           { return 0 }
func (*watched) unassume(*fetch.Trace) {}
