package explain_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// transcript writes a sequence as lines: who to whom, what, and what belongs to it.
func transcript(s *explain.Sequence) string {
	var b strings.Builder
	who := func(i int) string {
		if p := s.Participants[i]; p.Role == explain.RoleServer {
			return p.Name
		}
		return string(s.Participants[i].Role)
	}
	sign := func(m explain.Mark) string {
		return map[explain.Mark]string{"": "", "failing": "x ", "wanted": "+ "}[m]
	}
	for _, m := range s.Messages {
		fmt.Fprintf(&b, "%s: %s > %s: %s%s", m.Kind, who(m.From), who(m.To), sign(m.Mark), m.Text)
		if m.Remark != "" {
			fmt.Fprintf(&b, " (%s)", m.Remark)
		}
		if m.Unsent {
			b.WriteString(" UNSENT")
		}
		if m.Stop {
			b.WriteString(" STOP")
		}
		b.WriteString("\n")
		for _, l := range m.Lines {
			b.WriteString("  " + sign(l.Mark) + l.Text + "\n")
		}
		if m.More > 0 {
			fmt.Fprintf(&b, "  %d more\n", m.More)
		}
	}
	return b.String()
}

func TestSequenceOf(t *testing.T) {
	const star = `["Access-Control-Allow-Origin", "*"]`
	for _, row := range []struct{ name, scenario, want string }{
		{"what script can read", `"request": {"url": "https://api.example/x?y#z"}, "responses": [{"status": 200, "headers": [` + star + `, ["Content-Type", "text/plain"], ["Date", "today"], ["Set-Cookie", "sid=secret; Secure"]]}]`, `
call: page > browser: GET https://api.example/x?y#z
request: browser > api.example: GET /x?y (no cookies)
  Origin: https://app.example
response: api.example > browser: 200 OK
  Access-Control-Allow-Origin: *
  Content-Type: text/plain
  Set-Cookie: sid
  1 more
result: browser > page: status 200, the body, and the header content-type
  (script cannot read the headers access-control-allow-origin, date, set-cookie)
`},
		{"a header that is missing", `"request": {"url": "https://api.example/", "credentials": "include"}, "responses": [{"status": 200}]`, `
call: page > browser: GET https://api.example/
  credentials: include
request: browser > api.example: GET / (cookies may go along)
  Origin: https://app.example
response: api.example > browser: 200 OK
  x no Access-Control-Allow-Origin
  + Access-Control-Allow-Origin: https://app.example
result: browser > page: x TypeError STOP
`},
		{"a header on two lines", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["access-control-allow-origin", "https://app.example"], ["Vary", "Origin"], ` + star + `]}]`, `
call: page > browser: GET https://api.example/
request: browser > api.example: GET / (no cookies)
  Origin: https://app.example
response: api.example > browser: 200 OK
  x access-control-allow-origin: https://app.example
  Vary: Origin
  x Access-Control-Allow-Origin: *
  + Access-Control-Allow-Origin: https://app.example
result: browser > page: x TypeError STOP
`},
		{"a preflight that says no", `"request": {"url": "https://api.example/", "method": "PUT", "body": "text"}, "responses": [{"status": 204, "headers": [` + star + `]}]`, `
call: page > browser: PUT https://api.example/
  body: text
preflight: browser > api.example: OPTIONS / (preflight, no cookies)
  Origin: https://app.example
  Access-Control-Request-Method: PUT
response: api.example > browser: 204 No Content
  Access-Control-Allow-Origin: *
  x no Access-Control-Allow-Methods
  + Access-Control-Allow-Methods: PUT
request: browser > api.example: PUT / (not sent) UNSENT STOP
result: browser > page: x TypeError
`},
		{"a preflight with the wrong status", `"request": {"url": "https://api.example:8080/", "method": "PUT"}, "responses": [{"status": 418, "headers": [` + star + `]}]`, `
call: page > browser: PUT https://api.example:8080/
preflight: browser > api.example:8080: OPTIONS / (preflight, no cookies)
  Origin: https://app.example
  Access-Control-Request-Method: PUT
response: api.example:8080 > browser: x 418
  + status 200 to 299
  Access-Control-Allow-Origin: *
request: browser > api.example:8080: PUT / (not sent) UNSENT STOP
result: browser > page: x TypeError
`},
		{"redirects", `"request": {"url": "https://api.example/", "method": "POST", "body": "urlencoded"}, "responses": [
			{"status": 303, "headers": [` + star + `, ["Location", "https://b.example/x"]]}, {"status": 200, "headers": [["Access-Control-Allow-Origin", "https://app.example"]]}]`, `
call: page > browser: POST https://api.example/
  body: urlencoded
