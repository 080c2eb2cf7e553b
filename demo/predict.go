package demo

import (
	"fmt"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
)

// An Explained is a mistake, made by the model of the browser that follows the Standard.
type Explained struct {
	Mistake
	explain.Explanation
	Differs []Difference // the engines in which it comes to something else
}

// A Difference is an engine in which a mistake comes to something else than in the Standard.
type Difference struct {
	Browser string        `json:"browser"`
	Outcome fetch.Outcome `json:"outcome"`
}

// Explain makes every mistake, over the network, in the model of every browser.
func (d *Demo) Explain() ([]Explained, error) {
	list := make([]Explained, 0, len(d.list))
	for _, m := range d.list {
		standard, err := d.make(m.Requests, fetch.Standard())
		if err != nil {
			return nil, err
		}
		e := Explained{Mistake: m}
		var engines []*fetch.Trace
		for _, p := range []fetch.Profile{fetch.Chromium(), fetch.Firefox(), fetch.WebKit()} {
			trace, err := d.make(m.Requests, p)
			if err != nil {
				return nil, err
			}
			engines = append(engines, trace.Trace)
			if trace.Outcome != standard.Outcome {
				e.Differs = append(e.Differs, Difference{p.Name, trace.Outcome})
			}
		}
		e.Explanation = standard.explain(engines...)
		list = append(list, e)
	}
	return list, nil
}

// A fetched is what came of a request, secrets masked.
type fetched struct {
	*fetch.Trace
	fromCache bool // the HTTP cache gave the last answer: the model took the request for sent, and it was not
}

// explain explains what came of it. The trace then has only what was sent.
func (f *fetched) explain(engines ...*fetch.Trace) explain.Explanation {
	e := explain.Of(f.Trace, engines...)
	if f.fromCache {
		sent := *f.Trace
		sent.Sent = sent.Sent[:len(sent.Sent)-1]
		e.Trace = &sent
	}
	return e
}

// make makes requests one after another in a browser and returns what came of the last.
func (d *Demo) make(requests []fetch.Request, p fetch.Profile) (*fetched, error) {
	browser, cache := fetch.NewBrowser(p), httpCache{}
	var last *fetched
	for i := range requests {
		var err error
		if last, err = d.fetch(browser, &requests[i], cache); err != nil {
			return nil, fmt.Errorf("ask %s: %w", requests[i].URL, err)
		}
	}
	return last, nil
}

// fetch makes one request in a browser.
func (d *Demo) fetch(browser *fetch.Browser, req *fetch.Request, cache httpCache) (*fetched, error) {
	network, err := d.network(&d.model, req)
	if err != nil {
		return nil, err
	}
	if c, ok := network.(interface{ Close() }); ok {
		defer c.Close()
	}
	behind := &cached{httpCache: cache, network: network}
	trace, err := browser.Fetch(&d.model, req, behind, 0)
	if err != nil {
		return nil, err
	}
	return &fetched{explain.Mask(trace), behind.hit}, nil
}

// pageModel is the page as the model knows it.
func (d *Demo) pageModel() (fetch.Page, error) {
	page, err := fetch.NewPage(d.URL())
	page.CSPConnectSrc = d.connectSrc()
	page.PageSpace, page.TargetSpace = fetch.SpaceLoopback, fetch.SpaceLoopback
	page.HTTPVersion = "1.1"
	return page, err
}

// resultOf is what a page can tell of a fetch, in the words of run.js. Reads is the response header that its script reads.
func resultOf(t *fetch.Trace, reads string) string {
	switch {
	case t.Outcome == fetch.Opaque:
		return "opaque, status 0"
	case t.Outcome != fetch.Allowed, t.Request.Initiator == fetch.InitiatorImage:
		return string(t.Outcome)
	case reads == "":
		return fmt.Sprintf("allowed, status %d", t.Response.Status)
	}
	value := "null"
	for _, name := range t.Response.Visible {
		if header.EqualFold(name, reads) {
			value, _ = t.Sent[len(t.Sent)-1].Response.Header.Get(reads)
		}
	}
	return fmt.Sprintf("allowed, status %d, %s: %s", t.Response.Status, reads, value)
}
