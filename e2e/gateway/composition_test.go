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
func testDevelopmentServer(t *testing.T, b browser.Browser, tools *browser.Recorder, gateway string) {
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
	a.checkTools(ctx, t, b, tools)
}

// testBuiltFiles has the gateway serve what Vite builds. Paths that only the app knows get its page.
func testBuiltFiles(t *testing.T, b browser.Browser, tools *browser.Recorder, gateway string) {
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
	a.checkTools(ctx, t, b, tools)
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

// openTools opens the developer tools of Chromium. They are nil for the others: Firefox's log leaves out what a test has the
// page fetch, and WebKit's tools cannot be driven.
func openTools(t *testing.T, b browser.Browser) *browser.Recorder {
	t.Helper()
	if b.Engine() != browser.Chromium {
		return nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tools, err := browser.Record(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	return tools
}

// checkTools reads the network log of the developer tools: the request of the API is there, and no preflight. To show that one
// would be there, the page makes the same request to the gateway under another name, which has no policy.
func (a *app) checkTools(ctx context.Context, t *testing.T, b browser.Browser, tools *browser.Recorder) {
	t.Helper()
	if tools == nil {
		return
	}
	other := strings.Replace(a.origin, "app", "other", 1)
	data, err := b.Eval(ctx, `
		const [url] = arguments;
		return await fetch(url, {method: 'PUT', headers: {'X-Id': '1'}}).then(() => 'allowed', () => 'blocked');
	`, other+"/api/users")
	if err != nil || string(data) != `"blocked"` {
		t.Fatalf("got %s, %v from another origin, want that it is blocked", data, err)
	}
	control := "OPTIONS " + other + "/api/users"
	var log []string
	for deadline := time.Now().Add(10 * time.Second); !slices.Contains(log, control) && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		log = readTools(ctx, t, tools) // a request is in it a moment after its end
	}
	if want := "PUT " + a.origin + "/api/users"; !slices.Contains(log, want) {
		t.Errorf("got the log %q, want %s", log, want)
	}
	preflights := slices.DeleteFunc(log, func(request string) bool { return !strings.HasPrefix(request, http.MethodOptions) })
	if want := []string{control}; !slices.Equal(preflights, want) {
		t.Errorf("got the preflights %q, want %q alone", preflights, want)
	}
}

// readTools returns the requests in the network log of developer tools, method and URL.
func readTools(ctx context.Context, t *testing.T, tools *browser.Recorder) []string {
	t.Helper()
	text, err := tools.HAR(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	var har struct {
		Log struct {
			Entries []struct {
				Request struct{ Method, URL string }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &har); err != nil {
		t.Fatalf("decode the HAR: %v", err)
	}
	var requests []string
	for _, e := range har.Log.Entries {
		requests = append(requests, e.Request.Method+" "+e.Request.URL)
	}
	return requests
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
