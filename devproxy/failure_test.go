package devproxy_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/devproxy"
)

// speak serves raw bytes on loopback; each connection is f's, and closed behind it.
func speak(t *testing.T, f func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); f(conn) }()
		}
	}()
	return l.Addr().String()
}

// Whatever becomes of the API, the page gets an answer that it can read, and the report has the reason that a browser would.
func TestFailures(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	unknown := newAPI(t, nil)
	slow := speak(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	cut := speak(t, func(c net.Conn) { http.ReadRequest(bufio.NewReader(c)) })
	odd := speak(t, func(c net.Conn) {
		http.ReadRequest(bufio.NewReader(c))
		io.WriteString(c, "SSH-2.0-OpenSSH sid=s3cret\r\n")
	})
	huge := speak(t, func(c net.Conn) {
		http.ReadRequest(bufio.NewReader(c))
		io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 1<<20)+"\r\n\r\n")
	})
	const short = 300 * time.Millisecond
	for _, row := range []struct {
		name, api string
		patience  time.Duration // 0 is the usual
		status    int
		why       string
		failure   string // the network's, as the model has it; empty if it is not known
	}{
		{"nobody is there", "http://" + closed.Addr().String(), 0, 502, "No connection to 127.0.0.1:PORT: connection refused.", "refused"},
		{"no TLS", strings.Replace(plain.URL, "http", "https", 1), 0, 502, "No connection to 127.0.0.1:PORT: 127.0.0.1 does not speak TLS at this port.", "tls"},
		{"an unknown authority", unknown.URL, 0, 502, "No connection to 127.0.0.1:PORT: the certificate of 127.0.0.1 is signed by an authority that is not trusted.", "tls"},
		{"no answer", "http://" + slow, short, 504, "127.0.0.1:PORT gave no answer within the time it has.", "timeout"},
		{"no handshake", "https://" + slow, short, 504, "127.0.0.1:PORT does not take the connection within the time it has.", "timeout"},
		{"a cut connection", "http://" + cut, 0, 502, "127.0.0.1:PORT closed the connection without an answer.", "reset"},
		{"no HTTP", "http://" + odd, 0, 502, "The answer of 127.0.0.1:PORT is not HTTP as it can be passed on.", ""},
		{"a header without end", "http://" + huge, 0, 502, "The header of the answer of 127.0.0.1:PORT is too long to be passed on.", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			g := start(t, nil, func(c *devproxy.Config) {
				c.API, c.AnswerTimeout, c.ConnectTimeout = row.api, row.patience, row.patience
			})
			_, port, _ := net.SplitHostPort(row.api[strings.Index(row.api, "//")+2:])
			why := strings.ReplaceAll(row.why, "PORT", port)
			for _, method := range []string{"GET", "POST"} {
				res, body := g.ask(t, method, "/users", "")
				if res.StatusCode != row.status || body != "concors proxy: "+why+"\n" || res.Header.Get("Access-Control-Allow-Origin") != page {
					t.Errorf("%s: got %d %q %v, want %d %q for the page", method, res.StatusCode, body, res.Header, row.status, why)
				}
				x := g.last(t)
				switch f := x.Explanation.Trace.Failure; {
				case row.failure == "" && f != nil:
					t.Errorf("%s: got %v, want none", method, f)
				case row.failure != "" && (f == nil || f.ID != fetch.NetworkFailure || f.Got != row.failure):
					t.Errorf("%s: got %v, want %s", method, f, row.failure)
				}
			}
		})
	}
}

// Any certificate is taken where that is wanted.
func TestInsecure(t *testing.T) {
	a := newAPI(t, nil)
	g := start(t, a, func(c *devproxy.Config) { c.RootCAs, c.Insecure = nil, true })
	if res, body := g.ask(t, "GET", "/", ""); res.StatusCode != 200 {
		t.Errorf("got %d %q", res.StatusCode, body)
	}
}
