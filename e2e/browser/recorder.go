package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// A Recorder is a browser's own developer tools, opened on the network panel. What they export is what a person would
// save as HAR, written by the browser itself.
type Recorder struct {
	export func(ctx context.Context, sanitized bool) (string, error)
}

// Record opens the developer tools of a browser, Chromium or Firefox, on its tab. They record from now on and forget at
// each navigation. They close with the browser.
func Record(ctx context.Context, b Browser) (*Recorder, error) {
	var (
		r   *Recorder
		err error
	)
	switch b := b.(type) {
	case *chromium:
		r, err = b.record(ctx)
	case *firefox:
		r, err = b.record(ctx)
	default:
		return nil, fmt.Errorf("the developer tools of %s cannot be driven", b.Engine())
	}
	if err != nil {
		return nil, fmt.Errorf("open the developer tools of %s: %w", b.Engine(), err)
	}
	return r, nil
}

// HAR exports what was recorded since the last navigation. Sanitized is the export without cookies and Authorization that
// Chromium offers first; Firefox has none, and ignores it.
func (r *Recorder) HAR(ctx context.Context, sanitized bool) (string, error) {
	text, err := r.export(ctx, sanitized)
	if err != nil {
		return "", fmt.Errorf("export a HAR: %w", err)
	}
	return text, nil
}

// toolsReady asks Chromium's developer tools whether they have met the page.
const toolsReady = `
	const {TargetManager, NetworkManager} = await import('./core/sdk/sdk.js');
	return Boolean(TargetManager.TargetManager.instance().primaryPageTarget()?.model(NetworkManager.NetworkManager));
`

// exportFromTools has Chromium's developer tools write their log just as the export button does, but for requests that are
// still under way, whose end the writer would wait for.
const exportFromTools = `
	const {Writer} = await import('./models/har/har.js');
	const {NetworkLog} = await import('./models/logs/logs.js');
	const {Progress} = await import('./core/common/common.js');
	let text = '';
	const stream = {write: async (chunk) => { text += chunk; }};
	const requests = NetworkLog.NetworkLog.instance().requests().filter((r) => r.finished);
	await Writer.Writer.write(stream, requests, {sanitize: arguments[0]}, new Progress.Progress());
	return text;
`

func (b *chromium) record(ctx context.Context) (*Recorder, error) {
	var tools struct {
		ID string `json:"targetId"`
	}
	open := map[string]any{"targetId": b.frame, "panelId": "network"}
	if err := b.proto.call(ctx, "", "Target.openDevTools", open, &tools); err != nil {
		return nil, err
	}
	var session struct {
		ID string `json:"sessionId"`
	}
	attach := map[string]any{"targetId": tools.ID, "flatten": true}
	if err := b.proto.call(ctx, "", "Target.attachToTarget", attach, &session); err != nil {
		return nil, err
	}
	for {
		// They throw until they have loaded.
		ready := false
		if data, err := b.evalIn(ctx, session.ID, toolsReady, nil); err == nil && json.Unmarshal(data, &ready) == nil && ready {
			break
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return &Recorder{func(ctx context.Context, sanitized bool) (text string, err error) {
		data, err := b.evalIn(ctx, session.ID, exportFromTools, []any{sanitized})
		if err == nil {
			err = json.Unmarshal(data, &text)
		}
		return text, err
	}}, nil
}

// openToolbox opens Firefox's developer tools on the tab.
const openToolbox = `
	const done = arguments[arguments.length - 1];
	const {require} = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
	const {gDevTools} = require("devtools/client/framework/devtools");
	const win = Services.wm.getMostRecentWindow("navigator:browser");
	gDevTools.showToolboxForTab(win.gBrowser.selectedTab, {toolId: "netmonitor"}).then(
		(toolbox) => { win.concorsToolbox = toolbox; done(""); },
		(e) => done(String(e)));
`

// exportFromToolbox has Firefox's developer tools build a HAR as "Save All As HAR" does.
const exportFromToolbox = `
	const done = arguments[arguments.length - 1];
	const win = Services.wm.getMostRecentWindow("navigator:browser");
	win.concorsToolbox.getHARFromNetMonitor().then(
		(log) => done({log: JSON.stringify({log})}),
		(e) => done({error: String(e)}));
`

func (b *firefox) record(ctx context.Context) (*Recorder, error) {
	async := func(ctx context.Context, body string, result any) error {
		return b.proto.inChrome(ctx, func() error {
			return b.proto.script(ctx, "WebDriver:ExecuteAsyncScript", body, nil, result)
		})
	}
	var failure string
	if err := async(ctx, openToolbox, &failure); err != nil {
		return nil, err
	}
	if failure != "" {
		return nil, fmt.Errorf("it threw %q", failure)
	}
	return &Recorder{func(ctx context.Context, _ bool) (string, error) {
		var result struct{ Log, Error string }
		if err := async(ctx, exportFromToolbox, &result); err != nil {
			return "", err
		}
		if result.Error != "" {
			return "", fmt.Errorf("it threw %q", result.Error)
		}
		return result.Log, nil
	}}, nil
}
