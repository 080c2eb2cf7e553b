package input_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/input"
)

// What a browser adds is taken out; what a preflight asks for is the script's.
func TestHARScriptHeaders(t *testing.T) {
	const browser = fromApp + "Referer: https://app.example/\nUser-Agent: x\nAccept: */*\nAccept-Encoding: br\nAccept-Language: en\nConnection: keep-alive\n" +
		"Cookie: a=b\nContent-Length: 3\nSec-CH-UA: x\nSec-Fetch-Dest: empty\nPriority: u=1\nDPR: 2\nIf-None-Match: 1\nPragma: no-cache\nCache-Control: no-cache\n"
	for _, row := range []struct {
		name    string
		headers string
		asked   string // "-" for no preflight
		want    header.List
		note    string
	}{
		{"nothing", browser, "-", nil, ""},
		{"custom", browser + "X-A: 1\n", "-", header.List{{Name: "X-A", Value: "1"}}, ""},
		{"safelisted", browser + "Content-Type: text/plain\nContent-Language: de\n", "-",
			header.List{{Name: "Content-Type", Value: "text/plain"}, {Name: "Content-Language", Value: "de"}}, ""},
		{"Accept of its own", "Accept: application/json\n", "-", header.List{{Name: "Accept", Value: "application/json"}}, ""},
		{"asked for", browser + "X-A: 1\n", "cache-control,if-none-match,x-a",
			header.List{{Name: "If-None-Match", Value: "1"}, {Name: "Cache-Control", Value: "no-cache"}, {Name: "X-A", Value: "1"}}, ""},
		{"not asked for", browser + "X-Added: 1\nX-A: 1\nContent-Type: text/plain\n", "x-a",
			header.List{{Name: "X-A", Value: "1"}, {Name: "Content-Type", Value: "text/plain"}}, ""},
		{"left out of the recording", browser, "authorization", header.List{{Name: "authorization", Value: "***"}},
			"The recording leaves out the value of authorization, which the preflight asked for."},
	} {
		t.Run(row.name, func(t *testing.T) {
			records := []record{{kind: "fetch", headers: row.headers, status: 200}}
			if row.asked != "-" {
				records = append(records, preflight(1, row.asked))
			}
			f := readHAR(t, recording(records...)).Fetches[0]
			if diff := cmp.Diff(row.want, f.Request.Header); diff != "" {
				t.Errorf("headers differ (-want +got):\n%s", diff)
			}
			if row.note != "" && !slices.Contains(f.Notes, row.note) {
				t.Errorf("got notes %q, want %q", f.Notes, row.note)
			}
		})
	}
}

