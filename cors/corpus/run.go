package corpus

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// Run makes the case's fetches in a new browser. An error means that a request was sent for which the case has no
// response.
func (c *Case) Run(profile fetch.Profile) ([]*fetch.Trace, error) {
	browser := fetch.NewBrowser(profile)
	pages := make([]fetch.Page, len(c.Pages))
	for i := range c.Pages {
		page, err := c.Pages[i].New()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		pages[i] = page
	}
	var traces []*fetch.Trace
	for i := range c.Fetches {
		f := &c.Fetches[i]
		network := &fetch.Recorded{Responses: onWire(f.Responses(profile.Name))}
		trace, err := browser.Fetch(&pages[f.Page], &f.Request, network, f.At)
		if err != nil {
			return traces, fmt.Errorf("%s, fetch %d: %w", c.Name, i+1, err)
		}
		traces = append(traces, trace)
	}
	return traces, nil
}

// onWire returns responses as a client reads them: without the white space around values.
//
// https://www.rfc-editor.org/rfc/rfc9112#section-5-3
func onWire(list []fetch.Response) []fetch.Response {
	out := slices.Clone(list)
	for i := range out {
		for j, field := range out[i].Header {
			if trimmed := strings.Trim(field.Value, " \t"); trimmed != field.Value {
				out[i].Header = out[i].Header.Clone()
				out[i].Header[j].Value = trimmed
			}
		}
	}
	return out
}

// Check compares what came of the case's fetches with what is wanted in the browser of a profile, and returns the
// differences, a line for each.
func (c *Case) Check(profile string, traces []*fetch.Trace) []string {
	d := &differences{}
	if len(traces) != len(c.Fetches) {
		d.add("got %d fetches, want %d", len(traces), len(c.Fetches))
	}
	for i := range min(len(traces), len(c.Fetches)) {
		d.prefix = ""
		if len(c.Fetches) > 1 {
			d.prefix = fmt.Sprintf("fetch %d: ", i+1)
		}
		f := &c.Fetches[i]
		f.Want(profile).check(d, traces[i])
		if o := traces[i].Outcome; len(traces[i].Sent) < len(f.Responses(profile)) && (o == fetch.Allowed || o == fetch.Opaque) {
			d.add("got %d requests, want %d, one for each response", len(traces[i].Sent), len(f.Responses(profile)))
		}
	}
	return d.list
}

// differences collects them.
type differences struct {
	prefix string
	list   []string
}

func (d *differences) add(format string, args ...any) {
	d.list = append(d.list, d.prefix+fmt.Sprintf(format, args...))
}

// compare adds a difference unless the want is empty or met.
func compare[T comparable](d *differences, what string, got, want T) {
	var none T
	if want != none && got != want {
		d.add("%s: got %v, want %v", what, got, want)
	}
}

func (w *Want) check(d *differences, t *fetch.Trace) {
	if got, want := verdict(t), w.String(); got != want {
		d.add("got %s, want %s", got, want)
	}
	if f := t.Failure; f != nil && w.Failure != "" {
		compare(d, "on", f.On, w.On)
		compare(d, "cause", f.Cause, w.Cause)
		if w.Hop != nil && f.Hop != *w.Hop {
			d.add("hop: got %d, want %d", f.Hop, *w.Hop)
		}
		if w.Got != nil && f.Got != *w.Got {
			d.add("got: got %q, want %q", f.Got, *w.Got)
		}
		if w.Wanted != nil && f.Want != *w.Wanted {
			d.add("wanted: got %q, want %q", f.Want, *w.Wanted)
		}
	}
	if w.CORS != "" {
		compare(d, "cors", string(t.CORS)+" "+t.CORSNoneReason, string(w.CORS)+" "+w.CORSNoneReason)
	}
	if w.Cached != fetch.Unset && t.PreflightCached != (w.Cached == fetch.Yes) {
		d.add("cached: got %t, want %t", t.PreflightCached, w.Cached == fetch.Yes)
	}
	if w.Sent != nil {
		w.checkSent(d, t)
	}
	if w.Dropped != nil && !slices.Equal(t.Dropped, w.Dropped) {
		d.add("dropped: got %q, want %q", t.Dropped, w.Dropped)
	}
	if w.Cookies != nil {
		var got []Cookie
		for _, c := range t.Cookies {
			got = append(got, Cookie{c.Name, c.Sent, c.Reason})
		}
		if !slices.Equal(got, w.Cookies) {
			d.add("cookies: got %v, want %v", got, w.Cookies)
		}
	}
	w.checkResponse(d, t.Response)
}

// String writes the first line of a want.
func (w *Want) String() string { return describe(w.Outcome, w.Failure, w.Algorithm, w.Number) }

func verdict(t *fetch.Trace) string {
	if t.Failure == nil {
		return describe(t.Outcome, "", "", "")
	}
	return describe(t.Outcome, t.Failure.ID, t.Failure.Algorithm, t.Failure.Number)
}

func describe(outcome fetch.Outcome, id fetch.FailureID, algorithm, number string) string {
	if id == "" {
		return string(outcome)
	}
	return fmt.Sprintf("%s %s %s %s", outcome, id, algorithm, number)
}

func (w *Want) checkResponse(d *differences, res *fetch.FilteredResponse) {
	if res == nil {
		res = &fetch.FilteredResponse{}
	}
	compare(d, "type", res.Type, w.Type)
	compare(d, "status", res.Status, w.Status)
	compare(d, "url", res.URL, w.URL)
	for _, name := range w.Visible {
		if !slices.Contains(res.Visible, name) {
			d.add("%s is not visible", name)
		}
	}
	for _, name := range w.Hidden {
		if !slices.Contains(res.Hidden, name) || slices.Contains(res.Visible, name) {
			d.add("%s is not hidden", name)
		}
	}
}

func (w *Want) checkSent(d *differences, t *fetch.Trace) {
	var got, want []string
	for i := range t.Sent {
		s := &t.Sent[i]
		list := s.Header
		if s.BodyType != "" {
			list = append(list.Clone(), header.Field{Name: header.ContentType, Value: s.BodyType})
		}
		got = append(got, onOneLine(s.Method, s.URL, list))
	}
	for _, s := range w.Sent {
		want = append(want, onOneLine(s.Method, s.URL, s.Header))
	}
	if !slices.Equal(got, want) {
		d.add("sent:\n  got  %s\n  want %s", strings.Join(got, "\n       "), strings.Join(want, "\n       "))
		return
	}
	for i, s := range w.Sent {
		if s.Credentials != fetch.Unset && t.Sent[i].Credentials != (s.Credentials == fetch.Yes) {
			d.add("request %d: credentials: got %t, want %t", i+1, t.Sent[i].Credentials, s.Credentials == fetch.Yes)
		}
	}
}

// onOneLine writes a request so that two that say the same are equal: names in lower case, sorted, lines of one name
// joined.
func onOneLine(method, url string, list header.List) string {
	var parts []string
	var done header.List
	for _, field := range list {
		if done.Has(field.Name) {
			continue
		}
		done = append(done, field)
		value, _ := list.Get(field.Name)
		if before, _, ok := strings.Cut(value, "; boundary="); ok && before == "multipart/form-data" {
			value = before
		}
		parts = append(parts, fmt.Sprintf(" %s=%q", header.Lower(field.Name), value))
	}
	slices.Sort(parts)
	return method + " " + url + strings.Join(parts, "")
}
