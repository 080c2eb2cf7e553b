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

// connect serves one connection. It ends when either side does.
func (r *relay) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", r.server)
	if err != nil {
		return // and so the client sees what it would see without us: nobody there
	}
	defer server.Close()
	ctx, cancel := context.WithCancel(r.ctx)
	defer context.AfterFunc(ctx, func() { client.Close(); server.Close() })()
	asks, answers := newSide(client), newSide(server)
	asked := make(chan question)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		defer cancel()
		for r.passAnswer(ctx, answers, asks, asked) {
		}
	}()
	for r.passRequest(ctx, asks, answers, asked) {
	}
	cancel()
	<-answered
}

// A question is a request that waits for its answer.
type question struct {
	req  *http.Request
	seen int // its exchange
}

// passRequest reports whether more may follow.
func (r *relay) passRequest(ctx context.Context, asks, answers *side, asked chan<- question) bool {
	req, err := http.ReadRequest(asks.in)
	if err != nil || !drained(req.Body) {
		return false
	}
	r.mu.Lock()
	seen := len(r.seen)
	r.seen = append(r.seen, Exchange{Method: req.Method, Target: req.RequestURI, Host: req.Host, Header: req.Header})
	r.mu.Unlock()
	if asks.passTo(answers) != nil {
		return false
	}
	select {
	case asked <- question{req, seen}:
		return true
	case <-ctx.Done():
		return false
	}
}

// passAnswer reports whether more may follow. It looks out for the end of the server's side before there is a question:
// servers close connections that are idle, and the client has to know before it asks.
func (r *relay) passAnswer(ctx context.Context, answers, asks *side, asked <-chan question) bool {
	if _, err := answers.in.Peek(1); err != nil {
		return false
	}
	var q question
	select {
	case q = <-asked:
	case <-ctx.Done():
		return false
	}
	for {
		res, err := http.ReadResponse(answers.in, q.req)
		if err != nil || !drained(res.Body) {
			return false
		}
		r.mu.Lock()
		r.seen[q.seen].Status, r.seen[q.seen].Answer = res.StatusCode, res.Header
		r.mu.Unlock()
		if answers.passTo(asks) != nil {
			return false
		}
		if res.StatusCode >= 200 {
			return !q.req.Close && !res.Close
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
