package proof_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/proof"
	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/explain"
)

// command builds the program.
func command(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "concors")
	if out, err := exec.Command("go", "build", "-o", name, "github.com/concors/concors/cmd/concors").CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return name
}

// explainLive asks the program to make a try's call itself, and returns its exit code and what it printed.
func explainLive(t *testing.T, program string, try *setups.Try, target string, flags ...string) (int, []byte) {
	t.Helper()
	init, err := json.Marshal(try.Init)
	if err != nil {
		t.Fatal(err)
	}
	call := `fetch("` + target + `", ` + string(init) + `)`
	if len(try.Init) == 0 {
		call = `fetch("` + target + `")`
	}
	cmd := exec.Command(program, append([]string{"explain", "--fetch", "-", "--page", try.Page, "--browser", "chromium", "--json"}, flags...)...)
	cmd.Stdin = strings.NewReader(call)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
		return 1, out
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", call, err, &stderr)
	}
	return 0, out
}

// proveLive holds the live explanation of a try to what Chromium did: the same requests, outcome, cause and console line.
// Without leave to send, nothing that could change something reaches the server. It returns the explanation.
func proveLive(t *testing.T, program string, running *setups.Running, try *setups.Try, o *proof.Observed) *explain.FetchResult {
	before := len(running.Exchanges())
	explainLive(t, program, try, try.URL)
	for _, e := range running.Exchanges()[before:] {
		preflight := e.Method == http.MethodOptions && e.Header.Get(header.RequestMethod) != ""
		if e.Method != http.MethodGet && e.Method != http.MethodHead && !preflight {
			t.Errorf("%s %s was sent without leave", e.Method, e.Target)
		}
	}
	_, out := explainLive(t, program, try, try.URL, "--send")
	differences, err := o.Explained(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range differences {
		t.Errorf("live: %s", difference)
	}
	f := only(t, out)
	if f.Failure != nil && (f.Failure.ID != try.Want.Failure || f.Failure.On != try.Want.On) {
		t.Errorf("live: got %s on the %s, want %s on the %s", f.Failure.ID, f.Failure.On, try.Want.Failure, try.Want.On)
	}
	return f
}

// only is the one fetch of a printed explanation.
func only(t *testing.T, out []byte) *explain.FetchResult {
	t.Helper()
	var r explain.Result
	if err := json.Unmarshal(out, &r); err != nil || len(r.Fetches) != 1 {
		t.Fatalf("got %v, %d fetches", err, len(r.Fetches))
	}
	return &r.Fetches[0]
}

// A mended server is another one with the header lines of fixes, by path.
type mended struct {
	fixes map[string]explain.Fix
}

// start serves what the other server serves, mended, and returns the origin.
func (m *mended) start(t *testing.T, running *setups.Running) string {
	behind := &url.URL{Scheme: "http", Host: running.Addr()}
	origin := running.Origin(setups.Host)
	var own string
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind) },
		ModifyResponse: func(res *http.Response) error {
			if location, ok := strings.CutPrefix(res.Header.Get(header.Location), origin); ok {
				res.Header.Set(header.Location, own+location)
			}
			fix, ok := m.fixes[res.Request.URL.Path]
			if !ok {
				return nil
			}
			lines := fix.Response
			if res.Request.Method == http.MethodOptions && res.Request.Header.Get(header.RequestMethod) != "" {
				lines = fix.Preflight
				res.Body.Close()
				res.StatusCode, res.Body, res.ContentLength = http.StatusNoContent, http.NoBody, 0
				res.Header.Del(header.ContentLength)
				res.Header.Del(header.Location)
			}
			for _, line := range lines {
				res.Header.Set(line[0], line[1])
			}
			return nil
		},
	}
	s := httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	own = strings.Replace(s.URL, "127.0.0.1", setups.Host, 1)
	return own
}

// proveFix applies the header lines that an explanation prints to the server, and has the same command run again, until all
// is allowed. It reports whether headers were the fix.
func proveFix(t *testing.T, program string, running *setups.Running, try *setups.Try, f *explain.FetchResult) bool {
	m := &mended{fixes: map[string]explain.Fix{}}
	own := m.start(t, running)
	target := strings.Replace(try.URL, running.Origin(setups.Host), own, 1)
	const hops = 3
	for range hops {
		fix := withLines(f.Fixes)
		if fix == nil {
			return false
		}
		failed, err := url.Parse(f.Sent[len(f.Sent)-1].URL)
		if err != nil {
			t.Fatal(err)
		}
		m.fixes[failed.Path] = *fix
		code, out := explainLive(t, program, try, target, "--send")
		if f = only(t, out); code == 0 && f.Outcome == fetch.Allowed {
			return true
		}
	}
	t.Errorf("after the fix: got %s, %+v", f.Outcome, f.Failure)
	return true
}

func withLines(fixes []explain.Fix) *explain.Fix {
	for i := range fixes {
		if len(fixes[i].Response) > 0 {
			return &fixes[i]
		}
	}
	return nil
}
