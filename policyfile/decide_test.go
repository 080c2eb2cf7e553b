package policyfile_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/concors/concors/internal/term"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

func TestDecide(t *testing.T) {
	f := good(t, app+`    request_headers: [X-A, Content-Type]
    credentials: true
routes:
  - {path: /api/, policy: app}
  - {path: /hosted, host: api.example, policy: app}
  - {path: /}
`)
	for _, row := range []struct {
		name     string
		question policyfile.Question
		want     string // outcome, policy, route, preflight, number of exchanges
	}{
		{"at once", policyfile.Question{Origin: "https://app.example", Method: "GET", Target: "/api/x"}, "allowed app /api/ false 1"},
		{"a name of a header", policyfile.Question{Origin: "https://app.example", Method: "GET", Target: "/api/x", Headers: []string{"X-A"}}, "allowed app /api/ true 2"},
		{"Content-Type is of JSON", policyfile.Question{Origin: "https://app.example", Method: "POST", Target: "/api/x", Headers: []string{"content-type"}}, "allowed app /api/ true 2"},
		{"Content-Type of a form", policyfile.Question{Origin: "https://app.example", Method: "POST", Target: "/api/x", Headers: []string{"Content-Type: text/plain"}}, "allowed app /api/ false 1"},
		{"a header that is not allowed", policyfile.Question{Origin: "https://app.example", Method: "GET", Target: "/api/x", Headers: []string{"X-B: 1"}}, "blocked app /api/ true 1"},
		{"credentials", policyfile.Question{Origin: "https://app.example", Method: "GET", Target: "/api/x", Credentials: true}, "allowed app /api/ false 1"},
		{"a page's URL", policyfile.Question{Origin: "https://app.example/x?y", Method: "GET", Target: "/api/x"}, "allowed app /api/ false 1"},
		{"null", policyfile.Question{Origin: "null", Method: "GET", Target: "/api/x"}, "blocked app /api/ false 1"},
		{"off", policyfile.Question{Origin: "https://app.example", Method: "GET", Target: "/"}, "blocked  / false 1"},
		{"a host", policyfile.Question{Origin: "https://app.example", Method: "GET", Target: "https://api.example/hosted"}, "allowed app /hosted false 1"},
		{"a policy", policyfile.Question{Policy: "app", Origin: "https://app.example", Method: "GET", Target: "/"}, "allowed app  false 1"},
		{"a forbidden method", policyfile.Question{Origin: "https://app.example", Method: "TRACE", Target: "/"}, "invalid   false 0"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, err := f.Decide(row.question)
			if err != nil {
				t.Fatal(err)
			}
			preflight := "false"
			if d.Preflight {
				preflight = "true"
			}
			got := strings.Join([]string{string(d.Outcome), d.Policy, d.Route, preflight, string(rune('0' + len(d.Exchanges)))}, " ")
			if got != row.want || d.Why == "" {
				t.Errorf("got %s (%s), want %s", got, d.Why, row.want)
			}
		})
	}
}

func TestDecideRefusesQuestions(t *testing.T) {
	f := good(t, app+"  b: {origins: [https://b.example]}\n")
	for _, row := range []struct {
		name     string
		question policyfile.Question
		want     string
	}{
		{"which policy", policyfile.Question{Origin: "null", Method: "GET", Target: "/"}, "which policy? there are app, b"},
		{"no such policy", policyfile.Question{Policy: "c", Origin: "null", Method: "GET", Target: "/"}, `no policy "c": there are app, b`},
		{"an origin", policyfile.Question{Policy: "b", Origin: "b.example", Method: "GET", Target: "/"}, `invalid origin "b.example": want an origin, a URL or null`},
		{"a path", policyfile.Question{Policy: "b", Origin: "null", Method: "GET", Target: "x"}, `invalid path "x": want one that begins with a slash, or a URL of http or https`},
		{"a header", policyfile.Question{Policy: "b", Origin: "null", Method: "GET", Target: "/", Headers: []string{"X Id"}}, `invalid header "X Id": want a name, or a name, a colon and a value`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if d, err := f.Decide(row.question); d != nil || err == nil || err.Error() != row.want {
				t.Errorf("got %v, %v, want %s", d, err, row.want)
			}
		})
	}
}

// Each cell of the matrix is what the policy says, and the table fits any width.
func TestMatrix(t *testing.T) {
	f := good(t, `version: 1
policies:
  app:
    origins: [https://app.example, "https://*.preview.example", "http://localhost:[3000-3999]"]
    methods: [PUT, DELETE, AN-EXTREMELY-LONG-METHOD-THAT-NEEDS-A-LINE-OF-ITS-OWN]
    request_headers: [Content-Type, X-An-Extremely-Long-Header-That-Needs-More-Than-A-Line-Of-Forty-Columns]
  public:
    origins: ["*"]
`)
	cells := f.Matrix()
	allowed := 0
	for _, c := range cells {
		if c.Allowed {
			allowed++
		}
		want := c.Policy == "public" || c.Origins[0] == "https://app.example"
		want = want && c.Method != "CONCORS-OTHER" && (c.Header == "" || c.Policy == "app" && (c.Header == "content-type" || strings.HasPrefix(c.Header, "x-an")))
		if c.Allowed != want {
			t.Errorf("got %+v", c)
		}
	}
	if allowed != 6*3+3 {
		t.Errorf("got %d cells that are allowed", allowed)
	}
	for width := 20; width <= 130; width += 11 {
		var b bytes.Buffer
		if err := policyfile.WriteMatrix(&b, cells, report.Layout{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := term.Columns(strings.TrimSuffix(line, "\n")); n > max(width, 40) {
				t.Errorf("width %d: %d columns in %q", width, n, line)
			}
		}
		if got := strings.Count(b.String(), "yes"); got != allowed {
			t.Errorf("width %d: got yes %d times, want %d", width, got, allowed)
		}
	}
}
