package explain

import (
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// A Sequence is the exchange of one fetch, as a picture shows it: who took part, and what passed between them, in order.
// Everything that draws an exchange draws this. Its text is escaped, and there is a bound to the length of a text and to how
// much there is of everything. It shows the secrets that the trace shows. It is the caller's.
type Sequence struct {
	Participants []Participant // the page, the browser, then each server that was asked, or would have been
	Messages     []Message
}

// A Participant is one of those who took part.
type Participant struct {
	Role Role
	Name string // the page's origin, the browser's name, the server's host with its port
}

// Role is what a participant is.
type Role string

// The roles.
const (
	RolePage    Role = "page"
	RoleBrowser Role = "browser"
	RoleServer  Role = "server"
)

// A Message is what one participant passed to another.
type Message struct {
	Kind     MessageKind
	From, To int    // indices of participants; equal for a note
	Text     string // in one line: a method and what it is for, a status, what the page gets
	Remark   string // in a few words; empty when there is none
	Mark     Mark   // of the text
	Lines    []Line // what belongs to it: header fields, options, reasons
	More     int    // header fields that are left out of Lines

	Unsent bool // it never arrived: a request that the browser kept back, a response that did not come
	Stop   bool // the fetch got no further than this; one message of a fetch that was refused
}

// MessageKind is what a message is.
type MessageKind string

// The kinds of message.
const (
	MessageCall      MessageKind = "call"      // page to browser: what script or an element asked for
	MessagePreflight MessageKind = "preflight" // browser to server
	MessageRequest   MessageKind = "request"   // browser to server
	MessageResponse  MessageKind = "response"  // server to browser, to either
	MessageResult    MessageKind = "result"    // browser to page: what it gets
	MessageNote      MessageKind = "note"      // in the browser
)

// A Line is one line of a message.
type Line struct {
	Text string
	Mark Mark
}

// Mark says what a line has to do with a failure. The zero value is nothing.
type Mark string

// The marks.
const (
	MarkFailing Mark = "failing" // it decided, or says what is not there, or why
	MarkWanted  Mark = "wanted"  // it is not there, and would have passed
)

// The bounds of a sequence. A browser follows 20 redirects; a picture of all of them shows nothing.
const (
	mostExchanges   = 12   // requests with their responses; more are left out in the middle
	mostLines       = 12   // header fields of a message
	longestSequence = 1000 // characters of a text or a line
)

// SequenceOf returns the exchange of an explanation.
func SequenceOf(e *Explanation) Sequence {
	q := &sequencer{t: e.Trace, failed: failedExchange(e.Trace)}
	q.s.Participants = []Participant{
		{RolePage, brief(e.Trace.Page.Origin.String())},
		{RoleBrowser, browserName(e.Trace.Browser)},
	}
	q.call()
	q.exchanges()
	q.keptBack()
	q.result()
	return q.s
}

// A sequencer puts a sequence together.
type sequencer struct {
	t      *fetch.Trace
	s      Sequence
	failed int // index in Sent of the exchange that decided the failure, or -1
}

// The indices of the participants that are always there.
const (
	thePage    = 0
	theBrowser = 1
)

func (q *sequencer) add(m Message) { q.s.Messages = append(q.s.Messages, m) }

// server returns the index of a server, which takes part from now on.
func (q *sequencer) server(host string) int {
	for i, p := range q.s.Participants {
		if p.Role == RoleServer && p.Name == brief(host) {
			return i
		}
	}
	q.s.Participants = append(q.s.Participants, Participant{RoleServer, brief(host)})
	return len(q.s.Participants) - 1
}

// stopped reports whether the fetch was refused, and no message tells yet where.
func (q *sequencer) stopped() bool {
	switch q.t.Outcome {
	case fetch.Blocked, fetch.Invalid, fetch.Prompt:
	default:
		return false
	}
	for i := range q.s.Messages {
		if q.s.Messages[i].Stop {
			return false
		}
	}
	return true
}

// splitURL returns the host, with its port, and what is asked of it. It is for URLs that the model wrote; others have no
// host, and neither have those that lead to no server.
func splitURL(url string) (host, path string, ok bool) {
	scheme, rest, _ := strings.Cut(url, "://")
	switch scheme {
	case "http", "https", "ws", "wss":
	default:
		return "", "", false
	}
	rest, _, _ = strings.Cut(rest, "#")
	host, path = rest, "/"
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	return host, path, host != ""
}

// brief escapes a text and cuts it to what a picture shows of it.
func brief(s string) string {
	s = escape(first(s, longestSequence+1)) // one more, so that the cut is seen
	if cut := first(s, longestSequence); cut != s {
		return cut + "..."
	}
	return s
}

// first returns the first characters of a text.
func first(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i]
		}
	}
	return s
}
