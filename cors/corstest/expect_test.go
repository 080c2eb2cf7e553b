package corstest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/corstest"
)

// recorded takes what a test would report.
type recorded struct {
	testing.TB
	lines []string
}

func (r *recorded) Helper() {}
func (r *recorded) Errorf(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

// stopped is how a fatal line ends a test that is recorded.
type stopped struct{}

func (r *recorded) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	panic(stopped{})
}

func expect(h http.Handler, line string) (lines []string) {
	r := new(recorded)
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(stopped); !ok {
				panic(p)
			}
		}
		lines = r.lines
	}()
	corstest.Expect(r, h, line)
	return r.lines
}

func TestExpect(t *testing.T) {
	p, err := cors.New(cors.Config{
		Origins: []string{"https://app.example"}, Methods: []string{"PUT"}, RequestHeaders: []string{"Authorization", "Content-Type"},
		ResponseHeaders: []string{"X-Total-Count"}, Credentials: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h := cors.NewMiddleware(p).Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Total-Count", "7")
		w.Header().Set("ETag", "1")
	}))
	for _, row := range []struct {
		line string
		want string // a part of what is reported; empty for nothing
	}{
		{"https://app.example may GET /users", ""},
		{"https://app.example may PUT /users/1 with Authorization, with credentials", ""},
		{"https://app.example may PUT /users/1 with Authorization: Bearer t, Content-Type", ""},
		{"https://app.example may GET /users and read X-Total-Count", ""},
		{"https://app.example may not GET /users and read ETag", ""},
		{"https://evil.example may not GET /users", ""},
		{"null may not GET https://api.example/users", ""},
		{"https://api.example may DELETE https://api.example/users", ""},
		{"https://evil.example may GET /users", "it is blocked: allow-origin-missing (concept-cors-check, step 2) on the request of https://server.test/users: no Access-Control-Allow-Origin, want \"https://evil.example\", status 200. The response has no Access-Control-Allow-Origin header, so the browser"},
		{"https://app.example may DELETE /users", `allow-origin-missing (concept-cors-check, step 2)`},
		{"https://app.example may not GET /users", `it is allowed, by the headers Access-Control-Allow-Credentials: "true", Access-Control-Allow-Origin: "https://app.example"`},
		{"https://app.example may GET /users and read ETag", "visible are x-total-count"},
		{"https://app.example might GET /users", "want PAGE may METHOD URL"},
		{"nowhere may GET /users", "page: "},
		{"https://app.example may GET", `want a method and a URL, and not "GET"`},
		{"https://app.example may GET /users with cookies and more", `want credentials or the name of a header`},
	} {
		t.Run(row.line, func(t *testing.T) {
			got := expect(h, row.line)
			if row.want == "" && len(got) > 0 || row.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], row.line) && !strings.HasPrefix(got[0], `"`+row.line) || !strings.Contains(got[0], row.want)) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
