package demo_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/demo"
)

// What each mistake comes to, as its story has it; in the engines too, where there is nothing else.
func expectations() []struct{ id, want, chromium, firefox, webkit string } {
	return []struct{ id, want, chromium, firefox, webkit string }{
		{id: "no-header", want: "blocked allow-origin-missing on request"},
		{id: "wildcard-credentials", want: "blocked allow-origin-wildcard-credentials on request"},
		{id: "origin-slash", want: "blocked allow-origin-mismatch on request"},
		{id: "header-twice", want: "blocked allow-origin-multiple on request"},
		{id: "error-without-header", want: "blocked allow-origin-missing on request"},
		{id: "options-unknown", want: "blocked preflight-status on preflight"},
		{id: "options-without-header", want: "blocked allow-origin-missing on preflight"},
		{id: "auth-before-cors", want: "blocked allow-origin-missing on preflight", webkit: "blocked preflight-auth on preflight"},
		{id: "preflight-redirect", want: "blocked preflight-redirect on preflight"},
		{id: "method-not-listed", want: "blocked method-not-allowed on preflight"},
		{id: "header-not-listed", want: "blocked header-not-allowed on preflight"},
		{id: "wildcard-authorization", want: "blocked authorization-not-listed on preflight", chromium: "allowed", firefox: "allowed", webkit: "allowed"},
		{id: "header-not-exposed", want: "allowed"},
		{id: "redirect-null", want: "blocked redirect-origin-null on request"},
		{id: "cached-image", want: "blocked allow-origin-missing on request"},
		{id: "no-cors", want: "opaque"},
		{id: "right", want: "allowed"},
		{id: "same-origin", want: "allowed"},
	}
}

// agents are User-Agent headers of the engines, as real ones are.
func agents() map[string]string {
	return map[string]string{
		"standard": "curl/8.5.0",
		"chromium": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
		"firefox":  "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
		"webkit":   "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
	}
}

func TestMistakes(t *testing.T) {
	for _, names := range []struct {
		name   string
		lookup resolver
	}{{"names", known}, {"localhost", unknown}} {
		t.Run(names.name, func(t *testing.T) {
			d := start(t, names.lookup)
			list, err := d.Explain()
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			got := map[string]*demo.Explained{}
			for i := range list {
				ids = append(ids, list[i].ID)
				got[list[i].ID] = &list[i]
			}
			var want []string
			for _, row := range expectations() {
				want = append(want, row.id)
				e := got[row.id]
				if e == nil {
					continue
				}
				if got := outcome(e.Trace); got != row.want {
					t.Errorf("%s: got %s, want %s", row.id, got, row.want)
				}
				var differs []demo.Difference
				for _, engine := range []struct{ name, want string }{{"chromium", row.chromium}, {"firefox", row.firefox}, {"webkit", row.webkit}} {
					own, _, _ := strings.Cut(engine.want, " ")
					if own != "" && own != string(e.Trace.Outcome) {
						differs = append(differs, demo.Difference{Browser: engine.name, Outcome: fetch.Outcome(own)})
					}
				}
				if diff := cmp.Diff(differs, e.Differs); diff != "" {
					t.Errorf("%s: differences (-want +got):\n%s", row.id, diff)
				}
			}
			if !slices.Equal(ids, want) {
				t.Errorf("got  %q\nwant %q", ids, want)
			}
		})
	}
}

// outcome is what a fetch comes to, in short.
func outcome(t *fetch.Trace) string {
	if t.Failure == nil {
		return string(t.Outcome)
	}
	return fmt.Sprintf("%s %s on %s", t.Outcome, t.Failure.ID, t.Failure.On)
}

