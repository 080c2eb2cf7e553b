package explain_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/input"
	"github.com/concors/concors/report"
)

// summaryOf writes the summary of a recording in testdata of the input package.
func summaryOf(t *testing.T, file string, width int) string {
	t.Helper()
	text, err := os.Open("../input/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	h, err := input.ReadHAR(text)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := explain.WriteSummary(&b, explain.HAR(h, fetch.Chromium(), false), explain.Layout{Width: width}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteSummary(t *testing.T) {
	const want = `blocked  GET  https://api.example/credentials  https://app.example  allow-credentials-missing
opaque   GET  https://api.example/image        https://app.example
allowed  GET  https://api.example/authorized   https://app.example
blocked  GET  https://api.example/header       https://app.example  header-not-allowed
allowed  GET  https://api.example/redirect     https://app.example
blocked  GET  https://api.example/error        https://app.example  allow-origin-missing
allowed  GET  https://api.example/shared       https://app.example

7 cross-origin requests: 3 blocked, 3 allowed, 1 opaque.
Not listed: 1 page load, 1 request to no server.
`
	for _, file := range []string{"chromium.har", "firefox.har"} {
		t.Run(file, func(t *testing.T) {
			if diff := cmp.Diff(want, summaryOf(t, file, 100)); diff != "" {
				t.Errorf("summary differs (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("narrow", func(t *testing.T) {
		const want = `blocked  GET  api.example/cre...  app.exa...  allow-crede...`
		if got, _, _ := strings.Cut(summaryOf(t, "chromium.har", 60), "\n"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestWriteSummaryOfNothing(t *testing.T) {
	var b bytes.Buffer
	r := &explain.Recording{SameOrigin: 1, Unplaced: slices.Repeat([]explain.RequestResult{{Method: "GET", URL: api}}, 4), Unmatched: []explain.RequestResult{{Method: "PUT", URL: api}}}
	if err := explain.WriteSummary(&b, r, explain.Layout{Width: 120}); err != nil {
		t.Fatal(err)
	}
	const want = `No cross-origin requests.
Not listed: 1 same-origin request.
4 requests not judged, since the recording does not tell the page: GET https://api.example/, GET https://api.example/,
GET https://api.example/, ....
1 preflight without the request: PUT https://api.example/.
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("summary differs (-want +got):\n%s", diff)
	}
}

// No line of the table is wider than the layout, whatever is in it.
func TestWriteSummaryWidths(t *testing.T) {
	long := simple(t, answered(200), refused)
	long.Request.Method = strings.Repeat("M", 50)
	long.Request.URL = "https://" + strings.Repeat("é漢\u202e", 300) + ".example/\x1b"
	page, err := fetch.NewPage("https://" + strings.Repeat("a.", 60) + "example")
	if err != nil {
		t.Fatal(err)
	}
	other := simple(t, missing(input.MissingResponse), input.End{Error: "net::\x1b[31m"})
	other.Page = &page
	h := &input.HAR{Fetches: []input.RecordedFetch{long, other, simple(t, answered(200), refused)}}
	r := explain.HAR(h, fetch.Standard(), true)
	for _, width := range []int{-1, 40, 41, 60, 100, 120} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			var b bytes.Buffer
			if err := explain.WriteSummary(&b, r, explain.Layout{Width: width}); err != nil {
				t.Fatal(err)
			}
			checkLines(t, b.String(), max(width, 40))
		})
	}
}

func checkLines(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > width {
			t.Errorf("%d columns: %s", n, line)
		}
		if strings.ContainsAny(line, "\x1b\r\t\u009b\u202e") || line != strings.TrimRight(line, " ") {
			t.Errorf("got line %q", line)
		}
	}
}

// The text of a recorded fetch tells what the browser recorded, and what was assumed.
func TestWriteTextRecorded(t *testing.T) {
	f := simple(t, missing(input.MissingResponse), nothing)
	f.Notes = []string{"Something is assumed."}
	var b bytes.Buffer
	list := []explain.Explanation{*explainOne(t, &f, fetch.Chromium())}
	if err := explain.WriteText(&b, list, explain.Layout{Width: 80}); err != nil {
		t.Fatal(err)
	}
	const want = `blocked  GET https://api.example/  from https://app.example
  The recording has no response headers for this request: the browser blocked it
  (net::ERR_FAILED). Run concors explain URL to look at what the server answers.
  har   the browser recorded net::ERR_FAILED
  note  Something is assumed.
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("text differs (-want +got):\n%s", diff)
	}
}

// A recording adds keys to the result, and takes none away.
func TestRecordingResult(t *testing.T) {
	f := simple(t, answered(200), refused)
	f.Request.URL += "?token=secret"
	f.Hops[0].URL = f.Request.URL
	r := explain.HAR(&input.HAR{Creator: "WebInspector 1", Fetches: []input.RecordedFetch{f}}, fetch.Chromium(), false)
	var b bytes.Buffer
	if err := report.WriteJSON(&b, explain.NewRecordingResult("chromium", r, false)); err != nil {
		t.Fatal(err)
	}
	var result struct {
		Recording any
		Fetches   []map[string]any
	}
	if err := json.Unmarshal(b.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	wantRecording := map[string]any{
		"creator": "WebInspector 1", "same_origin": 0.0, "navigations": 0.0, "other": 0.0, "unplaced": []any{}, "unmatched_preflights": []any{},
	}
	if diff := cmp.Diff(any(wantRecording), result.Recording); diff != "" {
		t.Errorf("recording differs (-want +got):\n%s", diff)
	}
	got := result.Fetches[0]
	for key, want := range map[string]any{
		"request": map[string]any{"method": "GET", "url": api + "?token=***"}, "page": "https://app.example", "missing": "",
		"recorded": map[string]any{"status": 200.0, "error": "net::ERR_FAILED", "reached": false}, "notes": []any{}, "outcome": "blocked",
	} {
		if diff := cmp.Diff(want, got[key]); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", key, diff)
		}
	}
	silence := simple(t, missing(input.MissingResponse), input.End{})
	r = explain.HAR(&input.HAR{Fetches: []input.RecordedFetch{silence}}, fetch.Chromium(), false)
	if result := explain.NewRecordingResult("chromium", r, false).Fetches[0]; result.Outcome != explain.Unknown || result.Missing == "" || result.Recorded.Reached != nil {
		t.Errorf("got %+v", result)
	}
}

// Whatever a recording holds, it can be explained and written.
func FuzzRecording(f *testing.F) {
	for _, file := range []string{"chromium.har", "firefox.har"} {
		text, err := os.ReadFile("../input/testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), 0)
	}
	f.Add(`{"log": {"entries": [{"request": {"method": "POST", "url": "https://a.example", "headers": [{"name": "Origin", "value": "https://b.example"}]}, "response": {"status": 302, "headers": [{"name": "Location", "value": "//c.example"}]}}]}}`, 1)
	f.Fuzz(func(t *testing.T, text string, browser int) {
		h, err := input.ReadHAR(strings.NewReader(text))
		if err != nil {
			return
		}
		profiles := fetch.Profiles()
		p := profiles[((browser%len(profiles))+len(profiles))%len(profiles)]
		r := explain.HAR(h, p, false)
		if n := len(r.Explanations) + r.SameOrigin + len(r.Unplaced); n != len(h.Fetches) {
			t.Errorf("got %d requests, want %d", n, len(h.Fetches))
		}
		for i := range r.Explanations {
			if e := &r.Explanations[i]; e.Trace.Failure == nil && e.Trace.Outcome == fetch.Blocked && e.Why == "" {
				t.Errorf("blocked without a reason: %+v", e)
			}
		}
		var summary, rest bytes.Buffer
		if err := explain.WriteSummary(&summary, r, explain.Layout{Width: 40}); err != nil {
			t.Fatal(err)
		}
		if table, _, found := strings.Cut(summary.String(), "\n\n"); found {
			checkLines(t, table, 40)
		}
		if err := explain.WriteText(&rest, r.Explanations, explain.Layout{}); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteJSON(&rest, explain.NewRecordingResult(p.Name, r, true)); err != nil {
			t.Fatal(err)
		}
	})
}
