package browser

import (
	"testing"

	"github.com/concors/concors/e2e/program"
)

// Require skips the test, naming what is missing, if the engine is not installed. Where CI=true is in the environment
// the test fails instead.
func Require(t testing.TB, engine Engine) {
	t.Helper()
	_, err := Find(engine)
	program.Require(t, err)
}
