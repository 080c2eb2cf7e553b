// Package server starts the real servers whose CORS behaviour Concors claims to know, for tests: on loopback only, from
// configuration as a person writes it. Servers run on Linux only.
package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/concors/concors/e2e/program"
	"github.com/concors/concors/e2e/stage"
)

// A Stack is a server program or framework, by the id that the command has for it.
type Stack string

// The stacks that can be started.
const (
	Nginx   Stack = "nginx"
	Apache  Stack = "apache"
	HAProxy Stack = "haproxy"
	Caddy   Stack = "caddy"
	Express Stack = "express"
	Fastify Stack = "fastify"
	Hono    Stack = "hono"
	Koa     Stack = "koa"
	NextJS  Stack = "nextjs"
	Vite    Stack = "vite"
	Go      Stack = "go"
	GoRS    Stack = "go-rs-cors"
)

// Stacks returns every Stack.
func Stacks() []Stack {
	return []Stack{Nginx, Apache, HAProxy, Caddy, Express, Fastify, Hono, Koa, NextJS, Vite, Go, GoRS}
}

// driverOf returns how a stack is run.
func driverOf(stack Stack) (driver, error) {
	switch stack {
	case Nginx:
		return nginx(), nil
	case Apache:
		return apache(), nil
	case HAProxy:
		return haproxy(), nil
	case Caddy:
		return caddy(), nil
	case Express, Fastify, Hono, Koa:
		return node(stack), nil
	case NextJS:
		return nextjs(), nil
	case Vite:
		return vite(), nil
	case Go:
		return golang(stack, ""), nil
	case GoRS:
		return golang(stack, "github.com/rs/cors"), nil
	}
	return driver{}, fmt.Errorf("invalid stack %q: not one of %q", stack, Stacks())
}

// A driver is how one stack is run.
type driver struct {
	// find fails with a *program.MissingError if a part of the stack is not installed.
	find func() error

	// command makes ready what is in the site and returns what serves it.
	command func(context.Context, *site) (*exec.Cmd, error)

	// version tells the version of a server program; nil for other stacks.
	version func(context.Context) (string, error)
}

// A site is a configured server that is about to run.
type site struct {
	*program.Cage
	dir   string            // has the files
	files map[string]string // as configured, stand-ins replaced
	host  string            // to listen on
	port  string
}

// A Config is what a server is started with.
type Config struct {
	Stack Stack

	// Files are the texts of the configuration, by slash-separated path. Which there must be depends on the stack:
	//
	//	nginx    *.conf, in the http block
	//	apache   *.conf, each VirtualHost of which is for @LISTEN@
	//	haproxy  *.cfg, after the global section
	//	caddy    *.caddyfile, after the global options
	//	express  server.js, which listens on the HOST and PORT of its environment; so for the other libraries
	//	nextjs   a project; what it depends on is there
	//	vite     a project, served while it is developed
	//	go       package main, which listens likewise; so for go-rs-cors
	//
	// In a text @NAME@ stands for a value: HOST, PORT and LISTEN (both) are where to listen.
	Files map[string]string

	// Values are what other names stand for.
	Values map[string]string
}

// A Server is a running server. A relay in front of it, on the same port of another loopback address, writes down what
// comes and goes, byte for byte as it is. Its methods may be called concurrently.
type Server struct {
	cage  *program.Cage
	relay *relay
}

// Require skips the test, naming what is missing, if the stack is not installed. Where CI=true is in the environment the
// test fails instead.
func Require(t testing.TB, stack Stack) {
	t.Helper()
	d, err := driverOf(stack)
	if err == nil {
		err = d.find()
	}
	program.Require(t, err)
}

// Start starts a server and waits until it takes connections. It ends with the test, which shows what it printed if it
// failed. If it is not installed the test is skipped, as by Require; if it does not start the test fails.
func Start(t testing.TB, config Config) *Server {
	t.Helper()
	Require(t, config.Stack)
	s, err := start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
		if said := s.cage.LastWords(); t.Failed() && said != "" {
			t.Logf("%s said:\n%s", config.Stack, said)
		}
	})
	return s
}

// Origin returns the server's origin under a host, which is localhost, a name below it, 127.0.0.1 or [::1].
func (s *Server) Origin(host string) string { return "http://" + host + ":" + s.relay.port }

// Addr returns the server's address, host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", s.relay.port) }

// Exchanges returns what the server was asked so far, in the order of the requests, and what it answered.
func (s *Server) Exchanges() []Exchange { return s.relay.exchanges() }

func (s *Server) close() error {
	s.relay.close()
	return s.cage.Close()
}

// serverHost is where servers listen: a loopback address that leaves 127.0.0.1 to the relay, so that both can have the same
// port, and a server that tells its own port, as in a redirect, tells the right one. As long as the relay has the port, no
// other program is given it.
const serverHost = "127.0.0.2"

func start(ctx context.Context, config Config) (*Server, error) {
	d, err := driverOf(config.Stack)
	if err != nil {
		return nil, err
	}
	cage, err := program.NewCage(ctx)
	if err != nil {
		return nil, err
	}
	listeners, err := stage.ListenLoopback(0)
	if err != nil {
		cage.Close()
		return nil, err
	}
	s := &Server{cage: cage, relay: newRelay(listeners, serverHost)}
	if err := s.run(ctx, d, config); err != nil {
		s.close()
		return nil, fmt.Errorf("start %s: %w; it said:\n%s", config.Stack, err, cage.LastWords())
	}
	return s, nil
}

func (s *Server) run(ctx context.Context, d driver, config Config) error {
	values := map[string]string{"HOST": serverHost, "PORT": s.relay.port, "LISTEN": net.JoinHostPort(serverHost, s.relay.port)}
	maps.Copy(values, config.Values)
	files, err := fill(config.Files, values)
	if err != nil {
		return err
	}
	dir, err := s.cage.Mkdir("site")
	if err != nil {
		return err
	}
	if err := write(dir, files); err != nil {
		return err
	}
	cmd, err := d.command(ctx, &site{Cage: s.cage, dir: dir, files: files, host: serverHost, port: s.relay.port})
	if err != nil {
		return err
	}
	process, err := s.cage.Start(cmd)
	if err != nil {
		return err
	}
	return waitReady(ctx, process, values["LISTEN"])
}

// fill replaces the stand-ins in files.
func fill(files, values map[string]string) (map[string]string, error) {
	standIn := regexp.MustCompile(`@[A-Z]+@`)
	filled := map[string]string{}
	var err error
	for name, text := range files {
		filled[name] = standIn.ReplaceAllStringFunc(text, func(s string) string {
			value, ok := values[s[1:len(s)-1]]
			if !ok {
				err = fmt.Errorf("invalid %s in %s: no such value", s, name)
			}
			return value
		})
	}
	return filled, err
}

// write writes files below dir.
func write(dir string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// startTimeout is far more than any server needs, even on a busy machine.
const startTimeout = time.Minute

// waitReady waits until a process takes connections.
func waitReady(ctx context.Context, p *program.Process, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if conn, err := net.Dial("tcp", addr); err == nil {
			return conn.Close()
		}
		select {
		case <-tick.C:
		case <-p.Gone:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", addr, context.Cause(ctx))
		}
	}
}
