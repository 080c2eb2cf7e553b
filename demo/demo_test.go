package demo_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/demo"
)

// Resolvers: one that knows the names, as some machines do, and one that does not.
func known(context.Context, string) ([]string, error) { return []string{"127.0.0.1", "::1"}, nil }

func unknown(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }

type resolver = func(context.Context, string) ([]string, error)

// start starts a demonstration on which the model asks the handlers without a socket.
func start(t *testing.T, lookup resolver) *demo.Demo {
	t.Helper()
	var d *demo.Demo
	d, err := demo.Start(t.Context(), demo.Config{
		LookupHost: lookup,
		Network: func(*fetch.Page, *fetch.Request) (fetch.Network, error) {
			return corstest.Handler(d.Handler()), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// get asks the handlers for a URL.
func get(d *demo.Demo, url, userAgent string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, url, nil)
	req.Header.Set("User-Agent", userAgent)
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, req)
	return w
}

func TestNames(t *testing.T) {
	elsewhere := func(context.Context, string) ([]string, error) { return []string{"127.0.0.1", "192.0.2.1"}, nil }
	only6 := func(context.Context, string) ([]string, error) { return []string{"::1"}, nil }
	oneMissing := func(ctx context.Context, host string) ([]string, error) {
		if host == "cdn.localhost" {
			return unknown(ctx, host)
		}
		return known(ctx, host)
	}
	for _, row := range []struct {
		name   string
		lookup resolver
		prefix string
		notice bool
	}{
		{"known", known, "http://myapp.localhost:", false},
		{"unknown", unknown, "http://localhost:", true},
		{"one missing", oneMissing, "http://localhost:", true},
		{"somebody else's too", elsewhere, "http://localhost:", true},
		{"not where the servers listen", only6, "http://localhost:", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := start(t, row.lookup)
			if got := d.URL(); !strings.HasPrefix(got, row.prefix) {
				t.Errorf("got URL %s, want %s...", got, row.prefix)
			}
			if got := d.Notice(); (got != "") != row.notice {
				t.Errorf("got notice %q, want one: %t", got, row.notice)
			}
		})
	}
}

// Nobody answers to a name that is not one of the demonstration's.
func TestHost(t *testing.T) {
	for _, row := range []struct {
		name   string
		lookup resolver
		host   string // with :PORT for the page's
		status int
	}{
		{"the page", known, "myapp.localhost:PORT", 200},
		{"in another case", known, "MyApp.localhost:PORT", 200},
		{"another port", known, "myapp.localhost:1", 421},
		{"no port", known, "myapp.localhost", 421},
		{"a name that leads here", known, "rebound.example:PORT", 421},
		{"an address, where there are names", known, "127.0.0.1:PORT", 421},
		{"localhost, where there are names", known, "localhost:PORT", 421},
		{"the fallback", unknown, "localhost:PORT", 200},
		{"a name, in the fallback", unknown, "myapp.localhost:PORT", 421},
		{"an address, in the fallback", unknown, "127.0.0.1:PORT", 421},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := start(t, row.lookup)
			_, port, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(d.URL(), "http://"), "/"), ":")
			w := get(d, "http://"+strings.ReplaceAll(row.host, "PORT", port)+"/", "")
			if w.Code != row.status {
				t.Errorf("got status %d, want %d: %s", w.Code, row.status, w.Body)
			}
		})
	}
}

// The page forwards to the API over a connection.
func TestSameOriginPath(t *testing.T) {
	d := start(t, known)
	w := get(d, d.URL()+"api/users", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "Ada") {
		t.Errorf("got %d %s, want the users", w.Code, w.Body)
	}
	if got := w.Header().Values("Access-Control-Allow-Origin"); len(got) > 0 {
		t.Errorf("got Access-Control-Allow-Origin %q, want none", got)
	}
}

// The servers are there, on loopback, until they are closed.
func TestServes(t *testing.T) {
	d := start(t, unknown)
	ask := func() (string, error) {
		res, err := http.Get(d.URL() + "run.js")
		if err != nil {
			return "", err
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		return string(body), err
	}
	if got, err := ask(); err != nil || !strings.Contains(got, "fetch(") {
		t.Errorf("got %q, %v, want the script", got, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := d.Wait(ended); err != nil {
		t.Errorf("got %v after the context, want nil", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ask(); err == nil {
		t.Error("it serves after Close")
	}
	if err := d.Wait(t.Context()); err == nil {
		t.Error("got no error from servers that have ended")
	}
}

func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	d, err := demo.Start(t.Context(), demo.Config{Port: port})
	if err == nil {
		d.Close()
	}
	if err == nil || !strings.Contains(err.Error(), strconv.Itoa(port)) {
		t.Errorf("got %v, want an error that names port %d", err, port)
	}
}

// A network that cannot tell is an error of the explanation and of the page, and neither makes anything up.
func TestNetworkFails(t *testing.T) {
	for _, row := range []struct {
		name    string
		network func(*fetch.Page, *fetch.Request) (fetch.Network, error)
	}{
		{"no network", func(*fetch.Page, *fetch.Request) (fetch.Network, error) { return nil, errors.New("no network") }},
		{"no answer", func(*fetch.Page, *fetch.Request) (fetch.Network, error) { return new(fetch.Recorded), nil }},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, err := demo.Start(t.Context(), demo.Config{LookupHost: known, Network: row.network})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if list, err := d.Explain(); err == nil || !strings.Contains(err.Error(), "/no-header") {
				t.Errorf("got %d explanations and error %v, want an error that names the URL", len(list), err)
			}
			if w := get(d, d.URL(), ""); w.Code != 500 {
				t.Errorf("got status %d, want 500", w.Code)
			}
		})
	}
}

// A network that has to be closed is closed, one for each request that script makes.
func TestNetworkIsClosed(t *testing.T) {
	opened, closed := 0, 0
	var d *demo.Demo
	d, err := demo.Start(t.Context(), demo.Config{
		LookupHost: known,
		Network: func(*fetch.Page, *fetch.Request) (fetch.Network, error) {
			opened++
			return &closing{corstest.Handler(d.Handler()), &closed}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Explain(); err != nil {
		t.Fatal(err)
	}
	if opened == 0 || closed != opened {
		t.Errorf("got %d networks closed of %d", closed, opened)
	}
}

type closing struct {
	fetch.Network
	closed *int
}

func (c *closing) Close() { *c.closed++ }
