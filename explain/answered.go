package explain

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// answeredBy tells for each request that was sent which layers touched the response, in the order of the requests.
func answeredBy(t *fetch.Trace) [][]Layer {
	list := make([][]Layer, len(t.Sent))
	for i := range t.Sent {
		list[i] = Layers(t.Sent[i].Response.Header)
	}
	return list
}

// failing is the index of the request whose response failed; -1 when nothing was sent for it.
func failing(t *fetch.Trace) int {
	if t.Failure == nil || t.Failure.On == fetch.OnPage {
		return -1
	}
	kind := fetch.KindRequest
	if t.Failure.On == fetch.OnPreflight {
		kind = fetch.KindPreflight
	}
	for i := len(t.Sent) - 1; i >= 0; i-- {
		if t.Sent[i].Hop == t.Failure.Hop && t.Sent[i].Kind == kind {
			return i
		}
	}
	return -1
}

// withStatus adds to why a failure without CORS headers came about the error that the server answered with: CORS is then
// only the messenger.
func withStatus(why string, f *fetch.Failure, layers []Layer) string {
	if f.Status < 400 || f.ID != fetch.AllowOriginMissing && f.Cause != fetch.AllowOriginMissing {
		return why
	}
	return why + " " + statusCause(f, layers)
}

func statusCause(f *fetch.Failure, layers []Layer) string {
	preflight := f.On == fetch.OnPreflight
	switch f.Status {
	case 401, 407:
		if preflight {
			return fmt.Sprintf("The real error is the %d: OPTIONS never carries credentials, and something asks for them before CORS has its turn.", f.Status)
		}
		return fmt.Sprintf("The real error is the %d: the request is not signed in, and is turned away before CORS has its turn.", f.Status)
	case 403:
		return "The real error is the 403: a firewall, a rule or the application turns the request away before CORS has its turn."
	case 404:
		if preflight {
			return "The real error is the 404: nothing answers OPTIONS at this path."
		}
		return "The real error is the 404: there is nothing at this path, and the error page lacks the header."
	case 405:
		if preflight {
			return "The real error is the 405: nothing handles OPTIONS at this path."
		}
		return "The real error is the 405: the path does not take this method."
	case 413:
		return fmt.Sprintf("The real error is the 413: the body is too large for %s.", passer(layers, "the server or a proxy before it"))
	case 429:
		return fmt.Sprintf("The real error is the 429: %s got too many requests.", passer(layers, "the server or a proxy before it"))
	case 502, 504:
		return fmt.Sprintf("The real error is the %d: %s got no answer that it could use from the server behind it.", f.Status, passer(layers, "a proxy"))
	case 503:
		return fmt.Sprintf("The real error is the 503: the service is down or overloaded, most likely behind %s.", passer(layers, "a proxy"))
	}
	return fmt.Sprintf("The real error is the %d; CORS is only the messenger.", f.Status)
}

// passer names the layer nearest to the server that may have answered on its behalf; what else stands there when none is
// known.
func passer(layers []Layer, otherwise string) string {
	for i := len(layers) - 1; i >= 0; i-- {
		if layers[i].Role != LayerFramework {
			return layers[i].Name + ", most likely,"
		}
	}
	return otherwise
}

// setBy says who set a header that came twice, as far as the layers allow a guess.
func setBy(layers []Layer) string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Name
	}
	switch {
	case len(names) < 2:
		return "Most likely two layers set the header"
	case len(names) == 2:
		return "Most likely both " + list(names) + " set the header"
	}
	return "Most likely two of " + list(names) + " set the header"
}

// by tells which layers touched the response that failed.
func (p *printer) by(e *Explanation) {
	if lines := whoFailed(e); len(lines) > 0 {
		p.item("by", strings.Join(lines, "\n"), plain)
	}
}

// whoFailed has a line for each layer that touched the response that failed.
func whoFailed(e *Explanation) []string {
	i := failing(e.Trace)
	if i < 0 || i >= len(e.Answered) {
		return nil
	}
	var lines []string
	for _, l := range e.Answered[i] {
		lines = append(lines, l.Name+", which says so in "+clip(l.Evidence))
	}
	return lines
}
