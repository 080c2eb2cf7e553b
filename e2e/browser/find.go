package browser

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// A MissingError says that a part of a browser is not installed.
type MissingError struct {
	Engine  Engine
	Part    string // the program that was looked for
	Package string // the Debian package that has it
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is missing: no %s (Debian package %s)", e.Engine, e.Part, e.Package)
}

// Find returns the path of the program that Start runs for an engine. The error is a *MissingError if that program or
// another that it needs is not installed.
func Find(engine Engine) (string, error) {
	switch engine {
	case Chromium:
		return find(engine, "chromium", "chromium", "google-chrome")
	case Firefox:
		return find(engine, "firefox-esr", "firefox-esr", "firefox")
	case WebKit:
		if _, err := find(engine, "xvfb", "Xvfb"); err != nil {
			return "", err
		}
		return findMiniBrowser()
	}
	return "", fmt.Errorf("invalid engine %q: not one of %q", engine, Engines())
}

// find returns the first of the given programs in PATH.
func find(engine Engine, pkg string, programs ...string) (string, error) {
	for _, p := range programs {
		if path, err := exec.LookPath(p); err == nil {
			return path, nil
		}
	}
	return "", &MissingError{Engine: engine, Part: programs[0], Package: pkg}
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
	return "", &MissingError{Engine: WebKit, Part: "MiniBrowser", Package: "libwebkit2gtk-4.1-0"}
}
