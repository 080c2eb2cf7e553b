package gateway_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// named is a table with one route, whose probe answers with a name.
func named(name string) object {
	return object{"policies": object{"app": app()}, "routes": []object{{"path": "/", "policy": "app", "handle": []object{{"handler": "probe", "name": name}}}}}
}

func table(c object) object { return with(c, object{"handler": "concors"}) }

func TestRoutes(t *testing.T) {
	answer := func(name string) []object { return []object{{"handler": "probe", "name": name}} }
	public := object{"origins": []string{"*"}}
	c := start(t, object{"handler": "concors",
		"policies": object{"app": app(), "public": public},
		"routes": []object{
			{"path": "/", "policy": "public", "handle": answer("front")},
			{"path": "/api/", "policy": "app", "handle": answer("api")},
			{"path": "/api/", "methods": []string{"GET"}, "policy": "public", "handle": answer("reads")},
			{"path": "/api/", "policy": "app", "headers": [][]string{{"X-Version", "2"}}, "handle": answer("later")},
			{"path": "/off/", "handle": answer("off")},
			{"path": "/on/", "policy": "app"},
			{"host": "files.example", "path": "/", "policy": "public", "handle": []object{{"handler": "headers"}}},
			{"host": "nowhere.example", "path": "/here/", "policy": "app", "handle": answer("here")},
		},
	}, on(t, "next", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "next") }))
	const origin = "Origin: https://app.example"
	asks := func(method string) []string { return []string{origin, "Access-Control-Request-Method: " + method} }
	from := client(t, 1)
	for _, row := range []struct {
		name, method, path string
		lines              []string
		status             int
		headers, body      string
	}{
		{"the root", "GET", "/x", []string{origin}, 200, "Allow-Origin: *", "front"},
		{"a longer prefix", "DELETE", "/api/x", []string{origin}, 200, granted, "api"},
		{"a method", "GET", "/api/x", []string{origin}, 200, "Allow-Origin: *", "reads"},
		{"a header", "DELETE", "/api/x", []string{origin, "X-Version: 2"}, 200, granted, "later"},
		{"off", "GET", "/off/x", []string{origin}, 200, refused, "off"},
		{"on to the next handler", "GET", "/on/x", []string{origin}, 200, granted, "next"},
		{"no handler answers", "GET", "/", []string{origin, "Host: files.example"}, 404, "Allow-Origin: *", ""},
		{"a preflight, by the method it asks for", "OPTIONS", "/api/x", asks("PUT"), 204, preflight, ""},
		{"a preflight, for reading", "OPTIONS", "/api/x", asks("GET"), 204, "Allow-Origin: *\n" + preflightVary, ""},
		{"a preflight where CORS is off", "OPTIONS", "/off/x", asks("GET"), 403, preflightVary, ""},
		{"OPTIONS that is no preflight", "OPTIONS", "/api/x", []string{origin}, 200, granted, "api"},
		{"slashes", "DELETE", "/api//x", []string{origin}, 200, granted, "api"},
		{"dots that lead to another route", "GET", "/x/..%2fapi/secret", []string{origin}, 400, "", ""},
		{"backslashes that do", "GET", "/x/..%5capi/secret", []string{origin}, 400, "", ""},
		{"parameters that do", "GET", "/api;x/secret", []string{origin}, 400, "", ""},
		{"slashes that do", "GET", "//api/secret", []string{origin}, 400, "", ""},
		{"dots in names", "GET", "/.well-known/x", []string{origin}, 200, "Allow-Origin: *", "front"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := http.NewRequest(row.method, "http://"+c.addr+row.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range row.lines {
				name, value, _ := strings.Cut(line, ": ")
				if name == "Host" {
					r.Host = value
				} else {
					r.Header.Set(name, value)
				}
			}
			res, err := from.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := protocol(res.Header); res.StatusCode != row.status || got != row.headers || string(body) != row.body {
				t.Errorf("got %d %q\n%s\nwant %d %q\n%s", res.StatusCode, body, got, row.status, row.body, row.headers)
			}
		})
	}
	if body := c.bodyOf(t, "nowhere.example", "/elsewhere"); body != "front" {
		t.Errorf("a path that the host has no route for: got %q, want that of any host", body)
	}
}

const preflightVary = "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

func (c *running) bodyOf(t testing.TB, host, path string) string {
	t.Helper()
	r, _ := http.NewRequest("GET", "http://"+c.addr+path, nil)
	r.Host = host
	res, err := client(t, 1).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return string(body)
}

