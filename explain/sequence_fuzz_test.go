package explain_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/internal/term"
)

// Whatever a script asks for and a server answers, the exchange can be drawn, the text holds its width, and the page is well
// formed and loads nothing.
func FuzzDrawing(f *testing.F) {
	f.Add("PUT", "https://api.example/x", "X-A", "1", "Access-Control-Allow-Origin", "*", 302, "https://b.example/", uint8(0))
	f.Add("GET", "//b\\c?\u202e", "", "\x00", "Server", "</title><script>\x9b", 200, "", uint8(61))
	f.Add("a b", "ws://漢字.example/", "Content-Type", "text/xml", "access-control-allow-methods", "é", 401, "file:///", uint8(82))
	f.Fuzz(func(t *testing.T, method, url, name, value, answer, says string, status int, location string, how uint8) {
		page, err := fetch.NewPage("https://app.example")
		if err != nil {
			t.Fatal(err)
		}
		request := &fetch.Request{URL: url, Method: method, Mode: fetch.Mode(says), Header: header.List{{Name: name, Value: value}}}
		if how%2 == 0 {
			request.Mode = ""
		}
		var response fetch.Response
		response.Status = status
		response.Header = header.List{{Name: "Access-Control-Allow-Origin", Value: "*"}, {Name: "Access-Control-Allow-Methods", Value: method}, {Name: answer, Value: says}}
		if location != "" {
			response.Header.Append("Location", location)
		}
		profile := fetch.Profiles()[how/2%4]
		trace, err := fetch.NewBrowser(profile).Fetch(&page, request, always(response), 0)
		if err != nil {
			t.Fatal(err)
		}
		e := explain.Of(trace, trace)
		s := explain.SequenceOf(&e)
		checkSequence(t, "a fetch", &s, trace)
		width := 40 + int(how)%81
		for line := range strings.Lines(drawn(t, e, explain.Layout{Width: width})) {
			if n := term.Columns(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns of %d: %q", n, width, line)
			}
		}
		parsePage(t, "a fetch", htmlOf(t, []explain.Explanation{e}, true))
	})
}

// always is a network with one answer.
type always fetch.Response

func (a always) Do(*fetch.Sent) (fetch.Response, error) { return fetch.Response(a), nil }