request: browser > api.example: POST / (no cookies)
  Origin: https://app.example
  Content-Type: application/x-www-form-urlencoded;charset=UTF-8
response: api.example > browser: 303 See Other
  Access-Control-Allow-Origin: *
  Location: https://b.example/x
request: browser > b.example: GET /x (no cookies)
  Origin: null
response: b.example > browser: 200 OK
  x Access-Control-Allow-Origin: https://app.example
result: browser > page: x TypeError STOP
`},
		{"a call that throws", `"request": {"url": "https://api.example/", "method": "TRACE"}`, `
call: page > browser: TRACE https://api.example/ STOP
  x the method is forbidden
result: browser > page: x TypeError
`},
		{"options", `"request": {"url": "https://api.example/", "method": "POST", "mode": "same-origin", "credentials": "", "redirect": "manual", "cache": "reload",
			"body": "bytes", "keepalive": true, "upload_listener": true}`, `
call: page > browser: POST https://api.example/ STOP
  mode: same-origin
  credentials: ""
  redirect: manual
  cache: reload
  body: bytes
  keepalive: true
  upload listener: true
  x an option has an unknown value
result: browser > page: x TypeError
`},
		{"a header that throws", `"request": {"url": "https://api.example/", "headers": [["A", "1"], ["b c", "2"]]}`, `
call: page > browser: GET https://api.example/ STOP
  A: 1
  x b c: 2
result: browser > page: x TypeError
`},
		{"a request that the browser keeps back", `"request": {"url": "http://api.example/x"}`, `
call: page > browser: GET http://api.example/x
request: browser > api.example: GET /x (not sent) UNSENT STOP
  x mixed content
result: browser > page: x TypeError
`},
		{"a request to no server", `"request": {"url": "file:///etc/hosts"}`, `
call: page > browser: GET file:///etc/hosts
note: browser > browser: GET file:///etc/hosts (not sent) UNSENT STOP
  x the URL is not http or https
result: browser > page: x TypeError
`},
		{"kept back after a redirect", `"request": {"url": "/"}, "responses": [{"status": 302, "headers": [["Location", "http://b.example/"]]}]`, `
call: page > browser: GET /
request: browser > app.example: GET / (cookies may go along)
response: app.example > browser: 302 Found
  Location: http://b.example/
request: browser > b.example: GET / (not sent) UNSENT STOP
  x mixed content
result: browser > page: x TypeError
`},
		{"no response", `"request": {"url": "https://api.example/", "initiator": "img"}, "responses": [{"error": "tls"}]`, `
call: page > browser: GET https://api.example/ (img)
request: browser > api.example: GET / (cookies may go along)
response: api.example > browser: x no response: TLS failed UNSENT STOP
result: browser > page: x an error event
`},
		{"a response that the HTTP cache has", `"request": {"url": "https://api.example/", "cache": "force-cache"}, "stored": {"status": 200, "headers": [["Vary", "Origin"]]}`, `
call: page > browser: GET https://api.example/
  cache: force-cache
note: browser > browser: 200 OK (from the HTTP cache)
  Vary: Origin
  x no Access-Control-Allow-Origin
  + Access-Control-Allow-Origin: https://app.example
result: browser > page: x TypeError STOP
`},
		{"a 304 that replaces a part of it", `"request": {"url": "https://api.example/"}, "stored": {"status": 200, "headers": [["Server", "a"], ["Vary", "Origin"], ["ETag", "1"]]},
			"responses": [{"status": 304, "headers": [["Server", "b"]]}]`, `
call: page > browser: GET https://api.example/
request: browser > api.example: GET / (no cookies)
  Origin: https://app.example
response: api.example > browser: 304 Not Modified
  Server: b
note: browser > browser: 200 OK (from the HTTP cache)
  Vary: Origin
  x no Access-Control-Allow-Origin
  + Access-Control-Allow-Origin: https://app.example
  1 more
result: browser > page: x TypeError STOP
`},
		{"data in the URL", `"request": {"url": "data:,x"}`, `
call: page > browser: GET data:,x
note: browser > browser: nothing is sent: the URL has the data in it
result: browser > page: status 200, the body, and the header content-type
`},
		{"cookies", `"request": {"url": "https://api.example/", "mode": "no-cors", "credentials": "include"}, "responses": [{"status": 200}],
			"environment": {"cookies": [{"name": "a", "domain": "api.example", "same_site": "none", "secure": true}, {"name": "b", "domain": "api.example", "same_site": "lax"}]}`, `
call: page > browser: GET https://api.example/
  mode: no-cors
  credentials: include
request: browser > api.example: GET / (cookies may go along)
  (cookies that go along: a)
  (cookies that stay: b)
