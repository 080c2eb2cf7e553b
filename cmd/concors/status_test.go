package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concors/concors/report"
	"github.com/concors/concors/status"
)

// The address is that of the policy file, or of --admin; the answer is for a reader or, as it came, for a program.
func TestStatus(t *testing.T) {
	admin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "GET" || r.URL.Path != status.Path {
			t.Errorf("got %s %s, want GET %s", r.Method, r.URL.Path, status.Path)
		}
		if err := report.WriteJSON(w, status.Status{Refused: []status.Refused{{Origin: "http://app.example", Why: "only the scheme", Seen: status.Seen{Count: 9}}}}); err != nil {
			t.Error(err)
		}
	}))
	defer admin.Close()
	address := strings.TrimPrefix(admin.URL, "http://")
	file := filepath.Join(t.TempDir(), "concors.yaml")
	if err := os.WriteFile(file, []byte("version: 1\npolicies: {app: {origins: [https://app.example]}}\ngateway: {admin: \""+address+"\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"a file", []string{"-c", file}, "9 times  http://app.example"},
		{"an address", []string{"--admin", address}, "only the scheme"},
		{"JSON", []string{"--admin", address, "--json"}, `"origin": "http://app.example"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(append([]string{"status"}, row.args...), streams{out: &stdout, err: &stderr, getenv: os.Getenv})
			if code != 0 || !strings.Contains(stdout.String(), row.want) {
				t.Errorf("got exit code %d, %q, %q, want 0 and %q", code, &stdout, &stderr, row.want)
			}
		})
	}
}