func TestHARInitiatorAndMode(t *testing.T) {
	for _, row := range []struct {
		name string
		record
		want string
	}{
		{"fetch", record{kind: "fetch", headers: fromApp}, "fetch cors"},
		{"fetch no-cors", record{kind: "fetch", headers: "Sec-Fetch-Mode: no-cors\n"}, "fetch no-cors"},
		{"fetch same-origin", record{kind: "fetch", headers: "Sec-Fetch-Mode: same-origin\n"}, "fetch same-origin"},
		{"fetch to plain http", record{kind: "fetch", url: "http://api.example/", headers: "Host: api.example\nOrigin: https://app.example\n"}, "fetch cors"},
		{"fetch no-cors to plain http", record{kind: "fetch", url: "http://api.example/", headers: "Host: api.example\nReferer: https://app.example/\n"}, "fetch no-cors"},
		{"fetch that was never sent", record{kind: "fetch", headers: "Referer: https://app.example/\n"}, "fetch cors"},
		{"xhr", record{kind: "xhr", headers: fromApp}, "xhr cors"},
		{"a URL that fetch refuses", record{url: "https://u:p@api.example/", headers: fromApp}, "xhr cors"},
		{"no type, empty destination", record{headers: fromApp + "Sec-Fetch-Dest: empty\n"}, "fetch cors"},
		{"image", record{kind: "image", headers: "Sec-Fetch-Mode: no-cors\n"}, "img no-cors"},
		{"image by destination", record{headers: "Sec-Fetch-Mode: cors\nSec-Fetch-Dest: image\n"}, "img cors"},
		{"image from plain http", record{kind: "image", headers: "Host: a\n"}, "img"},
		{"image with Origin from plain http", record{kind: "image", headers: "Origin: https://app.example\n"}, "img cors"},
		{"script", record{kind: "script", headers: fromApp}, "script cors"},
		{"style", record{kind: "stylesheet", headers: "Sec-Fetch-Mode: no-cors\n"}, "style no-cors"},
		{"style by destination", record{headers: "Sec-Fetch-Mode: no-cors\nSec-Fetch-Dest: style\n"}, "style no-cors"},
		{"font", record{kind: "font"}, "font"},
		{"video by destination", record{headers: "Sec-Fetch-Dest: video\n"}, "media"},
		{"track", record{kind: "texttrack"}, "track"},
		{"event source", record{kind: "eventsource"}, "event-source"},
		{"manifest", record{kind: "manifest"}, "manifest"},
		{"beacon", record{kind: "ping"}, "beacon"},
		{"report", record{kind: "csp-violation-report"}, "report"},
		{"worker", record{kind: "script", headers: "Sec-Fetch-Dest: worker\n"}, "worker"},
		{"WebSocket", record{kind: "websocket", url: "wss://api.example/", headers: "Sec-Fetch-Mode: websocket\n"}, "websocket websocket"},
		{"WebSocket by its URL", record{url: "ws://api.example/"}, "websocket"},
		{"WebTransport", record{kind: "webtransport"}, "webtransport"},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.status = 200
			r := readHAR(t, recording(row.record)).Fetches[0].Request
			if got := strings.TrimSpace(fmt.Sprintf("%s %s", r.Initiator, r.Mode)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestHARCredentials(t *testing.T) {
	crossSite := record{kind: "fetch", headers: fromApp, status: 200}
	with := func(headers string) record { r := crossSite; r.headers += headers; return r }
	for _, row := range []struct {
		name    string
		records []record
		want    fetch.Credentials
		maybe   bool
	}{
		{"a cookie", []record{with("Cookie: a=b\n")}, fetch.CredentialsInclude, false},
		{"a cookie in the list", []record{{kind: "fetch", headers: fromApp, status: 200, more: map[string]any{"cookies": []any{map[string]string{"name": "a"}}}}}, fetch.CredentialsInclude, false},
		{"told by the browser", []record{with("Sec-Fetch-Storage-Access: none\n")}, fetch.CredentialsInclude, false},
		{"told of others", []record{crossSite, {kind: "image", url: "https://img.example/", headers: "Sec-Fetch-Mode: no-cors\nSec-Fetch-Storage-Access: none\n", status: 200}}, "", false},
		{"not told", []record{crossSite}, "", true},
		{"no-cors", []record{{kind: "image", headers: "Sec-Fetch-Mode: no-cors\n", status: 200}}, "", false},
		{"a cookie for home only", []record{
			{kind: "fetch", url: "https://app.example/x", headers: "Host: app.example\nCookie: a=b\nSec-Fetch-Mode: cors\nSec-Fetch-Site: same-origin\n", status: 302, response: "Location: " + api + "\n"},
			{at: 5, kind: "fetch", headers: fromApp, status: 200},
		}, "", true},
		{"a cookie behind a redirect", []record{
			{kind: "fetch", url: "https://app.example/x", headers: "Host: app.example\nSec-Fetch-Mode: cors\nSec-Fetch-Site: same-origin\n", status: 302, response: "Location: " + api + "\n"},
			{at: 5, kind: "fetch", headers: fromApp + "Cookie: a=b\n", status: 200},
		}, fetch.CredentialsInclude, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := readHAR(t, recording(row.records...)).Fetches[0]
			if f.Request.Credentials != row.want || f.MaybeCredentialed != row.maybe {
				t.Errorf("got %q, maybe %t, want %q, maybe %t", f.Request.Credentials, f.MaybeCredentialed, row.want, row.maybe)
			}
		})
	}
}

// Bodies, preflights that were forced, and redirects that were not followed.
func TestHARRequest(t *testing.T) {
	post := func(more map[string]any) record {
		return record{kind: "fetch", method: "POST", headers: fromApp, status: 200, more: more}
	}
	privateNetwork := preflight(1, "")
	privateNetwork.headers += "Access-Control-Request-Private-Network: true\n"
	for _, row := range []struct {
		name    string
		records []record
		want    fetch.Request
		note    string
	}{
		{"no body", []record{post(nil)}, fetch.Request{Method: "POST"}, ""},
		{"a body", []record{post(map[string]any{"postData": map[string]any{"text": "x"}})}, fetch.Request{Method: "POST", Body: fetch.BodyText}, ""},
		{"no body that says so", []record{post(map[string]any{"postData": nil, "bodySize": -1})}, fetch.Request{Method: "POST"}, ""},
		{"a body's size", []record{post(map[string]any{"bodySize": 3})}, fetch.Request{Method: "POST", Body: fetch.BodyText}, ""},
		{"a forced preflight", []record{{kind: "xhr", headers: fromApp, status: 200}, preflight(1, "")},
			fetch.Request{Method: "GET", Initiator: fetch.InitiatorXHR, UploadListener: true},
			"Neither the method nor a header calls for the preflight: a listener for upload progress is assumed."},
		{"a preflight of another kind", []record{{kind: "xhr", headers: fromApp, status: 200}, privateNetwork},
			fetch.Request{Method: "GET", Initiator: fetch.InitiatorXHR},
			"The preflight was about access to a private network: it is left out."},
		{"redirect mode manual", []record{{kind: "fetch", headers: fromApp, status: 302, response: "Location: /y\n"}},
			fetch.Request{Method: "GET", Redirect: fetch.RedirectManual},
			"The redirect was not followed, and the browser recorded no error: redirect mode manual is assumed."},
		{"a redirect of a browser that records no errors", []record{{headers: fromApp, status: 302, response: "Location: /y\n", err: "-"}},
			fetch.Request{Method: "GET"}, ""},
		{"a redirect to an app", []record{{kind: "fetch", headers: fromApp, status: 302, response: "Location: myapp://x\n"}},
			fetch.Request{Method: "GET"}, "The recording does not tell whether the redirect was to be followed: it is assumed."},
		{"an upgrade by the browser", []record{
			{kind: "fetch", url: "http://api.example/x", headers: fromApp, status: 307, response: "Location: " + api + "\nNon-Authoritative-Reason: HSTS\n"},
			{at: 5, kind: "fetch", headers: fromApp, status: 200},
		}, fetch.Request{Method: "GET"}, "The browser itself redirected the request before it was sent (HSTS): it is judged from there on."},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := readHAR(t, recording(row.records...)).Fetches[0]
			row.want.URL, row.want.Mode = api, fetch.ModeCORS
			if row.want.Initiator == "" {
				row.want.Initiator = fetch.InitiatorFetch
			}
			if diff := cmp.Diff(row.want, f.Request); diff != "" {
				t.Errorf("request differs (-want +got):\n%s", diff)
			}
			if got := strings.Join(f.Notes, " "); got != row.note {
				t.Errorf("got notes %q, want %q", got, row.note)
			}
		})
	}
}

