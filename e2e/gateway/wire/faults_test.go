package wire_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A fault is something that goes wrong before or behind the gateway, and what a page and the operator get to know.
type fault struct {
	name     string
	upstream behaviour // nil for one that is down
	route    string    // more keys of the route
	method   string    // "" for GET
	ask      string    // the header of the request; "" for that of a page, noRequest for none
	send     func(net.Conn)

	status int           // 0 where the connection ends without an answer
	or     int           // another status that it may have as well, by which of two notices first; 0 for none
	cut    bool          // the body ends before its end
	bare   bool          // the answer is made before there is a route, so it has no CORS headers
	body   string        // a part of it
	log    []string      // parts of what is logged beside the upstream's address; nil where nothing has to be
	within time.Duration // patience where it is longer
}

const noRequest = "none"

// The limits of the gateway in these tests.
const (
	responseLimit = 700 * time.Millisecond
	clientLimit   = 1500 * time.Millisecond
)

// faults are those of upstreams.
func faults() []fault {
	const (
		bad  = "502 Bad Gateway: the server behind the gateway did not give an answer that can be used"
		late = "504 Gateway Timeout: the server behind the gateway did not answer in time"
	)
	return []fault{
		{name: "nothing wrong", upstream: says(ok, hello), status: 200, body: "hello"},
		{name: "down", status: 502, body: bad, log: []string{"connection refused"}},
		{name: "no answer", upstream: hangs(""), status: 504, body: late, log: []string{"timeout awaiting response headers"}},
		{name: "half a header and no more", upstream: hangs(ok + "X-A: "), status: 504, body: late, log: []string{"timeout awaiting response headers"}},
		{name: "a header that never ends, slowly", upstream: drips(ok, "X-A: 1\r\n", 20*time.Millisecond), status: 504, body: late,
			log: []string{"timeout awaiting response headers"}},
		{name: "informational responses for ever", upstream: drips("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", time.Millisecond),
			status: 504, body: late, log: []string{"timeout awaiting response headers"}},
		{name: "cut before the header", upstream: says(), status: 502, body: bad, log: []string{"EOF"}},
		{name: "cut in the header", upstream: says(ok, "X-A: "), status: 502, body: bad, log: []string{"unexpected EOF"}},
		{name: "cut in the body", upstream: says(ok, "Content-Length: 100\r\n\r\nhello"), status: 200, cut: true, body: "hello",
			log: []string{"unexpected EOF"}},
		{name: "cut in a chunk", upstream: says(ok, "Transfer-Encoding: chunked\r\n\r\n64\r\nhello"), status: 200, cut: true, body: "hello",
			log: []string{"unexpected EOF"}},
		{name: "a chunk that is none", upstream: says(ok, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n"), status: 200, cut: true,
			body: "hello", log: []string{"invalid byte in chunk length"}},
		{name: "garbage", upstream: says("\x00\xff\x16\x03garbage\r\n\r\n"), status: 502, body: bad, log: []string{"malformed HTTP response"}},
		{name: "another protocol", upstream: says("SSH-2.0-OpenSSH_9.9\r\n"), status: 502, body: bad, log: []string{"malformed HTTP response"}},
		{name: "a status that is none", upstream: says("HTTP/1.1 abc OK\r\n", empty), status: 502, body: bad, log: []string{"malformed HTTP status code"}},
		{name: "a length that is none", upstream: says(ok, "Content-Length: -5\r\n\r\n"), status: 502, body: bad, log: []string{"bad Content-Length"}},
		{name: "two lengths", upstream: says(ok, "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), status: 502, body: bad,
			log: []string{"Content-Length"}},
		{name: "a header line without a name", upstream: says(ok, ": x\r\n", empty), status: 502, body: bad, log: []string{"malformed MIME header"}},
		{name: "a CORS header, twice", upstream: says(ok, "Access-Control-Allow-Origin: *\r\naccess-control-allow-origin: https://evil.example\r\n", hello),
			status: 200, body: "hello", log: []string{"CORS headers from behind", "Access-Control-Allow-Origin: *", "https://evil.example"}},
		{name: "every CORS header", upstream: says(ok, "Access-Control-Allow-Origin: https://evil.example\r\nAccess-Control-Allow-Credentials: true\r\n"+
			"Access-Control-Allow-Methods: *\r\nAccess-Control-Allow-Headers: *\r\nAccess-Control-Expose-Headers: *\r\nAccess-Control-Max-Age: 9\r\n", hello),
			status: 200, body: "hello", log: []string{"CORS headers from behind", "Access-Control-Expose-Headers: *"}},
		{name: "10,000 CORS headers", upstream: says(ok, lines(10_000, "Access-Control-Allow-Origin: https://a%d.example"), hello),
			status: 200, body: "hello", log: []string{"CORS headers from behind", "and more"}},
		{name: "a CORS header of half a megabyte", upstream: says(ok, "Access-Control-Allow-Origin: "+strings.Repeat("a", 500_000)+"\r\n", hello),
			status: 200, body: "hello", log: []string{"CORS headers from behind", "aaa..."}},
		{name: "control bytes in a CORS header", upstream: says(ok, "Access-Control-Allow-Origin: \x1b[2Jhttps://evil.example\x01\x7f\r\n", hello),
			status: 502, body: bad, log: []string{"malformed MIME header"}},
		{name: "a CORS header that is not UTF-8", upstream: says(ok, "Access-Control-Allow-Origin: https://\xff\xfe.example\r\n", hello),
			status: 200, body: "hello", log: []string{"CORS headers from behind"}},
		{name: "a secret in a CORS header", upstream: says(ok, "Access-Control-Allow-Origin: https://user:hunter2@evil.example\r\n", hello),
			status: 200, body: "hello", log: []string{"CORS headers from behind"}},
		{name: "CORS headers in a trailer", upstream: says(ok, "Trailer: Access-Control-Allow-Origin\r\nTransfer-Encoding: chunked\r\n\r\n"+
			"5\r\nhello\r\n0\r\nAccess-Control-Allow-Origin: *\r\n\r\n"), status: 200, body: "hello"},
		{name: "an error, with CORS headers", upstream: says("HTTP/1.1 500 Oops\r\nAccess-Control-Allow-Origin: *\r\n", hello), status: 500, body: "hello",
			log: []string{"CORS headers from behind"}},
		{name: "10 MB of headers", upstream: says(ok, lines(10_000, "X-%d: "+strings.Repeat("x", 1000)), empty), status: 502, body: bad,
			log: []string{"exceeded"}},
		{name: "one header of 10 MB", upstream: says(ok, "X-A: ", strings.Repeat("x", 10<<20), "\r\n", empty), status: 502, body: bad,
			log: []string{"exceeded"}},
	}
}

// clientFaults are those of clients.
func clientFaults() []fault {
	const page = "Host: gateway.example\r\nOrigin: https://app.example\r\n"
	return []fault{
		{name: "a header that comes slowly", upstream: says(ok, hello), within: clientLimit + 4*time.Second, send: func(conn net.Conn) {
			for {
				if _, err := io.WriteString(conn, "X-A: 1\r\n"); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		}},
		{name: "no request", upstream: says(ok, hello), ask: noRequest, within: clientLimit + 4*time.Second},
		// Caddy takes a client that is too slow for one that has gone (499), or the upstream for the one that is (504).
		{name: "a body that comes slowly", upstream: hangs(""), method: "POST", ask: page + "Content-Length: 1000\r\n", within: clientLimit + 4*time.Second,
			send: func(conn net.Conn) {
				io.WriteString(conn, "\r\n")
				for {
					if _, err := io.WriteString(conn, "x"); err != nil {
						return
					}
					time.Sleep(50 * time.Millisecond)
				}
			}, status: 499, or: 504},
		{name: "an answer that takes longer than a body may", upstream: after(clientLimit+500*time.Millisecond, ok+hello), status: 200, body: "hello"},
		{name: "a header of a megabyte", upstream: says(ok, hello), ask: page + "X-A: " + strings.Repeat("x", 1<<20) + "\r\n", status: 431, bare: true},
		{name: "10,000 headers", upstream: says(ok, hello), ask: page + lines(10_000, "X-%d: 1"), status: 431, bare: true},
		{name: "a body that is too large, and says so", upstream: says(ok, hello), method: "POST", route: "max_body: 1kB", ask: page + "Content-Length: 1000000000\r\n",
			status: 413, body: "413 Request Entity Too Large: the body of the request is too large"},
		{name: "a body that is too large, in chunks", upstream: hangs(""), method: "POST", route: "max_body: 1kB", ask: page + "Transfer-Encoding: chunked\r\n",
			send: func(conn net.Conn) {
				io.WriteString(conn, "\r\n")
				for range 1000 {
					if _, err := fmt.Fprintf(conn, "400\r\n%s\r\n", strings.Repeat("x", 0x400)); err != nil {
						return
					}
				}
			}, status: 413, body: "the body of the request is too large"},
		{name: "two hosts", upstream: says(ok, hello), ask: page + "Host: other.example\r\n", status: 400, bare: true},
		{name: "two lengths", upstream: says(ok, hello), method: "POST", ask: page + "Content-Length: 1\r\nContent-Length: 2\r\n", status: 400, bare: true},
		{name: "a length and chunks", upstream: says(ok, hello), method: "POST", ask: page + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
			send: func(conn net.Conn) { io.WriteString(conn, "\r\n0\r\n\r\n") }, status: 200, body: "hello"},
		{name: "a method that is none", upstream: says(ok, hello), method: "G\x01T", ask: page, status: 400, bare: true},
		{name: "10,000 methods to ask for", upstream: says(ok, hello), method: "OPTIONS",
			ask: page + "Access-Control-Request-Method: " + strings.Repeat("PUT,", 5000) + "\r\n", status: 403, bare: true},
	}
}

// TestFaults makes every fault happen, alone.
func TestFaults(t *testing.T) {
	rows := append(faults(), clientFaults()...)
	g, addrs := serve(t, rows, clientLimit)
	before := g.open(t)
	for i := range rows {
		f := &rows[i]
		t.Run(f.name, func(t *testing.T) {
			from, began := g.log.size(), time.Now()
			a, err := meet(g.addr, f, fmt.Sprintf("/%d/", i))
			if most := max(f.within, patience); time.Since(began) > most {
				t.Errorf("took %v, want %v at most", time.Since(began), most)
			}
			check(t, f, a, err)
			if f.log == nil {
				return
			}
			for _, part := range append([]string{addrs[i]}, f.log...) {
				waitFor(t, fmt.Sprintf("%q in the log %s", part, g.log.since(from)), func() bool { return strings.Contains(g.log.since(from), part) })
			}
			if text := g.log.since(from); len(text) > 8<<10 || strings.ContainsAny(text, "\x00\x01\x1b\x7f") || strings.Contains(text, "hunter2") {
				t.Errorf("got a log of %d bytes, want less, without control bytes and without secrets: %q", len(text), text[:min(len(text), 2000)])
			}
		})
	}
	if text := g.log.String(); strings.Contains(text, "panic") {
		t.Errorf("got a panic: %s", text)
	}
	waitFor(t, "that all connections are closed", func() bool { return g.open(t) <= before+2 })
}

// check holds what came of a fault to what should.
func check(t *testing.T, f *fault, a *answer, err error) {
	t.Helper()
	if f.status == 0 {
		if a != nil && a.status/100 != 4 {
			t.Errorf("got %+v, want no answer, or that the request is bad", a)
		}
		return
	}
	if a == nil {
		t.Fatalf("got %v, want %d", err, f.status)
	}
	if err != nil != f.cut && !f.bare { // what made no route possible may be unread yet, so the connection is reset

		t.Errorf("got %v of the body, want cut: %t", err, f.cut)
	}
	if a.status != f.status && (f.or == 0 || a.status != f.or) || !strings.Contains(a.body, f.body) {
		t.Errorf("got %d and %q, want %d and %q", a.status, a.body[:min(len(a.body), 500)], f.status, f.body)
	}
	origin, credentials := "https://app.example", "true"
	if f.bare {
		origin, credentials = "[]", "[]"
	}
	if got := a.one("Access-Control-Allow-Origin"); got != origin {
		t.Errorf("got Access-Control-Allow-Origin %.500s, want %s", got, origin)
	}
	if got := a.one("Access-Control-Allow-Credentials"); got != credentials {
		t.Errorf("got Access-Control-Allow-Credentials %.500s, want %s", got, credentials)
	}
	if got := a.header.Values("Access-Control-Expose-Headers"); len(got) > 0 {
		t.Errorf("got Access-Control-Expose-Headers %.500q, want none", got)
	}
}

// serve starts a gateway with a route and an upstream for each fault, and a limit for clients.
func serve(t *testing.T, rows []fault, clients time.Duration) (g *gateway, addrs []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "concors.yaml")
	text := fmt.Sprintf("version: 1\npolicies:\n  app: {origins: [https://app.example], credentials: true}\n"+
		"gateway:\n  limits: {read_header: %[1]v, read_body: %[1]v, header_bytes: 32KiB}\nroutes:\n", clients)
	for i := range rows {
		addr := misbehave(t, rows[i].upstream)
		addrs = append(addrs, addr)
		limit, more := longest, rows[i].route
		if rows[i].status == 504 {
			limit = responseLimit
		}
		text += fmt.Sprintf("  - {path: /%d/, policy: app, upstream: {to: \"http://%s\", response: %v}, %s}\n", i, addr, limit, more)
	}
	write(t, file, strings.ReplaceAll(text, ", }", "}"))
	return start(t, file), addrs
}

// meet makes the request of a fault and returns what comes back: an answer that may be cut, or none.
func meet(addr string, f *fault, path string) (*answer, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(longest)); err != nil {
		return nil, err
	}
	method, ask := f.method, f.ask
	if method == "" {
		method = "GET"
	}
	if ask == "" {
		ask = "Host: gateway.example\r\nOrigin: https://app.example\r\n"
	}
	if ask != noRequest {
		if f.send == nil {
			ask += "\r\n"
		}
		// What is written when the gateway has answered already is lost, and the answer counts.
		io.WriteString(conn, method+" "+path+" HTTP/1.1\r\n"+ask)
	}
	if f.send != nil {
		var sent sync.WaitGroup
		sent.Go(func() { f.send(conn) })
		defer sent.Wait()
		defer conn.Close()
	}
	in := bufio.NewReader(conn)
	for {
		res, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			return nil, err
		}
		if res.StatusCode >= 200 {
			return read(res)
		}
	}
}

// TestFlood makes the faults that cost memory happen many times at once. A gateway that kept what it is sent would need
// gigabytes.
func TestFlood(t *testing.T) {
	const at, most = 50, 400 << 20
	rows := faults()
	g, _ := serve(t, rows, longest)
	failures := map[string]int{}
	var mu sync.Mutex
	for i := range rows {
		f := &rows[i]
		switch f.name {
		case "10 MB of headers", "one header of 10 MB", "10,000 CORS headers", "a CORS header of half a megabyte", "informational responses for ever":
		default:
			continue
		}
		var all sync.WaitGroup
		for range at {
			all.Go(func() {
				a, err := meet(g.addr, f, fmt.Sprintf("/%d/", i))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case a == nil:
					failures[f.name+": "+kind(err)]++
				case a.status != f.status:
					failures[fmt.Sprintf("%s: %d", f.name, a.status)]++
				}
			})
		}
		all.Wait()
	}
	for what, n := range failures {
		t.Errorf("%d times %s", n, what)
	}
	peak := g.peak(t)
	t.Logf("%d MiB of memory at most", peak>>20)
	if peak > most {
		t.Errorf("got %d MiB of memory, want %d at most", peak>>20, most>>20)
	}
}
