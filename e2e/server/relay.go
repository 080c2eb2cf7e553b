package server

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// An Exchange is a request that reached a server, and its answer. It is read-only.
type Exchange struct {
	Method, Target string
	Host           string
	Header         http.Header // of the request
	Status         int         // 0 while there is no answer, and where the server gave none
	Answer         http.Header
}

// A relay passes messages of HTTP/1.1 between clients and a server, unchanged and each as a whole, and writes down their
// heads. A client has no byte of an answer before the relay has written it down. An answer without an end never comes
// through, nor does a change of protocol.
type relay struct {
	port      string
	server    string // address
	listeners []net.Listener
	ctx       context.Context
	cancel    context.CancelFunc
	tasks     sync.WaitGroup

	mu   sync.Mutex
	seen []Exchange
}

// newRelay relays from listeners, all on one port, to the same port of a host.
func newRelay(listeners []net.Listener, host string) *relay {
	port := strconv.Itoa(listeners[0].Addr().(*net.TCPAddr).Port)
	ctx, cancel := context.WithCancel(context.Background())
	r := &relay{port: port, server: net.JoinHostPort(host, port), listeners: listeners, ctx: ctx, cancel: cancel}
	for _, l := range listeners {
		r.tasks.Go(func() {
			for {
				client, err := l.Accept()
				if err != nil {
					return // closed
				}
				r.tasks.Go(func() { r.connect(client) })
			}
		})
	}
	return r
}

// close cuts every connection. It does nothing the second time.
func (r *relay) close() {
	r.cancel()
	for _, l := range r.listeners {
		l.Close()
	}
	r.tasks.Wait()
}

func (r *relay) exchanges() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen)
}

func (r *relay) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", r.server)
	if err != nil {
		return // and so the client sees what it would see without us: nobody there
	}
	defer server.Close()
	defer context.AfterFunc(r.ctx, func() { client.Close(); server.Close() })()
	asks, answers := newSide(client), newSide(server)
	for r.pass(asks, answers) {
	}
}

// pass passes one request and its answer, and reports whether more may follow.
func (r *relay) pass(asks, answers *side) bool {
	req, err := http.ReadRequest(asks.in)
	if err != nil || !drained(req.Body) {
		return false
	}
	r.mu.Lock()
	i := len(r.seen)
	r.seen = append(r.seen, Exchange{Method: req.Method, Target: req.RequestURI, Host: req.Host, Header: req.Header})
	r.mu.Unlock()
	if asks.passTo(answers) != nil {
		return false
	}
	for {
		res, err := http.ReadResponse(answers.in, req)
		if err != nil || !drained(res.Body) {
			return false
		}
		r.mu.Lock()
		r.seen[i].Status, r.seen[i].Answer = res.StatusCode, res.Header
		r.mu.Unlock()
		if answers.passTo(asks) != nil {
			return false
		}
		if res.StatusCode >= 200 {
			return !req.Close && !res.Close
		}
	}
}

// A side is one of the two connections of a relay.
type side struct {
	conn net.Conn
	in   *bufio.Reader
	raw  bytes.Buffer // what was read and not passed on yet
}

func newSide(conn net.Conn) *side {
	s := &side{conn: conn}
	s.in = bufio.NewReader(io.TeeReader(conn, &s.raw))
	return s
}

func (s *side) passTo(other *side) error {
	_, err := s.raw.WriteTo(other.conn)
	return err
}

// drained reads a body to its end and reports whether that came.
func drained(body io.ReadCloser) bool {
	_, err := io.Copy(io.Discard, body)
	return err == nil
}
