package devproxy_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// dial connects to the proxy, for as long as a test may take.
func (g *rig) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+g.port())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	return conn
}

// Events come as they are sent, while the response goes on.
func TestEvents(t *testing.T) {
	next := make(chan struct{})
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 3 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			w.(http.Flusher).Flush()
			<-next
		}
	})
	g := start(t, a)
	conn := g.dial(t)
	fmt.Fprintf(conn, "GET /events HTTP/1.1\r\nHost: localhost:%s\r\nOrigin: %s\r\n\r\n", g.port(), page)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if x := g.last(t); x.Status != 200 {
		t.Errorf("got %+v, want a report when the response begins", x)
	}
	events := bufio.NewReader(res.Body)
	for i := range 3 {
		line, err := events.ReadString('\n')
		if want := fmt.Sprintf("data: %d\n", i); err != nil || line != want {
			t.Fatalf("got %q, error %v, want %q", line, err, want)
		}
		events.ReadString('\n')
		next <- struct{}{}
	}
}

// An upload reaches the API while the page still writes, and trailers come back.
func TestUpload(t *testing.T) {
	heard := make(chan string)
	a := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		body := bufio.NewReader(r.Body)
		line, _ := body.ReadString('\n')
		heard <- line
		rest, _ := io.ReadAll(body)
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "done")
		w.Header().Set("X-Sum", fmt.Sprint(len(rest)))
	})
	g := start(t, a)
	conn := g.dial(t)
	fmt.Fprintf(conn, "POST /upload HTTP/1.1\r\nHost: localhost:%s\r\nOrigin: %s\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n", g.port(), page)
	if got := <-heard; got != "first\n" {
		t.Errorf("got %q, want what was written so far", got)
	}
	io.WriteString(conn, "4\r\nrest\r\n0\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || string(body) != "done" || res.Trailer.Get("X-Sum") != "4" {
		t.Errorf("got %q, trailers %v, error %v", body, res.Trailer, err)
	}
}

// A WebSocket opens as from a page of the API itself, and carries bytes both ways.
func TestWebSocket(t *testing.T) {
	a := newAPI(t, nil)
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != a.URL || r.Header.Get("Upgrade") != "websocket" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		line, _ := buffered.ReadString('\n')
		io.WriteString(conn, strings.ToUpper(line))
	})
	g := start(t, a)
	conn := g.dial(t)
	fmt.Fprintf(conn, "GET /socket HTTP/1.1\r\nHost: localhost:%s\r\nOrigin: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", g.port(), page)
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != 101 {
		t.Fatalf("got %v, error %v", res, err)
	}
	io.WriteString(conn, "hello\n")
	if line, err := r.ReadString('\n'); line != "HELLO\n" {
		t.Errorf("got %q, error %v", line, err)
	}
	if x := g.last(t); x.Status != 101 || x.Explanation != nil {
		t.Errorf("got %+v, want no verdict: CORS has no part in it", x)
	}
}

// What the API says ahead of its answer does not cost the page its permission.
func TestEarlyHints(t *testing.T) {
	a := newAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusOK)
	})
	g := start(t, a)
	if res, _ := g.ask(t, "GET", "/", ""); res.StatusCode != 200 || res.Header.Get("Access-Control-Allow-Origin") != page {
		t.Errorf("got %d %v", res.StatusCode, res.Header)
	}
}

// A page that goes away takes its request to the API along.
func TestGoneAway(t *testing.T) {
	asked, gone := make(chan struct{}), make(chan struct{})
	a := newAPI(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
		close(gone)
	})
	g := start(t, a)
	conn := g.dial(t)
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost:%s\r\nOrigin: %s\r\nContent-Length: 0\r\n\r\n", g.port(), page)
	<-asked
	conn.Close()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the API still works for nobody")
	}
	for range 100 {
		if all := g.exchanges(); len(all) == 1 {
			if all[0].Status != 0 || len(all[0].Notes) != 1 || all[0].Refused() {
				t.Errorf("got %+v", all[0])
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("nothing was reported")
}
