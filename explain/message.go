package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// A ConsoleMessage is what a browser printed about a request that failed, or what a script got, understood. Make one with
// [ParseMessage]. Fields that the text does not tell have their zero value.
type ConsoleMessage struct {
	Text     string // the words that told most, as they were written
	Wording  string // the same as a template, with placeholders in braces and frames left out
	Engine   string // chromium, firefox or webkit; empty when several print these words
	Historic bool   // no browser of today prints these words

	// ID is what the message is about, by its id in the catalogue. Candidates are all that these words can stand for, the
	// likeliest, which is ID, first; but when ID is cause-not-told, what the cause may be.
	ID         string
	Candidates []string

	On         fetch.On // the exchange that failed
	URL        string   // of the request, or of the hop that failed
	InitialURL string   // what was asked for first, when a redirect led to URL
	Target     string   // where a redirect leads
	Origin     string   // the page's; "null" is one
	Initiator  fetch.Initiator
	Method     string
	Status     int    // of the response
	Header     string // the response header that it is about
	Value      string // what decided: the header's value, a scheme, a port, an address space, a kind of network error
	HasValue   bool   // a value is told, were it the empty one
	Token      string // the element of a list that is none
	Name       string // of a request header

	named string // the origin that the request named, which is not the page's after some redirects
	cause fetch.FailureID
}

// maxMessage is how many bytes of text are read.
const maxMessage = 64 << 10

// A MessageError says that a text has nothing that a browser prints about a request.
type MessageError struct {
	Text   string // its beginning, escaped, secrets masked
	Reason string
}

// Error is one line.
func (e *MessageError) Error() string {
	if e.Text == "" {
		return e.Reason
	}
	return fmt.Sprintf("%q: %s", e.Text, e.Reason)
}

// Hint tells what to give instead.
func (e *MessageError) Hint() string {
	return "paste the line from the browser's console, such as: Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: ..."
}

// ParseMessage finds what a browser printed in a text of at most 64 KiB: one line or several, with or without what stands
// around the reason (a source position, a time, the frame). The error is a [*MessageError].
func ParseMessage(text string) (*ConsoleMessage, error) {
	if len(text) > maxMessage {
		return nil, &MessageError{Reason: fmt.Sprintf("the message has %d bytes: %d is the most", len(text), maxMessage)}
	}
	c := newClean(text)
	if c.text == "" {
		return nil, &MessageError{Reason: "the message is empty"}
	}
	hits := search(c)
	if len(hits) == 0 {
		shown := new(masker).text(c.text)
		if cut := []rune(shown); len(cut) > maxShown {
			shown = string(cut[:maxShown]) + "..."
		}
		return nil, &MessageError{Text: shown, Reason: "not a message about a request that a browser is known to print"}
	}
	m := newMessage(c, &hits[0])
	for i := range hits[1:] {
		m.complete(&hits[i+1])
	}
	m.narrow()
	return m, nil
}

// maxShown is how many characters of a text an error shows.
const maxShown = 80

// A hit is a wording that is in the text.
type hit struct {
	*wording
	*found
}

// search finds the wordings that are in a text, the most telling first.
func search(c *clean) []hit {
	var hits []hit
	flat := strings.ReplaceAll(c.text, "\n", " ")
	list := wordings()
	for i := range list {
		w := &list[i]
		if !strings.Contains(flat, words(w.template)) {
			continue
		}
		f := compile(withTails(w.template)).find(c)
		if f == nil || f.caught["{net}"] == "ERR_FAILED" { // which tells nothing
			continue
		}
		hits = append(hits, hit{w, f})
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(int(b.rank-a.rank), b.words-a.words, a.start-b.start)
	})
	return hits
}

