package devproxy_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/devproxy"
)

const page = "http://localhost:5173"

// An api is a server over TLS that remembers what it was asked.
type api struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func newAPI(t *testing.T, h http.HandlerFunc) *api {
	t.Helper()
	a := new(api)
	a.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.seen = append(a.seen, r)
		a.mu.Unlock()
		if h != nil {
			h(w, r)
		}
	}))
	a.EnableHTTP2 = true
	a.Config.ErrorLog = log.New(io.Discard, "", 0)
	a.StartTLS()
	t.Cleanup(a.Close)
	return a
}

func (a *api) requests() []*http.Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.seen)
}

func (a *api) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Certificate())
	return pool
}

// A rig is a proxy that listens, and what it reported.
type rig struct {
	*devproxy.Proxy
	mu    sync.Mutex
	heard []devproxy.Exchange
}

// start starts a proxy for an API. The changes come last.
func start(t *testing.T, a *api, changes ...func(*devproxy.Config)) *rig {
	t.Helper()
	g := new(rig)
	c := devproxy.Config{Pages: []string{page}, Listen: "127.0.0.1:0", Browser: fetch.Standard()}
	if a != nil {
		c.API, c.RootCAs = a.URL, a.pool()
	}
	c.Report = func(x *devproxy.Exchange) {
		g.mu.Lock()
		g.heard = append(g.heard, *x)
		g.mu.Unlock()
	}
	for _, change := range changes {
		change(&c)
	}
	var err error
	if g.Proxy, err = devproxy.New(c); err != nil {
		t.Fatal(err)
	}
	if err := g.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func (g *rig) exchanges() []devproxy.Exchange {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.heard)
}

// last is the exchange that was reported last.
func (g *rig) last(t *testing.T) devproxy.Exchange {
	t.Helper()
	all := g.exchanges()
	if len(all) == 0 {
		t.Fatal("nothing was reported")
	}
	return all[len(all)-1]
}

// ask makes a request, of the page unless the lines say otherwise, and returns the response with its body read. Each line is
// "Name: value"; one without a value takes the header out.
func (g *rig) ask(t *testing.T, method, target, body string, lines ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+net.JoinHostPort("localhost", g.port())+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", page)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ":")
		if value = strings.TrimSpace(value); value == "" {
			req.Header.Del(name)
		} else if name == "Host" {
			req.Host = value
		} else {
			req.Header.Add(name, value)
			if name == "Origin" {
				req.Header.Set(name, value)
			}
		}
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(data)
}

// preflight asks what a page may do.
func (g *rig) preflight(t *testing.T, method, target, names string) *http.Response {
	t.Helper()
	lines := []string{"Access-Control-Request-Method: " + method}
	if names != "" {
		lines = append(lines, "Access-Control-Request-Headers: "+names)
	}
	res, _ := g.ask(t, "OPTIONS", target, "", lines...)
	return res
}

func (g *rig) port() string {
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(g.URL(), "http://"))
	return port
}

// granting is an API that allows an origin, or with * any.
func granting(origin string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		w.Header().Set("Access-Control-Allow-Headers", "content-type")
	}
}
