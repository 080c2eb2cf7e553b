package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// call adds what script or an element asked the browser for.
func (q *sequencer) call() {
	r := q.t.Request
	m := Message{Kind: MessageCall, From: thePage, To: theBrowser}
	m.Text = brief(methodOf(q.t) + " " + strings.ToValidUTF8(first(r.URL, longestSequence+1), "\uFFFD"))
	if r.Initiator != "" && r.Initiator != fetch.InitiatorFetch {
		m.Remark = brief(string(r.Initiator))
	}
	options := callOptions(r)
	failing := ""
	if q.t.Outcome == fetch.Invalid {
		failing, m.Stop = q.t.Failure.Header, true
	}
	fields, more := shownFields(r.Header, func(string) bool { return true }, failing)
	m.Lines, m.More = append(options, fields...), more
	if m.Stop && !slices.ContainsFunc(fields, func(l Line) bool { return l.Mark == MarkFailing }) {
		m.Lines = append(m.Lines, q.reason())
	}
	q.add(m)
}

// callOptions are the options of a request that are not what everybody has.
func callOptions(r *fetch.Request) []Line {
	var lines []Line
	option := func(name, value, usual string) {
		switch value {
		case "", usual:
			return
		case " ": // what input makes of an option that a script gave as the empty string
			value = `""`
		}
		lines = append(lines, Line{Text: name + ": " + brief(strings.ToValidUTF8(first(value, longestSequence+1), "\uFFFD"))})
	}
	mode, credentials := "", ""
	if isScripted(r) {
		mode, credentials = string(fetch.ModeCORS), string(fetch.CredentialsSameOrigin)
	}
	option("mode", string(r.Mode), mode)
	option("credentials", string(r.Credentials), credentials)
	option("redirect", string(r.Redirect), string(fetch.RedirectFollow))
	option("cache", string(r.Cache), string(fetch.CacheDefault))
	option("body", string(r.Body), string(fetch.BodyNone))
	if r.Keepalive {
		option("keepalive", "true", "")
	}
	if r.UploadListener {
		option("upload listener", "true", "")
	}
	return lines
}

// reason is the failure in a few words, where no line of an exchange decided it.
func (q *sequencer) reason() Line {
	entry, _ := EntryOf(string(q.t.Failure.ID))
	return Line{entry.Title, MarkFailing}
}

// keptBack adds the request that the browser did not send, if that is where the fetch ended.
func (q *sequencer) keptBack() {
	t, f := q.t, q.t.Failure
	m := Message{Kind: MessageRequest, From: theBrowser, To: theBrowser, Remark: "not sent", Unsent: true}
	var method, url string
	switch {
	case t.Outcome == fetch.Unsent:
		hop := t.Steps[len(t.Steps)-1].Hop
		q.cached(hop)
		method, url = q.methodAt(hop), q.urlAt(hop)
	case f == nil:
		return
	case isKeptBack(f.ID):
		q.cached(f.Hop)
		method, url = q.methodAt(f.Hop), f.URL
		if f.On == fetch.OnPreflight && q.sent(fetch.KindPreflight, f.Hop) == nil {
			m.Kind, method = MessagePreflight, "OPTIONS"
		}
		m.Stop, m.Lines = true, []Line{q.reason()}
	case q.failed >= 0 && t.Sent[q.failed].Kind == fetch.KindPreflight && t.Sent[q.failed].Response.Error == "":
		method, url = q.methodAt(f.Hop), t.Sent[q.failed].URL
		m.Stop = true
	default:
		return
	}
	host, path, ok := splitURL(url)
	if !ok {
		path = strings.ToValidUTF8(first(url, longestSequence+1), "\uFFFD") // there is no server to ask
		m.Kind = MessageNote
	} else {
		m.To = q.server(host)
	}
	m.Text = brief(method + " " + path)
	q.add(m)
}

// sent is what was sent on a hop; nil when nothing was.
func (q *sequencer) sent(kind fetch.Kind, hop int) *fetch.Sent {
	for i := range q.t.Sent {
		if s := &q.t.Sent[i]; s.Kind == kind && s.Hop == hop {
			return s
		}
	}
	return nil
}

// methodAt is the method of the request of a hop that was not sent: what its preflight asked for, or that of the hop
// before, or the script's.
func (q *sequencer) methodAt(hop int) string {
	if s := q.sent(fetch.KindPreflight, hop); s != nil {
		method, _ := s.Header.Get(header.RequestMethod)
		return latin1(method)
	}
	if before := q.sent(fetch.KindRequest, hop-1); before != nil {
		if q.took(hop-1, "concept-http-redirect-fetch", "12") {
			return "GET"
		}
		return before.Method
	}
	return methodOf(q.t)
}