// The page predicts for the visitor's browser, whatever the profile: each mistake as its story has it, and each fix helps.
func TestPredictions(t *testing.T) {
	d := start(t, known)
	for _, p := range fetch.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			page := get(d, d.URL(), agents()[p.Name]).Body.String()
			predicted := predictions(page)
			for _, row := range expectations() {
				want := row.want
				if own := map[string]string{"chromium": row.chromium, "firefox": row.firefox, "webkit": row.webkit}[p.Name]; own != "" {
					want = own
				}
				want, failure, _ := strings.Cut(want, " ")
				if got := predicted[row.id+"-run"]; strings.SplitN(got, ",", 2)[0] != want {
					t.Errorf("%s: got %q, want %s", row.id, got, want)
				}
				if id, _, _ := strings.Cut(failure, " "); !strings.Contains(article(page, row.id), id) {
					t.Errorf("%s: the page does not name %s", row.id, id)
				}
			}
			for _, m := range d.Mistakes() {
				got, ok := predicted[m.ID+"-repaired"]
				if ok != (m.Repaired != nil) || ok && !strings.HasPrefix(got, "allowed") {
					t.Errorf("%s, repaired: got %q, want it allowed", m.ID, got)
				}
			}
		})
	}
}

// What script sees beside the outcome.
func TestResults(t *testing.T) {
	d := start(t, known)
	got := predictions(get(d, d.URL(), agents()["firefox"]).Body.String())
	for id, want := range map[string]string{
		"no-header-run":                 "blocked",
		"no-header-repaired":            "allowed, status 200",
		"error-without-header-repaired": "allowed, status 502",
		"header-not-exposed-run":        "allowed, status 200, X-Total-Count: null",
		"header-not-exposed-repaired":   "allowed, status 200, X-Total-Count: 2",
		"cached-image-run":              "blocked",
		"cached-image-repaired":         "allowed",
		"no-cors-run":                   "opaque, status 0",
		"same-origin-run":               "allowed, status 200",
	} {
		if got[id] != want {
			t.Errorf("%s: got %q, want %q", id, got[id], want)
		}
	}
}

