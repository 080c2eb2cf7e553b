package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// Bounds on what a server can make this process hold or wait for.
const (
	maxHeader = 256 << 10 // bytes of a response's header, as Chromium has it
	maxDrain  = 64 << 10  // bytes of a body that are read, and thrown away, to let the server finish
	drainTime = 200 * time.Millisecond
)

// A connection is one attempt to reach a server and ask it once.
type connection struct {
	network *Network
	at      *hop
	proxy   *url.URL // nil for none

	remote   string    // of the connection, once there is one
	ended    time.Time // when the header of the response, or a failure, had come
	tunnel   bool      // the proxy leads to the server from here on
	protocol string    // that TLS settled on
	suspect  error     // what is wrong with a certificate that was taken all the same
}

// exchange sends a request with these header lines and returns its response. An error is for what a browser could have done.
func (n *Network) exchange(sent *fetch.Sent, at *hop, lines header.List) (fetch.Response, Exchange, error) {
	start := time.Now()
	proxy, err := n.route.proxyFor(at.url)
	if err != nil {
		return fetch.Response{}, Exchange{}, err
	}
	c := &connection{network: n, at: at, proxy: proxy}
	req, err := c.request(sent, lines)
	if err != nil {
		return fetch.Response{}, Exchange{}, err
	}
	res, err := c.ask(req)
	exchange := Exchange{Remote: c.remote, Duration: c.ended.Sub(start)}
	if c.suspect != nil {
		exchange.Problem = CertificateProblem(c.suspect, at.url.Host)
	}
	if err == nil {
		exchange.Protocol = res.Proto
		return ResponseOf(res), exchange, nil
	}
	kind, problem, err := c.failure(err)
	if err != nil {
		return fetch.Response{}, Exchange{}, err
	}
	exchange.Problem = problem
	return fetch.Response{Error: kind}, exchange, nil
}

// errStream is a body that no browser would send over this connection.
var errStream = errors.New("a browser streams a body over HTTP/2 alone, which the server does not speak")

// ask connects, sends the request and reads the header of the response. The body is not kept.
func (c *connection) ask(req *http.Request) (*http.Response, error) {
	conn, err := c.connect()
	c.ended = time.Now()
	if err != nil {
		return nil, &connectError{err}
	}
	defer conn.Close()
	if req.ContentLength < 0 && c.protocol != "h2" {
		return nil, errStream
	}
	res, err := conn.RoundTrip(req.WithContext(c.network.ctx))
	c.ended = time.Now()
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusSwitchingProtocols {
		timer := time.AfterFunc(drainTime, func() { conn.Close() })
		defer timer.Stop()
		io.CopyN(io.Discard, res.Body, maxDrain)
	}
	res.Body.Close()
	return res, nil
}

// connect makes a connection of its own for the request: nothing is sent twice because an old one had gone away.
func (c *connection) connect() (*http.ClientConn, error) {
	n := c.network
	ctx, cancel := context.WithTimeoutCause(n.ctx, n.config.ConnectTimeout, errConnectTime)
	defer cancel()
	t := &http.Transport{
		DialContext:            c.dial,
		Proxy:                  http.ProxyURL(c.proxy),
		ProxyConnectHeader:     http.Header{header.UserAgent: {n.engine.userAgent}},
		OnProxyConnectResponse: c.onProxyResponse,
		TLSClientConfig: &tls.Config{
			RootCAs:            n.config.RootCAs,
			InsecureSkipVerify: n.config.Insecure,
			VerifyConnection:   c.onHandshake,
		},
		Protocols:              new(http.Protocols),
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
	}
	t.Protocols.SetHTTP1(true)
	if n.config.Request.Initiator == fetch.InitiatorWebSocket {
		t.TLSClientConfig.NextProtos = []string{"http/1.1"} // a handshake upgrades that alone
	} else {
		t.Protocols.SetHTTP2(true)
	}
	conn, err := t.NewClientConn(ctx, c.at.url.Scheme, hostPort(c.at.url))
	if err != nil && context.Cause(ctx) == errConnectTime {
		err = errConnectTime
	}
	return conn, err
}

func (c *connection) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := c.network.route.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.remote = conn.RemoteAddr().String()
	return newQuiet(conn), nil
}

// onProxyResponse sees what a proxy answers to CONNECT.
func (c *connection) onProxyResponse(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode != http.StatusOK {
		return &proxyError{status: res.StatusCode}
	}
	c.tunnel = true
	return nil
}

// onHandshake sees what TLS came to, and judges a certificate that is taken whatever it is.
func (c *connection) onHandshake(state tls.ConnectionState) error {
	if c.proxy != nil && c.proxy.Scheme == "https" && !c.tunnel {
		return nil // this is the proxy's
	}
	c.protocol = state.NegotiatedProtocol
	if !c.network.config.Insecure || len(state.PeerCertificates) == 0 {
		return nil
	}
	chain := x509.NewCertPool()
	for _, cert := range state.PeerCertificates[1:] {
		chain.AddCert(cert)
	}
	_, c.suspect = state.PeerCertificates[0].Verify(x509.VerifyOptions{
		DNSName: c.at.url.Host, Roots: c.network.config.RootCAs, Intermediates: chain,
	})
	return nil
}

// fields lists a response's header lines, sorted by name; the lines of one name keep their order. NB: net/http takes two
// fields out that are about the framing.
func fields(res *http.Response) header.List {
	lines := res.Header.Clone()
	if len(res.TransferEncoding) > 0 {
		lines["Transfer-Encoding"] = res.TransferEncoding
	}
	if len(res.Trailer) > 0 {
		lines["Trailer"] = []string{strings.Join(slices.Sorted(maps.Keys(res.Trailer)), ", ")}
	}
	var list header.List
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		for _, value := range lines[name] {
			list = append(list, header.Field{Name: name, Value: value})
		}
	}
	return list
}
