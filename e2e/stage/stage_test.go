package stage_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/e2e/stage"
)

func start(t *testing.T, handler stage.Handler) *stage.Server {
	t.Helper()
	s, err := stage.Start(handler)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// address returns the host and port of an origin of s under 127.0.0.1.
func address(s *stage.Server, scheme string, n int) string {
	_, addr, _ := strings.Cut(s.Origin(scheme, "127.0.0.1", n), "://")
	return addr
}

// exchange sends bytes and returns all that comes back until the server closes or is silent for a moment.
func exchange(t *testing.T, conn net.Conn, send string) string {
	t.Helper()
	if _, err := io.WriteString(conn, send); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	got, _ := io.ReadAll(conn)
	return string(got)
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestRequest(t *testing.T) {
	for _, test := range []struct {
		name, send string
		want       stage.Request // Method "" if there must be none
	}{
		{
			name: "lines as sent",
			send: "GET /a?b=%00 HTTP/1.1\r\nhost: app.localhost:1\r\nX-odd:  two  \r\nORIGIN:null\r\nx-ODD:\r\n\r\n",
			want: stage.Request{
				Method: "GET", Target: "/a?b=%00", Host: "app.localhost:1",
				Lines: []string{"host: app.localhost:1", "X-odd:  two  ", "ORIGIN:null", "x-ODD:"},
			},
		},
		{
			name: "body",
			send: "patch / HTTP/1.1\r\nContent-Length: 3\r\n\r\na\r\nrest",
			want: stage.Request{Method: "patch", Target: "/", Lines: []string{"Content-Length: 3"}, Body: []byte("a\r\n")},
		},
		{
			name: "chunks",
			send: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
			want: stage.Request{
				Method: "POST", Target: "/", Lines: []string{"Transfer-Encoding: chunked"}, Body: []byte("abc0123456789"),
			},
		},
		{name: "no request line", send: "hello\r\n\r\n"},
		{name: "broken chunk", send: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"},
		{name: "huge body", send: "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"},
		{name: "huge header", send: "GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 300<<10) + "\r\n\r\n"},
		{name: "cut short", send: "GET / HTTP/1.1\r\nA: b\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			seen := make(chan *stage.Request, 9)
			s := start(t, func(_ context.Context, req *stage.Request) stage.Response {
				seen <- req
				return stage.Response{Close: true}
			})
			conn := dial(t, address(s, "http", 0))
			io.WriteString(conn, test.send) // the server may close before it has taken all
			conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, conn)

			if test.want.Method == "" {
				if len(seen) != 0 {
					t.Fatalf("got %+v, want no request", <-seen)
				}
				return
			}
			if len(seen) != 1 {
				t.Fatalf("got %d requests, want 1", len(seen))
			}
			got := <-seen
			if got.Seq != 1 || time.Since(got.Time) > time.Minute || got.Scheme != "http" {
				t.Errorf("got seq %d, time %v, scheme %q; want 1, now, http", got.Seq, got.Time, got.Scheme)
			}
			if got.Method != test.want.Method || got.Target != test.want.Target || got.Host != test.want.Host {
				t.Errorf("got %q %q of %q, want %+v", got.Method, got.Target, got.Host, test.want)
			}
			if !slices.Equal(got.Lines, test.want.Lines) {
				t.Errorf("got lines %q, want %q", got.Lines, test.want.Lines)
			}
			if string(got.Body) != string(test.want.Body) {
				t.Errorf("got body %q, want %q", got.Body, test.want.Body)
			}
		})
	}
}

func TestValues(t *testing.T) {
	req := &stage.Request{Lines: []string{"A:1", "b: 2", "a: \t3 ", "A :4", "junk"}}
	if got, want := req.Values("a"), []string{"1", "3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestResponse(t *testing.T) {
	odd := []stage.Field{
		{Name: "x-Odd", Value: ""},
		{Name: "X-ODD ", Value: "  a\x00\xff\t "},
		{Name: "x-Odd", Value: "b"},
	}
	const oddLines = "x-Odd: \r\nX-ODD :   a\x00\xff\t \r\nx-Odd: b\r\n"
	for _, test := range []struct {
		name, method string
		response     stage.Response
		want         string // of one request
	}{
		{name: "zero", method: "GET", want: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		{
			name: "bytes", method: "GET", response: stage.Response{Fields: odd, Body: []byte("body")},
			want: "HTTP/1.1 200 OK\r\n" + oddLines + "Content-Length: 4\r\n\r\nbody",
		},
		{
			name: "head", method: "HEAD", response: stage.Response{Body: []byte("body")},
			want: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
		},
		{
			name: "no content", method: "GET", response: stage.Response{Status: 204, Body: []byte("body")},
			want: "HTTP/1.1 204 No Content\r\n\r\n",
		},
		{
			name: "not modified", method: "GET", response: stage.Response{Status: 304, Body: []byte("body")},
			want: "HTTP/1.1 304 Not Modified\r\n\r\n",
		},
		{
			name: "own length", method: "GET",
			response: stage.Response{Fields: []stage.Field{{Name: "content-length", Value: "2"}}, Body: []byte("ab")},
			want:     "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab",
		},
		{name: "unknown status", method: "GET", response: stage.Response{Status: 299}, want: "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, func(context.Context, *stage.Request) stage.Response { return test.response })
			request := test.method + " / HTTP/1.1\r\n\r\n"
			// Twice, as the connection is kept alive.
			got := exchange(t, dial(t, address(s, "http", 1)), request+request)
			if got != test.want+test.want {
				t.Errorf("got %q, want twice %q", got, test.want)
			}
		})
	}
}

func TestAbort(t *testing.T) {
	s := start(t, func(context.Context, *stage.Request) stage.Response { return stage.Response{Abort: true, Status: 200} })
	conn := dial(t, address(s, "http", 0))
	io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n")
	if got, err := bufio.NewReader(conn).ReadByte(); err != io.EOF {
		t.Errorf("got %q, %v; want the end at once", got, err)
	}
}

// TestOrigins checks that every origin answers, on both loopback addresses and under a certificate for its name.
func TestOrigins(t *testing.T) {
	s := start(t, func(_ context.Context, req *stage.Request) stage.Response {
		return stage.Response{Body: []byte(req.Scheme), Close: true}
	})
	trusted := x509.NewCertPool()
	trusted.AddCert(s.CA())
	hosts := []string{"127.0.0.1", "localhost", "app.localhost", "a.b.localhost"}
	if l, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		l.Close()
		hosts = append(hosts, "[::1]")
	}
	for _, host := range hosts {
		for _, scheme := range []string{"http", "https"} {
			for n := range stage.PortsPerScheme {
				origin := s.Origin(scheme, host, n)
				t.Run(origin, func(t *testing.T) {
					addr := address(s, scheme, n)
					if host == "[::1]" {
						addr = strings.Replace(addr, "127.0.0.1", host, 1)
					}
					conn := dial(t, addr)
					if scheme == "https" {
						name := strings.Trim(host, "[]")
						conn = tls.Client(conn, &tls.Config{RootCAs: trusted, ServerName: name})
					}
					got := exchange(t, conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
					if !strings.HasSuffix(got, "\r\n\r\n"+scheme) {
						t.Errorf("got %q, want an answer over %s", got, scheme)
					}
				})
			}
		}
	}
}

func TestForeignName(t *testing.T) {
	s := start(t, func(context.Context, *stage.Request) stage.Response { return stage.Response{} })
	conn := tls.Client(dial(t, address(s, "https", 0)), &tls.Config{InsecureSkipVerify: true, ServerName: "bank.example"})
	if err := conn.Handshake(); err == nil {
		t.Error("got a certificate for a name that is not loopback, want none")
	}
}

// TestClose checks that Close waits for no client, and for every handler.
func TestClose(t *testing.T) {
	entered, left := make(chan struct{}), make(chan struct{})
	s, err := stage.Start(func(ctx context.Context, _ *stage.Request) stage.Response {
		close(entered)
		<-ctx.Done()
		close(left)
		return stage.Response{}
	})
	if err != nil {
		t.Fatal(err)
	}
	idle := dial(t, address(s, "http", 0))
	busy := dial(t, address(s, "http", 0))
	io.WriteString(busy, "GET / HTTP/1.1\r\n\r\n")
	<-entered
	s.Close()
	select {
	case <-left:
	default:
		t.Error("Close returned before the handler")
	}
	if _, err := idle.Read(make([]byte, 1)); err == nil {
		t.Error("the idle connection is still open")
	}
}
