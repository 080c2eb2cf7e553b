package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// errConnectTime is why the context of a connection ended when its time is up.
var errConnectTime = errors.New("the time to connect is up")

// A connectError is a connection that did not come about.
type connectError struct{ err error }

func (e *connectError) Error() string { return e.err.Error() }
func (e *connectError) Unwrap() error { return e.err }

// A proxyError is a proxy that does not lead on.
type proxyError struct{ status int }

func (e *proxyError) Error() string {
	return fmt.Sprintf("it answered %d %s", e.status, http.StatusText(e.status))
}

// failure tells why no response came: the network's fault, which a browser would meet too, with the words for people; or an
// error, for what is only between this package and the server.
func (c *connection) failure(err error) (fetch.NetworkError, string, error) {
	n := c.network
	host := hostPort(c.at.url)
	_, connecting := errors.AsType[*connectError](err)
	switch {
	case context.Cause(n.ctx) == errMaxTime:
		return fetch.ErrorTimeout, fmt.Sprintf("%s gave no answer within %s", host, n.config.MaxTime), nil
	case n.ctx.Err() != nil:
		return "", "", context.Cause(n.ctx)
	case connecting && c.viaProxy(err):
		return "", "", fmt.Errorf("the proxy %s: %s", c.proxy.Host, brief(reason(err)))
	case connecting && errors.Is(err, errConnectTime):
		return fetch.ErrorTimeout, fmt.Sprintf("no connection to %s within %s", host, n.config.ConnectTimeout), nil
	case connecting && c.remote == "":
		return c.dialFailure(err)
	case isTimeout(err):
		return fetch.ErrorTimeout, fmt.Sprintf("the connection to %s timed out", host), nil
	case isCut(err):
		return fetch.ErrorReset, fmt.Sprintf("%s closed the connection without an answer", host), nil
	case connecting:
		return fetch.ErrorTLS, CertificateProblem(err, c.at.url.Host), nil
	}
	// An alert: the server wants a client certificate, for one.
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" {
		return fetch.ErrorTLS, fmt.Sprintf("%s ended the TLS connection: %s", host, brief(op.Err.Error())), nil
	}
	switch {
	case isTooLong(err):
		return "", "", fmt.Errorf("the header of the response is longer than %d bytes", maxHeader)
	case err.Error() == "connection error: PROTOCOL_ERROR": // net/http's words for both
		return "", "", fmt.Errorf("the response is not HTTP/2 as net/http reads it, or its header is longer than %d bytes", maxHeader)
	}
	return "", "", errors.New(brief(withoutValue(reason(err))))
}

// isTooLong reports whether the header of a response passed the bound: over HTTP/1, or over HTTP/2.
func isTooLong(err error) bool {
	text := err.Error()
	return strings.Contains(text, "response headers exceeded") || strings.Contains(text, "response header list larger than")
}

// withoutValue takes the value out of a header line that an error quotes: it may be a secret.
func withoutValue(s string) string {
	start := strings.IndexByte(s, '"')
	if start < 0 {
		return s
	}
	quoted, err := strconv.QuotedPrefix(s[start:])
	name, _, found := strings.Cut(quoted, ":")
	if err != nil || !found {
		return s
	}
	return s[:start] + name + `: ..."` + s[start+len(quoted):]
}

// viaProxy reports whether a connection failed before it had come through the proxy.
func (c *connection) viaProxy(err error) bool {
	if c.proxy == nil {
		return false
	}
	op, ok := errors.AsType[*net.OpError](err)
	switch {
	case ok && op.Op == "proxyconnect", ok && strings.HasPrefix(op.Op, "socks"), c.remote == "":
		return true
	}
	return strings.HasPrefix(c.proxy.Scheme, "http") && !c.tunnel
}

// dialFailure tells why there is no TCP connection.
func (c *connection) dialFailure(err error) (fetch.NetworkError, string, error) {
	dns, ok := errors.AsType[*net.DNSError](err)
	switch {
	case ok && dns.IsNotFound:
		return fetch.ErrorDNS, fmt.Sprintf("there is no host %s", c.at.url.Host), nil
	case ok:
		return fetch.ErrorDNS, fmt.Sprintf("looking up the host %s failed: %s", c.at.url.Host, brief(dns.Err)), nil
	case isTimeout(err):
		return fetch.ErrorTimeout, fmt.Sprintf("no connection to %s: %s", hostPort(c.at.url), brief(reason(err))), nil
	}
	return fetch.ErrorRefused, fmt.Sprintf("no connection to %s: %s", hostPort(c.at.url), brief(reason(err))), nil
}

// isTimeout reports whether the system gave up waiting.
func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout() || errors.Is(err, os.ErrDeadlineExceeded)
}

// isCut reports whether the other side ended the connection, or the stream. Not all that net/http has for it are types or
// values that can be asked for.
func isCut(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if ok && (op.Op == "read" || op.Op == "write") || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	text := err.Error()
	for _, part := range []string{"server closed idle connection", "server sent GOAWAY", "client connection lost", "client connection force closed"} {
		if strings.Contains(text, part) {
			return true
		}
	}
	return strings.Contains(text, "stream error") && strings.Contains(text, "received from peer")
}

// reason is what an error says, on one line and without what every error about a connection begins with.
func reason(err error) string {
	return strings.NewReplacer("\n", ", ", "proxyconnect tcp: ", "", "dial tcp ", "", "connect: ", "").Replace(err.Error())
}

// CertificateProblem says in a clause what went wrong with the TLS of a host, by the error of the handshake. It can be printed.
func CertificateProblem(err error, host string) string {
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		if strings.Contains(invalid.Detail, "is before") {
			return fmt.Sprintf("the certificate of %s is not valid before %s", host, invalid.Cert.NotBefore.Format("2006-01-02"))
		}
		return fmt.Sprintf("the certificate of %s expired on %s", host, invalid.Cert.NotAfter.Format("2006-01-02"))
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return fmt.Sprintf("the certificate of %s is signed by an authority that is not trusted", host)
	}
	if wrong, ok := errors.AsType[x509.HostnameError](err); ok {
		names := strings.Join(wrong.Certificate.DNSNames, ", ")
		for _, ip := range wrong.Certificate.IPAddresses {
			names += ", " + ip.String()
		}
		return fmt.Sprintf("the certificate is not for %s; it is for %s", host, brief(strings.TrimPrefix(names, ", ")))
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return fmt.Sprintf("%s does not speak TLS at this port", host)
	}
	return fmt.Sprintf("TLS with %s failed: %s", host, brief(reason(err)))
}
