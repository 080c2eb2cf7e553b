package live_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

// ask sends one GET to a server of bare sockets that answers with what write writes, once it has read the request.
func ask(t *testing.T, c live.Config, write func(net.Conn)) (*live.Network, fetch.Response, error) {
	t.Helper()
	address := speak(t, func(conn net.Conn) {
		readHead(conn)
		write(conn)
	})
	n := open(t, c)
	res, err := do(n, "http://"+address+"/path?token=secret")
	return n, res, err
}

func TestAnswers(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
	long := strings.Repeat("x", 200<<10)
	for _, test := range []struct {
		name    string
		answer  string
		want    string // status and header lines
		failure fetch.NetworkError
		problem string // of a failure
		err     string
	}{
		{"lines of a name keep their order", ok + "Vary: b\r\nA: 1\r\nVary: a\r\n\r\n", "200 [A: 1] [Content-Length: 0] [Vary: b] [Vary: a]", "", "", ""},
		{"bytes", ok + "X:  \xff\xe9 \r\n\r\n", "200 [Content-Length: 0] [X: \xff\xe9]", "", "", ""},
		{"informational responses", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + ok + "\r\n", "200 [Content-Length: 0]", "", "", ""},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: B, A\r\n\r\n0\r\n\r\n", "200 [Trailer: A, B] [Transfer-Encoding: chunked]", "", "", ""},
		{"no reason phrase", "HTTP/1.1 299\r\n\r\n", "299", "", "", ""},
		{"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nbody", "200", "", "", ""},
		{"a header that is long", ok + "X: " + long + "\r\n\r\n", "200 [Content-Length: 0] [X: " + long + "]", "", "", ""},
		{"nothing", "", "", fetch.ErrorReset, "closed the connection without an answer", ""},
		{"half a header", "HTTP/1.1 200 OK\r\nA: ", "", fetch.ErrorReset, "closed the connection without an answer", ""},
		{"another protocol", "SSH-2.0-x\r\n", "", "", "", "malformed HTTP"},
		{"a line that is no header", ok + "no colon\r\n\r\n", "", "", "", "malformed MIME header"},
		{"a control byte in a value", ok + "Set-Cookie: sid=hidden\x01\r\n\r\n", "", "", "", `"Set-Cookie: ..."`},
		{"a header that is too long", ok + "X: " + long + long + "\r\n\r\n", "", "", "", "header of the response is longer than 262144 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n, res, err := ask(t, live.Config{}, func(conn net.Conn) { io.WriteString(conn, test.answer) })
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || strings.ContainsAny(err.Error(), "\r\n") || len(n.Exchanges()) != 0 {
					t.Errorf("got %+v, error %v, want one with %q", res, err, test.err)
				}
				if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), "GET http://127.0.0.1:")) {
					t.Errorf("got error %v, want one that names the URL and no secret", err)
				}
				return
			}
			if err != nil || res.Error != test.failure {
				t.Fatalf("got %+v, error %v, want %q", res, err, test.failure)
			}
			if problem := n.Exchanges()[0].Problem; !strings.Contains(problem, test.problem) || (problem == "") != (test.problem == "") {
				t.Errorf("got problem %q, want %q", problem, test.problem)
			}
			if got := shape(res); test.failure == "" && got != test.want {
				t.Errorf("got %.300q, want %.300q", got, test.want)
			}
		})
	}
}

func shape(res fetch.Response) string {
	s := fmt.Sprint(res.Status)
	for _, field := range res.Header {
		s += " [" + field.Name + ": " + field.Value + "]"
	}
	return s
}

// endless writes a text until the connection is gone.
func endless(text string) func(net.Conn) {
	return func(conn net.Conn) {
		for {
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
		}
	}
}

func TestEndless(t *testing.T) {
	line := "X: " + strings.Repeat("x", 1000) + "\r\n"
	for _, test := range []struct {
		name  string
		write func(net.Conn)
		err   string // empty for an answer
	}{
		{"body", func(conn net.Conn) {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
			endless(line)(conn)
		}, ""},
		{"body of a gigabyte", func(conn net.Conn) {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
			endless(line)(conn)
		}, ""},
		{"body that never comes", func(conn net.Conn) {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
			conn.Read(make([]byte, 1))
		}, ""},
		{"header lines", func(conn net.Conn) {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			endless(line)(conn)
		}, "longer than 262144 bytes"},
		{"one header line", func(conn net.Conn) {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nX: ")
			endless(strings.Repeat("x", 1000))(conn)
		}, "longer than 262144 bytes"},
		{"status line", endless("HTTP/1.1 "), "longer than 262144 bytes"},
		{"informational responses", endless("HTTP/1.1 103 Early Hints\r\n" + line + "\r\n"), "longer than 262144 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			within(t, 5*time.Second, func() {
				n, res, err := ask(t, live.Config{}, test.write)
				if test.err == "" && (err != nil || res.Status != 200 || len(n.Exchanges()) != 1) || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
					t.Errorf("got %v %v, error %v, want %q", res.Status, res.Error, err, test.err)
				}
			})
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
				t.Errorf("%d bytes were allocated, want at most 32 MiB", used)
			}
		})
	}
}

