package verify_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/verify"
)

// policies are what a correct server has to pass with.
func policies() map[string]string {
	one := func(keys string) string {
		return "version: 1\npolicies:\n  app:\n    " + strings.ReplaceAll(keys, "\n", "\n    ") + "\n"
	}
	list := map[string]string{
		"exact":             one("origins: [https://app.example]"),
		"several":           one("origins: [https://app.example, https://www.app.example, http://localhost:3000]\nmethods: [PUT, DELETE]\nrequest_headers: [Content-Type, Authorization, X-Id]\nresponse_headers: [X-Total-Count, ETag]\ncredentials: true\nmax_age: 10m"),
		"subdomains":        one("origins: [\"https://*.app.example\"]\nmethods: [PATCH]"),
		"partial label":     one("origins: [\"https://pr-*.app.example\"]\ncredentials: true"),
		"any port":          one("origins: [\"http://localhost:*\"]\nrequest_headers: [X-A]"),
		"ports":             one("origins: [\"http://localhost:[3000,5173]\", \"http://127.0.0.1:[8000-8010]\"]"),
		"addresses":         one("origins: [\"http://[::1]:3000\", http://192.0.2.1]"),
		"any origin":        one("origins: [\"*\"]\nresponse_headers: [\"*\"]\nmax_age: 0"),
		"any of everything": one("origins: [\"*\"]\nmethods: [\"*\"]\nrequest_headers: [\"*\", Authorization]\nresponse_headers: [\"*\"]"),
		"any header":        one("origins: [https://app.example]\nmethods: [\"*\"]\nrequest_headers: [\"*\"]"),
		"reflected":         one("origins: [https://app.example]\nmethods: [\"*\"]\nrequest_headers: [\"*\"]\ncredentials: true"),
		"null":              one("origins: [https://app.example]\ndangerously_allow_null: true"),
		"everybody":         one("origins: [\"*\"]\ncredentials: true\ndangerously_allow_any_origin_with_credentials: true"),
		"scheme of an app":  one("origins: [capacitor://localhost, https://app.example]\ncredentials: true"),
		"long max age":      one("origins: [https://app.example]\nmax_age: 48h"),
		"safelisted":        one("origins: [https://app.example]\nrequest_headers: [Accept, Range, Content-Language, Cookie]\nresponse_headers: [Set-Cookie, Expires]"),
		"lower case":        one("origins: [https://app.example]\nmethods: [patch, OPTIONS]"),
		"routes": `version: 1
policies:
  app: {origins: [https://app.example], methods: [PUT], request_headers: [Content-Type], credentials: true}
  public: {origins: ["*"]}
routes:
  - {path: /api/, policy: app}
  - {path: /api/health, policy: none}
  - {path: /api/items, policy: public, methods: [GET]}
  - {path: /api/items, policy: app}
  - {path: /upload, policy: app, methods: [PUT]}
  - {path: /versioned, policy: app, headers: {X-Version: "2"}}
  - {path: /other, host: other.test, policy: app}
  - {path: /, policy: public}
`,
		"odd paths": `version: 1
policies:
  app: {origins: [https://app.example]}
  other: {origins: [https://other.example]}
routes:
  - {path: "/100%25/", policy: app}
  - {path: "/it's\"q\"{x}/", policy: app}
  - {path: /, policy: other}
`,
	}
	for _, preset := range cors.Presets() {
		list["preset "+preset] = one("origins: [https://app.example]\npreset: " + preset)
		list["preset "+preset+" with credentials"] = one("origins: [\"https://*.app.example\"]\ncredentials: true\npreset: " + preset)
	}
	return list
}

func TestCorrectServers(t *testing.T) {
	for name, text := range policies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := load(t, text)
			var seen methods
			r := run(t, file, seen.count(serve(file)), verify.Options{})
			for _, c := range r.Checks {
				if !c.Pass {
					t.Errorf("%s: got %s, want %s: %s\n%+v", c.Name, c.Got, c.Want, c.Why, c.Exchange)
				}
				if c.Warning != "" {
					t.Errorf("%s: warning: %s", c.Name, c.Warning)
				}
			}
			if r.Unanswered > 0 || r.Pass < 10 || !r.Passed() {
				t.Errorf("got %d passed, %d unanswered, want at least 10 and none: %+v", r.Pass, r.Unanswered, r.NotVerified)
			}
			for method := range seen.seen {
				if method != "OPTIONS" && method != "GET" && method != "HEAD" {
					t.Errorf("the server got %s", method)
				}
			}
		})
	}
}

