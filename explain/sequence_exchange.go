package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// exchanges adds what left the browser and what came back.
func (q *sequencer) exchanges() {
	t := q.t
	if t.Outcome == fetch.Allowed && t.CORSNoneReason == fetch.NoneDataURL {
		q.note("nothing is sent: the URL has the data in it")
	}
	if lastRequest(t) == nil {
		defer q.stored(-1) // after a preflight, if there was one
	}
	for i := range t.Sent {
		if left := len(t.Sent) - mostExchanges; left > 0 && i >= mostExchanges/2 && i < mostExchanges/2+left {
			if i == mostExchanges/2 {
				q.note(fmt.Sprintf("%d more requests are left out here", left))
			}
			continue
		}
		if t.Sent[i].Kind == fetch.KindRequest {
			q.cached(t.Sent[i].Hop)
		}
		q.request(&t.Sent[i])
		q.response(i)
		if t.Sent[i].Kind == fetch.KindRequest {
			q.stored(i)
		}
	}
}

func (q *sequencer) note(text string) {
	q.add(Message{Kind: MessageNote, From: theBrowser, To: theBrowser, Text: text})
}

// cached tells that the preflight of a hop was answered from the cache.
func (q *sequencer) cached(hop int) {
	if q.took(hop, "concept-http-fetch", "4.1") {
		q.note("the preflight is answered from the cache")
	}
}

// took reports whether a step was taken on a hop.
func (q *sequencer) took(hop int, algorithm, number string) bool {
	return slices.ContainsFunc(q.t.Steps, func(s fetch.Step) bool {
		return s.Hop == hop && s.Algorithm == algorithm && s.Number == number && s.Outcome == fetch.StepDone
	})
}

func (q *sequencer) request(s *fetch.Sent) {
	host, path, _ := splitURL(s.URL)
	m := Message{Kind: MessageRequest, From: theBrowser, To: q.server(host), Text: brief(s.Method + " " + path)}
	list := s.Header
	switch {
	case s.Kind == fetch.KindPreflight:
		m.Kind, m.Remark = MessagePreflight, "preflight, no cookies"
	case s.Credentials:
		m.Remark = "cookies may go along"
	default:
		m.Remark = "no cookies"
	}
	if s.BodyType != "" {
		list = append(list.Clone(), header.Field{Name: header.ContentType, Value: s.BodyType})
	}
	m.Lines, m.More = shownFields(list, func(string) bool { return true }, "")
	if s.Kind == fetch.KindRequest {
		m.Lines = append(m.Lines, q.cookies(s.Hop)...)
	}
	q.add(m)
}

// cookies tells which cookies of the environment go along with the request of a hop.
func (q *sequencer) cookies(hop int) []Line {
	var lines []Line
	for _, going := range []bool{true, false} {
		var names []string
		for _, c := range q.t.Cookies {
			if c.Hop == hop && c.Sent == going && len(names) < mostLines {
				names = append(names, c.Name)
			}
		}
		switch {
		case len(names) == 0:
		case going:
			lines = append(lines, Line{Text: "(cookies that go along: " + brief(strings.Join(names, ", ")) + ")"})
		default:
			lines = append(lines, Line{Text: "(cookies that stay: " + brief(strings.Join(names, ", ")) + ")"})
		}
	}
	return lines
}

func (q *sequencer) response(i int) {
	s := &q.t.Sent[i]
	host, _, _ := splitURL(s.URL)
	m := Message{Kind: MessageResponse, From: q.server(host), To: theBrowser}
	if s.Response.Error != "" {
		m.Text = "no response: " + brief(networkProblem(string(s.Response.Error)))
		m.Unsent = true
		if q.failed == i {
			m.Mark, m.Stop = MarkFailing, true
		}
		q.add(m)
		return
	}
	m.Text = statusText(s.Response.Status)
	if q.failed == i && !q.decidedByStored(&s.Response) {
		q.judged(&m, s.Response.Header)
	} else {
		m.Lines, m.More = shownFields(s.Response.Header, q.worthShowing, "")
	}
	q.add(m)
}

// judged adds the fields of the response that failed, and marks what decided.
func (q *sequencer) judged(m *Message, list header.List) {
	f := q.t.Failure
	m.Lines, m.More = shownFields(list, q.worthShowing, f.Header)
	at := -1
	for i := range m.Lines {
		if m.Lines[i].Mark == MarkFailing {
			at = i
		}
	}
	if at < 0 && f.Header != "" {
		m.Lines = append(m.Lines, Line{"no " + brief(f.Header), MarkFailing})
		at = len(m.Lines) - 1
	}
	if at < 0 {
		m.Mark = MarkFailing
	}
	if s := wantLine(q.t); s != "" {
		m.Lines = slices.Insert(m.Lines, at+1, Line{brief(s), MarkWanted})
	}
}

