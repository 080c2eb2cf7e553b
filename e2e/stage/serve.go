package stage

import (
	"bufio"
	"net"
	"time"
)

// Bounds on how long one client may hold a connection.
const (
	idleTimeout  = 2 * time.Minute // between requests: browsers open spare connections and keep them
	readTimeout  = 20 * time.Second
	writeTimeout = 20 * time.Second
)

// serve answers the requests on one connection until either side has enough. A request that cannot be parsed ends
// the connection without an answer: no browser sends one.
func (s *Server) serve(scheme string, conn net.Conn) {
	br := bufio.NewReader(conn)
	for {
		conn.SetDeadline(time.Now().Add(idleTimeout))
		if _, err := br.Peek(1); err != nil {
			return
		}
		conn.SetDeadline(time.Now().Add(readTimeout))
		req, err := readHead(br, scheme)
		if err != nil {
			return
		}
		req.Seq = s.seq.Add(1)
		req.Time = time.Now()
		if err := req.readBody(br); err != nil {
			return
		}
		res := s.handler(s.ctx, req)
		if res.Abort {
			return
		}
		conn.SetDeadline(time.Now().Add(writeTimeout))
		if _, err := conn.Write(res.encode(req.Method)); err != nil || res.Close {
			return
		}
	}
}
