package server

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"testing"
)

// Version returns the version of a server program. If it is not installed the test is skipped, as by [Require]. It is empty for
// what has no program of its own.
func Version(t testing.TB, stack Stack) string {
	t.Helper()
	Require(t, stack)
	d, err := driverOf(stack)
	if err != nil {
		t.Fatal(err)
	}
	if d.version == nil {
		return ""
	}
	version, err := d.version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// printedVersion is the version that a program prints, the first that is in what it says.
func printedVersion(ctx context.Context, find func() (string, error), args ...string) (string, error) {
	path, err := find()
	if err != nil {
		return "", err
	}
	text, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("run %s %q: %w", path, args, err)
	}
	version := regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+`).FindString(string(text))
	if version == "" {
		return "", fmt.Errorf("run %s %q: no version in %q", path, args, text)
	}
	return version, nil
}
