package demo

import (
	"net/http"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// An httpCache is what a browser keeps of the responses to one page, for the moment that a mistake takes: the model has no
// HTTP cache of its own. A response with a lifetime answers later requests, unless they differ in what its Vary names.
//
// Requests with credentials and those without are kept apart, as Firefox does. Chromium and WebKit do not; the
// demonstration asks for the same image with credentials each time, in which all agree.
//
// https://www.rfc-editor.org/rfc/rfc9111#section-4.1
type httpCache map[string]fetch.Sent

// A cached is a network as it is seen through the cache.
type cached struct {
	httpCache
	network fetch.Network
	hit     bool // the last answer came from the cache
}

// Do answers from the cache where it can.
func (c *cached) Do(sent *fetch.Sent) (fetch.Response, error) {
	key := sent.URL
	if sent.Credentials {
		key = "credentialed " + key
	}
	if old, ok := c.httpCache[key]; ok && sent.Method == http.MethodGet && isSelected(&old, sent) {
		c.hit = true
		return old.Response, nil
	}
	c.hit = false
	response, err := c.network.Do(sent)
	if err == nil && sent.Method == http.MethodGet && isFresh(response.Header) {
		stored := *sent
		stored.Header, stored.Response = sent.Header.Clone(), response
		c.httpCache[key] = stored
	}
	return response, err
}

// isFresh reports whether a response has a lifetime.
func isFresh(list header.List) bool {
	value, _ := list.Get(header.CacheControl)
	return strings.HasPrefix(value, "max-age=") && value != "max-age=0"
}

// isSelected reports whether two requests agree in all that the stored response varies on.
func isSelected(old, sent *fetch.Sent) bool {
	vary, _ := old.Response.Header.Get(header.Vary)
	for name := range strings.SplitSeq(vary, ",") {
		name = strings.TrimSpace(name)
		was, _ := old.Header.Get(name)
		is, _ := sent.Header.Get(name)
		if name == "*" || was != is {
			return false
		}
	}
	return true
}