func newMessage(c *clean, h *hit) *ConsoleMessage {
	m := &ConsoleMessage{
		Text: c.original(h.start, h.end), Wording: bare(h.template), Engine: h.engine, Historic: h.historic,
		Candidates: slices.Clone(h.ids), Value: h.value, HasValue: h.value != "",
	}
	for _, name := range []string{"{value}", "{port}", "{scheme}", "{essence}", "{directive}", "{space}", "{net}"} {
		if value, ok := h.caught[name]; ok && !m.HasValue {
			m.Value, m.HasValue = value, true
		}
	}
	for _, told := range []told{
		{"{token}", &m.Token}, {"{name}", &m.Name}, {"{W name}", &m.Name}, {"{lower}", &m.Name}, {"{header}", &m.Header},
		{"{location resolved}", &m.Target}, {"{location}", &m.Target}, {"{target}", &m.Target}, {"{target without user}", &m.Target},
		{"{initial}", &m.InitialURL}, {"{method}", &m.Method}, {"{W allow}", &m.named},
	} {
		told.take(h)
	}
	if _, ok := h.caught["{P}"]; ok {
		m.On = fetch.OnPreflight
	}
	if _, ok := h.caught["{redirect}"]; ok {
		m.cause = fetch.FailureID(m.Candidates[0])
	}
	for _, old := range []string{"{denied}", "{with status}", "{url origin}", "{api}"} {
		if _, ok := h.caught[old]; ok && strings.HasPrefix(h.template, "{C}") {
			m.Historic = true
		}
	}
	m.request(h)
	if id := m.Candidates[0]; m.URL == "" && (id == string(fetch.URLInvalid) || id == string(fetch.URLHasCredentials)) {
		m.URL = m.Value
	}
	return m
}

// A told is a placeholder and the field that it is for.
type told struct {
	placeholder string
	field       *string
}

func (t told) take(h *hit) {
	if value, ok := h.caught[t.placeholder]; ok && *t.field == "" {
		*t.field = value
	}
}

// request takes what a wording tells of the request and of the page, as far as it is not known.
func (m *ConsoleMessage) request(h *hit) {
	for _, told := range []told{{"{url}", &m.URL}, {"{url origin}", &m.URL}, {"{origin}", &m.Origin}, {"{request method}", &m.Method}} {
		told.take(h)
	}
	if page, ok := h.caught["{page}"]; ok && m.Origin == "" {
		if p, err := fetch.NewPage(page); err == nil {
			m.Origin = p.Origin.String()
		}
	}
	if m.Initiator == "" {
		m.Initiator = initiatorTold(h.caught)
	}
	if status, err := strconv.Atoi(h.caught["{status}"]); err == nil && m.Status == 0 {
		m.Status = status
	}
}

// complete takes from another line of the text what the best one does not tell, if it is about the same request.
func (m *ConsoleMessage) complete(h *hit) {
	if m.Engine != "" && h.engine != "" && h.engine != m.Engine {
		return
	}
	if url := h.caught["{url}"]; h.rank > tellsRequest || m.URL != "" && url != "" && url != m.URL {
		return
	}
	if m.Engine == "" {
		m.Engine = h.engine
	}
	status := m.Status
	m.request(h)
	if m.On == fetch.OnPreflight {
		m.Status = status // the other line's is that of the request itself
	}
}

// bare is a template without its frames.
func bare(template string) string {
	var b strings.Builder
	for _, part := range split(template) {
		if !isFrame(part) {
			b.WriteString(part)
		}
	}
	return strings.TrimSpace(b.String())
}

// initiatorTold is the feature that made the request, as far as words tell it.
func initiatorTold(caught map[string]string) fetch.Initiator {
	if _, ok := caught["{fetch only}"]; ok {
		return fetch.InitiatorFetch
	}
	if _, ok := caught["{XHR only}"]; ok || strings.Contains(caught["{throws}"], "XMLHttpRequest") {
		return fetch.InitiatorXHR
	}
	switch caught["{api}"] {
	case "Fetch API":
		return fetch.InitiatorFetch
	case "XMLHttpRequest":
		return fetch.InitiatorXHR
	case "EventSource":
		return fetch.InitiatorEventSource
	case "Beacon API":
		return fetch.InitiatorBeacon
	}
	for _, i := range []fetch.Initiator{
		fetch.InitiatorFetch, fetch.InitiatorXHR, fetch.InitiatorImage, fetch.InitiatorScript, fetch.InitiatorStyle, fetch.InitiatorFont,
		fetch.InitiatorMedia, fetch.InitiatorManifest, fetch.InitiatorTrack,
	} {
		if strings.EqualFold(caught["{kind}"], chromiumKind(i)) {
			return i
		}
	}
	return ""
}
