package verify

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// An asker makes the requests of one check and keeps what passed. Once something was not answered, it asks no more: whoever
// uses it need not look after each request.
type asker struct {
	ctx     context.Context
	network Network
	limit   time.Duration // for each fetch

	sent    []fetch.Sent
	problem string // why there is no answer; empty as long as there is one
	answers int    // responses that came
}

// A spelling writes the names that a preflight asks for otherwise than a browser does: the value of each line.
type spelling func(names []string) []string

// fetch makes a request as a page's browser makes it. GET and HEAD are sent, if a preflight does not refuse them.
func (a *asker) fetch(page string, r *fetch.Request) *fetch.Trace { return a.run(page, r, &wire{}) }

// preflight makes a request and holds it back after its preflight: what comes of that is [fetch.Unsent] where it is allowed.
func (a *asker) preflight(page string, r *fetch.Request, spell spelling) *fetch.Trace {
	return a.run(page, r, &wire{preflightOnly: true, spell: spell})
}

func (a *asker) run(origin string, r *fetch.Request, w *wire) *fetch.Trace {
	if a.problem != "" {
		return &fetch.Trace{}
	}
	page, err := fetch.NewPage(origin)
	if err != nil {
		a.problem = "no page has the origin " + origin
		return &fetch.Trace{}
	}
	ctx, cancel := context.WithTimeout(a.ctx, a.limit)
	defer cancel()
	w.connection, err = a.network.Open(ctx, &page, r)
	if err != nil {
		a.problem = err.Error()
		return &fetch.Trace{}
	}
	defer w.connection.Close()
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(&page, r, w, 0)
	a.keep(w.sent, err, ctx)
	switch f := trace.Failure; {
	case a.problem != "":
	case f != nil && f.On == fetch.OnPage:
		a.problem = "a browser does not send the request: " + string(f.ID)
	case trace.CORS == fetch.CORSNone:
		a.problem = "the page is of the server's own origin, so CORS does not apply"
	}
	return trace
}

// ask sends one request that is not a browser's. The response is empty when none came.
func (a *asker) ask(method, url string, lines ...header.Field) fetch.Response {
	if a.problem != "" {
		return fetch.Response{}
	}
	page, _ := fetch.NewPage("null")
	sent := fetch.Sent{Kind: fetch.KindRequest, Method: method, URL: url, Header: lines}
	ctx, cancel := context.WithTimeout(a.ctx, a.limit)
	defer cancel()
	c, err := a.network.Open(ctx, &page, &fetch.Request{URL: url, Method: method})
	if err != nil {
		a.problem = err.Error()
		return fetch.Response{}
	}
	defer c.Close()
	sent.Response, err = c.Ask(&sent)
	a.keep([]fetch.Sent{sent}, err, ctx)
	return sent.Response
}

// keep adds what was sent, and finds out whether all of it was answered.
func (a *asker) keep(sent []fetch.Sent, err error, ctx context.Context) {
	a.sent = append(a.sent, sent...)
	for i := range sent {
		if e := sent[i].Response.Error; e != "" {
			a.problem = noAnswer(e)
		} else if sent[i].Response.Status != 0 {
			a.answers++
		}
	}
	switch {
	case err == nil || errors.Is(err, fetch.ErrUnsent):
	case ctx.Err() != nil:
		a.problem = "no answer within " + a.limit.String()
		if a.ctx.Err() != nil {
			a.problem = context.Cause(a.ctx).Error()
		}
	default:
		a.problem = err.Error()
	}
}

// noAnswer tells why no response came.
func noAnswer(e fetch.NetworkError) string {
	switch e {
	case fetch.ErrorRefused:
		return "no connection to the server came about"
	case fetch.ErrorReset:
		return "the server closed the connection without an answer"
	case fetch.ErrorTimeout:
		return "the server gave no answer in time"
	case fetch.ErrorTLS:
		return "TLS with the server failed"
	case fetch.ErrorDNS:
		return "the host of the URL was not found"
	}
	return "no answer: " + string(e)
}

// A wire is the browser's network in a check: it keeps what passes, and lets nothing pass that could change something.
type wire struct {
	connection    Connection
	preflightOnly bool
	spell         spelling // nil leaves the preflight as it is
	sent          []fetch.Sent
}

// Do answers one request.
func (w *wire) Do(sent *fetch.Sent) (fetch.Response, error) {
	kept := *sent
	var err error
	switch {
	case sent.Kind == fetch.KindRequest && (w.preflightOnly || sent.Method != "GET" && sent.Method != "HEAD"):
		return fetch.Response{}, fetch.ErrUnsent
	case sent.Kind == fetch.KindPreflight && w.spell != nil:
		kept.Header = respelled(sent.Header, w.spell)
		kept.Response, err = w.connection.Ask(&kept)
	default:
		kept.Response, err = w.connection.Do(sent)
	}
	if err == nil {
		w.sent = append(w.sent, kept)
	}
	return kept.Response, err
}

// respelled is a preflight's header with the names that it asks for in other lines.
func respelled(list header.List, spell spelling) header.List {
	value, _ := list.Get(header.RequestHeaders)
	out := slices.DeleteFunc(list.Clone(), func(f header.Field) bool { return header.EqualFold(f.Name, header.RequestHeaders) })
	for _, line := range spell(strings.Split(value, ",")) {
		out = append(out, header.Field{Name: header.RequestHeaders, Value: line})
	}
	return out
}