// decidedByStored reports whether a failed response is one that the HTTP cache had, for lack of a field in the 304 that
// freshened it.
func (q *sequencer) decidedByStored(answer *fetch.Response) bool {
	return answer.Status == 304 && q.freshened() && !answer.Header.Has(q.t.Failure.Header)
}

func (q *sequencer) freshened() bool {
	return q.t.Request.Stored != nil && q.took(0, "concept-http-network-or-cache-fetch", "11.4")
}

// stored tells that the HTTP cache had the response, after the request that freshened it or, where none was sent, -1.
func (q *sequencer) stored(sent int) {
	stored := q.t.Request.Stored
	switch {
	case stored == nil:
		return
	case sent < 0 && !q.took(0, "concept-http-network-or-cache-fetch", "8.26.1"):
		return
	case sent >= 0 && (q.t.Sent[sent].Hop != 0 || !q.freshened()):
		return
	}
	m := Message{Kind: MessageNote, From: theBrowser, To: theBrowser, Text: statusText(stored.Status), Remark: "from the HTTP cache"}
	list, f := stored.Header, q.t.Failure
	if sent >= 0 {
		// What the 304 says replaces what was stored.
		list = slices.DeleteFunc(list.Clone(), func(f header.Field) bool { return q.t.Sent[sent].Response.Header.Has(f.Name) })
	}
	switch {
	case sent < 0 && f != nil && f.Hop == 0 && !isKeptBack(f.ID) && q.failed < 0,
		sent >= 0 && q.failed == sent && q.decidedByStored(&q.t.Sent[sent].Response):
		q.judged(&m, list)
	default:
		m.Lines, m.More = shownFields(list, q.worthShowing, "")
	}
	q.add(m)
}

// failedExchange returns the index in Sent of the exchange whose response decided the failure, or -1.
func failedExchange(t *fetch.Trace) int {
	f := t.Failure
	if f == nil || t.Outcome == fetch.Invalid || isKeptBack(f.ID) {
		return -1
	}
	kind := fetch.KindRequest
	if f.On == fetch.OnPreflight && f.Header != header.Location {
		kind = fetch.KindPreflight
	}
	for i := len(t.Sent) - 1; i >= 0; i-- {
		// WebKit judges a Location only after the preflight for the URL that it leads to.
		if s := &t.Sent[i]; s.Kind == kind && (s.Hop == f.Hop || f.Header == header.Location) {
			return i
		}
	}
	return -1
}

// isKeptBack reports whether a failure keeps a request from being sent.
func isKeptBack(id fetch.FailureID) bool {
	switch id {
	case fetch.BadPort, fetch.MixedContent, fetch.CSPConnectSrc, fetch.SameOriginMode, fetch.SchemeNotHTTP, fetch.NoCORSRedirectMode,
		fetch.StreamUploadHTTP1, fetch.KeepaliveQuota, fetch.CacheMiss, fetch.LNAPermissionDenied, fetch.LNAPermissionRequired,
		fetch.LNAInsecureContext:
		return true
	}
	return false
}

// worthShowing reports whether a response header has to do with sharing, or tells who answered.
func (q *sequencer) worthShowing(lower string) bool {
	if strings.HasPrefix(lower, "access-control-") {
		return true
	}
	switch lower {
	case "vary", "location", "set-cookie", "content-type", "server", "via", "x-powered-by", "cross-origin-resource-policy":
		return true
	case "x-content-type-options":
		return q.t.Failure != nil && q.t.Failure.ID == fetch.NosniffBlocked
	}
	return false
}

// shownFields returns the fields that are worth showing as lines, in their order, and how many of the list are left out.
// Those of the failing name are marked, and are the last to be left out.
func shownFields(list header.List, worth func(lower string) bool, failing string) (lines []Line, more int) {
	decides := func(f header.Field) bool { return failing != "" && header.EqualFold(f.Name, failing) }
	deciding := 0
	for _, f := range list {
		if decides(f) {
			deciding++
		}
	}
	others := max(mostLines-deciding, 0)
	for _, f := range list {
		switch {
		case len(lines) == mostLines:
		case decides(f):
			lines = append(lines, Line{fieldText(f), MarkFailing})
		case others > 0 && worth(header.Lower(f.Name)):
			others--
			lines = append(lines, Line{Text: fieldText(f)})
		}
	}
	return lines, len(list) - len(lines)
}

// fieldText is a field as a line. Of a cookie it is the name: the value is a secret, and never decides.
func fieldText(f header.Field) string {
	value := f.Value
	if i := strings.IndexAny(value, "=;"); i >= 0 && header.EqualFold(f.Name, header.SetCookie) {
		value = value[:i]
	}
	name := strings.ToValidUTF8(first(f.Name, longestSequence), "\uFFFD")
	return brief(name + ": " + latin1(value[:min(len(value), longestSequence+1)]))
}
