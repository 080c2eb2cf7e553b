package explain_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/concors/concors/explain"
	"github.com/concors/concors/internal/term"
)

// drawn returns the picture in the text of one explanation: the lines between the first two empty ones.
func drawn(t *testing.T, e explain.Explanation, l explain.Layout) string {
	t.Helper()
	var b bytes.Buffer
	if err := explain.WriteText(&b, []explain.Explanation{e}, l); err != nil {
		t.Fatal(err)
	}
	_, picture, found := strings.Cut(b.String(), "\n\n")
	if !found {
		t.Fatalf("no picture in\n%s", b.String())
	}
	picture, _, _ = strings.Cut(picture, "\n\n")
	return strings.TrimSuffix(picture, "\n") + "\n"
}

const putScenario = `"request": {"url": "https://api.example/users/123", "method": "PUT"}, "responses": [
	{"status": 204, "headers": [["Access-Control-Allow-Origin", "https://app.example"], ["Access-Control-Allow-Methods", "GET, POST"]]}]`

func TestDrawn(t *testing.T) {
	for _, row := range []struct {
		name, scenario string
		layout         explain.Layout
		want           string
	}{
		{"wide", putScenario, explain.Layout{Width: 80}, `
  page     browser  api.example
  │        │        │
  ├───────>│        │  PUT https://api.example/users/123
  │        ├───────>│  OPTIONS /users/123  (preflight, no cookies)
  │        │        │    Origin: https://app.example
  │        │        │    Access-Control-Request-Method: PUT
  │        │<───────┤  204 No Content
  │        │        │    Access-Control-Allow-Origin: https://app.example
  │        │        │  ✗ Access-Control-Allow-Methods: GET, POST
  │        │        │  + Access-Control-Allow-Methods: PUT
  │        ├╌╌╌✗    │  PUT /users/123  (not sent)
  │<───────┤        │  TypeError
`},
		{"narrow", putScenario, explain.Layout{Width: 40}, `
  page
  │  browser
  │  │  api.example
  │  │  │
  ├─>│  │ PUT
  │  │  │ https://api.example/users/123
  │  ├─>│ OPTIONS /users/123 (preflight,
  │  │  │ no cookies)
  │  │  │   Origin:
  │  │  │     https://app.example
  │  │  │   Access-Control-Request-
  │  │  │     Method: PUT
  │  │<─┤ 204 No Content
  │  │  │   Access-Control-Allow-
  │  │  │     Origin:
  │  │  │     https://app.example
  │  │  │ ✗ Access-Control-Allow-
  │  │  │     Methods: GET, POST
  │  │  │ + Access-Control-Allow-
  │  │  │     Methods: PUT
  │  ├✗ │ PUT /users/123  (not sent)
  │<─┤  │ TypeError
`},
		{"ASCII", putScenario, explain.Layout{Width: 80, ASCII: true}, `
  page     browser  api.example
  |        |        |
  |------->|        |  PUT https://api.example/users/123
  |        |------->|  OPTIONS /users/123  (preflight, no cookies)
  |        |        |    Origin: https://app.example
  |        |        |    Access-Control-Request-Method: PUT
  |        |<-------|  204 No Content
  |        |        |    Access-Control-Allow-Origin: https://app.example
  |        |        |  x Access-Control-Allow-Methods: GET, POST
  |        |        |  + Access-Control-Allow-Methods: PUT
  |        |...x    |  PUT /users/123  (not sent)
  |<-------|        |  TypeError
`},
		{"several servers", `"request": {"url": "https://api.example/", "redirect": "follow"}, "responses": [
			{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "https://b.example/x"]]}, {"error": "dns"}]`, explain.Layout{Width: 80}, `
  page     browser  servers
  │        │        │
  ├───────>│        │  GET https://api.example/
  │        ├───────>│  GET /  to api.example  (no cookies)
  │        │        │    Origin: https://app.example
  │        │<───────┤  302 Found
  │        │        │    Access-Control-Allow-Origin: *
  │        │        │    Location: https://b.example/x
  │        ├───────>│  GET /x  to b.example  (no cookies)
  │        │        │    Origin: null
  │        │    ✗╌╌╌┤  ✗ no response: the host name could not be resolved
  │<───────┤        │  TypeError
`},
		{"no server", `"request": {"url": "https://api.example/", "cache": "force-cache"}, "stored": {"status": 200, "headers": [["Date", "x"]]}`, explain.Layout{Width: 80}, `
  page     browser
  │        │
  ├───────>│  GET https://api.example/
  │        │    cache: force-cache
  │        ●  200 OK  (from the HTTP cache)
  │        │  ✗ no Access-Control-Allow-Origin
  │        │  + Access-Control-Allow-Origin: https://app.example
  │        │    (and 1 more header)
  │<───✗───┤  TypeError
`},
		{"a call that throws", `"request": {"url": "https://api.example/", "mode": "navigate"}`, explain.Layout{Width: 80}, `
  page     browser
  │        │
  ├───✗───>│  GET https://api.example/
  │        │    mode: navigate
  │        │  ✗ a script cannot use mode navigate
  │<───────┤  TypeError
`},
		{"a long value", `"request": {"url": "/"}, "responses": [{"status": 200, "headers": [["Server", "` + strings.Repeat("0123456789", 60) + `"]]}]`, explain.Layout{Width: 64}, `
  page     browser  app.example
  │        │        │
  ├───────>│        │  GET /
  │        ├───────>│  GET /  (cookies may go along)
  │        │<───────┤  200 OK
  │        │        │    Server: 01234567890123456789012345678
  │        │        │      9012345678901234567890123456789012345
  │        │        │      6789012345678901234567890123456789012
  │        │        │      3456789012345678901234567890123456789
  │        │        │      0123456789012345678901234567890123456
  │        │        │      789012345678901234567890123456789012…
  │<───────┤        │  status 200, the body, and the header
  │        │        │  server
`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := drawn(t, runOne(t, row.scenario), row.layout)
			if want := strings.TrimPrefix(row.want, "\n"); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// The picture holds its width, URLs and wide characters included, whatever is in it.
func TestDrawnWidths(t *testing.T) {
	scenarios := failing()
	scenarios["hostile"] = `"request": {"url": "https://api.example/` + strings.Repeat("a", 300) + `?x=漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", "headers": [["X-A", "` + strings.Repeat("é ", 300) + `"]]},
		"responses": [{"status": 200, "headers": [["Access-Control-Allow-Origin", "` + strings.Repeat("x", 3000) + `\u001b\u009b"], ["Server", "1"]]}]`
	scenarios["a long host"] = `"request": {"url": "https://` + strings.Repeat("a.", 100) + `example/"}, "responses": [{"status": 200}]`
	for id, scenario := range scenarios {
		e := runOne(t, scenario)
		for width := 40; width <= 120; width++ {
			for line := range strings.Lines(drawn(t, e, explain.Layout{Width: width})) {
				line = strings.TrimSuffix(line, "\n")
				if n := term.Columns(line); n > width || line != strings.TrimRight(line, " ") {
					t.Errorf("%s: %d columns of %d: %q", id, n, width, line)
				}
			}
		}
	}
}

// Colour adds to the picture and changes nothing in it.
func TestDrawnInColour(t *testing.T) {
	e := runOne(t, putScenario)
	plain := drawn(t, e, explain.Layout{Width: 80})
	colour := drawn(t, e, explain.Layout{Width: 80, Styles: term.NewStyles(true)})
	var b strings.Builder
	for part := range strings.SplitSeq(colour, "\x1b[") {
		if b.Len() > 0 {
			_, part, _ = strings.Cut(part, "m")
		}
		b.WriteString(part)
	}
	if b.String() != plain {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), plain)
	}
	if !strings.Contains(colour, "\x1b[") {
		t.Error("got no colour")
	}
}

// Of several fetches, each has a line for each request instead.
func TestSeveralAreListed(t *testing.T) {
	e := runOne(t, putScenario)
	var b bytes.Buffer
	if err := explain.WriteText(&b, []explain.Explanation{e, e}, explain.Layout{Width: 80}); err != nil {
		t.Fatal(err)
	}
	want := "  sent  OPTIONS https://api.example/users/123  (preflight)  204\n"
	if got := b.String(); strings.Count(got, want) != 2 || strings.Contains(got, "├") {
		t.Errorf("got:\n%s", got)
	}
}
