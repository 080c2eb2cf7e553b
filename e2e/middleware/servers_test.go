package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/concors/concors/cors"
)

// servers are those that the pages call, told apart by the first label of their host.
type servers struct {
	port    int
	by      map[string]http.Handler
	swapped *cors.Middleware
	open    *cors.Policy
	shadows atomic.Int32 // decisions of which the shadow told
	reached atomic.Int32 // requests that came to a handler
}

// url is one of a server.
func (s *servers) url(server, path string) string {
	return fmt.Sprintf("http://%s.api.localhost:%d%s", server, s.port, path)
}

// ServeHTTP implements [http.Handler].
func (s *servers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	label, _, _ := strings.Cut(r.Host, ".")
	if h := s.by[label]; h != nil {
		h.ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}

// serveAPIs serves every server until the test ends.
func serveAPIs(t *testing.T, p *pages) *servers {
	t.Helper()
	s := new(servers)
	policy := func(c cors.Config) *cors.Policy {
		made, err := cors.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	one := cors.Config{
		Origins: []string{p.origin("app")}, Methods: []string{"PUT"}, RequestHeaders: []string{"X-Id", "Content-Type"}, ResponseHeaders: []string{"X-Total"},
		MaxAge: cors.NoPreflightCache,
	}
	wild := one
	wild.Origins = []string{
		fmt.Sprintf("http://*.team.localhost:%d", p.port), fmt.Sprintf("http://pr-*.dev.localhost:%d", p.port),
		fmt.Sprintf("http://app.localhost:[%d,%d]", p.port, p.other),
	}
	s.open = policy(cors.Config{Origins: []string{"*"}, Methods: []string{"*"}, RequestHeaders: []string{"*"}, ResponseHeaders: []string{"*"}})
	signedIn := one
	signedIn.Credentials, signedIn.Methods, signedIn.RequestHeaders = true, []string{"*"}, []string{"*"}
	signedIn.ResponseHeaders = []string{"X-Total", "ETag"}
	api := http.HandlerFunc(s.api)

	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.Handle("/open/", cors.NewMiddleware(s.open).Wrap(api))
	mux.Handle("/off/", cors.Off(api))

	s.swapped = cors.NewMiddleware(policy(one))
	shadow := cors.NewMiddleware(s.open)
	shadow.Shadow(policy(one))
	shadow.OnShadow = func(*http.Request, *cors.Decision, *cors.Decision) { s.shadows.Add(1) }
	enforced := cors.NewMiddleware(policy(one))
	enforced.EnforceOnServer = true
	tenants := cors.NewMiddleware(policy(one))
	tenants.AllowOrigin = func(_ context.Context, origin string) (bool, error) {
		if origin == p.origin("evil") {
			return true, errors.New("the database is gone")
		}
		return origin == p.origin("tenant"), nil
	}
	own := http.NewServeMux()
	own.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { p.write(w, false) })
	own.Handle("/", enforced.Wrap(api))
	s.by = map[string]http.Handler{
		"one":         cors.NewMiddleware(policy(one)).Wrap(api),
		"patterns":    cors.NewMiddleware(policy(wild)).Wrap(api),
		"any":         cors.NewMiddleware(s.open).Wrap(api),
		"credentials": cors.NewMiddleware(policy(signedIn)).Wrap(api),
		"null":        cors.NewMiddleware(policy(cors.Config{DangerouslyAllowNull: true, Methods: []string{"PUT"}})).Wrap(api),
		"routes":      cors.NewMiddleware(policy(one)).Wrap(mux),
		"swapped":     s.swapped.Wrap(api),
		"shadow":      shadow.Wrap(api),
		"enforced":    own,
		"tenants":     tenants.Wrap(api),
	}
	s.port = serve(t, s)
	p.own = s.url("enforced", "")
	return s
}

// api answers with headers that a page may be allowed to read, and with the status that the path ends in, if any.
func (s *servers) api(w http.ResponseWriter, r *http.Request) {
	s.reached.Add(1)
	w.Header().Set("X-Total", "7")
	w.Header().Set("X-Other", "1")
	w.Header().Set("ETag", `"1"`)
	switch {
	case strings.HasSuffix(r.URL.Path, "/missing"):
		w.WriteHeader(http.StatusNotFound)
	case strings.HasSuffix(r.URL.Path, "/broken"):
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprintln(w, "answer")
}
