package gateway_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

// garbageServer answers with what is no HTTP, and returns its URL.
func garbageServer(t *testing.T) string {
	return rawServer(t, func(conn net.Conn, _ *bufio.Reader) { io.WriteString(conn, "\x00\xff garbage\r\n\r\n") })
}

// rawServer answers each connection, once the header of a request has come, with a function, and closes it.
func rawServer(t *testing.T, answer func(net.Conn, *bufio.Reader)) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				from := bufio.NewReader(conn)
				if _, err := http.ReadRequest(from); err == nil {
					answer(conn, from)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// body is what a GET brings.
func (c *running) body(t testing.TB, path string) string {
	t.Helper()
	res, err := client(t, 1).Get("http://" + c.addr + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// raw sends bytes on a connection of its own and returns the connection.
func (c *running) raw(t testing.TB, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", c.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

func TestWebSocket(t *testing.T) {
	echo := rawServer(t, func(conn net.Conn, from *bufio.Reader) {
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nAccess-Control-Allow-Origin: *\r\n\r\n")
		io.Copy(conn, from)
	})
	for _, row := range []struct {
		name, mode, origin string
		off                bool
		want               int
	}{
		{"allowed", "check", "https://app.example", false, 101},
		{"refused", "check", "https://evil.example", false, 403},
		{"the default is to check", "", "null", false, 403},
		{"passed", "pass", "https://evil.example", false, 101},
		{"no page", "check", "", false, 101},
		{"its own page", "check", "own", false, 101},
		{"off", "check", "https://app.example", true, 403},
		{"off, its own page", "check", "own", true, 101},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := object{"handler": "cors", "enforce": true}
			if !row.off {
				h["policy"] = app()
			}
			if row.mode != "" {
				h["websocket"] = row.mode
			}
			c := start(t, h, proxy(echo))
			origin := row.origin
			if origin == "own" {
				origin = "http://" + c.addr
			}
			if origin != "" {
				origin = "Origin: " + origin + "\r\n"
			}
			conn, from := c.raw(t, "GET /ws HTTP/1.1\r\nHost: "+c.addr+"\r\n"+origin+"Connection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n")
			res, err := http.ReadResponse(from, nil)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != row.want {
				t.Fatalf("got %d, want %d", res.StatusCode, row.want)
			}
			if res.StatusCode != 101 {
				return
			}
			if got := strings.Contains(protocol(res.Header), "*"); got {
				t.Errorf("the upstream's header came through:\n%s", protocol(res.Header))
			}
			io.WriteString(conn, "hello")
			got := make([]byte, 5)
			if _, err := io.ReadFull(from, got); err != nil || string(got) != "hello" {
				t.Errorf("got %q, %v from the socket", got, err)
			}
		})
	}
}

// The first event comes while the upstream goes on.
func TestEventsAreNotHeldBack(t *testing.T) {
	more := make(chan bool)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: 1\n\n")
		w.(http.Flusher).Flush()
		select {
		case <-more:
		case <-r.Context().Done():
		}
		io.WriteString(w, "data: 2\n\n")
	}))
	defer upstream.Close()
	for kind, around := range kinds() {
		for _, version := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s, HTTP/%d", kind, version), func(t *testing.T) {
				c := start(t, around(app(), proxy(upstream.URL))...)
				r, _ := http.NewRequest("GET", "http://"+c.addr+"/", nil)
				r.Header.Set("Origin", "https://app.example")
				res, err := client(t, version).Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				first := make([]byte, 9)
				if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "data: 1\n\n" {
					t.Fatalf("got %q, %v", first, err)
				}
				more <- true
				if rest, err := io.ReadAll(res.Body); err != nil || string(rest) != "data: 2\n\n" {
					t.Errorf("got %q, %v", rest, err)
				}
				if got := protocol(res.Header); got != granted {
					t.Errorf("got\n%s\nwant\n%s", got, granted)
				}
			})
		}
	}
}

func TestTrailersAndEarlyHints(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Trailer", "Grpc-Status")
		io.WriteString(w, "body")
		w.Header().Set("Grpc-Status", "0")
	}))
	defer upstream.Close()
	for kind, around := range kinds() {
		for _, version := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s, HTTP/%d", kind, version), func(t *testing.T) {
				c := start(t, around(app(), proxy(upstream.URL))...)
				hints := 0
				trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
					hints++
					if code != 103 || h.Get("Link") == "" || h.Get("Access-Control-Allow-Origin") != "" {
						t.Errorf("got informational response %d %v", code, h)
					}
					return nil
				}}
				r, _ := http.NewRequest("GET", "http://"+c.addr+"/", nil)
				r.Header.Set("Origin", "https://app.example")
				res, err := client(t, version).Do(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				body, err := io.ReadAll(res.Body)
				if err != nil || string(body) != "body" || hints != 1 || res.Trailer.Get("Grpc-Status") != "0" {
					t.Errorf("got body %q, %v, %d hints, trailer %v", body, err, hints, res.Trailer)
				}
				if got := protocol(res.Header); got != granted {
					t.Errorf("got\n%s\nwant\n%s", got, granted)
				}
			})
		}
	}
}

func TestHTTP10(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "body") }))
	defer upstream.Close()
	for kind, around := range kinds() {
		t.Run(kind, func(t *testing.T) {
			c := start(t, around(app(), proxy(upstream.URL))...)
			_, from := c.raw(t, "GET / HTTP/1.0\r\nOrigin: https://app.example\r\n\r\n")
			res, err := http.ReadResponse(from, nil)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			if got := protocol(res.Header); err != nil || string(body) != "body" || got != granted {
				t.Errorf("got body %q, %v\n%s", body, err, got)
			}
		})
	}
}

// A response whose upstream is cut is cut, never ended as if it were whole.
func TestCutUpstream(t *testing.T) {
	cut := rawServer(t, func(conn net.Conn, _ *bufio.Reader) {
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
	})
	for kind, around := range kinds() {
		for _, version := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s, HTTP/%d", kind, version), func(t *testing.T) {
				c := start(t, around(app(), proxy(cut))...)
				r, _ := http.NewRequest("GET", "http://"+c.addr+"/", nil)
				r.Header.Set("Origin", "https://app.example")
				res, err := client(t, version).Do(r)
				if err != nil {
					return // cut before the header left
				}
				defer res.Body.Close()
				if got := protocol(res.Header); got != granted {
					t.Errorf("got\n%s\nwant\n%s", got, granted)
				}
				if _, err := io.ReadAll(res.Body); err == nil || errors.Is(err, io.EOF) {
					t.Errorf("the body ended with %v, want a cut", err)
				}
			})
		}
	}
}

func TestBodyTooLarge(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer upstream.Close()
	for kind, around := range kinds() {
		t.Run(kind, func(t *testing.T) {
			c := start(t, around(app(), object{"handler": "request_body", "max_size": 10}, proxy(upstream.URL))...)
			r, _ := http.NewRequest("POST", "http://"+c.addr+"/", strings.NewReader(strings.Repeat("x", 1000)))
			r.Header.Set("Origin", "https://app.example")
			res, err := client(t, 1).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if got := protocol(res.Header); res.StatusCode != 413 || got != granted {
				t.Errorf("got %d\n%s", res.StatusCode, got)
			}
		})
	}
}
