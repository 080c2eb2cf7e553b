package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/concors/concors/e2e/program"
)

type webkit struct {
	cage    *program.Cage
	proto   *inspector
	version string
	console transcript
	line    ConsoleLine // the last one; only for onEvent
	visit   visit
}

// startWebKit runs MiniBrowser and drives it by its inspector. WebDriver would be the obvious way, but it
// makes the tab ephemeral, and the console of an ephemeral tab is printed nowhere.
func startWebKit(ctx context.Context, c *program.Cage, path string, opts Options) (Browser, error) {
	display, err := startXvfb(ctx, c)
	if err != nil {
		return nil, err
	}
	version, err := webkitVersion(ctx, c, path, display)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args := []string{"--enable-developer-extras=true"}
	if opts.CA != nil {
		args = append(args, "--ignore-tls-errors")
	}
	cmd := exec.Command(path, append(args, "about:blank")...)
	cmd.Env = c.Environ(
		"DISPLAY="+display,
		"WEBKIT_INSPECTOR_HTTP_SERVER="+addr,
		"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1", // as for Chromium: containers, and our own pages only
		"WEBKIT_DISABLE_COMPOSITING_MODE=1",
		"LIBGL_ALWAYS_SOFTWARE=1",
	)
	process, err := c.Start(cmd)
	if err != nil {
		return nil, err
	}
	b := &webkit{cage: c, version: version}
	tab, err := findTab(ctx, process, addr)
	if err != nil {
		return nil, err
	}
	b.proto, err = dialInspector(ctx, tab, []inspectorCommand{
		{Method: "Console.enable"},
		{Method: "Page.enable"},
	}, b.onEvent)
	return b, err
}

// webkitVersion asks MiniBrowser, which needs a display even to tell that. The answer is like "WebKitGTK 2.50.6".
func webkitVersion(ctx context.Context, c *program.Cage, path, display string) (string, error) {
	var printed bytes.Buffer
	cmd := exec.Command(path, "--version")
	cmd.Env = c.Environ("DISPLAY=" + display)
	cmd.Stdout = &printed
	if err := c.Run(ctx, cmd); err != nil {
		return "", err
	}
	words := strings.Fields(printed.String())
	if len(words) == 0 {
		return "", errors.New("it tells no version")
	}
	return words[len(words)-1], nil
}

// startXvfb starts an X server for one browser and returns its DISPLAY. It picks the number itself and tells it on a
// pipe once it is ready, which xvfb-run cannot do without a race.
func startXvfb(ctx context.Context, c *program.Cage) (string, error) {
	path, err := program.Find(string(WebKit), "xvfb", "Xvfb")
	if err != nil {
		return "", err
	}
	told, tells, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer told.Close()
	cmd := exec.Command(path, "-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset")
	cmd.Env = c.Environ()
	cmd.ExtraFiles = []*os.File{tells}
	_, err = c.Start(cmd)
	tells.Close()
	if err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, func() { told.Close() })()
	number, err := bufio.NewReader(told).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("wait for Xvfb: %w", err)
	}
	return ":" + strings.TrimSpace(number), nil
}

// freeAddr returns an address on loopback that was free a moment ago: the browser cannot choose one itself.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// findTab waits until the browser's list of tabs, a page of HTML, has one, and returns the URL of its websocket.
func findTab(ctx context.Context, p *program.Process, addr string) (string, error) {
	socket := regexp.MustCompile(`/socket/\d+/\d+/WebPage`)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if res, err := client.Get("http://" + addr + "/"); err == nil {
			page, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
			res.Body.Close()
			if path := socket.Find(page); err == nil && path != nil {
				return "ws://" + addr + string(path), nil
			}
		}
		select {
		case <-tick.C:
		case <-p.Gone:
			return "", errors.New("it ended at once")
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}

func (b *webkit) onEvent(e inspectorEvent) {
	switch e.Method {
	case "Console.messageAdded":
		var params struct {
			Message struct{ Source, Level, Text, URL string }
		}
		if json.Unmarshal(e.Params, &params) == nil {
			m := params.Message
			b.line = ConsoleLine{Text: m.Text, URL: m.URL, Level: m.Level, Source: m.Source}
			b.console.add(b.line)
		}
	case "Console.messageRepeatCountUpdated": // which is how a line comes that equals the one before it
		b.console.add(b.line)
	default:
		b.visit.onEvent(e)
	}
}

func (b *webkit) Engine() Engine  { return WebKit }
func (b *webkit) Version() string { return b.version }
func (b *webkit) Close() error    { return b.cage.Close() }

func (b *webkit) Navigate(ctx context.Context, url string) error {
	done := b.visit.begin(url)
	if err := b.proto.call(ctx, "Page.navigate", map[string]any{"url": url}, nil); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("navigate to %q: %w", url, context.Cause(ctx))
	}
}

func (b *webkit) Eval(ctx context.Context, js string, args ...any) (json.RawMessage, error) {
	expression, err := pageCall(js, args)
	if err != nil {
		return nil, err
	}
	type answer struct {
		Result struct {
			Value       json.RawMessage
			ObjectID    string
			Description string
		}
		WasThrown bool
	}
	var promise, settled answer
	params := map[string]any{"expression": expression}
	if err := b.proto.call(ctx, "Runtime.evaluate", params, &promise); err != nil {
		return nil, err
	}
	if promise.WasThrown { // the script did not even parse
		return nil, errors.New(promise.Result.Description)
	}
	params = map[string]any{"promiseObjectId": promise.Result.ObjectID, "returnByValue": true}
	if err := b.proto.call(ctx, "Runtime.awaitPromise", params, &settled); err != nil {
		return nil, err
	}
	var text string
	if err := json.Unmarshal(settled.Result.Value, &text); err != nil {
		return nil, fmt.Errorf("decode %q from the page: %w", settled.Result.Value, err)
	}
	return pageResult(text)
}

func (b *webkit) Console(context.Context) ([]ConsoleLine, error) { return b.console.take(), nil }
