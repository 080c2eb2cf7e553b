package explain_test

import (
	"slices"
	"strings"
	"testing"
)

func TestWarnings(t *testing.T) {
	actual := func(request, headers string) string {
		return `"request": {"url": "https://api.example/"` + request + `}, "responses": [{"status": 200, "headers": [` + headers + `]}]`
	}
	preflight := func(request, preflight, headers string) string {
		return `"request": {"url": "https://api.example/"` + request + `}, "responses": [{"status": 204, "headers": [` + preflight + `]},
			{"status": 200, "headers": [` + headers + `]}]`
	}
	const (
		star    = `["Access-Control-Allow-Origin", "*"]`
		exact   = `["Access-Control-Allow-Origin", "https://app.example"], ["Access-Control-Allow-Credentials", "true"], ["Vary", "Accept, origin"]`
		include = `, "credentials": "include"`
		cookie  = `, "environment": {"cookies": [{"name": "sid", "domain": "api.example"`
	)
	for _, row := range []struct {
		name, scenario string
		want           []string
	}{
		{"nothing", actual(``, star), nil},
		{"a forbidden header", actual(`, "headers": [["Cookie", "a=b"], ["Host", "x"]]`, star), []string{"header-forbidden"}},
		{"a method override", actual(`, "headers": [["X-HTTP-Method-Override", "TRACE"]]`, star), []string{"header-forbidden"}},
		{"a header in no-cors", actual(`, "mode": "no-cors", "headers": [["X-A", "1"]]`, ``), []string{"no-cors-header-dropped", "opaque-response"}},
		{"an opaque response of fetch", actual(`, "mode": "no-cors"`, ``), []string{"opaque-response"}},
		{"an image is opaque, and nobody minds", actual(`, "initiator": "img"`, ``), nil},
		{"a hidden header", actual(``, star+`, ["X-Total-Count", "7"], ["Link", "x"]`), []string{"response-header-not-exposed"}},
		{"hidden headers that nobody looks for", actual(``, star+`, ["Date", "x"], ["Server", "x"], ["Set-Cookie", "a=b"], ["ETag", "1"], ["Timing-Allow-Origin", "*"]`), nil},
		{"an exposed header", actual(``, star+`, ["X-Total-Count", "7"], ["Access-Control-Expose-Headers", "x-total-count"]`), nil},
		{"a hidden header of a response that the cache had", `"request": {"url": "https://api.example/", "cache": "force-cache"}, "stored": {"status": 200, "headers": [` + star + `, ["X-Total-Count", "7"]]}`,
			[]string{"response-header-not-exposed"}},
		{"a header exposed by *", actual(``, star+`, ["X-Total-Count", "7"], ["Access-Control-Expose-Headers", "*"]`), nil},
		{"a hidden header from the HTTP cache", `"request": {"url": "https://api.example/", "cache": "force-cache"}, "stored": {"status": 200, "headers": [` + star + `, ["X-Total-Count", "7"]]}`,
			[]string{"response-header-not-exposed"}},
		{"the ETag of an upload", actual(`, "method": "POST"`, star+`, ["ETag", "1"]`), []string{"response-header-not-exposed"}},
		{"a list that does not parse", actual(``, star+`, ["Access-Control-Expose-Headers", "a b"]`), []string{"expose-headers-unparsable"}},
		{"exposing * with credentials", actual(include, exact+`, ["Access-Control-Expose-Headers", "*"]`), []string{"expose-wildcard-credentials"}},
		{"a max age that is none", preflight(`, "method": "PUT"`, star+`, ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Max-Age", "10s"]`, star), []string{"max-age-invalid"}},
		{"a max age of a day", preflight(`, "method": "PUT"`, star+`, ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Max-Age", "86400"]`, star), []string{"max-age-capped"}},
		{"a max age that all keep", preflight(`, "method": "PUT"`, star+`, ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Max-Age", "600"]`, star), nil},
		{"a wildcard preflight", preflight(`, "method": "PUT"`, star+`, ["Access-Control-Allow-Methods", "*"]`, star), []string{"preflight-wildcard-not-cached"}},
		{"no Vary", actual(``, `["Access-Control-Allow-Origin", "https://app.example"]`), []string{"vary-origin-missing"}},
		{"Vary of everything", actual(``, `["Access-Control-Allow-Origin", "https://app.example"], ["Vary", "*"]`), nil},
		{"no Vary on another origin", actual(``, `["Access-Control-Allow-Origin", "https://b.example"]`), nil},
		{"no Vary on a preflight that is all there is", `"request": {"url": "https://api.example/", "method": "PUT"}, "responses": [{"status": 204, "headers": [["Access-Control-Allow-Origin", "https://app.example"]]}]`, []string{"vary-origin-missing"}},
		{"no Vary on a preflight, and one on the response", preflight(`, "method": "PUT"`, `["Access-Control-Allow-Origin", "https://app.example"], ["Access-Control-Allow-Methods", "PUT"]`, exact), nil},
		{"a cookie and no credentials", actual(``, star) + cookie + `}]}`, []string{"cookie-not-sent-mode"}},
		{"a Lax cookie", actual(include, exact) + cookie + `, "same_site": "lax"}]}`, []string{"cookie-blocked-samesite"}},
		{"a third-party cookie", actual(include, exact) + cookie + `, "same_site": "none", "secure": true}], "third_party_cookies": "block"}`, []string{"cookie-blocked-third-party"}},
		{"a cookie that is sent", actual(include, exact) + cookie + `, "same_site": "none", "secure": true}]}`, nil},
		{"a POST that had its effect", actual(`, "method": "POST"`, ``), []string{"side-effect-despite-block"}},
		{"a POST that never arrived", `"request": {"url": "https://api.example/", "method": "POST"}, "responses": [{"error": "reset"}]`, nil},
		{"preflight headers on the response", actual(``, star+`, ["Access-Control-Allow-Headers", "x"], ["Access-Control-Max-Age", "5"]`), []string{"allow-headers-on-actual"}},
		{"exposing on the preflight", preflight(`, "method": "PUT"`, star+`, ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Expose-Headers", "x"]`, star), []string{"expose-headers-on-preflight"}},
		{"null is allowed", actual(``, `["Access-Control-Allow-Origin", "null"], ["Vary", "Origin"]`), []string{"null-origin-allowed"}},
		{"null with credentials", `"page": "null", ` + actual(include, `["Access-Control-Allow-Origin", "null"], ["Access-Control-Allow-Credentials", "true"], ["Vary", "Origin"]`),
			[]string{"null-origin-allowed", "reflection-with-credentials"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, w := range runOne(t, row.scenario).Warnings {
				got = append(got, w.ID)
				if !strings.HasSuffix(w.Why, ".") || strings.Contains(w.Why, "%!") {
					t.Errorf("%s: got %q", w.ID, w.Why)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
