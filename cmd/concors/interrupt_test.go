//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
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
