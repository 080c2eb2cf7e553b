package verify_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/verify"
)

// mutated is the file whose servers are broken on purpose.
const mutated = `version: 1
policies:
  app:
    origins: [https://www.app.example, "https://*.app.test"]
    methods: [PUT, DELETE]
    request_headers: [Content-Type, Authorization, X-Id]
    response_headers: [X-Total-Count]
    credentials: true
    max_age: 10m
  public:
    origins: [https://www.app.example]
routes:
  - {path: /api/, policy: app}
  - {path: /public/, policy: public}
  - {path: /off, policy: none}
`

// A mutation breaks a correct server in one way. It sees each request before the server does, or each response before the
// browser does.
type mutation struct {
	name     string
	request  func(r *http.Request)
	response func(r *http.Request, status *int, h http.Header)
	want     string // a check that fails
}

func isPreflight(r *http.Request) bool {
	return r.Method == "OPTIONS" && r.Header.Get("Access-Control-Request-Method") != ""
}

// grant adds what lets a page of the origin of the request read the response.
func grant(r *http.Request, h http.Header) {
	h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	h.Set("Access-Control-Allow-Credentials", "true")
}

// as makes the server take some origins for the allowed one.
func as(allowed func(origin string) bool) func(r *http.Request, status *int, h http.Header) {
	return func(r *http.Request, status *int, h http.Header) {
		if o := r.Header.Get("Origin"); o != "" && r.URL.Path != "/off" && allowed(o) {
			grant(r, h)
			if isPreflight(r) {
				*status = 204
				h.Set("Access-Control-Allow-Methods", "PUT, DELETE")
				h.Set("Access-Control-Allow-Headers", "content-type, authorization, x-id")
			}
		}
	}
}

