package stacks_test

import (
	"net/http"
	"testing"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack/nextjs"
)

// TestNextJS is about what Next.js has of its own: for which paths it finds a handler, and what it answers by itself.
func TestNextJS(t *testing.T) {
	s := nextjs.Stack()
	for _, v := range s.Facts.Variants {
		t.Run(v.ID, func(t *testing.T) {
			running, _ := startTogether(t, &s, &v)
			for _, row := range []struct{ name, site, method, path, variant, want string }{
				{"an encoded path", "paths", "GET", "/api/users/%C3%A9", "", "https://app.example"},
				{"a route that is off", "paths", "GET", "/api/private/x", "", ""},
				{"an encoded letter", "paths", "GET", "/api/%70rivate/x", "", ""},
				{"an encoded slash", "paths", "GET", "/api%2Fprivate/x", "", ""},
				{"an encoded slash below", "paths", "GET", "/api/private%2fx", "", ""},
				{"another case", "paths", "GET", "/API/Private/x", "", ""},
				{"a slash at the end", "paths", "GET", "/api/status/", "", "*"},
				{"no handler for the method", "one-origin", "PUT", "/few/methods", "route-handlers", "https://app.example"},
				{"no handler for HEAD", "one-origin", "HEAD", "/few/methods", "route-handlers", "https://app.example"},
				{"a handler that throws", "one-origin", "GET", "/api/crashed", "", "https://app.example"},
				{"a redirect", "one-origin", "GET", "/few/methods?to=elsewhere", "route-handlers", "https://app.example"},
			} {
				if row.variant != "" && row.variant != v.ID {
					continue
				}
				t.Run(row.name, func(t *testing.T) {
					req, err := http.NewRequestWithContext(t.Context(), row.method, siteOf(t, running, row.site).Origin("127.0.0.1")+row.path, http.NoBody)
					if err != nil {
						t.Fatal(err)
					}
					req.Host = "api.example"
					req.Header.Set(header.Origin, "https://app.example")
					res := get(t, req)
					if got := res.Header.Get(header.AllowOrigin); got != row.want || res.StatusCode == http.StatusNotFound {
						t.Errorf("got %d and %s %q, want an answer of the application and %q", res.StatusCode, header.AllowOrigin, got, row.want)
					}
				})
			}
		})
	}
}
