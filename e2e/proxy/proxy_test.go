// Package proxy_test signs in, from pages of real browsers, to an API that allows no page, by way of the development proxy.
package proxy_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/devproxy"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/live"
)

// steps are what a page of an application does: it signs in, reads, listens, and signs out. Each comes to a word.
const steps = `
	const [base] = arguments, include = {credentials: 'include'}, done = {};
	const step = async (name, f) => { try { done[name] = String(await f()); } catch (e) { done[name] = e.name; } };
	await step('before', async () => (await fetch(base + '/me', include)).status);
	await step('login', async () => {
		const r = await fetch(base + '/login', {...include, method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'});
		return r.status + ' ' + (await r.json()).name + ' ' + new URL(r.url).pathname;
	});
	await step('me', async () => {
		const r = await fetch(base + '/me?page=2', include);
		return r.status + ' ' + r.headers.get('X-Total-Count');
	});
	await step('omit', async () => (await fetch(base + '/me', {credentials: 'omit'})).status);
	await step('public', async () => (await (await fetch(base + '/public', include)).json()).public);
	await step('strict', async () => (await (await fetch(base + '/strict')).json()).strict);
	await step('events', () => new Promise((resolve, reject) => {
		const source = new EventSource(base + '/events', {withCredentials: true});
		source.onmessage = (e) => { source.close(); resolve(e.data); };
		source.onerror = () => { source.close(); reject(new Error()); };
	}));
	await step('socket', () => new Promise((resolve, reject) => {
		const socket = new WebSocket(base.replace('http', 'ws') + '/socket');
		socket.onopen = () => socket.send('hello');
		socket.onmessage = (e) => resolve(e.data);
		socket.onerror = () => reject(new Error());
	}));
	await step('logout', async () => (await fetch(base + '/session', {...include, method: 'DELETE'})).status);
	await step('after', async () => (await fetch(base + '/me', include)).status);
	return done;
`

func TestSignIn(t *testing.T) {
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			b, err := browser.Start(t.Context(), engine, browser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			signIn(t, b)
		})
	}
}

func signIn(t *testing.T, b browser.Browser) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	a := newAPI(t)
	blank := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>page</title>")
	}))
	defer blank.Close()
	_, port, _ := net.SplitHostPort(blank.Listener.Addr().String())
	page := "http://localhost:" + port
	profile := profileOf(b.Engine())

	var mu sync.Mutex
	var heard []devproxy.Exchange
	proxy, err := devproxy.New(devproxy.Config{
		API: a.url, Pages: []string{page}, Listen: "127.0.0.1:0", Browser: profile, RootCAs: a.pool,
		Report: func(x *devproxy.Exchange) {
			mu.Lock()
			heard = append(heard, *x)
			mu.Unlock()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := proxy.Listen(ctx); err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()

	if err := b.Navigate(ctx, page+"/"); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"before": "401", "login": "200 Ada /me", "me": "200 7", "omit": "401", "public": "true", "strict": "true",
		"events": "first", "socket": "HELLO", "logout": "204", "after": "401",
	}
	if diff := cmp.Diff(want, run(t, ctx, b, proxy.BaseURL())); diff != "" {
		t.Errorf("a page of %s (-want +got)\n%s", page, diff)
	}
	for request, want := range map[string]int{"POST /login": 1, "DELETE /session": 1} {
		if got := a.times(request); got != want {
			t.Errorf("%s came %d times, want %d", request, got, want)
		}
	}
	mu.Lock()
	compare(t, a, page, profile, slices.Clone(heard))
	mu.Unlock()

	// Another page of this machine gets nothing, and the API hears nothing of it.
	before := a.times("")
	if err := b.Navigate(ctx, "http://127.0.0.1:"+port+"/"); err != nil {
		t.Fatal(err)
	}
	for step, got := range run(t, ctx, b, proxy.BaseURL()) {
		if got != "TypeError" && got != "Error" {
			t.Errorf("a stranger's %s: got %s, want an error", step, got)
		}
	}
	if got := a.times("") - before; got != 0 {
		t.Errorf("the API was asked %d times for a stranger", got)
	}
}

func profileOf(engine browser.Engine) fetch.Profile {
	profiles := fetch.Profiles()
	return profiles[slices.IndexFunc(profiles, func(p fetch.Profile) bool { return p.Name == string(engine) })]
}

func run(t *testing.T, ctx context.Context, b browser.Browser, base string) map[string]string {
	t.Helper()
	data, err := b.Eval(ctx, steps, base)
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]string{}
	if err := json.Unmarshal(data, &done); err != nil {
		t.Fatal(err)
	}
	return done
}

// compare holds what was reported of each request to an explanation of the API itself, asked by the same browser for the same
// page, with the cookies that it would have.
func compare(t *testing.T, a *api, page string, profile fetch.Profile, heard []devproxy.Exchange) {
	include := fetch.CredentialsInclude
	asked := map[string]fetch.Request{
		"POST /login":     {Method: "POST", Credentials: include, Body: fetch.BodyText, Header: header.List{{Name: "Content-Type", Value: "application/json"}}},
		"GET /me?page=2":  {Credentials: include},
		"GET /public":     {Credentials: include},
		"GET /strict":     {},
		"DELETE /session": {Method: "DELETE", Credentials: include},
	}
	reasons := map[fetch.FailureID]bool{}
	for request, r := range asked {
		method, target, _ := strings.Cut(request, " ")
		i := slices.IndexFunc(heard, func(x devproxy.Exchange) bool { return x.Method == method && x.Target == target && !x.Preflight })
		if i < 0 || heard[i].Explanation == nil {
			t.Errorf("%s: got no verdict", request)
			continue
		}
		r.URL = a.url + target
		from, err := fetch.NewPage(page)
		if err != nil {
			t.Fatal(err)
		}
		cookies := session + "; user=ada"
		if method == "POST" {
			cookies = ""
		}
		network, err := live.New(t.Context(), live.Config{Browser: profile.Name, Page: &from, Request: &r, Body: body(&r), Cookie: cookies, RootCAs: a.pool})
		if err != nil {
			t.Fatal(err)
		}
		direct, err := explain.Fetch(&from, &r, profile, network, false)
		network.Close()
		if err != nil {
			t.Fatal(err)
		}
		got := heard[i].Explanation
		if got.Why == "" || got.Why != direct.Why || got.Trace.Outcome != direct.Trace.Outcome {
			t.Errorf("%s: got %s %q, directly %s %q", request, got.Trace.Outcome, got.Why, direct.Trace.Outcome, direct.Why)
		}
		if f := direct.Trace.Failure; f != nil {
			reasons[f.ID] = true
		}
	}
	for _, id := range []fetch.FailureID{fetch.AllowOriginMissing, fetch.AllowOriginWildcardCredentials} {
		if !reasons[id] {
			t.Errorf("no request failed for %s", id)
		}
	}
}

func body(r *fetch.Request) []byte {
	if r.Body == "" {
		return nil
	}
	return []byte("{}")
}
