package live

import (
	"fmt"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// Ask sends one request that is no part of the fetch, with its header lines as they stand: what a browser would not send, but
// a proxy behind it might, such as a list on several lines. A User-Agent and Accept are added where there is none; no cookies
// go along and none are kept. The method is OPTIONS, GET or HEAD; any other is [fetch.ErrUnsent]. What it returns is as with
// [Network.Do].
func (n *Network) Ask(sent *fetch.Sent) (fetch.Response, error) {
	switch sent.Method {
	case "OPTIONS", "GET", "HEAD":
	default:
		return fetch.Response{}, fetch.ErrUnsent
	}
	u, err := weburl.Parse(sent.URL, nil)
	if err != nil {
		return fetch.Response{}, fmt.Errorf("a request without a valid URL: %w", err)
	}
	lines := headers{sent.Header.Clone()}
	lines.add(header.UserAgent, n.engine.userAgent)
	lines.add(header.Accept, "*/*")
	bare := fetch.Sent{Kind: fetch.KindPreflight, Method: sent.Method, URL: sent.URL} // a preflight has no body
	res, exchange, err := n.exchange(&bare, &hop{url: u, origin: origin.Of(u)}, lines.List)
	if err != nil {
		return fetch.Response{}, fmt.Errorf("%s %s: %w", sent.Method, shown(u), err)
	}
	n.exchanges = append(n.exchanges, exchange)
	return res, nil
}
