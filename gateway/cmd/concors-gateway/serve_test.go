//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// What a route says is what its requests get, and errors are readable by the page.
func TestServes(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*") // the classic mistake
		fmt.Fprintf(w, "%s %s", r.URL.EscapedPath(), r.Host)
	}))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file,
		`{path: /api/, policy: app, upstream: "`+upstream.URL+`"}`,
		`{path: /down/, policy: app, upstream: "http://`+closedPort(t)+`"}`,
		`{path: /, policy: app, files: "`+site(t, "index")+`"}`)
	p := gateway(t, file)
	for _, row := range []struct {
		name, path string
		status     int
		body       string
	}{
		{"an upstream", "/api/a%2Fb", 200, "/api/a%2Fb " + strings.TrimPrefix(p.url, "http://")},
		{"an upstream that is down", "/down/", 502, "502 Bad Gateway: the server behind the gateway did not give an answer that can be used\n"},
		{"a file", "/", 200, "index"},
		{"no file", "/nothing", 404, "404 Not Found: there is nothing here\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, body, h := get(t, own(t), p.url+row.path)
			if status != row.status || body != row.body {
				t.Errorf("got %d and %q, want %d and %q", status, body, row.status, row.body)
			}
			if got := h.Values("Access-Control-Allow-Origin"); len(got) != 1 || got[0] != "https://app.example" {
				t.Errorf("got Access-Control-Allow-Origin %q, want the page's origin once", got)
			}
		})
	}
	if log := p.stderr.String(); !strings.Contains(log, "127.0.0.1:") || !strings.Contains(log, "connection refused") {
		t.Errorf("got the log %q, want which upstream is down", log)
	}
}

// A changed file is served within a second, and connections are kept.
func TestReload(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	one, two := site(t, "one"), site(t, "two")
	write(t, file, `{path: /, files: "`+one+`"}`)
	p := gateway(t, file)
	client := own(t)
	if _, body, _ := get(t, client, p.url); body != "one" {
		t.Fatalf("got %q, want one", body)
	}
	connections := 0
	trace := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			connections++
		}
	}})
	write(t, file, `{path: /, policy: app, files: "`+two+`"}`)
	waitFor(t, "the changed file", 5*time.Second, func() bool { // a second on a machine that has nothing else to do
		req, _ := http.NewRequestWithContext(trace, "GET", p.url, nil)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var b bytes.Buffer
		b.ReadFrom(res.Body)
		return b.String() == "two"
	})
	if connections > 0 {
		t.Errorf("got %d new connections, want that the first is kept", connections)
	}
	// What is not about routes needs servers of its own.
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	health := closedPort(t)
	if err := os.WriteFile(file, append(text, "gateway: {health: \""+health+"\"}\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the listener for health", 5*time.Second, func() bool {
		status, body, _ := get(t, own(t), "http://"+health+"/")
		return status == 200 && body == "ok\n"
	})
}

// A file that is not good changes nothing, and the findings are those of check.
func TestBadFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: /, files: "`+site(t, "good")+`"}`)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := gateway(t, file)
	for _, row := range []struct {
		name string
		make func() error
		want string
	}{
		{"half written", func() error { return os.WriteFile(file, good[:len(good)-20], 0o644) }, ""},
		{"empty", func() error { return os.WriteFile(file, nil, 0o644) }, ""},
		{"invalid", func() error { return os.WriteFile(file, append(good, "polices: {}\n"...), 0o644) }, ""},
		{"nobody answers", func() error {
			return os.WriteFile(file, append(good, "  - {path: /x}\n"...), 0o644)
		}, file + ":6:12: error: nobody answers"},
		{"a file that Caddy cannot read", func() error {
			return os.WriteFile(file, append(good, "gateway: {tls: {certificate: none.pem, key: none.pem}}\n"...), 0o644)
		}, "none.pem"},
		{"gone", func() error { return os.Remove(file) }, "no such file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(p.stderr.String())
			if err := row.make(); err != nil {
				t.Fatal(err)
			}
			text, _ := os.ReadFile(file)
			var want bytes.Buffer
			_, findings := policyfile.Load(file, text, policyfile.Options{})
			if row.want == "" {
				if err := report.WriteText(&want, findings, report.Files{file: text}, report.Layout{Width: 100}); err != nil {
					t.Fatal(err)
				}
			} else {
				want.WriteString(row.want)
			}
			waitFor(t, "that it is told", 5*time.Second, func() bool {
				return strings.HasSuffix(p.stderr.String()[before:], "; what was served before stays\n")
			})
			if got := p.stderr.String()[before:]; !strings.Contains(unwrapped(got), unwrapped(want.String())) {
				t.Errorf("got %s, want %s", got, &want)
			}
			if _, body, _ := get(t, own(t), p.url); body != "good" {
				t.Errorf("got %q, want what was served before", body)
			}
		})
	}
	if err := os.WriteFile(file, good, 0o644); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the good file", 5*time.Second, func() bool { return strings.HasSuffix(p.stderr.String(), "read again, and served\n") })
	if code := p.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("got exit code %d, want 0", code)
	}
}

// unwrapped is a text without the places where its lines are broken.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

// A bad file is not served at all when the program starts.
func TestStartsWithBadFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: x}`)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	good := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, good, `{path: /, files: .}`)
	for _, row := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"invalid", []string{"-c", file}, 2, file + ":5:12: error: a path begins with a slash"},
		{"no file", []string{"-c", file + "x"}, 2, "concors: open "},
		{"no address", []string{"-c", good, "--listen", "8080"}, 2, `invalid --listen "8080"`},
		{"no such flag", []string{"--lissen", "x"}, 2, "concors: unknown flag"},
		{"an operand", []string{"x"}, 2, `concors: unexpected operand "x"`},
		{"a port that is taken", []string{"-c", good, "--listen", taken.Addr().String()}, 3, "address already in use"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			cmd := exec.CommandContext(ctx, self(t), append([]string{"serve"}, row.args...)...)
			cmd.Env, cmd.Stderr = append(os.Environ(), asProgram+"=1"), &stderr
			cmd.Run()
			if cmd.ProcessState.ExitCode() != row.code || !strings.Contains(unwrapped(stderr.String()), row.want) {
				t.Errorf("got exit code %d and %s, want %d and %s", cmd.ProcessState.ExitCode(), &stderr, row.code, row.want)
			}
		})
	}
}

