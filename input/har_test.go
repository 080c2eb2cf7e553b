package input_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/input"
)

func readHAR(t *testing.T, text string) *input.HAR {
	t.Helper()
	h, err := input.ReadHAR(strings.NewReader(text))
	if err != nil {
		t.Fatalf("got error %v", err)
	}
	return h
}

// describe is a fetch in a line: the page, the request, each hop with the statuses of its preflight and its response, the end.
func describe(f *input.RecordedFetch) string {
	page := "?"
	if f.Page != nil {
		page = f.Page.Origin.String()
	}
	var b strings.Builder
	r := &f.Request
	fmt.Fprintf(&b, "%s: %s %s %s %s", page, r.Initiator, r.Mode, r.Credentials, r.Method)
	for _, hop := range f.Hops {
		b.WriteString(" " + hop.URL)
		if hop.Preflight != nil {
			b.WriteString(" preflight " + answer(hop.Preflight))
		}
		b.WriteString(" " + answer(&hop.Request))
	}
	reached := map[fetch.Tristate]string{fetch.Yes: "reached", fetch.No: "not reached", fetch.Unset: "unknown"}[f.End.Reached]
	fmt.Fprintf(&b, " end %d %s %s", f.End.Status, f.End.Error, reached)
	return strings.Join(strings.Fields(b.String()), " ")
}

func answer(e *input.Exchange) string {
	switch {
	case e.Missing != "":
		return "missing-" + string(e.Missing)
	case e.Response.Error != "":
		return string(e.Response.Error)
	}
	return fmt.Sprint(e.Response.Status)
}

// The recordings in testdata are real ones, cut down: of the same requests in both browsers.
func TestReadHARBrowsers(t *testing.T) {
	const page = "https://app.example: "
	for _, row := range []struct {
		file, creator, browser string
		other                  int
		want                   []string
	}{
		{"testdata/chromium.har", "WebInspector 537.36", "chromium", 1, []string{
			page + "fetch cors include GET https://api.example/credentials 200 end 200 net::ERR_FAILED not reached",
			page + "img no-cors GET https://api.example/image 200 end 200 reached",
			page + "fetch cors GET https://api.example/authorized preflight 204 200 end 200 reached",
			page + "fetch cors GET https://api.example/header preflight 204 missing-response end 0 net::ERR_FAILED not reached",
			page + "fetch cors GET https://api.example/redirect 302 https://other.example/redirect 200 end 200 reached",
			page + "fetch cors GET https://api.example/error 503 end 503 net::ERR_FAILED not reached",
			page + "fetch cors GET https://api.example/shared 200 end 200 reached",
		}},
		{"testdata/firefox.har", "Firefox 153.7.0", "firefox", 1, []string{
			page + "fetch cors include GET https://api.example/credentials 200 end 200 unknown",
			page + "img no-cors GET https://api.example/image 200 end 200 unknown",
			page + "fetch cors GET https://api.example/authorized preflight 204 200 end 200 unknown",
			page + "fetch cors GET https://api.example/header preflight 204 missing-response end 0 not reached",
			page + "fetch cors GET https://api.example/redirect 302 https://other.example/redirect 200 end 200 unknown",
			page + "fetch cors GET https://api.example/error 503 end 503 unknown",
			page + "fetch cors GET https://api.example/shared 200 end 200 unknown",
		}},
	} {
		t.Run(row.file, func(t *testing.T) {
			text, err := os.ReadFile(row.file)
			if err != nil {
				t.Fatal(err)
			}
			h := readHAR(t, string(text))
			if h.Creator != row.creator || h.Browser != row.browser || h.Navigations != 1 || h.Other != row.other || h.Unmatched != nil {
				t.Errorf("got creator %q, browser %q, %d navigations, %d others, unmatched %v", h.Creator, h.Browser, h.Navigations, h.Other, h.Unmatched)
			}
			var got []string
			for i := range h.Fetches {
				got = append(got, describe(&h.Fetches[i]))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("fetches differ (-want +got):\n%s", diff)
			}
		})
	}
}

// A record is one entry of a test's recording.
type record struct {
	at       int // milliseconds
	kind     string
	method   string
	url      string
	headers  string // of the request, "Name: value" on lines
	status   int
	response string // its headers
	err      string // Chromium's error; "-" for a recording that has none
	more     map[string]any
}