response: api.example > browser: 200 OK
result: browser > page: an opaque response: status 0, no headers, no body
`},
		{"a control in a value", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200, "headers": [["Server", "\u001b[2J\u00e9"]]}]`, `
call: page > browser: GET https://api.example/
request: browser > api.example: GET / (no cookies)
  Origin: https://app.example
response: api.example > browser: 200 OK
  Server: \x1b[2Jé
  x no Access-Control-Allow-Origin
  + Access-Control-Allow-Origin: https://app.example
result: browser > page: x TypeError STOP
`},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := runOne(t, row.scenario)
			s := explain.SequenceOf(&e)
			if diff := cmp.Diff(strings.TrimPrefix(row.want, "\n"), transcript(&s)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A preflight that the browser still knows takes no exchange; a request that is not sent is told.
func TestSequenceOfCachedPreflight(t *testing.T) {
	list := run(t, fetch.Chromium(), `{"page": "https://app.example", "fetches": [
		{"request": {"url": "https://api.example/", "method": "PUT"},
			"responses": [{"status": 204, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Max-Age", "600"]]},
				{"status": 200, "headers": [["Access-Control-Allow-Origin", "*"]]}]},
		{"request": {"url": "https://api.example/", "method": "PUT"}, "responses": [{"status": 500}]}
	]}`)
	s := explain.SequenceOf(&list[1])
	want := `call: page > browser: PUT https://api.example/
note: browser > browser: the preflight is answered from the cache
request: browser > api.example: PUT / (no cookies)
  Origin: https://app.example
response: api.example > browser: 500 Internal Server Error
  x no Access-Control-Allow-Origin
  + Access-Control-Allow-Origin: https://app.example
result: browser > page: x TypeError: Failed to fetch STOP
`
	if diff := cmp.Diff(want, transcript(&s)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// unwilling answers the preflight and a first redirect, and sends nothing else.
type unwilling struct{}

func (unwilling) Do(sent *fetch.Sent) (fetch.Response, error) {
	r := fetch.Response{Status: 204}
	r.Header.Append("Access-Control-Allow-Origin", "*")
	r.Header.Append("Access-Control-Allow-Methods", "PUT")
	switch {
	case sent.Kind == fetch.KindPreflight:
		return r, nil
	case sent.Hop == 0:
		r.Status = 307
		r.Header.Append("Location", "/next")
		return r, nil
	}
	return r, fetch.ErrUnsent
}

func TestSequenceOfUnsent(t *testing.T) {
	page, err := fetch.NewPage("https://app.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ method, want string }{
		{"PUT", "request: browser > api.example: PUT /next (not sent) UNSENT\n"},
		{"POST", "request: browser > api.example: POST /next (not sent) UNSENT\n"},
	} {
		t.Run(row.method, func(t *testing.T) {
			trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(&page, &fetch.Request{URL: "https://api.example/", Method: row.method}, unwilling{}, 0)
			if err != nil || trace.Outcome != fetch.Unsent {
				t.Fatalf("got %s, %v", trace.Outcome, err)
			}
			e := explain.Of(trace)
			s := explain.SequenceOf(&e)
			if got := transcript(&s); !strings.HasSuffix(got, row.want) || strings.Contains(got, "result") {
				t.Errorf("got:\n%s\nwant it to end in:\n%s", got, row.want)
			}
		})
	}
}

// However much there is, a picture has a bound, and what decided is in it.
func TestSequenceOfBounds(t *testing.T) {
	var list []string
	for i := range 1000 {
		list = append(list, fmt.Sprintf(`["Access-Control-X-%d", "%s"]`, i, strings.Repeat("v", 2000)))
	}
	list = append(list, `["Access-Control-Allow-Origin", "https://b.example"]`)
	e := runOne(t, `"request": {"url": "https://api.example/`+strings.Repeat("x", 50000)+`"}, "responses": [{"status": 200, "headers": [`+strings.Join(list, ",")+`]}]`)
	s := explain.SequenceOf(&e)
	got := transcript(&s)
	if len(got) > 20000 || !strings.Contains(got, "x Access-Control-Allow-Origin: https://b.example\n") || !strings.Contains(got, "989 more\n") {
		t.Errorf("got %d bytes:\n%.3000s", len(got), got)
	}

	e = runOne(t, failing()[fetch.RedirectTooMany])
	s = explain.SequenceOf(&e)
	if got := transcript(&s); !strings.Contains(got, "note: browser > browser: 9 more requests are left out here\n") || strings.Count(got, "\nrequest: ") != 12 {
		t.Errorf("got:\n%s", got)
	}
}
