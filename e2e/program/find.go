package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A MissingError says that a part of what a test drives is not installed.
type MissingError struct {
	Of     string // what cannot be driven without it: chromium, nginx
	Part   string // what was looked for
	Source string // what has it: "Debian package nginx"
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is missing: no %s (%s)", e.Of, e.Part, e.Source)
}

// Find returns the path of the first of the given programs that is installed: in PATH, or where Debian puts servers,
// which is not in everybody's. The error is a *MissingError that names the first program and the Debian package pkg.
func Find(of, pkg string, programs ...string) (string, error) {
	for _, name := range programs {
		for _, file := range []string{name, filepath.Join("/usr/sbin", name)} {
			if path, err := exec.LookPath(file); err == nil {
				return path, nil
			}
		}
	}
	return "", &MissingError{Of: of, Part: programs[0], Source: "Debian package " + pkg}
}

// Require skips the test, naming what is missing, if err is a *MissingError; any other error fails it, and none does
// nothing. Where CI=true is in the environment a missing part fails it too: a check that silently checks nothing is worth
// less than none.
func Require(t testing.TB, err error) {
	t.Helper()
	_, missing := errors.AsType[*MissingError](err)
	switch {
	case err == nil:
	case missing && os.Getenv("CI") != "true":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}
