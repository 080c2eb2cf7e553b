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
			engines = append(engines, trace)
			if trace.Outcome != standard.Outcome {
				e.Differs = append(e.Differs, Difference{p.Name, trace.Outcome})
			}
		}
		e.Explanation = explain.Of(standard, engines...)
		list = append(list, e)
	}
	return list, nil
}

// make makes requests one after another in a browser and returns what came of the last, secrets masked.
func (d *Demo) make(requests []fetch.Request, p fetch.Profile) (*fetch.Trace, error) {
	browser, cache := fetch.NewBrowser(p), httpCache{}
	var last *fetch.Trace
	for i := range requests {
		var err error
		if last, err = d.fetch(browser, &requests[i], cache); err != nil {
			return nil, fmt.Errorf("ask %s: %w", requests[i].URL, err)
		}
	}
	return explain.Mask(last), nil
}

// fetch makes one request in a browser.
func (d *Demo) fetch(browser *fetch.Browser, req *fetch.Request, cache httpCache) (*fetch.Trace, error) {
	network, err := d.network(&d.model, req)
	if err != nil {
		return nil, err
	}
	if c, ok := network.(interface{ Close() }); ok {
		defer c.Close()
	}
	return browser.Fetch(&d.model, req, cache.before(network), 0)
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
