package verify

import (
	"context"
	"net/http"
	"time"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

// A Network is how a server is reached. It may be used concurrently.
type Network interface {
	// Open returns what the requests of one check go over: those of a page's fetch, or of none. It ends with the context.
	Open(ctx context.Context, page *fetch.Page, request *fetch.Request) (Connection, error)
}

// A Connection carries the requests of one check, one at a time.
type Connection interface {
	// Do sends a request of a browser.
	fetch.Network

	// Ask sends one request with its header lines as they stand.
	Ask(*fetch.Sent) (fetch.Response, error)

	// Close ends it.
	Close()
}

// Live returns the network of real servers. Of the Config, Page, Request and MaxTime are the checks' own, and nothing but
// preflights, OPTIONS, GET and HEAD is sent, whatever it says. The error tells what is wrong with the Config.
func Live(c live.Config) (Network, error) {
	page, err := fetch.NewPage("null")
	if err != nil {
		return nil, err
	}
	c.Send, c.Body = false, nil
	n := &liveNetwork{c}
	one, err := n.Open(context.Background(), &page, new(fetch.Request))
	if err != nil {
		return nil, err
	}
	one.Close()
	return n, nil
}

type liveNetwork struct{ config live.Config }

func (n *liveNetwork) Open(ctx context.Context, page *fetch.Page, request *fetch.Request) (Connection, error) {
	c := n.config
	c.MaxTime = time.Hour // the context ends earlier
	c.Page, c.Request = page, request
	return live.New(ctx, c)
}

// Handler returns a network on which h answers, whatever the host; h may be called concurrently.
func Handler(h http.Handler) Network { return memory{corstest.Handler(h)} }

type memory struct{ fetch.Network }

func (m memory) Open(context.Context, *fetch.Page, *fetch.Request) (Connection, error) { return m, nil }
func (m memory) Ask(sent *fetch.Sent) (fetch.Response, error)                          { return m.Do(sent) }
func (m memory) Close()                                                                {}
