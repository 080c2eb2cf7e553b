package program_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/concors/concors/e2e/program"
)

func newCage(t *testing.T) *program.Cage {
	t.Helper()
	c, err := program.NewCage(t.Context())
	if err != nil {
		t.Skip(err) // not on linux
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func sh(c *program.Cage, script string) *exec.Cmd {
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.Env = c.Environ()
	return cmd
}

func TestRun(t *testing.T) {
	c := newCage(t)
	if err := c.Run(t.Context(), sh(c, `[ "$HOME" = '`+c.Dir()+`' ] && [ -z "$USER" ]`)); err != nil {
		t.Errorf("got %v, want the environment of the cage and no more", err)
	}
	if err := c.Run(t.Context(), sh(c, "echo lost its way >&2; exit 7")); err == nil || err.Error() != "sh: exit status 7" {
		t.Errorf("got %v, want its exit status", err)
	}
	if got := c.LastWords(); got != "lost its way" {
		t.Errorf("got last words %q", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := c.Run(ctx, sh(c, "sleep 60")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the context", err)
	}
}

// TestClose checks that what a program started goes with it: a pipe that all of it holds has no writer any more.
func TestClose(t *testing.T) {
	c := newCage(t)
	held, holds, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	cmd := sh(c, "sleep 60 & echo up; wait")
	cmd.Stdout = holds
	p, err := c.Start(cmd)
	holds.Close()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(held)
	if got, err := lines.ReadString('\n'); got != "up\n" {
		t.Fatalf("got %q, %v; want a line", got, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	<-p.Gone
	held.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := lines.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want that nothing holds the pipe", err)
	}
	if _, err := os.Stat(c.Dir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want no directory", err)
	}
	if _, err := c.Start(sh(c, "true")); err == nil {
		t.Error("got a start after the end, want an error")
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "second"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if got, err := program.Find("it", "it-common", "first", "second"); got != filepath.Join(dir, "second") || err != nil {
		t.Errorf("got %q, %v; want the second", got, err)
	}
	_, err := program.Find("it", "it-common", "first", "third")
	const want = "it is missing: no first (Debian package it-common)"
	if _, ok := errors.AsType[*program.MissingError](err); !ok || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A witness is a test that only remembers how it ended.
type witness struct {
	testing.TB
	ended string
}

func (*witness) Helper()        {}
func (w *witness) Skip(...any)  { w.ended = "skipped" }
func (w *witness) Fatal(...any) { w.ended = "failed" }

func TestRequire(t *testing.T) {
	for _, test := range []struct {
		name, ci string
		err      error
		want     string
	}{
		{"there", "true", nil, ""},
		{"missing", "", &program.MissingError{}, "skipped"},
		{"missing in CI", "true", &program.MissingError{}, "failed"},
		{"wrapped", "", fmt.Errorf("start: %w", &program.MissingError{}), "skipped"},
		{"broken", "", errors.New("broken"), "failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("CI", test.ci)
			w := &witness{TB: t}
			if program.Require(w, test.err); w.ended != test.want {
				t.Errorf("got %q, want %q", w.ended, test.want)
			}
		})
	}
}
