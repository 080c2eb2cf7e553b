package explain

import (
	"fmt"
	"slices"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/input"
)

// byHop is a network of what was recorded for each URL of a chain, so that a browser which sends other requests than the one
// that recorded is still answered alike.
type byHop struct {
	hops    []input.Hop
	asked   fetch.Sent
	answers int   // recorded ones that were asked for
	assumed []int // hops whose preflight is taken as passed
}

// Do answers with the recorded response of a hop, or with [fetch.ErrNoResponse].
func (n *byHop) Do(sent *fetch.Sent) (fetch.Response, error) {
	n.asked = *sent
	if sent.Hop >= len(n.hops) {
		return fetch.Response{}, fmt.Errorf("hop %d: %w", sent.Hop, fetch.ErrNoResponse)
	}
	hop := &n.hops[sent.Hop]
	exchange := &hop.Request
	switch {
	case sent.Kind == fetch.KindPreflight && hop.Preflight != nil:
		exchange = hop.Preflight
	case sent.Kind == fetch.KindPreflight && hop.Request.Missing != input.MissingResponse:
		n.assumed = append(n.assumed, sent.Hop)
		return passing(sent), nil
	case sent.Kind == fetch.KindPreflight:
		return fetch.Response{}, fmt.Errorf("hop %d, preflight: %w", sent.Hop, fetch.ErrNoResponse)
	}
	if exchange.Response == nil {
		return fetch.Response{}, fmt.Errorf("hop %d: %w", sent.Hop, fetch.ErrNoResponse)
	}
	n.answers++
	return *exchange.Response, nil
}

// passing is an answer that allows just what a preflight asks for, this once.
func passing(preflight *fetch.Sent) fetch.Response {
	res := fetch.Response{Status: 204}
	for _, pair := range [][2]string{
		{header.Origin, header.AllowOrigin}, {header.RequestMethod, header.AllowMethods}, {header.RequestHeaders, header.AllowHeaders},
	} {
		if value, ok := preflight.Header.Get(pair[0]); ok {
			res.Header = append(res.Header, header.Field{Name: pair[1], Value: value})
		}
	}
	return fetch.Response{Status: res.Status, Header: append(res.Header,
		header.Field{Name: header.AllowCredentials, Value: "true"}, header.Field{Name: header.MaxAge, Value: "0"})}
}

func (n *byHop) last() *fetch.Sent { return &n.asked }

// unused counts the recorded responses that were not asked for.
func (n *byHop) unused() int {
	recorded := 0
	for i := range n.hops {
		hop := &n.hops[i]
		if hop.Request.Response != nil {
			recorded++
		}
		if hop.Preflight != nil && hop.Preflight.Response != nil {
			recorded++
		}
	}
	return recorded - n.answers
}

// unassume takes preflights that nobody recorded out of what was sent.
func (n *byHop) unassume(t *fetch.Trace) {
	t.Sent = slices.DeleteFunc(t.Sent, func(s fetch.Sent) bool {
		return s.Kind == fetch.KindPreflight && slices.Contains(n.assumed, s.Hop)
	})
}

// missing tells what the recording lacks that would decide.
func (n *byHop) missing(f *input.RecordedFetch) string {
	const look = " Run concors explain URL to look at what the server answers."
	if n.asked.Hop >= len(n.hops) {
		return "The response is a redirect, and the recording has no entry for where it leads" + ended(&f.End) + ". Redirect mode error has that outcome, for one."
	}
	hop := &n.hops[n.asked.Hop]
	if n.asked.Kind == fetch.KindPreflight {
		if hop.Preflight == nil {
			return "The recording has no response headers for this request, and no preflight, which it needs" + ended(&f.End) + "." + orElse(&f.End, look)
		}
		return "The recording has no response to the preflight of this request" + ended(&f.End) + "." + orElse(&f.End, look)
	}
	switch hop.Request.Missing {
	case input.MissingStored:
		return "The answer was 304, so the browser judged a response that it had stored. The recording does not have its headers."
	case input.MissingServiceWorker:
		return "A service worker of the page answered, so no CORS check was made on this response. A request that the worker made itself is an entry of its own."
	}
	return "The recording has no response headers for this request" + ended(&f.End) + "." + orElse(&f.End, look)
}

// ended is what the browser recorded as the end, as the second half of a sentence.
func ended(end *input.End) string {
	switch {
	case end.Reached == fetch.Yes:
		return ""
	case end.Reached == fetch.Unset && end.Error == "":
		return ", and does not say what came of it"
	case end.Reached == fetch.Unset:
		return ": it ended with " + short(end.Error)
	case end.Error == "":
		return ": the browser blocked it, or no answer came"
	case end.Error == "net::ERR_FAILED":
		return ": the browser blocked it (" + end.Error + ")"
	}
	return ": it failed with " + short(end.Error)
}

// orElse says what an error of Chromium's means that has nothing to do with what the server answers; for others it returns the
// text.
func orElse(end *input.End, text string) string {
	switch end.Error {
	case "net::ERR_ABORTED":
		return " The page or its user broke it off."
	case "net::ERR_BLOCKED_BY_CLIENT":
		return " An extension, or a rule of the browser, blocked it; that is not CORS."
	case "net::ERR_BLOCKED_BY_CSP":
		return " The page's Content-Security-Policy blocked it; that is not CORS."
	case "net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS":
		return " The page may not reach the local network; that is not CORS."
	case "net::ERR_INTERNET_DISCONNECTED":
		return " There was no network."
	}
	return text
}
