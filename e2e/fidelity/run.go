package fidelity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
)

// Observed is what a browser made of a scenario.
type Observed struct {
	Seen    []Seen     // what reached the servers
	Fetches []PageView // what the page got, one for each fetch
	Console []string   // lines that name one of the scenario's URLs, in order
}

// PageView is what a page can tell of one fetch.
type PageView struct {
	Threw   string   `json:"threw"`   // name and message; empty when it worked
	Unknown bool     `json:"unknown"` // the feature does not tell whether it worked
	Type    string   `json:"type"`    // empty where the API has none
	Status  int      `json:"status"`
	URL     string   `json:"url"`
	Headers []string `json:"headers"` // lower case; nil where the API shows none
	At      float64  `json:"at"`      // when it was made, in seconds since the scenario began
}

// pageRequest is a request as runner.js reads it.
type pageRequest struct {
	URL            string      `json:"url"`
	Method         string      `json:"method"`
	Headers        [][2]string `json:"headers"`
	Body           string      `json:"body,omitempty"`
	BodyLength     int         `json:"body_length,omitempty"`
	Mode           string      `json:"mode,omitempty"`
	Credentials    string      `json:"credentials,omitempty"`
	Redirect       string      `json:"redirect,omitempty"`
	Cache          string      `json:"cache,omitempty"`
	Initiator      string      `json:"initiator"`
	Keepalive      bool        `json:"keepalive,omitempty"`
	UploadListener bool        `json:"upload_listener,omitempty"`
	At             float64     `json:"at"`
}

type pageScenario struct {
	ID      string        `json:"id"`
	Home    string        `json:"home"` // origin of the stage, for what is not part of the scenario
	Fetches []pageRequest `json:"fetches"`
}

// Bounds on one batch: how many scenarios the page runs at once, and for how long.
const (
	atOnce       = 6
	batchTimeout = 90 * time.Second
)

// Play runs scenarios of one kind of page in a browser and returns what was observed, by scenario ID.
func (t *Theatre) Play(ctx context.Context, b browser.Browser, page Page, scenarios []*Scenario) (map[string]*Observed, error) {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	batch := make([]pageScenario, len(scenarios))
	for i, s := range scenarios {
		t.Begin(s)
		batch[i] = pageScenario{ID: s.ID, Home: page.Origin, Fetches: pageRequests(s)}
	}
	raw, err := b.Eval(ctx, "return await run(arguments[0], arguments[1])", batch, atOnce)
	if err != nil {
		return nil, fmt.Errorf("run a batch of %d from %s on in %s: %w", len(batch), batch[0].ID, b.Engine(), err)
	}
	var results []struct {
		ID      string     `json:"id"`
		Fetches []PageView `json:"fetches"`
	}
	if err := json.Unmarshal(raw, &results); err != nil {
		return nil, fmt.Errorf("read the results of a batch: %w", err)
	}
	observed := map[string]*Observed{}
	for _, r := range results {
		observed[r.ID] = &Observed{Seen: t.End(r.ID), Fetches: r.Fetches}
	}
	if len(observed) != len(scenarios) {
		return nil, fmt.Errorf("%d of %d scenarios came back", len(observed), len(scenarios))
	}
	return observed, nil
}

func pageRequests(s *Scenario) []pageRequest {
	out := make([]pageRequest, len(s.Fetches))
	for i := range s.Fetches {
		r := &s.Fetches[i].Request
		p := pageRequest{
			URL: r.URL, Method: r.Method, Headers: [][2]string{}, Mode: string(r.Mode), Credentials: string(r.Credentials),
			Redirect: string(r.Redirect), Cache: string(r.Cache), Initiator: string(r.Initiator), Keepalive: r.Keepalive,
			UploadListener: r.UploadListener, BodyLength: r.BodyLength, At: s.Fetches[i].At.Seconds(),
		}
		if p.Method == "" {
			p.Method = "GET"
		}
		if p.Initiator == "" {
			p.Initiator = string(fetch.InitiatorFetch)
		}
		if r.Body != "" && r.Body != fetch.BodyNone {
			p.Body = string(r.Body)
		}
		for _, field := range r.Header {
			p.Headers = append(p.Headers, [2]string{latin1(field.Name), latin1(field.Value)})
		}
		out[i] = p
	}
	return out
}

// latin1 makes a string in which each byte is one code point, as script passes bytes to headers.
func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}