// predictions are the page's, by the id of the run.
func predictions(page string) map[string]string {
	list := map[string]string{}
	for _, m := range regexp.MustCompile(`<dl class="run" id="([^"]*)" [^>]*data-predicted="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		list[m[1]] = html.UnescapeString(m[2])
	}
	return list
}

// article is the part of the page on one mistake.
func article(page, id string) string {
	_, rest, _ := strings.Cut(page, `<article id="`+id+`">`)
	part, _, _ := strings.Cut(rest, "</article>")
	return part
}

// The handlers answer as the stories tell.
func TestAnswers(t *testing.T) {
	d := start(t, known)
	page := strings.TrimSuffix(d.URL(), "/")
	var api, cdn string
	for _, m := range d.Mistakes() {
		switch m.ID {
		case "no-header":
			api = strings.TrimSuffix(m.Requests[0].URL, "/no-header")
		case "redirect-null":
			cdn = strings.TrimSuffix(m.Repaired[0].URL, "/redirect-null/file")
		}
	}
	const (
		allowOrigin  = "Access-Control-Allow-Origin"
		allowMethods = "Access-Control-Allow-Methods"
		allowHeaders = "Access-Control-Allow-Headers"
	)
	for _, row := range []struct {
		method, url string
		sent        []string // a header line
		status      int
		name        string
		want        []string // lines of that name
	}{
		{"GET", api + "/no-header", nil, 200, allowOrigin, nil},
		{"GET", api + "/wildcard-credentials", nil, 200, allowOrigin, []string{"*"}},
		{"GET", api + "/origin-slash", nil, 200, allowOrigin, []string{page + "/"}},
		{"GET", api + "/header-twice", nil, 200, allowOrigin, []string{page, page}},
		{"GET", api + "/error-without-header", nil, 502, allowOrigin, nil},
		{"OPTIONS", api + "/options-unknown", nil, 404, allowOrigin, []string{page}},
		{"PUT", api + "/options-unknown", nil, 200, allowOrigin, []string{page}},
		{"OPTIONS", api + "/options-without-header", nil, 200, allowOrigin, nil},
		{"OPTIONS", api + "/options-without-header", nil, 200, "Allow", []string{"PUT"}},
		{"PUT", api + "/options-without-header", nil, 200, allowOrigin, []string{page}},
		{"OPTIONS", api + "/auth-before-cors", nil, 401, allowOrigin, nil},
		{"GET", api + "/auth-before-cors", nil, 401, "Www-Authenticate", []string{"Bearer"}},
		{"GET", api + "/auth-before-cors", []string{"Authorization", "Bearer x"}, 200, allowOrigin, []string{page}},
		{"GET", api + "/auth-before-cors/repaired", nil, 401, allowOrigin, []string{page}},
		{"OPTIONS", api + "/preflight-redirect", nil, 301, "Location", []string{api + "/preflight-redirect/"}},
		{"PUT", api + "/preflight-redirect", nil, 301, allowOrigin, []string{page}},
		{"OPTIONS", api + "/method-not-listed", nil, 204, allowMethods, []string{"GET,HEAD,POST"}},
		{"OPTIONS", api + "/header-not-listed", nil, 204, allowHeaders, []string{"Content-Type"}},
		{"OPTIONS", api + "/wildcard-authorization", nil, 204, allowHeaders, []string{"*"}},
		{"GET", api + "/header-not-exposed", nil, 200, "X-Total-Count", []string{"2"}},
		{"GET", api + "/header-not-exposed", nil, 200, "Access-Control-Expose-Headers", nil},
		{"GET", api + "/redirect-null", nil, 302, "Location", []string{cdn + "/redirect-null/file"}},
		{"GET", cdn + "/redirect-null/file", nil, 200, allowOrigin, []string{page}},
		{"GET", api + "/cached-image", nil, 200, allowOrigin, nil},
		{"GET", api + "/cached-image", []string{"Origin", page}, 200, allowOrigin, []string{page}},
		{"GET", api + "/cached-image", []string{"Origin", page}, 200, "Vary", nil},
		{"GET", api + "/cached-image", nil, 200, "Cache-Control", []string{"max-age=3600"}},
		{"GET", api + "/cached-image/repaired", nil, 200, "Vary", []string{"Origin"}},
		{"GET", api + "/no-cors", nil, 200, allowOrigin, nil},
		{"GET", api + "/no-cors", nil, 200, "Cache-Control", []string{"no-store"}},
		{"OPTIONS", api + "/right", nil, 204, "Access-Control-Max-Age", []string{"600"}},
		{"GET", api + "/elsewhere", nil, 404, allowOrigin, nil},
	} {
		t.Run(row.method+" "+row.url+" "+row.name, func(t *testing.T) {
			req := httptest.NewRequest(row.method, row.url, nil)
			for i := 0; i < len(row.sent); i += 2 {
				req.Header.Set(row.sent[i], row.sent[i+1])
			}
			w := httptest.NewRecorder()
			d.Handler().ServeHTTP(w, req)
			if w.Code != row.status {
				t.Errorf("got status %d, want %d", w.Code, row.status)
			}
			if got := w.Header().Values(row.name); !slices.Equal(got, row.want) {
				t.Errorf("got %s %q, want %q", row.name, got, row.want)
			}
		})
	}
}

// The cache below the model answers as a browser's would: the second image is not asked for, unless the first says that
// the answer varies.
func TestImageIsCached(t *testing.T) {
	for path, want := range map[string]int{"/cached-image": 1, "/cached-image/repaired": 2} {
		var asked int
		var d *demo.Demo
		d, err := demo.Start(t.Context(), demo.Config{
			LookupHost: known,
			Network: func(*fetch.Page, *fetch.Request) (fetch.Network, error) {
				return corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == path {
						asked++
					}
					d.Handler().ServeHTTP(w, r)
				})), nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if w := get(d, d.URL(), ""); w.Code != 200 || asked != want {
			t.Errorf("%s: got status %d and %d requests, want %d", path, w.Code, asked, want)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}
