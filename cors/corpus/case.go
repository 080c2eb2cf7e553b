package corpus

import (
	"time"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// A Case is a sequence of fetches in one browser and what must come of each. It is read-only.
type Case struct {
	Name     string // folder and file, without the extension: "sharing/wildcard"
	Doc      string // what the case shows
	Unstaged string // why a page on a loopback address cannot play it; empty when it can
	Pages    []Page // at least one
	Fetches  []Fetch
	Policy   *cors.Policy // which gives the responses their headers; nil where no policy is told
}

// A Page is what makes a fetch.
type Page struct {
	Text        string     // a URL, an origin, or "null"
	environment fetch.Page // but for the origin
}

// New makes the page. One that is null has an opaque origin of its own each time.
func (p *Page) New() (fetch.Page, error) {
	page, err := fetch.NewPage(p.Text)
	if err != nil {
		return fetch.Page{}, err
	}
	out := p.environment
	out.Origin, out.URL = page.Origin, page.URL
	return out, nil
}

// A Fetch is one request of a page.
type Fetch struct {
	Page    int           // index in the case's pages
	At      time.Duration // since the start of the case
	Request fetch.Request

	responses map[string][]fetch.Response // by profile; "" for the others
	wants     map[string]*Want
}

// Responses returns what the servers answer to the browser of a profile, in the order in which it asks. The values are
// what a server writes, white space around them included. The slice is not the caller's to change.
func (f *Fetch) Responses(profile string) []fetch.Response {
	if list, ok := f.responses[profile]; ok {
		return list
	}
	return f.responses[""]
}

// Want returns what must come of the fetch in the browser of a profile. It is empty, not nil, for a name that is none.
func (f *Fetch) Want(profile string) *Want {
	if w := f.want(profile); w != nil {
		return w
	}
	return &Want{}
}

// want is nil where the case says nothing.
func (f *Fetch) want(profile string) *Want {
	if w, ok := f.wants[profile]; ok {
		return w
	}
	return f.wants[""]
}

// A Want is what must come of a fetch. What a zero value stands for in a field is not said and not checked.
type Want struct {
	Outcome fetch.Outcome

	Failure           fetch.FailureID // empty when there must be none
	Algorithm, Number string
	On                fetch.On
	Hop               *int
	Cause             fetch.FailureID
	Got, Wanted       *string

	CORS           fetch.CORSKind
	CORSNoneReason string
	Cached         fetch.Tristate
	Sent           []Sent // nil when not said; empty when nothing may be sent

	Type            string
	Status          int
	URL             string
	Visible, Hidden []string // lower case; at least these

	Dropped []string // as the script wrote them; all
	Cookies []Cookie // all

	Server []Answered // by request, in order; all of a case that has a policy
}

// Sent is a request that must leave the browser.
type Sent struct {
	Method, URL string
	Header      header.List    // names in any case and any order: all that tell of CORS or come from the script
	Credentials fetch.Tristate // whether cookies may go along
}

// Cookie is whether a cookie must go along with one request.
type Cookie struct {
	Name   string
	Sent   bool
	Reason fetch.CookieReason // why not
}
