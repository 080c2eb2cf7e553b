package server

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/e2e/stage"
)

// relayTo puts a relay in front of a server that answers each request with the next of the answers, byte for byte, and
// closes the connection when there is none left.
func relayTo(t *testing.T, answers ...string) *relay {
	t.Helper()
	listeners, err := stage.ListenLoopback(0)
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(listeners[0].Addr().(*net.TCPAddr).Port)
	behind, err := net.Listen("tcp", net.JoinHostPort(serverHost, port))
	if err != nil {
		for _, l := range listeners {
			l.Close()
		}
		t.Skip(err) // no such loopback address
	}
	t.Cleanup(func() { behind.Close() })
	go func() {
		conn, err := behind.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		for _, answer := range answers {
			req, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			io.Copy(io.Discard, req.Body)
			io.WriteString(conn, answer)
		}
	}()
	r := newRelay(listeners, serverHost)
	t.Cleanup(r.close)
	return r
}

func dial(t *testing.T, r *relay) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", r.port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	return conn
}

func TestRelay(t *testing.T) {
	const (
		get   = "GET /a HTTP/1.1\r\nhost: api\r\norigin:  http://a\r\n\r\n"
		put   = "PUT /b HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
		two   = "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\nAccess-Control-Allow-Origin:  *\r\nContent-Length: 2\r\n\r\nok"
		none  = "HTTP/1.1 204 No Content\r\n\r\n"
		early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
		last  = "HTTP/1.1 404 Not Found\r\n\r\nto the end"
	)
	r := relayTo(t, two, none, early+two, last)
	client := dial(t, r)
	for _, step := range []struct{ ask, want string }{{get, two}, {put, none}, {get + get, early + two + last}} {
		if _, err := io.WriteString(client, step.ask); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(step.want))
		if _, err := io.ReadFull(client, got); err != nil || string(got) != step.want {
			t.Fatalf("got %q, %v; want %q", got, err, step.want)
		}
	}
	if n, err := client.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("got %d bytes more, %v; want the end", n, err)
	}
	var got []string
	for _, e := range r.exchanges() {
		got = append(got, strings.Join([]string{
			e.Method, e.Target, e.Host, e.Header.Get("Origin"), strconv.Itoa(e.Status), strconv.Itoa(len(e.Answer["Access-Control-Allow-Origin"])),
		}, " "))
	}
	want := "GET /a api http://a 200 2\nPUT /b api  204 0\nGET /a api http://a 200 2\nGET /a api http://a 404 0"
	if strings.Join(got, "\n") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRelayNoAnswer(t *testing.T) {
	r := relayTo(t)
	client := dial(t, r)
	if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: api\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if n, err := client.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Errorf("got %d bytes, %v; want a connection that is cut", n, err)
	}
	if seen := r.exchanges(); len(seen) > 0 && seen[0].Status != 0 {
		t.Errorf("got %+v, want no answer", seen)
	}
}

// TestRelayIdle checks that a client that asks nothing more learns that the server has gone.
func TestRelayIdle(t *testing.T) {
	r := relayTo(t, "HTTP/1.1 204 No Content\r\n\r\n")
	client := dial(t, r)
	if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: api\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(client); err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 204 ") {
		t.Errorf("got %q, %v; want an answer and the end", got, err)
	}
}

// TestRelayClose checks that a client that waits does not keep the relay open.
func TestRelayClose(t *testing.T) {
	r := relayTo(t, "")
	client := dial(t, r)
	if _, err := io.WriteString(client, "GET / HTTP/1.1\r\n"); err != nil {
		t.Fatal(err)
	}
	r.close()
	if _, err := client.Read(make([]byte, 1)); err == nil {
		t.Error("got no error, want a connection that is cut")
	}
}
