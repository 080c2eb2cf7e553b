package server

import (
	"context"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/program"
)

func TestStartErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		config Config
		want   []string // in the error
	}{
		{"unknown stack", Config{Stack: "iis"}, []string{`invalid stack "iis"`}},
		{
			"unknown value", Config{Stack: Nginx, Files: map[string]string{"a.conf": "server { listen @LISTEN@; return @NOBODY@; }"}},
			[]string{"start nginx: ", "invalid @NOBODY@ in a.conf"},
		},
		{
			"mistake", Config{Stack: Nginx, Files: map[string]string{"a.conf": "server { listen @LISTEN@; no_such_directive; }"}},
			[]string{"start nginx: it ended at once", `unknown directive "no_such_directive"`},
		},
		{
			"exception", Config{Stack: Express, Files: map[string]string{"server.js": "require('express')().options('*', () => {})"}},
			[]string{"start express: it ended at once", "Missing parameter name"},
		},
		{
			"failed build", Config{Stack: NextJS, Files: map[string]string{"next.config.js": "throw new Error('a mistake')"}},
			[]string{"start nextjs: build: node: exit status 1", "a mistake"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := driverOf(test.config.Stack); err == nil {
				Require(t, test.config.Stack)
			}
			s, err := start(t.Context(), test.config)
			if err == nil {
				s.close()
				t.Fatal("got a server, want an error")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got %v, want %q in it", err, part)
				}
			}
		})
	}
}

// TestClose checks that nobody listens any more, neither relay nor server.
func TestClose(t *testing.T) {
	Require(t, Nginx)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := start(ctx, Config{Stack: Nginx, Files: map[string]string{"a.conf": "server { listen @LISTEN@; }"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", serverHost} {
		conn, err := net.Dial("tcp", net.JoinHostPort(host, s.relay.port))
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	for _, host := range []string{"127.0.0.1", serverHost} {
		if conn, err := net.Dial("tcp", net.JoinHostPort(host, s.relay.port)); err == nil {
			conn.Close()
			t.Errorf("got a connection to %s after the end", host)
		}
	}
}

func TestFill(t *testing.T) {
	got, err := fill(
		map[string]string{"a": "listen @LISTEN@ @LISTEN@; admin@example.com @fastify/cors @A1@", "b": ""},
		map[string]string{"LISTEN": "127.0.0.2:80"},
	)
	want := map[string]string{"a": "listen 127.0.0.2:80 127.0.0.2:80; admin@example.com @fastify/cors @A1@", "b": ""}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

// TestNextBuildIsKept puts a build where it would be kept, and finds it; nothing could build here.
func TestNextBuildIsKept(t *testing.T) {
	npm := t.TempDir()
	if err := os.WriteFile(filepath.Join(npm, "package-lock.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	cage, err := program.NewCage(t.Context())
	if err != nil {
		t.Skip(err) // not on linux
	}
	defer cage.Close()
	b := nextBuild{site: &site{Cage: cage, files: map[string]string{"a": "1", "b": "2"}}, node: filepath.Join(npm, "no-node"), npm: npm}
	if _, err := b.find(t.Context()); err == nil {
		t.Fatal("got a build, want an error")
	}
	if left, _ := filepath.Glob(filepath.Join(npm, ".cache", "*")); len(left) > 0 {
		t.Errorf("got %q left of a build that failed, want nothing", left)
	}
	key, err := b.key()
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(npm, ".cache", "next-"+key)
	if err := os.Mkdir(kept, 0o700); err != nil {
		t.Fatal(err)
	}
	if got, err := b.find(t.Context()); got != kept || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, kept)
	}
	for _, files := range []map[string]string{{"a": "1"}, {"a": "1", "b": "3"}, {"a": "1", "c": "2"}, {"a": "2", "b": "1"}} {
		b.site.files = files
		if other, err := b.key(); other == key || err != nil {
			t.Errorf("%v: got %q, %v; want another key", files, other, err)
		}
	}
}
