//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A command that waits for its input exits 130 when it is interrupted.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	concors, err := exec.LookPath("concors")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(concors, "explain", "--scenario", "-")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// A write this large ends when the command has read from its input, so it is up and waits for the rest.
	if _, err := stdin.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	exit, ok := errors.AsType[*exec.ExitError](cmd.Wait())
	if !ok || exit.ExitCode() != exitInterrupted {
		t.Errorf("got %v, want exit code %d", exit, exitInterrupted)
	}
}

// A command that serves says where, and exits 0 when a signal ends it.
func TestServerInterrupted(t *testing.T) {
	t.Parallel()
	concors, err := exec.LookPath("concors")
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			var stdout bytes.Buffer
			cmd := exec.Command(concors, "demo")
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
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			url, ok := strings.CutPrefix(strings.TrimSpace(line), "concors: listening on ")
			if !ok {
				t.Errorf("got %q on standard error, want where it listens", line)
			}
			if hint, err := lines.ReadString('\n'); err != nil || !strings.Contains(hint, "ctrl-C") {
				t.Errorf("got %q, %v, want how to end it", hint, err)
			}
			res, err := http.Get(url)
			if err != nil {
				t.Error(err)
			} else if res.Body.Close(); res.StatusCode != 200 {
				t.Errorf("got status %d of the page, want 200", res.StatusCode)
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("got %v, want exit code 0", err)
			}
			if !strings.Contains(stdout.String(), "(allow-origin-missing)") {
				t.Errorf("got %q on standard output, want the explanations", stdout.String())
			}
		})
	}
}
