package live

import (
	"net"
	"sync"
)

// quiet is a connection on which nothing is heard before something was said: net/http takes a server that speaks first for
// one that broke the connection, and logs what it said.
type quiet struct {
	net.Conn
	said func() // from now on there is something to hear
	open chan struct{}
}

func newQuiet(conn net.Conn) *quiet {
	open := make(chan struct{})
	return &quiet{Conn: conn, open: open, said: sync.OnceFunc(func() { close(open) })}
}

// Read waits for the first Write, or for Close.
func (q *quiet) Read(b []byte) (int, error) {
	<-q.open
	return q.Conn.Read(b)
}

// Write lets Read go on.
func (q *quiet) Write(b []byte) (int, error) {
	q.said()
	return q.Conn.Write(b)
}

// Close ends a Read that waits.
func (q *quiet) Close() error {
	err := q.Conn.Close()
	q.said()
	return err
}
