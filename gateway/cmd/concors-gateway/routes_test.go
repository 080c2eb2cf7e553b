//go:build unix

package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// What a route can do with a request, each by the words of the policy file.
func TestRoutes(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Frame-Options", "upstream")
		w.Header().Set("X-Secret", "upstream")
		io.Copy(io.Discard, r.Body)
		fmt.Fprintf(w, "%s key=%s debug=%s user=%s", r.URL.RequestURI(), r.Header.Get("X-Key"), r.Header.Get("X-Debug"), r.Header.Get("Remote-User"))
	}))
	defer upstream.Close()
	auth := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RequestURI() != "/verify?a={b}" || r.Header.Get("X-Token") != "good" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Remote-User", "ann")
	}))
	defer auth.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"index.html": "index", "app.js": strings.Repeat("code ", 1000), "concors.yaml": "secret", "sub/index.html": "sub", "empty/x/y": "",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hash, err := bcrypt.GenerateFromPassword([]byte("pass"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "concors.yaml")
	write(t, file,
		`{path: /spa/, rewrite: {strip: /spa}, compress: true, files: {root: ., spa: true, max_age: 1h}}`,
		`{path: /files/, rewrite: {strip: /files}, files: {root: ., max_age: 1h}}`,
		`{path: /api, rewrite: {strip: /api, add: /v2}, upstream: "`+upstream.URL+`"}`,
		`{path: /api/, rewrite: {strip: /api, add: "/v$1"}, upstream: "`+upstream.URL+`"}`,
		`{path: /changed/, set_request_headers: {X-Key: "{env.HOME}"}, remove_request_headers: [X-Debug], set_response_headers: {X-Frame-Options: "{x}"}, remove_response_headers: [X-Secret], upstream: "`+upstream.URL+`"}`,
		`{path: /small/, policy: app, max_body: 10, upstream: "`+upstream.URL+`"}`,
		`{path: /basic/, policy: app, basic_auth: {ops: "`+string(hash)+`"}, upstream: "`+upstream.URL+`"}`,
		`{path: /forward/, policy: app, forward_auth: {url: "`+auth.URL+`/verify?a={b}", copy: [Remote-User]}, upstream: "`+upstream.URL+`"}`,
		`{path: /old/, redirect: "https://new.example{path}?{query}"}`,
		`{path: /home/, redirect: {to: /, status: 302}}`,
	)
	p := gateway(t, file)
	client := own(t)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, row := range []struct {
		name, request string
		headers       []string
		status        int
		body          string // of it the beginning
		want          []string
	}{
		{"an index file", "GET /spa/", nil, 200, "index", []string{"Cache-Control: no-cache"}},
		{"a file", "GET /spa/app.js", nil, 200, "code ", []string{"Cache-Control: max-age=3600"}},
		{"a part of a file", "GET /spa/app.js", []string{"Range: bytes=0-3", "Accept-Encoding: identity"}, 206, "code", []string{"Content-Range: bytes 0-3/5000"}},
		{"no file, in an application", "GET /spa/a/b", nil, 200, "index", []string{"Cache-Control: no-cache"}},
		{"an index file in a folder", "GET /spa/sub/", nil, 200, "sub", nil},
		{"a folder without an index file, in an application", "GET /spa/empty/", nil, 200, "index", nil},
		{"the policy file, in an application", "GET /spa/concors.yaml", nil, 200, "index", nil},
		{"the policy file", "GET /files/concors.yaml", nil, 404, "404 Not Found", []string{"Cache-Control: "}},
		{"a method that files do not have", "POST /files/app.js", nil, 405, "405 Method Not Allowed", []string{"Cache-Control: "}},
		{"another path", "GET /api/a%2Fb?q=%20", nil, 200, "/v$1/a%2Fb?q=%20 ", nil},
		{"another path, and nothing of the first", "GET /api", nil, 200, "/v2/ ", nil},
		{"a name that begins as the path", "GET /api/api", nil, 200, "/v$1/api ", nil},
		{"other headers", "GET /changed/", []string{"X-Debug: 1", "X-Key: mine"}, 200, "/changed/ key={env.HOME} debug= user=",
			[]string{"X-Frame-Options: {x}", "X-Secret: "}},
		{"a small body", "POST /small/ 0123456789", nil, 200, "/small/ ", nil},
		{"a large body", "POST /small/ 0123456789a", nil, 413, "413 Request Entity Too Large", []string{"Access-Control-Allow-Origin: https://app.example"}},
		{"no password", "GET /basic/", nil, 401, "401 Unauthorized", []string{"Access-Control-Allow-Origin: https://app.example", `WWW-Authenticate: Basic realm="restricted"`}},
		{"a password", "GET /basic/", []string{"Authorization: Basic b3BzOnBhc3M="}, 200, "/basic/ ", nil},
		{"nobody that the other server knows", "GET /forward/", []string{"Remote-User: root"}, 401, "", []string{"Access-Control-Allow-Origin: https://app.example"}},
		{"somebody that it knows", "GET /forward/", []string{"X-Token: good", "Remote-User: root"}, 200, "/forward/ key= debug= user=ann", nil},
		{"elsewhere", "GET /old/a%2Fb?c=d", nil, 308, "", []string{"Location: https://new.example/old/a%2Fb?c=d"}},
		{"elsewhere, without a query", "GET /old/a", nil, 308, "", []string{"Location: https://new.example/old/a"}},
		{"home", "GET /home/", nil, 302, "", []string{"Location: /"}},
		{"a preflight before the password", "OPTIONS /basic/", []string{"Access-Control-Request-Method: GET"}, 204, "", []string{"Access-Control-Allow-Origin: https://app.example"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			method, rest, _ := strings.Cut(row.request, " ")
			path, body, _ := strings.Cut(rest, " ")
			req, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Origin", "https://app.example")
			for _, line := range row.headers {
				name, value, _ := strings.Cut(line, ": ")
				req.Header.Set(name, value)
			}
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			text, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != row.status || !strings.HasPrefix(string(text), row.body) {
				t.Errorf("got %d and %q, want %d and %q", res.StatusCode, text, row.status, row.body)
			}
			for _, line := range row.want {
				name, value, _ := strings.Cut(line, ": ")
				if got := strings.Join(res.Header.Values(name), ", "); got != value {
					t.Errorf("got %s %q, want %q", name, got, value)
				}
			}
		})
	}
	t.Run("compression", func(t *testing.T) {
		req, err := http.NewRequest("GET", p.url+"/spa/app.js", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip")
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		plain, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatalf("got %v and %v, want what gzip made", err, res.Header)
		}
		if text, err := io.ReadAll(plain); err != nil || len(text) != 5000 {
			t.Errorf("got %d bytes, %v, want 5000", len(text), err)
		}
	})
}

// A server that is down is left out, and requests that could not be sent to it are sent to the other.
func TestRetries(t *testing.T) {
	t.Parallel()
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "up") }))
	defer up.Close()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: /, upstream: {to: ["http://`+closedPort(t)+`", "`+up.URL+`"], retries: 1, balance: first}}`)
	p := gateway(t, file)
	for range 5 {
		if status, body, _ := get(t, own(t), p.url); status != 200 || body != "up" {
			t.Errorf("got %d and %q, want 200 and up", status, body)
		}
	}
}

// A server that takes too long is an error of its own.
func TestSlowUpstream(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: /, policy: app, upstream: {to: "`+upstream.URL+`", response: 100ms}}`)
	p := gateway(t, file)
	status, body, h := get(t, own(t), p.url)
	if status != 504 || !strings.HasPrefix(body, "504 Gateway Timeout: ") || h.Get("Access-Control-Allow-Origin") != "https://app.example" {
		t.Errorf("got %d, %q and %v, want 504 that the page can read", status, body, h)
	}
	waitFor(t, "a line of the log that names the server", 5*time.Second, func() bool {
		return strings.Contains(p.stderr.String(), strings.TrimPrefix(upstream.URL, "http://"))
	})
}
