package devproxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

// A failure is why the API gave no answer that can be passed on.
type failure struct {
	status int                // what the page gets
	kind   fetch.NetworkError // as the page's browser would have met it; empty if that is not known
	why    string             // a sentence, without what could be a secret
}

// hostPort is where the API is, the port spelled out.
func (p *Proxy) hostPort() string {
	port, _ := p.api.EffectivePort()
	return fmt.Sprintf("%s:%d", p.api.Host(), port)
}

// failed tells what an error of the transport means. It is in words that the page's developer can use: what the error says
// itself can quote what the API sent.
func (p *Proxy) failed(err error) failure {
	host := p.hostPort()
	bad := func(kind fetch.NetworkError, format string, args ...any) failure {
		return failure{http.StatusBadGateway, kind, fmt.Sprintf(format, args...)}
	}
	dial, dialled := errors.AsType[*net.OpError](err)
	switch {
	case isTimeout(err):
		return failure{http.StatusGatewayTimeout, fetch.ErrorTimeout, p.tooSlow(err)}
	case dialled && dial.Op == "proxyconnect":
		return bad("", "The environment's proxy does not lead to %s.", host)
	case isDNS(err):
		return bad(fetch.ErrorDNS, "There is no host %s.", p.api.Host())
	case dialled && dial.Op == "dial":
		return bad(fetch.ErrorRefused, "No connection to %s: %s.", host, dialProblem(dial))
	case isTLS(err):
		return bad(fetch.ErrorTLS, "No connection to %s: %s.", host, live.CertificateProblem(tlsError(err), p.api.Host()))
	case dialled && dial.Op == "remote error":
		return bad(fetch.ErrorTLS, "%s ended the TLS connection: %s.", host, dial.Err)
	case isTooLong(err):
		return bad("", "The header of the answer of %s is too long to be passed on.", host)
	case isCut(err):
		return bad(fetch.ErrorReset, "%s closed the connection without an answer.", host)
	}
	return bad("", "The answer of %s is not HTTP as it can be passed on.", host)
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded)
}

func (p *Proxy) tooSlow(err error) string {
	op, ok := errors.AsType[*net.OpError](err)
	if ok && op.Op == "dial" || strings.Contains(err.Error(), "TLS handshake timeout") {
		return fmt.Sprintf("%s does not take the connection within the time it has.", p.hostPort())
	}
	return fmt.Sprintf("%s gave no answer within the time it has.", p.hostPort())
}

func isDNS(err error) bool {
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

// dialProblem is what the system said about a connection, without the address: the name stands before it.
func dialProblem(err *net.OpError) string {
	return strings.TrimPrefix(err.Err.Error(), "connect: ")
}

// tlsError is the error that tells most about a handshake.
func tlsError(err error) error {
	if errors.Is(err, http.ErrSchemeMismatch) {
		return tls.RecordHeaderError{Msg: err.Error()} // net/http has seen that the answer is plain HTTP
	}
	return err
}

func isTLS(err error) bool {
	if errors.Is(err, http.ErrSchemeMismatch) {
		return true
	}
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	return record || certificate || alert || authority || strings.HasPrefix(err.Error(), "tls: ")
}

// isTooLong reports whether the header of a response passed the bound, over HTTP/1 or HTTP/2. There are no values for it that
// could be asked for.
func isTooLong(err error) bool {
	text := err.Error()
	return strings.Contains(text, "response headers exceeded") || strings.Contains(text, "response header list larger than")
}

// isCut reports whether the other side ended the connection, or the stream.
func isCut(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if ok && (op.Op == "read" || op.Op == "write") || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	text := err.Error()
	for _, part := range []string{"server closed idle connection", "server sent GOAWAY", "client connection lost", "stream error"} {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