func TestNoRoute(t *testing.T) {
	c := start(t, object{"handler": "concors", "policies": object{"app": app()}, "routes": []object{{"path": "/api/", "policy": "app"}}},
		object{"handler": "static_response", "status_code": 404})
	if res := c.ask(t, client(t, 1), "GET", "/", "Origin: https://app.example"); res.StatusCode != 404 || protocol(res.Header) != "" {
		t.Errorf("got %d\n%s", res.StatusCode, protocol(res.Header))
	}
}

func TestReplace(t *testing.T) {
	c := start(t, table(named("first")))
	from := client(t, 1)
	get := func() string {
		res, err := from.Get("http://" + c.addr + "/")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return string(body)
	}
	if got := get(); got != "first" {
		t.Fatalf("got %q", got)
	}
	if err := replace(t, table(named("second"))); err != nil {
		t.Fatal(err)
	}
	if got := get(); got != "second" {
		t.Errorf("got %q, want second", got)
	}
	within(t, "the first table is cleaned up", func() bool { return cleaned("first") == 1 })
	for _, row := range []struct {
		name string
		bad  object
		want string
	}{
		{"an unknown key", object{"route": 1}, `unknown field "route"`},
		{"a policy that is none", object{"policies": object{"app": object{"origins": []string{"app.example"}}}}, `policy "app": origins "app.example"`},
		{"a policy that is null", object{"policies": object{"app": nil}}, `policy "app" is null`},
		{"an unknown policy", object{"routes": []object{{"path": "/", "policy": "x"}}}, `route 0, "/": no policy "x"`},
		{"an unknown shadow", object{"routes": []object{{"path": "/", "shadow": "x"}}}, `route 0, "/": no policy "x"`},
		{"a path without a slash", object{"routes": []object{{"path": "api"}}}, "a path begins with a slash"},
		{"a host in capitals", object{"routes": []object{{"path": "/", "host": "A.example"}}}, "lower case"},
		{"no method", object{"routes": []object{{"path": "/", "methods": []string{"G ET"}}}}, `"G ET" is not a method`},
		{"no header", object{"routes": []object{{"path": "/", "headers": [][]string{{"X A", "1"}}}}}, `"X A" is not a header name`},
		{"an unknown mode", object{"routes": []object{{"path": "/", "upstream_cors": "drop"}}}, `invalid upstream_cors "drop"`},
		{"an unknown handler", object{"routes": []object{{"path": "/", "handle": []object{{"handler": "nonsense"}}}}}, "nonsense"},
		{"a bad handler behind a good one", object{"routes": []object{{"path": "/", "handle": []object{{"handler": "probe", "name": "dropped"}, {"handler": "reverse_proxy", "upstreams": 1}}}}}, "route 0"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := replace(t, row.bad)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("got error %v, want %q", err, row.want)
			}
			if got := get(); got != "second" {
				t.Errorf("got %q, want second", got)
			}
		})
	}
	if got := cleaned("dropped"); got != 1 {
		t.Errorf("what a bad table had made was cleaned up %d times, want once", got)
	}
	if got := cleaned("second"); got != 0 {
		t.Errorf("the table that serves was cleaned up %d times", got)
	}
}

// Routes whose handlers are configured alike have the same ones.
func TestRoutesShareHandlers(t *testing.T) {
	answer := func(name string) []object { return []object{{"handler": "probe", "name": name}} }
	c := start(t, object{"handler": "concors", "routes": []object{
		{"path": "/a", "handle": answer("shared")}, {"path": "/b", "handle": answer("shared")}, {"path": "/c", "handle": answer("own")},
	}})
	before, own := cleaned("shared"), cleaned("own")
	for _, path := range []string{"/a", "/b", "/c"} {
		if res := c.ask(t, client(t, 1), "GET", path); res.StatusCode != http.StatusOK {
			t.Errorf("%s: got %s", path, res.Status)
		}
	}
	if err := replace(t, named("after them")); err != nil {
		t.Fatal(err)
	}
	within(t, "the routes' handlers are cleaned up", func() bool { return cleaned("own")-own == 1 })
	if n := cleaned("shared") - before; n != 1 {
		t.Errorf("two routes had %d handlers, want one", n)
	}
}

