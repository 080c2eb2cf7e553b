package policyfile

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// server is the origin of the synthetic server that tests run against: https, and no page's.
const server = "https://server.concors.invalid"

// A Test is a request of a page, and what has to come of it.
type Test struct {
	Name    string
	Page    fetch.Page
	Request fetch.Request // its URL is one of the synthetic server unless the test names a host
	Policy  string        // the policy to use instead of the routes; empty for the routes, or the only policy
	Expect  fetch.Outcome // allowed or blocked

	at place // of what is expected
}

type rawTest struct {
	name, page, request, headers, credentials, policy, expect value
}

func (raw *rawTest) keys() []key {
	return []key{
		{name: "name", required: true, schema: text(""), read: raw.name.set,
			doc: "What the test shows, in a few words."},
		{name: "page", required: true, schema: text(""), read: raw.page.set,
			doc: "The page that makes the request: a URL, an origin, or \"null\" for an opaque origin."},
		{name: "request", required: true, schema: text(`^\S+ +(/|https?://|.*\$\{)`), read: raw.request.set,
			doc: "Method and path: PUT /api/users/123. Where routes have hosts, a URL takes the place of the path."},
		{name: "headers", schema: schema{"type": "object", "additionalProperties": scalarText()}, read: raw.headers.set,
			doc: "The headers that the page sets, with their values."},
		{name: "credentials", schema: oneOf(credentialsModes()), read: raw.credentials.set,
			doc: "The credentials mode: omit, same-origin (the default) or include."},
		{name: "policy", schema: text(""), read: raw.policy.set,
			doc: "The policy to test, for a file without routes that has several."},
		{name: "expect", required: true, schema: oneOf(expectations()), read: raw.expect.set,
			doc: "Whether the page can read the response: allowed or blocked."},
	}
}

func credentialsModes() []string {
	return []string{string(fetch.CredentialsOmit), string(fetch.CredentialsSameOrigin), string(fetch.CredentialsInclude)}
}

func expectations() []string { return []string{string(fetch.Allowed), string(fetch.Blocked)} }

func (r *reader) readTests(v value, f *File, known []string) []Test {
	var tests []Test
	if v.node == nil {
		return nil
	}
	r.list(v, "tests", maxTests, func(item value) {
		var raw rawTest
		if r.mapping(item, item.at, "the test", raw.keys()) {
			tests = append(tests, r.test(&raw, f, known))
		}
	})
	return tests
}

// test makes a test of what the file says. What is wrong is told, and there is no File then.
func (r *reader) test(raw *rawTest, f *File, known []string) Test {
	t := Test{at: raw.expect.at}
	read := func(v value, what string) (string, bool) {
		if v.node == nil {
			return "", false
		}
		return r.text(v, what)
	}
	t.Name, _ = read(raw.name, "name")
	if page, ok := read(raw.page, "page"); ok {
		var err error
		if t.Page, err = fetch.NewPage(page); err != nil {
			r.wrong(raw.page, "test-page", "write a URL, an origin, or \"null\"", "page is neither a URL nor an origin nor null")
		}
	}
	if request, ok := read(raw.request, "request"); ok {
		t.Request.Method, t.Request.URL = r.requestLine(raw.request, request)
	}
	if raw.headers.node != nil {
		t.Request.Header, _ = r.headers(raw.headers, nil)
	}
	if raw.credentials.node != nil {
		mode, _ := r.oneOf(raw.credentials, "credentials", credentialsModes())
		t.Request.Credentials = fetch.Credentials(mode)
	}
	if raw.expect.node != nil {
		outcome, _ := r.oneOf(raw.expect, "expect", expectations())
		t.Expect = fetch.Outcome(outcome)
	}
	switch policy, ok := read(raw.policy, "policy"); {
	case ok && !slices.Contains(known, policy):
		r.unknownPolicy(raw.policy.at, policy, known)
	case ok:
		t.Policy = policy
	case raw.policy.node == nil && len(f.Routes) == 0 && len(known) > 1:
		r.wrong(raw.request, "test-policy", "add policy: "+known[0]+", or routes to the file", "which of the policies is tested? the file has no routes")
	}
	return t
}

// requestLine takes a method and a path or URL apart. Both have to be such that net/http can make the request; what a
// browser makes of them is the test's outcome.
func (r *reader) requestLine(v value, text string) (method, target string) {
	const fix = "write method and path: GET /api/users"
	method, target, found := strings.Cut(text, " ")
	target = strings.TrimLeft(target, " ")
	switch {
	case !found || target == "" || strings.ContainsAny(target, " \t\r\n"):
		r.wrong(v, "test-request", fix, "request is %s, and has to be a method and a path", show(text))
		return "", ""
	case !header.IsToken(method):
		r.wrong(v, "test-request", fix, "%s is not a method", show(method))
		return "", ""
	}
	full := target
	if strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "//") {
		full = server + target
	}
	u, err := url.Parse(full)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		r.wrong(v, "test-request", fix, "request has neither a path that begins with one slash nor a URL of http or https without a password")
		return "", ""
	}
	return method, full
}

func lineOf(at place) string { return strconv.Itoa(at.line) }
