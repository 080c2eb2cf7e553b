package live_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

// recorder is a server that remembers what it was asked.
type recorder struct {
	*httptest.Server
	mu          sync.Mutex
	asked       []*http.Request
	connections int
}

// serve starts a server over http; a nil handler answers 200 and lets every origin read it.
func serve(t *testing.T, h http.HandlerFunc) *recorder {
	t.Helper()
	r := record(h)
	r.Start()
	t.Cleanup(r.Close)
	return r
}

func record(h http.HandlerFunc) *recorder {
	r := &recorder{}
	if h == nil {
		h = allow
	}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.asked = append(r.asked, req)
		r.mu.Unlock()
		h(w, req)
	}))
	r.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			r.mu.Lock()
			r.connections++
			r.mu.Unlock()
		}
	}
	return r
}

func allow(w http.ResponseWriter, req *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	if origin := req.Header.Get("Origin"); origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	h.Set("Access-Control-Allow-Methods", "PUT, DELETE, PATCH, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "authorization, content-type, x-a, x-b, idempotency-key")
}

// lines are the requests so far, as method, host and target.
func (r *recorder) lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{}
	for _, req := range r.asked {
		out = append(out, req.Method+" "+req.Host+req.RequestURI)
	}
	return out
}

// last returns the last request; the test ends without one.
func (r *recorder) last(t *testing.T) *http.Request {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.asked) == 0 {
		t.Fatal("the server was not asked")
	}
	return r.asked[len(r.asked)-1]
}

// at is the server's URL under another host name, which leads to loopback.
func (r *recorder) at(host string) string {
	scheme, _, _ := strings.Cut(r.URL, "://")
	return scheme + "://" + host + ":" + r.port()
}

func (r *recorder) port() string { return port(r.URL) }

// port is the port at the end of an address or URL.
func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// speak starts a server of bare sockets that gives each connection to talk, and returns its address. Talk ends when the test
// does: the connection is closed then.
func speak(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var tasks sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	tasks.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			tasks.Go(func() {
				defer conn.Close()
				talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mu.Unlock()
		tasks.Wait()
	})
	return l.Addr().String()
}

// readHead reads a request up to its empty line.
func readHead(conn net.Conn) string {
	var head []byte
	b := make([]byte, 1)
	for !strings.HasSuffix(string(head), "\r\n\r\n") {
		if _, err := conn.Read(b); err != nil {
			return string(head)
		}
		head = append(head, b...)
	}
	return string(head)
}

func page(t *testing.T, url string) *fetch.Page {
	t.Helper()
	p, err := fetch.NewPage(url)
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

// open makes a network for a request of a page on http://app.localhost, unless the Config says otherwise.
func open(t *testing.T, c live.Config) *live.Network {
	t.Helper()
	if c.Page == nil {
		c.Page = page(t, "http://app.localhost/page?q=1")
	}
	if c.Request == nil {
		c.Request = &fetch.Request{}
	}
	n, err := live.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

// run makes a fetch as a browser does and returns its trace and how the exchanges went.
func run(t *testing.T, profile fetch.Profile, c live.Config) (*fetch.Trace, []live.Exchange) {
	t.Helper()
	if c.Page == nil {
		c.Page = page(t, "http://app.localhost/page?q=1")
	}
	c.Browser = profile.Name
	n := open(t, c)
	trace, err := fetch.NewBrowser(profile).Fetch(c.Page, c.Request, n, 0)
	if err != nil {
		t.Fatal(err)
	}
	return trace, n.Exchanges()
}

// do sends one GET for a URL.
func do(n *live.Network, url string) (fetch.Response, error) {
	return n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "GET", URL: url})
}

// within fails the test when f takes longer.
func within(t *testing.T, most time.Duration, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took > most {
		t.Errorf("it took %s, want at most %s", took, most)
	}
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}
