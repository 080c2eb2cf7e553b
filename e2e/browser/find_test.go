package browser_test

import (
	"errors"
	"testing"

	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/program"
)

func TestFindMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			_, err := browser.Start(t.Context(), engine, browser.Options{})
			missing, ok := errors.AsType[*program.MissingError](err)
			if !ok || missing.Of != string(engine) || missing.Part == "" || missing.Source == "" {
				t.Errorf("got %v, want a MissingError that names a part and a package", err)
			}
		})
	}
}

func TestFindUnknown(t *testing.T) {
	if _, err := browser.Find("netscape"); err == nil {
		t.Error("got no error for an unknown engine")
	}
}
