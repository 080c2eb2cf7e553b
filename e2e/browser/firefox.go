package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/concors/concors/e2e/program"
)

type firefox struct {
	cage    *program.Cage
	proto   *marionette
	version string
}

// firefoxPrefs keeps Firefox to the pages it is told to open. Nothing here touches how it fetches.
func firefoxPrefs() string {
	var b strings.Builder
	for _, pref := range []struct {
		name  string
		value any
	}{
		{"marionette.port", 0}, // a free one, told in MarionetteActivePort
		{"network.proxy.type", 0},
		{"intl.locale.requested", "en-US"},
		{"browser.startup.page", 0},
		{"browser.startup.homepage_override.mstone", "ignore"},
		{"browser.shell.checkDefaultBrowser", false},
		{"browser.aboutwelcome.enabled", false},
		{"browser.newtabpage.enabled", false},
		{"browser.region.network.url", ""},
		{"browser.region.update.enabled", false},
		{"browser.search.update", false},
		{"browser.safebrowsing.blockedURIs.enabled", false},
		{"browser.safebrowsing.downloads.enabled", false},
		{"browser.safebrowsing.malware.enabled", false},
		{"browser.safebrowsing.phishing.enabled", false},
		{"browser.safebrowsing.update.enabled", false},
		{"app.normandy.enabled", false},
		{"app.update.enabled", false},
		{"app.update.disabledForTesting", true},
		{"app.shield.optoutstudies.enabled", false},
		{"datareporting.healthreport.uploadEnabled", false},
		{"datareporting.policy.dataSubmissionEnabled", false},
		{"datareporting.policy.dataSubmissionPolicyBypassNotification", true},
		{"toolkit.telemetry.enabled", false},
		{"toolkit.telemetry.server", ""},
		{"toolkit.telemetry.unified", false},
		{"extensions.update.enabled", false},
		{"extensions.systemAddon.update.enabled", false},
		{"extensions.getAddons.cache.enabled", false},
		{"network.captive-portal-service.enabled", false},
		{"network.connectivity-service.enabled", false},
		{"services.settings.server", "data:,#remote-settings-dummy/v1"},
		{"dom.push.connection.enabled", false},
		{"media.gmp-manager.updateEnabled", false},
		{"geo.provider.network.url", ""},
	} {
		value, _ := json.Marshal(pref.value) // a number, string or boolean
		fmt.Fprintf(&b, "user_pref(%q, %s);\n", pref.name, value)
	}
	return b.String()
}

func startFirefox(ctx context.Context, c *program.Cage, path string, opts Options) (Browser, error) {
	profile, err := c.Mkdir("profile")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxPrefs()), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "--headless", "--no-remote", "--profile", profile, "--marionette",
		"--remote-allow-system-access", "about:blank")
	cmd.Env = c.Environ("MOZ_CRASHREPORTER_DISABLE=1")
	process, err := c.Start(cmd)
	if err != nil {
		return nil, err
	}
	port, err := waitForPort(ctx, process, filepath.Join(profile, "MarionetteActivePort"))
	if err != nil {
		return nil, err
	}
	proto, err := dialMarionette(ctx, net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	b := &firefox{cage: c, proto: proto}

	var session struct {
		Capabilities struct {
			Version string `json:"browserVersion"`
		} `json:"capabilities"`
	}
	if err := proto.call(ctx, "WebDriver:NewSession", map[string]any{}, &session); err != nil {
		return nil, err
	}
	b.version = session.Capabilities.Version
	timeouts := map[string]any{"script": math.MaxInt32, "pageLoad": math.MaxInt32}
	if err := proto.call(ctx, "WebDriver:SetTimeouts", timeouts, nil); err != nil {
		return nil, err
	}
	if err := b.chrome(ctx, listenToConsole, nil, nil); err != nil {
		return nil, err
	}
	if opts.CA != nil {
		ca := base64.StdEncoding.EncodeToString(opts.CA.Raw)
		if err := b.chrome(ctx, trustAuthority, []any{ca}, nil); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// waitForPort waits for the browser to write the port that it listens on.
func waitForPort(ctx context.Context, p *program.Process, path string) (string, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if data, err := os.ReadFile(path); err == nil && len(data) > 0 {
			return strings.TrimSpace(string(data)), nil
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

// trustAuthority adds a certificate, in base64, to the authorities trusted for servers.
const trustAuthority = `
	Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(arguments[0], "C,,");
`

// listenToConsole collects what content has in the Browser Console. The service's own list would do, but it keeps
// only the last 250 messages. The lines hang on the browser window, which outlives every page.
const listenToConsole = `
	const win = Services.wm.getMostRecentWindow("navigator:browser");
	win.concorsLines = [];
	Services.console.registerListener({
		observe(message) {
			try {
				message.QueryInterface(Ci.nsIScriptError);
			} catch {
				return; // a remark of the browser to itself
			}
			if (message.isFromChromeContext) {
				return;
			}
			win.concorsLines.push({
				Text: message.errorMessage,
				URL: message.sourceName,
				Level: ["debug", "info", "warning", "error"][message.logLevel],
				Source: message.category,
			});
			if (win.concorsLines.length > 10000) {
				win.concorsLines.shift();
			}
		},
	});
`

const takeConsole = `
	const win = Services.wm.getMostRecentWindow("navigator:browser");
	return win.concorsLines.splice(0);
`

// chrome runs the body of a function in the browser itself.
func (b *firefox) chrome(ctx context.Context, body string, args []any, result any) error {
	return b.proto.inChrome(ctx, func() error {
		return b.proto.script(ctx, "WebDriver:ExecuteScript", body, args, result)
	})
}

func (b *firefox) Engine() Engine  { return Firefox }
func (b *firefox) Version() string { return b.version }
func (b *firefox) Close() error    { return b.cage.Close() }

func (b *firefox) Navigate(ctx context.Context, url string) error {
	if err := b.proto.call(ctx, "WebDriver:Navigate", map[string]any{"url": url}, nil); err != nil {
		return fmt.Errorf("navigate to %q: %w", url, err)
	}
	return nil
}

func (b *firefox) Eval(ctx context.Context, js string, args ...any) (json.RawMessage, error) {
	expression, err := pageCall(js, args)
	if err != nil {
		return nil, err
	}
	// Scripts run in a sandbox whose Array, say, is not the page's; eval of the window is how to leave it.
	const inPage = `window.eval(arguments[0]).then(arguments[1])`
	var text string
	err = b.proto.script(ctx, "WebDriver:ExecuteAsyncScript", inPage, []any{expression}, &text)
	if err != nil && strings.Contains(err.Error(), "call to eval() blocked by CSP") {
		inSandbox := "(" + expression + ").then(arguments[0])"
		err = b.proto.script(ctx, "WebDriver:ExecuteAsyncScript", inSandbox, nil, &text)
	}
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, fmt.Errorf("the page went away under the script; it is at %s now", b.location(ctx))
	}
	return pageResult(text)
}

// location is where the page is, for an error.
func (b *firefox) location(ctx context.Context) string {
	var url string
	if err := b.proto.script(ctx, "WebDriver:ExecuteScript", "return document.readyState + ' ' + location.href", nil, &url); err != nil {
		return err.Error()
	}
	return url
}

func (b *firefox) Console(ctx context.Context) ([]ConsoleLine, error) {
	var lines []ConsoleLine
	err := b.chrome(ctx, takeConsole, nil, &lines)
	return lines, err
}
