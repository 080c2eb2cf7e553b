//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asProgram in the environment makes the test binary the program.
const asProgram = "CONCORS_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// output is what a program prints, for reading while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// program is one that runs.
type program struct {
	cmd    *exec.Cmd
	stderr output
	url    string
	ended  chan error // gets what Wait returns, once
	home   string
}

// start runs a program until the test ends, and waits until it serves.
func start(t *testing.T, path string, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(path, args...), ended: make(chan error, 1), home: t.TempDir()}
	p.cmd.Stderr = &p.stderr
	p.cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+p.home, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=")
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	go func() { p.ended <- p.cmd.Wait() }()
	const before = "concors: listening on "
	waitFor(t, "that it listens", 20*time.Second, func() bool {
		select {
		case err := <-p.ended:
			t.Fatalf("ended with %v: %s", err, &p.stderr)
		default:
		}
		_, rest, found := strings.Cut(p.stderr.String(), before)
		line, _, whole := strings.Cut(rest, "\n")
		p.url = line
		return found && whole
	})
	return p
}

// gateway runs the gateway with a policy file.
func gateway(t *testing.T, file string, args ...string) *program {
	t.Helper()
	return start(t, self(t), append([]string{"serve", "-c", file, "--listen", "127.0.0.1:0"}, args...)...)
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// stop sends a signal, and returns the exit code.
func (p *program) stop(t *testing.T, signal os.Signal) int {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	return p.exitCode(t)
}

func (p *program) exitCode(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(20 * time.Second):
		t.Fatalf("still runs: %s", &p.stderr)
		return 0
	}
}

func waitFor(t *testing.T, what string, most time.Duration, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(most); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for %s", most, what)
		}
	}
}

// write writes a policy file with routes, one a line.
func write(t *testing.T, file string, routes ...string) {
	t.Helper()
	text := "version: 1\npolicies:\n  app: {origins: [https://app.example]}\nroutes:\n"
	for _, r := range routes {
		text += "  - " + r + "\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// site writes a folder with an index file.
func site(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// get makes a request as a page of an origin does, and returns its status and body; 0 when there is no answer.
func get(t *testing.T, client *http.Client, url string) (status int, body string, h http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://app.example")
	res, err := client.Do(req)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(data), res.Header
}

// own returns a client with connections of its own.
func own(t *testing.T) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

// closedPort is an address on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// slow answers after some time, and says when a request has come.
func slow(t *testing.T, takes time.Duration) (url string, arrived chan struct{}) {
	arrived = make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		time.Sleep(takes)
		fmt.Fprint(w, "done")
	}))
	t.Cleanup(server.Close)
	return server.URL, arrived
}

// concors builds the command concors with the gateway beside it.
func concors(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "concors")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", path, "github.com/concors/concors/cmd/concors")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Symlink(self(t), filepath.Join(dir, "concors-gateway")); err != nil {
		t.Fatal(err)
	}
	return path
}

// isAlive reports whether a process runs.
func isAlive(pid int) bool { return syscall.Kill(pid, 0) == nil }
