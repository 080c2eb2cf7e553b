package corstest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// server is where a handler is for paths that name no host: an origin that no page has.
const server = "https://server.test"

// Expect holds a handler to what pages may do with it, a line for each:
//
//	https://app.example may GET /users
//	https://app.example may PUT /users/1 with Authorization, with credentials
//	https://app.example may GET /users and read X-Total-Count
//	https://evil.example may not GET /users
//	null may not POST https://api.example/users with Content-Type: text/plain
//
// The page is an origin, a URL or null. A path is on a server that is of no page's origin. A header without a value has one that
// needs a preflight; text before a comma is one item. "Read" names response headers that script must be able to see, and with
// "may not" must not.
//
// Each line is a fetch of its own, in a browser that follows the Standard and has nothing cached. A line that does not hold fails
// the test with the step of the Standard that decided, what it compared, and why in a sentence; one that cannot be read ends it.
func Expect(t testing.TB, h http.Handler, lines ...string) {
	t.Helper()
	for _, line := range lines {
		e, err := parseExpectation(line)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if problem := e.check(h); problem != "" {
			t.Errorf("%s: %s", line, problem)
		}
	}
}

// An expectation is one line, read.
type expectation struct {
	page    fetch.Page
	may     bool
	request fetch.Request
	read    []string // names of response headers, in lower case
}

func parseExpectation(line string) (*expectation, error) {
	page, rest, found := strings.Cut(line, " may ")
	if !found {
		return nil, fmt.Errorf("want PAGE may METHOD URL")
	}
	e := &expectation{may: true}
	var err error
	if e.page, err = fetch.NewPage(page); err != nil {
		return nil, err
	}
	if after, not := strings.CutPrefix(rest, "not "); not {
		e.may, rest = false, after
	}
	rest, read, reads := strings.Cut(rest, " and read ")
	if reads {
		for name := range strings.SplitSeq(read, ",") {
			e.read = append(e.read, header.Lower(strings.TrimSpace(name)))
		}
	}
	call, items, _ := strings.Cut(rest, " with ")
	method, target, found := strings.Cut(call, " ")
	if !found || strings.Contains(target, " ") {
		return nil, fmt.Errorf("want a method and a URL, and not %q", call)
	}
	if strings.HasPrefix(target, "/") {
		target = server + target
	}
	e.request = fetch.Request{Method: method, URL: target}
	if items != "" {
		for item := range strings.SplitSeq(items, ",") {
			if err := e.with(strings.TrimPrefix(strings.TrimSpace(item), "with ")); err != nil {
				return nil, err
			}
		}
	}
	return e, nil
}

// with adds one item: credentials, or a header.
func (e *expectation) with(item string) error {
	if item == "credentials" {
		e.request.Credentials = fetch.CredentialsInclude
		return nil
	}
	name, value, given := strings.Cut(item, ":")
	if !header.IsToken(name) {
		return fmt.Errorf("want credentials or the name of a header, and not %q", item)
	}
	if value = strings.TrimSpace(value); !given {
		value = "1"
		if header.EqualFold(name, header.ContentType) {
			value = "application/json"
		}
	}
	e.request.Header.Append(name, value)
	return nil
}

// check makes the fetch and returns what is not as it should be.
func (e *expectation) check(h http.Handler) string {
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(&e.page, &e.request, Handler(h), 0)
	if err != nil {
		return err.Error()
	}
	allowed := trace.Outcome == fetch.Allowed
	switch {
	case e.may && !allowed:
		return fmt.Sprintf("it is %s: %v. %s", trace.Outcome, trace.Failure, trace.Failure.ID.What())
	case !e.may && allowed && e.read == nil:
		return "it is allowed, by the headers " + onOneLine(trace.Sent[len(trace.Sent)-1].Response.Header)
	case !allowed:
		return ""
	}
	for _, name := range e.read {
		if visible := slices.Contains(trace.Response.Visible, name); visible != e.may {
			return fmt.Sprintf("visible are %s", strings.Join(trace.Response.Visible, ", "))
		}
	}
	return ""
}

// onOneLine shows the headers of a response that have to do with CORS.
func onOneLine(list header.List) string {
	var shown []string
	for _, field := range list {
		if strings.HasPrefix(header.Lower(field.Name), "access-control-") {
			shown = append(shown, fmt.Sprintf("%s: %q", field.Name, field.Value))
		}
	}
	return strings.Join(shown, ", ")
}