func TestHARAnswers(t *testing.T) {
	for _, row := range []struct {
		name string
		record
		want    string
		reached fetch.Tristate
	}{
		{"a response", record{status: 200, response: "A: 1\n"}, "200", fetch.Yes},
		{"a response of a browser that records no errors", record{status: 200, response: "A: 1\n", err: "-"}, "200", fetch.Unset},
		{"blocked, with headers", record{status: 200, response: "A: 1\n", err: "net::ERR_FAILED"}, "200", fetch.No},
		{"blocked, without headers", record{status: 200, err: "net::ERR_FAILED"}, "missing-response", fetch.No},
		{"blocked, without anything", record{err: "net::ERR_FAILED"}, "missing-response", fetch.No},
		{"nothing, of a browser that records no errors", record{err: "-"}, "missing-response", fetch.No},
		{"under way", record{}, "missing-response", fetch.Unset},
		{"a negative status", record{status: -1}, "missing-response", fetch.Unset},
		{"broken off before the response", record{err: "net::ERR_ABORTED"}, "missing-response", fetch.Unset},
		{"left unread", record{status: 200, response: "A: 1\n", err: "net::ERR_ABORTED"}, "200", fetch.Yes},
		{"a body that broke off", record{status: 200, response: "A: 1\n", err: "net::ERR_CONTENT_LENGTH_MISMATCH"}, "200", fetch.Yes},
		{"blocked by a policy", record{status: 200, response: "A: 1\n", err: "net::ERR_BLOCKED_BY_RESPONSE.NotSameSite"}, "200", fetch.No},
		{"refused", record{err: "net::ERR_CONNECTION_REFUSED"}, "refused", fetch.No},
		{"reset", record{err: "net::ERR_CONNECTION_RESET"}, "reset", fetch.No},
		{"timed out", record{err: "net::ERR_TIMED_OUT"}, "timeout", fetch.No},
		{"no such host", record{err: "net::ERR_NAME_NOT_RESOLVED"}, "dns", fetch.No},
		{"a certificate", record{err: "net::ERR_CERT_DATE_INVALID"}, "tls", fetch.No},
		{"another error", record{err: "net::ERR_TOO_MANY_REDIRECTS"}, "missing-response", fetch.No},
		{"revalidated", record{headers: "If-None-Match: 1\n", status: 304, response: "ETag: 1\n"}, "missing-stored", fetch.Yes},
		{"revalidated, with the header that decides", record{headers: "If-None-Match: 1\n", status: 304, response: "Access-Control-Allow-Origin: *\n"}, "200", fetch.Yes},
		{"304 out of the blue", record{status: 304, response: "ETag: 1\n"}, "304", fetch.Yes},
		{"a service worker", record{status: 200, response: "A: 1\n", more: map[string]any{"_fetchedViaServiceWorker": true}}, "missing-service-worker", fetch.Yes},
		{"headers without the status", record{response: "A: 1\n", err: "-"}, "200", fetch.Unset},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.kind, row.headers = "fetch", fromApp+row.headers
			f := readHAR(t, recording(row.record)).Fetches[0]
			if got := answer(&f.Hops[0].Request); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
			if f.End.Reached != row.reached {
				t.Errorf("got reached %v, want %v", f.End.Reached, row.reached)
			}
		})
	}
}

