// Package stage is the theatre in which real browsers are watched: HTTP/1.1 servers on loopback, plain and over
// TLS, that report every request line as it came over the wire and answer byte for byte what they are told to.
//
// It is no general server. net/http is avoided on purpose: it canonicalises field names, drops odd bytes and
// refuses bad values, and how a browser takes exactly those is what the tests are about.
package stage

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
)

// PortsPerScheme is the number of ports that a Server opens for http, and again for https. Together with the names
// below .localhost, which all lead to loopback, they give as many same-site and cross-site origins as a test needs.
const PortsPerScheme = 3

// A Handler answers one request. Requests on different connections are answered concurrently. It may sleep to be a
// slow server, but must return when ctx is done, which is when the Server closes.
type Handler func(ctx context.Context, req *Request) Response

// A Server is a set of listeners that share a Handler. Its methods may be called concurrently.
type Server struct {
	handler   Handler
	authority *authority
	ports     map[string][]int // by scheme
	listeners []net.Listener
	seq       atomic.Uint64

	ctx    context.Context
	cancel context.CancelFunc
	tasks  sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// Start opens the listeners, on free ports of 127.0.0.1 and, where the machine has it, on the same ports of ::1,
// since a browser may take *.localhost for either. The caller must Close the Server.
func Start(handler Handler) (*Server, error) {
	authority, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("make a certificate authority: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		handler:   handler,
		authority: authority,
		ports:     map[string][]int{},
		ctx:       ctx,
		cancel:    cancel,
		conns:     map[net.Conn]bool{},
	}
	for _, scheme := range []string{"http", "https"} {
		for range PortsPerScheme {
			if err := s.open(scheme); err != nil {
				s.Close()
				return nil, fmt.Errorf("open a port for %s: %w", scheme, err)
			}
		}
	}
	return s, nil
}

// CA returns the certificate of the authority that signs for this Server's https origins. It is made anew by every
// Start and its key never leaves the process.
func (s *Server) CA() *x509.Certificate { return s.authority.cert }

// Origin returns the serialized origin of the n-th port, counted from 0, of a scheme under the given host, which is
// localhost, a name below it, 127.0.0.1 or [::1]. It panics if there is no such port.
func (s *Server) Origin(scheme, host string, n int) string {
	return scheme + "://" + host + ":" + strconv.Itoa(s.ports[scheme][n])
}

// Close stops the listeners, cuts every connection and waits for all handlers.
func (s *Server) Close() {
	s.cancel()
	for _, l := range s.listeners {
		l.Close()
	}
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.tasks.Wait()
}

func (s *Server) open(scheme string) error {
	listeners, err := ListenLoopback(0)
	if err != nil {
		return err
	}
	s.ports[scheme] = append(s.ports[scheme], listeners[0].Addr().(*net.TCPAddr).Port)
	for _, l := range listeners {
		if scheme == "https" {
			l = tls.NewListener(l, s.authority.serverConfig())
		}
		s.listeners = append(s.listeners, l)
		s.tasks.Go(func() { s.accept(scheme, l) })
	}
	return nil
}

// ListenLoopback listens on a port of 127.0.0.1 and, if the machine has it, on the same of ::1; port 0 stands for any that
// is free on both.
func ListenLoopback(port int) ([]net.Listener, error) {
	const attempts = 20
	var last error
	for range attempts {
		v4, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			return nil, err
		}
		v6, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(v4.Addr().(*net.TCPAddr).Port)))
		if err == nil {
			return []net.Listener{v4, v6}, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return []net.Listener{v4}, nil // no IPv6 loopback here
		}
		v4.Close() // someone else holds the port on ::1
		last = err
	}
	return nil, last
}

func (s *Server) accept(scheme string, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		if !s.adopt(conn) {
			conn.Close()
			return
		}
		s.tasks.Go(func() {
			defer s.drop(conn)
			s.serve(scheme, conn)
		})
	}
}

// adopt remembers an open connection for Close. It reports false if Close came first.
func (s *Server) adopt(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return false
	}
	s.conns[conn] = true
	return true
}

func (s *Server) drop(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, conn)
}
