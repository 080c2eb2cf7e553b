package server

import (
	"testing"

	"github.com/concors/concors/e2e/stage"
)

// A Tap is a relay in front of a server that a test runs itself. Its methods may be called concurrently.
type Tap struct{ relay *relay }

// NewTap starts a relay on a free port of the loopback addresses that localhost names lead to. It ends with the test, which
// has to start its server on Behind.
func NewTap(t testing.TB) *Tap {
	t.Helper()
	listeners, err := stage.ListenLoopback(0)
	if err != nil {
		t.Fatal(err)
	}
	tap := &Tap{relay: newRelay(listeners, serverHost)}
	t.Cleanup(tap.relay.close)
	return tap
}

// Behind returns the address, host and port, that the relay passes everything to: its own port on a loopback address that no
// name leads to. What is sent there directly is not written down.
func (t *Tap) Behind() string { return t.relay.server }

// Origin returns the origin of the relay under a host, which is localhost, a name below it, 127.0.0.1 or [::1].
func (t *Tap) Origin(host string) string { return "http://" + host + ":" + t.relay.port }

// Exchanges returns what the server was asked so far, in the order of the requests, and what it answered.
func (t *Tap) Exchanges() []Exchange { return t.relay.exchanges() }
