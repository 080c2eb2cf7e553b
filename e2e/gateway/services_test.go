package gateway_test

import (
	"fmt"
	"net/http"
	"path"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/e2e/server"
)

// express lets everybody in, and says so: the layer that was there before the gateway.
const express = `
const express = require('express');
const cors = require('cors');

const app = express();
app.use(cors({origin: true, credentials: true, exposedHeaders: ['X-Total', 'X-Other'], maxAge: 86400}));
app.all('/express/users', (req, res) => res.set({'X-Total': '7', 'X-Other': '1', Vary: 'Accept'}).json([]));
app.get('/express/broken', () => { throw new Error('database is down'); });
app.listen(process.env.PORT, process.env.HOST);
`

// nginx has headers on its errors too, and a login that it redirects to.
const nginx = `
server {
	listen @LISTEN@;
	add_header X-Total 7 always;
	add_header X-Other 1 always;
	location = /nginx/users { return 200 "[]"; }
	location = /nginx/private { return 403; }
	location = /nginx/moved { return 302 http://$http_host/nginx/users; }
}
`

// services are those behind the gateway, by the first segment of their paths.
type services struct {
	express, nginx *server.Server
	own            *ownService
}

func startServices(t *testing.T) *services {
	t.Helper()
	s := &services{own: new(ownService)}
	s.express = server.Start(t, server.Config{Stack: server.Express, Files: map[string]string{"server.js": express}})
	s.nginx = server.Start(t, server.Config{Stack: server.Nginx, Files: map[string]string{"site.conf": nginx}})
	s.own.port = serve(t, s.own)
	return s
}

// asked returns what reached the services so far, in words such as "express GET".
func (s *services) asked() []string {
	var out []string
	for _, e := range s.express.Exchanges() {
		out = append(out, "express "+e.Method)
	}
	for _, e := range s.nginx.Exchanges() {
		out = append(out, "nginx "+e.Method)
	}
	return append(out, s.own.methods()...)
}

// ownService is in Go. It fails in several ways, and has a WebSocket that lets everybody in.
type ownService struct {
	port int

	mu   sync.Mutex
	seen []string
}

func (s *ownService) methods() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.seen...)
}

// ServeHTTP implements [http.Handler].
func (s *ownService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.seen = append(s.seen, "go "+r.Method)
	s.mu.Unlock()
	w.Header().Set("X-Total", "7")
	w.Header().Set("X-Other", "1")
	switch path.Base(r.URL.Path) {
	case "broken":
		w.Header().Add(header.AllowOrigin, "*")
		w.Header().Add(header.AllowOrigin, "https://other.example")
		http.Error(w, "database is down", http.StatusInternalServerError)
	case "cut":
		panic(http.ErrAbortHandler)
	case "slow":
		<-r.Context().Done()
	case "socket":
		s.echo(w, r)
	default:
		if _, err := fmt.Fprintln(w, "[]"); err != nil {
			return // the client has gone
		}
	}
}

// echo says what it is told, once.
func (s *ownService) echo(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // it has answered
	}
	defer socket.CloseNow()
	kind, message, err := socket.Read(r.Context())
	if err != nil {
		return
	}
	if socket.Write(r.Context(), kind, message) == nil {
		socket.Close(websocket.StatusNormalClosure, "")
	}
}