func mutations() []mutation {
	change := func(f func(r *http.Request, h http.Header)) func(*http.Request, *int, http.Header) {
		return func(r *http.Request, _ *int, h http.Header) { f(r, h) }
	}
	drop := func(name string) func(*http.Request, *int, http.Header) {
		return change(func(_ *http.Request, h http.Header) { h.Del(name) })
	}
	set := func(name, value string) func(*http.Request, *int, http.Header) {
		return change(func(_ *http.Request, h http.Header) {
			if h.Get("Access-Control-Allow-Origin") != "" {
				h.Set(name, value)
			}
		})
	}
	preflight := func(f func(r *http.Request, status *int, h http.Header)) func(*http.Request, *int, http.Header) {
		return func(r *http.Request, status *int, h http.Header) {
			if isPreflight(r) {
				f(r, status, h)
			}
		}
	}
	status := func(code int, lines ...string) func(*http.Request, *int, http.Header) {
		return preflight(func(r *http.Request, s *int, h http.Header) {
			if *s = code; len(lines) > 0 {
				h.Set(lines[0], lines[1])
			}
		})
	}
	lines := func(f func(lines []string) []string) func(r *http.Request) {
		return func(r *http.Request) {
			const name = "Access-Control-Request-Headers"
			if got := r.Header[name]; len(got) > 0 {
				r.Header[name] = f(got)
			}
		}
	}
	return []mutation{
		// Headers that are lost.
		{name: "no headers on errors", response: func(r *http.Request, status *int, h http.Header) {
			if *status >= 400 {
				h.Del("Access-Control-Allow-Origin")
			}
		}, want: "/api/*: the error at /api/concors-verify-unknown can be read"},
		{name: "no exposed headers on errors", response: func(r *http.Request, status *int, h http.Header) {
			if *status >= 400 {
				h.Del("Access-Control-Expose-Headers")
			}
		}, want: "/api/*: response headers are exposed by the error at /api/concors-verify-unknown"},
		{name: "no Vary", response: drop("Vary"), want: "/api/*: Vary names Origin for an allowed origin"},
		{name: "no Vary without an origin", response: change(func(r *http.Request, h http.Header) {
			if r.Header.Get("Origin") == "" {
				h.Del("Vary")
			}
		}), want: "/api/*: Vary names Origin without an origin"},
		{name: "no Vary for a refused origin", response: change(func(r *http.Request, h http.Header) {
			if h.Get("Access-Control-Allow-Origin") == "" && r.Header.Get("Origin") != "" {
				h.Del("Vary")
			}
		}), want: "/api/*: Vary names Origin for a refused origin"},
		{name: "no Vary on errors", response: func(r *http.Request, status *int, h http.Header) {
			if *status >= 400 {
				h.Del("Vary")
			}
		}, want: "/api/*: Vary names Origin for an allowed origin on the error at /api/concors-verify-unknown"},
		{name: "Vary replaced", response: drop("Vary"), want: "/public/*: Vary names Origin without an origin"},
		{name: "no Allow-Origin on GET", response: change(func(r *http.Request, h http.Header) {
			if r.Method == "GET" {
				h.Del("Access-Control-Allow-Origin")
			}
		}), want: "/api/*: GET from https://www.app.example is allowed"},
		{name: "no Allow-Origin on HEAD", response: change(func(r *http.Request, h http.Header) {
			if r.Method == "HEAD" {
				h.Del("Access-Control-Allow-Origin")
			}
		}), want: "/api/*: HEAD from https://www.app.example is allowed"},
		{name: "no Allow-Credentials", response: drop("Access-Control-Allow-Credentials"), want: "/api/*: Access-Control-Allow-Credentials on GET"},
		{name: "Allow-Credentials: True", response: change(func(_ *http.Request, h http.Header) {
			if h.Get("Access-Control-Allow-Credentials") != "" {
				h.Set("Access-Control-Allow-Credentials", "True")
			}
		}), want: "/api/*: GET from https://www.app.example is allowed"},
		{name: "no Max-Age", response: drop("Access-Control-Max-Age"), want: "/api/*: Access-Control-Max-Age"},
		{name: "Max-Age with a unit", response: preflight(func(_ *http.Request, _ *int, h http.Header) { h.Set("Access-Control-Max-Age", "600s") }), want: "/api/*: Access-Control-Max-Age"},
		{name: "Max-Age of a day", response: preflight(func(_ *http.Request, _ *int, h http.Header) { h.Set("Access-Control-Max-Age", "86400") }), want: "/api/*: Access-Control-Max-Age"},
		{name: "no Expose-Headers", response: drop("Access-Control-Expose-Headers"), want: "/api/*: response headers are exposed"},
		{name: "* for Expose-Headers with credentials", response: set("Access-Control-Expose-Headers", "*"), want: "/api/*: response headers are exposed"},
		{name: "another header is exposed", response: set("Access-Control-Expose-Headers", "X-Total-Count, X-Secret"), want: "/api/*: no other response header is exposed"},

		// Origins.
		{name: "reflected", response: as(func(string) bool { return true }), want: "/api/*: GET from https://stranger.example is refused"},
		{name: "null", response: as(func(o string) bool { return o == "null" }), want: "/api/*: GET from null is refused"},
		{name: "match at the beginning", response: as(func(o string) bool { return strings.HasPrefix(o, "https://www.app.example") }), want: "/api/*: GET from https://www.app.example.stranger.example is refused"},
		{name: "match at the end", response: as(func(o string) bool { return strings.HasSuffix(o, "app.test") }), want: "/api/*: GET from https://notapp.test is refused"},
		{name: "a dot that matches anything", response: as(func(o string) bool { return strings.HasPrefix(o, "https://www") && strings.HasSuffix(o, "app.example") }), want: "/api/*: GET from https://wwwxapp.example is refused"},
		{name: "the apex of a wildcard", response: as(func(o string) bool { return o == "https://app.test" }), want: "/api/*: GET from https://app.test is refused"},
		{name: "any port", response: as(func(o string) bool { return strings.HasPrefix(o, "https://www.app.example:") }), want: "/api/*: GET from https://www.app.example:8443 is refused"},
		{name: "any scheme", response: as(func(o string) bool { return o == "http://www.app.example" }), want: "/api/*: GET from http://www.app.example is refused"},
		{name: "a dot at the end", response: as(func(o string) bool { return o == "https://www.app.example." }), want: "/api/*: GET from https://www.app.example. is refused"},
		{name: "a subdomain", response: as(func(o string) bool { return strings.HasSuffix(o, ".www.app.example") }), want: "/api/*: GET from https://sample.www.app.example is refused"},
		{name: "one label only", response: change(func(r *http.Request, h http.Header) {
			if strings.Count(r.Header.Get("Origin"), ".") > 2 {
				h.Del("Access-Control-Allow-Origin")
			}
		}), want: "/api/*: GET from https://deep.sample.app.test is allowed"},
		{name: "refused on GET, not on a preflight", response: preflight(as(func(string) bool { return true })), want: "/api/*: a preflight from https://stranger.example is refused"},
		{name: "reflected for OPTIONS", response: func(r *http.Request, status *int, h http.Header) {
			if r.Method == "OPTIONS" && !isPreflight(r) {
				grant(r, h)
			}
		}, want: "/api/*: plain OPTIONS is no preflight"},
		{name: "reflected on errors", response: func(r *http.Request, status *int, h http.Header) {
			if *status == 404 {
				grant(r, h)
			}
		}, want: "/api/*: the error at /api/concors-verify-unknown is refused to a stranger"},
		{name: "* for everybody", response: change(func(_ *http.Request, h http.Header) { h.Set("Access-Control-Allow-Origin", "*") }), want: "/public/*: GET from https://stranger.example is refused"},
		{name: "credentials that are not allowed", response: set("Access-Control-Allow-Credentials", "true"), want: "/public/*: GET with credentials is refused"},
		{name: "two lines", response: change(func(_ *http.Request, h http.Header) {
			if o := h.Get("Access-Control-Allow-Origin"); o != "" {
				h.Add("Access-Control-Allow-Origin", o)
			}
		}), want: "/api/*: one Access-Control-Allow-Origin line"},
		{name: "two lines on errors", response: func(_ *http.Request, status *int, h http.Header) {
			if o := h.Get("Access-Control-Allow-Origin"); o != "" && *status >= 400 {
				h.Add("Access-Control-Allow-Origin", o)
			}
		}, want: "/api/*: one Access-Control-Allow-Origin line"},
		{name: "a slash behind the origin", response: change(func(_ *http.Request, h http.Header) {
			if o := h.Get("Access-Control-Allow-Origin"); o != "" {
				h.Set("Access-Control-Allow-Origin", o+"/")
			}
		}), want: "/api/*: GET from https://www.app.example is allowed"},

		// Preflights.
		{name: "403 for a preflight", response: status(403), want: "/api/*: a preflight is allowed"},
		{name: "401 for a preflight", response: status(401, "Www-Authenticate", "Basic"), want: "/api/*: a preflight needs no authentication and is not redirected"},
		{name: "a preflight is redirected", response: status(308, "Location", "/api"), want: "/api/*: a preflight needs no authentication and is not redirected"},
		{name: "405 for a preflight", response: status(405), want: "/api/*: a preflight is allowed"},
		{name: "preflights of one path only", response: preflight(func(r *http.Request, status *int, h http.Header) {
			if r.URL.Path != "/api/" {
				*status = 404
			}
		}), want: "/api/*: a preflight for /api/concors-verify-unknown is allowed"},
		{name: "a method is lost", response: preflight(func(_ *http.Request, _ *int, h http.Header) { h.Set("Access-Control-Allow-Methods", "PUT") }), want: "/api/*: method DELETE is allowed"},
		{name: "another method", response: preflight(func(r *http.Request, status *int, h http.Header) {
			if r.Header.Get("Origin") == "https://www.app.example" {
				*status = 204
				grant(r, h)
				h.Set("Access-Control-Allow-Methods", "PUT, DELETE, PATCH")
			}
		}), want: "/api/*: method PATCH is refused"},
		{name: "an unusual method", response: preflight(func(_ *http.Request, _ *int, h http.Header) {
			h.Set("Access-Control-Allow-Methods", "PUT, DELETE, PURGE")
		}), want: "/api/*: no other method is listed"},
		{name: "methods are echoed", response: preflight(func(r *http.Request, status *int, h http.Header) {
			if r.Header.Get("Origin") == "https://www.app.example" {
				*status = 204
				grant(r, h)
				h.Set("Access-Control-Allow-Methods", r.Header.Get("Access-Control-Request-Method"))
			}
		}), want: "/api/*: method CONCORS-OTHER is refused"},
		{name: "* for methods with credentials", response: preflight(func(_ *http.Request, _ *int, h http.Header) { h.Set("Access-Control-Allow-Methods", "*") }), want: "/api/*: method PUT is allowed"},
		{name: "* for methods", response: preflight(func(r *http.Request, _ *int, h http.Header) { h.Set("Access-Control-Allow-Methods", "*") }), want: "/public/*: no other method is listed"},
		{name: "methods in lower case", response: preflight(func(_ *http.Request, _ *int, h http.Header) { h.Set("Access-Control-Allow-Methods", "put, delete") }), want: "/api/*: method PUT is allowed"},
		{name: "a list that is none", response: preflight(func(_ *http.Request, _ *int, h http.Header) { h.Set("Access-Control-Allow-Methods", "PUT DELETE") }), want: "/api/*: method PUT is allowed"},
		{name: "a header is lost", response: preflight(func(_ *http.Request, _ *int, h http.Header) {
			h.Set("Access-Control-Allow-Headers", "Content-Type, Authorization")
		}), want: "/api/*: header x-id is allowed"},
		{name: "another header", response: preflight(func(_ *http.Request, _ *int, h http.Header) {
			h.Set("Access-Control-Allow-Headers", "Content-Type, Authorization, X-Id, X-Admin")
		}), want: "/api/*: no other header is listed"},
		{name: "headers are echoed", response: preflight(func(r *http.Request, status *int, h http.Header) {
			if r.Header.Get("Origin") == "https://www.app.example" {
				*status = 204
				grant(r, h)
				h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
			}
		}), want: "/api/*: header x-concors-other is refused"},
		{name: "the first header counts", request: lines(func(lines []string) []string {
			first, _, _ := strings.Cut(lines[0], ",")
			return []string{first}
		}), response: preflight(func(r *http.Request, _ *int, h http.Header) {
			h.Set("Access-Control-Allow-Headers", h.Get("Access-Control-Allow-Headers")+", x-concors-other")
		}), want: "/api/*: header x-concors-other is refused among others"},
		{name: "names are compared with their case", request: lines(func(lines []string) []string {
			if strings.Contains(lines[0], "x-id") {
				return []string{"x-wrong"}
			}
			return lines
		}), want: "/api/*: header x-id is allowed"},
		{name: "several lines are refused", request: lines(func(lines []string) []string {
			if len(lines) > 1 {
				return []string{"x-wrong"}
			}
			return lines
		}), want: "/api/*: headers on several lines are allowed"},
		{name: "spaces are refused", request: lines(func(lines []string) []string {
			if strings.Contains(lines[0], " ") {
				return []string{"x-wrong"}
			}
			return lines
		}), want: "/api/*: headers with spaces are allowed"},

		// Where it is off.
		{name: "headers everywhere", response: change(func(r *http.Request, h http.Header) {
			if r.URL.Path == "/off" {
				h.Set("Access-Control-Allow-Origin", "*")
			}
		}), want: "/off: no CORS headers for GET from https://stranger.example"},
		{name: "preflights everywhere", response: preflight(func(r *http.Request, status *int, h http.Header) {
			if r.URL.Path == "/off" {
				h.Set("Access-Control-Allow-Methods", "PUT")
			}
		}), want: "/off: no CORS headers for a preflight from https://stranger.example"},
	}
}

func TestMutations(t *testing.T) {
	file := load(t, mutated)
	correct := serve(file)
	if r := run(t, file, correct, verify.Options{}); !r.Passed() || len(warnings(r)) > 0 {
		t.Fatalf("the correct server fails: %v", failures(r))
	}
	for _, m := range mutations() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, file, m.handler(correct), verify.Options{})
			if got := failures(r); !slices.Contains(got, m.want) {
				t.Errorf("got failures %q, want %q among them", got, m.want)
			}
			for _, c := range r.Checks {
				if !c.Pass && (c.Why == "" || c.Got == "" || c.Want == "" || len(c.Exchange) == 0) {
					t.Errorf("%s fails without a reason: %+v", c.Name, c)
				}
			}
		})
	}
}

// handler is the correct server, broken.
func (m *mutation) handler(correct http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		changed := r.Clone(r.Context())
		if m.request != nil {
			m.request(changed)
		}
		rec := httptest.NewRecorder()
		correct.ServeHTTP(rec, changed)
		status := rec.Code
		if m.response != nil {
			m.response(r, &status, rec.Header())
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
	})
}
