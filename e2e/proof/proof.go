// Package proof holds what Concors says of a request against what a real browser makes of it, on real servers: a page fetches,
// and what the page got, what the server was asked, and what stands on the console are compared with an explanation.
package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/fidelity"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/server/setups"
)

// Observed is what came of a try in a browser.
type Observed struct {
	Engine    browser.Engine
	Origin    string            // of the server
	View      fidelity.PageView // what the page got
	Console   []string          // all lines that came in the meantime
	Exchanges []server.Exchange // what reached the server, and its answers
}

// fetchScript fetches as a browser does that has made no request before: the caches are left out.
const fetchScript = `
	const [url, init] = arguments;
	try {
		const response = await fetch(url, { cache: "no-store", ...init });
		await response.text();
		const { type, status, url: last, headers } = response;
		return { type, status, url: last, headers: [...headers.keys()] };
	} catch (e) {
		return { threw: e.name + ": " + e.message };
	}
`

// runTimeout is far more than a request to a server on this machine needs.
const runTimeout = time.Minute

// Run opens the page of a try in a browser and has it make the request. An error means that the browser cannot be used any
// more.
func Run(ctx context.Context, b browser.Browser, running *setups.Running, try *setups.Try) (*Observed, error) {
	ctx, cancel := context.WithTimeout(ctx, runTimeout)
	defer cancel()
	if err := b.Navigate(ctx, try.Page+"/"); err != nil {
		return nil, err
	}
	if _, err := b.Console(ctx); err != nil { // what the page itself left
		return nil, err
	}
	before := len(running.Exchanges())
	result, err := b.Eval(ctx, fetchScript, try.URL, try.Init)
	if err != nil {
		return nil, err
	}
	o := &Observed{Engine: b.Engine(), Origin: running.Origin(setups.Host)}
	if err := json.Unmarshal(result, &o.View); err != nil {
		return nil, fmt.Errorf("decode %s from the page: %w", result, err)
	}
	if o.View.Threw != "" {
		if err := o.waitConsole(ctx, b); err != nil {
			return nil, err
		}
	}
	o.Exchanges = slices.DeleteFunc(running.Exchanges()[before:], isPagesOwn)
	return o, nil
}

// isPagesOwn reports whether a request is not made by script: it loads the page or its icon, or developer tools look for the
// page's workspace.
func isPagesOwn(e server.Exchange) bool {
	dest := e.Header.Get("Sec-Fetch-Dest")
	return dest != "" && dest != "empty" || e.Target == "/.well-known/appspecific/com.chrome.devtools.json"
}

// consoleTimeout bounds the wait for a line that engines write a moment after a request failed.
const consoleTimeout = 20 * time.Second

// waitConsole reads the console until a line names the server. If none comes, that is for the comparison to tell.
func (o *Observed) waitConsole(ctx context.Context, b browser.Browser) error {
	for deadline := time.Now().Add(consoleTimeout); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		lines, err := b.Console(ctx)
		if err != nil {
			return err
		}
		named := false
		for _, line := range lines {
			o.Console = append(o.Console, strings.TrimSpace(line.Text))
			named = named || strings.Contains(line.Text, o.Origin)
		}
		if named {
			return nil
		}
	}
	return nil
}
