// Package browser drives the real browsers whose CORS behaviour Concors claims to know: Chromium, Firefox and
// WebKitGTK, each headless, in a fresh profile, on this machine only.
//
// Each is reached through its own protocol (DevTools, Marionette, the Web Inspector) rather than through WebDriver,
// which none of them lets see the console lines about CORS. Browsers are driven on Linux only.
package browser

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"time"

	"github.com/concors/concors/e2e/program"
)

// An Engine is a browser engine.
type Engine string

// The engines that can be driven.
const (
	Chromium Engine = "chromium"
	Firefox  Engine = "firefox"
	WebKit   Engine = "webkit"
)

// Engines returns every Engine.
func Engines() []Engine { return []Engine{Chromium, Firefox, WebKit} }

// Options says how to start a browser. The zero Options are fine for pages over plain http.
type Options struct {
	// CA is a certificate authority to trust besides those that the browser knows; nil for none. Chromium and
	// Firefox trust just this one. WebKitGTK has no such setting, so there every certificate passes.
	CA *x509.Certificate

	// HostRules say where names lead, and to which port, in the words of Chromium's --host-resolver-rules; empty for none.
	// The other engines have no such setting, and do not start with one.
	HostRules string
}

// A Browser is a running browser with one tab. Its methods may be called one at a time, except for Close, which may
// come at any moment and makes the others fail. If Navigate fails, or a context ends while a call is under way, the
// browser may still be busy: Close it then.
type Browser interface {
	Engine() Engine

	// Version returns the version that the browser reports, such as "156.0.8078.79".
	Version() string

	// Navigate opens url in the tab and waits until it has loaded. A page that the browser could not get is an
	// error; a page with an error status is not.
	Navigate(ctx context.Context, url string) error

	// Eval runs js, the body of an async function, in the page, and returns the JSON of what it returns (null for
	// undefined). The body finds args, which must be JSON-serialisable, in arguments. If it throws, the error is a
	// *ThrownError. Nothing limits how long it may take but ctx. Where the page's policy forbids eval, Firefox runs it
	// in a sandbox around the page, whose own globals (Array and the like) are not the page's.
	Eval(ctx context.Context, js string, args ...any) (json.RawMessage, error)

	// Console returns the lines that the engine wrote to the console, for the page and its frames, since the last
	// call, oldest first. Engines write them a moment after the request failed, so a line may be missing now and
	// come with the next call.
	Console(ctx context.Context) ([]ConsoleLine, error)

	// Close kills the browser and removes its profile. It does nothing the second time.
	Close() error
}

// A ConsoleLine is one message in the console, as far as the engine tells.
type ConsoleLine struct {
	Text   string
	URL    string // what the message is pinned to: mostly the page or script, not the resource asked for
	Level  string // the engine's own word, in lower case: error, warning, info ...
	Source string // the engine's own word for the kind of message: javascript, network, CORSMissingAllowOrigin ...
}

// A ThrownError is a JavaScript exception that left the body given to Eval.
type ThrownError struct {
	Text string // the exception as a string: "TypeError: Failed to fetch"
}

func (e *ThrownError) Error() string { return fmt.Sprintf("the page threw %q", e.Text) }

// startTimeout is far more than any engine needs, even on a busy machine.
const startTimeout = time.Minute

// Start starts a browser of the given engine and waits until it can be driven. The browser is killed when ctx ends,
// when it is closed, and when this process dies in any manner. The error is a *program.MissingError if a part of it is not
// installed.
func Start(ctx context.Context, engine Engine, opts Options) (Browser, error) {
	if opts.HostRules != "" && engine != Chromium {
		return nil, fmt.Errorf("start %s: invalid host rules %q: only %s takes some", engine, opts.HostRules, Chromium)
	}
	path, err := Find(engine)
	if err != nil {
		return nil, err
	}
	c, err := program.NewCage(ctx)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", engine, err)
	}
	ready, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	var b Browser
	switch engine {
	case Chromium:
		b, err = startChromium(ready, c, path, opts)
	case Firefox:
		b, err = startFirefox(ready, c, path, opts)
	case WebKit:
		b, err = startWebKit(ready, c, path, opts)
	}
	if err != nil {
		c.Close()
		if said := c.LastWords(); said != "" {
			return nil, fmt.Errorf("start %s: %w; it said %q", engine, err, said)
		}
		return nil, fmt.Errorf("start %s: %w", engine, err)
	}
	return b, nil
}
