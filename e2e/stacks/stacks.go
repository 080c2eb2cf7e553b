// Package stacks starts real servers from configuration that Concors generates, and holds what they answer to the policy. The
// policies are those of package stacktest.
package stacks

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/stack"
)

// files are what stands around generated configuration, by stack.
//
//go:embed testdata
var files embed.FS

// Options returns how to generate configuration that [Config] can start.
func Options(s *stack.Stack, o stack.Options) stack.Options {
	switch s.ID {
	case "nginx", "apache", "haproxy", "caddy":
		o.Listen = "@HOST@:@PORT@"
	}
	return o
}

// Config returns the server of generated files. The application of those that proxy is [Application], that of a framework does
// the same in its testdata. For stacks that are started [Together] it is for one origin only. The error says that nobody knows
// how to start the stack.
func Config(s *stack.Stack, generated []stack.File) (server.Config, error) {
	c := server.Config{Stack: server.Stack(s.ID), Files: map[string]string{}}
	for _, f := range generated {
		c.Files[f.Path] = f.Text
	}
	switch s.ID {
	case "nginx", "apache", "haproxy", "caddy":
		return c, nil
	}
	folder := path.Join("testdata", s.ID)
	switch s.ID {
	case "nextjs":
		folder = path.Join(folder, "same-origin")
	case "go-rs-cors":
		folder = path.Join("testdata", "go") // the same program
	}
	around, err := fs.Sub(files, folder)
	if err != nil {
		return c, err
	}
	if err := addFiles(c.Files, around); err != nil {
		return c, fmt.Errorf("no application for the stack %s: %w", s.ID, err)
	}
	return c, nil
}

// addFiles adds the texts of files, by path.
func addFiles(to map[string]string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(from, name)
		to[name] = string(text)
		return err
	})
}

// Application answers every request, with an error where the path ends in one; it says who answered. It sends CORS headers of
// its own, which are all wrong: whoever stands in front of it must drop them.
func Application() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Answered-By", "application")
		h.Set("X-Total-Count", "2")
		h.Set("ETag", `"1"`)
		h.Set("Vary", "Accept-Encoding")
		h.Set("Access-Control-Allow-Origin", "https://stranger.example")
		h.Set("Access-Control-Allow-Credentials", "true")
		h.Set("Access-Control-Allow-Methods", "CONCORS-OTHER")
		h.Set("Access-Control-Allow-Headers", "x-concors-other")
		h.Set("Access-Control-Expose-Headers", "X-Answered-By")
		h.Set("Access-Control-Max-Age", "1")
		status := http.StatusOK
		switch r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:] {
		case "broken":
			status = http.StatusInternalServerError
		case "missing":
			status = http.StatusNotFound
		case "unknown":
			status = http.StatusUnauthorized
		}
		w.WriteHeader(status)
	})
}
