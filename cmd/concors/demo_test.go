package main

import (
	"bytes"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A port that is taken is no wrong usage: the work cannot be done.
func TestDemoPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	var stdout, stderr bytes.Buffer
	code := run([]string{"demo", "--once", "--port", port}, streams{out: &stdout, err: &stderr, getenv: os.Getenv})
	if code != exitFailed || stdout.Len() > 0 {
		t.Errorf("got exit code %d and %q, want %d and nothing", code, &stdout, exitFailed)
	}
	if got := stderr.String(); !strings.HasPrefix(got, "concors: listen tcp 127.0.0.1:"+port) || !strings.Contains(got, "\nconcors: hint: ") {
		t.Errorf("got %q, want the port and a hint", got)
	}
}
