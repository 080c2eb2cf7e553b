package browser

import (
	"fmt"
	"path/filepath"

	"github.com/concors/concors/e2e/program"
)

// Find returns the path of the program that Start runs for an engine. The error is a *program.MissingError if that program or
// another that it needs is not installed.
func Find(engine Engine) (string, error) {
	switch engine {
	case Chromium:
		return program.Find(string(engine), "chromium", "chromium", "google-chrome")
	case Firefox:
		return program.Find(string(engine), "firefox-esr", "firefox-esr", "firefox")
	case WebKit:
		if _, err := program.Find(string(engine), "xvfb", "Xvfb"); err != nil {
			return "", err
		}
		return findMiniBrowser()
	}
	return "", fmt.Errorf("invalid engine %q: not one of %q", engine, Engines())
}

// findMiniBrowser returns WebKitGTK's test browser, which is outside PATH. Every build of WebKitGTK has one; the first
// is that which Debian 12 has.
func findMiniBrowser() (string, error) {
	for _, pattern := range []string{
		"/usr/lib/*/webkit2gtk-4.1/MiniBrowser",
		"/usr/libexec/webkit2gtk-4.1/MiniBrowser",
		"/usr/lib/*/webkitgtk-6.0/MiniBrowser",
		"/usr/libexec/webkitgtk-6.0/MiniBrowser",
	} {
		// The patterns are well formed, so there is no error.
		if paths, _ := filepath.Glob(pattern); len(paths) > 0 {
			return paths[0], nil
		}
	}
	return "", &program.MissingError{Of: string(WebKit), Part: "MiniBrowser", Source: "Debian package libwebkit2gtk-4.1-0"}
}