// A script that asks whether what it has is still good gets the 304 itself.
func TestHARScriptedRevalidation(t *testing.T) {
	f := readHAR(t, recording(record{kind: "fetch", headers: fromApp + "If-None-Match: 1\n", status: 304}, preflight(1, "if-none-match"))).Fetches[0]
	if got := answer(&f.Hops[0].Request); got != "304" || !f.Request.Header.Has("If-None-Match") {
		t.Errorf("got %s, headers %v", got, f.Request.Header)
	}
}

func TestHARBrowser(t *testing.T) {
	for _, row := range []struct{ name, programs, want string }{
		{"Chromium", `"creator": {"name": "WebInspector", "version": "537.36"}`, "chromium"},
		{"Firefox", `"creator": {"name": "Firefox", "version": "153.0"}, "browser": {"name": "Firefox"}`, "firefox"},
		{"Safari", `"creator": {"name": "WebKit Web Inspector", "version": "1.0"}`, "webkit"},
		{"a program that drives one", `"creator": {"name": "Playwright", "version": "1"}, "browser": {"name": "webkit"}`, "webkit"},
		{"another program", `"creator": {"name": "mitmproxy"}`, ""},
		{"nothing", `"version": "1.2"`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := readHAR(t, `{"log": {`+row.programs+`, "entries": []}}`).Browser; got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestHARErrors(t *testing.T) {
	entry := func(s string) string { return `{"log": {"entries": [` + s + `]}}` }
	request := func(s string) string { return entry(`{"request": ` + s + `, "response": {"status": 200}}`) }
	response := func(s string) string {
		return entry(`{"request": {"method": "GET", "url": "a"}, "response": ` + s + `}`)
	}
	for _, row := range []struct{ name, text, want string }{
		{"empty", " \n", "the recording is empty"},
		{"not JSON", "{\n\"log\": nope}", "line 2: log: this is not JSON: invalid character 'o' in literal null (expecting 'u')"},
		{"cut short", "{\"log\": {\"entries\": [\n{\"request\": {", "line 2: log.entries[0].request: this is not JSON: it ends too early"},
		{"something follows", `{"log": {"entries": []}} {}`, "line 1: something follows the end of the recording"},
		{"a scenario", `{"page": "https://a.example", "fetches": []}`, "line 1: log: the key is missing"},
		{"no entries", `{"log": {}}`, "line 1: log.entries: the key is missing"},
		{"entries that are no list", `{"log": {"entries": {}}}`, "line 1: log.entries: an object: want a list of entries"},
		{"no request", entry(`{"response": {"status": 200}}`), "line 1: log.entries[0].request: the key is missing"},
		{"no response", entry(`{"request": {"method": "GET", "url": "a"}}`), "line 1: log.entries[0].response: the key is missing"},
		{"no URL", request(`{"method": "GET"}`), "line 1: log.entries[0].request.url: the key is missing"},
		{"a URL that is no text", request(`{"method": "GET", "url": 1}`), "line 1: log.entries[0].request.url: a number: want a string"},
		{"headers that are no list", request(`{"method": "GET", "url": "a", "headers": "Cookie: a"}`),
			"line 1: log.entries[0].request.headers: a string: want a list of headers"},
		{"a header without a name", response(`{"status": 200, "headers": [{"value": "secret"}]}`),
			"line 1: log.entries[0].response.headers[0].name: the key is missing"},
		{"a status as text", response(`{"status": "200"}`), `line 1: log.entries[0].response.status: "200": want a status: a whole number up to 999`},
		{"a status too high", response(`{"status": 1000}`), "line 1: log.entries[0].response.status: 1000: want a status: a whole number up to 999"},
		{"no status", response(`{}`), "line 1: log.entries[0].response.status: the key is missing"},
		{"a key twice", response(`{"status": 200, "status": 200}`), "line 1: log.entries[0].response.status: the key is there twice"},
		{"too deep", `{"x": ` + strings.Repeat("[", 2000), "line 1: x: nested deeper than 1000"},
		{"the line of a later entry", entry("\n" + `{"request": {"method": "GET", "url": "a"}, "response": {"status": 200}},` + "\n\n" + `{"request": 1}`),
			"line 4: log.entries[1].request: a number: want an object"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := input.ReadHAR(strings.NewReader(row.text))
			if err == nil || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
}

// A byte order mark, values of other types where nothing hangs on them, and keys that nobody knows are no errors.
func TestHARLenient(t *testing.T) {
	h := readHAR(t, "\xEF\xBB\xBF"+`{"log": {"version": 1.2, "creator": {"name": null}, "pages": null, "entries": [{
		"startedDateTime": "yesterday", "time": null, "pageref": 1, "_resourceType": null, "_initiator": {"stack": [[{}]]}, "_error": {},
		"request": {"method": "GET", "url": "`+api+`", "headers": null, "cookies": null, "bodySize": "x", "postData": null},
		"response": {"status": 200.0, "headers": [{"name": "A", "value": null}], "_error": null, "_fetchedViaServiceWorker": 1, "content": {"text": "`+strings.Repeat("x", 1<<20)+`"}}
	}]}} `)
	if len(h.Fetches) != 1 || describe(&h.Fetches[0]) != "?: fetch cors GET "+api+" 200 end 200 reached" {
		t.Errorf("got %+v", h.Fetches)
	}
}

func TestHARTooMany(t *testing.T) {
	one := `{"request": {"method": "GET", "url": "data:,"}, "response": {"status": 200}}`
	text := `{"log": {"entries": [` + strings.Repeat(one+",", input.MaxHAREntries) + one + `]}}`
	_, err := input.ReadHAR(strings.NewReader(text))
	if err == nil || !strings.HasSuffix(err.Error(), "a recording has at most 100000 entries") {
		t.Errorf("got %v", err)
	}
}

// The work for entries that could all belong together stays in bounds.
func TestHARManyAlike(t *testing.T) {
	const n = 5000
	var records []record
	for i := range n {
		records = append(records, record{at: i, kind: "fetch", headers: fromApp, status: 302, response: "Location: /y\n"},
			record{at: i, kind: "preflight", method: "OPTIONS", headers: fromApp + "Access-Control-Request-Method: GET\nAccess-Control-Request-Headers: x-b\n", status: 204})
	}
	h := readHAR(t, recording(records...))
	if len(h.Fetches) != n || len(h.Unmatched) != n {
		t.Errorf("got %d fetches and %d unmatched preflights, want %d of each", len(h.Fetches), len(h.Unmatched), n)
	}
}

func FuzzHAR(f *testing.F) {
	f.Add(recording(record{kind: "fetch", headers: fromApp + "X-A: 1\n", status: 200}, preflight(1, "x-a")))
	f.Add(recording(record{headers: fromApp, status: 302, response: "Location: /x\n"}, record{at: 5, headers: fromApp, err: "net::ERR_ABORTED"}))
	f.Add(`{"log": {"pages": [{"id": "a", "title": "https://a.example"}], "entries": [{"pageref": "a", "request": {"method": "GET", "url": "ws://b"}, "response": {"status": 0}}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		h, err := input.ReadHAR(strings.NewReader(text))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("error of several lines or with controls: %q", err)
			}
			return
		}
		for i := range h.Fetches {
			f := &h.Fetches[i]
			if len(f.Hops) == 0 || f.Hops[0].URL != f.Request.URL || f.Page == nil && f.CrossOrigin() {
				t.Errorf("fetch %+v", f)
			}
			for _, hop := range f.Hops {
				exchanges := []*input.Exchange{&hop.Request}
				if hop.Preflight != nil {
					exchanges = append(exchanges, hop.Preflight)
				}
				for _, e := range exchanges {
					checkExchange(t, e)
				}
			}
		}
	})
}

func checkExchange(t *testing.T, e *input.Exchange) {
	t.Helper()
	if (e.Response == nil) != (e.Missing != "") {
		t.Errorf("exchange %+v", e)
	}
	if e.Response == nil {
		return
	}
	if r := e.Response; (r.Status == 0) == (r.Error == "") || r.Status != 0 && (r.Status < 100 || r.Status > 999) {
		t.Errorf("response %+v", r)
	}
	for _, field := range e.Response.Header {
		if !header.IsToken(field.Name) || strings.ContainsAny(field.Value, "\x00\r\n") {
			t.Errorf("header %+v", field)
		}
	}
}
