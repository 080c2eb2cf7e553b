package wire_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A behaviour is what an upstream does with a connection on which the header of a request has come.
type behaviour func(io.ReadWriter)

// misbehave listens as an upstream and returns its address. Each connection is for one request.
func misbehave(t *testing.T, does behaviour) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if does == nil {
		l.Close()
		return l.Addr().String()
	}
	go func() {
		for {
			conn, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				go func() {
					defer conn.Close()
					conn.SetDeadline(time.Now().Add(longest))
					if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
						does(conn)
					}
				}()
			}
		}
	}()
	return l.Addr().String()
}

// says sends text and closes.
func says(parts ...string) behaviour {
	return func(conn io.ReadWriter) { io.WriteString(conn, strings.Join(parts, "")) }
}

// hangs sends text and then nothing, until the gateway gives up.
func hangs(text string) behaviour {
	return func(conn io.ReadWriter) {
		io.WriteString(conn, text)
		io.Copy(io.Discard, conn)
	}
}

// drips sends a text again and again, slowly, after another.
func drips(before, again string, every time.Duration) behaviour {
	return func(conn io.ReadWriter) {
		io.WriteString(conn, before)
		for {
			if _, err := io.WriteString(conn, again); err != nil {
				return
			}
			time.Sleep(every)
		}
	}
}

// after waits before it sends.
func after(wait time.Duration, text string) behaviour {
	return func(conn io.ReadWriter) {
		time.Sleep(wait)
		io.WriteString(conn, text)
	}
}

// Parts of responses.
const (
	ok    = "HTTP/1.1 200 OK\r\n"
	empty = "Content-Length: 0\r\n\r\n"
	hello = "Content-Length: 5\r\nConnection: close\r\n\r\nhello"
)

// lines are so many headers.
func lines(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line+"\r\n", i)
	}
	return b.String()
}