// The same over real connections.
func TestCorrectServersLive(t *testing.T) {
	for _, name := range []string{"several", "subdomains", "any origin", "routes"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := load(t, policies()[name])
			var seen methods
			s := httptest.NewServer(seen.count(serve(file)))
			defer s.Close()
			plan, err := verify.NewPlan(file, verify.Options{URL: s.URL})
			if err != nil {
				t.Fatal(err)
			}
			r := plan.Run(t.Context(), reach(t))
			if got := failures(r); len(got) > 0 || !r.Passed() || r.Pass < 10 {
				t.Errorf("got failures %v, %d passed, %d unanswered: %+v", got, r.Pass, r.Unanswered, r.NotVerified)
			}
			if seen.seen["OPTIONS"] == 0 || seen.seen["GET"] == 0 || seen.seen["HEAD"] == 0 || len(seen.seen) > 3 {
				t.Errorf("the server got %v, want OPTIONS, GET and HEAD only", seen.seen)
			}
		})
	}
}

// Random policies, each served correctly, and then served as the next: a difference between two policies is found.
func TestRandomPolicies(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	const n = 150
	for i := range n {
		text := random(g)
		file := load(t, text)
		if r := run(t, file, serve(file), verify.Options{}); !r.Passed() {
			t.Fatalf("policy %d: %v, unanswered %d\n%s", i, failures(r), r.Unanswered, text)
		}
		other := load(t, random(g))
		p, _ := file.Policy("")
		q, _ := other.Policy("")
		r := run(t, file, serve(other), verify.Options{})
		if a, b := fmt.Sprint(p.Config()), fmt.Sprint(q.Config()); a != b && r.Passed() && len(warnings(r)) == 0 {
			t.Errorf("policy %d: a server with another policy passes: got %s, want %s", i, b, a)
		}
	}
}

func random(g *rand.Rand) string {
	some := func(words ...string) string {
		g.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		return strings.Join(words[:g.IntN(len(words)+1)], ", ")
	}
	origins := some("https://app.example", `"https://*.b.example"`, `"https://pr-*.c.example"`, `"http://localhost:*"`, `"http://localhost:[3000-3010]"`, "capacitor://localhost")
	if origins == "" {
		origins = "https://d.example"
	}
	age := []string{"10m", "0", "7200"}[g.IntN(3)]
	return fmt.Sprintf("version: 1\npolicies:\n  app:\n    origins: [%s]\n    methods: [%s]\n    request_headers: [%s]\n    response_headers: [%s]\n    credentials: %t\n    max_age: %s\n",
		origins, some("PUT", "DELETE", "PATCH"), some("Content-Type", "Authorization", "X-A", "X-B"), some("X-Total-Count", "ETag"), g.IntN(2) == 0, age)
}

