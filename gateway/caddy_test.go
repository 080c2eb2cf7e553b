package gateway_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/requestbody"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/rewrite"
	_ "github.com/caddyserver/caddy/v2/modules/filestorage"
	_ "github.com/caddyserver/caddy/v2/modules/logging"
	_ "github.com/caddyserver/caddy/v2/modules/metrics"

	"github.com/concors/concors/gateway"
)

// object is a value in JSON.
type object = map[string]any

func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "gateway")
	if err != nil {
		panic(err)
	}
	os.Setenv("XDG_DATA_HOME", home)
	os.Setenv("XDG_CONFIG_HOME", home)
	caddy.RegisterModule(new(probe))
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// A running Caddy has one server.
type running struct {
	addr string
	log  string // its file
}

// start runs Caddy with these handlers, one after another. There is one Caddy in a process, so tests do not run in parallel.
func start(t testing.TB, handlers ...object) *running {
	t.Helper()
	return startLogging(t, "DEBUG", handlers...)
}

// startLogging is start with another level for the log.
func startLogging(t testing.TB, level string, handlers ...object) *running {
	t.Helper()
	return startWith(t, level, object{"disabled": true, "config": object{"persist": false}}, handlers...)
}

// startWith is startLogging with an administration.
func startWith(t testing.TB, level string, admin object, handlers ...object) *running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &running{addr: listener.Addr().String(), log: filepath.Join(t.TempDir(), "log")}
	listener.Close()
	raw, err := json.Marshal(object{
		"admin":   admin,
		"storage": object{"module": "file_system", "root": t.TempDir()},
		"logging": object{"logs": object{"default": object{"level": level, "writer": object{"output": "file", "filename": c.log}}}},
		"apps": object{"http": object{"grace_period": "5s", "servers": object{"s": object{
			"listen": []string{c.addr}, "automatic_https": object{"disable": true}, "protocols": []string{"h1", "h2c"},
			"routes": []object{{"handle": handlers}},
		}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := caddy.Load(raw, true); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := caddy.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// server is the server that runs.
func server(t testing.TB) *caddyhttp.Server {
	t.Helper()
	app, err := caddy.ActiveContext().App("http")
	if err != nil {
		t.Fatal(err)
	}
	return app.(*caddyhttp.App).Servers["s"]
}

// routes is its handler http.handlers.concors, as a program that reloads finds it.
func routes(t testing.TB) *gateway.Routes {
	t.Helper()
	for _, route := range server(t).Routes {
		for _, handler := range route.Handlers {
			if r, ok := handler.(*gateway.Routes); ok {
				return r
			}
		}
	}
	t.Fatal("no handler http.handlers.concors runs")
	return nil
}

func replace(t testing.TB, c object) error {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return routes(t).Replace(raw)
}

// logged waits for a line of the log with all of these texts.
func (c *running) logged(t testing.TB, texts ...string) {
	t.Helper()
	var log []byte
	for range 100 {
		log, _ = os.ReadFile(c.log)
	lines:
		for line := range strings.Lines(string(log)) {
			for _, text := range texts {
				if !strings.Contains(line, text) {
					continue lines
				}
			}
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("no line of the log has all of %q:\n%s", texts, log)
}

// client speaks one version of HTTP and does not follow redirects.
func client(t testing.TB, version int) *http.Client {
	transport := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
	transport.Protocols.SetHTTP1(version == 1)
	transport.Protocols.SetUnencryptedHTTP2(version == 2)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// ask sends a request with these header lines, and returns the response, whose body is read.
func (c *running) ask(t testing.TB, from *http.Client, method, path string, lines ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+c.addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	res, err := from.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res
}

// protocol shows the header lines by which a response takes part in the CORS protocol, and Vary.
func protocol(h http.Header) string {
	var list []string
	for _, name := range []string{
		"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
		"Access-Control-Max-Age", "Access-Control-Expose-Headers", "Vary",
	} {
		for _, value := range h[name] {
			list = append(list, strings.TrimPrefix(name, "Access-Control-")+": "+value)
		}
	}
	return strings.Join(list, "\n")
}

// app is a policy with a bit of everything.
func app() object {
	return object{
		"origins": []string{"https://app.example"}, "methods": []string{"PUT", "DELETE"}, "request_headers": []string{"X-Id"},
		"response_headers": []string{"X-Total-Count"}, "credentials": true, "max_age": 600,
	}
}

// What the policy app says.
const (
	granted   = "Allow-Origin: https://app.example\nAllow-Credentials: true\nExpose-Headers: X-Total-Count\nVary: Origin"
	refused   = "Vary: Origin"
	preflight = "Allow-Origin: https://app.example\nAllow-Credentials: true\nAllow-Methods: PUT, DELETE\nAllow-Headers: x-id\nMax-Age: 600\n" +
		"Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
)

func proxy(to string, more ...object) object {
	h := object{"handler": "reverse_proxy", "upstreams": []object{{"dial": strings.TrimPrefix(to, "http://")}}, "flush_interval": 0}
	for _, m := range more {
		for k, v := range m {
			h[k] = v
		}
	}
	return h
}

func with(o object, more object) object {
	out := object{}
	for _, from := range []object{o, more} {
		for k, v := range from {
			out[k] = v
		}
	}
	return out
}

// A probe is a handler of tests: it answers with its name, after what the test lets it wait for, and tells when it is cleaned up.
type probe struct {
	Name string `json:"name"`
}

// probes are what tests want of them, by name.
var probes struct {
	sync.Mutex
	serve   map[string]func(http.ResponseWriter, *http.Request)
	cleaned map[string]int
}

func (*probe) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.probe", New: func() caddy.Module { return new(probe) }}
}

func (p *probe) ServeHTTP(w http.ResponseWriter, r *http.Request, _ caddyhttp.Handler) error {
	probes.Lock()
	serve := probes.serve[p.Name]
	probes.Unlock()
	if serve != nil {
		serve(w, r)
		return nil
	}
	_, err := fmt.Fprint(w, p.Name)
	return err
}

func (p *probe) Cleanup() error {
	probes.Lock()
	defer probes.Unlock()
	if probes.cleaned == nil {
		probes.cleaned = map[string]int{}
	}
	probes.cleaned[p.Name]++
	return nil
}

// on has probes of a name serve with a function as long as the test runs.
func on(t testing.TB, name string, serve func(http.ResponseWriter, *http.Request)) object {
	probes.Lock()
	defer probes.Unlock()
	if probes.serve == nil {
		probes.serve = map[string]func(http.ResponseWriter, *http.Request){}
	}
	probes.serve[name] = serve
	t.Cleanup(func() {
		probes.Lock()
		defer probes.Unlock()
		delete(probes.serve, name)
	})
	return object{"handler": "probe", "name": name}
}

// cleaned is how often probes of a name were cleaned up.
func cleaned(name string) int {
	probes.Lock()
	defer probes.Unlock()
	return probes.cleaned[name]
}
