package input

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/concors/concors/cors/fetch"
)

// The bounds of a scenario.
const (
	MaxScenario = 64 << 20 // bytes
	MaxFetches  = 10000
)

// maxSeconds is the latest time of a fetch, more than thirty years.
const maxSeconds = 1e9

// A Scenario is a page, what surrounds it, and the fetches that it makes one after another.
type Scenario struct {
	Page    fetch.Page
	Fetches []Fetch
}

// A Fetch is one request and the responses recorded for it.
type Fetch struct {
	At        time.Duration // since the start; never less than the one before
	Request   fetch.Request
	Responses []fetch.Response // in the order in which the browser sends requests
}

// ReadScenario reads a scenario in JSON, as docs/json.md has it. The error is an [*Error], or that of the reader.
//
// Text that a script would pass (URL, method, mode, header names) is taken as it stands. Values of request headers are
// bytes, one for each of U+0000 to U+00FF; a character beyond makes fetch throw, and so does the NUL that takes its place
// here. Headers of responses came over the wire, so theirs are checked.
func ReadScenario(r io.Reader) (*Scenario, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxScenario+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxScenario {
		return nil, &Error{Reason: fmt.Sprintf("the scenario is larger than %d MiB", MaxScenario>>20)}
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{Reason: "the scenario is empty"}
	}
	d := newDecoder(bytes.NewReader(data))
	s, err := d.scenario()
	if err != nil {
		return nil, err
	}
	return s, d.end("the scenario")
}

// scenario reads the top level: the page, the environment, and the fetches or the parts of a single one.
func (d *decoder) scenario() (*Scenario, error) {
	var (
		page   string
		env    environment
		single = new(rawFetch)
		many   []*rawFetch
		now    time.Duration
	)
	keys := []field{
		{"page", func() (err error) { page, err = d.pageText(); return err }},
		{"environment", func() error { return d.environment(&env) }},
		{"fetches", func() error {
			return d.list("a list of fetches", func() error {
				if len(many) == MaxFetches {
					return d.fail("", fmt.Sprintf("a scenario has at most %d fetches", MaxFetches))
				}
				f := &rawFetch{at: now}
				many = append(many, f)
				if err := d.fetch(f); err != nil {
					return err
				}
				if f.at < now {
					d.path = append(d.path, ".at")
					return d.fail(f.at.String(), "want no time before that of the fetch before, "+now.String())
				}
				now = f.at
				return nil
			})
		}},
	}
	seen, err := d.object(append(keys, d.fetchFields(single)...)...)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(seen, "page") {
		return nil, d.missing("page")
	}
	p, err := fetch.NewPage(page)
	if err != nil {
		return nil, &Error{Path: "page", Value: showURL(page), Reason: "want a URL, an origin or null in quotes: " + reason(err)}
	}
	if single.any(seen) {
		if slices.Contains(seen, "fetches") {
			return nil, &Error{Path: "fetches", Reason: "a single fetch stands at the top level already; give one or the other"}
		}
		many = []*rawFetch{single}
		if !slices.Contains(seen, "request") {
			return nil, d.missing("request")
		}
	} else if !slices.Contains(seen, "fetches") {
		return nil, d.missing("fetches")
	}
	env.apply(&p)
	return &Scenario{Page: p, Fetches: joined(many)}, nil
}

func (d *decoder) pageText() (string, error) {
	s, err := d.text()
	if err == nil && s == "" {
		err = d.fail(`""`, `want a URL, an origin or "null"`)
	}
	return s, err
}

// A rawFetch is a fetch as it is read, before what its keys say is put together: they come in any order.
type rawFetch struct {
	at        time.Duration
	request   fetch.Request
	responses []fetch.Response
	stored    *fetch.Response
}

// any reports whether any key of a single fetch stands at the top level.
func (*rawFetch) any(seen []string) bool {
	return slices.ContainsFunc(seen, func(key string) bool {
		return key == "at" || key == "request" || key == "responses" || key == "stored"
	})
}

func (d *decoder) fetchFields(f *rawFetch) []field {
	return []field{
		{"at", func() error { return d.seconds(&f.at) }},
		{"request", func() error { return d.request(&f.request) }},
		{"responses", func() error { return d.responses(&f.responses) }},
		{"stored", func() error { f.stored = new(fetch.Response); return d.response(f.stored, false) }},
	}
}

func (d *decoder) fetch(f *rawFetch) error {
	seen, err := d.object(d.fetchFields(f)...)
	if err == nil && !slices.Contains(seen, "request") {
		err = d.missing("request")
	}
	return err
}

// seconds reads the time of a fetch, which may be fractional.
func (d *decoder) seconds(to *time.Duration) error {
	token, err := d.scalar("a number of seconds")
	if err != nil {
		return err
	}
	number, ok := token.(json.Number)
	seconds, err := number.Float64()
	if !ok || err != nil || seconds < 0 || seconds > maxSeconds {
		return d.fail(show(token), fmt.Sprintf("want a number of seconds from 0 to %.0f", float64(maxSeconds)))
	}
	*to = time.Duration(math.Round(seconds * float64(time.Second)))
	return nil
}

// joined puts together what the keys of each fetch said.
func joined(raw []*rawFetch) []Fetch {
	fetches := make([]Fetch, len(raw))
	for i, f := range raw {
		f.request.Stored = f.stored
		fetches[i] = Fetch{At: f.at, Request: f.request, Responses: f.responses}
	}
	return fetches
}
