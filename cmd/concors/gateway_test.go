package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// Where the engine is missing, how to get it is told.
func TestGatewayMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var stdout, stderr bytes.Buffer
	code := run([]string{"gateway"}, streams{out: &stdout, err: &stderr, getenv: os.Getenv})
	if code != exitFailed || stdout.Len() > 0 {
		t.Errorf("got exit code %d and %q, want %d and nothing", code, &stdout, exitFailed)
	}
	const want = "concors: concors-gateway is neither beside this program nor on PATH\n" +
		"concors: hint: get it with go install github.com/concors/concors/gateway/cmd/concors-gateway@latest; or make gateway, in a checkout\n"
	if got := stderr.String(); got != want {
		t.Errorf("got %s, want %s", strings.TrimSpace(got), want)
	}
}
