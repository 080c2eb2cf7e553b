package browser

import (
	"errors"
	"os"
	"testing"
)

// Require skips the test, naming what is missing, if the engine is not installed. Where CI=true is in the environment
// the test fails instead: a check that silently checks nothing is worth less than none.
func Require(t testing.TB, engine Engine) {
	t.Helper()
	_, err := Find(engine)
	missing, ok := errors.AsType[*MissingError](err)
	switch {
	case err == nil:
	case ok && os.Getenv("CI") != "true":
		t.Skip(missing)
	default:
		t.Fatal(err)
	}
}
