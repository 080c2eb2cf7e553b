package main

import (
	"bytes"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// api allows https://app.example and remembers what it was asked.
type api struct {
	mu   sync.Mutex
	seen []string // method, path, cookie and body
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.seen = append(a.seen, strings.TrimSpace(strings.Join([]string{r.Method, r.URL.Path, r.Header.Get("Cookie"), string(body)}, " ")))
	a.mu.Unlock()
	if r.URL.Path == "/huge" {
		w.Header().Set("X-Huge", strings.Repeat("x", 1<<20))
	}
	if r.URL.Path == "/closed" {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "https://app.example")
	w.Header().Set("Access-Control-Allow-Credentials", "true")
	w.Header().Set("Access-Control-Allow-Methods", "PUT")
	w.Header().Set("Access-Control-Allow-Headers", "content-type")
	w.Header().Set("Vary", "Origin")
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
	}
}

func (a *api) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	seen := a.seen
	a.seen = nil
	return seen
}

// TestLive runs the command against real servers: what leaves, what does not, and the exit code.
func TestLive(t *testing.T) {
	a := new(api)
	plain, secure := httptest.NewServer(a), httptest.NewUnstartedServer(a)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of the handshakes that fail on purpose
	secure.StartTLS()
	defer plain.Close()
	defer secure.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	body := filepath.Join(t.TempDir(), "body.json")
	if err := os.WriteFile(body, []byte("{\"a\":\r\n1}"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused.Close()
	_, port, _ := net.SplitHostPort(secure.Listener.Addr().String())
	json := "Content-Type: application/json"
	for _, row := range []struct {
		name   string
		args   []string
		stdin  string
		code   int
		stdout string // a part of it
		stderr string
		seen   []string
	}{
		{"allowed", []string{plain.URL + "/users"}, "", 0, "allowed  GET", "", []string{"GET /users"}},
		{"blocked", []string{plain.URL + "/closed"}, "", 1, "no Access-Control-Allow-Origin", "", []string{"GET /closed"}},
		{"what could change something stays", []string{plain.URL + "/users", "-X", "PUT", "-d", "a=b"}, "", 0, "unsent  ", "hint: --send sends such a request too", []string{"OPTIONS /users"}},
		{"without a preflight too", []string{plain.URL + "/users", "-d", "a=b"}, "", 0, "which could change something", "--send", nil},
		{"unless it is to be sent", []string{plain.URL + "/users", "-X", "PUT", "-H", json, "-d", "@" + body, "--send"}, "", 0, "allowed  PUT", "",
			[]string{"OPTIONS /users", `PUT /users  {"a":1}`}},
		{"a copied POST stays", []string{"--curl", "-"}, "curl " + plain.URL + "/users -H 'Origin: https://app.example' --data-raw x=1", 0, "unsent  ", "", nil},
		{"cookies", []string{plain.URL + "/users", "--credentials", "include", "-b", "sid=1"}, "", 0, "allowed  GET", "", []string{"GET /users sid=1"}},
		{"no cookies without credentials", []string{plain.URL + "/users", "-b", "sid=1"}, "", 0, "allowed  GET", "", []string{"GET /users"}},
		{"an unknown certificate", []string{secure.URL + "/users"}, "", 1, "TLS failed", "", nil},
		{"a trusted one", []string{secure.URL + "/users", "--cacert", ca}, "", 0, "allowed  GET", "", []string{"GET /users"}},
		{"any", []string{secure.URL + "/users", "-k"}, "", 0, "note  ", "", []string{"GET /users"}},
		{"another address", []string{"https://example.com:" + port + "/users", "--cacert", ca, "--resolve", "example.com:" + port + ":127.0.0.1"}, "", 0, "allowed  GET", "", []string{"GET /users"}},
		{"nobody there", []string{"http://" + refused.Addr().String() + "/"}, "", 1, "the connection was refused", "", nil},
		{"what a message names", []string{"--live", "--message", "Access to fetch at '" + plain.URL + "/closed' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."},
			"", 1, "no Access-Control-Allow-Origin", "", []string{"GET /closed"}},
		{"a header too large", []string{plain.URL + "/huge"}, "", 3, "", "header", []string{"GET /huge"}},
		{"no page", []string{"--page", "", plain.URL + "/users"}, "", 2, "", "no page is given", nil},
		{"a bad place to look", []string{plain.URL, "--resolve", "x"}, "", 2, "", "invalid --resolve", nil},
		{"no certificate", []string{plain.URL, "--cacert", body}, "", 2, "", "there is no certificate in PEM in it", nil},
		{"a bad proxy", []string{plain.URL, "--proxy", "gopher://x"}, "", 2, "", "proxy", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			a.take()
			args := append([]string{"explain"}, row.args...)
			if !slices.ContainsFunc(args, func(s string) bool { return s == "--page" || s == "--message" || s == "--curl" }) {
				args = append(args, "--page", "https://app.example")
			}
			var out, errs bytes.Buffer
			code := run(args, streams{in: strings.NewReader(row.stdin), out: &out, err: &errs, getenv: func(string) string { return "" }, interrupts: &interrupts{}})
			if code != row.code || !strings.Contains(out.String(), row.stdout) || !strings.Contains(errs.String(), row.stderr) {
				t.Errorf("got exit code %d, want %d with %q and %q\n%s%s", code, row.code, row.stdout, row.stderr, &out, &errs)
			}
			if seen := a.take(); !slices.Equal(seen, row.seen) {
				t.Errorf("the server saw %q, want %q", seen, row.seen)
			}
		})
	}
}