// TestDuration has a server whose body is waited for in vain: that is not part of how long the answer took.
func TestDuration(t *testing.T) {
	start := time.Now()
	n, res, err := ask(t, live.Config{}, func(conn net.Conn) {
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
		conn.Read(make([]byte, 1))
	})
	took := time.Since(start)
	if err != nil || res.Status != 200 || n.Exchanges()[0].Duration <= 0 || took-n.Exchanges()[0].Duration < 100*time.Millisecond {
		t.Errorf("got %+v %+v, error %v, in %s; want a duration without the body", res, n.Exchanges(), err, took)
	}
}

func TestMaxTime(t *testing.T) {
	silent := func(conn net.Conn) { conn.Read(make([]byte, 1)) }
	slow := func(conn net.Conn) {
		for _, c := range "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1000) {
			if _, err := conn.Write([]byte{byte(c)}); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	for name, write := range map[string]func(net.Conn){"silent": silent, "slow header": slow} {
		t.Run(name, func(t *testing.T) {
			within(t, 3*time.Second, func() {
				n, res, err := ask(t, live.Config{MaxTime: 300 * time.Millisecond}, write)
				if err != nil || res.Error != fetch.ErrorTimeout || !strings.Contains(n.Exchanges()[0].Problem, "gave no answer within 300ms") {
					t.Errorf("got %+v %+v, error %v, want %s", res, n.Exchanges(), err, fetch.ErrorTimeout)
				}
			})
		})
	}
	t.Run("over the whole fetch", func(t *testing.T) {
		server := serve(t, nil)
		n := open(t, live.Config{MaxTime: time.Second})
		if res, err := do(n, server.URL); err != nil || res.Status != 200 {
			t.Fatalf("got %+v, error %v, want an answer", res, err)
		}
		time.Sleep(1100 * time.Millisecond)
		res, err := n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "GET", URL: server.URL, Hop: 1})
		if err != nil || res.Error != fetch.ErrorTimeout || len(server.lines()) != 1 {
			t.Errorf("got %+v, error %v, %d requests; want %s and one", res, err, len(server.lines()), fetch.ErrorTimeout)
		}
	})
}

func TestConnectTimeout(t *testing.T) {
	// It accepts, and never says a word of TLS.
	address := speak(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	n := open(t, live.Config{ConnectTimeout: 200 * time.Millisecond})
	within(t, 3*time.Second, func() {
		res, err := do(n, "https://"+address)
		if err != nil || res.Error != fetch.ErrorTimeout || !strings.Contains(n.Exchanges()[0].Problem, "within 200ms") {
			t.Errorf("got %+v %+v, error %v, want %s", res, n.Exchanges(), err, fetch.ErrorTimeout)
		}
	})
}

func TestCancelled(t *testing.T) {
	address := speak(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	for _, test := range []struct {
		name string
		end  func(cancel context.CancelFunc, n *live.Network)
		url  string
	}{
		{"context, while an answer is waited for", func(cancel context.CancelFunc, _ *live.Network) { cancel() }, "http://" + address},
		{"context, while TLS begins", func(cancel context.CancelFunc, _ *live.Network) { cancel() }, "https://" + address},
		{"Close", func(_ context.CancelFunc, n *live.Network) { n.Close() }, "http://" + address},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			n, err := live.New(ctx, live.Config{Page: page(t, "http://app.localhost"), Request: &fetch.Request{}})
			if err != nil {
				t.Fatal(err)
			}
			defer n.Close()
			time.AfterFunc(50*time.Millisecond, func() { test.end(cancel, n) })
			within(t, 2*time.Second, func() {
				if _, err := do(n, test.url); !errors.Is(err, context.Canceled) || len(n.Exchanges()) != 0 {
					t.Errorf("got error %v, want %v", err, context.Canceled)
				}
			})
			if _, err := do(n, test.url); !errors.Is(err, context.Canceled) {
				t.Errorf("afterwards: got error %v, want %v", err, context.Canceled)
			}
		})
	}
}

func TestNoConnection(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, test := range []struct {
		name, url string
		want      fetch.NetworkError
		problem   string
	}{
		{"refused", "http://127.0.0.1:" + port, fetch.ErrorRefused, "no connection to 127.0.0.1:" + port + ": 127.0.0.1:" + port + ": connection refused"},
		{"refused by both families", "https://api.localhost:" + port, fetch.ErrorRefused, "[::1]:" + port},
		{"a name that leads nowhere", "http://concors.invalid/", fetch.ErrorDNS, "concors.invalid"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := open(t, live.Config{})
			res, err := do(n, test.url)
			if err != nil || res.Error != test.want || !strings.Contains(n.Exchanges()[0].Problem, test.problem) || n.Exchanges()[0].Remote != "" {
				t.Errorf("got %+v %+v, error %v, want %s and %q", res, n.Exchanges(), err, test.want, test.problem)
			}
		})
	}
}

// TestModelSeesFailures runs the whole fetch: a failure of the network is an outcome, not an error.
func TestModelSeesFailures(t *testing.T) {
	address := speak(t, func(conn net.Conn) { readHead(conn) })
	trace, exchanges := run(t, fetch.Chromium(), live.Config{Request: &fetch.Request{URL: "http://" + address}})
	if trace.Outcome != fetch.Blocked || trace.Failure.ID != fetch.NetworkFailure || len(exchanges) != 1 || exchanges[0].Duration <= 0 {
		t.Errorf("got %s %+v %+v, want %s for %s", trace.Outcome, trace.Failure, exchanges, fetch.Blocked, fetch.NetworkFailure)
	}
}
