package wire_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// longest is how long a client waits for an answer.
const longest = 30 * time.Second

// A client is one connection. It sends each request once, whatever comes of it.
type client interface {
	ask(ctx context.Context, r *request) (*answer, error)
	close()
}

// A request is what a page sends to the gateway; header has pairs of name and value.
type request struct {
	method, path string
	header       [][2]string
}

// An answer is what came back, its body whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// one returns the only value of a header; it shows several and none as they are.
func (a *answer) one(name string) string {
	if list := a.header.Values(name); len(list) != 1 {
		return fmt.Sprint(list)
	}
	return a.header.Get(name)
}

func read(res *http.Response) (*answer, error) {
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return &answer{res.StatusCode, res.Header, string(body)}, err
}

// plain is a connection of HTTP/1.1 that is written to as bytes.
type plain struct {
	conn net.Conn
	in   *bufio.Reader
}

// dialPlain connects, with TLS if there is a config.
func dialPlain(addr string, config *tls.Config) (client, error) {
	conn, err := net.DialTimeout("tcp", addr, longest)
	if err != nil {
		return nil, err
	}
	if config != nil {
		config = config.Clone()
		config.NextProtos = []string{"http/1.1"}
		conn = tls.Client(conn, config)
	}
	return &plain{conn, bufio.NewReader(conn)}, nil
}

func (p *plain) ask(_ context.Context, r *request) (*answer, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: gateway.example\r\n", r.method, r.path)
	for _, f := range r.header {
		fmt.Fprintf(&b, "%s: %s\r\n", f[0], f[1])
	}
	b.WriteString("\r\n")
	if err := p.conn.SetDeadline(time.Now().Add(longest)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(p.conn, b.String()); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(p.in, &http.Request{Method: r.method})
	if err != nil {
		return nil, err
	}
	a, err := read(res)
	if err == nil && res.Close {
		err = errClosing
	}
	return a, err
}

func (p *plain) close() { p.conn.Close() }

// errClosing is the error of an answer that ends its connection.
var errClosing = errors.New("the answer says Connection: close")

// multiplexed is a connection of HTTP/2. One that is lost is an error: nothing makes another.
type multiplexed struct{ conn *http.ClientConn }

func dialMultiplexed(addr string, config *tls.Config) (client, error) {
	transport := &http.Transport{TLSClientConfig: config.Clone(), Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP2(true)
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	conn, err := transport.NewClientConn(ctx, "https", addr)
	if err != nil {
		return nil, err
	}
	return &multiplexed{conn}, nil
}

func (m *multiplexed) ask(ctx context.Context, r *request) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, "https://gateway.example"+r.path, http.NoBody)
	if err != nil {
		return nil, err
	}
	for _, f := range r.header {
		req.Header.Add(f[0], f[1])
	}
	res, err := m.conn.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if res.ProtoMajor != 2 {
		return nil, fmt.Errorf("got %s, want HTTP/2", res.Proto)
	}
	return read(res)
}

func (m *multiplexed) close() { m.conn.Close() }

// kind is the kind of failure that an error is.
func kind(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	case errors.Is(err, io.EOF):
		return "closed"
	case errors.Is(err, errClosing):
		return "closing"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return err.Error()
}
