package input

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/origin"
)

// The bounds of a recording.
const (
	MaxHAR        = 256 << 20 // bytes
	MaxHAREntries = 100000
)

// A HAR is what a browser recorded of the requests of its pages, read from an HTTP Archive.
type HAR struct {
	Creator     string          // what wrote it, with its version; empty when it does not say
	Browser     string          // the profile of the engine that recorded: "chromium", "firefox", "webkit"; empty when it does not say
	Fetches     []RecordedFetch // in the order in which they were made
	Navigations int             // entries that loaded a document
	Other       int             // entries that went to no server: data:, blob:, extensions
	Unmatched   []Unmatched     // preflights that belong to no request of the recording
}

// An Unmatched preflight is one whose request the recording does not have.
type Unmatched struct {
	Method string // that it asks for
	URL    string
}

// A RecordedFetch is a request with its redirects and preflights, as far as they were recorded.
type RecordedFetch struct {
	Page    *fetch.Page // that made it; nil when the recording does not tell
	Request fetch.Request
	Hops    []Hop // the first is that of Request.URL
	End     End

	// MaybeCredentialed says that the recording does not tell whether cookies were allowed to go along: none is there, but an
	// export without sensitive data leaves them out. The request then has the credentials mode that its initiator uses by itself.
	MaybeCredentialed bool

	Notes []string // what was assumed or left out, a sentence each
}

// A Hop is one URL of a chain of redirects.
type Hop struct {
	URL       string
	Preflight *Exchange // nil when the recording has none
	Request   Exchange
}

// An Exchange is what was recorded of the answer to one request.
type Exchange struct {
	Response *fetch.Response // what came back, or why nothing did; nil when the recording does not tell
	Missing  Missing         // why it does not; empty when it does
}

// Missing is why a recording does not tell what a server answered.
type Missing string

// The reasons.
const (
	MissingResponse      Missing = "response"       // the browser kept no status and no headers
	MissingStored        Missing = "stored"         // a 304, judged by the headers of a stored response that is not recorded
	MissingServiceWorker Missing = "service-worker" // a service worker answered, and no CORS check was made
)

// An End is what the browser recorded as the end of a fetch.
type End struct {
	Status  int            // of the last response; 0 for none
	Error   string         // in the browser's own words, such as "net::ERR_FAILED"; empty when it recorded none
	Reached fetch.Tristate // whether the page got the response; unset when the recording does not tell
}

// ReadHAR reads an HTTP Archive as Chromium and Firefox export it today; of others, what HAR 1.2 has. Bodies of responses
// are read past, not kept. The error is an [*Error], or that of the reader.
//
// What came over the wire is put into the order of a fetch: preflights and redirects, which are entries of their own, go to the
// request that they belong to, told by URL, method, headers and time. What a browser adds to a request is taken out of it.
//
// http://www.softwareishard.com/blog/har-12-spec/
func ReadHAR(r io.Reader) (*HAR, error) { return readHAR(r, MaxHAR) }

// readHAR reads an archive of at most so many bytes.
func readHAR(r io.Reader, most int64) (*HAR, error) {
	limited := &io.LimitedReader{R: r, N: most + 1}
	buffered := bufio.NewReader(limited)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\xEF\xBB\xBF" {
		buffered.Discard(len(mark)) // it is there
	}
	d := newDecoder(buffered)
	archive, err := d.archive()
	if err == nil {
		err = d.end("the recording")
	}
	switch e, ok := errors.AsType[*Error](err); {
	case limited.N == 0:
		return nil, &Error{Reason: fmt.Sprintf("the recording is larger than %d MiB", most>>20)}
	case ok && d.lines.text == 0:
		return nil, &Error{Reason: "the recording is empty"}
	case ok:
		return nil, e
	case err != nil:
		return nil, err
	}
	return archive.har(), nil
}

// CrossOrigin reports whether the fetch went to another origin than the page's, in its first URL or by a redirect. It is false
// when the page is not known.
func (f *RecordedFetch) CrossOrigin() bool {
	if f.Page == nil {
		return false
	}
	for i := range f.Hops {
		if o, err := origin.FromURL(httpURL(f.Hops[i].URL)); err != nil || !origin.SameOrigin(o, f.Page.Origin) {
			return true
		}
	}
	return false
}

// httpURL is the http URL that a WebSocket's handshake goes to, so that its origin can be compared with a page's; any
// other URL stays.
func httpURL(u string) string {
	if rest, ok := strings.CutPrefix(u, "ws"); ok && (strings.HasPrefix(rest, "://") || strings.HasPrefix(rest, "s://")) {
		return "http" + rest
	}
	return u
}
