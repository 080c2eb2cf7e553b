package gateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/program"
	"github.com/concors/concors/e2e/server"
)

// An app is a page and its API on one origin.
type app struct {
	origin string
	dir    string // of the policy file
	api    *ownService
}

// serveApp has the gateway serve an API, and the rest as the words of a route say.
func serveApp(t *testing.T, gateway, rest string) *app {
	t.Helper()
	a := &app{api: new(ownService)}
	a.api.port = serve(t, a.api)
	address := freeAddress(t)
	a.origin = "http://app.localhost:" + port(address)
	a.dir = serveFile(t, gateway, address, fmt.Sprintf(`version: 1
policies: {nobody: {origins: ["https://app.example"]}}
gateway: {access_log: access.log}
routes:
  - {path: /api/, upstream: "http://127.0.0.1:%d"}
  - {path: /, %s}
`, a.api.port, rest))
	return a
}

// copyApp copies the sources of the app into a cage.
func copyApp(t *testing.T, cage *program.Cage) (dir string) {
	t.Helper()
	dir = filepath.Join(cage.Dir(), "app")
	if err := os.CopyFS(dir, os.DirFS("testdata/app")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// testDevelopmentServer has Vite behind the gateway, with its WebSocket.
func testDevelopmentServer(t *testing.T, b browser.Browser, gateway string) {
	cage := newCage(t)
	dir := copyApp(t, cage)
	address := freeAddress(t)
	vite := server.Tool(t, "vite", "--host", "127.0.0.1", "--port", port(address), "--strictPort")
	vite.Dir = dir
	run(t, cage, vite, address)
	a := serveApp(t, gateway, `upstream: "http://`+address+`"`)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a.open(ctx, t, b, "/")
	a.callAPI(ctx, t, b)
	if _, err := b.Eval(ctx, "window.since = 'the beginning'"); err != nil {
		t.Fatal(err)
	}
	const changed = "export const message = 'as it is';\n"
	if err := os.WriteFile(filepath.Join(dir, "message.js"), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, b, "return document.getElementById('message').textContent === 'as it is' && window.since === 'the beginning'")
	a.checkLog(t)
}

// testBuiltFiles has the gateway serve what Vite builds. Paths that only the app knows get its page.
func testBuiltFiles(t *testing.T, b browser.Browser, gateway string) {
	cage := newCage(t)
	dir := copyApp(t, cage)
	vite := server.Tool(t, "vite", "build", "--outDir", "dist")
	vite.Dir, vite.Env = dir, cage.Environ()
	if err := cage.Run(t.Context(), vite); err != nil {
		t.Fatal(err)
	}
	a := serveApp(t, gateway, fmt.Sprintf("files: {root: %q, spa: true}, compress: true", filepath.Join(dir, "dist")))

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a.open(ctx, t, b, "/users/1/edit")
	a.callAPI(ctx, t, b)
	a.checkLog(t)
}

// open opens a page of the app and waits until its script has run.
func (a *app) open(ctx context.Context, t *testing.T, b browser.Browser, path string) {
	t.Helper()
	if err := b.Navigate(ctx, a.origin+path); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, b, "return document.getElementById('message').textContent === 'as it was'")
}

// callAPI has the page make a request for which another origin would need a preflight, and read what nobody exposes.
func (a *app) callAPI(ctx context.Context, t *testing.T, b browser.Browser) {
	t.Helper()
	data, err := b.Eval(ctx, `
		const response = await fetch('/api/users', {method: 'PUT', headers: {'Content-Type': 'application/json', 'X-Id': '1'}, body: '{}'});
		return response.status + ' ' + response.headers.get('X-Other');
	`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(data), `"200 1"`; got != want {
		t.Errorf("the page got %s, want %s", got, want)
	}
	if got, want := a.api.methods(), []string{"go PUT"}; !slices.Equal(got, want) {
		t.Errorf("%q reached the API, want %q", got, want)
	}
}

// checkLog reads the gateway's own log: the request of the API is there, and no preflight is.
func (a *app) checkLog(t *testing.T) {
	t.Helper()
	file, err := os.Open(filepath.Join(a.dir, "access.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var requests []string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var line struct{ Request struct{ Method, URI string } }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("decode %s: %v", lines.Text(), err)
		}
		requests = append(requests, line.Request.Method+" "+line.Request.URI)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	preflight := func(request string) bool { return strings.HasPrefix(request, http.MethodOptions) }
	if !slices.Contains(requests, "PUT /api/users") || slices.ContainsFunc(requests, preflight) {
		t.Errorf("got the requests %q, want PUT /api/users and no preflight", requests)
	}
}

// waitFor waits until a script returns true in the page.
func waitFor(ctx context.Context, t *testing.T, b browser.Browser, js string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		data, err := b.Eval(ctx, js)
		if err != nil {
			t.Fatal(err)
		}
		if string(data) == "true" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("it did not come to this: %s", js)
		}
	}
}
