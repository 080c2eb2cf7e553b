package stacks_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/stacks"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
	"github.com/concors/concors/stack/stacktest"
)

// sameOrigin is the host of front end and API.
const sameOrigin = "site.localhost"

// TestSameOrigin: a page calls its API under one origin. There is no preflight, and nobody sends a CORS header.
func TestSameOrigin(t *testing.T) {
	p := openPages(t, []string{sameOrigin})
	for _, s := range all.Stacks() {
		for i, v := range s.Facts.Variants {
			if s.Facts.Proof != stack.Proven || v.Fact(stack.SameOrigin).Ability == stack.Cannot {
				continue
			}
			t.Run(strings.Trim(s.ID+"/"+v.ID, "/"), func(t *testing.T) {
				if s.ID == "nextjs" && i > 0 {
					t.Skip("rewrites are the same in every variant")
				}
				testSameOrigin(t, &s, &v, p)
			})
		}
	}
}

func testSameOrigin(t *testing.T, s *stack.Stack, v *stack.Variant, p *pages) {
	folder := frontEnd(t)
	front := folder
	if s.Facts.NoFiles != "" {
		front = serve(t, http.FileServer(http.Dir(folder)))
	}
	_, site := load(t, stacktest.SameOrigin(s.Facts.NoFiles == ""), startAPI(t, s), front)
	running := startFrontEnd(t, s, generate(t, s, site, stack.Options{Variant: v.ID, SameOrigin: true}))
	for target, byApplication := range map[string]bool{"/": false, "/api/users": true, "/api": false} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", running.Origin("127.0.0.1")+target, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = sameOrigin
		res := get(t, req)
		if (res.Header.Get("X-Answered-By") != "") != byApplication || target != "/api" && res.StatusCode != http.StatusOK {
			t.Errorf("GET %s: got %d %v, want an answer of the application: %t", target, res.StatusCode, res.Header, byApplication)
		}
	}
	t.Run("chromium", func(t *testing.T) {
		browser.Require(t, browser.Chromium)
		// With both headers another origin's page would need a preflight.
		init := map[string]any{"method": "PUT", "headers": map[string]string{"Content-Type": "application/json", "X-Id": "1"}, "body": "{}"}
		got := p.ask(t, []call{{Page: running.Origin(sameOrigin), URL: "/api/users", Init: init}})[0]
		if got.Status != http.StatusOK || !slices.Contains(got.Headers, "x-answered-by") {
			t.Errorf("the page got %+v, want an answer of the application with all its headers", got)
		}
	})
	for _, e := range running.Exchanges() {
		checkNoCORS(t, &e)
	}
}

// startFrontEnd starts the server of generated files. Where the front end is not a folder it is the same page, as the stack has it.
func startFrontEnd(t *testing.T, s *stack.Stack, files []stack.File) *server.Server {
	t.Helper()
	config, err := stacks.Config(s, files)
	if err != nil {
		t.Fatal(err)
	}
	switch s.ID {
	case "nextjs":
		text, err := json.Marshal(page())
		if err != nil {
			t.Fatal(err)
		}
		config.Files["app/route.js"] = "const page = " + string(text) + ";\n\nexport function GET() {\n  return new Response(page, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });\n}\n"
	case "vite":
		config.Files["index.html"] = page()
	}
	return server.Start(t, config)
}

// startAPI starts an application to have under one origin with its front end, and returns its origin.
func startAPI(t *testing.T, s *stack.Stack) string {
	t.Helper()
	handler := stacks.Application()
	if s.ID == "nextjs" {
		handler = withoutCORS(handler) // rewrites pass them on, as a finding says
	}
	application := httptest.NewUnstartedServer(handler)
	if stacks.IsSlow(s) {
		// The port is part of what is built, and builds are kept.
		if l, err := net.Listen("tcp", "127.0.0.1:23081"); err == nil {
			application.Listener.Close()
			application.Listener = l
		}
	}
	application.Start()
	t.Cleanup(application.Close)
	return application.URL
}

func withoutCORS(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			if !strings.HasPrefix(name, "Access-Control-") {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(answer.Code)
	})
}

// frontEnd is a folder with a page.
func frontEnd(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil { // servers that root starts become somebody else
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "index.html"), []byte(page()), 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

// checkNoCORS wants no preflight, and no CORS header in the answer.
func checkNoCORS(t *testing.T, e *server.Exchange) {
	t.Helper()
	if e.Method == "OPTIONS" {
		t.Errorf("OPTIONS %s was sent", e.Target)
	}
	for name := range e.Answer {
		if strings.HasPrefix(header.Lower(name), "access-control-") {
			t.Errorf("%s %s: got %s", e.Method, e.Target, name)
		}
	}
}
