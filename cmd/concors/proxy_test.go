//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A proxy says where it listens, grants the page what the API does not, tells each request in JSON, and exits 0 when a signal
// ends it.
func TestProxy(t *testing.T) {
	t.Parallel()
	concors, err := exec.LookPath("concors")
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer api.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: api.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	cmd := exec.Command(concors, "proxy", api.URL+"/", "--for", "http://localhost:5173", "--listen", "127.0.0.1:0", "--ca", ca, "--json")
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	lines := bufio.NewReader(stderr)
	line, _ := lines.ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "concors: listening on ")
	if !ok {
		t.Errorf("got %q on standard error, want where it listens", line)
	}
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	want := "concors: hint: for development only: in the page, call http://localhost:" + port + " in the place of " + api.URL + "; ctrl-C ends it\n"
	if hint, _ := lines.ReadString('\n'); hint != want {
		t.Errorf("got %q, want %q", hint, want)
	}
	req, err := http.NewRequest("GET", url+"/users", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "http://localhost:5173")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != 200 || res.Header.Get("Access-Control-Allow-Origin") != "http://localhost:5173" {
		t.Errorf("got %d %v", res.StatusCode, res.Header)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("got %v, want exit code 0", err)
	}
	var told struct {
		Method, Target, Page string
		Status               int
		Direct               struct {
			Outcome string
			Failure struct{ ID string }
		}
	}
	if err := json.Unmarshal(stdout.Bytes(), &told); err != nil || strings.Count(stdout.String(), "\n") != 1 {
		t.Fatalf("got %q, error %v, want one value on a line", &stdout, err)
	}
	if told.Method != "GET" || told.Target != "/users" || told.Page != "http://localhost:5173" || told.Status != 200 ||
		told.Direct.Outcome != "blocked" || told.Direct.Failure.ID != "allow-origin-missing" {
		t.Errorf("got %+v", told)
	}
}

// An address that is taken is no wrong usage: the work cannot be done.
func TestProxyPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var stdout, stderr bytes.Buffer
	code := run([]string{"proxy", "https://api.example.com", "--for", "http://localhost:5173", "--listen", l.Addr().String()},
		streams{out: &stdout, err: &stderr, getenv: func(string) string { return "" }, interrupts: &interrupts{}})
	if code != exitFailed || stdout.Len() > 0 || !strings.HasPrefix(stderr.String(), "concors: listen tcp "+l.Addr().String()) {
		t.Errorf("got exit code %d, %q and %q, want %d and the address", code, &stdout, &stderr, exitFailed)
	}
}