// The handlers of a table that was replaced live until its last request has ended, and no longer.
func TestReplaceLetsRequestsEnd(t *testing.T) {
	entered, let := make(chan bool), make(chan bool)
	on(t, "old", func(w http.ResponseWriter, _ *http.Request) {
		entered <- true
		<-let
		io.WriteString(w, "old")
	})
	c := start(t, table(named("old")))
	got := make(chan string)
	go func() { got <- c.body(t, "/") }()
	<-entered
	before := cleaned("old")
	for i := range 3 {
		if err := replace(t, named(fmt.Sprint("new", i))); err != nil {
			t.Fatal(err)
		}
	}
	within(t, "tables without requests are cleaned up", func() bool { return cleaned("new0") == 1 && cleaned("new1") == 1 })
	if body := c.body(t, "/"); body != "new2" {
		t.Errorf("got %q, want new2", body)
	}
	if n := cleaned("old") - before; n != 0 {
		t.Errorf("the old table was cleaned up %d times with a request in flight", n)
	}
	close(let)
	if body := <-got; body != "old" {
		t.Errorf("got %q from the request in flight, want old", body)
	}
	within(t, "the old table is cleaned up", func() bool { return cleaned("old")-before == 1 })
}

// Replacing cleans up nothing of the configuration around: its other handlers serve on, and the connection is kept.
func TestReplaceKeepsTheRest(t *testing.T) {
	c := start(t, object{"handler": "subroute", "routes": []object{{"match": []object{{"path": []string{"/other"}}}, "handle": []object{{"handler": "probe", "name": "other"}}}}}, table(named("kept")))
	conn, from := c.raw(t, "")
	for i := range 5 {
		for path, want := range map[string]string{"/other": "other", "/": "kept"} {
			io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
			res, err := http.ReadResponse(from, nil)
			if err != nil {
				t.Fatalf("round %d: the connection ended: %v", i, err)
			}
			if body, _ := io.ReadAll(res.Body); string(body) != want {
				t.Fatalf("got %q, want %q", body, want)
			}
		}
		if err := replace(t, named("kept")); err != nil {
			t.Fatal(err)
		}
	}
	if n := cleaned("other"); n != 0 {
		t.Errorf("another handler was cleaned up %d times", n)
	}
}

// Stopping ends the handlers of every table, even one that a WebSocket still holds.
func TestStopEndsTables(t *testing.T) {
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		go func() { io.Copy(io.Discard, conn); conn.Close() }()
	}))
	defer echo.Close()
	before := cleaned("after")
	socket := object{"routes": []object{{"path": "/ws", "handle": []object{proxy(echo.URL)}}}}
	c := start(t, table(socket))
	_, from := c.raw(t, "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	if res, err := http.ReadResponse(from, nil); err != nil || res.StatusCode != 101 {
		t.Fatalf("got %v, %v", res, err)
	}
	if err := replace(t, named("after")); err != nil {
		t.Fatal(err)
	}
	r := routes(t)
	start(t, object{"handler": "static_response", "status_code": 200})
	if _, err := io.ReadAll(from); isTimeout(err) {
		t.Error("the socket is open")
	}
	within(t, "the table that served is cleaned up", func() bool { return cleaned("after")-before == 1 })
	if err := r.Replace([]byte(`{}`)); err == nil {
		t.Error("a handler that no longer serves took another table")
	}
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// Under load no request is dropped, and each is answered by one table as a whole.
func TestReplaceUnderLoad(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x") }))
	defer upstream.Close()
	version := func(n int) object {
		name := fmt.Sprint(n)
		return object{
			"policies": object{"p": object{"origins": []string{"https://app.example"}, "response_headers": []string{"X-" + name}}},
			"routes": []object{{"path": "/", "policy": "p", "handle": []object{
				{"handler": "headers", "response": object{"set": object{"X-Table": []string{name}}}}, proxy(upstream.URL), {"handler": "probe", "name": "load"},
			}}},
		}
	}
	c := start(t, table(version(0)))
	before := cleaned("load")
	var stop atomic.Bool
	var served atomic.Int64
	var clients sync.WaitGroup
	for i := range 8 {
		from := client(t, 1+i%2)
		clients.Go(func() {
			for !stop.Load() {
				r, _ := http.NewRequest("GET", "http://"+c.addr+"/", nil)
				r.Header.Set("Origin", "https://app.example")
				res, err := from.Do(r)
				if err != nil {
					t.Errorf("a request was dropped: %v", err)
					return
				}
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode != 200 || string(body) != "x" || res.Header.Get("Access-Control-Expose-Headers") != "X-"+res.Header.Get("X-Table") {
					t.Errorf("got %d %q %v %v", res.StatusCode, body, err, res.Header)
					return
				}
				served.Add(1)
			}
		})
	}
	const rounds = 100
	for n := range rounds {
		if err := replace(t, version(n+1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop.Store(true)
	clients.Wait()
	within(t, "every old table is cleaned up", func() bool { return cleaned("load")-before == rounds })
	if served.Load() < rounds {
		t.Errorf("%d requests were served, want one for each table at least", served.Load())
	}
}

// within waits for something that happens soon.
func within(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 200 {
		if is() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("it did not happen: %s", what)
}