const api = "https://api.example/x"

// fromApp are the headers by which a cross-origin request tells its page.
const fromApp = "Host: api.example\nOrigin: https://app.example\nSec-Fetch-Mode: cors\nSec-Fetch-Site: cross-site\n"

// recording is an archive of entries.
func recording(records ...record) string {
	pairs := func(lines string) []map[string]string {
		out := []map[string]string{}
		for line := range strings.Lines(lines) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			out = append(out, map[string]string{"name": name, "value": value})
		}
		return out
	}
	entries := []any{}
	for _, r := range records {
		response := map[string]any{"status": r.status, "headers": pairs(r.response), "content": map[string]any{"text": "body"}, "_error": nil}
		switch r.err {
		case "":
		case "-":
			delete(response, "_error")
		default:
			response["_error"] = r.err
		}
		request := map[string]any{"method": r.method, "url": r.url, "headers": pairs(r.headers)}
		if r.method == "" {
			request["method"] = "GET"
		}
		if r.url == "" {
			request["url"] = api
		}
		entry := map[string]any{
			"startedDateTime": fmt.Sprintf("2026-11-24T12:00:%02d.%03dZ", r.at/1000, r.at%1000), "time": 5, "pageref": "page_1",
			"request": request, "response": response,
		}
		if r.kind != "" {
			entry["_resourceType"] = r.kind
		}
		for key, value := range r.more {
			switch key {
			case "cookies", "bodySize", "postData":
				request[key] = value
			case "_fetchedViaServiceWorker":
				response[key] = value
			default:
				entry[key] = value
			}
		}
		entries = append(entries, entry)
	}
	text, err := json.Marshal(map[string]any{"log": map[string]any{
		"creator": map[string]string{"name": "WebInspector", "version": "1"}, "entries": entries,
		"pages": []any{map[string]string{"id": "page_1", "title": "https://listed.example/p"}},
	}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// preflight is the entry of a preflight for GET.
func preflight(at int, asked string) record {
	headers := fromApp + "Access-Control-Request-Method: GET\n"
	if asked != "" {
		headers += "Access-Control-Request-Headers: " + asked + "\n"
	}
	return record{at: at, kind: "preflight", method: "OPTIONS", headers: headers, status: 204, response: "Access-Control-Allow-Origin: *\n"}
}

// Preflights and redirects go to the request that they belong to.
func TestHARGroups(t *testing.T) {
	const (
		page     = "https://app.example: fetch cors GET "
		redirect = "Location: /y\nAccess-Control-Allow-Origin: *\n"
	)
	get := func(at int, url, headers string, status int, response string) record {
		return record{at: at, kind: "fetch", url: url, headers: fromApp + headers, status: status, response: response}
	}
	for _, row := range []struct {
		name    string
		records []record
		want    []string
	}{
		{"a preflight after its request", []record{get(0, api, "X-A: 1\n", 200, ""), preflight(1, "x-a")},
			[]string{page + api + " preflight 204 200 end 200 reached"}},
		{"a preflight before its request, as a proxy sees it", []record{preflight(0, "x-a"), get(1, api, "X-A: 1\n", 200, "")},
			[]string{page + api + " preflight 204 200 end 200 reached"}},
		{"a preflight long before", []record{preflight(0, "x-a"), get(40000, api, "X-A: 1\n", 200, "")},
			[]string{page + api + " 200 end 200 reached"}},
		{"the last request that fits", []record{get(0, api, "X-A: 1\n", 200, ""), get(3000, api, "X-A: 1\n", 201, ""), get(3001, api, "", 202, ""), preflight(3002, "x-a")},
			[]string{page + api + " 200 end 200 reached", page + api + " preflight 204 201 end 201 reached", page + api + " 202 end 202 reached"}},
		{"a request whose headers are not those sent", []record{{kind: "fetch", err: "net::ERR_FAILED"}, preflight(1, "x-a")},
			[]string{page + api + " preflight 204 missing-response end 0 net::ERR_FAILED not reached"}},
		{"another method", []record{{kind: "fetch", method: "PUT", headers: fromApp, status: 200}, preflight(1, "")},
			[]string{strings.Replace(page, "GET", "PUT", 1) + api + " 200 end 200 reached"}},
		{"a redirect", []record{get(0, api, "", 302, redirect), get(5, "https://api.example/y", "", 200, "")},
			[]string{page + api + " 302 https://api.example/y 200 end 200 reached"}},
		{"a redirect to itself, twice", []record{get(0, api, "", 302, "Location: /x\n"), get(5, api, "", 302, "Location: /x#a\n"), get(10, api, "", 200, "")},
			[]string{page + api + " 302 " + api + " 302 " + api + " 200 end 200 reached"}},
		{"a preflight behind a redirect", []record{get(0, api, "X-A: 1\n", 302, "Location: /x\n"), get(5, api, "X-A: 1\n", 200, ""), preflight(6, "x-a")},
			[]string{page + api + " 302 " + api + " preflight 204 200 end 200 reached"}},
		{"a request made before the redirect came", []record{get(0, api, "", 302, redirect), get(-0, "https://api.example/y", "", 200, ""), get(30, "https://api.example/y", "", 201, "")},
			[]string{page + api + " 302 https://api.example/y 200 end 200 reached", page + "https://api.example/y 201 end 201 reached"}},
		{"a blocked redirect leads nowhere", []record{{kind: "fetch", headers: fromApp, status: 302, response: redirect, err: "net::ERR_FAILED"}, get(9, "https://api.example/y", "", 200, "")},
			[]string{page + api + " 302 end 302 net::ERR_FAILED not reached", page + "https://api.example/y 200 end 200 reached"}},
		{"another page's", []record{get(0, api, "", 302, redirect), {at: 9, kind: "fetch", url: "https://api.example/y", headers: "Host: api.example\nOrigin: https://b.example\n", status: 200}},
			[]string{page + api + " 302 end 302 reached", "https://b.example: fetch cors GET https://api.example/y 200 end 200 reached"}},
		{"redirect mode manual, with the request that was not made", []record{get(0, api, "", 302, redirect), {at: 5, kind: "fetch", url: "https://api.example/y", err: "net::ERR_ABORTED"}},
			[]string{page + api + " 302 end 302 reached"}},
		{"a redirect to an app", []record{get(0, api, "", 302, "Location: myapp://x\n")},
			[]string{page + api + " 302 end 302 unknown"}},
		{"an upgrade by the browser", []record{get(0, "http://api.example/x", "", 307, "Location: https://api.example/x\nNon-Authoritative-Reason: HSTS\n"), get(1, api, "", 200, "")},
			[]string{page + api + " 200 end 200 reached"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := readHAR(t, recording(row.records...))
			var got []string
			for i := range h.Fetches {
				got = append(got, describe(&h.Fetches[i]))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("fetches differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHARUnmatched(t *testing.T) {
	h := readHAR(t, recording(preflight(0, "x-a"), record{kind: "fetch", headers: fromApp, status: 200}))
	if want := []input.Unmatched{{Method: "GET", URL: api}}; !slices.Equal(h.Unmatched, want) || h.Fetches[0].Hops[0].Preflight != nil {
		t.Errorf("got unmatched %v, want %v", h.Unmatched, want)
	}
}

// What goes to no server, and what loads a page, is counted.
func TestHARCounts(t *testing.T) {
	h := readHAR(t, recording(
		record{kind: "document", headers: "Sec-Fetch-Mode: navigate\n", status: 200},
		record{kind: "document", status: 200},
		record{headers: "Sec-Fetch-Mode: navigate\nSec-Fetch-Dest: iframe\n", status: 200},
		record{url: "data:,x", status: 200}, record{url: "blob:https://app.example/1", status: 200},
		record{url: "chrome-extension://abc/x.js", status: 200}, record{url: "not a URL"},
	))
	if h.Navigations != 3 || h.Other != 4 || len(h.Fetches) != 0 {
		t.Errorf("got %d navigations, %d others, %d fetches", h.Navigations, h.Other, len(h.Fetches))
	}
}

func TestHARPage(t *testing.T) {
	const listed, unknown = "The request does not name its page: the one that the recording was made of is assumed.", "The recording does not tell which page made the request."
	for _, row := range []struct {
		name    string
		records []record
		want    string
		note    string
	}{
		{"Origin", []record{{headers: "Origin: https://app.example\nReferer: https://other.example/\n"}}, "https://app.example", ""},
		{"an opaque one", []record{{headers: "Origin: null\n"}}, "null", ""},
		{"Origin of the preflight", []record{{headers: "Referer: https://other.example/\n"}, preflight(1, "")}, "https://app.example", ""},
		{"a request to the page's own origin", []record{{headers: "Sec-Fetch-Site: same-origin\nReferer: https://other.example/\n"}}, "https://api.example", ""},
		{"Referer", []record{{headers: "Referer: https://app.example/path?token=t\n"}}, "https://app.example", ""},
		{"the null of a redirect is not the page", []record{
			{headers: "Host: api.example\nReferer: https://app.example/\n", status: 302, response: "Location: /y\n"},
			{at: 5, url: "https://api.example/y", headers: "Host: api.example\nOrigin: null\n", status: 200},
		}, "https://app.example", ""},
		{"Origin behind a redirect from home", []record{
			{headers: "Host: api.example\n", status: 302, response: "Location: /y\n"},
			{at: 5, url: "https://api.example/y", headers: "Host: api.example\nOrigin: https://app.example\n", status: 200},
		}, "https://app.example", ""},
		{"the list of pages", []record{{}}, "https://listed.example", listed},
		{"nothing", []record{{more: map[string]any{"pageref": "page_2"}}}, "", unknown},
		{"a Referer that is no URL", []record{{headers: "Referer: x\n", more: map[string]any{"pageref": nil}}}, "", unknown},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := readHAR(t, recording(row.records...)).Fetches[0]
			got := ""
			if f.Page != nil {
				got = f.Page.Origin.String()
			}
			if got != row.want {
				t.Errorf("got page %q, want %q", got, row.want)
			}
			if noted := slices.Contains(f.Notes, listed) || slices.Contains(f.Notes, unknown); noted != (row.note != "") || noted && !slices.Contains(f.Notes, row.note) {
				t.Errorf("got notes %q, want %q", f.Notes, row.note)
			}
		})
	}
}

func TestHARCrossOrigin(t *testing.T) {
	for _, row := range []struct {
		name    string
		records []record
		want    bool
	}{
		{"another origin", []record{{headers: fromApp}}, true},
		{"the page's", []record{{headers: "Origin: https://api.example\n"}}, false},
		{"the page's, by WebSocket", []record{{url: "wss://api.example/", headers: "Origin: https://api.example\n"}}, false},
		{"an opaque page", []record{{headers: "Origin: null\n"}}, true},
		{"a redirect away", []record{
			{url: "https://app.example/x", headers: "Host: app.example\nSec-Fetch-Site: same-origin\n", status: 302, response: "Location: " + api + "\n"},
			{at: 5, headers: fromApp, status: 200},
		}, true},
		{"an unknown page", []record{{more: map[string]any{"pageref": nil}}}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := readHAR(t, recording(row.records...)).Fetches[0].CrossOrigin(); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}

// Lines that are not field names are left out, joined lines are taken apart, and text is bytes again.
func TestHARHeaders(t *testing.T) {
	f := readHAR(t, recording(record{
		headers: ":authority: api.example\n:path: /\n" + fromApp, status: 200,
		response: "Vary:  Origin\t\nX-Name: é☃\nbad name: 1\n: 2\nX-Byte: \u00e9\n",
	})).Fetches[0]
	want := header.List{{Name: "Vary", Value: "Origin"}, {Name: "X-Name", Value: "\xc3\xa9\xe2\x98\x83"}, {Name: "X-Byte", Value: "\xe9"}}
	if diff := cmp.Diff(want, f.Hops[0].Request.Response.Header); diff != "" {
		t.Errorf("headers differ (-want +got):\n%s", diff)
	}
	text := strings.Replace(recording(record{headers: fromApp, status: 200, response: "A: JOIN\n"}), "JOIN", `1\n2\n`, 1)
	f = readHAR(t, text).Fetches[0]
	want = header.List{{Name: "A", Value: "1"}, {Name: "A", Value: "2"}, {Name: "A", Value: ""}}
	if diff := cmp.Diff(want, f.Hops[0].Request.Response.Header); diff != "" {
		t.Errorf("headers differ (-want +got):\n%s", diff)
	}
}
