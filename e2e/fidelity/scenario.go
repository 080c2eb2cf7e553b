package fidelity

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
)

// A Scenario is what a page does and what the servers answer. Its ID is in the path of every URL, so that a request or a
// console line leads back to it.
type Scenario struct {
	ID      string
	Stage   Page
	Fetches []Fetch
}

// A Page is the kind of page that runs a scenario. Scenarios with equal pages share one.
type Page struct {
	Origin string // where it is served
	Opaque bool   // in a sandboxed frame

	// Policies of the page; empty for none.
	ConnectSrc     string
	ReferrerPolicy fetch.ReferrerPolicy
	Embedder       fetch.EmbedderPolicy
}

// String names the page in reports.
func (p Page) String() string {
	if p.Opaque {
		return "sandboxed " + p.Origin
	}
	return p.Origin
}

// A Fetch is one request of the page and its answers.
type Fetch struct {
	At      time.Duration // since the first fetch
	Request fetch.Request
	Answers Answers
}

// Answers says what the servers answer to one fetch: in order, or, where Hops is set, by the hop that stands in the path
// and by whether it is a preflight, so that engines that send different requests are still answered alike.
type Answers struct {
	Ordered []fetch.Response
	Repeat  bool // the last of Ordered answers further requests too
	Hops    []HopAnswers
}

// HopAnswers are the answers at one URL of a redirect chain.
type HopAnswers struct {
	Preflight, Actual fetch.Response
}

// unexpected answers a request that no answer was planned for. Every engine takes it for what it is.
func unexpected() fetch.Response { return fetch.Response{Status: 599} }

// answer returns what the n-th request of the fetch is answered with.
func (a *Answers) answer(n int, target string, preflight bool) fetch.Response {
	if a.Hops == nil {
		if n >= len(a.Ordered) && a.Repeat && n > 0 {
			return a.Ordered[len(a.Ordered)-1]
		}
		if n >= len(a.Ordered) {
			return unexpected()
		}
		return a.Ordered[n]
	}
	hop := hopOf(target)
	if hop < 0 || hop >= len(a.Hops) {
		return unexpected()
	}
	if preflight {
		return a.Hops[hop].Preflight
	}
	return a.Hops[hop].Actual
}

// pathOf is the path of one hop of a scenario.
func pathOf(id string, hop int) string { return fmt.Sprintf("/s/%s/%d", id, hop) }

// idOf returns the scenario that a URL or request target belongs to.
func idOf(target string) (id string, ok bool) {
	_, rest, found := strings.Cut(target, "/s/")
	if !found {
		return "", false
	}
	id, _, _ = strings.Cut(rest, "/")
	return id, id != ""
}

// hopOf returns the hop in a URL or request target, or -1.
func hopOf(target string) int {
	_, rest, _ := strings.Cut(target, "/s/")
	_, rest, _ = strings.Cut(rest, "/")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	n, err := strconv.Atoi(rest)
	if err != nil {
		return -1
	}
	return n
}

// scripted is the model's network: it answers as the stage does.
type scripted struct {
	answers *Answers
	n       int
}

func (s *scripted) Do(sent *fetch.Sent) (fetch.Response, error) {
	s.n++
	return s.answers.answer(s.n-1, sent.URL, sent.Kind == fetch.KindPreflight), nil
}

// Predict runs a scenario through the model.
func (s *Scenario) Predict(profile fetch.Profile, page fetch.Page) ([]*fetch.Trace, error) {
	browser := fetch.NewBrowser(profile)
	var traces []*fetch.Trace
	for i := range s.Fetches {
		f := &s.Fetches[i]
		trace, err := browser.Fetch(&page, &f.Request, &scripted{answers: &f.Answers}, f.At)
		if err != nil {
			return nil, fmt.Errorf("scenario %s, fetch %d: %w", s.ID, i, err)
		}
		traces = append(traces, trace)
	}
	return traces, nil
}