// urlAt is the URL of the request of a hop that was not sent.
func (q *sequencer) urlAt(hop int) string {
	if s := q.sent(fetch.KindPreflight, hop); s != nil {
		return s.URL
	}
	raw, base := q.t.Request.URL, q.t.Page.URL
	if before := q.sent(fetch.KindRequest, hop-1); before != nil {
		raw, _ = before.Response.Header.Get(header.Location)
		base, _ = weburl.Parse(before.URL, nil)
	}
	u, err := weburl.Parse(raw, base)
	if err != nil {
		return raw // masked, maybe
	}
	return u.String()
}

// result adds what the page gets.
func (q *sequencer) result() {
	m := Message{Kind: MessageResult, From: theBrowser, To: thePage}
	switch q.t.Outcome {
	case fetch.Unsent:
		return
	case fetch.Blocked, fetch.Invalid:
		m.Text, m.Mark = errorText(q.t), MarkFailing
	case fetch.Prompt:
		m.Text = "nothing yet: the user has to answer first"
	case fetch.Opaque:
		m.Text = opaqueText(q.t)
	case fetch.Allowed:
		m.Text = allowedText(q.t)
		if r := q.t.Response; r != nil && isScripted(q.t.Request) && len(r.Hidden) > 0 {
			m.Lines = []Line{{Text: "(script cannot read " + brief(headerNames(r.Hidden)) + ")"}}
		}
	}
	m.Stop = q.stopped()
	q.add(m)
}

// isScripted reports whether a script asks for a response and waits for it.
func isScripted(r *fetch.Request) bool {
	switch r.Initiator {
	case "", fetch.InitiatorFetch, fetch.InitiatorXHR:
		return true
	}
	return false
}

// allowedText is what a page gets of a fetch that it may read.
func allowedText(t *fetch.Trace) string {
	switch t.Request.Initiator {
	case fetch.InitiatorBeacon, fetch.InitiatorReport:
		return "nothing: nobody waits for a response"
	case fetch.InitiatorForm, fetch.InitiatorLink, fetch.InitiatorIframe:
		return "the document"
	case fetch.InitiatorWebSocket, fetch.InitiatorWebTransport:
		return "the connection"
	}
	if t.Response == nil || !isScripted(t.Request) {
		return "the response"
	}
	return "status " + strconv.Itoa(t.Response.Status) + ", the body, and " + brief(headerNames(t.Response.Visible))
}

// opaqueText is what a page gets of a fetch that works and that it may not read.
func opaqueText(t *fetch.Trace) string {
	switch {
	case t.CORSNoneReason == fetch.NoneNavigation:
		return "a document, to show and not to read"
	case t.Response != nil && t.Response.Type == "opaqueredirect":
		return "an opaque redirect: status 0, no headers, no body"
	case isScripted(t.Request):
		return "an opaque response: status 0, no headers, no body"
	case t.Request.Initiator == fetch.InitiatorBeacon:
		return "nothing: nobody waits for a response"
	}
	return "the response, to use and not to read"
}

// errorText is what a page gets of a fetch that was refused. What fetch() throws is in each engine's words.
func errorText(t *fetch.Trace) string {
	thrown := t.Outcome == fetch.Invalid
	switch t.Request.Initiator {
	case "", fetch.InitiatorFetch:
		switch {
		case thrown:
		case t.Browser == chromium:
			return "TypeError: Failed to fetch"
		case t.Browser == firefox:
			return "TypeError: NetworkError when attempting to fetch resource."
		case t.Browser == webkit:
			return "TypeError: Load failed"
		}
		return "TypeError"
	case fetch.InitiatorXHR:
		if thrown {
			return "an exception"
		}
		return "an error event, status 0"
	case fetch.InitiatorBeacon, fetch.InitiatorReport:
		return "nothing: the page is not told"
	case fetch.InitiatorForm, fetch.InitiatorLink, fetch.InitiatorIframe:
		return "nothing: the document is not shown"
	case fetch.InitiatorFont, fetch.InitiatorCSSImage, fetch.InitiatorManifest:
		return "nothing: it is not used"
	case fetch.InitiatorWebTransport:
		return "an error"
	}
	return "an error event"
}
