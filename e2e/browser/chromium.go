package browser

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"sync"

	"github.com/concors/concors/e2e/program"
)

type chromium struct {
	cage    *program.Cage
	proto   *devtools
	session string // of the tab
	frame   string // of the tab's top page
	version string
	console transcript

	mu     sync.Mutex
	loaded string        // the loader of the top page that was last ready
	change chan struct{} // closed and renewed when loaded changes
}

// chromiumFlags keeps Chromium to the pages it is told to open. Nothing here touches how it fetches.
func chromiumFlags(dir string, opts Options) []string {
	flags := []string{
		"--headless",
		"--remote-debugging-pipe",
		"--user-data-dir=" + dir,
		// Containers rarely let Chromium build its sandbox, and it opens our own pages only.
		"--no-sandbox",
		"--disable-gpu",
		"--disable-dev-shm-usage",
		"--no-first-run",
		"--no-default-browser-check",
		"--no-proxy-server",
		"--disable-quic",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-domain-reliability",
		"--disable-client-side-phishing-detection",
		"--disable-sync",
		"--disable-extensions",
		"--disable-default-apps",
		"--disable-breakpad",
		"--disable-background-timer-throttling",
		"--disable-renderer-backgrounding",
		"--metrics-recording-only",
		"--password-store=basic",
		"--mute-audio",
		"--lang=en-US",
	}
	if opts.CA != nil {
		sum := sha256.Sum256(opts.CA.RawSubjectPublicKeyInfo)
		flags = append(flags, "--ignore-certificate-errors-spki-list="+base64.StdEncoding.EncodeToString(sum[:]))
	}
	if opts.HostRules != "" {
		flags = append(flags, "--host-resolver-rules="+opts.HostRules)
	}
	return append(flags, "about:blank")
}

func startChromium(ctx context.Context, c *program.Cage, path string, opts Options) (Browser, error) {
	profile, err := c.Mkdir("profile")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, chromiumFlags(profile, opts)...)
	cmd.Env = c.Environ()
	proto, run, err := newDevtools(cmd)
	if err != nil {
		return nil, err
	}
	b := &chromium{cage: c, proto: proto, change: make(chan struct{})}
	proto.event = b.onEvent
	_, err = c.Start(cmd)
	run()
	if err != nil {
		return nil, err
	}

	var version struct {
		Product string `json:"product"`
	}
	if err := proto.call(ctx, "", "Browser.getVersion", nil, &version); err != nil {
		return nil, err
	}
	_, b.version, _ = strings.Cut(version.Product, "/")
	return b, b.openTab(ctx)
}

// openTab attaches to a new tab and all that will come to be inside it.
func (b *chromium) openTab(ctx context.Context) error {
	var target struct {
		ID string `json:"targetId"`
	}
	if err := b.proto.call(ctx, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return err
	}
	var session struct {
		ID string `json:"sessionId"`
	}
	attach := map[string]any{"targetId": target.ID, "flatten": true}
	if err := b.proto.call(ctx, "", "Target.attachToTarget", attach, &session); err != nil {
		return err
	}
	b.session, b.frame = session.ID, target.ID // the top frame has its target's id

	for _, command := range []struct {
		method string
		params any
	}{
		{"Page.enable", nil},
		{"Page.setLifecycleEventsEnabled", map[string]any{"enabled": true}},
		{"Log.enable", nil},
		{"Target.setAutoAttach", autoAttach()},
	} {
		if err := b.proto.call(ctx, b.session, command.method, command.params, nil); err != nil {
			return err
		}
	}
	return nil
}

// autoAttach asks for the frames with a process of their own (sandboxed and cross-site ones) and the workers of a
// target. They wait until the console of each is listened to, or its first lines would be lost.
func autoAttach() any {
	return map[string]any{"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true}
}

func (b *chromium) onEvent(e devtoolsEvent) {
	switch e.Method {
	case "Log.entryAdded":
		var params struct {
			Entry struct {
				Source, Level, Text, URL string
			} `json:"entry"`
		}
		if json.Unmarshal(e.Params, &params) == nil {
			n := params.Entry
			b.console.add(ConsoleLine{Text: n.Text, URL: n.URL, Level: n.Level, Source: n.Source})
		}
	case "Page.lifecycleEvent":
		var params struct{ FrameID, LoaderID, Name string }
		if json.Unmarshal(e.Params, &params) == nil && params.FrameID == b.frame && params.Name == "load" {
			b.mu.Lock()
			b.loaded = params.LoaderID
			close(b.change)
			b.change = make(chan struct{})
			b.mu.Unlock()
		}
	case "Target.attachedToTarget":
		var params struct{ SessionID string }
		if json.Unmarshal(e.Params, &params) == nil {
			go func() { // not here: a full pipe must not keep us from reading
				b.proto.send(params.SessionID, "Log.enable", nil)
				b.proto.send(params.SessionID, "Target.setAutoAttach", autoAttach())
				b.proto.send(params.SessionID, "Runtime.runIfWaitingForDebugger", nil)
			}()
		}
	}
}

func (b *chromium) Engine() Engine  { return Chromium }
func (b *chromium) Version() string { return b.version }
func (b *chromium) Close() error    { return b.cage.Close() }

func (b *chromium) Navigate(ctx context.Context, url string) error {
	var result struct{ LoaderID, ErrorText string }
	if err := b.proto.call(ctx, b.session, "Page.navigate", map[string]any{"url": url}, &result); err != nil {
		return err
	}
	if result.ErrorText != "" {
		return fmt.Errorf("navigate to %q: %s", url, result.ErrorText)
	}
	for result.LoaderID != "" { // without one only the fragment changed
		b.mu.Lock()
		loaded, change := b.loaded, b.change
		b.mu.Unlock()
		if loaded == result.LoaderID {
			break
		}
		select {
		case <-change:
		case <-ctx.Done():
			return fmt.Errorf("navigate to %q: %w", url, context.Cause(ctx))
		}
	}
	return nil
}

func (b *chromium) Eval(ctx context.Context, js string, args ...any) (json.RawMessage, error) {
	return b.evalIn(ctx, b.session, js, args)
}

// evalIn is Eval in the page of any session.
func (b *chromium) evalIn(ctx context.Context, session, js string, args []any) (json.RawMessage, error) {
	expression, err := pageCall(js, args)
	if err != nil {
		return nil, err
	}
	var result struct {
		Result struct {
			Value string `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	params := map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}
	if err := b.proto.call(ctx, session, "Runtime.evaluate", params, &result); err != nil {
		return nil, err
	}
	if e := result.Exception; e != nil { // the script did not even parse
		return nil, fmt.Errorf("%s %s", e.Text, e.Exception.Description)
	}
	return pageResult(result.Result.Value)
}

func (b *chromium) Console(context.Context) ([]ConsoleLine, error) { return b.console.take(), nil }