// What servers do in another style is no failure.
func TestStyles(t *testing.T) {
	file := load(t, "version: 1\npolicies:\n  app: {origins: [https://app.example], methods: [PUT], request_headers: [X-A, X-B], max_age: 10m}\n")
	tests := []struct {
		name    string
		style   func(w http.ResponseWriter, r *http.Request)
		warning string
	}{
		{"200 for a preflight", func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Vary", "Accept-Encoding, Origin")
			if r.Header.Get("Origin") == "https://app.example" {
				h.Set("Access-Control-Allow-Origin", "https://app.example")
			}
			if r.Header.Get("Access-Control-Request-Method") != "" {
				h.Set("Access-Control-Allow-Methods", "GET,HEAD,POST,PUT")
				h.Set("Access-Control-Allow-Headers", "X-A,X-B")
				h.Set("Access-Control-Max-Age", "600")
			}
		}, ""},
		{"one origin whoever asks", func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", "https://app.example")
			if r.Method == "OPTIONS" {
				h.Set("Access-Control-Allow-Methods", "PUT, OPTIONS")
				h.Set("Access-Control-Allow-Headers", "X-A, X-B, Accept, Origin")
				h.Set("Access-Control-Max-Age", "600")
				w.WriteHeader(204)
			}
		}, "OPTIONS without Access-Control-Request-Method"},
		{"origins without regard to case", func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Vary", "Origin")
			if o := r.Header.Get("Origin"); strings.EqualFold(o, "https://app.example") {
				h.Set("Access-Control-Allow-Origin", o)
				h.Set("Access-Control-Allow-Methods", "PUT")
				h.Set("Access-Control-Allow-Headers", "X-A, X-B")
				h.Set("Access-Control-Max-Age", "600")
			}
		}, "none of the policy as it is written"},
		{"credentials that nobody is allowed", func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Vary", "Origin")
			if r.Header.Get("Origin") == "https://app.example" {
				h.Set("Access-Control-Allow-Origin", "https://app.example")
				h.Set("Access-Control-Allow-Methods", "PUT")
				h.Set("Access-Control-Allow-Headers", "X-A, X-B")
				h.Set("Access-Control-Max-Age", "600")
			} else {
				h.Set("Access-Control-Allow-Credentials", "true")
			}
		}, "without an allowed origin"},
		{"a redirect with the headers", func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", "https://app.example")
			h.Set("Access-Control-Max-Age", "600")
			h.Set("Access-Control-Allow-Methods", "PUT")
			h.Set("Access-Control-Allow-Headers", "X-A, X-B")
			if r.Method == "GET" && r.URL.Path == "/" {
				http.Redirect(w, r, "https://elsewhere.test/", http.StatusFound)
			}
		}, "the answer is a redirect"},
		{"names that have to be sorted", func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Vary", "Origin")
			asked := strings.ReplaceAll(strings.Join(r.Header["Access-Control-Request-Headers"], ","), " ", "")
			if r.Header.Get("Origin") == "https://app.example" && asked != "x-b,x-a" {
				h.Set("Access-Control-Allow-Origin", "https://app.example")
				h.Set("Access-Control-Allow-Methods", "PUT")
				h.Set("Access-Control-Allow-Headers", "X-A, X-B")
				h.Set("Access-Control-Max-Age", "600")
			}
		}, "in another order"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := run(t, file, http.HandlerFunc(test.style), verify.Options{})
			if !r.Passed() {
				t.Errorf("got failures %v, want none", failures(r))
			}
			got := strings.Join(warnings(r), "; ")
			if test.warning != "" && !strings.Contains(got, test.warning) || test.warning == "" && got != "" {
				t.Errorf("got warnings %q, want %q", got, test.warning)
			}
		})
	}
}

// A server that sends back the names that are asked for, and sees one line of them, is told of.
func TestOneLineSentBack(t *testing.T) {
	file := load(t, "version: 1\npolicies:\n  app: {origins: [https://app.example], request_headers: [\"*\"], credentials: true}\n")
	r := run(t, file, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Vary", "Origin")
		if r.Header.Get("Origin") == "https://app.example" {
			h.Set("Access-Control-Allow-Origin", "https://app.example")
			h.Set("Access-Control-Allow-Credentials", "true")
			h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		}
	}), verify.Options{})
	if got := strings.Join(warnings(r), "; "); !r.Passed() || !strings.Contains(got, "on several lines") {
		t.Errorf("got failures %v and warnings %q, want a warning only", failures(r), got)
	}
}

// Where no method needs permission none has to be listed.
func TestNoMethodListed(t *testing.T) {
	file := load(t, "version: 1\npolicies:\n  app: {origins: [https://app.example]}\n")
	r := run(t, file, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Origin")
		if r.Header.Get("Origin") == "https://app.example" {
			w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
		}
	}), verify.Options{})
	if !r.Passed() {
		t.Errorf("got failures %v, want none", failures(r))
	}
}
