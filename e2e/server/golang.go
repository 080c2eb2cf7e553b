package server

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/concors/concors/e2e/program"
)

// golang compiles a site's *.go, a package main, with the modules of the workspace, and runs it with the HOST and PORT to listen on
// in its environment. Module is the one whose version is told, empty for Go itself.
func golang(stack Stack, module string) driver {
	find := func() (string, error) { return program.Find(string(stack), "golang", "go") }
	return driver{
		find: func() error { _, err := find(); return err },
		command: func(ctx context.Context, s *site) (*exec.Cmd, error) {
			path, err := find()
			if err != nil {
				return nil, err
			}
			server, err := compile(ctx, path, s)
			if err != nil {
				return nil, err
			}
			cmd := exec.Command(server)
			cmd.Env = s.Environ("HOST="+s.host, "PORT="+s.port)
			return cmd, nil
		},
		version: func(ctx context.Context) (string, error) {
			if module == "" {
				version, err := printedVersion(ctx, find, "version")
				return version[:max(0, strings.LastIndexByte(version, '.'))], err // of the language
			}
			return printedVersion(ctx, find, "list", "-m", "-f", "{{.Version}}", module)
		},
	}
}

// compile builds a program of the site's files. For the compiler they are in a package of this module, which is not there
// otherwise, so that it finds what they import.
func compile(ctx context.Context, path string, s *site) (string, error) {
	root, err := workspace()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, "e2e", "server", "testdata", "program")
	replace := map[string]string{}
	for name := range s.files {
		replace[filepath.Join(dir, name)] = filepath.Join(s.dir, name)
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(s.Dir(), "overlay.json")
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return "", err
	}
	server := filepath.Join(s.Dir(), "server")
	cmd := exec.Command(path, "build", "-overlay", overlay, "-ldflags=-s -w", "-o", server, dir)
	cmd.Dir = root
	cmd.Env = os.Environ() // it has the cache
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	return server, s.Run(ctx, cmd)
}
