package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
)

// TestVerify runs the command against real servers: one that serves the policy, one that serves another, and none.
func TestVerify(t *testing.T) {
	serve := func(c cors.Config) string {
		p, err := cors.New(c)
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(cors.NewMiddleware(p).Wrap(http.NotFoundHandler()))
		t.Cleanup(s.Close)
		return s.URL
	}
	right := serve(cors.Config{Origins: []string{"https://app.example"}, Methods: []string{"PUT"}, Credentials: true})
	wrong := serve(cors.Config{Origins: []string{"https://app.example", "https://stranger.example"}, Methods: []string{"PUT"}, Credentials: true})
	closed := httptest.NewServer(nil)
	closed.Close()
	dir := t.TempDir()
	policy, junit := filepath.Join(dir, "concors.yaml"), filepath.Join(dir, "verify.xml")
	if err := os.WriteFile(policy, []byte("version: 1\npolicies:\n  app: {origins: [https://app.example], methods: [PUT], credentials: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{"passed", []string{"--url", right}, 0, "passed  " + right + ": ", ""},
		{"in JSON", []string{"--url", right, "--json"}, 0, `"fail": 0`, ""},
		{"failed", []string{"--url", wrong}, 1, "GET from https://stranger.example is refused", ""},
		{"JUnit on standard output", []string{"--url", wrong, "--junit", "-"}, 1, "<failure message=\"The policy does not allow the origin https://stranger.example", ""},
		{"a file of JUnit", []string{"--url", wrong, "--junit", junit}, 1, "failed  ", ""},
		{"a file that cannot be written", []string{"--url", right, "--junit", filepath.Join(dir, "none", "x.xml")}, 3, "", "write the JUnit file"},
		{"a dead server", []string{"--url", closed.URL, "--max-time", "5"}, 3, "unknown  ", "could not be carried out"},
		{"bad proxy", []string{"--url", right, "--proxy", "gopher://x"}, 2, "", "proxy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := run(append([]string{"verify", "-c", policy}, test.args...), streams{in: strings.NewReader(""), out: &out, err: &errs, getenv: func(string) string { return "" }})
			if code != test.code || !strings.Contains(out.String(), test.stdout) || !strings.Contains(errs.String(), test.stderr) || test.stderr == "" && errs.Len() > 0 {
				t.Errorf("got exit code %d, standard output\n%s\nstandard error %q; want %d, %q, %q", code, out.String(), errs.String(), test.code, test.stdout, test.stderr)
			}
			if strings.Contains(strings.Join(test.args, " "), "--json") && !json.Valid(out.Bytes()) {
				t.Error("it is not JSON")
			}
		})
	}
	file, err := os.Open(junit)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for d := xml.NewDecoder(file); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the JUnit file: %v", err)
		}
	}
}
