//go:build unix

package wire_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/concors/concors/cors/header"
)

// TestTerminate stops the gateway under load. Every request that had come to the upstream is answered whole; then nobody listens
// any more, and no process is left.
func TestTerminate(t *testing.T) {
	var arrived, answered atomic.Int64
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Add(1)
		w.Write([]byte("first "))
		http.NewResponseController(w).Flush()
		time.Sleep(time.Second)
		w.Write([]byte("second"))
	}))
	defer slow.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "concors.yaml")
	trusted := certificate(t, dir)
	write(t, file, "version: 1\npolicies:\n  app: {origins: [https://app.example]}\nroutes:\n  - {path: /, policy: app, upstream: "+slow.URL+"}\n"+
		"gateway: {tls: {certificate: cert.pem, key: key.pem}}\n")
	g := start(t, file)

	ask := &request{"GET", "/", [][2]string{{header.Origin, "https://app.example"}}}
	var clients sync.WaitGroup
	load := func(dial func() (client, error), streams int) {
		c, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.close)
		for range streams {
			clients.Go(func() {
				for {
					a, err := c.ask(context.Background(), ask)
					if err != nil && !errors.Is(err, errClosing) {
						return // one that had come to the upstream is missed in the count
					}
					if a.status != 200 || a.body != "first second" || a.one(header.AllowOrigin) != "https://app.example" {
						t.Errorf("got %+v, want the whole answer", a)
					}
					answered.Add(1)
					if err != nil {
						return
					}
				}
			})
		}
	}
	for range 20 {
		load(func() (client, error) { return dialPlain(g.addr, trusted) }, 1)
	}
	for range 4 {
		load(func() (client, error) { return dialMultiplexed(g.addr, trusted) }, 5)
	}
	waitFor(t, "load", func() bool { return arrived.Load() >= 80 })
	g.signal(t, syscall.SIGTERM)
	stopped := time.Now()
	select {
	case <-g.gone:
	case <-time.After(patience):
		t.Fatalf("the gateway still runs: %s", &g.log)
	}
	took := time.Since(stopped)
	clients.Wait()
	if code := g.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("got exit code %d, want 0: %s", code, &g.log)
	}
	if arrived.Load() != answered.Load() {
		t.Errorf("got %d whole answers, want %d, for so many requests had come: %s", answered.Load(), arrived.Load(), &g.log)
	}
	t.Logf("%d requests, all answered; the gateway ended %v after the signal", answered.Load(), took.Round(time.Millisecond))
	if conn, err := net.DialTimeout("tcp", g.addr, time.Second); err == nil {
		conn.Close()
		t.Error("got a connection, want that nobody listens")
	}
	udp, err := net.ListenPacket("udp", g.addr)
	if err != nil {
		t.Errorf("got %v, want that nobody has the port for HTTP/3", err)
	} else {
		udp.Close()
	}
	if err := syscall.Kill(-g.cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("got %v of the process group, want that no process is left", err)
	}
}