// SIGTERM under load lets requests in flight finish, and then nobody listens.
func TestTerminate(t *testing.T) {
	t.Parallel()
	const requests = 20
	upstream, arrived := slow(t, time.Second)
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: /, policy: app, upstream: "`+upstream+`"}`)
	p := gateway(t, file)
	var done sync.WaitGroup
	for range requests {
		done.Go(func() {
			if status, body, _ := get(t, own(t), p.url); status != 200 || body != "done" {
				t.Errorf("got %d and %q, want 200 and done", status, body)
			}
		})
	}
	for range requests {
		<-arrived
	}
	if code := p.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("got exit code %d and %s, want 0", code, &p.stderr)
	}
	done.Wait()
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(p.url, "http://"), time.Second); err == nil {
		t.Error("got a connection, want that nobody listens")
	}
}

// SIGHUP reads the file again, at once.
func TestHangup(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: /, files: "`+site(t, "x")+`"}`)
	p := gateway(t, file)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "that it is read again", 5*time.Second, func() bool {
		return strings.HasSuffix(p.stderr.String(), "concors: "+file+": read again, and served\n")
	})
	if code := p.stop(t, os.Interrupt); code != 0 {
		t.Errorf("got exit code %d, want 0", code)
	}
}

// Two gateways do not get in each other's way, and leave the home folder alone; certificates go where the file says.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	storage := t.TempDir()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: /, policy: app, files: "`+site(t, "x")+`"}`)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	secure := file + ".tls"
	if err := os.WriteFile(secure, fmt.Appendf(text, "gateway: {storage: %q, tls: {local: true}}\n", storage), 0o644); err != nil {
		t.Fatal(err)
	}
	one, two, three := gateway(t, file), gateway(t, file), gateway(t, secure)
	if one.url == two.url {
		t.Errorf("got %s twice", one.url)
	}
	for _, p := range []*program{one, two} {
		if status, _, _ := get(t, own(t), p.url); status != 200 {
			t.Errorf("got status %d of %s, want 200", status, p.url)
		}
	}
	if !strings.HasPrefix(three.url, "https://") {
		t.Errorf("got %s, want https", three.url)
	}
	waitFor(t, "a certificate", 20*time.Second, func() bool {
		found, _ := filepath.Glob(filepath.Join(storage, "certificates", "local", "localhost", "*.crt"))
		return len(found) == 1
	})
	for _, p := range []*program{one, two, three} {
		if code := p.stop(t, syscall.SIGTERM); code != 0 {
			t.Errorf("got exit code %d, want 0", code)
		}
		left, err := os.ReadDir(p.home)
		if err != nil || len(left) > 0 {
			t.Errorf("got %v, %v in the home folder, want nothing", left, err)
		}
	}
}

// concors gateway is the gateway from then on: signals reach it, its exit code is its own, and nothing outlives it.
func TestConcorsGateway(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	write(t, file, `{path: /, policy: app, files: "`+site(t, "x")+`"}`)
	command := concors(t)
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			p := start(t, command, "gateway", "-c", file, "--listen", "127.0.0.1:0")
			if status, body, _ := get(t, own(t), p.url); status != 200 || body != "x" {
				t.Errorf("got %d and %q, want 200 and x", status, body)
			}
			want := 0
			if signal == syscall.SIGKILL {
				want = -1
			}
			if code := p.stop(t, signal); code != want {
				t.Errorf("got exit code %d, want %d", code, want)
			}
			if isAlive(p.cmd.Process.Pid) {
				t.Error("got a process that is left")
			}
			waitFor(t, "that nobody listens", 5*time.Second, func() bool {
				_, err := net.DialTimeout("tcp", strings.TrimPrefix(p.url, "http://"), time.Second)
				return err != nil
			})
		})
	}
	t.Run("print-config", func(t *testing.T) {
		cmd := exec.Command(command, "gateway", "-c", file, "--print-config")
		cmd.Env = append(os.Environ(), asProgram+"=1")
		out, err := cmd.Output()
		if err != nil || !json.Valid(out) || !bytes.Contains(out, []byte(`"handler": "concors"`)) {
			t.Errorf("got %s, %v, want the configuration of Caddy", out, err)
		}
	})
}
